//! The operator as its peers meet it: real requests over real sockets.

#![expect(clippy::expect_used, reason = "a test says what it expects and fails with those words")]

#[path = "../src/sample.rs"]
mod sample;

mod client;

use client::{Answer, Client, now_ms, wait_for};
use nadhir_simulator::{Fault, Operator, Settings, StartError, cells};
use sample::{Sample, ucs2_pages};
use serde_json::{Value, json};
use std::time::Duration;

const ROUNDS: &str = "/cap?period_2g=16&broadcasts_2g=40&period_s=30&broadcasts=40&concurrent=yes";

async fn start(fault: Fault) -> (Operator, Client) {
    let cells_csv = cells::generate("omantel", 1).into_bytes();
    let settings = Settings { operator: "omantel".to_owned(), cells_csv, phones: 5000, seed: 1, fault };
    let operator = Operator::start(settings).await.expect("it starts");
    let client = Client::new(&operator.url());
    (operator, client)
}

fn alert() -> Sample {
    Sample::new(now_ms() + 1_200_000)
}

async fn on_air(client: &Client, serial: u32) -> Value {
    let path = format!("/messages/4371/{serial}");
    wait_for(|| async {
        let status = client.get(&path).await.json();
        let all = status["cells"].as_array().map(Vec::len);
        (status["state"] == "on_air" && all == status["cells_total"].as_u64().and_then(|n| n.try_into().ok()))
            .then_some(status)
    })
    .await
}

fn count(report: &Value, name: &str) -> u64 {
    report[name].as_u64().unwrap_or_else(|| panic!("{name} in {report}"))
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{}", answer.body);
    assert!(answer.head.to_lowercase().contains("content-type: application/problem+json"), "{}", answer.head);
}

