//! Languages into messages, and what they cost.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

mod desk;

use nadhir_core::cap::Named;
use nadhir_core::cbs::{Allowed, Encoded, Layout, Ornament, Rules, Text, budget, choices, encode, texts};

const AR: &str = "تحذير: سيول جارفة في وادي نزوى. ابتعدوا عن الوادي فوراً. 16:40";
const EN: &str = "Warning: flash floods in the wadi at Nizwa. Leave the wadi now. 16:40";
const HI: &str = "चेतावनी: निज़वा की वादी में अचानक बाढ़। वादी तुरंत छोड़ें। 16:40";
const UR: &str = "انتباہ: نزویٰ کی وادی میں اچانک سیلاب۔ وادی فوراً چھوڑ دیں۔ 16:40";

fn text(language: &str, body: &str) -> Text {
    Text { language: language.to_owned(), body: body.to_owned() }
}

fn four() -> Vec<Text> {
    vec![text("ar", AR), text("en", EN), text("hi", HI), text("ur", UR)]
}

/// The languages of each message.
fn shape(encoded: &Encoded) -> Vec<String> {
    encoded.messages.iter().map(|message| message.languages.join("+")).collect()
}

fn by(layout: Option<Layout>) -> Rules {
    Rules { layout, ..Rules::default() }
}

fn check(texts: &[Text], layout: Option<Layout>, want: Layout, messages: &[&str]) -> Encoded {
    let encoded = encode(texts, &by(layout)).unwrap();
    assert_eq!((encoded.layout, shape(&encoded)), (want, messages.iter().map(|m| (*m).to_owned()).collect()));
    for message in &encoded.messages {
        assert_eq!(message.pages.decode(), message.text);
    }
    encoded
}

/// Places of the faults, each with its words.
fn refused(texts: &[Text], layout: Option<Layout>, want: &[(&str, &str, &str)]) {
    let faults = encode(texts, &by(layout)).unwrap_err();
    let got: Vec<(&str, &str, &str)> =
        faults.iter().map(|f| (f.code.as_str(), f.place.as_str(), f.message.as_str())).collect();
    assert_eq!(got, want);
}

#[test]
fn four_languages_that_fit_are_one_message() {
    let encoded = check(&four(), None, Layout::One, &["ar+en+hi+ur"]);
    assert_eq!(encoded.messages[0].text, [AR, EN, HI, UR].join("\n\n"));
    assert_eq!(encoded.messages[0].pages.dcs().octet(), 0x48);
    check(&four(), Some(Layout::Pairs), Layout::Pairs, &["ar+en", "hi+ur"]);
    let each = check(&four(), Some(Layout::Each), Layout::Each, &["ar", "en", "hi", "ur"]);
    let schemes: Vec<u8> = each.messages.iter().map(|m| m.pages.dcs().octet()).collect();
    assert_eq!(schemes, [0x48, 0x01, 0x48, 0x48]);
}

#[test]
fn what_does_not_fit_one_message_goes_in_pairs_and_never_by_itself_in_each() {
    let alef = |n: usize| "ا".repeat(n);
    let long = |n: usize| {
        vec![text("ar", &alef(n)), text("en", &alef(n)), text("hi", &alef(n)), text("ur", &alef(n))]
    };
    // 4 x 152 + 3 x 2 = 614 in one; 2 x 306 + 2 = 614 in a pair.
    check(&long(152), None, Layout::One, &["ar+en+hi+ur"]);
    check(&long(153), None, Layout::Pairs, &["ar+en", "hi+ur"]);
    check(&long(306), None, Layout::Pairs, &["ar+en", "hi+ur"]);
    let code = "cbs.pages.too_long";
    refused(
        &long(307),
        None,
        &[
            (code, "ar+en+hi+ur, text", "1234 characters in UCS-2: 619 more than 15 pages take of it"),
            (code, "ar+en, text", "616 characters in UCS-2: 1 more than 15 pages take of it"),
            (code, "hi+ur, text", "616 characters in UCS-2: 1 more than 15 pages take of it"),
        ],
    );
    check(&long(307), Some(Layout::Each), Layout::Each, &["ar", "en", "hi", "ur"]);
    refused(
        &long(153),
        Some(Layout::One),
        &[(code, "ar+en+hi+ur, text", "618 characters in UCS-2: 3 more than 15 pages take of it")],
    );
    refused(
        &[text("ar", &alef(616))],
        None,
        &[(code, "ar, text", "616 characters in UCS-2: 1 more than 15 pages take of it")],
    );
}

