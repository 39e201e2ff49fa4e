//! What nobody may send: each row is refused with words that name the field and the fault, and nothing is recorded.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::{TimeDelta, Utc};
use common::house::{House, Process, run, text};
use common::operators::Operators;
use common::{Answer, ask, client};
use nadhir_simulator::Fault;
use serde_json::{Value, json};

/// The demonstration's warning as it would be sent now, with one thing put in the place of another.
fn changed(from: &str, to: &str) -> Vec<u8> {
    let good = String::from_utf8(nadhir::demo::warning(None, Utc::now())).expect("text");
    let bad = good.replace(from, to);
    assert_ne!(good, bad, "{from} is not in it");
    bad.into_bytes()
}

/// The warning without everything from `from` up to and including `to`, wherever it stands.
fn without(from: &str, to: &str) -> Vec<u8> {
    let mut left = String::from_utf8(nadhir::demo::warning(None, Utc::now())).expect("text");
    let before = left.len();
    while let Some(start) = left.find(from) {
        let end = start + left[start..].find(to).expect("its end") + to.len();
        left.replace_range(start..end, "");
    }
    assert!(left.len() < before, "{from} is not in it");
    left.into_bytes()
}

const RING: &str = "23.18,57.15 23.12,57.62 23.05,57.86 22.88,57.9 22.72,57.72 22.7,57.35 22.86,57.12 23.02,57.06 23.18,57.15";

/// A bad alert: what it is, its bytes, the exit code, and the code, place and words of a fault that is told.
struct Row(&'static str, Vec<u8>, i32, [&'static str; 3]);

fn rows() -> Vec<Row> {
    let open = RING.rsplit_once(' ').expect("points").0;
    let swapped: Vec<String> = RING
        .split(' ')
        .map(|point| {
            let (lat, lon) = point.split_once(',').expect("a point");
            format!("{lon},{lat}")
        })
        .collect();
    let hour = |hours| (Utc::now() + TimeDelta::hours(hours)).format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let over = {
        let good =
            String::from_utf8(nadhir::demo::warning(None, Utc::now() - TimeDelta::days(2))).expect("text");
        assert!(good.contains("<expires>"), "{good} {}", hour(0));
        good.into_bytes()
    };
    let doctype = changed("<alert ", "<!DOCTYPE alert [<!ENTITY a \"aaaa\">]><alert ");
    vec![
        Row("not XML", b"a wadi is in flood".to_vec(), 3, ["cap.xml", "", ""]),
        Row("a DOCTYPE", doctype, 3, ["cap.doctype", "", "DOCTYPE"]),
        Row("no area", without("<area>", "</area>"), 3, ["area.", "area", ""]),
        Row(
            "swapped coordinates",
            changed(RING, &swapped.join(" ")),
            4,
            ["area.swapped", "polygon", "exchanged"],
        ),
        Row("an open ring", changed(RING, open), 3, ["cap.polygon.open", "polygon", "open"]),
        Row("an expiry in the past", over, 3, ["expire", "expires", ""]),
        Row(
            "no Arabic",
            changed("<language>ar-OM<", "<language>fa<"),
            3,
            ["oman.language.missing", "", "Arabic"],
        ),
        Row(
            "a severity without channel",
            changed("<severity>Extreme<", "<severity>Minor<"),
            3,
            ["cbs.", "severity", ""],
        ),
    ]
}

/// The faults of a problem document, each as code, pointer and words.
fn told(problem: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().expect("words").to_owned();
    let errors = problem["errors"].as_array().into_iter().flatten();
    errors.map(|e| ["code", "pointer", "detail"].map(|key| text(&e[key]))).collect()
}

/// A problem document with this status; the rest of it says so again.
fn problem(answer: &Answer, status: u16) {
    assert_eq!((answer.status, answer.kind.as_str()), (status, "application/problem+json"), "{answer:?}");
    assert_eq!(answer.body["status"], status, "{answer:?}");
    for key in ["code", "title"] {
        assert!(answer.body[key].as_str().is_some_and(|words| !words.is_empty()), "{key}: {answer:?}");
    }
}

async fn house() -> (House, Process) {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    (house, hub)
}

async fn submit_by_cli(house: &House, hub: &Process, token: &str, cap: &[u8]) -> (i32, Value, String) {
    let ended = run(&["alert", "submit", "--json", "--url", hub.url(), "--token", token, "-"], cap).await;
    assert!(house.path("record.sqlite").exists());
    (ended.code, ended.json, ended.words)
}

