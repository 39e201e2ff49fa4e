//! Deliveries of a queue, across reconnects, and their acknowledgement. Looks into no body.

use crate::backoff::Backoff;
use crate::broker::{Broker, Shared};
use futures_util::StreamExt;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Acker, Channel};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How long an acknowledgement may wait to be written to the socket.
const ACK_WITHIN: Duration = Duration::from_secs(1);

/// Deliveries of one queue. Dropping it closes its channel: what was not acknowledged goes back to the queue.
pub struct Consumer {
    deliveries: mpsc::Receiver<Delivery>,
    standing: watch::Receiver<Standing>,
}

/// How a consumer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Not consuming: no line, no such queue, no permission. It goes on trying.
    Waiting {
        /// Why.
        reason: String,
    },
    /// The broker has registered it. On a queue with a single active consumer another may be the active one.
    Consuming,
}

/// One message, which is ours until it is acknowledged or rejected.
///
/// Dropped without either, it stays ours and unacknowledged until the consumer or the connection ends; the queue then
/// gives it out again. It is not put back at once on purpose: a fault that drops every message would otherwise spend
/// the queue's delivery limit within milliseconds and send a warning to the dead letters.
#[derive(Debug)]
#[must_use = "an unacknowledged delivery holds its place in the prefetch window"]
pub struct Delivery {
    /// The message.
    pub body: Vec<u8>,
    /// The exchange it was published to.
    pub exchange: String,
    /// Its routing key.
    pub routing_key: String,
    /// The publisher's name for it, if it gave one.
    pub message_id: Option<String>,
    /// It was delivered before, here or elsewhere, and not acknowledged.
    pub redelivered: bool,
    /// How often before, as a quorum queue counts (`x-delivery-count`); 0 the first time.
    pub delivered_before: u64,
    acker: Acker,
}

/// The acknowledgement did not reach the broker: the message will be delivered again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not acknowledged, the message will come again: {reason}")]
pub struct NotAcked {
    /// Why.
    pub reason: String,
}

impl Broker {
    /// Consumes a queue, at most `prefetch` unacknowledged messages at a time (0: no limit). It outlives reconnects and
    /// waits with back-off while there is no such queue; it declares nothing.
    pub fn consume(&self, queue: impl Into<String>, prefetch: u16) -> Consumer {
        let (hand, deliveries) = mpsc::channel(1);
        let (told, standing) = watch::channel(Standing::Waiting { reason: "not started yet".to_owned() });
        let feed = Feed { shared: Arc::clone(&self.shared), queue: queue.into(), prefetch, hand, told };
        tokio::spawn(feed.run());
        Consumer { deliveries, standing }
    }
}

impl Consumer {
    /// The next delivery; waits as long as it takes, and `None` only after the broker was stopped. May be cancelled
    /// at any time without losing one.
    pub async fn next(&mut self) -> Option<Delivery> {
        self.deliveries.recv().await
    }

    /// How it stands, now and at each change.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }
}

impl Delivery {
    /// Done with it. `Ok` says that the acknowledgement was written; AMQP confirms none, so the same message may still
    /// come again if the connection breaks just now.
    pub async fn ack(self) -> Result<(), NotAcked> {
        written(self.acker.ack(BasicAckOptions::default())).await
    }

    /// Not taken: back into the queue (counting towards its delivery limit), or to its dead letters.
    pub async fn reject(self, requeue: bool) -> Result<(), NotAcked> {
        written(self.acker.reject(BasicRejectOptions { requeue })).await
    }
}

async fn written(sent: impl Future<Output = lapin::Result<bool>>) -> Result<(), NotAcked> {
    match tokio::time::timeout(ACK_WITHIN, sent).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(NotAcked { reason: "its channel has ended".to_owned() }),
        Ok(Err(error)) => Err(NotAcked { reason: error.to_string() }),
        Err(_) => Err(NotAcked { reason: format!("not written within {ACK_WITHIN:?}") }),
    }
}

/// The task behind a consumer.
struct Feed {
    shared: Arc<Shared>,
    queue: String,
    prefetch: u16,
    hand: mpsc::Sender<Delivery>,
    told: watch::Sender<Standing>,
}

