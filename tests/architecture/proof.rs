//! Proof that each rule can fail, and fails only for what it forbids: a row is a file and what the rule must say of it.

use crate::rules;
use crate::source::Source;

/// Runs a rule over a made-up file; `said` is a part of its only fault, or nothing.
fn row(rule: impl Fn(&Source) -> Vec<String>, path: &str, text: &str, said: Option<&str>) {
    let faults = rule(&Source::new(path, text));
    match said {
        None => assert!(faults.is_empty(), "{path} {text:?}: {faults:?}"),
        Some(words) => {
            assert_eq!(faults.len(), 1, "{path} {text:?}: {faults:?}");
            assert!(faults[0].starts_with(path) && faults[0].contains(words), "{faults:?} lacks {words:?}");
        }
    }
}

#[test]
fn first_line() {
    let check = |text, said| row(rules::first_line, "src/a.rs", text, said);
    check("//! One operator, one session: what to say next.\n", None);
    check("fn main() {}\n", Some("opens without"));
    check("/// A doc of the next item.\n", Some("opens without"));
    check("\n//! One operator, one session.\n", Some("opens without"));
    check("//! Operators.\n", Some("too short"));
    check("//! area: to come, in another commit.\n", Some("promise"));
}

#[test]
fn file_name() {
    let check = |path, said| row(rules::file_name, path, "", said);
    check("src/http/problem.rs", None);
    check("src/http/utils.rs", Some("says nothing"));
    check("src/helpers.rs", Some("says nothing"));
}

#[test]
fn lists_only() {
    let check = |text, said| row(rules::lists_only, "src/lib.rs", text, said);
    check("/// The fn of it.\npub mod store;\npub use store::Store;\n", None);
    check("pub mod store;\npub fn open() {}\n", Some(":2:"));
    check("pub struct Error;\n", Some("struct"));
}

#[test]
fn leftovers() {
    let check = |text, said| row(rules::leftovers, "src/a.rs", text, said);
    check("let s = \"FIXME and todo! are words here\";\nlet country = 'X';\n", None);
    check("// the size of a MAXXXL buffer\n", None);
    check("fn a() { todo!() }\n", Some("todo!"));
    check("fn a() {}\n// FIXME: later\n", Some(":2: FIXME"));
    check("#[ignore = \"slow\"]\nfn a() {}\n", Some("#[ignore"));
    check("dbg!(a);\n", Some("dbg!"));
    check("/* XXX */\n", Some("XXX"));
}

#[test]
fn outside() {
    let beside = concat!("../", "shared", "/vectors/gsm7.json");
    row(rules::outside, "tests/a.rs", &format!("read(\"{beside}\")\n"), Some("outside the repository"));
    row(rules::outside, "docs/A.md", &format!("see {beside}\n"), Some(":1:"));
    row(rules::outside, "src/a.rs", "crate::unshared / 2; // shared by both\n", None);
}

#[test]
fn names_none() {
    let never = &[
        ("std::fs", "no file"),
        ("Utc::now", "no clock"),
        ("rand::", "no chance"),
        ("include_str", "no file"),
    ];
    let check = |text, said| row(|f| rules::names_none(f, never), "src/core/a.rs", text, said);
    check("use std::fmt;\nfn rand(now: Utc) { rand + fs }\n", None);
    check(
        "// std::fs is not named, Utc::now() neither\nlet s = \"std::fs\";\nlet r = r#\"Utc::now \"quoted\"\"#;\n",
        None,
    );
    check("#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn a() { { Utc::now(); } }\n}\n", None);
    check("use std::fs;\n", Some(":1: names std::fs"));
    check(
        "\nuse std::{\n    collections::{BTreeMap, HashMap},\n    fs::{self},\n};\n",
        Some(":2: names std::fs"),
    );
    check("let t = chrono::Utc::now();\n", Some("no clock"));
    check("let c = '\"'; let t = Utc::now(); let d = '\"';\n", Some("no clock"));
    check("fn a<'a>(x: &'a str) -> u8 { rand::random() }\n", Some("no chance"));
    check("const A: &str = include_str!(\"a\");\n", Some("include_str"));
    check("#[cfg(test)]\nmod tests;\nfn a() { std::fs::read(1); }\n", Some(":3: names std::fs"));
}

