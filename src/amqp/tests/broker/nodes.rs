//! A node that dies, and one that runs out of disk. Each test has a private node.

use crate::bench::{PATIENCE, Place, connect, next, state_within, text};
use crate::node::Node;
use nadhir_amqp::{NotConfirmed, State};
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_confirmed_is_there_after_kill_9() {
    let node = Node::start("kill");
    let broker = connect(&node.url).await;
    let place = Place::declare(&broker, "").await;
    // RabbitMQ 3.10 writes the list of its quorum queues lazily: one declared in the last second before a kill -9 comes
    // back without a leader, for ever. Declaring is not what this test is about.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let publisher = {
        let broker = broker.clone();
        let place =
            Place { exchange: place.exchange.clone(), queue: place.queue.clone(), key: place.key.clone() };
        tokio::spawn(async move {
            let mut confirmed = BTreeSet::new();
            let mut n = 0_u32;
            let mut failed = 0_u32;
            // Until the broker has come back and taken fifty more.
            let mut after = 0;
            while after < 50 {
                n += 1;
                let body = n.to_string();
                let outcome = broker.publish(place.message(&body), Duration::from_secs(2)).await;
                if outcome.is_ok() {
                    confirmed.insert(n);
                    after += u32::from(failed > 0);
                } else {
                    failed += 1;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            (confirmed, failed)
        })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    let node = tokio::task::spawn_blocking(move || {
        node.kill();
        node.restart();
        node
    })
    .await
    .expect("killed and booted again");
    let published = tokio::time::timeout(Duration::from_secs(60), publisher).await;
    let (confirmed, failed) = published.expect("the node takes messages again").expect("published");
    assert!(failed > 0, "the kill fell between two publishes");
    let reader = connect(&node.url).await;
    let mut consumer = reader.consume(&place.queue, 0);
    let mut missing = confirmed.clone();
    while !missing.is_empty() {
        let delivery = next(&mut consumer).await;
        missing.remove(&text(&delivery).parse::<u32>().expect("a number"));
        delivery.ack().await.expect("acknowledged");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_connection_is_told_and_ends() {
    let node = Node::start("blocked");
    let broker = connect(&node.url).await;
    let place = Place::declare(&broker, "").await;
    place.publish(&broker, "before").await.expect("confirmed");
    node.ctl(&["set_disk_free_limit", "100000GB"]);
    // The broker tells a connection only when it publishes; that publish is not confirmed.
    let outcome = broker.publish(place.message("during"), PATIENCE).await;
    assert!(matches!(outcome, Err(NotConfirmed::Blocked { sent: true, .. })), "{outcome:?}");
    let at_once = broker.publish(place.message("refused"), PATIENCE).await;
    assert!(matches!(at_once, Err(NotConfirmed::Blocked { sent: false, .. })), "{at_once:?}");
    // Longer than probe and heartbeat together: a blocked line is not a dead one.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(matches!(&*broker.state().borrow(), State::Blocked { .. }), "{:?}", *broker.state().borrow());
    node.ctl(&["set_disk_free_limit", "50MB"]);
    state_within(&broker, "up", |state| matches!(state, State::Up { .. })).await;
    place.publish(&broker, "after").await.expect("confirmed");
    let mut consumer = broker.consume(&place.queue, 0);
    let mut seen = Vec::new();
    while !seen.contains(&"after".to_owned()) {
        let delivery = next(&mut consumer).await;
        seen.push(text(&delivery));
        delivery.ack().await.expect("acknowledged");
    }
    assert!(seen.contains(&"before".to_owned()) && !seen.contains(&"refused".to_owned()), "{seen:?}");
}
