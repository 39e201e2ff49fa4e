//! Files as the command line is given them: whatever they are called, how long they are, what GeoJSON in them changes.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::{House, nadhir};
use common::operators::Operators;
use common::{ask, client};
use nadhir_core::cap::{self, Limits};
use serde_json::Value;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::Output;

const NEIGHBOUR: &[u8] = include_bytes!("../src/core/tests/foreign/wmo-composer.xml");

async fn run(arguments: &[&OsStr]) -> Output {
    nadhir().args(arguments).output().await.expect("it ends")
}

#[tokio::test]
async fn every_file_is_judged_whatever_it_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let names: [&[u8]; 4] = [b"good.xml", b"q\xff.xml", b"\x1b]0;x\x07.xml", "\u{202e}lmx.xml".as_bytes()];
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.path().join(OsStr::from_bytes(name))).collect();
    for path in &paths {
        std::fs::write(path, NEIGHBOUR).expect("written");
    }
    let files: Vec<&OsStr> = paths.iter().map(|path| path.as_os_str()).collect();
    let check = |more: &'static [&'static str]| {
        let words = ["alert", "check", "--profile", "cap"].iter().chain(more).map(OsStr::new);
        words.chain(files.iter().copied()).collect::<Vec<_>>()
    };
    let json = run(&check(&["--json"])).await;
    let lines = String::from_utf8(json.stdout).expect("text");
    let told: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((json.status.code(), told.len()), (Some(0), 4), "{lines}");
    assert!(told[1]["file"].as_str().expect("a name").ends_with("q\u{fffd}.xml"), "{lines}");

    // For a person: nothing in a name is obeyed by the terminal.
    let words = String::from_utf8(run(&check(&[])).await.stdout).expect("text");
    assert_eq!(words.matches(": valid").count(), 4, "{words}");
    let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!words.contains(obeyed), "{words:?}");
    let gone = folder.path().join(OsStr::from_bytes(b"\x1b]0;gone\x07"));
    let missing =
        run(&["alert", "intake"].map(OsStr::new).into_iter().chain([gone.as_os_str()]).collect::<Vec<_>>())
            .await;
    let words = String::from_utf8(missing.stderr).expect("text");
    assert!(words.contains("gone") && !words.contains('\u{1b}'), "{words:?}");
}

#[tokio::test]
async fn a_long_alert_comes_in_over_the_api_as_from_a_file() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let most = Limits::cap().octets;
    let long = |octets: usize| {
        let text = String::from_utf8(NEIGHBOUR.to_vec()).expect("text");
        let pad = octets - text.len() - "<!---->".len();
        text.replace("</alert>", &format!("<!--{}--></alert>", "x".repeat(pad))).into_bytes()
    };
    let bring = async |cap: Vec<u8>| {
        let request = client().post(hub.api("/v1/intake")).bearer_auth(&house.author);
        ask(request.header("content-type", "application/cap+xml").body(cap)).await
    };
    let over = bring(long(most + 1)).await;
    assert_eq!(
        (over.status, over.body["errors"][0]["code"].as_str()),
        (413, Some("cap.limit.octets")),
        "{over:?}"
    );
    assert!(over.body["errors"][0]["detail"].as_str().expect("words").contains("2000000"), "{over:?}");
    let whole = bring(long(most)).await;
    assert_eq!((whole.status, whole.body["readable"].as_bool()), (201, Some(true)), "{whole:?}");
}

#[tokio::test]
async fn a_hole_that_is_filled_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hole.json");
    let hole = r#"{"type":"Polygon","coordinates":[[[58,23],[59,23],[59,24],[58,24],[58,23]],
        [[58.4,23.4],[58.6,23.4],[58.6,23.6],[58.4,23.6],[58.4,23.4]]]}"#;
    std::fs::write(&file, hole).expect("written");
    let made = run(&[OsStr::new("area"), OsStr::new("from-geojson"), file.as_os_str()]).await;
    let line: Value = serde_json::from_slice(&made.stdout).expect("JSON");
    assert_eq!(
        (made.status.code(), line["faults"][0]["code"].as_str()),
        (Some(0), Some("geojson.hole")),
        "{line}"
    );
    let words = String::from_utf8(made.stderr).expect("text");
    assert!(words.contains("the hole is filled"), "{words}");
    assert!(cap::Ring::parse(line["polygons"][0].as_str().expect("a ring")).is_ok(), "{line}");
}
