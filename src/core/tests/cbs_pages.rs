//! Pages, octet by octet: our vectors, page edges, escapes at page ends, fifteen pages and one unit more.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

mod phone;

use nadhir_core::cbs::{Alphabet, Pages, Rules, gsm7, page::Page, wire};
use nadhir_core::digest::{Digest, hex, unhex};
use nadhir_core::fault::Fault;
use serde_json::Value;

fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn encode_text(text: &str, language: &str) -> Result<Pages, Vec<Fault>> {
    nadhir_core::cbs::encode_text(text, language, &Rules::default()).map(|laid| laid.pages)
}

fn on_a_phone(pages: &Pages) -> String {
    let octets: Vec<[u8; 82]> = pages.pages().iter().map(|p| *p.octets()).collect();
    let shown = phone::on_2g(pages.dcs().octet(), &octets);
    assert_eq!(shown, phone::on_4g(pages.dcs().octet(), &wire::cb_data(pages)));
    shown
}

#[test]
fn our_vectors_come_out_octet_by_octet() {
    let file = vectors(include_str!("../../../tests/vectors/pages.json"));
    for v in file["vectors"].as_array().unwrap() {
        let id = &v["id"];
        let text = v["text"].as_str().unwrap();
        let pages = encode_text(text, v["language"].as_str().unwrap()).unwrap();
        assert_eq!(pages.dcs().octet(), v["dcs"], "{id}");
        assert_eq!(pages.units(), v["units"], "{id}");
        let octets: Vec<String> = pages.pages().iter().map(|p| hex(p.octets())).collect();
        assert_eq!(Value::from(octets), v["pages"], "{id}");
        let lengths: Vec<u8> = pages.pages().iter().map(Page::useful).collect();
        assert_eq!(Value::from(lengths), v["lengths"], "{id}");
        assert_eq!(pages.decode(), text, "{id}");
        assert_eq!(on_a_phone(&pages), text, "{id}");
    }
}

