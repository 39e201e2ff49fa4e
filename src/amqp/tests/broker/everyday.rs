//! Publishing and consuming when all is well, and when the broker says no.

use crate::bench::{PATIENCE, Place, connect, consuming, next, text, url, waiting};
use nadhir_amqp::{NotConfirmed, NotDeclared, Publish, Topology};

#[tokio::test]
async fn a_confirmed_message_is_consumed_as_it_was() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::declare(&broker, "").await;
    let body = "فيضان مفاجئ / flash flood";
    place.publish(&broker, body).await.expect("confirmed");
    let mut consumer = broker.consume(&place.queue, 1);
    let delivery = next(&mut consumer).await;
    assert_eq!(text(&delivery), body);
    assert_eq!(
        (delivery.exchange.as_str(), delivery.routing_key.as_str()),
        (place.exchange.as_str(), "order.test")
    );
    assert_eq!(delivery.message_id.as_deref(), Some(body));
    assert!(!delivery.redelivered);
    assert_eq!(delivery.delivered_before, 0);
    delivery.ack().await.expect("acknowledged");
    broker.stop().await;
    assert!(consumer.next().await.is_none(), "a stopped broker ends its consumers");
}

#[tokio::test]
async fn a_hundred_publishes_at_once_keep_to_themselves() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::declare(&broker, "").await;
    // Every third one has no queue: its return must be told to it, and to nobody else.
    let rounds = (0..100).map(|n| {
        let (broker, place) = (&broker, &place);
        async move {
            let body = n.to_string();
            let key = if n % 3 == 0 { "nobody" } else { place.key.as_str() };
            let message = Publish { routing_key: key, ..place.message(&body) };
            let outcome = broker.publish(message, PATIENCE).await;
            assert_eq!(outcome.is_ok(), n % 3 != 0, "{n}: {outcome:?}");
            assert!(
                outcome.is_ok() || matches!(outcome, Err(NotConfirmed::Unroutable { .. })),
                "{n}: {outcome:?}"
            );
        }
    });
    futures_util::future::join_all(rounds).await;
    let mut consumer = broker.consume(&place.queue, 0);
    let mut seen = Vec::new();
    for _ in 0..66 {
        let delivery = next(&mut consumer).await;
        seen.push(text(&delivery).parse::<u32>().expect("a number"));
        delivery.ack().await.expect("acknowledged");
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..100).filter(|n| n % 3 != 0).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_the_broker_will_not_take_is_told_by_its_reason() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::declare(&broker, r#","x-max-length":1,"x-overflow":"reject-publish""#).await;
    let unroutable = broker.publish(Publish { routing_key: "nobody", ..place.message("1") }, PATIENCE).await;
    assert!(
        matches!(&unroutable, Err(NotConfirmed::Unroutable { words, .. }) if words.contains("312")),
        "{unroutable:?}"
    );
    let nowhere =
        broker.publish(Publish { exchange: "nadhir.test.none", ..place.message("2") }, PATIENCE).await;
    assert!(
        matches!(&nowhere, Err(NotConfirmed::Closed { by_broker: true, words }) if words.contains("no exchange")),
        "{nowhere:?}"
    );
    let long = "k".repeat(256);
    let too_long = broker.publish(Publish { routing_key: &long, ..place.message("3") }, PATIENCE).await;
    assert_eq!(too_long, Err(NotConfirmed::TooLong { what: "routing_key" }));
    // A quorum queue goes a little over its length before it refuses.
    let mut refused = None;
    for n in 0..50 {
        if let Err(fault) = place.publish(&broker, &n.to_string()).await {
            refused = Some(fault);
            break;
        }
    }
    assert_eq!(refused, Some(NotConfirmed::Refused));
    // None of it has hurt the connection or the next publish elsewhere.
    let other = Place::declare(&broker, "").await;
    other.publish(&broker, "4").await.expect("confirmed");
}

