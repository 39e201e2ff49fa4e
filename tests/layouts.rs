//! The whole way once in each layout: how many phones of the model have the warning, on which radio, by when.
//!
//! The model's times hang on the seed alone; what this machine needs until the CBCs have accepted is measured and added.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::run;
use serde_json::Value;

/// A page on 2G (TS 45.002), and what the model adds at most around the pages of the first message: the way to the cell,
/// the wait for a slot, and the screen (docs/simulator.md, the radio model).
const PAGE_MS: u64 = 1_883;
const AROUND_MS: u64 = 300 + PAGE_MS + 900;

/// The demonstration's warning with a layout chosen for it.
fn laid_out(layout: &str) -> Vec<u8> {
    let cap = String::from_utf8(nadhir::demo::warning(None, chrono::Utc::now())).expect("UTF-8");
    let chosen =
        format!("<parameter><valueName>nadhir:layout</valueName><value>{layout}</value></parameter><area>");
    let laid = cap.replace("<area>", &chosen);
    assert_ne!(laid, cap, "no info was found to choose a layout in");
    laid.into_bytes()
}

async fn demo(layout: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("warning.xml");
    std::fs::write(&path, laid_out(layout)).expect("written");
    let path = path.to_str().expect("a path");
    let ended = run(&["demo", "--once", "--json", "--cap", path], b"").await;
    assert_eq!(ended.code, 0, "{layout}: {ended:?}");
    ended.json
}

fn number(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path} in {value}"))
}

/// Runs a layout; every lane must carry messages of these languages, and 4G and 5G must keep the promise.
async fn check(layout: &str, languages: &[&[&str]]) -> Value {
    let shown = demo(layout).await;
    for lane in shown["operators"].as_array().expect("lanes") {
        let messages = lane["messages"].as_array().expect("messages");
        let found: Vec<&Value> = messages.iter().map(|message| &message["languages"]).collect();
        let wanted: Vec<Value> = languages.iter().map(|group| serde_json::json!(group)).collect();
        assert_eq!(found, wanted.iter().collect::<Vec<_>>(), "{layout}");
    }
    for none in ["twice", "outside", "unreadable"] {
        assert_eq!(number(&shown, &format!("/phones/{none}")), 0, "{layout}: {none}");
    }
    for radio in ["4g", "5g"] {
        let of = |what: &str| number(&shown, &format!("/phones/by_radio/{radio}/{what}"));
        assert!(of("in_area") > 100, "{layout}: too few phones on {radio} to tell");
        assert!(of("within_10s") * 100 >= of("in_area") * 99, "{layout} on {radio}: {}", shown["phones"]);
    }
    shown
}

#[tokio::test]
async fn in_one_message_2g_waits_for_all_pages() {
    let shown = check("one", &[&["ar", "en", "hi", "ur"]]).await;
    let pages = number(&shown, "/operators/0/messages/0/pages");
    assert!(number(&shown, "/phones/by_radio/2g/p50_ms") >= pages * PAGE_MS, "{}", shown["phones"]);
}

#[tokio::test]
async fn in_pairs_the_first_two_languages_come_first() {
    check("pairs", &[&["ar", "en"], &["hi", "ur"]]).await;
}

#[tokio::test]
async fn each_on_its_own_brings_2g_its_first_message_within_the_budget_of_arabic() {
    let shown = check("each", &[&["ar"], &["en"], &["hi"], &["ur"]]).await;
    let of = |what: &str| number(&shown, &format!("/phones/by_radio/2g/{what}"));
    let pages = number(&shown, "/operators/0/messages/0/pages");
    let lanes = shown["operators"].as_array().expect("lanes");
    let accepted = lanes.iter().filter_map(|lane| lane["accepted_ms"].as_f64()).fold(0.0, f64::max);
    let budget = pages * PAGE_MS + AROUND_MS;
    assert!(of("displayed") >= of("in_area"), "some on 2G were never told: {}", shown["phones"]);
    let p95 = of("p95_ms") as f64;
    assert!(p95 <= budget as f64 + accepted, "{p95} ms, not {budget} and {accepted} ms: {}", shown["phones"]);
}
