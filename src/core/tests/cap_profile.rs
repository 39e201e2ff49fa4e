//! The national profile's table: what is shipped is read, what is damaged is refused with every fault, and each figure in it counts.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use nadhir_core::cap::{Category, National, Profile, ResponseType, verdict};
use nadhir_core::fault::Fault;
use serde_json::{Value, json};

const TABLE: &str = include_str!("../../../cap-schemas/oman.json");
const LISTS: &str = include_str!("../../../cap-schemas/lists.json");
const FLOOD: &str = include_str!("../../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");

fn table() -> Value {
    serde_json::from_str(TABLE).unwrap()
}

fn parse(table: &Value) -> Result<National, Vec<Fault>> {
    National::parse(table.to_string().as_bytes())
}

/// The codes of the flood's faults under a table that was changed.
fn flood(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut table = table();
    change(&mut table);
    let national = parse(&table).unwrap();
    let mut codes: Vec<String> =
        verdict(FLOOD.as_bytes(), Profile::Oman(&national)).faults.into_iter().map(|f| f.code).collect();
    codes.dedup();
    codes
}

#[test]
fn every_figure_and_list_of_the_table_counts() {
    assert_eq!(flood(|_| {}), Vec::<String>::new());
    assert_eq!(flood(|t| t["identifierArc"] = json!("1.2.")), ["oman.identifier.arc"]);
    let other = |t: &mut Value| {
        for field in ["deskSender", "drillSender"] {
            t[field] = json!("warnings@caa.gov.om");
        }
        t["senders"] = json!(["warnings@caa.gov.om"]);
    };
    assert_eq!(flood(other), ["oman.sender.unknown"]);
    assert_eq!(flood(|t| t["offsetsMinutes"] = json!([0])), ["oman.sent.offset"]);
    let french = json!([{ "code": "fr", "en": "French", "ar": "الفرنسية" }]);
    assert_eq!(flood(|t| t["languagesRequired"] = french), ["oman.language.missing", "oman.language.other"]);
    assert_eq!(flood(|t| t["languagesAccepted"] = json!([])), ["oman.language.other"]);
    assert_eq!(flood(|t| t["categories"] = json!(["Geo"])), ["oman.category.unknown"]);
    assert_eq!(flood(|t| t["eventList"] = json!("OET:v1.3")), ["oman.event_code.missing"]);
    assert_eq!(flood(|t| t["events"] = json!([])), ["oman.event_code.unknown"]);
    assert_eq!(flood(|t| t["headlineCharacters"] = json!(5)), ["cap.headline.long"]);
    assert_eq!(flood(|t| t["polygonPoints"] = json!(8)), ["cap.polygon.long"]);
    assert_eq!(flood(|t| t["expiresMinutes"] = json!(60)), ["oman.expires.long"]);
    for (limit, most, code) in [
        ("octets", 1000, "cap.limit.octets"),
        ("points", 8, "cap.limit.points"),
        ("infos", 2, "cap.limit.infos"),
        ("depth", 2, "cap.limit.depth"),
    ] {
        assert_eq!(flood(|t| t["limits"][limit] = json!(most)), [code]);
    }
}

#[test]
fn a_damaged_table_is_refused_with_all_its_faults() {
    let mut damaged = table();
    damaged["identifierArc"] = json!("2.49.0.1.512");
    damaged["senders"] = json!("everybody");
    damaged["categories"] = json!(["Met", "Weather"]);
    damaged["eventList"] = json!("SAME");
    damaged["expiresMinutes"] = json!(0);
    damaged["limits"]["points"] = json!(9_000_000);
    damaged["limits"]["pages"] = json!(1);
    damaged["levels"]["oman.scope"] = json!("fatal");
    damaged["levels"]["cap.polygon.open"] = json!("warning");
    damaged["levels"]["oman.moon"] = json!("error");
    damaged["parameters"][0]["statuses"] = json!(["Live"]);
    damaged["languagesAccepted"][0]["code"] = json!("ar");
    damaged["colour"] = json!("red");
    damaged.as_object_mut().unwrap().remove("headlineCharacters");
    let mut faults: Vec<String> =
        parse(&damaged).unwrap_err().iter().map(|f| format!("{} {}", f.code, f.place)).collect();
    faults.sort();
    assert_eq!(
        faults,
        [
            "profile.missing profile/headlineCharacters",
            "profile.unknown profile/colour",
            "profile.unknown profile/limits/pages",
            "profile.value profile/categories[2]",
            "profile.value profile/deskSender",
            "profile.value profile/drillSender",
            "profile.value profile/eventList",
            "profile.value profile/expiresMinutes",
            "profile.value profile/identifierArc",
            "profile.value profile/languagesAccepted",
            "profile.value profile/levels",
            "profile.value profile/levels",
            "profile.value profile/levels",
            "profile.value profile/levels/oman.scope",
            "profile.value profile/limits",
            "profile.value profile/parameters[1]",
            "profile.value profile/senders",
        ]
    );
    for no_table in ["", "[]", "{\"name\":", "null"] {
        assert_eq!(National::parse(no_table.as_bytes()).unwrap_err().len(), 1, "{no_table}");
    }
}

