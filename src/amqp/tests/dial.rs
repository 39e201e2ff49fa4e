//! Dialling nodes that take a connection and never answer. Needs no broker.

use nadhir_amqp::{Broker, NotConfirmed, Publish, Settings, State};
use std::time::Duration;
use tokio::net::TcpListener;

/// Long enough for a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn impatient(uris: Vec<String>) -> Settings {
    Settings {
        connect_timeout: Duration::from_millis(100),
        retry_first: Duration::from_millis(10),
        retry_most: Duration::from_millis(20),
        ..Settings::new(uris, "test")
    }
}

fn io_threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.starts_with("lapin-io-loop")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_node_costs_neither_time_nor_threads() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = silent.local_addr().expect("address").port();
    let broker =
        Broker::start(impatient(vec![format!("amqp://hub:hub@127.0.0.1:{port}/v")])).expect("settings");
    // Sixteen dials, each left open on this side as a dead node would leave it.
    let mut held = Vec::new();
    while held.len() < 16 {
        let (stream, _) =
            tokio::time::timeout(PATIENCE, silent.accept()).await.expect("dialled again").expect("accept");
        held.push(stream);
    }
    let message = Publish { exchange: "x", routing_key: "k", body: b"", message_id: "m" };
    let outcome = broker.publish(message, PATIENCE).await;
    assert!(
        matches!(&outcome, Err(NotConfirmed::Down { reason }) if !reason.contains("hub:hub")),
        "{outcome:?}"
    );
    broker.stop().await;
    assert_eq!(*broker.state().borrow(), State::Down { reason: "stopped".to_owned() });
    // Every abandoned dial ends its own thread, although its peer never said a word.
    let ended = async {
        while io_threads() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, ended).await.is_ok(), "{} threads are left", io_threads());
    drop(held);
}
