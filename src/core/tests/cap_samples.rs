//! The samples of cap-schemas: good ones are valid and come back from writing, each bad one has the fault it is named after.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use nadhir_core::cap::codes::{CODES, level};
use nadhir_core::cap::{Info, Limits, Profile, check, read, still_current, verdict, write};
use nadhir_core::fault::{Fault, Level};
use std::path::PathBuf;

/// File stem and octets of each sample of a folder.
#[expect(clippy::disallowed_methods, reason = "a test reads its samples from the tree")]
fn samples(folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cap-schemas/samples").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn good(name: &str) -> Vec<u8> {
    samples("good").into_iter().find(|(n, _)| n == name).unwrap().1
}

#[test]
fn good_samples_are_valid_without_a_word() {
    let samples = samples("good");
    assert!(samples.len() >= 6);
    for (name, bytes) in samples {
        for profile in [Profile::Cap, Profile::Oman] {
            let verdict = verdict(&bytes, profile);
            assert!(verdict.valid() && verdict.faults.is_empty(), "{name} {profile}: {:?}", verdict.faults);
        }
    }
}

#[test]
fn good_samples_come_back_from_writing_and_writing_is_stable() {
    for (name, bytes) in samples("good") {
        let (alert, _) = read(&bytes, &Limits::cap());
        let alert = alert.unwrap();
        let written = write(&alert);
        let (again, faults) = read(&written, &Limits::cap());
        assert_eq!(again.as_ref(), Some(&alert), "{name}: {faults:?}");
        assert_eq!(write(&again.unwrap()), written, "{name}");
    }
}

#[test]
fn another_spelling_is_the_same_alert() {
    let alert = |name: &str| read(&good(name), &Limits::cap()).0.unwrap();
    let (mut four, two) = (alert("wadi-flood-ad-dakhiliyah"), alert("other-spelling"));
    four.infos.truncate(2);
    assert_eq!(four, two);
}

#[test]
fn each_bad_sample_has_its_fault_and_no_other_error() {
    for (name, bytes) in samples("bad") {
        let profile = if name.starts_with("oman.") { Profile::Oman } else { Profile::Cap };
        let verdict = verdict(&bytes, profile);
        let faults: Vec<&Fault> = verdict.faults.iter().filter(|f| f.code == name).collect();
        assert!(!faults.is_empty(), "{name} {profile}: {:?}", verdict.faults);
        for fault in &faults {
            assert_eq!(Some(fault.level), level(&name, profile), "{name}");
            assert!(fault.place.contains("line ") && fault.place.contains("column "), "{fault}");
        }
        let others = verdict.faults.iter().filter(|f| f.level == Level::Error && f.code != name);
        assert_eq!(others.collect::<Vec<_>>(), Vec::<&Fault>::new(), "{name}");
        assert_eq!(verdict.valid(), level(&name, profile) == Some(Level::Warning), "{name}");
        // What Oman is stricter in, it refuses.
        let oman = self::verdict(&bytes, Profile::Oman).faults;
        assert!(
            oman.iter().any(|f| f.code == name && Some(f.level) == level(&name, Profile::Oman)),
            "{name}: {oman:?}"
        );
    }
}

/// Codes without a sample: too long to keep as a file, or not to be had from a file at all.
const UNSAMPLED: &[&str] = &[
    "cap.limit.octets",
    "cap.limit.points",
    "cap.faults.more",
    "cap.polygon.tangled",
    "cap.text.characters",
    "clock.expires.past",
    "clock.sent.future",
];

#[test]
fn every_code_has_its_sample_and_stands_once_in_the_table() {
    let sampled: Vec<String> = samples("bad").into_iter().map(|(name, _)| name).collect();
    for (i, code) in CODES.iter().enumerate() {
        let known = sampled.iter().any(|s| s == code.code) != UNSAMPLED.contains(&code.code);
        assert!(known, "{} has no sample, or has one and is listed as having none", code.code);
        assert!(CODES[..i].iter().all(|c| c.code != code.code), "{} stands twice", code.code);
    }
    for name in sampled {
        assert!(CODES.iter().any(|c| c.code == name), "{name} is no code");
    }
}

#[test]
fn the_flood_fits_one_message_in_four_languages() {
    let (alert, _) = read(&good("wadi-flood-ad-dakhiliyah"), &Limits::oman());
    let alert = alert.unwrap();
    let languages: Vec<String> = alert.infos.iter().map(Info::primary_language).collect();
    assert_eq!(languages, ["ar", "en", "hi", "ur"]);
    let texts: Vec<String> = alert
        .infos
        .iter()
        .map(|i| [&i.headline, &i.description, &i.instruction].map(|t| t.clone().unwrap()).join("\n"))
        .collect();
    // 15 pages of 82 octets, two octets a character: 615 (TS 23.041, 9.4.1).
    let units = texts.join("\n\n").encode_utf16().count();
    assert!(units <= 615, "{units} units");
    assert!(texts.iter().all(|t| t.contains("06:30")), "a text without its time");
}

#[test]
fn a_file_cut_anywhere_is_unreadable_and_never_a_panic() {
    let bytes = good("wadi-flood-ad-dakhiliyah");
    // The last octet is the line end after the root.
    for end in 0..bytes.len() - 1 {
        let verdict = verdict(&bytes[..end], Profile::Oman);
        assert!(!verdict.readable && verdict.alert.is_none() && !verdict.faults.is_empty(), "cut at {end}");
    }
}

#[test]
fn validity_does_not_age_but_handing_in_does() {
    let (alert, _) = read(&good("wadi-flood-ad-dakhiliyah"), &Limits::oman());
    let alert = alert.unwrap();
    assert_eq!(check(&alert, Profile::Oman), []);
    let codes = |now: &str| -> Vec<String> {
        let now = nadhir_core::cap::CapTime::parse(now).unwrap().utc();
        still_current(&alert, now).into_iter().map(|f| f.code).collect()
    };
    assert_eq!(codes("2026-11-22T06:31:00+04:00"), Vec::<String>::new());
    assert_eq!(codes("2026-11-22T06:25:00+04:00"), Vec::<String>::new());
    assert_eq!(codes("2026-11-22T06:24:59+04:00"), ["clock.sent.future"]);
    assert_eq!(codes("2026-11-22T12:29:59+04:00"), Vec::<String>::new());
    assert_eq!(codes("2026-11-22T12:30:00+04:00"), ["clock.expires.past"; 4]);
}
