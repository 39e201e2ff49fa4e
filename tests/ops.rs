//! What keeps a deployment alive, on a real hub: doctor, backup and restore, the files of deploy/. How each is done is not tested here.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test tells a fault by panicking")]

#[path = "ops/deploy.rs"]
mod deploy;
#[path = "ops/regions.rs"]
mod regions;
#[path = "ops/site.rs"]
mod site;

use serde_json::Value;
use site::{Site, nadhir};
use std::path::Path;
use std::time::{Duration, Instant};

/// The rows of a doctor's report: check, about, level.
fn levels(report: &Value) -> Vec<(String, String, String)> {
    let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = report["rows"].as_array().expect("rows");
    rows.iter().map(|row| (word(row, "check"), word(row, "about"), word(row, "level"))).collect()
}

fn level(report: &Value, check: &str, about: &str) -> String {
    let rows = levels(report);
    let found = rows.iter().find(|(c, a, _)| c == check && a.contains(about));
    found.unwrap_or_else(|| panic!("no row {check} about {about}: {rows:?}")).2.clone()
}

/// What failed, but for the disk: how quick that is, is this machine's affair.
fn failed(report: &Value) -> Vec<(String, String)> {
    let rows = levels(report).into_iter().filter(|(check, _, level)| level == "fail" && check != "disk");
    rows.map(|(check, about, _)| (check, about)).collect()
}

async fn doctor(site: &Site) -> Value {
    doctor_of(site, &[]).await
}

async fn doctor_of(site: &Site, more: &[&str]) -> Value {
    let config = site.config();
    let words = [&["doctor", "--json", "--config", &config], more].concat();
    let done = nadhir(&words).await;
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{e}: {}", done.stdout));
    let any = levels(&report).iter().any(|(_, _, level)| level == "fail");
    assert_eq!(done.code, Some(i32::from(any)), "{report:#}");
    report
}

#[tokio::test]
async fn a_good_site_is_found_good() {
    let mut site = Site::new().await;
    site.serve().await;
    let report = doctor(&site).await;
    assert_eq!(failed(&report), [], "{report:#}");
    for (check, about) in [
        ("config", ""),
        ("clock", "wall"),
        ("record", "record.sqlite"),
        ("codes", "record.sqlite"),
        ("regions", "built in"),
        ("hub", ""),
    ] {
        assert_eq!(level(&report, check, about), "ok", "{check}: {report:#}");
    }
    for operator in site::OPERATORS {
        assert_eq!(level(&report, "cells", operator), "ok");
        assert_eq!(level(&report, "cbc", operator), "ok");
    }
    let row = |check: &str| {
        report["rows"].as_array().unwrap().iter().find(|r| r["check"] == check).unwrap().clone()
    };
    assert_eq!(row("disk")["figure"]["writes"], 20);
    assert!(row("disk")["figure"]["p99_ms"].as_f64() >= row("disk")["figure"]["p50_ms"].as_f64());
    assert_eq!(row("record")["figure"]["events"], 2, "two persons");
    assert_eq!(row("codes")["figure"], serde_json::json!({ "live": 1024, "drill": 1024 }));
    assert_eq!(level(&report, "profile", "built in"), "warn", "its senders are examples");
    assert_eq!(row("regions")["figure"]["regions"], 11);
    assert!(row("regions")["figure"]["people"].as_u64() > Some(4_000_000));
    assert_eq!(row("hub")["figure"]["ready"], true);
}

#[tokio::test]
async fn every_fault_of_a_site_has_its_row_and_advice() {
    let mut site = Site::new().await;
    // A CBC that is gone, a list with a bad row, a record with a flipped bit, a broker that nobody started.
    site.stop_operator("vodafone").await;
    std::fs::write(site.path("ooredoo.csv"), "mcc,mnc\n1,2\n").unwrap();
    site.sql("DROP TRIGGER event_fixed; UPDATE event SET body = x'7b7d' WHERE seq = 2;");
    let text = std::fs::read_to_string(site.config()).unwrap();
    let broker = "kind = \"amqp\"\nuris = [\"amqp://hub:s3cret@127.0.0.1:1/nadhir\"]";
    std::fs::write(site.config(), text.replace("kind = \"loopback\"", broker)).unwrap();
    let report = doctor(&site).await;
    let record = site.path("record.sqlite").display().to_string();
    let expected = [
        ("record", record.as_str()),
        ("cells", "ooredoo"),
        ("broker", "amqp://127.0.0.1:1/nadhir"),
        ("cbc", "vodafone"),
    ];
    assert_eq!(failed(&report), expected.map(|(check, about)| (check.to_owned(), about.to_owned())));
    assert!(!report.to_string().contains("s3cret"), "a password in the report");
    for row in report["rows"].as_array().unwrap() {
        assert_eq!(row["do"].is_string(), row["level"] != "ok", "{row}");
        assert!(!row["words"].as_str().unwrap().is_empty(), "{row}");
    }
}