/// The worked example of the docs is a vector, so it cannot say what the encoder does not do.
#[test]
fn the_worked_example_is_true() {
    let docs = include_str!("../../../docs/pages.md");
    let file = vectors(include_str!("../../../tests/vectors/pages.json"));
    let example = file["vectors"].as_array().unwrap().iter().find(|v| v["id"] == "ar-worked").unwrap();
    assert!(docs.contains(example["text"].as_str().unwrap()));
    let octets: String =
        docs.lines().filter_map(|line| line.strip_prefix("    | ")).flat_map(str::split_whitespace).collect();
    let want: String =
        example["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap()).collect();
    assert_eq!(octets, want);
    let pages = encode_text(example["text"].as_str().unwrap(), "ar").unwrap();
    let shown: Vec<String> =
        pages.pages().iter().map(|p| format!("    {} |", p.decode(pages.alphabet()))).collect();
    for line in shown {
        assert!(docs.contains(&line), "{line}");
    }
    let forms = wire::forms(&pages, 16_400, 4371);
    for page in &forms.gsm_pages {
        assert!(docs.contains(&hex(&page[..6])), "{}", hex(&page[..6]));
    }
    assert!(docs.contains(&format!("{} octets", forms.cb_data.len())));
    assert!(docs.contains(&pages.sha256().to_string()), "{}", pages.sha256());
}

#[test]
fn others_octets_come_out_and_go_in() {
    let file = vectors(include_str!("../../../tests/vectors/others.json"));
    for v in file["septets"].as_array().unwrap() {
        let (text, octets) = (v["text"].as_str().unwrap(), v["octets"].as_str().unwrap());
        let septets: Vec<u8> = text
            .chars()
            .flat_map(|c| match gsm7::code(c).unwrap() {
                gsm7::Code::One(s) => vec![s],
                gsm7::Code::Escaped(s) => vec![gsm7::ESCAPE, s],
            })
            .collect();
        assert_eq!(septets.len(), v["septets"], "{text}");
        assert_eq!(hex(&gsm7::pack(&septets)), octets, "{text}");
        let back = gsm7::unpack(&unhex(octets).unwrap());
        assert_eq!(gsm7::decode(&back[..septets.len()]), text);
    }
    for v in file["pages"].as_array().unwrap() {
        let text = v["text"].as_str().unwrap();
        let pages = encode_text(text, "en").unwrap();
        let [page] = pages.pages() else { panic!("one page") };
        assert_eq!(hex(page.octets()), v["page"], "{text}");
        assert_eq!(page.useful(), v["length"], "{text}");
    }
}

/// `text` is laid on pages of these lengths, or is too long by `excess` units.
fn check(text: &str, alphabet: Alphabet, units: usize, want: Result<&[u8], usize>) {
    let name: String = text.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
    match (encode_text(text, "en"), want) {
        (Ok(pages), Ok(lengths)) => {
            assert_eq!(pages.alphabet(), alphabet, "..{name}");
            assert_eq!(pages.units(), units, "..{name}");
            let got: Vec<u8> = pages.pages().iter().map(Page::useful).collect();
            assert_eq!(got, lengths, "..{name}");
            assert_eq!(pages.decode(), text);
            assert_eq!(on_a_phone(&pages), text);
            let again = Pages::read(pages.dcs().octet(), pages.pages().to_vec()).unwrap();
            assert_eq!(again, pages, "..{name}");
        }
        (Err(faults), Err(excess)) => {
            assert_eq!(faults.len(), 1);
            assert_eq!(faults[0].code, "cbs.pages.too_long");
            let words = faults[0].message.clone();
            assert!(words.starts_with(&format!("{units} ")), "{words}");
            assert!(words.contains(&format!(": {excess} more than 15 pages")), "{words}");
        }
        (got, want) => panic!("..{name}: {got:?} instead of {want:?}"),
    }
}

#[test]
fn a_page_ends_where_the_standard_says() {
    use Alphabet::{Gsm7, Ucs2};
    let a = |n: usize| "a".repeat(n);
    let alef = |n: usize| "ا".repeat(n);
    check(&a(1), Gsm7, 1, Ok(&[1]));
    // Seven septets fill 49 of 56 bits: the spare septet is a carriage return, or an "@" would show.
    check(&a(7), Gsm7, 7, Ok(&[7]));
    check(&a(8), Gsm7, 8, Ok(&[7]));
    check(&a(92), Gsm7, 92, Ok(&[81]));
    check(&a(93), Gsm7, 93, Ok(&[82]));
    check(&a(94), Gsm7, 94, Ok(&[82, 1]));
    check(&a(1395), Gsm7, 1395, Ok(&[82; 15]));
    check(&a(1396), Gsm7, 1396, Err(1));
    check(&a(5000), Gsm7, 5000, Err(3605));
    // An escape keeps what it escapes: 91 + 2 fit, 92 + 2 do not.
    check(&(a(91) + "€"), Gsm7, 93, Ok(&[82]));
    check(&(a(92) + "€"), Gsm7, 94, Ok(&[81, 2]));
    check(&"€".repeat(46), Gsm7, 92, Ok(&[81]));
    check(&"€".repeat(47), Gsm7, 94, Ok(&[81, 2]));
    // 46 a page: 690 in fifteen, although 1,380 septets are less than 1,395.
    check(&"€".repeat(690), Gsm7, 1380, Ok(&[81; 15]));
    check(&"€".repeat(691), Gsm7, 1382, Err(2));
    check(&(a(1394) + "{"), Gsm7, 1396, Err(2));
    check(&(a(1393) + "{"), Gsm7, 1395, Ok(&[82; 15]));
    check(&alef(1), Ucs2, 1, Ok(&[2]));
    check(&alef(41), Ucs2, 41, Ok(&[82]));
    check(&alef(42), Ucs2, 42, Ok(&[82, 2]));
    check(&alef(615), Ucs2, 615, Ok(&[82; 15]));
    check(&alef(616), Ucs2, 616, Err(1));
    check(&(alef(614) + "€"), Ucs2, 615, Ok(&[82; 15]));
    // One character decides for all.
    check(&(a(40) + "`"), Ucs2, 41, Ok(&[82]));
}

#[test]
fn a_line_break_at_a_page_end_stays() {
    check(&("a".repeat(92) + "\nb"), Alphabet::Gsm7, 94, Ok(&[82, 1]));
    check(&("ا".repeat(40) + "\nب"), Alphabet::Ucs2, 42, Ok(&[82, 2]));
    check(&("ا".repeat(40) + " ب"), Alphabet::Ucs2, 42, Ok(&[82, 2]));
}

#[test]
fn the_scheme_follows_alphabet_and_language() {
    let row = |text: &str, language: &str, dcs: u8| {
        assert_eq!(encode_text(text, language).unwrap().dcs().octet(), dcs, "{text} {language}");
    };
    row("Flood", "en", 0x01);
    row("Flood", "en-GB", 0x01);
    row("Flood", "EN", 0x01);
    row("Baha", "tl", 0x0F);
    row("Flood", "eng", 0x0F);
    row("Flood", "", 0x0F);
    row("Flood", "mul", 0x0F);
    row("“Flood” – now…", "en", 0x01);
    row("“Flood” in वादी", "en", 0x48);
    row("سيول", "ar", 0x48);
    row("سيول", "en", 0x48);
}

#[test]
fn wire_forms_have_their_octets_in_order() {
    let pages = encode_text(&"ا".repeat(42), "ar").unwrap();
    let forms = wire::forms(&pages, 0x4010, 4371);
    assert_eq!(forms.gsm_pages.len(), 2);
    assert_eq!(hex(&forms.gsm_pages[0][..8]), "4010111348120627");
    assert_eq!(hex(&forms.gsm_pages[1][..12]), "4010111348220627000d000d");
    assert_eq!(forms.cb_data.len(), 1 + 2 * 83);
    assert_eq!(forms.cb_data[0], 2);
    assert_eq!((forms.cb_data[83], forms.cb_data[166]), (82, 2));
    let longest = encode_text(&"a".repeat(1395), "en").unwrap();
    let forms = wire::forms(&longest, 0x7FFF, 4381);
    assert_eq!(forms.cb_data.len(), 1246);
    assert_eq!(hex(&forms.gsm_pages[14][..6]), "7fff111d01ff");
}

#[test]
fn the_hash_is_over_octets_and_lengths() {
    let pages = encode_text("abcdefg", "en").unwrap();
    let mut bytes = pages.pages()[0].octets().to_vec();
    bytes.push(7);
    assert_eq!(pages.sha256(), Digest::of(&bytes));
    assert_ne!(pages.sha256(), encode_text("abcdefg\r\n8", "en").unwrap().sha256());
}

#[test]
fn pages_from_elsewhere_are_judged() {
    let page = encode_text("abc", "en").unwrap().pages()[0];
    let codes = |dcs: u8, n: usize| -> Vec<String> {
        Pages::read(dcs, vec![page; n]).err().unwrap_or_default().into_iter().map(|f| f.code).collect()
    };
    assert_eq!(codes(0x01, 1), [""; 0]);
    assert_eq!(codes(0x0F, 15), [""; 0]);
    assert_eq!(codes(0x21, 0), ["cbs.pages.dcs", "cbs.pages.count"]);
    for dcs in [0x10, 0x11, 0x21, 0x22, 0x23, 0x40, 0x00] {
        assert_eq!(codes(dcs, 16), ["cbs.pages.dcs", "cbs.pages.count"], "{dcs:#x}");
    }
    assert!(Page::new([0; 82], 0).is_none() && Page::new([0; 82], 83).is_none());
}
