//! From the author's CAP to what two persons see and every operator gets: refused by rows, bound by one hash, read back.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

mod oman;

use nadhir_core::cap::{self, Limits};
use nadhir_core::cbs::{Channel, Class, Given, Layout, Rules, encode, texts};
use nadhir_core::warning::air::{self, BadAir};
use nadhir_core::warning::{Prepared, Terms, exercise, prepare};
use oman::{EXERCISE, FLOOD, at, index, prepared, profile, serials};
use std::collections::BTreeSet;

const NOW: &str = "2026-11-22T03:00:00Z";

fn changed(from: &str, to: &str) -> String {
    assert!(FLOOD.contains(from), "{from}");
    FLOOD.replace(from, to)
}

/// The flood under another status; those that are not meant for the public need a note and the word for exercise.
fn as_status(status: &str) -> String {
    let cap = live_words_as(status);
    let mut words = ["ar", "en", "hi", "ur"].map(|language| exercise::word(language).unwrap()).into_iter();
    let (first, rest) = cap.split_once("<headline>").unwrap();
    rest.split("<headline>")
        .fold(first.to_owned(), |all, info| format!("{all}<headline>{}: {info}", words.next().unwrap()))
}

/// The flood's own words under another status.
fn live_words_as(status: &str) -> String {
    changed("<status>Actual<", &format!("<status>{status}<"))
        .replace("<scope>Public</scope>", "<scope>Public</scope><note>N</note>")
}

/// Refused for these texts alone, each by its language.
fn unmarked(cap: &str, places: &[&str]) {
    let ordered = Terms { given: Given { test_ordered: true, ..Given::default() }, ..Terms::default() };
    let refusal = prepare(cap.as_bytes(), profile(), index(), at(NOW), &ordered).unwrap_err();
    let errors: Vec<_> = refusal.faults.iter().filter(|fault| fault.is_error()).collect();
    assert!(errors.iter().all(|fault| fault.code == "warning.exercise.opening"), "{errors:#?}");
    assert_eq!(errors.iter().map(|fault| fault.place.as_str()).collect::<Vec<_>>(), places);
}

#[test]
fn a_drill_in_live_words_is_refused_in_every_language() {
    for status in ["Exercise", "Test"] {
        unmarked(&live_words_as(status), &["text[ar]", "text[en]", "text[hi]", "text[ur]"]);
        unmarked(&as_status(status).replace("EXERCISE: ", "Exercise: "), &["text[en]"]);
        unmarked(&as_status(status).replace("مشق: ", "مشقت: "), &["text[ur]"]);
        // What phones show counts, and not the headline that it takes the place of.
        let cap = as_status(status);
        let sidestep = with_parameter(&cap, "nadhir:text", "GO TO HIGH GROUND");
        unmarked(&sidestep, &["text[ar]"]);
    }
    let marked = with_parameter(&live_words_as("Exercise"), "nadhir:text", "تمرين: سيول");
    unmarked(&marked, &["text[en]", "text[hi]", "text[ur]"]);
    assert_eq!(prepared(&as_status("Exercise"), NOW).channel, Channel::Exercise);
}

/// Refused with a fault of this code; whether only the area is to blame.
fn refused(cap: &str, now: &str, code: &str, area: bool) {
    let refusal = prepare(cap.as_bytes(), profile(), index(), at(now), &Terms::default()).unwrap_err();
    let told: Vec<String> = refusal.faults.iter().map(ToString::to_string).collect();
    let hit = refusal.faults.iter().find(|fault| fault.is_error() && fault.code.contains(code));
    assert!(
        hit.is_some_and(|fault| !fault.place.is_empty() && !fault.message.is_empty()),
        "{code}: {told:#?}"
    );
    assert_eq!(refusal.is_area(), area, "{code}: {told:#?}");
}

#[test]
fn what_cannot_be_broadcast_is_refused_by_the_name_of_its_fault() {
    refused("a wadi is in flood", NOW, "cap.xml", false);
    refused(FLOOD, "2026-11-22T08:30:00Z", "expire", false);
    refused(FLOOD, "2027-01-01T00:00:00Z", "expire", false);
    refused(&changed("<severity>Extreme<", "<severity>Minor<"), NOW, "cbs.", false);
    refused(&changed("<language>ar-OM<", "<language>fa<"), NOW, "oman.language.missing", false);
    // In the Arabian Sea, off every governorate.
    let sea = "<polygon>15.0,62.0 15.0,63.0 16.0,63.0 15.0,62.0</polygon>";
    let start = FLOOD.find("<polygon>").unwrap();
    let ring = &FLOOD[start..start + FLOOD[start..].find("</polygon>").unwrap() + "</polygon>".len()];
    refused(&changed(ring, sea), NOW, "area.", true);
}

