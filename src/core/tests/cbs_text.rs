//! What of a text is refused, where, and what is changed.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

use nadhir_core::cbs::{Allowed, Clean, Laid, Ornament, Rules, lay};
use nadhir_core::fault::Fault;
use nadhir_core::fault::any_error;
use proptest::prelude::*;

fn parse(text: &str) -> Result<Clean, Vec<Fault>> {
    Clean::parse(text, &Rules::default())
}

/// `text` is refused with these codes at these characters.
fn refused(text: &str, want: &[(&str, usize)]) {
    let faults = parse(text).unwrap_err();
    let got: Vec<(&str, &str)> = faults.iter().map(|f| (f.code.as_str(), f.place.as_str())).collect();
    let want: Vec<(String, String)> =
        want.iter().map(|(c, at)| (format!("cbs.text.{c}"), format!("character {at}"))).collect();
    assert_eq!(got, want.iter().map(|(c, p)| (c.as_str(), p.as_str())).collect::<Vec<_>>(), "{text:?}");
}

/// `text` becomes `want`, with changes of these codes at these characters.
fn cleaned(text: &str, want: &str, changes: &[(&str, usize)]) {
    let clean = parse(text).unwrap();
    assert_eq!(clean.as_str(), want, "{text:?}");
    let got: Vec<(&str, &str)> =
        clean.changes().iter().map(|f| (f.code.as_str(), f.place.as_str())).collect();
    let want: Vec<(String, String)> = changes
        .iter()
        .map(|(code, at)| (format!("cbs.text.changed.{code}"), format!("character {at}")))
        .collect();
    assert_eq!(got, want.iter().map(|(c, p)| (c.as_str(), p.as_str())).collect::<Vec<_>>(), "{text:?}");
    assert!(!any_error(clean.changes()));
}

#[test]
fn what_phones_garble_is_refused_with_its_place() {
    refused("Flood 🌊!", &[("beyond_bmp", 7)]);
    refused("\u{FEFF}Flood", &[("bom", 1)]);
    refused("سيول\u{FEFF}\u{FFFE}", &[("bom", 5), ("bom", 6)]);
    refused("ﺳﻴﻮل", &[("presentation_form", 1), ("presentation_form", 2), ("presentation_form", 3)]);
    refused("\u{FB50}\u{FDFF}\u{FE70}\u{FEFE}", &[1, 2, 3, 4].map(|at| ("presentation_form", at)));
    refused("a\u{0}b\u{1B}c\u{7F}\u{B}\u{C}\u{9F}", &[2, 4, 6, 7, 8, 9].map(|at| ("control", at)));
    refused("\u{E000}\u{F8FF}", &[("private_use", 1), ("private_use", 2)]);
    refused("\u{FDD0}\u{FFFF}", &[("noncharacter", 1), ("noncharacter", 2)]);
    // Every fault at once.
    refused("\u{7}ﺳ🌊", &[("control", 1), ("presentation_form", 2), ("beyond_bmp", 3)]);
    for text in ["", " ", "\r\n \t\n"] {
        assert_eq!(parse(text).unwrap_err()[0].code, "cbs.text.empty", "{text:?}");
    }
}

#[test]
fn direction_controls_are_balanced_on_their_line() {
    cleaned("\u{2067}16:40\u{2069}", "\u{2067}16:40\u{2069}", &[]);
    cleaned("a\u{202B}b\u{2066}c\u{2069}d\u{202C}", "a\u{202B}b\u{2066}c\u{2069}d\u{202C}", &[]);
    // Marks open nothing.
    cleaned("\u{200F}16:40\u{200E}\u{61C}", "\u{200F}16:40\u{200E}\u{61C}", &[]);
    refused("a\u{2067}b", &[("bidi", 2)]);
    refused("a\u{2069}b\u{202C}", &[("bidi", 2), ("bidi", 4)]);
    refused("\u{202B}a\nb\u{202C}", &[("bidi", 1), ("bidi", 5)]);
    refused("\u{2067}a\u{2028}b\u{2069}", &[("bidi", 1), ("bidi", 5)]);
    refused("\u{202E}\u{2066}a\u{202C}\u{2069}", &[("bidi", 4), ("bidi", 1)]);
}

#[test]
fn a_flood_of_faults_is_cut_and_counted() {
    let faults = parse(&"🌊".repeat(10_000)).unwrap_err();
    assert_eq!(faults.len(), 51);
    assert_eq!(faults[50].message, "and 9950 faults more");
    assert_eq!(parse(&"\u{2067}".repeat(60)).unwrap_err().len(), 51);
}