#[test]
fn test_modules() {
    let check =
        |path, text, said: &[&str]| assert_eq!(Source::new(path, text).test_modules(), said, "{path}");
    check("src/core/area/mod.rs", "mod index;\n#[cfg(test)]\nmod tests {\n    mod x;\n}\n", &[]);
    check(
        "src/core/area/mod.rs",
        "#[cfg(test)]\nmod a;\nmod b;\n",
        &["src/core/area/a.rs", "src/core/area/a/mod.rs"],
    );
    check(
        "src/store/chain.rs",
        "#[cfg(test)] pub(crate) mod a;",
        &["src/store/chain/a.rs", "src/store/chain/a/mod.rs"],
    );
}

#[test]
fn lives_in() {
    let check = |path, text, said| row(|f| rules::lives_in(f, "lapin", &["src/amqp/"]), path, text, said);
    check("src/amqp/link.rs", "use lapin::Channel;\n", None);
    check("src/store/mod.rs", "// lapin is elsewhere\n", None);
    check("src/store/mod.rs", "use lapin as broker;\n", Some("named only in src/amqp/"));
    check("benches/floor.rs", "fn a(c: ::lapin::Channel) {}\n", Some("named only in"));
}

#[test]
fn import_order() {
    let rooms: &[rules::Room] = &[("store", ""), ("dispatch", "store"), ("http", "dispatch store")];
    let check = |path, text, said| row(|f| rules::import_order(f, "src/", rooms), path, text, said);
    check("src/http/pages.rs", "use crate::{dispatch::Relay, store::Store};\nuse super::problem;\n", None);
    check("src/dispatch/relay.rs", "use crate::store::Store;\nuse super::http;\nuse crate::clock;\n", None);
    check("src/main.rs", "use nadhir::http;\n", None);
    check(
        "src/dispatch/relay.rs",
        "use crate::{\n    http::Problem,\n};\n",
        Some(":1: dispatch may not import http"),
    );
    check("src/dispatch/relay.rs", "fn a() -> super::super::http::Page {}\n", Some("may not import http"));
    check("src/store/mod.rs", "use super::dispatch;\n", Some("store may not import dispatch"));
    check(
        "src/store.rs",
        "\nfn a() { crate::dispatch::wake(); }\n",
        Some(":2: store may not import dispatch"),
    );
    check("src/attic/mod.rs", "", Some("has no room attic"));
}

#[test]
fn order_is_sound() {
    let check = |rooms: &[rules::Room], said: Option<&str>| {
        let faults = rules::order_is_sound(rooms).join("\n");
        assert!(said.map_or(faults.is_empty(), |words| faults.contains(words)), "{faults}");
    };
    check(&[("a", "b"), ("b", "")], None);
    check(&[("a", "b"), ("b", "a")], Some("a circle among a, b"));
    check(&[("a", "c")], Some("which the plan does not have"));
}

#[test]
fn lengths() {
    let check = |lines: &[usize], long: &[(&str, &str)], said: Option<&str>| {
        let files: Vec<(String, usize)> =
            lines.iter().enumerate().map(|(n, l)| (format!("f{n}.rs"), *l)).collect();
        let faults = rules::lengths(&files, long).join("\n");
        assert!(said.map_or(faults.is_empty(), |words| faults.contains(words)), "{lines:?}: {faults}");
    };
    check(&[100, 100, 100, 100, 100, 100, 160, 160, 160, 310], &[], None);
    check(&[100, 100, 100, 100, 100, 100, 100, 100, 301, 301], &[], Some("one in ten"));
    check(&[100, 151, 151], &[], Some("half"));
    check(&[100, 401], &[], Some("f1.rs: 401 lines"));
    check(&[401, 9, 9, 9, 9, 9, 9, 9, 9, 9], &[("f0.rs", "a table")], None);
    check(&[100, 100], &[("f0.rs", "a table")], Some("without need"));
}

#[test]
fn wall() {
    let manifest = "[dependencies]\ngeo.workspace = true\ntokio = { version = \"1\" }\n\n[dev-dependencies]\naxum = \"1\"\n";
    let check = |allowed: &[&str], said| {
        row(|f| rules::wall(f, "dependencies", allowed), "Cargo.toml", manifest, said);
    };
    check(&["geo", "tokio"], None);
    check(&["geo"], Some("names tokio"));
}

#[test]
fn banned() {
    let deny = "deny = [\n  { crate = \"cmake\", reason = \"C\" },\n]\n";
    assert_eq!(rules::banned(deny, "name = \"cmake-tools\"\n"), Vec::<String>::new());
    assert_eq!(rules::banned(deny, "[[package]]\nname = \"cmake\"\n").len(), 1);
}