#[test]
fn a_table_by_which_nothing_could_be_sent_is_refused() {
    let check = |change: fn(&mut Value), place: &str| {
        let mut damaged = table();
        change(&mut damaged);
        let faults: Vec<String> = parse(&damaged).unwrap_err().into_iter().map(|f| f.place).collect();
        assert_eq!(faults, [format!("profile/{place}")]);
    };
    check(|t| t["identifierArc"] = json!("2.49 0."), "identifierArc");
    check(|t| t["senders"].as_array_mut().unwrap().push(json!("CAA Oman")), "senders");
    check(|t| t["languagesRequired"] = json!([]), "languagesRequired");
    check(|t| t["languagesRequired"][0]["code"] = json!("AR"), "languagesRequired");
    check(|t| t["polygonPoints"] = json!(3), "polygonPoints");
    check(|t| t["levels"]["oman.parity.area"] = json!("warning"), "levels");
}

#[test]
fn the_code_lists_are_the_standards_and_the_profiles_terms_are_among_them() {
    let lists: Value = serde_json::from_str(LISTS).unwrap();
    let codes = |list: &str| -> Vec<String> {
        let words = |item: &Value| {
            for language in ["en", "ar"] {
                assert!(item[language].as_str().is_some_and(|w| !w.is_empty()), "{list}: {item}");
            }
            item["code"].as_str().unwrap().to_owned()
        };
        lists[list].as_array().unwrap().iter().map(words).collect()
    };
    assert_eq!(codes("category"), Category::ALL.iter().map(|c| c.word()).collect::<Vec<_>>());
    assert_eq!(codes("responseType"), ResponseType::ALL.iter().map(|c| c.word()).collect::<Vec<_>>());
    assert_eq!(codes("status"), nadhir_core::cap::Status::ALL.iter().map(|c| c.word()).collect::<Vec<_>>());
    assert_eq!(codes("msgType"), nadhir_core::cap::MsgType::ALL.iter().map(|c| c.word()).collect::<Vec<_>>());
    assert_eq!(codes("scope"), nadhir_core::cap::Scope::ALL.iter().map(|c| c.word()).collect::<Vec<_>>());
    assert_eq!(codes("urgency"), nadhir_core::cap::Urgency::ALL.iter().map(|c| c.word()).collect::<Vec<_>>());
    assert_eq!(
        codes("severity"),
        nadhir_core::cap::Severity::ALL.iter().map(|c| c.word()).collect::<Vec<_>>()
    );
    assert_eq!(
        codes("certainty"),
        nadhir_core::cap::Certainty::ALL.iter().map(|c| c.word()).collect::<Vec<_>>()
    );
    let terms = lists["eventCode"].as_array().unwrap();
    for term in table()["events"].as_array().unwrap() {
        assert!(terms.contains(term), "{term} is not in the list, or has other words there");
    }
}

/// Path and times of every element, as the schema says them.
fn schema_rows() -> Vec<(String, String)> {
    const SCHEMA: &str = include_str!("../../../cap-schemas/cap-1.2.xsd");
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let (_, after) = tag.split_once(&format!("{name}=\""))?;
        after.split_once('"').map(|(value, _)| value.to_owned())
    };
    let elements = |kind: &str| -> Vec<String> {
        let (_, body) = SCHEMA.split_once(&format!("<xs:complexType name=\"{kind}\">")).unwrap();
        let (body, _) = body.split_once("</xs:complexType>").unwrap();
        body.lines().filter(|line| line.contains("<xs:element name=")).map(str::to_owned).collect()
    };
    let mut rows = vec![("alert".to_owned(), "1".to_owned())];
    let mut add = |above: &str, tag: &str| -> String {
        let path = format!("{above}/{}", attribute(tag, "name").unwrap());
        let must = attribute(tag, "minOccurs").is_none();
        let times = match (must, attribute(tag, "maxOccurs").is_some()) {
            (true, false) => "1",
            (false, false) => "0..1",
            (true, true) => "1..n",
            (false, true) => "0..n",
        };
        rows.push((path.clone(), times.to_owned()));
        path
    };
    for tag in elements("Alert") {
        let path = add("alert", &tag);
        for tag in if path == "alert/info" { elements("Info") } else { vec![] } {
            let path = add(&path, &tag);
            let kind = match path.as_str() {
                "alert/info/resource" => Some("Resource"),
                "alert/info/area" => Some("Area"),
                _ => None,
            };
            for tag in kind.map(elements).unwrap_or_default() {
                add(&path, &tag);
            }
        }
    }
    rows
}

