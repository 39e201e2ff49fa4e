//! The floor under the ten seconds: what RabbitMQ alone needs, with raw lapin and none of our code.
//!
//!     NADHIR_AMQP_URL=amqp://... cargo run --release -p nadhir-amqp --example floor [ROUNDS]
//!
//! Two figures, each over ROUNDS (500) rounds one after the other, after fifty that do not count: publish to confirm on
//! a quorum queue; and an order to three consumers, whose three receipts are confirmed and back. One JSON object on
//! standard output; times in milliseconds.

use futures_util::StreamExt;
use futures_util::future::try_join_all;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
    ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};
use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

/// Rounds that only warm up.
const WARM_UP: usize = 50;
/// Takes its place in the vhost's rights (`nadhir.*`) and goes with its last binding.
const EXCHANGE: &str = "nadhir.floor";
/// Operators.
const OPERATORS: usize = 3;
/// About the size of an order with its CAP in four languages.
const BODY: [u8; 12_000] = [b'x'; 12_000];

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let uri = std::env::var("NADHIR_AMQP_URL").map_err(|_| "NADHIR_AMQP_URL is not set")?;
    let rounds = std::env::args().nth(1).map_or(Ok(500), |rounds| rounds.parse::<usize>())?;
    let connection = Connection::connect(&uri, ConnectionProperties::default()).await?;
    let prefix = format!("nadhir.floor.{}", std::process::id());

    let alone = format!("{prefix}.alone");
    let channel = confirming(&connection).await?;
    declare(&channel, &alone).await?;
    let mut confirm = Vec::new();
    for _ in 0..rounds + WARM_UP {
        let start = Instant::now();
        publish(&channel, &alone, &BODY).await?;
        confirm.push(start.elapsed());
    }
    channel.queue_delete(alone.as_str().into(), QueueDeleteOptions::default()).await?;

    let receipts = format!("{prefix}.receipts");
    declare(&channel, &receipts).await?;
    let mut back = consume(&connection, &receipts).await?;
    let mut lanes = Vec::new();
    for operator in 0..OPERATORS {
        let queue = format!("{prefix}.{operator}");
        let lane = confirming(&connection).await?;
        declare(&lane, &queue).await?;
        tokio::spawn(answer(uri.clone(), queue.clone(), receipts.clone()));
        lanes.push((lane, queue));
    }
    let mut round_trip = Vec::new();
    for _ in 0..rounds + WARM_UP {
        let start = Instant::now();
        try_join_all(lanes.iter().map(|(lane, queue)| publish(lane, queue, &BODY))).await?;
        for _ in 0..OPERATORS {
            let receipt = back.next().await.ok_or("no more receipts")??;
            receipt.ack(BasicAckOptions::default()).await?;
        }
        round_trip.push(start.elapsed());
    }
    for queue in lanes.iter().map(|(_, queue)| queue).chain([&receipts]) {
        channel.queue_delete(queue.as_str().into(), QueueDeleteOptions::default()).await?;
    }
    let (confirm, round_trip) = (figures(&mut confirm), figures(&mut round_trip));
    let line = format!(
        "{{\"rounds\":{rounds},\"body_bytes\":{},\"publish_to_confirm\":{confirm},\"order_to_{OPERATORS}_receipts_back\":{round_trip}}}",
        BODY.len()
    );
    writeln!(std::io::stdout(), "{line}")?;
    connection.close(200, "done".into()).await?;
    Ok(())
}

/// An operator that receipts each order, waits for the confirm, then acknowledges.
async fn answer(uri: String, queue: String, receipts: String) -> Outcome<()> {
    let connection = Connection::connect(&uri, ConnectionProperties::default()).await?;
    let channel = confirming(&connection).await?;
    let mut orders = consume(&connection, &queue).await?;
    while let Some(order) = orders.next().await {
        let order = order?;
        publish(&channel, &receipts, b"taken").await?;
        order.ack(BasicAckOptions::default()).await?;
    }
    Ok(())
}

async fn confirming(connection: &Connection) -> Outcome<Channel> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(channel)
}

async fn declare(channel: &Channel, queue: &str) -> Outcome<()> {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.into(), durable, arguments).await?;
    let passing = ExchangeDeclareOptions { auto_delete: true, ..ExchangeDeclareOptions::default() };
    channel.exchange_declare(EXCHANGE.into(), ExchangeKind::Direct, passing, FieldTable::default()).await?;
    let options = QueueBindOptions::default();
    channel.queue_bind(queue.into(), EXCHANGE.into(), queue.into(), options, FieldTable::default()).await?;
    Ok(())
}

async fn consume(connection: &Connection, queue: &str) -> Outcome<lapin::Consumer> {
    let channel = connection.create_channel().await?;
    channel.basic_qos(16, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    Ok(channel.basic_consume(queue.into(), "".into(), options, FieldTable::default()).await?)
}

async fn publish(channel: &Channel, queue: &str, body: &[u8]) -> Outcome<()> {
    let options = BasicPublishOptions { mandatory: true, immediate: false };
    let properties = BasicProperties::default().with_delivery_mode(2);
    let confirm =
        channel.basic_publish(EXCHANGE.into(), queue.into(), options, body, properties).await?.await?;
    if confirm.is_ack() && confirm.take_message().is_none() { Ok(()) } else { Err("not confirmed".into()) }
}

fn figures(times: &mut Vec<Duration>) -> String {
    times.drain(..WARM_UP);
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    let ms = |share| at(share).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    format!("{{\"p50_ms\":{:.3},\"p99_ms\":{:.3},\"max_ms\":{:.3}}}", ms(50), ms(99), ms(100))
}
