//! Input made to hurt: refused in words, with the right code, never a panic, never work beyond the bounds.
#![expect(clippy::format_collect, reason = "inputs are small and read better so")]

use nadhir_core::cap::{Limits, Profile, Verdict, read, verdict};
use oman::profile;
use proptest::prelude::*;

/// The profile as it is shipped.
mod oman;

const NS: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// A lawful head, then `rest`, in the element `alert`.
fn alert(rest: &str) -> String {
    format!(
        "<alert xmlns=\"{NS}\"><identifier>2.49.0.1.512.0.1.1</identifier><sender>a@b.example</sender>\
         <sent>2026-11-22T06:30:00+04:00</sent><status>Actual</status><msgType>Alert</msgType>\
         <scope>Public</scope>{rest}</alert>"
    )
}

/// An info whose area holds `shapes`.
fn info(shapes: &str) -> String {
    format!(
        "<info><category>Met</category><event>e</event><urgency>Immediate</urgency>\
         <severity>Extreme</severity><certainty>Observed</certainty>\
         <area><areaDesc>d</areaDesc>{shapes}</area></info>"
    )
}

/// The input is unreadable, for this reason last.
fn refuse(what: &str, input: &[u8], code: &str) {
    let verdict = verdict(input, Profile::Cap);
    let last = verdict.faults.last().map(ToString::to_string);
    assert!(!verdict.readable && verdict.alert.is_none(), "{what}: {last:?}");
    assert_eq!(verdict.faults.last().map(|f| f.code.as_str()), Some(code), "{what}: {last:?}");
    assert_eq!(read(input, &Limits::cap()).0, None, "{what}");
}

