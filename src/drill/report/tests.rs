//! The page says what the evidence says, in both languages, and runs nothing.

use super::*;
use crate::drill::evidence::{
    AreaTold, Cells, Governorate, Inject, Lane, Message, Person, Phones, Radio, Record, VERSION, When, Who,
};
use chrono::DateTime;

fn index() -> Index {
    crate::run::regions(None).unwrap()
}

fn lane(operator: &str, on_air_ms: Option<f64>, reason: Option<&str>) -> Lane {
    Lane {
        operator: operator.to_owned(),
        state: "on_air".to_owned(),
        queued_ms: Some(2.5),
        taken_ms: Some(31.0),
        accepted_ms: Some(88.0),
        accepted_is_final: false,
        on_air_ms,
        cells_on_air: on_air_ms.map(|_| 509),
        cells_total: Some(1509),
        red: reason.is_some(),
        reason: reason.map(str::to_owned),
    }
}

fn evidence(lanes: Vec<Lane>) -> Evidence {
    let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    let person = |id: &str, name: Option<&str>| Person { id: id.to_owned(), name: name.map(str::to_owned) };
    Evidence {
        version: VERSION,
        drill: "wrn_1".to_owned(),
        name: "spring".to_owned(),
        mode: "tabletop".to_owned(),
        identifier: 4381,
        class: "drill".to_owned(),
        when: When { submitted_at: at, approved_at: at, expires: at, reported_at: at },
        who: Who {
            author: person("prs_1", Some("Amal")),
            approver: person("prs_2", None),
            participants: lanes.iter().map(|l| l.operator.clone()).collect(),
        },
        area: AreaTold {
            sha256: "aa11".to_owned(),
            people: Some(518_026),
            governorates: vec![Governorate {
                code: "OM-BJ".to_owned(),
                name_ar: "جنوب الباطنة".to_owned(),
                name_en: "Al Batinah South".to_owned(),
                people: Some(518_026),
                people_year: Some(2022),
            }],
        },
        headlines: vec![],
        messages: vec![Message {
            languages: vec!["ar".to_owned(), "en".to_owned()],
            serial: Some(16),
            dcs: 72,
            pages: 4,
            units: 150,
            text: "تمرين: نص\n\nEXERCISE: <b>text</b> & more".to_owned(),
        }],
        deadline_ms: 10_000,
        slowest_ms: lanes.iter().map(|l| l.on_air_ms).try_fold(0.0, |most: f64, ms| Some(most.max(ms?))),
        met: lanes.iter().all(|l| l.met(10_000)),
        cells: Cells { on_air: 509, total: Some(1509) },
        operators: lanes,
        phones: Some(Phones {
            in_area: 1_200,
            displayed: 1_100,
            by_radio: vec![Radio {
                radio: "4g".to_owned(),
                in_area: 1_200,
                displayed: 1_100,
                p50_ms: Some(2_950),
                p95_ms: Some(4_305),
                within_10s: 1_090,
            }],
            ..Phones::default()
        }),
        injects: vec![],
        record: Record { verified: true, events: Some(23), head: Some("d2bf".to_owned()) },
        last: None,
    }
}

/// The two halves of the page: Arabic, English.
fn halves(evidence: &Evidence) -> [String; 2] {
    let html = Report::new(evidence, &index()).render().unwrap();
    assert!(!html.contains("<script") && !html.contains("http-equiv=\"refresh\"") && !html.contains("src="));
    let [arabic, english] =
        ["<article id=\"ar\" lang=\"ar\" dir=\"rtl\">", "<article id=\"en\" lang=\"en\" dir=\"ltr\">"]
            .map(|tag| html.find(tag).unwrap_or_else(|| panic!("no {tag}")));
    assert!(arabic < english);
    [html[arabic..english].to_owned(), html[english..].to_owned()]
}

fn holds(evidence: &Evidence, arabic: &[&str], english: &[&str]) {
    let halves = halves(evidence);
    for (half, wanted) in halves.iter().zip([arabic, english]) {
        for words in wanted {
            assert!(half.contains(words), "no {words:?} in {half}");
        }
    }
}

