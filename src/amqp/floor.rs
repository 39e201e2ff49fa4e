//! The least that a broker asks for one round of orders and receipts, on bare lapin. For benches: a figure to hold ours against.

use futures_util::StreamExt;
use futures_util::future::{join_all, try_join_all};
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
    ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer, ExchangeKind};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// A credential that may use `nadhir.*` alone may not publish to the default exchange.
const EXCHANGE: &str = "nadhir.floor";
const RECEIPTS: &str = "nadhir.floor.receipts";
const PERSISTENT: u8 = 2;

/// Operators that answer, each on a connection of its own, over quorum queues that are deleted at the end.
pub struct Floor {
    hub: Connection,
    order: Vec<(String, Channel)>,
    receipts: Consumer,
    operators: Vec<(Connection, JoinHandle<()>)>,
}

impl Floor {
    /// Declares the queues and starts the operators, who answer each order by one confirmed receipt of `receipt_octets`.
    pub async fn start(uri: &str, operators: usize, receipt_octets: usize) -> lapin::Result<Floor> {
        let hub = connect(uri).await?;
        let names: Vec<String> = (0..operators).map(|n| format!("nadhir.floor.{n}")).collect();
        let channel = hub.create_channel().await?;
        let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let none = FieldTable::default();
        channel.exchange_declare(short(EXCHANGE), ExchangeKind::Direct, options, none).await?;
        for name in names.iter().map(String::as_str).chain([RECEIPTS]) {
            declare(&channel, name).await?;
        }
        let mut order = Vec::new();
        let mut answering = Vec::new();
        for name in &names {
            order.push((name.clone(), confirming(&hub).await?));
            let own = connect(uri).await?;
            let (orders, out) = (consume(&own, name).await?, confirming(&own).await?);
            answering.push((own, tokio::spawn(answer(orders, out, vec![b'r'; receipt_octets]))));
        }
        let receipts = consume(&hub, RECEIPTS).await?;
        Ok(Floor { hub, order, receipts, operators: answering })
    }

    /// One round: an order of `body` to each operator, published and confirmed at once, until the receipt of each has
    /// come back, acknowledged.
    pub async fn round(&mut self, body: &[u8]) -> lapin::Result<Duration> {
        let began = Instant::now();
        let sends = self.order.iter().map(|(queue, channel)| publish(channel, queue, body));
        let receipts = async {
            for _ in 0..self.order.len() {
                if let Some(receipt) = self.receipts.next().await {
                    receipt?.acker.ack(BasicAckOptions::default()).await?;
                }
            }
            Ok::<_, lapin::Error>(())
        };
        let (sent, heard) = tokio::join!(try_join_all(sends), receipts);
        sent?;
        heard?;
        Ok(began.elapsed())
    }

    /// Deletes the queues and closes every connection.
    pub async fn stop(self) -> lapin::Result<()> {
        for (_, task) in &self.operators {
            task.abort();
        }
        let channel = self.hub.create_channel().await?;
        for name in self.order.iter().map(|(name, _)| name.as_str()).chain([RECEIPTS]) {
            channel.queue_delete(short(name), QueueDeleteOptions::default()).await?;
        }
        channel.exchange_delete(short(EXCHANGE), ExchangeDeleteOptions::default()).await?;
        join_all(self.operators.iter().map(|(own, _)| own.close(200, "done".into()))).await;
        self.hub.close(200, "done".into()).await
    }
}

/// One operator: a receipt for every order, confirmed before the order is acknowledged.
async fn answer(mut orders: Consumer, out: Channel, receipt: Vec<u8>) {
    let one = async |order: lapin::Result<Delivery>| {
        let order = order?;
        publish(&out, RECEIPTS, &receipt).await?;
        order.acker.ack(BasicAckOptions::default()).await
    };
    while let Some(order) = orders.next().await {
        if let Err(error) = one(order).await {
            return tracing::error!(%error, "the floor's operator ends");
        }
    }
}

async fn connect(uri: &str) -> lapin::Result<Connection> {
    Connection::connect(uri, ConnectionProperties::default()).await
}

async fn confirming(connection: &Connection) -> lapin::Result<Channel> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(channel)
}

async fn declare(channel: &Channel, name: &str) -> lapin::Result<()> {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(short(name), options, arguments).await?;
    let bind = QueueBindOptions::default();
    channel.queue_bind(short(name), short(EXCHANGE), short(name), bind, FieldTable::default()).await
}

async fn consume(connection: &Connection, queue: &str) -> lapin::Result<Consumer> {
    let channel = connection.create_channel().await?;
    channel.basic_qos(64, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    channel.basic_consume(short(queue), ShortString::default(), options, FieldTable::default()).await
}

/// A queue's own name is its routing key.
async fn publish(channel: &Channel, queue: &str, body: &[u8]) -> lapin::Result<()> {
    let properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
    let options = BasicPublishOptions { mandatory: true, immediate: false };
    channel.basic_publish(short(EXCHANGE), short(queue), options, body, properties).await?.await.map(drop)
}

fn short(name: &str) -> ShortString {
    ShortString::try_new(name).unwrap_or_default()
}
