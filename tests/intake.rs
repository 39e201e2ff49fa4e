//! Alerts of other authorities over the API and the command line: seen once, made a draft, sent by nobody until persons do.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::TimeDelta;
use common::house::{House, Process, run};
use common::operators::Operators;
use common::{Answer, NEIGHBOUR, ask, client, neighbour};
use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType, Reference};

const IPAWS: &[u8] = include_bytes!("../src/core/tests/foreign/ipaws.xml");

async fn bring(house: &House, hub: &Process, cap: Vec<u8>) -> Answer {
    let request = client().post(hub.api("/v1/intake")).bearer_auth(&house.author);
    ask(request.header("content-type", "application/cap+xml").body(cap)).await
}

/// The same message that names others.
fn naming(alert: &Alert, n: u32, msg_type: MsgType, references: Vec<Reference>) -> Vec<u8> {
    let mut next = alert.clone();
    next.identifier = format!("{}.{n}", alert.identifier);
    (next.msg_type, next.references) = (msg_type, references);
    if msg_type != MsgType::Update {
        next.infos = vec![];
    }
    cap::write(&next)
}

#[tokio::test]
async fn an_alert_of_another_authority_waits_for_persons() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let alert = neighbour();
    let came = cap::write(&alert);

    let nobody = ask(client().post(hub.api("/v1/intake")).body(came.clone())).await;
    assert_eq!(nobody.status, 401);
    let taken = bring(&house, &hub, came.clone()).await;
    assert_eq!((taken.status, taken.body["manner"].as_str()), (201, Some("wmo")), "{taken:?}");
    assert_eq!(taken.body["summary"]["governorates"][0], "OM-BU", "{taken:?}");
    let warnings = house.get(&hub, "/v1/warnings").await.body;
    assert_eq!(warnings["warnings"].as_array().map(Vec::len), Some(0), "nothing waits, nothing is sent");

    // Seen once, whatever its octets and the offset of its time.
    let mut again = alert.clone();
    again.sent =
        CapTime::parse(&again.sent.utc().format("%Y-%m-%dT%H:%M:%S-00:00").to_string()).expect("a time");
    for cap in [came, cap::write(&again)] {
        let replayed = bring(&house, &hub, cap).await;
        assert_eq!(
            (replayed.status, replayed.body["code"].as_str()),
            (409, Some("came_before")),
            "{replayed:?}"
        );
    }

    // The draft is among the desk's; a person hands it in as their own, and another approves it.
    let kept = taken.body["kept"].as_str().expect("a draft");
    let drafts = house.get(&hub, "/v1/drafts").await.body;
    assert!(drafts.to_string().contains(kept), "{drafts}");
    let id = taken.body["intake"].as_str().expect("an id");
    let draft = house.get(&hub, &format!("/v1/intake/{id}/draft")).await;
    let draft = draft.body.as_str().expect("a CAP").as_bytes().to_vec();
    let own = cap::read(&draft, &Limits::cap()).0.expect("a CAP");
    assert!(
        own.identifier.starts_with("2.49.0.1.512.")
            && own.sender != alert.sender
            && own.references.is_empty()
    );
    let waiting = house.submit(&hub, draft).await;
    assert_eq!((waiting.status, waiting.body["state"].as_str()), (201, Some("waiting")), "{waiting:?}");
    let warning = waiting.body["warning"].as_str().expect("an id");
    assert_eq!(house.approve(&hub, warning, &waiting.body["hash"]).await.status, 202);
    // It is ours now: our own alert does not come back in.
    let echo = house.get(&hub, &format!("/v1/intake/{id}/draft")).await.status;
    assert_eq!(echo, 200);
    let ours = bring(&house, &hub, cap::write(&own)).await;
    assert_eq!((ours.status, ours.body["errors"][0]["code"].as_str()), (422, Some("intake.own")), "{ours:?}");
}

#[tokio::test]
async fn what_it_names_is_known_or_answered() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let alert = neighbour();
    let first = Reference::of(&alert);
    let taken = bring(&house, &hub, cap::write(&alert)).await;
    let id = taken.body["intake"].as_str().expect("an id").to_owned();

    let updated = bring(&house, &hub, naming(&alert, 1, MsgType::Update, vec![first.clone()])).await;
    assert_eq!((updated.status, &updated.body["names"][0]), (201, &serde_json::json!(id)), "{updated:?}");
    let mut ahead = first.clone();
    ahead.sent = CapTime::muscat(alert.sent.utc() + TimeDelta::hours(1));
    let mut unknown = first.clone();
    unknown.identifier = "nobody".to_owned();
    let itself = Reference { identifier: format!("{}.5", alert.identifier), ..first.clone() };
    for (n, msg_type, references, want) in [
        (2, MsgType::Cancel, vec![unknown.clone()], (404, "unknown_alert")),
        (3, MsgType::Ack, vec![unknown.clone()], (404, "unknown_alert")),
        (4, MsgType::Update, vec![ahead], (422, "invalid_cap")),
        (5, MsgType::Update, vec![itself], (422, "invalid_cap")),
    ] {
        let answer = bring(&house, &hub, naming(&alert, n, msg_type, references)).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (want.0, Some(want.1)), "{n}: {answer:?}");
    }
    // An update whose beginning never came warns all the same; a cancel of what came is shown, and is no draft.
    let late = bring(&house, &hub, naming(&alert, 6, MsgType::Update, vec![unknown])).await;
    assert_eq!((late.status, late.body["draft"].is_string()), (201, true), "{late:?}");
    let own = Reference { identifier: format!("{}.1", alert.identifier), ..first.clone() };
    let cancel = bring(&house, &hub, naming(&alert, 7, MsgType::Cancel, vec![own, first])).await;
    assert_eq!((cancel.status, cancel.body["draft"].is_null()), (201, true), "{cancel:?}");
    assert_eq!(cancel.body["names"].as_array().map(Vec::len), Some(2), "{cancel:?}");
    let came = house.get(&hub, "/v1/intake").await.body;
    assert_eq!(came["intake"].as_array().map(Vec::len), Some(4), "what was refused is not kept: {came}");

    let hostile = bring(&house, &hub, b"<!DOCTYPE a []><alert/>".to_vec()).await;
    assert_eq!((hostile.status, hostile.body["code"].as_str()), (422, Some("invalid_cap")));
    assert_eq!(house.get(&hub, "/v1/intake/int_0").await.status, 404);
}