#[test]
fn pairs_hold_together_whoever_is_missing() {
    let of = |languages: &[&str]| languages.iter().map(|l| text(l, EN)).collect::<Vec<_>>();
    let pairs = Some(Layout::Pairs);
    check(&of(&["ar", "hi", "ur"]), pairs, Layout::Pairs, &["ar", "hi+ur"]);
    check(&of(&["ar", "en", "ur", "bn", "tl", "sw"]), pairs, Layout::Pairs, &["ar+en", "ur", "bn+tl", "sw"]);
    check(&of(&["fa"]), pairs, Layout::Pairs, &["fa"]);
    // Latin alone stays in GSM-7, where 1,395 septets fit.
    let latin =
        check(&[text("en", &"a".repeat(700)), text("tl", &"b".repeat(693))], None, Layout::One, &["en+tl"]);
    assert_eq!((latin.messages[0].pages.dcs().octet(), latin.messages[0].pages.units()), (0x0F, 1395));
}

#[test]
fn every_fault_of_every_language_is_told() {
    let control = "U+0007 is a control character";
    refused(
        &[text("ar", "ا\u{7}"), text("en", ""), text("hi", HI), text("ur", "\u{7}")],
        None,
        &[
            ("cbs.text.control", "ar, character 2", control),
            ("cbs.text.empty", "en, text", "there is no text"),
            ("cbs.text.control", "ur, character 1", control),
        ],
    );
    refused(&[], None, &[("cbs.texts.none", "texts", "there is no text in any language")]);
    let changed = encode(&[text("ar", "ا\r\nب"), text("en", EN)], &by(None)).unwrap().changes;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].place, "ar+en, character 2");
}

#[test]
fn an_alert_is_read_in_the_order_of_the_house() {
    let mut alert = desk::alert(&["tl", "ur-PK", "en-US", "ml", "ar-OM", "hi"]);
    alert.infos[0].description = Some("Umalis agad.".to_owned());
    alert.infos[0].instruction = Some("  ".to_owned());
    alert.infos[4].parameters.push(Named::new("nadhir:text", " سيول في نزوى "));
    let got: Vec<(String, String)> =
        texts(&alert).unwrap().into_iter().map(|t| (t.language, t.body)).collect();
    let want = [
        ("ar", "سيول في نزوى"),
        ("en", "Flash flood"),
        ("hi", "Flash flood"),
        ("ur", "Flash flood"),
        ("tl", "Flash flood\nUmalis agad."),
        ("ml", "Flash flood"),
    ];
    assert_eq!(got, want.map(|(l, b)| (l.to_owned(), b.to_owned())));

    let mut bad = desk::alert(&["ar", "en", "en-GB"]);
    bad.infos[0].headline = None;
    let codes: Vec<(String, String)> =
        texts(&bad).unwrap_err().into_iter().map(|f| (f.code, f.place)).collect();
    let want = [("cbs.texts.empty", "alert/info[1]"), ("cbs.texts.twice", "alert/info[3]")];
    assert_eq!(codes, want.map(|(c, p)| (c.to_owned(), p.to_owned())));
    assert_eq!(texts(&desk::alert(&[])).unwrap_err()[0].code, "cbs.texts.none");
}

