//! Who may read and write what: each operator its own queues and receipts, the drill desk drills only.

use crate::bench::{PATIENCE, connect, consuming, next, text, url, waiting};
use nadhir_amqp::{Broker, NotConfirmed, Publish, Topology};

async fn declared() -> Broker {
    let hub = connect(&url("NADHIR_AMQP_URL")).await;
    let delivered = include_str!("../../../../deploy/rabbitmq/definitions.json");
    hub.declare(&Topology::parse(delivered).expect("topology"), PATIENCE).await.expect("declared");
    hub
}

async fn check_publish(broker: &Broker, exchange: &str, routing_key: &str, allowed: bool) {
    let message = Publish { exchange, routing_key, body: b"{}", message_id: "test" };
    let outcome = broker.publish(message, PATIENCE).await;
    match outcome {
        Ok(()) => assert!(allowed, "{exchange} {routing_key} was taken"),
        Err(NotConfirmed::Closed { words, by_broker: true }) => {
            assert!(!allowed && words.contains("ACCESS_REFUSED"), "{exchange} {routing_key}: {words}");
        }
        other => panic!("{exchange} {routing_key}: {other:?}"),
    }
}

#[tokio::test]
async fn an_operator_reads_its_own_queues_only() {
    let _hub = declared().await;
    let operator = connect(&url("NADHIR_AMQP_URL_OMANTEL")).await;
    for queue in ["nadhir.omantel.live", "nadhir.omantel.drill"] {
        consuming(&operator.consume(queue, 1)).await;
    }
    for queue in ["nadhir.ooredoo.live", "nadhir.vodafone.drill", "nadhir.receipts", "nadhir.dead"] {
        waiting(&operator.consume(queue, 1), "ACCESS_REFUSED").await;
    }
}

#[tokio::test]
async fn an_operator_writes_its_own_receipts_only_and_declares_nothing() {
    let hub = declared().await;
    let operator = connect(&url("NADHIR_AMQP_URL_OMANTEL")).await;
    check_publish(&operator, "nadhir.receipts", "receipt.omantel.taken", true).await;
    check_publish(&operator, "nadhir.receipts", "receipt.ooredoo.taken", false).await;
    check_publish(&operator, "nadhir.receipts", "receipt.ooredoo.census", false).await;
    check_publish(&operator, "nadhir.receipts", "receipt.omantel2.taken", false).await;
    check_publish(&operator, "nadhir.orders", "order.omantel.live", false).await;
    check_publish(&operator, "", "nadhir.omantel.live", false).await;
    let own = r#"{"queues":[{"name":"nadhir.omantel.extra","durable":true,"auto_delete":false}]}"#;
    let refused = operator.declare(&Topology::parse(own).expect("topology"), PATIENCE).await;
    assert!(refused.is_err_and(|fault| fault.to_string().contains("ACCESS_REFUSED")));
    let mut receipts = hub.consume("nadhir.receipts", 1);
    let receipt = next(&mut receipts).await;
    assert_eq!((receipt.routing_key.as_str(), text(&receipt).as_str()), ("receipt.omantel.taken", "{}"));
    receipt.ack().await.expect("acknowledged");
}

#[tokio::test]
async fn the_hubs_own_credential_sends_live_orders_and_no_drill() {
    let hub = declared().await;
    check_publish(&hub, "nadhir.orders", "order.ooredoo.live", true).await;
    for other in ["order.ooredoo.drill", "order.ooredoo.live.x", "order.ooredoo", "receipt.ooredoo.taken"] {
        check_publish(&hub, "nadhir.orders", other, false).await;
    }
    let mut left = hub.consume("nadhir.ooredoo.live", 1);
    next(&mut left).await.ack().await.expect("acknowledged");
}

#[tokio::test]
async fn the_drill_credential_cannot_reach_a_live_queue() {
    let hub = declared().await;
    let drill = connect(&url("NADHIR_AMQP_URL_DRILL")).await;
    check_publish(&drill, "nadhir.orders", "order.vodafone.drill", true).await;
    check_publish(&drill, "nadhir.orders", "order.vodafone.live", false).await;
    check_publish(&drill, "nadhir.receipts", "receipt.vodafone.taken", false).await;
    check_publish(&drill, "", "nadhir.vodafone.live", false).await;
    let mut left = hub.consume("nadhir.vodafone.drill", 1);
    next(&mut left).await.ack().await.expect("acknowledged");
}
