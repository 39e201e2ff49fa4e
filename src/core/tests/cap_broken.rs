//! What a broken document still gives: the values that were read, which ones only stand in, and what is not CAP's.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use nadhir_core::cap::{MsgType, Partial, Profile, Status, Verdict, verdict};

/// The profile as it is shipped.
mod oman;

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

/// The codes found in a text with some of it replaced by what is no value.
fn codes(text: &str, profile: Profile<'_>) -> Vec<String> {
    verdict(text.as_bytes(), profile).faults.into_iter().map(|f| f.code).collect()
}

#[test]
fn a_gap_silences_the_rules_of_its_own_block_alone() {
    let late = FLOOD.replacen("<effective>2026", "<effective>never", 1);
    let (first, rest) = late.split_at(late.find("</info>").unwrap());
    // The second info expires before it was sent.
    let text = format!("{first}{}", rest.replacen("<expires>2026", "<expires>2025", 1));
    assert_eq!(codes(&text, Profile::Cap), ["cap.value.time", "cap.expires.order"]);
    // The first does: whether it lies before its `effective` nobody knows, and that it lies before `sent` is not said.
    let text = FLOOD.replacen("<effective>2026", "<effective>never", 1).replacen(
        "<expires>2026",
        "<expires>2025",
        1,
    );
    assert_eq!(codes(&text, Profile::Cap), ["cap.value.time"]);

    let areas = "<area><areaDesc>a</areaDesc><geocode><valueName>n</valueName><value>v</value></geocode><altitude>x</altitude>\
                 </area><area><areaDesc>b</areaDesc><geocode><valueName>n</valueName><value>v</value></geocode>\
                 <ceiling>5</ceiling></area></info>";
    assert_eq!(
        codes(&FLOOD.replacen("</info>", areas, 1), Profile::Cap),
        ["cap.value.number", "cap.ceiling.alone"]
    );
}

#[test]
fn a_language_that_is_none_hides_no_other() {
    let text =
        FLOOD.replacen("<language>ar-OM", "<language>a_r", 1).replacen("<language>hi", "<language>en", 1);
    let codes = codes(&text, Profile::Oman(oman::profile()));
    assert!(
        codes.contains(&"cap.value.language".to_owned())
            && codes.contains(&"oman.language.repeated".to_owned()),
        "{codes:?}"
    );
    // Which language is missing nobody knows while one is not readable.
    assert!(!codes.contains(&"oman.language.missing".to_owned()), "{codes:?}");
}

#[test]
fn an_altitude_in_words_carries_its_ceiling_in_cap_1_1() {
    let shape = "<altitude>sea level</altitude><ceiling>5000</ceiling></area>";
    let text = FLOOD.replace("cap:1.2", "cap:1.1").replace("Avoid", "Execute").replacen("</area>", shape, 1);
    let verdict = cap(&text);
    assert!(verdict.valid(), "{:?}", verdict.faults);
    assert_eq!(verdict.faults.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["cap.value.feet"]);
}

#[test]
fn a_size_that_no_file_has_is_a_warning() {
    let sized = |size: &str| {
        let resource = format!(
            "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>{size}</size>\
            <uri>https://example.om/map.png</uri></resource><area>"
        );
        let verdict = cap(&FLOOD.replacen("<area>", &resource, 1));
        let codes: Vec<String> = verdict.faults.iter().map(|f| f.code.clone()).collect();
        (verdict.alert.map(|alert| alert.infos[0].resources[0].size), codes)
    };
    assert_eq!(sized("-0"), (Some(Some(0)), vec![]));
    for size in ["-1", "99999999999999999999"] {
        assert_eq!(sized(size), (Some(None), vec!["cap.value.size".to_owned()]), "{size}");
    }
    assert_eq!(sized("1.5"), (None, vec!["cap.value.number".to_owned()]));
}
