//! Cancels and identifiers as documents: what names another's future, another's name or an older message stops nothing.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::{DateTime, TimeDelta, Utc};
use common::house::{House, Process};
use common::operators::Operators;
use common::{Answer, ask, client};
use nadhir::demo;
use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType, Reference};

fn alert(cap: &[u8]) -> Alert {
    cap::read(cap, &Limits::cap()).0.expect("a CAP")
}

/// The demonstration's warning as of a time, its identifier ending in `n`.
fn warning(sent: DateTime<Utc>, n: u32) -> Alert {
    let mut alert = alert(&demo::warning(None, sent));
    alert.identifier = format!("{}.{n}", alert.identifier);
    alert
}

fn cancel(of: &Alert, identifier: &str, sent: CapTime) -> Vec<u8> {
    let mut cancel = of.clone();
    cancel.msg_type = MsgType::Cancel;
    identifier.clone_into(&mut cancel.identifier);
    cancel.sent = sent;
    cancel.references = vec![Reference::of(of)];
    cancel.infos = vec![];
    cap::write(&cancel)
}

async fn issued(house: &House, hub: &Process, alert: &Alert) -> String {
    let waiting = house.submit(hub, cap::write(alert)).await;
    assert_eq!(waiting.status, 201, "{waiting:?}");
    let id = waiting.body["warning"].as_str().expect("an id").to_owned();
    assert_eq!(house.approve(hub, &id, &waiting.body["hash"]).await.status, 202);
    id
}

/// The status and the first fault, or the code of the whole.
fn told(answer: &Answer) -> (u16, Option<&str>) {
    let fault = answer.body["errors"][0]["code"].as_str();
    (answer.status, fault.or_else(|| answer.body["code"].as_str()))
}

#[tokio::test]
async fn a_cancel_is_of_this_hour_and_has_a_name_of_its_own() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let now = Utc::now();
    let earlier = warning(now - TimeDelta::minutes(3), 1);
    issued(&house, &hub, &earlier).await;
    let alert = warning(now - TimeDelta::minutes(2), 2);
    let id = issued(&house, &hub, &alert).await;

    let own = format!("{}.9", alert.identifier);
    let at = |minutes| CapTime::muscat(now + TimeDelta::minutes(minutes));
    for (what, identifier, sent, want) in [
        (
            "sent years before",
            &own,
            CapTime::parse("2020-01-01T00:00:00+04:00").expect("a time"),
            (422, "cap.references.newer"),
        ),
        ("sent a minute before", &own, at(-3), (422, "cap.references.newer")),
        ("sent a month ahead", &own, at(30 * 24 * 60), (422, "clock.sent.future")),
        ("sent six minutes ahead", &own, at(6), (422, "clock.sent.future")),
        ("the alert's own name", &alert.identifier, at(0), (422, "cap.references.self")),
        ("an earlier alert's name", &earlier.identifier, at(0), (409, "identifier_taken")),
    ] {
        let answer = house.submit(&hub, cancel(&alert, identifier, sent)).await;
        assert_eq!(told(&answer), (want.0, Some(want.1)), "{what}: {answer:?}");
        assert_eq!(house.view(&hub, &id).await["state"], "approved", "{what}");
    }
    // One that says in infos of its own that all is over, in one language and without an area, is none the less obeyed.
    let mut told = alert.clone();
    (told.msg_type, told.identifier, told.sent) = (MsgType::Cancel, format!("{own}.1"), at(0));
    told.references = vec![Reference::of(&earlier)];
    told.infos.truncate(1);
    (told.infos[0].expires, told.infos[0].areas) = (Some(at(-1)), vec![]);
    let answer = house.submit(&hub, cap::write(&told)).await;
    assert_eq!((answer.status, answer.body["state"].as_str()), (202, Some("cancelled")), "{answer:?}");
    let answer = house.submit(&hub, cancel(&alert, &own, at(4))).await;
    assert_eq!((answer.status, answer.body["state"].as_str()), (202, Some("cancelled")), "{answer:?}");
}

#[tokio::test]
async fn an_identifier_is_given_once() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let now = Utc::now();
    let first = warning(now - TimeDelta::minutes(2), 1);
    let taken = issued(&house, &hub, &first).await;
    let second = warning(now - TimeDelta::minutes(1), 2);
    issued(&house, &hub, &second).await;

    let mut again = first.clone();
    again.sent = second.sent;
    let mut update = again.clone();
    (update.msg_type, update.references) = (MsgType::Update, vec![Reference::of(&second)]);
    for document in [&again, &update] {
        let answer = house.submit(&hub, cap::write(document)).await;
        assert_eq!(told(&answer), (409, Some("identifier_taken")), "{answer:?}");
        let words = answer.body["detail"].as_str().expect("words");
        assert!(words.contains(&taken) && words.contains(&first.sent.to_string()), "{words}");
    }
    // The very same document again is no other message.
    let replay = house.submit(&hub, cap::write(&first)).await;
    assert_eq!((replay.status, replay.body["warning"].as_str()), (201, Some(&*taken)), "{replay:?}");

    // Nor does it come in from others under a name of ours that was given.
    let request = client().post(hub.api("/v1/intake")).bearer_auth(&house.author);
    let ours = ask(request.header("content-type", "application/cap+xml").body(cap::write(&again))).await;
    assert_eq!(told(&ours), (409, Some("identifier_taken")), "{ours:?}");
}

#[tokio::test]
async fn a_reference_is_written_as_the_message_wrote_its_own_time() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let mut alert = warning(Utc::now(), 1);
    let sent = alert.sent.utc().format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    alert.sent = CapTime::parse(&sent).expect("a time");
    let id = issued(&house, &hub, &alert).await;
    let cancelled = client().post(hub.api(&format!("/v1/warnings/{id}/cancellation")));
    assert_eq!(ask(cancelled.bearer_auth(&house.author)).await.status, 202);

    // A receiver that compares texts finds the alert by the cancel's: the public's copy, and the one operators got.
    let text = async |path: &str| {
        let answer = client().get(hub.api(&format!("/w/{id}/{path}"))).send().await.expect("an answer");
        answer.text().await.expect("text")
    };
    let named = format!("{},{},{sent}", alert.sender, alert.identifier);
    let (published, cancel) = (text("alert.xml").await, text("cancel.xml").await);
    assert!(cancel.contains(&format!("<references>{named}</references>")), "{named}: {cancel}");
    let record = nadhir::store::Store::open(&house.path("record.sqlite")).expect("the record");
    let order = record.orders(&id).await.expect("orders").remove(0).order.cap;
    for got in [published, order] {
        assert!(got.contains(&format!("<sent>{sent}</sent>")), "{got}");
    }
}
