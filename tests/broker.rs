//! The whole way over a running RabbitMQ: the conformance suite, the demonstration, and processes killed on the way.
//!
//! Built with the feature `broker-tests`; without NADHIR_AMQP_URL these fail (deploy/dev/with-broker.sh COMMAND sets it).

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

#[macro_use]
#[path = "transport/suite.rs"]
mod suite;

mod common;

/// The broker, its queues empty and this test's alone.
#[path = "broker/ground.rs"]
mod ground;
/// What nobody could read, or nobody may say.
#[path = "broker/letters.rs"]
mod letters;

use common::house::{House, Process, Way, nadhir, run};
use common::operators::Operators;
use common::until;
use ground::{Gate, Ground, drill_url, ours, url};
use nadhir::demo::OPERATORS;
use nadhir::transport::amqp::{Amqp, Reach};
use nadhir::transport::{PathState, Transport as _};
use nadhir_core::cbs::Class;
use nadhir_simulator::Fault;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};

conformance!(ground::empty);

/// Runs the demonstration in a folder of its own; nothing and nobody of it may be left.
async fn demo(code: i32, more: &[&str]) -> Value {
    let _ground = Ground::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = nadhir();
    command.args(["demo", "--once", "--json", "--transport", "amqp", "--amqp", &url()]).args(more);
    command.env("TMPDIR", folder.path()).env("NADHIR_AMQP_URL_DRILL", drill_url());
    let output = command.output().await.expect("it runs");
    let ended = common::house::Ended::from(output);
    assert_eq!(ended.code, code, "{ended:?}");
    assert_eq!(ours(folder.path()), Vec::<String>::new(), "processes are left");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "files are left");
    ended.json
}

async fn house_at_the_broker(operators: &Operators) -> House {
    let house = House::new(operators).await;
    house.configure(&Way::Amqp(url()), operators);
    house
}

async fn adapters(house: &House, names: &[&str]) -> Vec<Process> {
    let mut adapters = Vec::new();
    for name in names {
        adapters.push(house.adapter(name).await);
    }
    adapters
}

