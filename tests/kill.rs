//! Real processes killed with -9 at the worst instants and started again: still sent, once a phone, the record whole.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::{House, Way};
use common::operators::Operators;
use common::{ask, client, until};
use nadhir::adapter::{self, Cbc, Ledger};
use nadhir::clock::Clock;
use nadhir::demo::OPERATORS;
use nadhir::transport::loopback::Loopback;
use nadhir::transport::{Queue, Transport};
use nadhir_core::delivery::{Counts, Receipt};
use nadhir_simulator::Fault;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpSocket;
use tokio_util::sync::CancellationToken;

/// A port that is ours and where nobody listens.
fn closed_port() -> (TcpSocket, u16) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
    let port = socket.local_addr().expect("an address").port();
    (socket, port)
}

/// Identifier and serial of what a warning's lanes broadcast: the same at every operator.
fn identities(view: &Value) -> Vec<(u64, u64)> {
    let lanes = view["operators"].as_array().expect("lanes");
    let of = |lane: &Value| -> Vec<(u64, u64)> {
        let messages = lane["messages"].as_array().expect("messages").iter();
        let number = |value: &Value| value.as_u64().expect("a number");
        messages.map(|m| (number(&m["identifier"]), number(&m["serial"]))).collect()
    };
    let first = of(&lanes[0]);
    assert!(!first.is_empty() && lanes.iter().all(|lane| of(lane) == first), "{view}");
    first
}