#[test]
fn what_does_not_show_is_cleaned_and_told() {
    cleaned("Flood in Nizwa.\nLeave now.", "Flood in Nizwa.\nLeave now.", &[]);
    cleaned(
        "a\r\nb\rc\u{85}d\u{2028}e\u{2029}f\n",
        "a\nb\nc\nd\ne\nf",
        &[("line_end", 2), ("trailing_space", 13)],
    );
    cleaned("a\r\n\r\nb", "a\n\nb", &[("line_end", 2)]);
    cleaned("a\n\rb", "a\n\nb", &[("line_end", 3)]);
    cleaned("a\tb", "a b", &[("tab", 2)]);
    cleaned("a  \nb \t ", "a\nb", &[("tab", 7), ("trailing_space", 2)]);
    cleaned("  a", "  a", &[]);
    cleaned("ا\u{653}ا\u{654}و\u{654}ا\u{655}ي\u{654}", "آأؤإئ", &[("composed", 1)]);
    cleaned("man\u{303}ana n\u{93C}", "mañana n\u{93C}", &[("composed", 3)]);
    // NFC takes a Devanagari letter with a nukta apart; it costs a unit more.
    cleaned("\u{958}", "\u{915}\u{93C}", &[("composed", 1)]);
    cleaned("16:40\u{A0}م\u{202F}س\u{2007}", "16:40 م س", &[("special_space", 6), ("trailing_space", 10)]);
    cleaned("قال “نزوى” و‘بهلاء’ «نزوى» 5′", "قال \"نزوى\" و'بهلاء' «نزوى» 5′", &[("quote", 5)]);
    // Joiners shape conjuncts of Hindi and Malayalam, and words of Urdu and Farsi: they stay.
    let joined = "क्\u{200D}ष न\u{200D}റ്\u{200D} می\u{200C}شود";
    cleaned(joined, joined, &[]);
}

#[test]
fn tatweel_and_tashkeel_are_dropped_by_choice_alone() {
    let text = "تحـــذير فَوْرًا، نزوىٰ، سُـئل";
    cleaned(text, text, &[]);
    let by = |drop: &[Ornament]| {
        let clean = Clean::parse(text, &Rules { drop: drop.to_vec(), ..Rules::default() }).unwrap();
        let changes: Vec<String> =
            clean.changes().iter().map(|f| format!("{} {}", f.code, f.place)).collect();
        (clean.as_str().to_owned(), changes.join("; "))
    };
    let (tatweel, tashkeel) =
        ("cbs.text.changed.tatweel character 3", "cbs.text.changed.tashkeel character 11");
    assert_eq!(by(&[Ornament::Tatweel]), ("تحذير فَوْرًا، نزوىٰ، سُئل".to_owned(), tatweel.to_owned()));
    assert_eq!(by(&[Ornament::Tashkeel]), ("تحـــذير فورا، نزوىٰ، سـئل".to_owned(), tashkeel.to_owned()));
    assert_eq!(
        by(&[Ornament::Tashkeel, Ornament::Tatweel]),
        ("تحذير فورا، نزوىٰ، سئل".to_owned(), format!("{tatweel}; {tashkeel}"))
    );
}

#[test]
fn links_and_numbers_have_to_be_on_the_list() {
    refused("سيول. https://evil.example/x", &[("link", 7)]);
    refused("اتصل ٢٤٥٦٧٨٩٠ أو bit.ly/a\u{7}", &[("control", 26), ("telephone", 6), ("link", 18)]);
    cleaned("Call 9999. Issued 22/11/2026 16:40", "Call 9999. Issued 22/11/2026 16:40", &[]);
    let allowed = Allowed::parse(&["evil.example".to_owned()], &["24567890".to_owned()]).unwrap();
    let rules = Rules { allowed, ..Rules::default() };
    assert!(Clean::parse("https://evil.example/x ٢٤٥٦٧٨٩٠ +968 2456 7890", &rules).is_ok());
    let fault = &Clean::parse("9999, 12345678", &rules).unwrap_err()[0];
    assert_eq!(
        fault.message,
        "\"12345678\" reads as a telephone number and is not on the list of those that may be sent"
    );
}

/// `text` in English is laid as `want`, spelt in GSM-7 or not.
fn laid(text: &str, want: &str, dcs: u8, codes: &[&str]) {
    let Laid { pages, text: got, changes } = lay(&parse(text).unwrap(), "en").unwrap();
    assert_eq!((got.as_str(), pages.dcs().octet()), (want, dcs));
    assert_eq!(pages.decode(), want);
    assert_eq!(changes.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), codes);
}

#[test]
fn typography_gives_way_where_it_alone_costs_the_alphabet() {
    let plain = ["cbs.text.changed.plain"];
    laid("Wait – now…", "Wait - now...", 0x01, &plain);
    laid("“Don’t” – wait…", "\"Don't\" - wait...", 0x01, &["cbs.text.changed.quote", plain[0]]);
    laid("16:40\u{A0}GST", "16:40 GST", 0x01, &["cbs.text.changed.special_space"]);
    laid("16:40 – نزوى…", "16:40 – نزوى…", 0x48, &[]);
    laid("Plain 'text'", "Plain 'text'", 0x01, &[]);
}

proptest! {
    #[test]
    fn no_text_panics_and_a_clean_text_stays_as_it_is(text in any::<String>()) {
        if let Ok(clean) = parse(&text) {
            let again = parse(clean.as_str()).unwrap();
            prop_assert_eq!(again.as_str(), clean.as_str());
            prop_assert!(again.changes().is_empty());
            if let Ok(laid) = lay(&clean, "en") {
                prop_assert_eq!(laid.pages.decode(), laid.text);
            }
        }
    }

    #[test]
    fn text_near_the_borders_is_never_mangled(
        text in proptest::collection::vec(proptest::sample::select(
            " \t\r\n\u{85}\u{2028}aا\u{653}\u{654}وn\u{303}€\u{A0}“\u{202B}\u{202C}\u{2067}\u{2069}".chars().collect::<Vec<_>>()), 0..40)
            .prop_map(String::from_iter),
    ) {
        if let Ok(clean) = parse(&text) {
            prop_assert!(parse(clean.as_str()).unwrap().changes().is_empty());
            let laid = lay(&clean, "en").unwrap();
            prop_assert_eq!(laid.pages.decode(), laid.text);
        }
    }
}