#[test]
fn says_who_when_where_and_how_fast_in_both_languages() {
    let e = evidence(vec![lane("omantel", Some(199.2), None), lane("ooredoo", Some(201.0), None)]);
    let both = [
        "prs_1",
        "Amal",
        "prs_2",
        "omantel, ooredoo",
        "2026-11-18",
        "4381",
        "OM-BJ",
        "518,026",
        "0.199",
        "0.201",
        "1,100",
        "1,090",
        "d2bf",
        "aa11",
        "0x0010",
        "DCS 72",
        "data-code=\"OM-BJ\"",
    ];
    holds(&e, &both, &both);
    holds(
        &e,
        &["نجح التمرين", "جنوب الباطنة", "بتوقيت مسقط", "509 من 1,509"],
        &["Passed", "Al Batinah South", "Muscat time", "509 of 1,509"],
    );
}

#[test]
fn a_late_or_silent_operator_fails_the_drill_with_its_reason() {
    let late = evidence(vec![
        lane("omantel", Some(199.2), None),
        lane("ooredoo", Some(11_497.0), Some("on air after 11.5 s")),
    ]);
    assert!(!late.met);
    holds(
        &late,
        &["لم ينجح", "11.497", "متأخر", "on air after 11.5 s"],
        &["Not passed", "11.497", "✕ late", "on air after 11.5 s"],
    );
    let silent = evidence(vec![lane("omantel", None, Some("403: maintenance"))]);
    assert_eq!(silent.slowest_ms, None);
    holds(&silent, &["لم يُسمع"], &["never heard on air", "✕ red", "403: maintenance"]);
}

#[test]
fn texts_are_text_and_never_markup() {
    let mut e = evidence(vec![lane("<img>", Some(1.0), Some("<svg onload=x>"))]);
    e.name = "<script>x</script>".to_owned();
    let [arabic, english] = halves(&e);
    for half in [arabic, english] {
        assert!(
            !half.contains("<b>text") && !half.contains("<img") && !half.contains("<svg onload"),
            "{half}"
        );
    }
}

#[test]
fn compares_with_the_drill_before() {
    let mut e = evidence(vec![lane("omantel", Some(250.0), None)]);
    let mut before = evidence(vec![lane("omantel", Some(1_250.0), None)]);
    before.cells.on_air = 600;
    before.area.governorates[0].code = "OM-MA".to_owned();
    e.last = Some(before.as_last());
    holds(&e, &["السابق", "−1.000", "−91", "OM-MA"], &["Compared", "−1.000 s", "−91", "±0", "OM-MA"]);
    e.phones = None;
    e.injects = vec![Inject { fault: "late".to_owned(), operator: "omantel".to_owned() }];
    holds(&e, &["omantel = late"], &["omantel = late", "not counted while the drill went out"]);
    e.mode = "network".to_owned();
    holds(&e, &["لا أحد يعدّ"], &["Nobody counts phones"]);
}

#[test]
fn on_the_console_it_has_no_style_of_its_own_and_begins_in_the_visitors_language() {
    let e = evidence(vec![lane("omantel", Some(199.2), None)]);
    let index = Index::parse(crate::run::GOVERNORATES).unwrap();
    let html = Report::on_console(&e, &index, First::English).render().unwrap();
    assert!(!html.contains("<style") && !html.contains("style=") && !html.contains("http-equiv"));
    assert!(html.contains("href=\"/report.css\"") && html.contains("<html lang=\"en\" dir=\"ltr\">"));
    assert!(html.find("<article id=\"en\"") < html.find("<article id=\"ar\""));
    let html = Report::on_console(&e, &index, First::Arabic).render().unwrap();
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(html.find("<article id=\"ar\"") < html.find("<article id=\"en\""));
}

#[test]
fn evidence_is_read_back_as_it_was_written() {
    let e = evidence(vec![lane("omantel", Some(250.5), None)]);
    let read: Evidence = serde_json::from_slice(&serde_json::to_vec(&e).unwrap()).unwrap();
    assert_eq!(read, e);
}
