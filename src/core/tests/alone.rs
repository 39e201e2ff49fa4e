//! What a check before handing in finds is what the hub refuses: for each row both say the same code.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

mod oman;

use nadhir_core::cap::{Profile, verdict};
use nadhir_core::fault::Fault;
use nadhir_core::warning::{Terms, alone, prepare};
use oman::{EXERCISE, FLOOD, at, index, profile};
use std::collections::BTreeSet;

fn errors(faults: &[Fault]) -> BTreeSet<String> {
    faults.iter().filter(|fault| fault.is_error()).map(|fault| fault.code.clone()).collect()
}

/// What the check says, by the codes of its errors.
fn checked(cap: &str) -> BTreeSet<String> {
    let verdict = verdict(cap.as_bytes(), Profile::Oman(profile()));
    let allowed = Terms::default().allowed;
    let alone = verdict.alert.map(|alert| alone(&alert, &verdict.faults, index(), &allowed));
    errors(&[verdict.faults, alone.unwrap_or_default()].concat())
}

/// Checked and handed in while it is in force: both refuse it for this, and neither for anything the other does not know.
fn refused(cap: &str, code: &str) {
    let now =
        if cap.contains("2026-11-24T10:00:00") { "2026-11-24T06:15:00Z" } else { "2026-11-22T03:00:00Z" };
    let hub = prepare(cap.as_bytes(), profile(), index(), at(now), &Terms::default()).unwrap_err();
    assert_eq!(checked(cap), [code.to_owned()].into(), "the check");
    assert_eq!(errors(&hub.faults), [code.to_owned()].into(), "the hub");
}

fn changed(from: &str, to: &str) -> String {
    assert!(FLOOD.contains(from), "{from}");
    FLOOD.replace(from, to)
}

fn with_parameter(name: &str, value: &str) -> String {
    let parameter = format!("<parameter><valueName>{name}</valueName><value>{value}</value></parameter>");
    FLOOD.replacen("    <area>", &format!("{parameter}<area>"), 1)
}

#[test]
fn what_the_hub_refuses_by_the_document_alone_the_check_refuses() {
    refused(&with_parameter("nadhir:layout", "bogus"), "cbs.choice.layout");
    refused(&with_parameter("nadhir:drop", "vowels"), "cbs.choice.drop");
    for reserved in ["identifier", "serial", "message", "dcs", "page", "pages-sha256"] {
        refused(&with_parameter(&format!("nadhir:{reserved}"), "1"), "warning.reserved.parameter");
    }
    let order = changed("<scope>Public</scope>", "<scope>Public</scope><code>nadhir-order-1</code>");
    refused(&order, "warning.reserved.code");
    let geocode = |name: &str, code: &str| {
        let start = FLOOD.find("<polygon>").unwrap();
        let end = FLOOD.find("</polygon>").unwrap() + "</polygon>".len();
        let code = format!("<geocode><valueName>{name}</valueName><value>{code}</value></geocode>");
        changed(&FLOOD[start..end], &code)
    };
    assert_eq!(checked(&geocode("ISO3166-2", "OM-DA")), BTreeSet::new());
    for (name, code) in [("ISO3166-2", "OM-XX"), ("NADHIR-AREA", "zzz"), ("FIPS6", "006109")] {
        let cap = geocode(name, code);
        let hub = prepare(cap.as_bytes(), profile(), index(), at("2026-11-22T03:00:00Z"), &Terms::default());
        assert_eq!(checked(&cap), errors(&hub.unwrap_err().faults), "{name} {code}");
        assert!(!checked(&cap).is_empty(), "{name} {code}");
    }
    refused(&EXERCISE.replace("EXERCISE: ", ""), "warning.exercise.opening");
    for (put, code) in [
        ("🌊", "cbs.text.beyond_bmp"),
        ("\u{9b}", "cbs.text.control"),
        ("\u{202e}a", "cbs.text.bidi"),
        ("https://evil.example.com/a", "cbs.text.link"),
        ("9988 7766", "cbs.text.telephone"),
    ] {
        refused(&FLOOD.replacen("<description>", &format!("<description>{put} "), 1), code);
    }
    // One language longer than a message: 615 units.
    let long = FLOOD.replacen("<description>", &format!("<description>{}", "س".repeat(620)), 1);
    let hub = prepare(long.as_bytes(), profile(), index(), at("2026-11-22T03:00:00Z"), &Terms::default());
    assert_eq!(checked(&long), errors(&hub.unwrap_err().faults));
    assert!(checked(&long).iter().all(|code| code.starts_with("cbs.")) && !checked(&long).is_empty());
}

#[test]
fn what_the_profile_refuses_is_not_told_twice() {
    let start = FLOOD.find("<polygon>").unwrap() + 9;
    let end = FLOOD.find("</polygon>").unwrap();
    assert_eq!(
        checked(&changed(&FLOOD[start..end], "23,58 23,58 23,58 23,58")),
        ["cap.polygon.flat".to_owned()].into()
    );
}

#[test]
fn what_never_comes_to_phones_is_not_held_to_their_rules() {
    let link = "<description>https://evil.example.com/a ";
    for (status, msg, want) in
        [("Actual", "Alert", 1), ("System", "Alert", 0), ("Draft", "Alert", 0), ("Actual", "Ack", 0)]
    {
        let cap = changed("<status>Actual<", &format!("<status>{status}<"))
            .replace("<msgType>Alert<", &format!("<msgType>{msg}<"))
            .replace(
                "<scope>Public</scope>",
                "<scope>Public</scope><references>a,b,2026-11-21T06:30:00+04:00</references>",
            )
            .replacen("<description>", link, 1);
        assert_eq!(checked(&cap).len(), want, "{status} {msg}");
    }
}