#[tokio::test]
async fn a_warning_reaches_the_phones_of_its_area_once() {
    let (_operator, client) = start(Fault::None).await;
    let since = now_ms();
    let answer = client.cap(ROUNDS, &alert().document()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let messages = answer.json()["messages"].clone();
    assert_eq!(messages[0]["serial"], 0x4010);
    assert_eq!(messages[1]["state"], "accepted");

    let status = on_air(&client, 0x4010).await;
    assert_eq!(status["pages_sha256"], messages[0]["pages_sha256"]);
    assert!(status["cells"][0].as_str().is_some_and(|key| key.split(':').count() == 3));

    let phones = client.get(&format!("/sim/phones?since_ms={since}")).await.json();
    let (in_area, displayed) = (count(&phones, "in_area"), count(&phones, "displayed"));
    assert!(in_area > 100, "{phones}");
    assert!(displayed * 1000 >= in_area * 995, "{phones}");
    for none in ["twice", "outside", "unreadable"] {
        assert_eq!(count(&phones, none), 0, "{none} in {phones}");
    }
    let radios = ["2g", "4g", "5g"].map(|radio| count(&phones["by_radio"][radio], "displayed"));
    assert_eq!(radios.iter().sum::<u64>(), displayed);
    assert!(radios.iter().all(|&radio| radio > 0), "{phones}");
    assert!(phones["by_radio"]["4g"]["p50_ms"].as_i64() <= phones["by_radio"]["4g"]["p95_ms"].as_i64());

    let air = client.get("/sim/air").await.json();
    assert_eq!(air["messages"][0]["phone_2g"]["text"], "سيل\n\nFlood");
    assert_eq!(air["messages"][1]["phone_4g"]["text"], "बाढ़\n\nسیلاب");
}

#[tokio::test]
async fn the_same_identity_is_shown_once_and_another_body_is_refused() {
    let (_operator, client) = start(Fault::None).await;
    let sample = alert();
    let first = client.cap(ROUNDS, &sample.document()).await;
    for _ in 0..5 {
        let again = client.cap(ROUNDS, &sample.document()).await;
        assert_eq!((again.status, again.json()), (200, first.json()));
    }
    assert_eq!(client.post("/sim/replay").await.json(), json!({ "replayed": 2 }));
    let phones = client.get("/sim/phones").await.json();
    assert!(count(&phones, "copies_dropped") > count(&phones, "displayed"), "{phones}");
    assert_eq!(count(&phones, "twice"), 0);

    let mut other = alert();
    other.expires_ms = sample.expires_ms;
    other.messages[0].pages = ucs2_pages("another");
    refused(&client.cap(ROUNDS, &other.document()).await, 409, "serial.taken");
    assert_eq!(client.get("/sim/phones").await.json()["displayed"], phones["displayed"]);
}

#[tokio::test]
async fn a_scope_of_one_cell_rings_again_in_the_next() {
    let (_operator, client) = start(Fault::None).await;
    let mut sample = alert();
    sample.messages[0].serial = 0x0010;
    assert_eq!(client.cap(ROUNDS, &sample.document()).await.status, 200);
    let phones = client.get("/sim/phones").await.json();
    assert!(count(&phones, "twice") > 0, "{phones}");
}

#[tokio::test]
async fn phones_tell_a_text_that_is_not_the_alert_s() {
    let (_operator, client) = start(Fault::None).await;
    let mut sample = alert();
    sample.messages[0].pages = ucs2_pages("سيل\n\nFl00d");
    assert_eq!(client.cap(ROUNDS, &sample.document()).await.status, 200);
    let phones = client.get("/sim/phones").await.json();
    assert!(count(&phones, "unreadable") >= count(&phones, "displayed"), "{phones}");
    // Units read as septets: the coding scheme lies.
    let mut sample = alert();
    sample.messages[1].dcs = 0x0F;
    sample.messages[1].serial = 0x4030;
    sample.messages[0].serial = 0x4040;
    let (_operator, client) = start(Fault::None).await;
    assert_eq!(client.cap(ROUNDS, &sample.document()).await.status, 200);
    let phones = client.get("/sim/phones").await.json();
    assert!(count(&phones, "unreadable") >= count(&phones, "every_message"), "{phones}");
}

#[tokio::test]
async fn what_must_not_go_on_air_does_not() {
    let (_operator, client) = start(Fault::None).await;
    let changed = |change: fn(&mut Sample)| {
        let mut sample = alert();
        change(&mut sample);
        sample.document()
    };
    for (document, code) in [
        (changed(|sample| sample.polygons.clear()), "area.missing"),
        (changed(|sample| sample.expires_ms = now_ms() - 1), "expired"),
        (changed(|sample| sample.messages[0].identifier = 4375), "channel.unprovisioned"),
        (changed(|sample| sample.messages[0].sha256 = Some("0".repeat(64))), "pages.hash"),
        (changed(|sample| sample.status = "Exercise"), "channel.status"),
        (changed(|sample| sample.msg_type = "Ack"), "cap.msg_type"),
        (changed(|sample| sample.msg_type = "Update"), "cap.references"),
    ] {
        refused(&client.cap(ROUNDS, &document).await, 422, code);
    }
    refused(&client.cap(&ROUNDS.replace("=30", "=0"), &alert().document()).await, 422, "rounds.range");
    refused(&client.cap("/cap", &alert().document()).await, 400, "rounds.form");
    refused(&client.get("/messages/4371/16400").await, 404, "message.unknown");
    refused(&client.get("/messages/x/99999999").await, 404, "message.unknown");
    assert_eq!(client.get("/sim/air").await.json()["messages"], json!([]));
    assert_eq!(count(&client.get("/sim/phones").await.json(), "displayed"), 0);
}

#[tokio::test]
async fn a_cancel_stops_and_names_what_it_does_not_know() {
    let (_operator, client) = start(Fault::None).await;
    let sample = alert();
    let early = client.cap("/cap", &sample.cancel()).await;
    assert_eq!(early.json(), json!({ "stopped": [], "unknown": [sample.reference()] }));

    client.cap(ROUNDS, &sample.document()).await;
    on_air(&client, 0x4010).await;
    for _ in 0..2 {
        let answer = client.cap("/cap", &sample.cancel()).await;
        let stopped =
            json!([{ "identifier": 4371, "serial": 0x4010 }, { "identifier": 4371, "serial": 0x4020 }]);
        assert_eq!((answer.status, answer.json()), (200, json!({ "stopped": stopped, "unknown": [] })));
    }
    let status = client.get("/messages/4371/16400").await.json();
    assert_eq!(
        (status["state"].as_str(), status["cells"].as_array().map(Vec::len)),
        (Some("stopped"), Some(0))
    );
    // One page takes 1.883 s on 2G; the stop came before the model lets any phone show it.
    let phones = client.get("/sim/phones").await.json();
    assert!(
        count(&phones["by_radio"]["2g"], "displayed") < count(&phones["by_radio"]["2g"], "in_area"),
        "{phones}"
    );
    assert_eq!(client.post("/sim/replay").await.json(), json!({ "replayed": 0 }));
}

#[tokio::test]
async fn an_update_writes_the_new_and_stops_the_old() {
    let (_operator, client) = start(Fault::None).await;
    let old = alert();
    client.cap(ROUNDS, &old.document()).await;
    let mut new = alert();
    new.identifier += ".update";
    new.msg_type = "Update";
    new.references = old.reference();
    new.messages[0].serial = 0x4011;
    new.messages[1].serial = 0x4021;
    let answer = client.cap(ROUNDS, &new.document()).await;
    assert_eq!(
        (answer.json()["stopped"][1]["serial"].as_u64(), answer.status),
        (Some(0x4020), 200),
        "{}",
        answer.body
    );
    on_air(&client, 0x4011).await;
    assert_eq!(client.get("/messages/4371/16400").await.json()["state"], "stopped");
}

#[tokio::test]
async fn late_accepts_at_once_and_airs_after_the_delay() {
    let (_operator, client) = start(Fault::late(Duration::from_secs(11))).await;
    let since = now_ms();
    assert_eq!(client.cap(ROUNDS, &alert().document()).await.status, 200);
    let status = client.get("/messages/4371/16400").await.json();
    assert_eq!(
        (status["state"].as_str(), status["cells"].as_array().map(Vec::len)),
        (Some("pending"), Some(0))
    );
    let phones = client.get(&format!("/sim/phones?since_ms={since}")).await.json();
    assert!(phones["by_radio"]["5g"]["p50_ms"].as_i64() > Some(11_000), "{phones}");
    assert_eq!(count(&phones["by_radio"]["4g"], "within_10s"), 0);
}

#[tokio::test]
async fn refuse_says_so_in_words_until_it_is_lifted() {
    let (_operator, client) = start(Fault::Refuse).await;
    let answer = client.cap(ROUNDS, &alert().document()).await;
    refused(&answer, 403, "refused");
    assert!(answer.json()["detail"].as_str().is_some_and(|words| words.contains("maintenance lock")));
    refused(&client.send("PUT", "/sim/fault", "application/json", r#"{"fault":"slow"}"#).await, 400, "fault");
    let lifted = client.send("PUT", "/sim/fault", "application/json", r#"{"fault":"none"}"#).await;
    assert_eq!(lifted.json(), json!({ "fault": "none" }));
    assert_eq!(client.cap(ROUNDS, &alert().document()).await.status, 200);
}

#[tokio::test]
async fn hang_never_answers_and_airs_nothing() {
    let (operator, client) = start(Fault::Hang).await;
    let document = alert().document();
    let submits = client.cap(ROUNDS, &document);
    let asks = client.get("/messages/4371/16400");
    let lifted = async {
        wait_for(|| async {
            let log = client.get("/sim/log").await.json();
            let held = |entry: &&Value| entry["status"].is_null() && entry["path"] != "/sim/log";
            let held = log["requests"].as_array().map(|entries| entries.iter().filter(held).count());
            (held == Some(2)).then_some(())
        })
        .await;
        client.send("PUT", "/sim/fault", "application/json", r#"{"fault":"none"}"#).await
    };
    let (submitted, asked, lifted) = tokio::join!(submits, asks, lifted);
    assert_eq!((submitted.head.as_str(), asked.head.as_str(), lifted.status), ("", "", 200));
    assert_eq!(client.get("/sim/air").await.json()["messages"], json!([]));
    refused(&client.get("/messages/4371/16400").await, 404, "message.unknown");
    operator.stop().await;
}

#[tokio::test]
async fn lost_answer_airs_and_says_nothing() {
    let (_operator, client) = start(Fault::LostAnswer).await;
    assert_eq!(client.cap(ROUNDS, &alert().document()).await.head, "");
    on_air(&client, 0x4010).await;
    let log = client.get("/sim/log").await.json();
    assert_eq!(
        (log["requests"][0]["path"].as_str(), log["requests"][0]["status"].as_u64()),
        (Some("/cap"), None)
    );
    assert!(log["requests"][0]["ms"].is_u64());
}

#[tokio::test]
async fn hostile_requests_are_refused_and_the_next_is_served() {
    let (_operator, client) = start(Fault::None).await;
    assert_eq!(client.cap(ROUNDS, &alert().document()).await.status, 200);
    let page = "<parameter><valueName>nadhir:page</valueName><value>x</value></parameter>";
    let many = alert().document().replace("<parameter>", &format!("{}<parameter>", page.repeat(200)));
    let answer = client.cap(ROUNDS, &many).await;
    assert_eq!((answer.status, answer.json()["faults"].as_array().map(Vec::len)), (422, Some(100)));
    let bomb = alert().document().replacen("<alert", "<!DOCTYPE a [<!ENTITY x \"y\">]><alert", 1);
    refused(&client.cap(ROUNDS, &bomb).await, 400, "xml.doctype");
    refused(&client.cap(ROUNDS, "{}").await, 400, "xml.root");
    refused(&client.cap(ROUNDS, "").await, 400, "xml.root");
    refused(&client.send("POST", ROUNDS, "text/plain", &alert().document()).await, 415, "body.type");
    refused(&client.cap(ROUNDS, &" ".repeat(2 * 1024 * 1024 + 1)).await, 413, "body.size");
    refused(&client.get("/cap").await, 405, "method");
    refused(&client.get("/nothing").await, 404, "path.unknown");
    refused(&client.get("/sim/phones?since_ms=x").await, 400, "query");
    refused(&client.send("PUT", "/sim/fault", "application/json", "{").await, 400, "fault");
    let long_ago = format!("/sim/phones?since_ms={}", i64::MIN);
    assert_eq!(client.get(&long_ago).await.status, 200);
    client.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
    assert_eq!(client.get("/livez").await.json()["operator"], "omantel");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_network() {
    let mut found = Vec::new();
    for _ in 0..2 {
        let (operator, client) = start(Fault::None).await;
        client.cap(ROUNDS, &alert().document()).await;
        let cells = on_air(&client, 0x4010).await["cells"].clone();
        let phones = client.get("/sim/phones").await.json();
        found.push((
            cells,
            count(&phones, "in_area"),
            count(&phones, "displayed"),
            count(&phones, "spill_over"),
        ));
        operator.stop().await;
    }
    assert_eq!(found[0], found[1]);
}

#[tokio::test]
async fn it_stops_and_does_not_start_from_nonsense() {
    let (operator, client) = start(Fault::None).await;
    assert_eq!(client.get("/livez").await.status, 200);
    operator.stop().await;
    assert!(client.is_refused().await);
    let settings = |operator: &str, cells_csv: &[u8], phones| Settings {
        operator: operator.to_owned(),
        cells_csv: cells_csv.to_vec(),
        phones,
        seed: 1,
        fault: Fault::None,
    };
    let list = cells::generate("omantel", 1).into_bytes();
    let start = async |settings| Operator::start(settings).await.err();
    assert!(matches!(start(settings("nobody", &list, 1)).await, Some(StartError::UnknownOperator(_))));
    assert!(matches!(start(settings("ooredoo", &list, 1)).await, Some(StartError::Cells { .. })));
    assert!(matches!(start(settings("omantel", b"", 1)).await, Some(StartError::Cells { .. })));
    assert!(matches!(start(settings("omantel", &list, 2_000_000)).await, Some(StartError::TooManyPhones(_))));
}