/// The messages of the same name that an intake tells of.
fn namesakes(answer: &Answer) -> Vec<&str> {
    let losses = answer.body["losses"].as_array().expect("losses").iter();
    let again = losses.filter(|loss| loss["code"] == "changed.name_again");
    again.map(|loss| loss["message"].as_str().expect("words")).collect()
}

#[tokio::test]
async fn a_neighbour_that_gives_a_name_twice_is_heard_and_the_desk_is_told() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let mut alert = neighbour();
    let came = bring(&house, &hub, cap::write(&alert)).await;
    assert_eq!((came.status, namesakes(&came)), (201, vec![]), "{came:?}");
    let first = Reference::of(&alert);
    let id = came.body["intake"].as_str().expect("an id");

    // Another warning under the same name is a draft like any, and its name is told with what had it and when.
    alert.sent = CapTime::muscat(first.sent.utc() + TimeDelta::seconds(1));
    let again = bring(&house, &hub, cap::write(&alert)).await;
    assert_eq!((again.status, again.body["kept"].is_string()), (201, true), "{again:?}");
    let [words] = namesakes(&again)[..] else { panic!("{again:?}") };
    assert!(words.contains(id) && words.contains(&first.sent.to_string()), "{words}");
    // Whoever looks at either later sees the other.
    let second = again.body["intake"].as_str().expect("an id");
    for (one, other) in [(id, second), (second, id)] {
        let seen = house.get(&hub, &format!("/v1/intake/{one}")).await;
        let [words] = namesakes(&seen)[..] else { panic!("{seen:?}") };
        assert!(words.contains(other), "{words}");
    }
    // The very same message is a replay, of whichever.
    let replay = bring(&house, &hub, cap::write(&alert)).await;
    assert_eq!((replay.status, replay.body["code"].as_str()), (409, Some("came_before")), "{replay:?}");

    // An update that keeps the name names what came before it, and not itself; one that names itself, or the same name
    // of later, is refused.
    let now = CapTime::muscat(first.sent.utc() + TimeDelta::seconds(2));
    let at = |sent| Reference { sent, ..first.clone() };
    (alert.msg_type, alert.sent) = (MsgType::Update, now);
    for sent in [now, CapTime::muscat(now.utc() + TimeDelta::seconds(1))] {
        alert.references = vec![at(sent)];
        let refused = bring(&house, &hub, cap::write(&alert)).await;
        let code = refused.body["errors"][0]["code"].as_str();
        assert_eq!((refused.status, code), (422, Some("chain.reference.self")), "{refused:?}");
    }
    alert.references = vec![first];
    let update = bring(&house, &hub, cap::write(&alert)).await;
    assert_eq!((update.status, &update.body["names"]), (201, &serde_json::json!([id])), "{update:?}");
    assert_eq!(namesakes(&update).len(), 2, "{update:?}");
}

#[tokio::test]
async fn the_command_line_says_the_same_without_a_hub() {
    let told = run(&["alert", "intake", "--json", "-"], &cap::write(&neighbour())).await;
    assert_eq!((told.code, told.json["manner"].as_str()), (0, Some("wmo")), "{told:?}");
    assert!(told.json["summary"]["hash"].is_string(), "{told:?}");
    let expired = run(&["alert", "intake", "--json", "-"], IPAWS).await;
    let losses: Vec<&str> = expired.json["losses"]
        .as_array()
        .expect("losses")
        .iter()
        .filter_map(|l| l["code"].as_str())
        .collect();
    for code in ["loss.signature", "loss.language", "loss.resource", "loss.crossing"] {
        assert!(losses.contains(&code), "{code}: {losses:?}");
    }
    let test = String::from_utf8_lossy(NEIGHBOUR).replace("<status>Actual", "<status>Test");
    assert_eq!(run(&["alert", "intake", "--json", "-"], test.as_bytes()).await.code, 3);
    // Areas out and back: what `area cover` reads.
    let out = run(&["area", "geojson", "-"], NEIGHBOUR).await;
    assert_eq!((out.code, out.json["type"].as_str()), (0, Some("FeatureCollection")), "{out:?}");
    let back = run(&["area", "from-geojson", "-"], out.json.to_string().as_bytes()).await;
    assert_eq!(back.json["polygons"][0], "24.1,55.6 24.1,56.1 24.4,56.1 24.4,55.6 24.1,55.6", "{back:?}");
    let covered = run(&["area", "cover", "--jsonl"], back.json.to_string().as_bytes()).await;
    assert_eq!(covered.json["governorates"][0]["code"], "OM-BU", "{covered:?}");
    assert_eq!(run(&["area", "from-geojson", "-"], b"{}").await.code, 4);
}