/// No CBC was given it twice, and no phone was troubled by it.
async fn each_sent_once(operators: &Operators) {
    for name in OPERATORS {
        assert_eq!(operators.submissions(name).await, 1, "{name}");
    }
    let seen = operators.phones().await;
    assert!(seen.is_clean(), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_is_met_over_the_broker() {
    let shown = demo(0, &[]).await;
    assert_eq!(shown["met"], true, "{shown}");
    let lanes = shown["operators"].as_array().expect("lanes");
    assert!(lanes.len() == 3 && lanes.iter().all(|lane| lane["state"] == "on_air"), "{shown}");
    assert!(lanes.iter().all(|lane| lane["queued_ms"].is_number()), "{shown}");
    assert!(shown["phones"]["displayed"].as_u64() > Some(0), "{shown}");
    for key in ["twice", "outside", "unreadable"] {
        assert_eq!(shown["phones"][key], 0, "{key}: {shown}");
    }
    assert_eq!(shown["record"]["verified"], true, "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_red_over_the_broker() {
    let shown = demo(6, &["--fault", "refuse=ooredoo"]).await;
    let states: Vec<&Value> =
        shown["operators"].as_array().expect("lanes").iter().map(|l| &l["state"]).collect();
    assert_eq!(states, ["on_air", "rejected", "on_air"], "{shown}");
    assert!(shown["operators"][1]["reason"].as_str().is_some_and(|why| why.contains("refused")), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_that_is_killed_takes_its_children_with_it() {
    let _ground = Ground::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = nadhir();
    command.args(["demo", "--transport", "amqp", "--amqp", &url(), "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", folder.path()).env("NADHIR_AMQP_URL_DRILL", drill_url());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let shown = async {
        while let Some(line) = lines.next_line().await.expect("readable") {
            if line.contains("This warning, for anybody") {
                return;
            }
        }
        panic!("it ended by itself");
    };
    tokio::time::timeout(common::PATIENCE, shown).await.expect("in time");
    assert_eq!(ours(folder.path()).len(), 4, "a hub and three adapters");
    child.kill().await.expect("killed");
    until("its children end", || async { ours(folder.path()).is_empty().then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_broker_is_told_and_what_was_approved_leaves_when_it_comes() {
    let _ground = Ground::new().await;
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    let gate = Gate::closed();
    house.configure(&Way::Amqp(gate.uri()), &operators);
    let hub = house.serve().await;
    let adapters = adapters(&house, &OPERATORS).await;
    let absent = hub.ready().await;
    assert_eq!((absent.status, &absent.body["ready"]), (503, &Value::Bool(false)), "{absent:?}");
    assert!(
        absent.body["transport"]["state"].as_str().is_some_and(|why| why.starts_with("down: ")),
        "{absent:?}"
    );
    let id = house.issue(&hub).await;
    for name in OPERATORS {
        assert_eq!(house.lane(&hub, &id, name).await["state"], "pending", "{name}");
    }

    let _open = gate.open();
    house.on_air(&hub, &id).await;
    until("it is ready", || async { (hub.ready().await.status == 200).then_some(()) }).await;
    each_sent_once(&operators).await;
    drop((hub, adapters));
    house.events().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_cells_cross_the_broker_and_wait_there_for_a_hub() {
    let _ground = Ground::new().await;
    let operators = Operators::none();
    let house = house_at_the_broker(&operators).await;
    // No hub yet: what the adapters tell at their start waits in the queue.
    let _adapters = adapters(&house, &OPERATORS).await;
    let hub = house.serve().await;
    for name in OPERATORS {
        let told = until("its counts are known", || async {
            let told = house.get(&hub, &format!("/v1/operators/{name}/census")).await;
            (told.status == 200).then_some(told.body)
        })
        .await;
        let count = |of: &Value| of["cells"].as_u64().expect("a count");
        let land: u64 = told["wilayat"].as_array().expect("wilayat").iter().map(count).sum();
        let rows = operators.cells[name].lines().count() - 1;
        assert_eq!(land + count(&told["sea"]) + count(&told["outside"]), rows as u64, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_killed_after_taking_goes_on_and_sends_once() {
    let _ground = Ground::new().await;
    let mut operators = Operators::start("", Fault::None).await;
    // Ooredoo's CBC is not there yet: its adapter takes the order and cannot send it.
    let address = operators.stop("ooredoo").await;
    let house = house_at_the_broker(&operators).await;
    let hub = house.serve().await;
    let _others = adapters(&house, &["omantel", "vodafone"]).await;
    let adapter = house.adapter("ooredoo").await;
    let id = house.issue(&hub).await;
    until("ooredoo has it durably", || async {
        house.lane(&hub, &id, "ooredoo").await["taken_ms"].is_number().then_some(())
    })
    .await;
    adapter.kill().await;

    operators.add("ooredoo", address, Fault::None).await;
    let _adapter = house.adapter("ooredoo").await;
    house.on_air(&hub, &id).await;
    each_sent_once(&operators).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_held_by_a_reader_that_dies_comes_to_the_next_and_is_sent_once() {
    let ground = Ground::new().await;
    let operators = Operators::start("", Fault::None).await;
    let house = house_at_the_broker(&operators).await;
    let hub = house.serve().await;
    let _others = adapters(&house, &["omantel", "vodafone"]).await;
    let mut reader = ground.path.receive(suite::orders("ooredoo", Class::Live).1).await;
    let id = house.issue(&hub).await;
    let held = tokio::time::timeout(common::PATIENCE, reader.next()).await.expect("the order comes");
    // A single active consumer a queue: the adapter waits behind the reader.
    let _ooredoo = house.adapter("ooredoo").await;
    assert_eq!(operators.submissions("ooredoo").await, 0);
    drop(reader);
    drop(held);

    house.on_air(&hub, &id).await;
    each_sent_once(&operators).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_killed_while_adapters_work_hears_their_receipts_after_its_restart() {
    let _ground = Ground::new().await;
    let operators = Operators::start("", Fault::None).await;
    let house = house_at_the_broker(&operators).await;
    let hub = house.serve().await;
    let id = house.issue(&hub).await;
    until("every order is with the broker", || async {
        let view = house.view(&hub, &id).await;
        let lanes = view["operators"].as_array().expect("lanes");
        lanes.iter().all(|lane| lane["queued_ms"].is_number()).then_some(())
    })
    .await;
    hub.kill().await;
    let adapters = adapters(&house, &OPERATORS).await;
    until("every CBC has it", || async {
        for name in OPERATORS {
            if operators.on_air(name).await.is_empty() {
                return None;
            }
        }
        Some(())
    })
    .await;
    let hub = house.serve().await;
    house.on_air(&hub, &id).await;
    each_sent_once(&operators).await;
    drop((hub, adapters));
    house.events().await;
}

/// With the credential for drills the broker refuses a live order, and takes a drill's: the hub sends each by its own.
#[tokio::test(flavor = "multi_thread")]
async fn drills_go_by_their_own_credential() {
    let ground = Ground::new().await;
    let drills = drill_url();
    let within = Duration::from_secs(5);
    let path = |live: &String, drills: &String| {
        let (uris, drills) = (std::slice::from_ref(live), std::slice::from_ref(drills));
        Amqp::reach(&Reach { uris, drills, authority: None }, "test").expect("addresses")
    };
    let send = async |path: &Amqp, class: Class| {
        let (to, _) = suite::orders("omantel", class);
        path.send(to, "ord_1".to_owned(), b"order".to_vec(), within).await
    };
    // Both lines with the drills' credential: the live order is refused, so the credential is what decides.
    let wrong = path(&drills, &drills);
    until("the drill is taken", || async { send(&wrong, Class::Drill).await.ok() }).await;
    assert!(send(&wrong, Class::Live).await.is_err());
    // A drill's line that cannot sign in: drills fail, live orders do not take notice.
    let locked_out = drills.replace(":hub-drill@", ":wrong@");
    let half = path(&url(), &locked_out);
    until("the live order is taken", || async { send(&half, Class::Live).await.ok() }).await;
    assert!(send(&half, Class::Drill).await.is_err());
    until("the drills' line does not count", || async { (half.state() == PathState::Up).then_some(()) })
        .await;
    for class in [Class::Live, Class::Drill] {
        suite::drain(&ground.path, &suite::orders("omantel", class).0).await;
    }
}

#[tokio::test]
async fn a_hub_without_a_credential_for_drills_does_not_start() {
    let operators = Operators::none();
    let house = house_at_the_broker(&operators).await;
    let path = house.path("nadhir.toml");
    let text = std::fs::read_to_string(&path).expect("readable");
    let kept: String =
        text.lines().filter(|l| !l.starts_with("drill_uris")).flat_map(|l| [l, "\n"]).collect();
    std::fs::write(&path, kept).expect("written");
    let ended = run(&["serve", "--config", &house.config()], b"").await;
    assert!(ended.code == 1 && ended.words.contains("transport.drill_uris"), "{ended:?}");
}

#[tokio::test]
async fn what_is_no_address_of_a_broker_is_named() {
    let operators = Operators::none();
    let house = House::new(&operators).await;
    house.configure(&Way::Amqp("gopher://hub:s3cret@127.0.0.1/nadhir".to_owned()), &operators);
    let ended = run(&["serve", "--config", &house.config()], b"").await;
    assert!(ended.code != 0 && ended.words.contains("uris[0]"), "{ended:?}");
    assert!(!ended.words.contains("s3cret"), "{ended:?}");
}
