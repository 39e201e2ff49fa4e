//! What the program can say of a fault is said in both languages: no code without its Arabic words.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

use nadhir_core::cap::codes;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a document, a form, a text or a drill can be faulted for. The codes of files that a machine's own administrator
/// writes - cell list, regions, profile, configuration - are told on the command line, in its language.
const ROOMS: &[&str] =
    &["area", "cap", "cbs", "chain", "clock", "drill", "form", "intake", "oman", "warning"];

/// Codes whose end is made elsewhere than their beginning: the beginning, the file, and every end.
const COMPOSED: &[(&str, &str, &[&str])] = &[
    (
        "cbs.channel.",
        "src/core/cbs/whitelist.rs",
        &[
            "all_clear",
            "certainty",
            "disagree",
            "msg_type",
            "no_info",
            "predecessor",
            "scope",
            "severity",
            "status",
            "urgency",
        ],
    ),
    ("cbs.choice.", "src/core/cbs/rules.rs", &["differs", "drop", "layout"]),
    (
        "cbs.text.",
        "src/core/cbs/text.rs",
        &[
            "beyond_bmp",
            "bidi",
            "bom",
            "control",
            "link",
            "noncharacter",
            "presentation_form",
            "private_use",
            "telephone",
        ],
    ),
    (
        "cbs.text.changed.",
        "src/core/cbs/text.rs",
        &["composed", "line_end", "quote", "special_space", "tab", "tashkeel", "tatweel", "trailing_space"],
    ),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program's own files, without their tests.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        // The doctor's looks have names of the same form, and are no faults.
        if path.is_dir() && !["tests", "examples", "benches", "doctor"].contains(&name.as_str()) {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !name.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            let place = path.strip_prefix(root()).expect("in the tree").to_string_lossy().into_owned();
            found.push((place, code));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&root().join("src"), &mut found);
    found
}

/// Whether it may be the code of a fault: `room.what.more`.
fn is_dotted(text: &str) -> bool {
    let mut parts = text.split('.');
    let file = ["html", "json", "rs", "sql", "toml"].iter().any(|end| text.ends_with(&format!(".{end}")));
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    parts.next().is_some_and(|room| ROOMS.contains(&room)) && text.contains('.') && parts.all(word) && !file
}

/// Every code a fault or a problem can have, and a file that says it.
fn said() -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    for (place, code) in all_sources() {
        let literals = code.split('"').skip(1).step_by(2);
        said.extend(literals.filter(|l| is_dotted(l)).map(|l| (l.to_owned(), place.clone())));
        // A problem: a status, then its code.
        for after in code.split("StatusCode::").skip(1) {
            let after = after.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_');
            let literal = after.strip_prefix(',').and_then(|rest| rest.trim_start().strip_prefix('"'));
            let literal = literal.and_then(|rest| rest.split('"').next());
            said.extend(literal.map(|l| (l.to_owned(), place.clone())));
        }
    }
    for (begin, place, ends) in COMPOSED {
        said.extend(ends.iter().map(|end| (format!("{begin}{end}"), (*place).to_owned())));
    }
    said
}

fn table(language: &str) -> toml::Table {
    let path = root().join(format!("console/locales/{language}.toml"));
    std::fs::read_to_string(path).expect("a file of words").parse().expect("TOML")
}

fn words(language: &str, table_name: &str) -> BTreeSet<String> {
    let words = table(language);
    let words = words.get(table_name).and_then(|table| table.as_table());
    words.into_iter().flatten().map(|(code, _)| code.clone()).collect()
}

#[test]
fn every_code_that_can_be_said_has_arabic_words() {
    let said = said();
    for known in ["intake.scope", "chain.over", "area.polygon.crosses", "no_intake", "own_warning"] {
        assert!(said.contains_key(known), "{known} is not found any more: is the search still right?");
    }
    let (pages, alone) = (words("ar", "faults"), words("ar", "in_arabic"));
    let told = |code: &String| pages.contains(code) || alone.contains(code) || codes::find(code).is_some();
    let silent: Vec<_> = said.iter().filter(|(code, _)| !told(code)).collect();
    assert!(silent.is_empty(), "no Arabic words in console/locales/ar.toml: {silent:#?}");
    let twice: Vec<_> =
        alone.iter().filter(|code| pages.contains(*code) || codes::find(code).is_some()).collect();
    assert!(twice.is_empty(), "told in two places: {twice:?}");
    let all = all_sources();
    let is_said = |code: &String| {
        said.contains_key(code) || all.iter().any(|(_, text)| text.contains(&format!("\"{code}\"")))
    };
    let unsaid: Vec<_> = alone.iter().filter(|code| !is_said(code)).collect();
    assert!(unsaid.is_empty(), "words of what nobody says: {unsaid:?}");
    assert!(words("en", "in_arabic").is_empty(), "in English a fault says it itself");
}

#[test]
fn words_in_arabic_are_arabic() {
    for (code, words) in table("ar")["in_arabic"].as_table().expect("a table") {
        let words = words.as_str().expect("words");
        assert!(words.chars().any(|c| ('\u{600}'..='\u{6FF}').contains(&c)), "{code}: {words}");
        assert!(words.ends_with('.'), "{code}: {words}");
    }
}

/// A code put together anew would be missed above.
#[test]
fn codes_are_put_together_in_these_places_alone() {
    let mut found = BTreeSet::new();
    for (place, code) in all_sources() {
        for literal in code.split('"').skip(1).step_by(2) {
            let begin = literal.strip_suffix("{code}").filter(|begin| begin.ends_with('.'));
            if let Some(begin) = begin.filter(|begin| ROOMS.iter().any(|room| begin.starts_with(room))) {
                found.insert((begin.to_owned(), place.clone()));
            }
        }
    }
    let known = COMPOSED.iter().map(|(begin, place, _)| ((*begin).to_owned(), (*place).to_owned())).collect();
    assert_eq!(found, known);
    for (begin, place, ends) in COMPOSED {
        let code = std::fs::read_to_string(root().join(place)).expect("text")
            + &std::fs::read_to_string(root().join("src/core/cbs/rules.rs")).expect("text");
        for end in *ends {
            assert!(code.contains(&format!("\"{end}\"")), "{begin}{end} is not in {place}");
        }
    }
}
