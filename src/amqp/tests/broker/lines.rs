//! Lines that stall, break or are not there yet.

use crate::bench::{PATIENCE, Place, at_port, connect, dial, next, port_of, state_within, text, url};
use crate::proxy::{Mode, Proxy};
use nadhir_amqp::{Broker, NotConfirmed, State};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

async fn through_proxy(mode: Mode) -> (Proxy, Broker) {
    let uri = url("NADHIR_AMQP_URL");
    let proxy = Proxy::start(SocketAddr::from((Ipv4Addr::LOCALHOST, port_of(&uri))), mode).await;
    let broker = dial(&[at_port(&uri, proxy.port)]);
    (proxy, broker)
}

fn is_up(state: &State) -> bool {
    matches!(state, State::Up { .. })
}

fn is_down(state: &State) -> bool {
    matches!(state, State::Down { .. })
}

#[tokio::test]
async fn down_at_start_is_told_at_once_and_up_comes_by_itself() {
    let (proxy, broker) = through_proxy(Mode::Refuse).await;
    let place = Place::name();
    let outcome = place.publish(&broker, "too early").await;
    assert!(matches!(outcome, Err(NotConfirmed::Down { .. })), "{outcome:?}");
    let mut consumer = broker.consume(&place.queue, 1);
    proxy.set(Mode::Flow);
    state_within(&broker, "up", is_up).await;
    broker.declare(&place.topology(""), Duration::from_secs(5)).await.expect("declared");
    place.publish(&broker, "now").await.expect("confirmed");
    assert_eq!(text(&next(&mut consumer).await), "now");
}

#[tokio::test]
async fn the_second_node_of_the_list_is_taken_when_the_first_is_dead_or_silent() {
    let uri = url("NADHIR_AMQP_URL");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
        listener.local_addr().expect("address").port()
    };
    let silent_port = silent.local_addr().expect("address").port();
    let broker = dial(&[at_port(&uri, closed), at_port(&uri, silent_port), uri.clone()]);
    let port = port_of(&uri).to_string();
    state_within(&broker, "up", |state| matches!(state, State::Up { node } if node.contains(&port))).await;
    let State::Up { node } = broker.state().borrow().clone() else { panic!("up") };
    assert!(!node.contains('@'), "no password in {node}");
}

#[tokio::test]
async fn a_stalled_line_times_out_is_noticed_and_the_next_publish_works() {
    let (proxy, broker) = through_proxy(Mode::Flow).await;
    state_within(&broker, "up", is_up).await;
    let place = Place::declare(&broker, "").await;
    place.publish(&broker, "before").await.expect("confirmed");
    proxy.set(Mode::Stall);
    let deadline = Duration::from_millis(400);
    let outcome = broker.publish(place.message("stalled"), deadline).await;
    assert_eq!(outcome, Err(NotConfirmed::TimedOut { waited: deadline }));
    assert!(outcome.is_err_and(|fault| fault.may_have_arrived()));
    state_within(&broker, "down", is_down).await;
    proxy.set(Mode::Flow);
    state_within(&broker, "up again", is_up).await;
    place.publish(&broker, "after").await.expect("confirmed");
    let direct = connect(&url("NADHIR_AMQP_URL")).await;
    let mut consumer = direct.consume(&place.queue, 0);
    let mut seen = Vec::new();
    while !seen.contains(&"after".to_owned()) {
        let delivery = next(&mut consumer).await;
        seen.push(text(&delivery));
        delivery.ack().await.expect("acknowledged");
    }
    // The stalled one may have arrived or not; the confirmed ones must have.
    assert!(seen.contains(&"before".to_owned()), "{seen:?}");
}

#[tokio::test]
async fn an_idle_stalled_line_is_noticed_without_a_publish() {
    let (proxy, broker) = through_proxy(Mode::Flow).await;
    state_within(&broker, "up", is_up).await;
    proxy.set(Mode::Stall);
    state_within(
        &broker,
        "down",
        |state| matches!(state, State::Down { reason } if reason.contains("not answered")),
    )
    .await;
}

#[tokio::test]
async fn a_consumer_survives_cut_lines_and_gets_the_unacknowledged_again() {
    let direct = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::declare(&direct, r#","x-single-active-consumer":true"#).await;
    let (proxy, broker) = through_proxy(Mode::Flow).await;
    let mut consumer = broker.consume(&place.queue, 1);
    for round in 0..3_u8 {
        let body = format!("order {round}");
        place.publish(&direct, &body).await.expect("confirmed");
        let held = next(&mut consumer).await;
        assert_eq!((text(&held), held.redelivered), (body.clone(), false));
        proxy.set(Mode::Refuse);
        state_within(&broker, "down", is_down).await;
        assert!(held.ack().await.is_err(), "its line is gone");
        proxy.set(Mode::Flow);
        let again = next(&mut consumer).await;
        assert_eq!((text(&again), again.redelivered), (body, true));
        again.ack().await.expect("acknowledged");
    }
}

#[tokio::test]
async fn six_broken_lines_bury_a_held_order() {
    let direct = connect(&url("NADHIR_AMQP_URL")).await;
    let dead = Place::declare(&direct, "").await;
    let place = Place::name();
    let topology = place.topology_with_dead_letters(&dead);
    direct.declare(&topology, PATIENCE).await.expect("declared");
    place.publish(&direct, "held").await.expect("confirmed");
    let (proxy, broker) = through_proxy(Mode::Flow).await;
    let mut consumer = broker.consume(&place.queue, 1);
    for before in 0..6 {
        let held = next(&mut consumer).await;
        assert_eq!((text(&held).as_str(), held.delivered_before), ("held", before));
        proxy.set(Mode::Refuse);
        state_within(&broker, "down", is_down).await;
        proxy.set(Mode::Flow);
    }
    let mut buried = direct.consume(&dead.queue, 1);
    let delivery = next(&mut buried).await;
    assert_eq!(text(&delivery), "held");
    delivery.ack().await.expect("acknowledged");
}

#[tokio::test]
async fn a_stopped_broker_stays_down() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::declare(&broker, "").await;
    broker.stop().await;
    let outcome = place.publish(&broker, "late").await;
    assert_eq!(outcome, Err(NotConfirmed::Down { reason: "stopped".to_owned() }));
    broker.stop().await;
}
