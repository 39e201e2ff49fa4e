//! A drill is a drill: whatever its texts and areas, its alert goes on 4381 or nowhere.

use super::*;
use nadhir_core::cap::National;
use nadhir_core::cbs::{Channel, Class, Given, channel_of};
use nadhir_core::warning;
use proptest::prelude::*;
use std::sync::OnceLock;

fn oman() -> &'static Index {
    static OMAN: OnceLock<Index> = OnceLock::new();
    OMAN.get_or_init(|| crate::run::regions(None).unwrap())
}

fn profile() -> &'static National {
    static PROFILE: OnceLock<National> = OnceLock::new();
    PROFILE.get_or_init(|| crate::run::profile().unwrap())
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn codes(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|c| (*c).to_owned()).collect()
}

fn text(language: Language, rest: &str) -> DrillText {
    DrillText::parse(language, &format!("{}: {rest}", language.exercise()), "", "x").unwrap()
}

/// Words as an author might write them, those of live warnings among them, and anything else.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("FLASH FLOOD: leave the wadi now".to_owned()),
        Just("سيول جارفة: غادروا الوادي الآن".to_owned()),
        Just("4370 Extreme Actual".to_owned()),
        "[a-zA-Z0-9 .,:/-]{1,60}",
        "\\PC{0,40}",
    ]
}

fn texts() -> impl Strategy<Value = Vec<DrillText>> {
    let one = |language: Language| {
        (words(), words(), words()).prop_map(move |(headline, description, instruction)| {
            let headline = format!("{} {headline}", language.exercise());
            DrillText::parse(language, &headline, &description, &instruction).unwrap()
        })
    };
    let maybe = |language| proptest::option::of(one(language));
    (one(Language::Arabic), one(Language::English), maybe(Language::Hindi), maybe(Language::Urdu))
        .prop_map(|(ar, en, hi, ur)| [Some(ar), Some(en), hi, ur].into_iter().flatten().collect())
}

fn some_codes() -> impl Strategy<Value = Vec<String>> {
    let all: Vec<String> = oman().regions().iter().map(|r| r.code.clone()).collect();
    proptest::sample::subsequence(all, 1..=2)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_drill_is_never_live(texts in texts(), codes in some_codes(), name in words(), minute in 0_i64..1_000_000) {
        let at = at() + TimeDelta::minutes(minute);
        let plan = DrillPlan::new(oman(), &name, &codes, texts).unwrap();
        let alert = plan.alert(profile(), at);
        prop_assert_eq!(channel_of(&alert, Given::default()), Ok(Channel::Exercise));
        // Some texts hold what no phone shows, and are refused; what is taken is a drill.
        if let Ok(prepared) = warning::prepare(&plan.cap(profile(), at), profile(), oman(), at, &warning::Terms::default()) {
            prop_assert_eq!(prepared.channel.identifier(), 4381);
            prop_assert_eq!(prepared.channel.class(), Class::Drill);
            for part in prepared.encoded.messages.iter().flat_map(|m| m.text.split("\n\n")) {
                prop_assert!(Language::ALL.iter().any(|l| part.starts_with(l.exercise())), "{part}");
            }
        }
        // Not even another status makes a live warning of it.
        for status in Status::ALL {
            let other = Alert { status: *status, ..alert.clone() };
            for test_ordered in [false, true] {
                let channel = channel_of(&other, Given { test_ordered, ..Given::default() });
                prop_assert!(!matches!(channel, Ok(Channel::Emergency | Channel::Warning)), "{status}: {channel:?}");
            }
        }
    }

    #[test]
    fn a_text_without_the_word_is_no_drill_text(text in words(), which in 0_usize..4) {
        let language = Language::ALL[which];
        if !text.starts_with(language.exercise()) {
            let fault = DrillText::parse(language, &text, "", "").unwrap_err();
            prop_assert_eq!(fault.place, format!("text[{}]/headline", language.code()));
        }
    }
}

#[test]
fn the_usual_drill_is_taken_as_it_is() {
    let all: Vec<String> = oman().regions().iter().map(|r| r.code.clone()).collect();
    for codes in [codes(&["OM-BJ"]), codes(&["om-ss", "OM-SJ"]), codes(&["OM-MA", "OM-BS", "OM-BJ"]), all] {
        let plan = DrillPlan::usual(oman(), "tabletop", &codes, at()).unwrap();
        let prepared =
            warning::prepare(&plan.cap(profile(), at()), profile(), oman(), at(), &warning::Terms::default())
                .unwrap();
        assert_eq!(prepared.channel, Channel::Exercise);
        assert_eq!(prepared.warnings, vec![], "{codes:?}");
        assert_eq!(prepared.coverage.governorates.len(), codes.len());
        assert_eq!(prepared.encoded.messages.len(), 1, "one message carries all four languages");
    }
}

#[test]
fn says_every_fault_at_once() {
    let texts = vec![text(Language::English, "a"), text(Language::English, "b")];
    let faults = DrillPlan::new(oman(), "", &codes(&["OM-XX", "OM-BJ", "om-bj"]), texts).unwrap_err();
    let said: Vec<(&str, &str)> = faults.iter().map(|f| (f.code.as_str(), f.place.as_str())).collect();
    assert_eq!(
        said,
        [
            ("area.code.unknown", "area[1]"),
            ("area.code.twice", "area[3]"),
            ("drill.text.missing", "text"),
            ("drill.text.twice", "text[2]"),
        ]
    );
    let none = DrillPlan::usual(oman(), "", &[], at()).unwrap_err();
    assert_eq!(none[0].code, "area.none");
}

#[test]
fn a_drill_may_name_a_wilayat_and_a_named_area() {
    let plan = DrillPlan::usual(oman(), "x", &codes(&["om-bs-shr", "wadi-samail", "OM-ZU"]), at()).unwrap();
    assert_eq!(plan.codes(), ["OM-BS-SHR", "wadi-samail", "OM-ZU"]);
    let alert = plan.alert(profile(), at());
    let said: Vec<_> =
        alert.infos[0].areas[0].geocodes.iter().map(|g| (g.name.as_str(), g.value.as_str())).collect();
    let want = [("NADHIR-AREA", "OM-BS-SHR"), ("NADHIR-AREA", "wadi-samail"), ("ISO3166-2", "OM-ZU")];
    assert_eq!(said, want);
}
