//! Alerts in the manner of other authorities become drafts: what goes on, what is lost, what never becomes a draft.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

#[path = "oman/mod.rs"]
mod oman;

use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType, Profile, Scope, Status};
use nadhir_core::fault::{Fault, any_error};
use nadhir_core::warning::foreign::Manner;
use nadhir_core::warning::{Intake, Own, intake};
use proptest::prelude::*;
use std::collections::BTreeSet;

const IPAWS: &str = include_str!("foreign/ipaws.xml");
const METEOALARM: &str = include_str!("foreign/meteoalarm.xml");
const CAP_CP: &str = include_str!("foreign/cap-cp.xml");
const WMO: &str = include_str!("foreign/wmo-composer.xml");

fn own() -> Own {
    Own {
        identifier: "2.49.0.1.512.0.20261122063000.7".to_owned(),
        sender: "alerts@caa.example.om".to_owned(),
        sent: CapTime::parse("2026-11-22T06:30:00+04:00").unwrap(),
    }
}

fn taken(cap: &str) -> Intake {
    intake(cap.as_bytes(), &own(), oman::profile(), oman::index(), oman::at("2026-11-22T02:30:00Z"))
}

fn codes(faults: &[Fault]) -> BTreeSet<&str> {
    faults.iter().filter(|f| f.is_error()).map(|f| f.code.as_str()).collect()
}

fn losses(intake: &Intake) -> BTreeSet<&str> {
    intake.losses.iter().map(|l| l.code).collect()
}

/// A draft that stands, for a test to look at.
fn draft(intake: &Intake) -> &Alert {
    intake.draft.as_ref().unwrap()
}

#[test]
fn a_neighbours_alert_in_both_languages_can_be_submitted_as_it_is() {
    let taken = taken(WMO);
    assert_eq!(taken.manner, Some(Manner::Wmo));
    assert_eq!((codes(&taken.faults), codes(&taken.draft_faults)), (BTreeSet::new(), BTreeSet::new()));
    assert_eq!(losses(&taken), BTreeSet::from(["changed.name"]));
    let summary = taken.summary.as_ref().unwrap();
    assert!(summary.governorates.contains(&"OM-BU".to_owned()), "{:?}", summary.governorates);
    let languages: Vec<String> = draft(&taken).infos.iter().map(cap::Info::primary_language).collect();
    assert_eq!(languages, ["ar", "en"], "in the order phones show them");
}

#[test]
fn meteoalarm_loses_a_language_parameters_and_points() {
    let taken = taken(METEOALARM);
    assert_eq!(taken.manner, Some(Manner::MeteoAlarm));
    let want = [
        "changed.event_code",
        "changed.msg_type",
        "changed.name",
        "changed.offset",
        "loss.geocode",
        "loss.head",
        "loss.language",
        "loss.parameter",
        "loss.points",
    ];
    assert_eq!(losses(&taken), BTreeSet::from(want));
    assert_eq!(codes(&taken.draft_faults), BTreeSet::from(["oman.language.missing"]));
    let info = &draft(&taken).infos[0];
    assert!(info.areas[0].polygons[0].points.len() <= 100);
    assert_eq!(info.event_codes[0].value, "OET-159");
    assert_eq!(info.expires.unwrap().to_string(), "2026-11-22T14:00:00+04:00", "the same instant");
    // Simplified outward: every point that came lies in the new area or on its rim.
    let came =
        cap::read(METEOALARM.as_bytes(), &Limits::cap()).0.unwrap().infos[0].areas[0].polygons[0].clone();
    let shape = geo::Polygon::new(
        info.areas[0].polygons[0].points.iter().map(|p| (p.lon, p.lat)).collect::<Vec<_>>().into(),
        vec![],
    );
    for p in came.points {
        assert!(geo::Intersects::intersects(&shape, &geo::Point::new(p.lon, p.lat)), "{p} was lost");
    }
}

#[test]
fn ipaws_loses_its_signature_its_spanish_its_sound_and_a_crossing() {
    let taken = taken(IPAWS);
    assert_eq!(taken.manner, Some(Manner::Ipaws));
    let want = [
        "changed.event_code",
        "changed.headline",
        "changed.name",
        "changed.offset",
        "loss.audience",
        "loss.crossing",
        "loss.event_code",
        "loss.geocode",
        "loss.head",
        "loss.language",
        "loss.parameter",
        "loss.resource",
        "loss.signature",
    ];
    assert_eq!(losses(&taken), BTreeSet::from(want));
    let info = &draft(&taken).infos[0];
    assert_eq!(info.headline.as_deref(), Some("Flash Flood Warning"));
    assert_eq!(info.event_codes[0].value, "OET-079");
    assert_eq!(info.areas[0].polygons.len(), 2, "both halves of the bow tie");
}

