//! What the house allows its authors, through the running hub: links and numbers, who may use 4371, layouts and their cost.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::Utc;
use common::house::{House, Process};
use common::operators::Operators;
use common::{Answer, ask, client};
use serde_json::{Value, json};

/// A hub whose `[policy]` has `from` replaced by `to`.
async fn hub(house: &House, from: &str, to: &str) -> Process {
    let text = std::fs::read_to_string(house.config()).expect("the configuration");
    assert!(text.contains(from), "{text}");
    std::fs::write(house.config(), text.replace(from, to)).expect("written");
    house.serve().await
}

/// The demonstration's warning with every `from` replaced.
fn changed(from: &str, to: &str) -> Vec<u8> {
    let good = String::from_utf8(nadhir::demo::warning(None, Utc::now())).expect("text");
    assert!(good.contains(from), "{from} is not in it");
    good.replace(from, to).into_bytes()
}

fn codes(answer: &Answer) -> Vec<String> {
    let faults = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let errors = faults.iter().filter(|fault| fault["level"] == "error");
    errors.map(|fault| fault["code"].as_str().expect("a code").to_owned()).collect()
}

#[tokio::test]
async fn only_an_authority_that_may_uses_4371_for_what_the_table_leaves_out() {
    let house = House::new(&Operators::none()).await;
    let moderate = changed("<severity>Extreme<", "<severity>Moderate<");
    let plain = house.serve().await;
    let refused = house.submit(&plain, moderate.clone()).await;
    assert_eq!(
        (refused.status, codes(&refused)),
        (422, vec!["cbs.channel.severity".to_owned()]),
        "{refused:?}"
    );
    plain.kill().await;

    let record = rusqlite::Connection::open(house.path("record.sqlite")).expect("the record");
    let author: String =
        record.query_row("SELECT id FROM person WHERE name = 'Amal'", [], |row| row.get(0)).expect("Amal");
    drop(record);
    let trusting = hub(&house, "may_use_4371 = []", &format!("may_use_4371 = [\"{author}\"]")).await;
    let taken = house.submit(&trusting, moderate).await;
    assert_eq!((taken.status, &taken.body["identifier"]), (201, &json!(4371)), "{taken:?}");
    let id = taken.body["warning"].as_str().expect("an id");
    assert_eq!(house.approve(&trusting, id, &taken.body["hash"]).await.status, 202);
    let drill = changed("<status>Actual<", "<status>Test<");
    assert!(codes(&house.submit(&trusting, drill).await).contains(&"cbs.channel.status".to_owned()));
}

#[tokio::test]
async fn a_link_is_refused_with_its_place_unless_it_is_on_the_list() {
    let house = House::new(&Operators::none()).await;
    let linked = changed("</instruction>", " https://met.example.om/flood</instruction>");
    let plain = house.serve().await;
    let refused = house.submit(&plain, linked.clone()).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let errors: Vec<&Value> =
        refused.body["errors"].as_array().expect("faults").iter().filter(|f| f["level"] == "error").collect();
    assert!(errors.iter().all(|fault| fault["code"] == "cbs.text.link"), "{refused:?}");
    let place = errors.first().expect("a fault")["pointer"].as_str().expect("a place");
    assert!(place.starts_with("ar, character "), "{place}");
    plain.kill().await;
    let allowing = hub(&house, "links = []", "links = [\"met.example.om\"]").await;
    assert_eq!(house.submit(&allowing, linked).await.status, 201);
}

#[tokio::test]
async fn what_each_layout_costs_is_known_before_anything_is_sent() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let texts = json!({
        "texts": [{ "language": "ar", "text": "تحـــذير: ".repeat(30) }, { "language": "en", "text": "Warning" }],
        "drop": ["tatweel"]
    });
    let request = || client().post(hub.api("/v1/layouts")).json(&texts);
    assert_eq!(ask(request()).await.status, 401);
    let costs = ask(request().bearer_auth(&house.author)).await;
    assert_eq!(costs.status, 200, "{costs:?}");
    let layouts = costs.body["layouts"].as_array().expect("layouts");
    let pages = |i: usize| {
        layouts[i]["messages"].as_array().expect("messages").iter().map(|m| m["pages"].clone()).collect()
    };
    // 30 times 7 characters, the last space dropped, a blank line, a word: 218 units.
    assert_eq!((layouts[0]["messages"][0]["units"].clone(), pages(0)), (json!(218), json!([6])));
    assert_eq!(pages(2), json!([6, 1]));
    assert_eq!(layouts[0]["warnings"][0]["code"], "cbs.budget.arabic_late_on_2g");

    let each = changed(
        "<area>",
        "<parameter><valueName>nadhir:layout</valueName><value>each</value></parameter><area>",
    );
    let taken = house.submit(&hub, each).await;
    let messages = taken.body["messages"].as_array().expect("messages");
    assert_eq!((taken.status, messages.len()), (201, 4), "{taken:?}");
    assert_eq!(taken.body["layouts"].as_array().map(Vec::len), Some(3));
    let left = |answer: &Answer| answer.body["codes_left"]["live"].clone();
    assert_eq!(left(&house.get(&hub, "/v1/hub").await), json!(1024));
    let id = taken.body["warning"].as_str().expect("an id");
    assert_eq!(house.approve(&hub, id, &taken.body["hash"]).await.status, 202);
    assert_eq!(left(&house.get(&hub, "/v1/hub").await), json!(1020));
}
