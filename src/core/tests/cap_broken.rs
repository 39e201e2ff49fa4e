//! What a broken document still gives: the values that were read, which ones only stand in, and what is not CAP's.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use nadhir_core::cap::{MsgType, Partial, Profile, Status, Verdict, verdict};

const FLOOD: &str = include_str!("../../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");

fn cap(text: &str) -> Verdict {
    verdict(text.as_bytes(), Profile::Cap)
}

fn partial(text: &str) -> Partial {
    let verdict = cap(text);
    assert!(verdict.alert.is_none() && !verdict.valid() && !verdict.faults.is_empty());
    verdict.partial.unwrap()
}

#[test]
fn a_document_cut_short_gives_what_stands_before_the_cut() {
    let end = FLOOD.find("<severity>").unwrap() + "<severity>Extr".len();
    let Partial { alert, gaps } = partial(&FLOOD[..end]);
    assert_eq!((alert.status, alert.msg_type), (Status::Actual, MsgType::Alert));
    assert_eq!(alert.sender, "alerts@caa.example.om");
    assert_eq!(alert.infos.len(), 1);
    assert_eq!(alert.infos[0].language.as_deref(), Some("ar-OM"));
    assert_eq!(gaps, ["alert/info[1]/severity", "alert/info[1]/certainty"]);
    // Only the cut is a fault: what was not come to is not said to be missing.
    let codes: Vec<String> = cap(&FLOOD[..end]).faults.into_iter().map(|f| f.code).collect();
    assert_eq!(codes, ["cap.xml"]);
}

#[test]
fn a_value_that_cannot_be_read_leaves_the_others() {
    let Partial { alert, gaps } =
        partial(&FLOOD.replacen("Extreme", "Enormous", 1).replacen("23.18,57.15 ", "23.18 ", 1));
    assert_eq!(gaps, ["alert/info[1]/severity", "alert/info[1]/area[1]/polygon[1]"]);
    assert_eq!(alert.infos.len(), 4);
    assert_eq!(alert.infos[1].areas[0].polygons[0].points.len(), 9);
}

#[test]
fn every_cut_gives_a_document_whose_stand_ins_are_all_named() {
    let whole = cap(FLOOD).alert.unwrap();
    for end in
        (FLOOD.find("<identifier>").unwrap()..FLOOD.len() - 1).filter(|end| FLOOD.is_char_boundary(*end))
    {
        let Partial { alert, gaps } = partial(&FLOOD[..end]);
        let named = |path: &str| gaps.iter().any(|gap| gap == path);
        assert!(alert.sender == whole.sender || named("alert/sender"), "cut at {end}: {gaps:?}");
        assert!(alert.sent == whole.sent || named("alert/sent"), "cut at {end}: {gaps:?}");
        assert!(alert.scope == whole.scope || named("alert/scope"), "cut at {end}: {gaps:?}");
        for (i, (info, was)) in alert.infos.iter().zip(&whole.infos).enumerate() {
            let named = |name: &str| named(&format!("alert/info[{}]/{name}", i + 1));
            assert!(info.severity == was.severity || named("severity"), "cut at {end}: {gaps:?}");
            assert!(info.event == was.event || named("event"), "cut at {end}: {gaps:?}");
        }
    }
}

#[test]
fn a_lawful_document_is_not_partial() {
    let verdict = cap(FLOOD);
    assert!(verdict.alert.is_some() && verdict.partial.is_none() && verdict.extensions.is_empty());
}

#[test]
fn what_is_not_caps_is_kept_by_its_octets() {
    let signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo a=\"1\"/></ds:Signature>";
    let foreign = "<x:depth xmlns:x=\"urn:x\" unit=\"m\">2.5 <b>or more</b></x:depth>";
    let text = FLOOD
        .replacen("<area>", &format!("{foreign}<area>"), 1)
        .replace("</alert>", &format!("{signature}</alert>"))
        .replacen("<scope>Public</scope>", "<scope>Public</scope><scope>Private</scope>", 1);
    for received in [text.clone(), format!("\u{FEFF}{text}")] {
        let verdict = cap(&received);
        let kept: Vec<(&str, &str, &str)> = verdict
            .extensions
            .iter()
            .map(|e| (e.within.as_str(), e.name.as_str(), &received[e.octets.clone()]))
            .collect();
        assert_eq!(
            kept,
            [
                ("alert", "scope", "<scope>Private</scope>"),
                ("alert/info[1]", "depth", foreign),
                ("alert", "Signature", signature)
            ]
        );
        // It hides nothing that is CAP's; being there is the fault, and a signature is none.
        assert!(verdict.alert.is_some());
        let codes: Vec<&str> = verdict.faults.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["cap.element.repeated", "cap.element.unknown"]);
    }
}