/// At an operator's side there is no record, and the others' trouble is not this one's.
#[tokio::test]
async fn an_adapter_is_looked_at_alone() {
    let mut site = Site::new().await;
    site.stop_operator("vodafone").await;
    std::fs::remove_file(site.path("record.sqlite")).unwrap();
    for (operator, expected) in [("omantel", None), ("vodafone", Some("cbc")), ("nobody", Some("config"))] {
        let report = doctor_of(&site, &["--operator", operator]).await;
        let rows = levels(&report);
        let found: Vec<String> = failed(&report).into_iter().map(|(check, _)| check).collect();
        assert_eq!(found, Vec::from_iter(expected), "{report:#}");
        assert!(rows.iter().all(|(check, _, _)| !["record", "regions", "hub"].contains(&check.as_str())));
    }
}

#[tokio::test]
async fn a_bad_configuration_is_told_fault_by_fault() {
    let site = Site::new().await;
    std::fs::write(
        site.config(),
        "[hub]\nstore = \"x\"\noperators = []\n[live]\nkey = \"yes\"\ndeployment = \"\"\n",
    )
    .unwrap();
    let report = doctor(&site).await;
    let faults: Vec<String> = failed(&report).into_iter().map(|(check, _)| check).collect();
    assert_eq!(faults, ["config"; 3], "{report:#}");
}

#[tokio::test]
async fn a_copy_made_while_the_hub_writes_is_whole_and_goes_back() {
    let mut site = Site::new().await;
    site.serve().await;
    let writing = site.submit_until_told();
    let mut copies = Vec::new();
    for n in 0..3 {
        let before = site.events().await;
        let copy = site.path(&format!("copy-{n}.sqlite"));
        let done = nadhir(&["backup", "--config", &site.config(), "--json", copy.to_str().unwrap()]).await;
        let after = site.events().await;
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        let told: Value = serde_json::from_str(&done.stdout).unwrap();
        let events = told["events"].as_u64().unwrap();
        assert!((before..=after).contains(&events), "{before} <= {events} <= {after}");
        assert_eq!(verified(&copy).await, (Some(0), Some(events)));
        assert_eq!(leftovers(&site), Vec::<String>::new());
        copies.push((copy, events));
        while site.events().await == events {
            tokio::task::yield_now().await;
        }
    }
    assert!(writing.stop().await > 3, "one warning after another was handed in meanwhile");
    let last = copies.last().unwrap();
    assert!(copies[0].1 < last.1, "each copy is of its own instant");

    // Not under the hub, not over a file.
    let config = site.config();
    let restore = |more: &'static [&'static str], copy: &Path| {
        let mut words =
            vec!["restore".to_owned(), "--config".to_owned(), config.clone(), "--json".to_owned()];
        words.extend(more.iter().map(ToString::to_string));
        words.push(copy.display().to_string());
        async move { nadhir(&words.iter().map(String::as_str).collect::<Vec<_>>()).await }
    };
    let refused = restore(&[], &last.0).await;
    assert_eq!(refused.code, Some(5), "{}", refused.stderr);
    assert!(refused.stderr.contains("in use by another process"), "{}", refused.stderr);
    let twice = nadhir(&["backup", "--config", &site.config(), last.0.to_str().unwrap()]).await;
    assert_eq!(twice.code, Some(5), "{}", twice.stderr);

    let all = site.events().await;
    site.kill().await;
    assert!(site.path("record.sqlite-wal").exists(), "a killed hub leaves its log beside the record");
    // What was written since would be given out again.
    let behind = restore(&[], &last.0).await;
    assert_eq!(behind.code, Some(5), "{}", behind.stderr);
    assert_eq!(verified(&site.path("record.sqlite")).await, (Some(0), Some(all)), "left as it was");

    let done = restore(&["--older"], &last.0).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let told: Value = serde_json::from_str(&done.stdout).unwrap();
    let aside = told["kept_aside"].as_str().expect("the one before is kept");
    assert_eq!(verified(Path::new(aside)).await, (Some(0), Some(all)), "with what stood in its log");
    site.serve().await;
    assert_eq!(site.events().await, last.1);
    site.submit("2.49.0.1.512.9.1").await;
    assert_eq!(site.events().await, last.1 + 1, "the hub goes on from the copy");
}

