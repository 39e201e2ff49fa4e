//! The path over RabbitMQ: addresses become routing keys, queues become queues. The line itself is nadhir-amqp's.

use super::{Address, Delivered, Inbox, NotSent, PathState, Queue, Settle, Transport};
use futures_util::future::BoxFuture;
use nadhir_amqp::{Broker, Consumer, Delivery, NotConfirmed, Publish, State};
use nadhir_core::cbs::Class;
use std::time::Duration;
use tracing::warn;

/// What the hub declares and adapters expect. The same file serves RabbitMQ's own import.
pub const TOPOLOGY: &str = include_str!("../../deploy/rabbitmq/definitions.json");
const ORDERS: &str = "nadhir.orders";
const RECEIPTS: &str = "nadhir.receipts";
/// Unacknowledged messages held at a time: an order's acknowledgement waits for its receipt, and others go on.
const PREFETCH: u16 = 64;

/// A path over one broker or cluster. Publishing and consuming have a line each: while a broker is blocked by an alarm,
/// acknowledgements on the publishing line would wait with the publishes. Drills have a third, with a credential that the
/// broker refuses a live order.
pub struct Amqp {
    publish: Broker,
    consume: Broker,
    drills: Option<Broker>,
}

/// How to reach a broker.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reach<'a> {
    /// Its nodes.
    pub uris: &'a [String],
    /// The same nodes with the credential for drills; empty: drills have no line of their own.
    pub drills: &'a [String],
    /// For `amqps`: the authorities that sign its certificate, PEM.
    pub authority: Option<&'a str>,
}

impl Amqp {
    /// Starts two lines to the same nodes; they are dialled in the background.
    pub fn start(uris: &[String], name: &str) -> Result<Amqp, nadhir_amqp::BadSettings> {
        Amqp::reach(&Reach { uris, ..Reach::default() }, name)
    }

    /// The same, perhaps with a third line for orders of drills, perhaps by TLS.
    pub fn reach(reach: &Reach<'_>, name: &str) -> Result<Amqp, nadhir_amqp::BadSettings> {
        let line = |uris: &[String], purpose: &str| {
            let mut settings = nadhir_amqp::Settings::new(uris.to_vec(), format!("{name}-{purpose}"));
            settings.ca_pem = reach.authority.map(str::to_owned);
            Broker::start(settings)
        };
        let drills = if reach.drills.is_empty() { None } else { Some(line(reach.drills, "drill")?) };
        Ok(Amqp { publish: line(reach.uris, "publish")?, consume: line(reach.uris, "consume")?, drills })
    }

    /// The line that takes what goes to an address.
    fn line_to(&self, to: &Address) -> &Broker {
        match to {
            Address::Order { class: Class::Drill, .. } => self.drills.as_ref().unwrap_or(&self.publish),
            Address::Order { class: Class::Live, .. } | Address::Receipt { .. } | Address::Census { .. } => {
                &self.publish
            }
        }
    }