#[tokio::test]
async fn an_alternate_exchange_would_hide_the_unroutable() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let rest = Place::declare(&broker, "").await;
    let name = format!("{}.alternate", rest.exchange);
    let topology = format!(
        r#"{{"exchanges":[{{"name":"{name}","type":"topic","durable":true,"auto_delete":true,
            "arguments":{{"alternate-exchange":"{}"}}}},{{"name":"{}","type":"topic","durable":true,"auto_delete":true}}],
            "queues":[{{"name":"{}","durable":true,"auto_delete":false,"arguments":{{"x-queue-type":"quorum","x-expires":60000}}}}],
            "bindings":[{{"source":"{name}","destination":"{}","destination_type":"queue","routing_key":"known"}}]}}"#,
        rest.exchange, rest.exchange, rest.queue, rest.queue
    );
    broker.declare(&Topology::parse(&topology).expect("topology"), PATIENCE).await.expect("declared");
    // "order.test" has no queue at this exchange: its alternate takes it, and the broker confirms as if all were well.
    let hidden = broker.publish(Publish { exchange: &name, ..rest.message("hidden") }, PATIENCE).await;
    assert_eq!(hidden, Ok(()));
    // Where the alternate has no queue for it either, mandatory works again.
    let told = broker
        .publish(Publish { exchange: &name, routing_key: "nobody", ..rest.message("told") }, PATIENCE)
        .await;
    assert!(matches!(told, Err(NotConfirmed::Unroutable { .. })), "{told:?}");
}

#[tokio::test]
async fn an_unacknowledged_delivery_goes_to_the_next_consumer() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::declare(&broker, r#","x-single-active-consumer":true"#).await;
    for body in ["first", "second"] {
        place.publish(&broker, body).await.expect("confirmed");
    }
    let mut active = broker.consume(&place.queue, 1);
    let held = next(&mut active).await;
    assert_eq!(text(&held), "first");
    // The second consumer stands by: nothing may reach it while the first lives.
    let other = connect(&url("NADHIR_AMQP_URL")).await;
    let mut standby = other.consume(&place.queue, 1);
    consuming(&standby).await;
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), standby.next()).await.is_err());
    drop(active);
    let again = next(&mut standby).await;
    assert_eq!((text(&again).as_str(), again.redelivered, again.delivered_before), ("first", true, 1));
    again.ack().await.expect("acknowledged");
    let second = next(&mut standby).await;
    assert_eq!((text(&second).as_str(), second.redelivered), ("second", false));
    second.ack().await.expect("acknowledged");
    assert!(held.ack().await.is_err(), "the first consumer's channel has ended");
}

#[tokio::test]
async fn a_poison_message_goes_to_the_dead_letters_and_the_queue_goes_on() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let dead = Place::declare(&broker, "").await;
    let place = Place::name();
    let topology = place.topology_with_dead_letters(&dead);
    broker.declare(&topology, PATIENCE).await.expect("declared");
    place.publish(&broker, "poison").await.expect("confirmed");
    place.publish(&broker, "sound").await.expect("confirmed");
    let mut consumer = broker.consume(&place.queue, 1);
    let mut poisoned = 0;
    loop {
        let delivery = next(&mut consumer).await;
        if text(&delivery) == "sound" {
            delivery.ack().await.expect("acknowledged");
            break;
        }
        assert_eq!(delivery.delivered_before, poisoned);
        poisoned += 1;
        delivery.reject(true).await.expect("put back");
    }
    // Six times for a limit of five: the first delivery is not counted.
    assert_eq!(poisoned, 6);
    let mut buried = broker.consume(&dead.queue, 1);
    let delivery = next(&mut buried).await;
    assert_eq!(text(&delivery), "poison");
    delivery.ack().await.expect("acknowledged");
}

#[tokio::test]
async fn declaring_is_idempotent_and_every_conflict_is_told() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let delivered = include_str!("../../../../deploy/rabbitmq/definitions.json");
    let delivered = Topology::parse(delivered).expect("delivered definitions");
    for _ in 0..2 {
        broker.declare(&delivered, PATIENCE).await.expect("declared");
    }
    let place = Place::declare(&broker, "").await;
    let mut other = place.topology(r#","x-delivery-limit":9"#);
    "headers".clone_into(&mut other.exchanges[0].kind);
    let outcome = broker.declare(&other, PATIENCE).await;
    let Err(NotDeclared::Refused { faults }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(
        faults[0].starts_with(&format!("exchange {}", place.exchange)) && faults[0].contains("PRECONDITION"),
        "{faults:?}"
    );
    assert!(faults[1].starts_with(&format!("queue {}", place.queue)), "{faults:?}");
    place.publish(&broker, "still there").await.expect("confirmed");
}

#[tokio::test]
async fn a_consumer_waits_until_its_queue_is_there() {
    let broker = connect(&url("NADHIR_AMQP_URL")).await;
    let place = Place::name();
    let mut consumer = broker.consume(&place.queue, 1);
    waiting(&consumer, "NOT_FOUND").await;
    broker.declare(&place.topology(""), PATIENCE).await.expect("declared");
    place.publish(&broker, "patience").await.expect("confirmed");
    let delivery = next(&mut consumer).await;
    assert_eq!(text(&delivery), "patience");
    delivery.ack().await.expect("acknowledged");
}