#[tokio::test]
async fn a_broken_or_foreign_copy_is_never_put_in_place() {
    let mut site = Site::new().await;
    let copy = site.path("copy.sqlite");
    let backup = |to: String| {
        let config = site.config();
        async move { nadhir(&["backup", "--config", &config, &to]).await }
    };
    assert_eq!(backup(copy.display().to_string()).await.code, Some(0));
    let whole = std::fs::read(&copy).unwrap();
    let in_place = std::fs::read(site.path("record.sqlite")).unwrap();

    let broken = site.path("broken.sqlite");
    let gone = "DROP TRIGGER event_kept; DELETE FROM event WHERE seq = 1;";
    let later = "PRAGMA user_version = 77;";
    for (name, bytes, sql, words) in [
        ("cut in half", whole[..whole.len() / 2].to_vec(), "", "malformed"),
        ("no database", b"no database at all, only words".repeat(40), "", "not a database"),
        ("a later schema", whole.clone(), later, "schema 77"),
        ("without its first event", whole.clone(), gone, "broken at event 1"),
        ("empty", Vec::new(), "", "schema 0"),
    ] {
        std::fs::write(&broken, bytes).unwrap();
        if !sql.is_empty() {
            site::sql(&broken, sql);
        }
        let done =
            nadhir(&["restore", "--config", &site.config(), "--older", broken.to_str().unwrap()]).await;
        assert_eq!(done.code, Some(1), "{name}: {}", done.stderr);
        assert!(done.stderr.contains(words), "{name}: {}", done.stderr);
        assert_eq!(std::fs::read(site.path("record.sqlite")).unwrap(), in_place, "{name}");
    }
    let other = Site::new().await;
    let foreign = other.path("foreign.sqlite");
    let made = nadhir(&["backup", "--config", &other.config(), foreign.to_str().unwrap()]).await;
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let done = nadhir(&["restore", "--config", &site.config(), foreign.to_str().unwrap()]).await;
    assert_eq!(done.code, Some(5), "{}", done.stderr);
    assert!(done.stderr.contains("another record"), "{}", done.stderr);
    site.serve().await;
}

/// A record that no longer verifies is what restore is for: replaced without more words, and kept as evidence.
#[tokio::test]
async fn a_broken_record_is_replaced_and_kept() {
    let mut site = Site::new().await;
    let copy = site.path("copy.sqlite");
    let made = nadhir(&["backup", "--config", &site.config(), copy.to_str().unwrap()]).await;
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    site.sql("DROP TRIGGER event_fixed; UPDATE event SET body = x'7b7d' WHERE seq = 1;");
    let refused =
        nadhir(&["backup", "--config", &site.config(), site.path("bad.sqlite").to_str().unwrap()]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("broken at event 1"), "{}", refused.stderr);
    assert!(!site.path("bad.sqlite").exists(), "a copy that does not verify gets no name");

    let done = nadhir(&["restore", "--json", "--config", &site.config(), copy.to_str().unwrap()]).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let told: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(
        verified(Path::new(told["kept_aside"].as_str().unwrap())).await.0,
        Some(1),
        "the evidence is kept"
    );
    assert_eq!(verified(&site.path("record.sqlite")).await, (Some(0), Some(2)));
    site.serve().await;
    assert_eq!(site.events().await, 2);
}

/// The standing figures are there before anything has happened, or no alarm could see the first event.
#[tokio::test]
async fn every_counter_begins_at_zero() {
    let mut site = Site::new().await;
    site.serve().await;
    let start = Instant::now();
    let figures = loop {
        let figures = site.figures().await;
        if figures.contains("nadhir_record_whole") || start.elapsed() > Duration::from_secs(20) {
            break figures;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    for line in [
        "nadhir_path_up{path=\"loopback\"} 1",
        "nadhir_record_whole 1",
        "nadhir_record_events 2",
        "nadhir_lanes_red_total{operator=\"omantel\"} 0",
        "nadhir_orders_untaken{operator=\"vodafone\"} 0",
        "nadhir_receipts_refused_total 0",
        "nadhir_receipt_after_approval_seconds_count{operator=\"ooredoo\",grade=\"on_air\"} 0",
    ] {
        assert!(figures.lines().any(|l| l == line), "{line} is not among\n{figures}");
    }
}

/// Files that a copy must not leave behind.
fn leftovers(site: &Site) -> Vec<String> {
    let names = std::fs::read_dir(site.path("")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("copy") && !name.ends_with(".sqlite")).collect()
}

async fn verified(path: &Path) -> (Option<i32>, Option<u64>) {
    let done = nadhir(&["audit", "verify", "--json", "--store", path.to_str().unwrap()]).await;
    let told: Value = serde_json::from_str(&done.stdout).unwrap_or_default();
    (done.code, told["events"].as_u64())
}