#[test]
fn cap_cp_keeps_the_most_severe_of_a_language() {
    let taken = taken(CAP_CP);
    assert_eq!(taken.manner, Some(Manner::CapCp));
    assert_eq!(draft(&taken).infos[0].headline.as_deref(), Some("severe thunderstorm warning"));
    for code in ["loss.info", "loss.language", "loss.altitude", "changed.event_code", "loss.head"] {
        assert!(losses(&taken).contains(code), "{code}");
    }
    assert_eq!(codes(&taken.draft_faults), BTreeSet::from(["oman.language.missing"]));
}

#[test]
fn what_is_not_for_the_public_becomes_no_draft() {
    for (from, to, want) in [
        ("<status>Actual</status>", "<status>Test</status>", "intake.status"),
        ("<status>Actual</status>", "<status>System</status>", "intake.status"),
        ("<status>Actual</status>", "<status>Draft</status>", "intake.status"),
        ("<msgType>Alert</msgType>", "<msgType>Cancel</msgType>", "intake.msg_type"),
        ("<msgType>Alert</msgType>", "<msgType>Ack</msgType>", "intake.msg_type"),
        ("<scope>Public</scope>", "<scope>Restricted</scope><restriction>r</restriction>", "intake.scope"),
        ("<scope>Public</scope>", "<scope>Private</scope><addresses>a</addresses>", "intake.scope"),
    ] {
        let taken = taken(&WMO.replace(from, to));
        assert!(taken.draft.is_none() && taken.summary.is_none(), "{to}");
        assert!(codes(&taken.faults).contains(want), "{to}: {:?}", taken.faults);
    }
    let unreadable = taken("<alert");
    assert!(!unreadable.readable && unreadable.draft.is_none() && any_error(&unreadable.faults));
}

#[test]
fn an_exercise_stays_one_and_an_expired_alert_says_so() {
    let exercise = taken(&WMO.replace("<status>Actual</status>", "<status>Exercise</status>"));
    assert_eq!(draft(&exercise).status, Status::Exercise);
    assert!(codes(&exercise.draft_faults).contains("warning.exercise.opening") && exercise.summary.is_none());
    let late =
        intake(WMO.as_bytes(), &own(), oman::profile(), oman::index(), oman::at("2026-11-22T06:00:00Z"));
    assert!(codes(&late.faults).contains("clock.expires.past") && late.summary.is_none());
}

#[test]
fn what_is_clear_is_mended_and_what_cannot_be_read_is_a_gap() {
    let polygon = "<polygon>24.1,55.6 24.4,55.6 24.4,56.1 24.1,56.1 24.1,55.6</polygon>";
    assert!(WMO.contains(polygon));
    let bad = "<polygon>24.1,55.6 here 24.4,56.1 24.1,55.6</polygon>";
    let sent = "<sent>2026-11-22T06:20:00+04:00</sent>";
    assert!(WMO.contains(sent));
    for (from, to, want) in [
        (sent, "<sent>2026-11-22T02:20:00.25Z</sent>".to_owned(), "changed.time"),
        (
            "</scope>",
            "</scope><references>a@b.example,1,2026-11-22T01:00:00Z</references>".to_owned(),
            "changed.time",
        ),
        ("<severity>Severe", "<severity> Severe\n".to_owned(), "changed.padding"),
        (polygon, format!("{bad}{polygon}"), "loss.shape"),
        (polygon, format!("{polygon}<circle>here</circle>"), "loss.shape"),
        ("<severity>Severe", "<severity>Bad".to_owned(), "loss.unreadable"),
        ("<onset>", "<onset>soon: ".to_owned(), "loss.unreadable"),
    ] {
        let cap = WMO.replace(from, &to);
        assert_ne!(cap, WMO, "{from}");
        let taken = taken(&cap);
        let own = draft(&taken);
        assert!(losses(&taken).contains(want), "{to}: {:?}", taken.losses);
        assert!(any_error(&taken.faults), "{to}: what came is as bad as it was");
        assert_eq!(own.infos[0].areas[0].polygons.len(), 1, "{to}: no stand-in is warned");
        assert!(own.infos[0].areas[0].circles.is_empty(), "{to}");
        // Of unknown severity it has no channel: a person has to say.
        assert_eq!(taken.summary.is_none(), to.contains("Bad"), "{to}: {:?}", taken.draft_faults);
    }
    // What it is cannot be guessed, and what is no whole document is none.
    for (from, to) in [
        ("<status>Actual", "<status>actual"),
        ("<msgType>Alert", "<msgType>Alarm"),
        ("<scope>Public", "<scope>public"),
        (sent, "<sent>today</sent>"),
        ("<identifier>", "<identifer>"),
        ("</alert>", ""),
    ] {
        let taken = taken(&WMO.replace(from, to));
        assert!(taken.draft.is_none() && taken.original.is_none() && any_error(&taken.faults), "{to}");
    }
    // A text whose language cannot be read is not taken for English.
    let tongue = taken(&WMO.replacen("<language>ar", "<language>ar abic", 1));
    assert_eq!(draft(&tongue).infos.len(), 1, "{:?}", tongue.losses);
    assert!(losses(&tongue).is_superset(&BTreeSet::from(["loss.unreadable", "loss.language"])));
}