/// Every operator has these on air, each begun once, and no phone was disturbed.
async fn on_air_once(operators: &Operators, identities: &[(u64, u64)]) {
    for name in OPERATORS {
        let wanted: Vec<_> =
            identities.iter().map(|(identifier, serial)| (*identifier, *serial, 1)).collect();
        assert_eq!(operators.on_air(name).await, wanted, "{name}");
    }
    let seen = operators.phones().await;
    assert!(seen.is_clean(), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_killed_between_commit_and_publish_sends_after_its_restart_once() {
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    let (_held, port) = closed_port();
    house.configure(&Way::Amqp(format!("amqp://hub:hub@127.0.0.1:{port}/nadhir")), &operators);

    let hub = house.serve().await;
    let absent = hub.ready().await;
    assert_eq!((absent.status, &absent.body["ready"]), (503, &Value::Bool(false)), "{absent:?}");
    assert_eq!((&absent.body["store"], &absent.body["transport"]["name"]), (&"ok".into(), &"amqp".into()));
    let why = absent.body["transport"]["state"].as_str().expect("words");
    assert!(why.starts_with("down: ") && why.len() > "down: ".len(), "{why}");

    let id = house.issue(&hub).await;
    let committed = house.view(&hub, &id).await;
    for lane in committed["operators"].as_array().expect("lanes") {
        assert_eq!((&lane["state"], &lane["queued_ms"]), (&"pending".into(), &Value::Null), "{lane}");
    }
    hub.kill().await;
    assert_eq!(house.orders(), 3);
    let before = house.events().await;

    house.configure(&Way::Loopback, &operators);
    let hub = house.serve().await;
    assert_eq!(hub.ready().await.status, 200);
    let shown = house.on_air(&hub, &id).await;
    assert_eq!(identities(&shown), identities(&committed));
    on_air_once(&operators, &identities(&committed)).await;
    for name in OPERATORS {
        assert_eq!(operators.submissions(name).await, 1, "{name}");
    }
    hub.kill().await;
    assert!(house.events().await > before);
    assert_eq!(house.orders(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_approved_live_does_not_leave_where_live_is_off() {
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    let (_held, port) = closed_port();
    house.configure(&Way::Amqp(format!("amqp://hub:hub@127.0.0.1:{port}/nadhir")), &operators);
    let hub = house.serve().await;
    let id = house.issue(&hub).await;
    hub.kill().await;

    // As where the record was put back on a hub that is for drills: a drill goes its way, the live warning does not.
    house.configure(&Way::Loopback, &operators);
    house.without_live();
    let hub = house.serve().await;
    let index = nadhir::run::regions(None).expect("regions");
    let plan = nadhir::drill::DrillPlan::usual(&index, "", &["OM-BJ".to_owned()], chrono::Utc::now());
    let waiting = house
        .submit(
            &hub,
            plan.expect("a drill").cap(&nadhir::run::profile().expect("the profile"), chrono::Utc::now()),
        )
        .await;
    let drill = waiting.body["warning"].as_str().expect("an id").to_owned();
    assert_eq!(house.approve(&hub, &drill, &waiting.body["hash"]).await.status, 202);
    house.on_air(&hub, &drill).await;
    // The path of the drill was open, and the relay of live orders would have polled by now.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for name in OPERATORS {
        let air: Vec<u64> = operators.on_air(name).await.iter().map(|message| message.0).collect();
        assert_eq!((operators.submissions(name).await, air), (1, vec![4381]), "{name}: the drill alone");
        assert_eq!(house.lane(&hub, &id, name).await["queued_ms"], Value::Null, "{name}");
    }
    let cancel =
        client().post(hub.api(&format!("/v1/warnings/{id}/cancellation"))).bearer_auth(&house.author);
    let refused = ask(cancel).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &"not_live".into()), "{refused:?}");
    hub.kill().await;
    assert_eq!(house.orders(), 6, "three of each, and no cancel");
}

/// Killed when the CBC has it, before its cells are reported: with `fault` at one operator.
async fn killed_after_the_cbc_accepted(fault: Fault) {
    let operators = Operators::start("ooredoo", fault).await;
    let house = House::new(&operators).await;
    let hub = house.serve().await;
    let id = house.issue(&hub).await;
    let wanted = identities(&house.view(&hub, &id).await);
    until("every CBC has it", || async {
        for name in OPERATORS {
            if operators.submissions(name).await == 0 {
                return None;
            }
        }
        Some(())
    })
    .await;
    hub.kill().await;

    let hub = house.serve().await;
    let shown = house.on_air(&hub, &id).await;
    assert_eq!(identities(&shown), wanted);
    on_air_once(&operators, &wanted).await;
    hub.kill().await;
    house.events().await;
    assert_eq!(house.orders(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_cells_are_on_air_it_goes_on_with_the_same_identity() {
    killed_after_the_cbc_accepted(Fault::late(Duration::from_secs(2))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_an_answer_is_lost_it_goes_on_with_the_same_identity() {
    killed_after_the_cbc_accepted(Fault::LostAnswer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_it_still_ends_on_air_once() {
    let operators = Operators::start("ooredoo", Fault::late(Duration::from_secs(1))).await;
    let house = House::new(&operators).await;
    let mut hub = house.serve().await;
    let id = house.issue(&hub).await;
    let wanted = identities(&house.view(&hub, &id).await);
    // Each life of the hub ends somewhere else on the way: after one more grade was heard.
    for grade in ["queued_ms", "taken_ms", "accepted_ms"] {
        until(grade, || async { house.lane(&hub, &id, "ooredoo").await[grade].is_number().then_some(()) })
            .await;
        hub.kill().await;
        hub = house.serve().await;
    }
    let shown = house.on_air(&hub, &id).await;
    assert_eq!(identities(&shown), wanted);
    on_air_once(&operators, &wanted).await;
}

/// Runs one adapter on a path that forgets with the process, until as many receipts came as `enough` says.
async fn adapter_until(
    house: &House,
    cbc: &str,
    order: Option<Vec<u8>>,
    enough: impl Fn(&[Receipt]) -> bool,
) -> Vec<Receipt> {
    let path: Arc<dyn Transport> = Arc::new(Loopback::default());
    if let Some(body) = order {
        let (read, _) = nadhir_core::delivery::Order::from_wire(&body).expect("an order");
        let to = nadhir::transport::Address::Order { operator: read.operator, class: read.class };
        path.send(to, read.delivery, body, Duration::from_secs(1)).await.expect("sent");
    }
    let cells = adapter::Cells::open("omantel", &house.path("omantel.csv")).expect("cells");
    let settings = adapter::Settings {
        operator: "omantel".to_owned(),
        transport: Arc::clone(&path),
        ledger: Ledger::open(&house.path("one.sqlite")).expect("a ledger"),
        cells: Arc::new(cells),
        regions: Arc::new(nadhir::run::regions(None).expect("regions")),
        cbc: Cbc::new(&cbc.to_owned().into()).expect("a CBC"),
        clock: Clock::start(),
    };
    let stop = CancellationToken::new();
    let running = tokio::spawn(adapter::run(settings, stop.clone()));
    let mut inbox = path.receive(Queue::Receipts).await;
    let mut receipts = Vec::new();
    while !enough(&receipts) {
        let next = tokio::time::timeout(common::PATIENCE, inbox.next()).await;
        let delivered = next.unwrap_or_else(|_| panic!("no more receipts after {receipts:?}"));
        if Counts::from_wire(&delivered.body).is_none() {
            receipts.push(Receipt::from_wire(&delivered.body).expect("a receipt"));
        }
        // Read, and never recorded: the process that would have recorded it dies.
        std::mem::forget(delivered);
    }
    stop.cancel();
    running.await.expect("it ends").expect("no error");
    receipts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_path_forgot_with_the_process_is_told_again() {
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    let (_held, port) = closed_port();
    house.configure(&Way::Amqp(format!("amqp://hub:hub@127.0.0.1:{port}/nadhir")), &operators);
    let hub = house.serve().await;
    house.issue(&hub).await;
    hub.kill().await;
    let record = rusqlite::Connection::open(house.path("record.sqlite")).expect("the record");
    let sql = "SELECT body FROM outbox WHERE operator = 'omantel'";
    let body: Vec<u8> = record.query_row(sql, [], |row| row.get(0)).expect("an order");
    let order: nadhir_core::delivery::Order = serde_json::from_slice(&body).expect("an order");

    let cbc = &operators.urls["omantel"];
    let done = |receipts: &[Receipt]| receipts.iter().any(|r| r.grade.word() == "on_air");
    let first = adapter_until(&house, cbc, Some(order.to_wire(9_000)), done).await;
    let ids = |receipts: &[Receipt]| receipts.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
    // The next run has an empty path: it says the same receipts again, by their old ids, and submits nothing.
    let told = |receipts: &[Receipt]| ids(&first).iter().all(|id| ids(receipts).contains(id));
    adapter_until(&house, cbc, None, told).await;
    assert_eq!(operators.submissions("omantel").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_whose_adapter_cannot_go_on_ends_and_says_why() {
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    let hub = house.serve().await;
    assert_eq!(hub.ready().await.status, 200);
    hub.kill().await;
    let ledger = rusqlite::Connection::open(house.path("omantel.sqlite")).expect("the ledger");
    ledger.execute_batch("ALTER TABLE receipt RENAME TO gone").expect("renamed");
    drop(ledger);
    // It starts, for the file can be opened; what it cannot do is a fault that a new start may mend.
    assert_eq!(house.serve().await.ended().await, Some(1));
    let log = house.log();
    assert!(log.contains("the adapter of omantel") && log.contains("no such table: "), "{log}");
}
