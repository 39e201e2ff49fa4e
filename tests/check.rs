//! `nadhir alert check` and the house's profile: what a configuration and a table change, and how a bad one is told.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::Utc;
use common::house::{House, run, text};
use common::operators::Operators;
use serde_json::Value;

const TABLE: &str = include_str!("../cap-schemas/oman.json");
const FLOOD: &str = include_str!("../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");

/// The exit code, and the codes of what is said, of one document on stdin.
async fn check(more: &[&str], cap: &str) -> (i32, Vec<String>) {
    let arguments = [&["alert", "check", "--json"], more, &["-"]].concat();
    let ended = run(&arguments, cap.as_bytes()).await;
    let said = ended.json;
    let faults = said["faults"].as_array().expect("faults").iter();
    let mut codes: Vec<String> = faults.map(|f| f["code"].as_str().expect("a code").to_owned()).collect();
    codes.dedup();
    (ended.code, codes)
}

/// A table whose only senders are the authority's own.
fn own_table() -> String {
    let mut table: Value = serde_json::from_str(TABLE).expect("the table");
    table["senders"] = serde_json::json!(["warnings@caa.gov.om"]);
    for field in ["deskSender", "drillSender"] {
        table[field] = serde_json::json!("warnings@caa.gov.om");
    }
    table.to_string()
}

#[tokio::test]
async fn the_check_refuses_what_the_hub_refuses_by_the_house_s_own_lists() {
    let house = House::new(&Operators::none()).await;
    let config = house.config();
    assert_eq!(check(&[], FLOOD).await, (0, vec![]));
    let link = FLOOD.replacen("<description>", "<description>met.example.om ", 1);
    assert_eq!(check(&[], &link).await, (3, vec!["cbs.text.link".to_owned()]));
    // The standard knows nothing of it.
    assert_eq!(check(&["--profile", "cap"], &link).await, (0, vec![]));
    assert_eq!(check(&["--config", &config], &link).await.0, 3);
    let words = std::fs::read_to_string(&config).expect("the configuration");
    let listed = words.replace("links = []", "links = [\"met.example.om\"]");
    assert_ne!(listed, words);
    std::fs::write(&config, listed).expect("written");
    assert_eq!(check(&["--config", &config], &link).await, (0, vec![]));
}

#[tokio::test]
async fn a_profile_of_the_country_s_own_counts_in_the_check_and_at_the_hub() {
    let house = House::new(&Operators::none()).await;
    let table = text(&house.path("caa.json"));
    std::fs::write(&table, own_table()).expect("written");
    let caa = |cap: &str| cap.replace("alerts@caa.example.om", "warnings@caa.gov.om");
    let unknown = (0, vec!["oman.sender.unknown".to_owned()]);
    assert_eq!(check(&[], &caa(FLOOD)).await, unknown);
    assert_eq!(check(&["--table", &table], &caa(FLOOD)).await, (0, vec![]));
    assert_eq!(check(&["--table", &table], FLOOD).await, unknown);

    let config = house.config();
    let words = std::fs::read_to_string(&config).expect("the configuration");
    std::fs::write(&config, words.replace("[hub]", "[hub]\nprofile = \"caa.json\"")).expect("written");
    assert_eq!(check(&["--config", &config], &caa(FLOOD)).await, (0, vec![]));
    let good = run(&["config", "check", "--config", &config], b"").await;
    assert_eq!(good.code, 0, "{}", good.words);
    let hub = house.serve().await;
    let warned = |answer: &common::Answer| {
        assert_eq!(answer.status, 201, "{answer:?}");
        let faults = answer.body["warnings"].as_array().expect("warnings").iter();
        faults.filter(|fault| fault["code"] == "oman.sender.unknown").count()
    };
    let demo = String::from_utf8(nadhir::demo::warning(None, Utc::now())).expect("text");
    assert_eq!(warned(&house.submit(&hub, caa(&demo).into_bytes()).await), 0);
    assert_eq!(
        warned(&house.submit(&hub, demo.replace("</description>", ".</description>").into_bytes()).await),
        1
    );
}

#[tokio::test]
async fn a_bad_table_is_told_with_its_file_and_every_fault() {
    let house = House::new(&Operators::none()).await;
    let (table, config) = (text(&house.path("caa.json")), house.config());
    std::fs::write(&table, own_table().replace("\"identifierArc\"", "\"arc\"").replace("1440", "0"))
        .expect("written");
    let words = std::fs::read_to_string(&config).expect("the configuration");
    std::fs::write(&config, words.replace("[hub]", "[hub]\nprofile = \"caa.json\"")).expect("written");
    for arguments in [
        ["alert", "check", "--table", &table, "-"].as_slice(),
        &["alert", "check", "--config", &config, "-"],
        &["config", "check", "--config", &config],
        &["serve", "--config", &config],
    ] {
        let ended = run(arguments, FLOOD.as_bytes()).await;
        assert_ne!(ended.code, 0, "{arguments:?}");
        for told in ["caa.json", "profile/identifierArc", "profile/arc", "profile/expiresMinutes"] {
            assert!(ended.words.contains(told), "{arguments:?} does not tell {told}: {}", ended.words);
        }
    }
    std::fs::remove_file(&table).expect("removed");
    let ended = run(&["config", "check", "--config", &config], b"").await;
    assert!(ended.code != 0 && ended.words.contains("caa.json"), "{}", ended.words);
}