#[test]
fn every_fault_is_told_at_once() {
    let cap = changed("<severity>Extreme<", "<severity>Minor<").replace("<language>ar-OM<", "<language>fa<");
    let refusal = prepare(cap.as_bytes(), profile(), index(), at("2027-01-01T00:00:00Z"), &Terms::default())
        .unwrap_err();
    for code in ["cbs.", "oman.language.missing", "expire"] {
        assert!(
            refusal.faults.iter().any(|fault| fault.code.contains(code)),
            "{code}: {:#?}",
            refusal.faults
        );
    }
}

#[test]
fn a_good_warning_is_one_message_in_four_languages() {
    let flood = prepared(FLOOD, NOW);
    assert_eq!((flood.channel, flood.encoded.layout), (Channel::Emergency, Layout::One));
    assert_eq!(flood.expires, at("2026-11-22T08:30:00Z"));
    let summary = flood.summary();
    assert_eq!(summary.governorates, ["OM-DA"]);
    assert_eq!((summary.identifier, summary.class), (4370, Class::Live));
    assert_eq!(summary.messages[0].text, flood.encoded.messages[0].text);
    assert_eq!(summary.messages[0].languages, ["ar", "en", "hi", "ur"]);
}

/// A warning to fishermen: nothing but water, and the governorate off which it is.
#[test]
fn an_area_over_water_alone_goes_out_and_says_so() {
    let start = FLOOD.find("<polygon>").unwrap();
    let ring = &FLOOD[start..start + FLOOD[start..].find("</polygon>").unwrap() + "</polygon>".len()];
    let sea = "<polygon>23.75,58.55 23.75,58.70 23.65,58.70 23.70,58.55 23.75,58.55</polygon>";
    let prepared = prepared(&changed(ring, sea), NOW);
    assert!(prepared.coverage.governorates.is_empty());
    assert_eq!(prepared.summary().governorates, ["OM-MA"]);
    assert!(prepared.warnings.iter().any(|fault| fault.code == "area.at_sea"), "{:?}", prepared.warnings);
}

#[test]
fn the_hash_is_the_same_for_the_same_and_another_when_anything_bound_changes() {
    let rows = [
        ("as it is", FLOOD.to_owned()),
        ("text", changed("high ground", "higher ground")),
        ("one language's text", changed("अभी ऊँची जगह", "तुरंत ऊँची जगह")),
        ("area", changed("23.12,57.62", "23.13,57.62")),
        ("expiry", changed("T12:30:00+04:00</expires>", "T12:31:00+04:00</expires>")),
        ("channel", changed("<severity>Extreme<", "<severity>Severe<")),
        ("mode", as_status("Exercise")),
        ("identity", changed("063000.1<", "063000.2<")),
        ("one space", changed("<alert ", "<alert  ")),
    ];
    let mut hashes = BTreeSet::new();
    for (what, cap) in &rows {
        let one = prepare(cap.as_bytes(), profile(), index(), at(NOW), &Terms::default())
            .unwrap_or_else(|r| panic!("{what}: {:#?}", r.faults));
        // When it is looked at does not matter, as long as it is in force.
        assert_eq!(one.hash, prepared(cap, "2026-11-22T07:00:00Z").hash, "{what}");
        assert!(hashes.insert(one.hash.to_string()), "{what} does not change the hash");
    }
    assert_eq!(hashes.len(), rows.len());
}

/// What an operator gets must say, read back, exactly what was prepared.
fn read_back(prepared: &Prepared) {
    let serials = serials(prepared);
    let cap = oman::air(prepared, &serials);
    let (alert, faults) = cap::read(cap.as_bytes(), &Limits::cap());
    assert!(faults.iter().all(|fault| !fault.is_error()), "{faults:?}");
    let messages = air::messages(&alert.unwrap()).unwrap();
    assert_eq!(messages.len(), prepared.encoded.messages.len());
    for ((message, wanted), serial) in messages.iter().zip(&prepared.encoded.messages).zip(&serials) {
        assert_eq!((message.channel, message.serial), (prepared.channel, *serial));
        assert_eq!((&message.pages, message.pages_sha256), (&wanted.pages, wanted.pages.sha256()));
        assert_eq!(message.languages, wanted.languages);
        assert_eq!(message.pages.decode(), wanted.text);
    }
}

#[test]
fn what_operators_get_reads_back_in_every_layout() {
    for layout in [Layout::One, Layout::Pairs, Layout::Each] {
        let mut flood = prepared(FLOOD, NOW);
        flood.encoded =
            encode(&texts(&flood.alert).unwrap(), &Rules { layout: Some(layout), ..Rules::default() })
                .unwrap();
        assert_eq!(flood.encoded.layout, layout);
        read_back(&flood);
    }
    read_back(&prepared(EXERCISE, "2026-11-24T06:15:00Z"));
}