#[test]
fn the_dictionary_and_the_schema_say_the_same() {
    const DICTIONARY: &str = include_str!("../../../cap-schemas/dictionary.md");
    let rows: Vec<Vec<&str>> = DICTIONARY
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let told: Vec<(String, String)> =
        rows.iter().map(|row| (row[0].trim_matches('`').to_owned(), row[1].to_owned())).collect();
    assert_eq!(told, schema_rows());
    assert!(rows.iter().all(|row| row.len() == 6 && row.iter().all(|cell| !cell.is_empty())));
}

/// What the profile says of the flood after changes, each made wherever it stands; every code once.
fn changed(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = FLOOD.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let national = parse(&table()).unwrap();
    let faults = verdict(text.as_bytes(), Profile::Oman(&national)).faults;
    let mut codes: Vec<String> = faults.into_iter().map(|f| f.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// The same, with a change in the first language alone.
fn changed_in_one(from: &str, to: &str) -> Vec<String> {
    let (before, after) = FLOOD.split_once(from).unwrap();
    changed(&[(FLOOD, &format!("{before}{to}{after}"))])
}

#[test]
fn languages_tell_of_one_event_however_each_orders_and_abbreviates_it() {
    // What holds from the time of sending may say so or not.
    assert_eq!(changed_in_one("<effective>2026-11-22T06:30:00+04:00</effective>", ""), [""; 0]);
    assert_eq!(
        changed_in_one("<effective>2026-11-22T06:30:00+04:00<", "<effective>2026-11-22T02:30:00-00:00<"),
        [""; 0]
    );
    assert_eq!(
        changed_in_one("<effective>2026-11-22T06:30:00+04:00<", "<effective>2026-11-22T06:31:00+04:00<"),
        ["oman.parity.effective"]
    );
    let area =
        |polygon: &str| format!("<area><areaDesc>d</areaDesc><polygon>{polygon}</polygon></area></info>");
    let [a, b] = ["23,58 23.5,58 23.5,58.5 23,58", "22,58 22.5,58 22.5,58.5 22,58"].map(area);
    let a_alone = a.trim_end_matches("</info>");
    let b_alone = b.trim_end_matches("</info>");
    let (ab, ba, aa) = (format!("{a_alone}{b}"), format!("{b_alone}{a}"), format!("{a_alone}{a}"));
    let first = |one: &str, all: &str| {
        let text = FLOOD.replacen("</info>", one, 1);
        let (head, rest) = text.split_at(text.find(one).unwrap() + one.len());
        changed(&[(FLOOD, &format!("{head}{}", rest.replace("</info>", all)))])
    };
    assert_eq!(first(&ab, &ab), [""; 0]);
    assert_eq!(first(&ba, &ab), [""; 0]);
    // As often as the others have it, and no oftener.
    assert_eq!(first(&aa, &ab), ["oman.parity.area"]);
    assert_eq!(first(&a, &ab), ["oman.parity.area"]);
}

#[test]
fn an_event_has_one_term_by_the_name_of_its_list() {
    for name in ["OET", "OETxyz", "OET:v1.1", "oet:v1.2", "OET:v1.2 "] {
        assert_eq!(
            changed(&[("<valueName>OET:v1.2<", &format!("<valueName>{name}<"))]),
            ["oman.event_code.missing"]
        );
    }
    // Codes of other lists stand beside it.
    let other = "<eventCode><valueName>SAME</valueName><value>FFW</value></eventCode><effective>";
    assert_eq!(changed(&[("<effective>", other)]), [""; 0]);
    let second = "<eventCode><valueName>OET:v1.2</valueName><value>OET-159</value></eventCode><effective>";
    assert_eq!(changed(&[("<effective>", second)]), ["oman.event_code.several"]);
}

#[test]
fn a_code_need_not_name_the_profile_and_names_no_other_version() {
    let with = |code: &str| {
        changed(&[("<scope>Public</scope>", &format!("<scope>Public</scope><code>{code}</code>"))])
    };
    for code in ["nadhir-oman-1", "nadhir-oman-", "nadhir-oman-one", "IPAWSv1.0"] {
        assert_eq!(with(code), [""; 0], "{code}");
    }
    assert_eq!(with("nadhir-oman-2"), ["oman.code.other"]);
    assert_eq!(with("nadhir-oman-10"), ["oman.code.other"]);
}

#[test]
fn what_nobody_sees_is_no_headline_and_no_text() {
    let (start, end) = (FLOOD.find("<headline>").unwrap() + 10, FLOOD.find("</headline>").unwrap());
    let headline = |text: &str| changed(&[(&FLOOD[start..end], text)]);
    for unseen in ["", " ", "\u{200b}\u{200f}", "\u{feff}", "\u{202b} \u{202c}", "\u{ad}\u{2060}\u{fe0f}"] {
        assert_eq!(headline(unseen), ["oman.headline.missing"], "{unseen:?}");
    }
    assert_eq!(headline("\u{200f}س\u{200f}"), [""; 0]);
}

#[test]
fn a_parameter_of_this_system_is_one_that_an_author_writes() {
    let with = |name: &str, value: &str| {
        let parameter =
            format!("<parameter><valueName>{name}</valueName><value>{value}</value></parameter>\n    <area>");
        changed(&[("<area>", &parameter)])
    };
    for (name, value) in
        [("nadhir:class", "live"), ("nadhir:layout", "each"), ("nadhir:text", "06:30"), ("other:clas", "x")]
    {
        assert_eq!(with(name, value), [""; 0], "{name}");
    }
    for name in ["nadhir:clas", "nadhir:", "nadhir:Class", "nadhir:page"] {
        assert_eq!(with(name, "live"), ["oman.parameter.unknown"], "{name}");
    }
    assert_eq!(with("nadhir:class", "drill"), ["oman.parameter.value"]);
}

#[test]
fn a_ring_without_area_goes_around_nothing() {
    let start = FLOOD.find("<polygon>").unwrap() + 9;
    let end = FLOOD.find("</polygon>").unwrap();
    let ring = |points: &str| changed(&[(&FLOOD[start..end], points)]);
    assert_eq!(ring("23,58 23,58 23,58 23,58"), ["cap.polygon.flat"]);
    // There and back; and three points in a row, which the ring passes twice.
    for meets in ["23,58 23.5,58 23,58 23,58", "23,58 23.5,58 23.5,58 23,58", "23,58 24,59 25,60 23,58"] {
        let codes = ring(meets);
        assert!(codes.len() == 1 && codes[0].starts_with("cap.polygon."), "{meets}: {codes:?}");
    }
    assert_eq!(ring("23,58 23.5,58 23.5,58.5 23,58"), [""; 0]);
}

#[test]
fn an_identifier_has_the_time_of_sent_by_oman_s_clock() {
    let national = parse(&table()).unwrap();
    let at = |text: &str| nadhir_core::cap::CapTime::parse(text).unwrap().utc();
    // As in the first sample; and past midnight in Muscat.
    assert!(FLOOD.contains("<identifier>2.49.0.1.512.0.20261122063000.1<"));
    assert_eq!(national.identifier(0, at("2026-11-22T06:30:00+04:00"), 1), "2.49.0.1.512.0.20261122063000.1");
    assert_eq!(
        national.identifier(7, at("2026-12-31T20:00:01-00:00"), 12),
        "2.49.0.1.512.7.20270101000001.12"
    );
}

#[test]
fn what_rests_on_a_value_that_cannot_be_read_is_not_said() {
    let (before, after) = FLOOD.split_once("<effective>2026-11-22T06:30:00+04:00</effective>").unwrap();
    let one_without = format!("{before}{after}");
    let sent = ("<sent>2026-11-22T06:30:00+04:00<", "<sent>at dawn<");
    assert_eq!(changed(&[(FLOOD, &one_without), sent]), ["cap.value.time"]);
    // Whether a message without info tells anybody anything hangs on its status.
    let (head, _) = FLOOD.split_once("  <info>").unwrap();
    let bare = format!("{head}</alert>");
    assert_eq!(changed(&[(FLOOD, &bare), ("<status>Actual<", "<status>Asleep<")]), ["cap.value.word"]);
    assert_eq!(changed(&[(FLOOD, &bare)]), ["cap.info.missing", "oman.info.missing"]);
    assert_eq!(changed(&[(FLOOD, &bare), ("<status>Actual<", "<status>System<")]), [""; 0]);
}