#[test]
fn the_budget_tells_pages_and_seconds_and_when_arabic_is_late() {
    let one = budget(&encode(&four(), &by(None)).unwrap());
    assert_eq!(one.messages.len(), 1);
    let cost = &one.messages[0];
    assert_eq!((cost.units, cost.limit, cost.pages, cost.ms_2g), (266, 615, 7, 13_181));
    assert_eq!(one.warnings.len(), 1);
    assert_eq!(one.warnings[0].code, "cbs.budget.arabic_late_on_2g");
    assert!(
        one.warnings[0].message.contains("after up to 13.9 s, when all 7 pages"),
        "{}",
        one.warnings[0].message
    );
    let each = budget(&encode(&four(), &by(Some(Layout::Each))).unwrap());
    assert_eq!(each.messages.iter().map(|m| m.pages).collect::<Vec<_>>(), [2, 1, 2, 2]);
    assert!(each.warnings.is_empty());
    let pages =
        |n: usize| budget(&encode(&[text("ar", &"ا".repeat(41 * n))], &by(None)).unwrap()).warnings.len();
    assert_eq!((pages(4), pages(5)), (0, 1));
}

#[test]
fn the_author_sees_what_each_layout_costs() {
    let costs = |texts: &[Text]| -> Vec<(&'static str, Vec<u32>, usize)> {
        let cost = |choice: &nadhir_core::cbs::Choice| {
            let messages = choice.budget.iter().flat_map(|budget| &budget.messages);
            (choice.layout.word(), messages.map(|m| m.ms_2g).collect(), choice.faults.len())
        };
        choices(texts, &Rules::default()).iter().map(cost).collect()
    };
    let want = [
        ("one", vec![13_181], 0),
        ("pairs", vec![7_532, 7_532], 0),
        ("each", vec![3_766, 1_883, 3_766, 3_766], 0),
    ];
    assert_eq!(costs(&four()), want);
    let long = [text("ar", &"ا".repeat(400)), text("hi", &"आ".repeat(400))];
    assert_eq!(
        costs(&long),
        [("one", vec![], 1), ("pairs", vec![18_830, 18_830], 0), ("each", vec![18_830, 18_830], 0)]
    );
    let shown = serde_json::to_value(choices(&long, &Rules::default())).unwrap();
    assert_eq!(shown[0]["faults"][0]["code"], "cbs.pages.too_long");
    assert_eq!(shown[1]["messages"][0]["pages"], 10);
    assert_eq!(shown[1]["warnings"][0]["code"], "cbs.budget.arabic_late_on_2g");
}

#[test]
fn the_author_chooses_in_parameters() {
    let allowed = Allowed::default();
    let of = |values: &[(usize, &str, &str)]| {
        let mut alert = desk::alert(&["ar", "en"]);
        for (info, name, value) in values {
            alert.infos[*info].parameters.push(Named::new(*name, (*value).to_owned()));
        }
        Rules::of(&alert, &allowed).map(|rules| (rules.layout, rules.drop)).map_err(|faults| {
            faults.into_iter().map(|f| format!("{} {}", f.code, f.place)).collect::<Vec<_>>()
        })
    };
    assert_eq!(of(&[]), Ok((None, vec![])));
    assert_eq!(of(&[(1, "nadhir:layout", "each")]), Ok((Some(Layout::Each), vec![])));
    assert_eq!(
        of(&[
            (0, "nadhir:layout", "pairs"),
            (1, "nadhir:layout", "pairs"),
            (0, "nadhir:drop", "tashkeel tatweel")
        ]),
        Ok((Some(Layout::Pairs), vec![Ornament::Tashkeel, Ornament::Tatweel]))
    );
    assert_eq!(
        of(&[(0, "nadhir:layout", "one"), (1, "nadhir:layout", "two"), (1, "nadhir:drop", "hamza")]),
        Err(vec![
            "cbs.choice.differs alert/info[2]/parameter".to_owned(),
            "cbs.choice.drop alert/info[2]/parameter".to_owned()
        ])
    );
    assert!(of(&[(0, "nadhir:layout", "two")]).is_err());
}
