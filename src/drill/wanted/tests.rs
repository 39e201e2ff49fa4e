//! What is asked for, and every fault of it at once.

use super::*;
use nadhir_core::cap::{self, Limits};

const NOW: &str = "2026-11-22T02:30:00Z";

fn index() -> Index {
    Index::parse(crate::run::GOVERNORATES).unwrap()
}

fn operators() -> Vec<String> {
    ["omantel", "ooredoo", "vodafone"].map(str::to_owned).into()
}

fn plan(json: &str, mode: Mode) -> Result<DrillPlan, Vec<String>> {
    let wanted: Wanted = serde_json::from_str(json).unwrap();
    wanted
        .plan(&index(), &operators(), mode, NOW.parse().unwrap())
        .map_err(|faults| faults.into_iter().map(|fault| fault.code).collect())
}

fn refused(json: &str, codes: &[&str]) {
    assert_eq!(plan(json, Mode::Tabletop).unwrap_err(), codes, "{json}");
}

/// The CAP parameter, and the languages.
fn alert(plan: &DrillPlan) -> (Option<String>, Vec<String>) {
    let (alert, _) =
        cap::read(&plan.cap(&crate::run::profile().unwrap(), NOW.parse().unwrap()), &Limits::cap());
    let infos = alert.unwrap().infos;
    let participants = infos[0].parameter("nadhir:operators").map(str::to_owned);
    (participants, infos.iter().map(|info| info.language.clone().unwrap()).collect())
}

#[test]
fn an_area_is_enough() {
    let (participants, languages) = alert(&plan(r#"{"area": ["OM-BJ"]}"#, Mode::Tabletop).unwrap());
    assert_eq!(participants, None, "all take part");
    assert_eq!(languages, ["ar-OM", "en-OM", "hi", "ur"]);
}

#[test]
fn some_operators_some_languages_and_a_text_of_its_own() {
    let json = r#"{"area": ["OM-BJ"], "operators": ["vodafone", "omantel"], "languages": ["en-OM", "ar-OM"],
        "texts": [{"language": "en-OM", "headline": "EXERCISE: sirens at ten"}]}"#;
    let plan = plan(json, Mode::Network).unwrap();
    let (participants, languages) = alert(&plan);
    assert_eq!(participants.as_deref(), Some("omantel vodafone"));
    assert_eq!(languages, ["ar-OM", "en-OM"]);
    assert_eq!(plan.texts()[1].headline(), "EXERCISE: sirens at ten");
    assert!(plan.texts()[0].headline().starts_with("تمرين"), "the usual text");
    let all = r#"{"area": ["OM-BJ"], "operators": ["vodafone", "omantel", "ooredoo"]}"#;
    assert_eq!(alert(&super::tests::plan(all, Mode::Network).unwrap()).0, None);
}

#[test]
fn every_fault_at_once_in_the_order_of_the_form() {
    refused(r#"{"area": []}"#, &["area.none"]);
    refused(r#"{"area": ["OM-BJ"], "operators": []}"#, &["drill.operator.none"]);
    refused(r#"{"area": ["OM-BJ"], "languages": ["ar-OM"]}"#, &["drill.text.missing"]);
    refused(
        r#"{"area": ["OM-XX", "OM-BJ", "OM-BJ"], "operators": ["du"], "languages": ["ar-OM", "en-OM", "fr"],
            "texts": [{"language": "ar-OM", "headline": "سيول: غادر الوادي"}, {"language": "ur", "headline": "مشق"}]}"#,
        &[
            "area.code.unknown",
            "area.code.twice",
            "drill.operator.unknown",
            "drill.language.unknown",
            "drill.text.opening",
            "drill.text.language",
        ],
    );
    let long = "x".repeat(NAME + 1);
    refused(&format!(r#"{{"area": ["OM-BJ"], "name": "{long}"}}"#), &["drill.name.long"]);
    let twice = r#"{"language": "ur", "headline": "مشق: ایک"}"#;
    refused(&format!(r#"{{"area": ["OM-BJ"], "texts": [{twice}, {twice}]}}"#), &["drill.text.twice"]);
}

#[test]
fn phones_of_the_public_ring_only_where_that_is_said() {
    assert_eq!(plan(r#"{"area": ["OM-BJ"]}"#, Mode::Public).unwrap_err(), ["drill.public"]);
    assert!(plan(r#"{"area": ["OM-BJ"], "public": true}"#, Mode::Public).is_ok());
}

#[test]
fn a_word_that_is_none_of_the_form_is_refused() {
    for json in [r#"{"area": ["OM-BJ"], "status": "Actual"}"#, r#"{"name": "x"}"#] {
        assert!(serde_json::from_str::<Wanted>(json).is_err(), "{json}");
    }
}