#[test]
fn nothing_is_lost_or_changed_without_a_word() {
    let open = WMO.replace(" 24.1,56.1 24.1,55.6</polygon>", " 24.1,56.1</polygon>");
    let ring = taken(&open);
    assert!(losses(&ring).contains("changed.ring") && ring.summary.is_some(), "{:?}", ring.draft_faults);
    assert_eq!(draft(&ring).infos, draft(&taken(WMO)).infos, "the ring as if it had been closed");
    for (from, to, want) in [
        ("<scope>Public</scope>", "<scope>Public</scope><restriction>r</restriction>", "loss.head"),
        ("</alert>", "<x:note xmlns:x=\"urn:x\">n</x:note></alert>", "loss.extension"),
        ("+04:00</expires>", "+05:00</expires>", "changed.offset"),
    ] {
        let cap = WMO.replace(from, to);
        assert_ne!(cap, WMO, "{from}");
        let taken = taken(&cap);
        assert!(losses(&taken).contains(want), "{want}: {:?} {:?}", taken.losses, taken.faults);
    }
    let feet = "</polygon><altitude>sea level</altitude>";
    let old = WMO.replace("cap:1.2", "cap:1.1").replace("</polygon>", feet);
    let taken = taken(&old);
    assert!(losses(&taken).contains("loss.altitude"), "{:?} {:?}", taken.losses, taken.faults);
}

fn any_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(texts)
}

proptest! {
    /// Whatever comes: a draft is an Alert of ours, public, Actual or Exercise, in our languages, refers to nothing, can
    /// be written and read back, and all it does not carry is said.
    #[test]
    fn a_draft_is_ours_and_whole(
        which in prop::sample::select(vec![IPAWS, METEOALARM, CAP_CP, WMO]),
        status in any_of(&["Actual", "Exercise", "Test", "System", "Draft"]),
        msg_type in any_of(&["Alert", "Update", "Cancel", "Ack", "Error"]),
        scope in any_of(&["Public", "Restricted", "Private"]),
        language in any_of(&["en", "ar", "hi", "ur", "fa", "sw"]),
    ) {
        let cap = which
            .replace("<status>Actual<", &format!("<status>{status}<"))
            .replace("<msgType>Alert<", &format!("<msgType>{msg_type}<"))
            .replace("<scope>Public<", &format!("<scope>{scope}<"))
            .replacen("<language>en", &format!("<language>{language}"), 1);
        let taken = taken(&cap);
        let may = ["Actual", "Exercise"].contains(&status) && scope == "Public"
            && (["Alert", "Update"].contains(&msg_type) || which == METEOALARM);
        prop_assert_eq!(taken.draft.is_some(), may, "{} {} {}", status, msg_type, scope);
        let Some(draft) = &taken.draft else { return Ok(()) };
        prop_assert_eq!((draft.msg_type, draft.scope), (MsgType::Alert, Scope::Public));
        prop_assert!(draft.references.is_empty() && draft.sender == own().sender);
        let spoken: BTreeSet<String> = draft.infos.iter().map(cap::Info::primary_language).collect();
        prop_assert_eq!(spoken.len(), draft.infos.len(), "a language twice");
        prop_assert!(spoken.iter().all(|l| ["ar", "en", "hi", "ur"].contains(&l.as_str())));
        let (back, _) = cap::read(&cap::write(draft), &Limits::cap());
        prop_assert_eq!(back.as_ref(), Some(draft));
        // A person is told: either it could be submitted, or why not.
        prop_assert!(taken.summary.is_some() || any_error(&taken.draft_faults));
        let came = cap::verdict(cap.as_bytes(), Profile::Cap).alert.unwrap();
        let left_out = came.infos.len() - draft.infos.len();
        let said = taken.losses.iter().filter(|l| ["loss.language", "loss.info"].contains(&l.code)).count();
        prop_assert_eq!(said, left_out);
        let parameters: usize = came.infos.iter().filter(|i| spoken.contains(&i.primary_language())).map(|i| i.parameters.len()).sum();
        let told = taken.losses.iter().filter(|l| l.code == "loss.parameter").count();
        prop_assert!(told <= parameters && (told == parameters || said > 0));
    }
}