#[tokio::test]
async fn an_alert_that_cannot_be_broadcast_is_refused_with_words_and_leaves_nothing() {
    let (house, hub) = house().await;
    let before = house.events().await;
    for Row(what, cap, exit, [code, place, words]) in rows() {
        let answer = house.submit(&hub, cap.clone()).await;
        problem(&answer, 422);
        let faults = told(&answer.body);
        let hit = faults.iter().any(|[c, p, w]| {
            c.contains(code) && p.to_lowercase().contains(place) && w.contains(words) && !p.is_empty()
        });
        assert!(hit, "{what}: {faults:#?}");

        let (ended, shown, _) = submit_by_cli(&house, &hub, &house.author, &cap).await;
        assert_eq!(ended, exit, "{what}: {shown}");
        assert_eq!(told(&shown), faults, "{what}");
    }
    assert_eq!((house.events().await, house.orders()), (before, 0));
    assert_eq!(house.get(&hub, "/v1/warnings").await.body["warnings"], json!([]));
}

#[tokio::test]
async fn the_demonstration_refuses_the_same_with_the_same_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("alert.xml");
    for Row(what, cap, exit, [code, ..]) in rows() {
        std::fs::write(&file, cap).expect("written");
        let ended = run(&["demo", "--once", "--json", "--cap", &text(&file)], b"").await;
        assert_eq!((ended.code, ended.json), (exit, Value::Null), "{what}: {}", ended.words);
        assert!(ended.words.contains(code), "{what}: {}", ended.words);
    }
}

#[tokio::test]
async fn who_may_not_approve_is_refused_and_nothing_leaves() {
    let (house, hub) = house().await;
    let waiting = house.submit(&hub, nadhir::demo::warning(None, Utc::now())).await;
    assert_eq!(waiting.status, 201, "{waiting:?}");
    let id = waiting.body["warning"].as_str().expect("an id");
    let hash = waiting.body["hash"].as_str().expect("a hash").to_owned();
    let stale = "0".repeat(64);
    let before = house.events().await;
    let (author, approver) = (house.author.as_str(), house.approver.as_str());
    // Whose token, which warning, which hash; the status, the code, the exit code.
    let rows = [
        (author, id, &hash, 403, "own_warning", 5),
        (approver, id, &stale, 409, "stale_hash", 5),
        ("ndr_nobody", id, &hash, 401, "unauthenticated", 5),
        (approver, "wrn_none", &hash, 404, "no_warning", 1),
    ];
    for (token, warning, hash, status, code, exit) in rows {
        let url = hub.api(&format!("/v1/warnings/{warning}/approval"));
        let answer = ask(client().post(url).bearer_auth(token).json(&json!({ "hash": hash }))).await;
        problem(&answer, status);
        assert_eq!(answer.body["code"], code, "{answer:?}");
        let words =
            ["alert", "approve", "--json", "--url", hub.url(), "--token", token, "--hash", hash, warning];
        let ended = run(&words, b"").await;
        assert_eq!((ended.code, &ended.json["code"]), (exit, &Value::from(code)), "{ended:?}");
    }
    // The command line does not even ask about what is no hash.
    let url = hub.api(&format!("/v1/warnings/{id}/approval"));
    let answer = ask(client().post(url).bearer_auth(approver).json(&json!({ "hash": "not a hash" }))).await;
    problem(&answer, 400);
    assert_eq!((house.events().await, house.orders()), (before, 0));
    assert_eq!(house.view(&hub, id).await["state"], "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_written_beside_the_hub_is_not_sent_and_holds_nothing_up() {
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    let hub = house.serve().await;
    let first = house.issue(&hub).await;
    house.on_air(&hub, &first).await;
    let submit = async |age| {
        let cap = nadhir::demo::warning(None, Utc::now() - TimeDelta::seconds(age));
        let waiting = house.submit(&hub, cap).await;
        (waiting.body["warning"].as_str().expect("an id").to_owned(), waiting.body["hash"].clone())
    };

    // Everything the rules of the tables ask for, and no event.
    let (forged, _) = submit(5).await;
    let record = rusqlite::Connection::open(house.path("record.sqlite")).expect("the record");
    let sql = "SELECT body FROM outbox WHERE warning = ?1 AND operator = 'omantel'";
    let body: Vec<u8> = record.query_row(sql, [&first], |row| row.get(0)).expect("an order");
    let mut body: Value = serde_json::from_slice(&body).expect("an order");
    (body["delivery"], body["warning"], body["sequence"]) =
        ("ord_x".into(), forged.as_str().into(), 2.into());
    let body = serde_json::to_vec(&body).expect("an order");
    for sql in [
        "INSERT INTO approval SELECT w.id, p.id, w.hash, 9 FROM warning w JOIN person p ON p.id <> w.author WHERE w.id = ?1",
        "UPDATE warning SET state = 'approved' WHERE id = ?1",
    ] {
        assert_eq!(record.execute(sql, [&forged]).expect("the rules let it pass"), 1);
    }
    let sql = "INSERT INTO outbox SELECT 'ord_x', ?1, operator, class, kind, 2, ?2, expires_ms, NULL
               FROM outbox WHERE warning = ?3 AND operator = 'omantel'";
    record.execute(sql, rusqlite::params![forged, body, first]).expect("the rules let it pass");

    // What comes after it in the same queue goes out.
    let (after, hash) = submit(9).await;
    assert_eq!(house.approve(&hub, &after, &hash).await.status, 202);
    house.on_air(&hub, &after).await;
    let queued = "SELECT queued_ms FROM outbox WHERE delivery = 'ord_x'";
    assert_eq!(record.query_row(queued, [], |row| row.get::<_, Option<i64>>(0)), Ok(None));
    assert_eq!(operators.submissions("omantel").await, 2, "the two that persons approved");
    assert!(house.log().contains("no event of the record names this order"), "{}", house.log());
    let verdict =
        run(&["audit", "verify", "--json", "--store", &text(&house.path("record.sqlite"))], b"").await;
    assert_eq!((verdict.code, &verdict.json["verified"]), (1, &Value::Bool(false)), "{verdict:?}");
    assert_eq!(verdict.json["broken_row"], format!("warning {forged}"), "{verdict:?}");
    hub.kill().await;
}

#[tokio::test]
async fn without_a_token_there_is_nothing_to_see_and_nothing_to_do() {
    let (house, hub) = house().await;
    let before = house.events().await;
    let cap = nadhir::demo::warning(None, Utc::now());
    let unsigned = [
        client().post(hub.api("/v1/warnings")).body(cap.clone()),
        client().post(hub.api("/v1/warnings/wrn_1/approval")).json(&json!({ "hash": "0".repeat(64) })),
        client().get(hub.api("/v1/warnings")),
        client().get(hub.api("/v1/warnings/wrn_1")),
        client().get(hub.api("/v1/record")),
    ];
    for request in unsigned {
        let also = request.try_clone().expect("a copy").bearer_auth("ndr_wrong");
        let basic = request.try_clone().expect("a copy").basic_auth("amal", Some(&house.author));
        for request in [request, also, basic] {
            let answer = ask(request).await;
            problem(&answer, 401);
            assert_eq!(answer.body["code"], "unauthenticated");
        }
    }
    let (code, _, _) = submit_by_cli(&house, &hub, "ndr_wrong", &cap).await;
    assert_eq!(code, 5);
    let ended = run(&["alert", "submit", "--url", hub.url(), "-"], &cap).await;
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.words.contains("--token"), "{ended:?}");
    assert_eq!((house.events().await, house.orders()), (before, 0));
}