    /// The hub's part: declares exchanges, queues and bindings, now and whenever the line comes back. Never returns.
    pub async fn keep_declared(&self) {
        let topology = match nadhir_amqp::Topology::parse(TOPOLOGY) {
            Ok(topology) => topology,
            Err(e) => return tracing::error!(error = %e, "the topology of the broker cannot be read"),
        };
        let mut states = self.publish.state();
        loop {
            if states.wait_for(|state| matches!(state, State::Up { .. })).await.is_err() {
                return;
            }
            match self.publish.declare(&topology, Duration::from_secs(5)).await {
                Ok(()) => {
                    if states.wait_for(|state| matches!(state, State::Down { .. })).await.is_err() {
                        return;
                    }
                }
                Err(e) => {
                    warn!(error = %e, "the broker's queues could not be declared; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

fn route(to: &Address) -> (&'static str, String) {
    match to {
        Address::Order { operator, class } => (ORDERS, format!("order.{operator}.{}", class.word())),
        Address::Receipt { operator, grade } => (RECEIPTS, format!("receipt.{operator}.{grade}")),
        Address::Census { operator } => (RECEIPTS, format!("receipt.{operator}.census")),
    }
}

/// The operator in a routing key, which the broker lets no other operator write (deploy/rabbitmq/permissions.json).
fn operator_of(routing_key: &str) -> Option<&str> {
    let mut words = routing_key.split('.');
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("order" | "receipt"), Some(operator), Some(_), None) => Some(operator),
        _ => None,
    }
}

fn queue_name(queue: &Queue) -> String {
    match queue {
        Queue::Orders { operator, class } => format!("nadhir.{operator}.{}", class.word()),
        Queue::Receipts => RECEIPTS.to_owned(),
    }
}

impl Transport for Amqp {
    fn send(
        &self,
        to: Address,
        id: String,
        body: Vec<u8>,
        within: Duration,
    ) -> BoxFuture<'_, Result<(), NotSent>> {
        Box::pin(async move {
            let (exchange, routing_key) = route(&to);
            let message = Publish { exchange, routing_key: &routing_key, body: &body, message_id: &id };
            self.line_to(&to).publish(message, within).await.map_err(|e| match e {
                NotConfirmed::Down { .. } => NotSent::Down(e.to_string()),
                NotConfirmed::Unroutable { .. } => NotSent::Unroutable(e.to_string()),
                NotConfirmed::TimedOut { waited } => NotSent::Unconfirmed(waited),
                NotConfirmed::Blocked { .. }
                | NotConfirmed::Refused
                | NotConfirmed::Closed { .. }
                | NotConfirmed::TooLong { .. } => NotSent::Refused(e.to_string()),
            })
        })
    }

    fn receive(&self, from: Queue) -> BoxFuture<'_, Box<dyn Inbox>> {
        let consumer = self.consume.consume(queue_name(&from), PREFETCH);
        Box::pin(async move { Box::new(AmqpInbox { consumer }) as Box<dyn Inbox> })
    }

    /// Of the lines that live orders and receipts take: a drill's line that is down fails its drill and nothing else.
    fn state(&self) -> PathState {
        for line in [&self.publish, &self.consume] {
            match &*line.state().borrow() {
                State::Up { .. } => {}
                State::Down { reason } | State::Blocked { reason, .. } => {
                    return PathState::Down(reason.clone());
                }
            }
        }
        PathState::Up
    }

    fn is_durable(&self) -> bool {
        true
    }

    fn name(&self) -> &'static str {
        "amqp"
    }
}

struct AmqpInbox {
    consumer: Consumer,
}

impl Inbox for AmqpInbox {
    fn next(&mut self) -> BoxFuture<'_, Delivered> {
        Box::pin(async move {
            match self.consumer.next().await {
                Some(delivery) => {
                    let body = delivery.body.clone();
                    let redelivered = delivery.redelivered;
                    let operator = operator_of(&delivery.routing_key).map(str::to_owned);
                    Delivered::new(body, redelivered, operator, Box::new(Unsettled(delivery)))
                }
                // The line was stopped: nothing will ever come.
                None => std::future::pending().await,
            }
        })
    }
}

struct Unsettled(Delivery);

impl Settle for Unsettled {
    fn ack(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if let Err(e) = self.0.ack().await {
                warn!(error = %e, "an acknowledgement was lost");
            }
        })
    }

    fn refuse(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if let Err(e) = self.0.reject(false).await {
                warn!(error = %e, "a refusal was lost");
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_names_its_operator_in_its_routing_key() {
        let operator = "omantel".to_owned();
        for to in [
            Address::Order { operator: operator.clone(), class: Class::Live },
            Address::Receipt { operator: operator.clone(), grade: "on_air" },
            Address::Census { operator },
        ] {
            assert_eq!(operator_of(&route(&to).1), Some("omantel"), "{to:?}");
        }
        for other in ["", "receipt", "receipt.omantel", "receipt.omantel.x.y", "census.omantel.x"] {
            assert_eq!(operator_of(other), None, "{other}");
        }
    }
}