#[test]
fn doctypes_are_refused_before_anything_is_expanded() {
    let laughs: String =
        (1..10).map(|i| format!("<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10))).collect();
    let bomb = format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]>{}", alert("&l9;"));
    refuse("billion laughs", bomb.as_bytes(), "cap.doctype");
    let outside =
        format!("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", alert("<note>&x;</note>"));
    refuse("external entity", outside.as_bytes(), "cap.doctype");
    let parameter = format!("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://x.example/\"> %p;]>{}", alert(""));
    refuse("parameter entity", parameter.as_bytes(), "cap.doctype");
    refuse("bare doctype", format!("<!DOCTYPE html>{}", alert("")).as_bytes(), "cap.doctype");
    refuse("doctype without end", b"<!DOCTYPE a [<!ENTITY x \"y\">", "cap.xml");
}

#[test]
fn bounds_hold() {
    let deep = |n: usize| alert(&format!("{}{}", "<x>".repeat(n), "</x>".repeat(n)));
    refuse("depth 17", deep(16).as_bytes(), "cap.limit.depth");
    assert!(verdict(deep(15).as_bytes(), Profile::Cap).readable, "depth 16");
    refuse("depth of a million", deep(150_000).as_bytes(), "cap.limit.depth");

    let many: String = (0..200_000).map(|i| format!(" a{i}=\"\"")).collect();
    refuse("attributes", format!("<alert xmlns=\"{NS}\"{many}/>").as_bytes(), "cap.limit.octets");
    let many: String = (0..150_000).map(|i| format!(" a{i}=\"\"")).collect();
    refuse("attributes", format!("<alert xmlns=\"{NS}\"{many}/>").as_bytes(), "cap.limit.attributes");
    let spread = "<x a=\"\" b=\"\" c=\"\" d=\"\"/>".repeat(150);
    refuse("attributes spread", alert(&spread).as_bytes(), "cap.limit.attributes");
    let spaces: String = (0..100_000).map(|i| format!(" xmlns:a{i}=\"u\"")).collect();
    refuse("namespaces", format!("<a{spaces}/>").as_bytes(), "cap.limit.attributes");

    let points = |n: usize| alert(&info(&format!("<polygon>{}</polygon>", "23,58 ".repeat(n))));
    refuse("points", points(50_001).as_bytes(), "cap.limit.points");
    assert!(verdict(points(50_000).as_bytes(), Profile::Cap).readable);
    assert!(verdict(points(41_009).as_bytes(), Profile::Cap).readable, "as seen in the wild");
    assert_eq!(
        verdict(points(10_001).as_bytes(), Profile::Oman(profile())).faults.last().unwrap().code,
        "cap.limit.points"
    );
    let halves =
        alert(&info(&format!("<polygon>{0}</polygon><polygon>{0}</polygon>", "23,58 ".repeat(30_000))));
    refuse("points of two polygons", halves.as_bytes(), "cap.limit.points");

    let shapes = |n: usize| alert(&info(&"<circle>23,58 1</circle>".repeat(n)));
    refuse("shapes", shapes(10_001).as_bytes(), "cap.limit.shapes");
    assert!(verdict(shapes(10_000).as_bytes(), Profile::Cap).readable);
    let faults = verdict(shapes(501).as_bytes(), Profile::Oman(profile())).faults;
    assert_eq!(faults.last().unwrap().code, "cap.limit.shapes");

    let long = |n: usize| alert(&format!("<note>{}</note>", "x".repeat(n)));
    refuse("2 MB", long(2_000_000).as_bytes(), "cap.limit.octets");
    assert!(verdict(long(1_999_000).as_bytes(), Profile::Cap).valid());
    assert_eq!(
        verdict(long(256_000).as_bytes(), Profile::Oman(profile())).faults[0].code,
        "cap.limit.octets"
    );
}

#[test]
fn what_is_not_xml_is_said_to_be_none() {
    for (what, input) in [
        ("nothing", ""),
        ("white space", " \n"),
        ("words", "a flood is coming"),
        ("JSON", "{\"alert\":1}"),
        ("open root", "<alert>"),
        ("two roots", "<a/><b/>"),
        ("text after the root", "<a/>x"),
        ("reference after the root", "<a/>&lt;"),
        ("declaration after a space", " <?xml version=\"1.0\"?><a/>"),
        ("declaration twice", "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><a/>"),
        ("crossed tags", "<a><b></a></b>"),
        ("undeclared prefix", "<cap:alert/>"),
        ("attribute twice", "<a b=\"\" b=\"\"/>"),
        ("attribute without quotes", "<a b=c/>"),
        ("attribute with <", "<a b=\"<\"/>"),
        ("attribute with an unknown entity", "<a b=\"&x;\"/>"),
        ("bare ampersand", "<a>b & c</a>"),
        ("]]> in text", "<a>]]></a>"),
        ("-- in a comment", "<a><!-- -- --></a>"),
        ("open CDATA", "<a><![CDATA[x</a>"),
        ("open comment", "<a><!-- x</a>"),
        ("NUL", "<a>\0</a>"),
        ("control character", "<a>\u{1}</a>"),
        ("U+FFFE", "<a>\u{FFFE}</a>"),
        ("a name of digits", "<1a/>"),
        ("a quote in a name", "<a\"b/>"),
        ("a misspelt declaration", "<?xm\"l version='1.0'?><a/>"),
        ("a control character by reference in an attribute", "<a b=\"&#1;\"/>"),
        ("attributes without white space between", "<a b=\"\"c=\"\"/>"),
        ("a multiplication sign for a name", "<×/>"),
        ("two colons in a name", "<a xmlns:a=\"u\"><a:b:c/></a>"),
        ("nothing before a colon", "<:a/>"),
        ("nothing after a colon", "<a xmlns:b=\"u\"><b:/></a>"),
        ("an empty prefix declared", "<a xmlns:=\"u\"/>"),
        ("a prefix of digits declared", "<a xmlns:1=\"u\"/>"),
        ("an instruction named by a line separator", "<?\u{2028} x?><a/>"),
        ("an instruction with a colon in its name", "<?a:b x?><a/>"),
        ("a declaration without a version", "<?xml encoding='UTF-8'?><a/>"),
    ] {
        refuse(what, input.as_bytes(), "cap.xml");
    }
}

#[test]
fn only_utf_8_is_read() {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}", alert(""));
    let units: Vec<u16> = text.encode_utf16().collect();
    let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
    let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
    refuse("UTF-16 big", &big, "cap.encoding");
    refuse("UTF-16 little", &little, "cap.encoding");
    refuse("UTF-16 with a mark", &[&[0xFF, 0xFE][..], &little].concat(), "cap.encoding");
    refuse("declared UTF-16", text.as_bytes(), "cap.encoding");
    refuse("declared Windows-1256", text.replace("UTF-16", "windows-1256").as_bytes(), "cap.encoding");
    let ascii = text.replace("UTF-16", "US-ASCII");
    assert!(verdict(ascii.as_bytes(), Profile::Cap).valid());
    let arabic = ascii.replace("a@b", "ا@b");
    refuse("declared ASCII", arabic.as_bytes(), "cap.encoding");
    refuse("broken UTF-8", b"<alert>\xD8</alert>", "cap.encoding");
    refuse("surrogates in UTF-8", b"<alert>\xED\xA0\x80</alert>", "cap.encoding");
    let marked = [&b"\xEF\xBB\xBF"[..], alert("").as_bytes()].concat();
    assert!(verdict(&marked, Profile::Cap).valid());
}