#[tokio::test]
async fn what_is_no_update_and_what_is_no_hash_never_reach_a_hub() {
    let nowhere = ["--url", "http://127.0.0.1:9", "--token", "ndr_x"];
    let update =
        run(&[&["alert", "update", "-"], &nowhere[..]].concat(), &nadhir::demo::warning(None, Utc::now()))
            .await;
    assert!(update.code == 3 && update.words.contains("alert submit"), "{update:?}");
    let short = [&["alert", "approve", "wrn_1", "--hash", "fbfba01a541b"], &nowhere[..]].concat();
    let approve = run(&short, b"").await;
    assert!(approve.code == 2 && approve.words.contains("64 hexadecimal digits"), "{approve:?}");
}

#[tokio::test]
async fn what_is_too_large_or_nowhere_is_refused() {
    let (house, hub) = house().await;
    let before = house.events().await;
    let large = house.submit(&hub, vec![b' '; 600 << 10]).await;
    problem(&large, 413);
    assert_eq!(told(&large.body)[0][..2], ["cap.limit.octets", "alert"], "{large:?}");
    let (code, shown, _) = submit_by_cli(&house, &hub, &house.author, &vec![b' '; 600 << 10]).await;
    assert_eq!((code, &shown["status"]), (3, &Value::from(413)), "{shown}");
    problem(&house.get(&hub, "/v1/warnings/wrn_none").await, 404);
    assert_eq!(house.events().await, before);

    let ended = run(&["alert", "submit", "--url", "http://127.0.0.1:9", "--token", "ndr_x", "-"], b"").await;
    assert_eq!(ended.code, 8, "{ended:?}");
}

#[tokio::test]
async fn the_same_alert_again_is_the_same_warning_and_with_another_content_it_is_refused() {
    let (house, hub) = house().await;
    let cap = nadhir::demo::warning(None, Utc::now());
    let first = house.submit(&hub, cap.clone()).await;
    let events = house.events().await;
    let again = house.submit(&hub, cap.clone()).await;
    assert_eq!(again.body["warning"], first.body["warning"]);
    let other = String::from_utf8(cap).expect("text").replace("high ground", "higher ground");
    let refused = house.submit(&hub, other.into_bytes()).await;
    problem(&refused, 409);
    assert_eq!(refused.body["code"], "replayed");
    assert_eq!(house.events().await, events);
}