impl Feed {
    async fn run(self) {
        let mut lines = self.shared.lines();
        let mut backoff = Backoff::new(self.shared.settings.retry_first, self.shared.settings.retry_most);
        while !self.shared.stopped() {
            let Some(line) = lines.borrow_and_update().clone() else {
                // The last change of all comes after `stop` is set: whoever has seen it must not wait for another.
                if self.shared.stopped() {
                    return;
                }
                self.wait("the broker is not connected".to_owned());
                tokio::select! {
                    changed = lines.changed() => if changed.is_err() { return },
                    () = self.hand.closed() => return,
                }
                continue;
            };
            match self.open(&line).await {
                Ok((channel, stream)) => {
                    backoff.reset();
                    self.told.send_replace(Standing::Consuming);
                    // Held no longer than needed: an ended line is to be freed.
                    drop(line);
                    let reason = self.carry(channel, stream).await;
                    self.wait(reason);
                }
                Err(reason) => self.wait(reason),
            }
            tokio::select! {
                () = tokio::time::sleep(backoff.pause()) => {}
                () = self.hand.closed() => return,
            }
        }
    }

    /// Hands deliveries over until the stream ends, and returns why it did.
    async fn carry(&self, channel: Channel, mut stream: lapin::Consumer) -> String {
        loop {
            let next = tokio::select! {
                next = stream.next() => next,
                () = self.hand.closed() => None,
            };
            match next {
                // Nobody is left to take it: its channel is closed below.
                Some(Ok(delivery)) => drop(self.hand.send(translate(delivery)).await),
                Some(Err(error)) => return error.to_string(),
                None if self.hand.is_closed() => break,
                None => return "the broker cancelled the consumer".to_owned(),
            }
        }
        // The whole channel at once. A cancel alone, which dropping the stream would send first, makes the next single
        // active consumer active while this one still holds messages: later ones would overtake them.
        let _ = tokio::time::timeout(ACK_WITHIN, channel.close(200, "no more".into())).await;
        "nobody consumes any more".to_owned()
    }

    async fn open(&self, line: &crate::line::Line) -> Result<(Channel, lapin::Consumer), String> {
        let within = self.shared.settings.connect_timeout;
        let queue = ShortString::try_new(self.queue.as_str()).map_err(|error| error.to_string())?;
        let opened = tokio::time::timeout(within, async {
            let channel = line.channel().await?;
            channel.basic_qos(self.prefetch, BasicQosOptions::default()).await?;
            let options = BasicConsumeOptions::default();
            let stream =
                channel.basic_consume(queue, ShortString::default(), options, FieldTable::default()).await?;
            Ok::<_, lapin::Error>((channel, stream))
        });
        match opened.await {
            Ok(Ok(opened)) => Ok(opened),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => {
                self.shared.doubt();
                Err(format!("no answer within {within:?}"))
            }
        }
    }

    fn wait(&self, reason: String) {
        tracing::debug!(queue = self.queue, reason, "not consuming");
        self.told.send_replace(Standing::Waiting { reason });
    }
}

fn translate(delivery: lapin::message::Delivery) -> Delivery {
    let headers = delivery.properties.headers().as_ref();
    let counted = headers.and_then(|headers| headers.inner().get("x-delivery-count")).and_then(whole);
    Delivery {
        exchange: delivery.exchange.to_string(),
        routing_key: delivery.routing_key.to_string(),
        message_id: delivery.properties.message_id().as_ref().map(ToString::to_string),
        redelivered: delivery.redelivered,
        delivered_before: counted.unwrap_or(u64::from(delivery.redelivered)),
        acker: delivery.acker,
        body: delivery.data,
    }
}

fn whole(value: &AMQPValue) -> Option<u64> {
    match value {
        AMQPValue::ShortShortInt(n) => u64::try_from(*n).ok(),
        AMQPValue::ShortInt(n) => u64::try_from(*n).ok(),
        AMQPValue::LongInt(n) => u64::try_from(*n).ok(),
        AMQPValue::LongLongInt(n) => u64::try_from(*n).ok(),
        AMQPValue::ShortShortUInt(n) => Some(u64::from(*n)),
        AMQPValue::ShortUInt(n) => Some(u64::from(*n)),
        AMQPValue::LongUInt(n) => Some(u64::from(*n)),
        _ => None,
    }
}