#[test]
fn references_are_characters_or_faults() {
    let note = |inside: &str| verdict(alert(&format!("<note>{inside}</note>")).as_bytes(), Profile::Cap);
    let read = |inside: &str| note(inside).alert.and_then(|a| a.note);
    assert_eq!(read("a&lt;&gt;&amp;&apos;&quot;&#x628;&#65;").as_deref(), Some("a<>&'\"بA"));
    assert_eq!(read("<![CDATA[&lt;]]><!-- no -->x<?no?>").as_deref(), Some("&lt;x"));
    assert_eq!(read("a\r\nb\rc&#13;").as_deref(), Some("a\nb\nc\r"));
    for unknown in ["&nbsp;", "&x;", "&#0;", "&#1;", "&#xFFFF;", "&#xD800;", "&#x110000;", "&#99999999999;"] {
        let verdict = note(unknown);
        assert!(!verdict.readable && verdict.alert.is_none(), "{unknown}: {:?}", verdict.faults);
    }
}

#[test]
fn faults_are_listed_up_to_a_bound() {
    let (_, faults) = read(alert(&"<x/>".repeat(100_000)).as_bytes(), &Limits::cap());
    assert_eq!(faults.len(), 201);
    assert_eq!(faults[200].code, "cap.faults.more");
    let open = info(&"<polygon>1,1 2,2 2,1 1,2</polygon>".repeat(100)).repeat(3);
    let verdict = verdict(alert(&open).as_bytes(), Profile::Cap);
    let errors: Vec<&str> = verdict.faults.iter().filter(|f| f.is_error()).map(|f| f.code.as_str()).collect();
    assert_eq!((errors.len(), errors[200]), (201, "cap.faults.more"));
}

#[test]
fn warnings_refuse_nothing_by_their_number_and_hide_no_error() {
    let crossing = "<polygon>1,1 2,2 2,1 1,2 1,1</polygon>";
    let many = |last: &str| {
        let text = alert(&format!("{}{}", info(&crossing.repeat(90)).repeat(3), info(last)));
        verdict(text.as_bytes(), Profile::Cap)
    };
    let crossings =
        |verdict: &Verdict| verdict.faults.iter().filter(|f| f.code == "cap.polygon.crossing").count();
    let warned = many(crossing);
    assert!(warned.valid(), "{:?}", warned.faults.last());
    // Three infos have no `expires`, each before its polygons.
    assert_eq!(crossings(&warned), 197);
    assert_eq!(warned.faults.last().map(|f| f.code.as_str()), Some("cap.warnings.more"));
    let refused = many("<polygon>1,1 2,2</polygon>");
    assert!(!refused.valid());
    assert_eq!(refused.faults.last().map(|f| f.code.as_str()), Some("cap.polygon.points"));
}

#[test]
fn a_comb_of_long_teeth_is_searched_to_its_end() {
    let comb = |teeth: &[i32]| -> Vec<String> {
        let tooth = |i: &i32| format!("{},{} ", f64::from(*i) / 1000.0, if i % 2 == 0 { 50 } else { 60 });
        let text = alert(&info(&format!(
            "<polygon>{}49,61 -1,61 -1,50 0,50</polygon>",
            teeth.iter().map(tooth).collect::<String>()
        )));
        verdict(text.as_bytes(), Profile::Cap).faults.into_iter().map(|f| f.code).collect()
    };
    let mut teeth: Vec<i32> = (0..48_000).collect();
    let crossing = "cap.polygon.crossing".to_owned();
    assert!(!comb(&teeth).contains(&crossing));
    teeth.swap(20_000, 20_002);
    assert!(comb(&teeth).contains(&crossing));
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = verdict(&bytes, Profile::Oman(profile()));
    }

    #[test]
    fn no_xml_like_text_makes_it_panic(parts in proptest::collection::vec(0..TOKENS.len(), 0..60)) {
        let text: String = parts.into_iter().map(|i| TOKENS[i]).collect();
        let _ = verdict(text.as_bytes(), Profile::Oman(profile()));
        let _ = verdict(alert(&text).as_bytes(), Profile::Oman(profile()));
    }

    #[test]
    fn no_single_change_makes_it_panic(at in 0..1usize << 12, octet in any::<u8>()) {
        let mut bytes = alert(&info("<polygon>23,58 23,59 24,58 23,58</polygon><circle>23,58 4</circle>")).into_bytes();
        let at = at % bytes.len();
        bytes[at] = octet;
        let _ = verdict(&bytes, Profile::Oman(profile()));
    }
}

const TOKENS: &[&str] = &[
    "<alert>",
    "</alert>",
    "<info>",
    "</info>",
    "<area>",
    "</area>",
    "<polygon>",
    "</polygon>",
    "23,58 ",
    "<",
    ">",
    "&",
    ";",
    "&amp;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml",
    "?>",
    "\"",
    "=",
    " x",
    "<sent>",
    "</sent>",
    "2026-11-22T06:30:00+04:00",
    "<geocode>",
    "</geocode>",
    "<valueName>",
    "</valueName>",
    "ب",
    "🌊",
    "<expires/>",
    "<language/>",
    "<!DOCTYPE",
    "xmlns:a=\"b\"",
    "<a:b>",
    "\0",
    "\r\n",
];