#[test]
fn what_was_changed_on_the_way_to_the_air_is_refused() {
    let flood = prepared(FLOOD, NOW);
    let good = oman::air(&flood, &serials(&flood));
    let judge = |from: &str, to: &str| {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        let (alert, _) = cap::read(changed.as_bytes(), &Limits::cap());
        air::messages(&alert.unwrap()).unwrap_err()
    };
    assert_eq!(judge("nadhir-order-1", "nadhir-order-2"), BadAir::Form);
    for name in ["message", "identifier", "serial", "dcs", "pages-sha256"] {
        let bad = judge(&format!("nadhir:{name}<"), &format!("nadhir:no-{name}<"));
        assert!(matches!(bad, BadAir::Parameter { info: 1, .. }), "{name}: {bad}");
    }
    assert!(matches!(judge("<value>4370<", "<value>919<"), BadAir::Parameter { .. }));
    // One digit of one page.
    let page = hex_of_first_page(&flood);
    let flipped = format!("{}{}", if page.starts_with('0') { '1' } else { '0' }, &page[1..]);
    assert_eq!(judge(&page, &flipped), BadAir::Pages(1));
}

/// The flood with a parameter more in its first info.
fn with_parameter(cap: &str, name: &str, value: &str) -> String {
    let parameter =
        format!("<parameter><valueName>{name}</valueName><value>{value}</value></parameter><area>");
    cap.replacen("<area>", &parameter, 1)
}

#[test]
fn no_author_writes_what_the_encoder_writes() {
    for (name, value) in [("identifier", "4370"), ("serial", "16400"), ("message", "1/1"), ("page", "00 1")] {
        let exercise = with_parameter(EXERCISE, &format!("nadhir:{name}"), value);
        refused(&exercise, "2026-11-24T06:15:00Z", "warning.reserved.parameter", false);
        // Were it not refused, it would not leave either.
        let mut good = prepared(EXERCISE, "2026-11-24T06:15:00Z");
        good.alert.infos[0].parameters.push(cap::Named::new(format!("nadhir:{name}"), value.to_owned()));
        read_back(&good);
    }
    let posing = changed("<scope>Public</scope>", "<scope>Public</scope><code>nadhir-order-1</code>");
    refused(&posing, NOW, "warning.reserved.code", false);
}

#[test]
fn the_author_chooses_the_layout_and_sees_what_each_costs() {
    let each = prepared(&with_parameter(FLOOD, "nadhir:layout", "each"), NOW);
    assert_eq!(each.encoded.layout, Layout::Each);
    let summary = each.summary();
    assert_eq!(summary.layouts.iter().map(|l| l.layout).collect::<Vec<_>>(), Layout::ALL);
    assert_eq!(summary.layouts[2].budget.as_ref(), Some(&summary.budget));
    assert_ne!(each.hash, prepared(FLOOD, NOW).hash);
    refused(&with_parameter(FLOOD, "nadhir:layout", "two"), NOW, "cbs.choice.layout", false);
}

fn hex_of_first_page(prepared: &Prepared) -> String {
    nadhir_core::digest::hex(prepared.encoded.messages[0].pages.pages()[0].octets())
}

#[test]
fn no_drill_ever_carries_a_live_identifier() {
    // Every status that is not meant for the public, whatever else the alert says.
    let mut met = 0;
    for status in ["Exercise", "Test", "System", "Draft"] {
        for severity in ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] {
            for urgency in ["Immediate", "Expected", "Future", "Past"] {
                let cap = as_status(status)
                    .replace("<severity>Extreme<", &format!("<severity>{severity}<"))
                    .replace("<urgency>Immediate<", &format!("<urgency>{urgency}<"));
                let Ok(drill) = prepare(cap.as_bytes(), profile(), index(), at(NOW), &Terms::default())
                else {
                    continue;
                };
                met += 1;
                assert_eq!(drill.channel.class(), Class::Drill, "{status} {severity} {urgency}");
                assert!(![4370, 4371].contains(&drill.channel.identifier()));
                let air = oman::air(&drill, &serials(&drill));
                let (alert, _) = cap::read(air.as_bytes(), &Limits::cap());
                let messages = air::messages(&alert.unwrap()).unwrap();
                assert!(
                    messages.iter().all(|m| m.channel.class() == Class::Drill),
                    "{status} {severity} {urgency}"
                );
            }
        }
    }
    assert!(met >= 20, "{met} drills were looked at");
}

#[test]
fn an_alert_of_cap_1_1_leaves_as_lawful_cap_1_2() {
    // CAP 1.1 lets a file go without its media type, CAP 1.2 does not.
    let old = changed("cap:1.2", "cap:1.1")
        .replace("      <responseType>Avoid</responseType>\n", "")
        .replace("    <responseType>Avoid</responseType>\n", "")
        .replacen(
            "    <area>",
            "<resource><resourceDesc>map</resourceDesc><uri>https://met.example.om/map</uri></resource><area>",
            1,
        );
    let flood = prepared(&old, NOW);
    let air = oman::air(&flood, &serials(&flood));
    let verdict = cap::verdict(air.as_bytes(), cap::Profile::Cap);
    assert_eq!(verdict.alert.as_ref().map(|alert| alert.version), Some(cap::Version::V1_2));
    assert!(verdict.valid(), "{:?}", verdict.faults);
}
