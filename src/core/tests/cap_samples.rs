//! The samples of cap-schemas: good ones are valid and come back from writing, each bad one has the fault it is named after.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use nadhir_core::cap::codes::{self, Language};
use nadhir_core::cap::{Info, Limits, Profile, check, read, still_current, verdict, write};
use nadhir_core::fault::{Fault, Level};
use oman::profile;
use std::path::PathBuf;

/// The profile as it is shipped.
mod oman;

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
    assert!(samples.len() >= 13);
    for (name, bytes) in samples {
        for profile in [Profile::Cap, Profile::Oman(profile())] {
            let verdict = verdict(&bytes, profile);
            let told: Vec<&str> = verdict.faults.iter().map(|f| f.code.as_str()).collect();
            // The one thing that the profile has to say of an alert of CAP 1.1.
            let old = name.ends_with("cap-1.1") && matches!(profile, Profile::Oman(_));
            let want: &[&str] = if old { &["oman.version"] } else { &[] };
            assert!(verdict.valid(), "{name} {}: {told:?}", profile.word());
            assert_eq!(told, want, "{name} {}", profile.word());
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
    for (file, bytes) in samples("bad") {
        // A second sample of one code says after a hyphen what is other about it.
        let name = file.split('-').next().unwrap();
        let profile = if name.starts_with("oman.") { Profile::Oman(profile()) } else { Profile::Cap };
        let verdict = verdict(&bytes, profile);
        let faults: Vec<&Fault> = verdict.faults.iter().filter(|f| f.code == name).collect();
        assert!(!faults.is_empty(), "{name} {}: {:?}", profile.word(), verdict.faults);
        for fault in &faults {
            assert_eq!(Some(fault.level), profile.level(name), "{name}");
            assert!(fault.place.contains("line ") && fault.place.contains("column "), "{fault}");
        }
        // That there are too many is said when there are many.
        let crowd = name == "cap.faults.more";
        let others = verdict.faults.iter().filter(|f| !crowd && f.level == Level::Error && f.code != name);
        assert_eq!(others.collect::<Vec<_>>(), Vec::<&Fault>::new(), "{name}");
        assert_eq!(verdict.valid(), profile.level(name) == Some(Level::Warning), "{name}");
        // What Oman is stricter in, it refuses.
        let national = Profile::Oman(oman::profile());
        let oman = self::verdict(&bytes, national).faults;
        assert!(
            oman.iter().any(|f| f.code == name && Some(f.level) == national.level(name)),
            "{name}: {oman:?}"
        );
    }
}

/// One of what says where.
const GEOCODE: &str = "<geocode><valueName>n</valueName><value>v</value></geocode>";
/// An area that the standard warns of.
const WORDS_ONLY: &str = "<area><areaDesc>d</areaDesc></area>";

/// Samples that are made, since they are too long to keep as a file or not to be had from a file at all: code and faults.
fn made() -> Vec<(&'static str, Vec<Fault>)> {
    let flood = good("wadi-flood-ad-dakhiliyah");
    let text = String::from_utf8(flood.clone()).unwrap();
    let alert = read(&flood, &Limits::cap()).0.unwrap();
    let faults = |text: String| verdict(text.as_bytes(), Profile::Cap).faults;
    let at = |now: &str| still_current(&alert, profile(), oman::at(now));
    let mut unwritable = alert.clone();
    unwritable.infos[0].headline = Some("\u{0}".to_owned());
    vec![
        (
            "cap.limit.octets",
            faults(text.replace("<description>", &format!("<description>{}", "x".repeat(2_000_000)))),
        ),
        (
            "cap.limit.points",
            faults(text.replace("<polygon>", &format!("<polygon>{}", "23,58 ".repeat(50_001)))),
        ),
        ("cap.limit.shapes", faults(text.replace("</area>", &format!("{}</area>", GEOCODE.repeat(2_501))))),
        ("cap.faults.more", faults(text.replace("</area>", &format!("{}</area>", "<x/>".repeat(300))))),
        ("cap.warnings.more", faults(text.replace("</info>", &format!("{}</info>", WORDS_ONLY.repeat(60))))),
        ("cap.text.characters", check(&unwritable, Profile::Cap)),
        ("clock.expires.past", at("2026-11-22T10:00:00Z")),
        ("clock.sent.future", at("2026-11-20T10:00:00Z")),
    ]
}

#[test]
fn every_code_has_its_sample_and_every_sample_its_code() {
    let made = made();
    for (code, faults) in &made {
        let level = codes::find(code).unwrap().level.unwrap();
        assert!(faults.iter().any(|f| f.code == *code && f.level == level), "{code}: {faults:?}");
    }
    let kept: Vec<String> = samples("bad").into_iter().map(|(name, _)| name).collect();
    for code in codes::all() {
        let is = kept.iter().any(|name| name == code.code) || made.iter().any(|(made, _)| *made == code.code);
        assert!(is, "{} has no sample", code.code);
    }
    for name in kept {
        assert!(codes::find(name.split('-').next().unwrap()).is_some(), "{name} is no code");
    }
}

#[test]
fn every_code_stands_once_and_is_told_in_both_languages_with_its_clause_and_its_fix() {
    for (i, code) in codes::all().enumerate() {
        assert!(codes::all().take(i).all(|other| other.code != code.code), "{} stands twice", code.code);
        assert!(code.clause.len() > 3, "{}", code.code);
        let arabic = |text: &str| text.chars().any(|c| ('\u{600}'..='\u{6FF}').contains(&c));
        for (language, words) in [(Language::Arabic, code.ar), (Language::English, code.en)] {
            assert_eq!(codes::words(code.code, language), Some(words));
            for text in [words.means, words.fix] {
                assert!(!text.is_empty(), "{}", code.code);
                assert_eq!(arabic(text), language == Language::Arabic, "{}: {text}", code.code);
            }
        }
        assert_ne!(code.en.means, code.en.fix, "{}", code.code);
        // What the profile's table weighs, and nothing else, the standard leaves alone.
        assert_eq!(code.level.is_none(), code.code.starts_with("oman."), "{}", code.code);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads the page that outsiders read")]
fn the_alert_that_the_profiles_page_begins_with_is_valid_without_a_word() {
    for page in ["README.md", "README.ar.md"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cap-schemas").join(page);
        let text = std::fs::read_to_string(path).unwrap();
        let (_, rest) = text.split_once("```xml\n").unwrap();
        let (alert, _) = rest.split_once("```").unwrap();
        let verdict = verdict(alert.as_bytes(), Profile::Oman(profile()));
        assert!(verdict.valid() && verdict.faults.is_empty(), "{page}: {:?}", verdict.faults);
    }
}

/// What a message tells of the input and not of the rule: what stands in quotation marks, and every number.
fn told(message: &str) -> Vec<String> {
    let mut quoted: Vec<String> = message.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let plain: String = message.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let numbers = plain.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':'));
    let numbers = numbers.map(|n| n.trim_matches(['.', ':'])).filter(|n| !n.is_empty());
    quoted.extend(numbers.map(str::to_owned));
    quoted
}

#[test]
fn the_arabic_words_of_a_fault_tell_what_the_english_tell() {
    let mut faults: Vec<(String, Vec<Fault>)> =
        made().into_iter().map(|(code, faults)| (code.to_owned(), faults)).collect();
    for (name, bytes) in samples("bad") {
        let national = verdict(&bytes, Profile::Oman(profile())).faults;
        faults.push((name, [verdict(&bytes, Profile::Cap).faults, national].concat()));
    }
    let mut with_particulars = 0;
    for (name, fault) in faults.iter().flat_map(|(name, all)| all.iter().map(move |fault| (name, fault))) {
        let words = codes::words(&fault.code, Language::Arabic).unwrap();
        let particulars = codes::particulars(fault, Language::Arabic);
        let arabic = format!("{} {particulars} {}", words.means, words.fix);
        with_particulars += usize::from(!particulars.is_empty());
        for told in told(&fault.message) {
            assert!(arabic.contains(&told), "{name}: \"{told}\" of {fault} is not in: {arabic}");
        }
    }
    assert!(with_particulars > 60, "{with_particulars}");
}

#[test]
fn the_flood_fits_one_message_in_four_languages() {
    let (alert, _) = read(&good("wadi-flood-ad-dakhiliyah"), &Limits::cap());
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
        let verdict = verdict(&bytes[..end], Profile::Oman(profile()));
        assert!(!verdict.readable && verdict.alert.is_none() && !verdict.faults.is_empty(), "cut at {end}");
    }
}

#[test]
fn validity_does_not_age_but_handing_in_does() {
    let (alert, _) = read(&good("wadi-flood-ad-dakhiliyah"), &Limits::cap());
    let alert = alert.unwrap();
    assert_eq!(check(&alert, Profile::Oman(profile())), []);
    let codes = |now: &str| -> Vec<String> {
        let now = nadhir_core::cap::CapTime::parse(now).unwrap().utc();
        still_current(&alert, profile(), now).into_iter().map(|f| f.code).collect()
    };
    assert_eq!(codes("2026-11-22T06:31:00+04:00"), Vec::<String>::new());
    assert_eq!(codes("2026-11-22T06:25:00+04:00"), Vec::<String>::new());
    assert_eq!(codes("2026-11-22T06:24:59+04:00"), ["clock.sent.future"]);
    assert_eq!(codes("2026-11-22T12:29:59+04:00"), Vec::<String>::new());
    assert_eq!(codes("2026-11-22T12:30:00+04:00"), ["clock.expires.past"; 4]);
}
