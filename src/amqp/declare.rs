//! Declaring a topology: idempotent, and every refusal at once. Deletes and changes nothing that exists.

use crate::broker::Broker;
use crate::line::Line;
use crate::topology::{Argument, Topology};
use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Channel, ExchangeKind};
use std::collections::BTreeMap;
use std::time::Duration;

/// Not everything is declared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDeclared {
    /// There is no line to any node.
    #[error("no connection to the broker")]
    Down,
    /// The broker refused some; the others are declared.
    #[error("the broker refused: {}", faults.join("; "))]
    Refused {
        /// `exchange|queue|binding name: the broker's words` for each; 406 says it exists with other arguments.
        faults: Vec<String>,
    },
    /// Not finished in time.
    #[error("the broker did not finish declaring within {waited:?}")]
    TimedOut {
        /// The deadline that passed.
        waited: Duration,
    },
}

impl Broker {
    /// Declares what is not there yet. What is there already must be the same, or it is refused and left as it is.
    pub async fn declare(&self, topology: &Topology, deadline: Duration) -> Result<(), NotDeclared> {
        let line = self.shared.line().ok_or(NotDeclared::Down)?;
        match tokio::time::timeout(deadline, declare_on(&line, topology)).await {
            Ok(faults) if faults.is_empty() => Ok(()),
            Ok(_) if !line.connected() => Err(NotDeclared::Down),
            Ok(faults) => Err(NotDeclared::Refused { faults }),
            Err(_) => {
                self.shared.doubt();
                Err(NotDeclared::TimedOut { waited: deadline })
            }
        }
    }
}

async fn declare_on(line: &Line, topology: &Topology) -> Vec<String> {
    let mut work = Work { line, channel: None, faults: Vec::new() };
    for exchange in &topology.exchanges {
        let options = ExchangeDeclareOptions {
            durable: exchange.durable,
            auto_delete: exchange.auto_delete,
            internal: exchange.internal,
            ..ExchangeDeclareOptions::default()
        };
        let declared = async |channel: Channel| {
            let arguments = table(&exchange.arguments);
            channel.exchange_declare(short(&exchange.name), kind(&exchange.kind), options, arguments).await
        };
        work.tell(format!("exchange {}", exchange.name), declared).await;
    }
    for queue in &topology.queues {
        let options = QueueDeclareOptions {
            durable: queue.durable,
            auto_delete: queue.auto_delete,
            ..QueueDeclareOptions::default()
        };
        let declared = async |channel: Channel| {
            channel.queue_declare(short(&queue.name), options, table(&queue.arguments)).await.map(|_| ())
        };
        work.tell(format!("queue {}", queue.name), declared).await;
    }
    for binding in &topology.bindings {
        let bound = async |channel: Channel| {
            let (queue, exchange) = (short(&binding.destination), short(&binding.source));
            let arguments = table(&binding.arguments);
            channel
                .queue_bind(
                    queue,
                    exchange,
                    short(&binding.routing_key),
                    QueueBindOptions::default(),
                    arguments,
                )
                .await
        };
        work.tell(format!("binding {} -> {}", binding.source, binding.destination), bound).await;
    }
    work.faults
}

/// A refusal closes the channel; the next step then takes a new one.
struct Work<'a> {
    line: &'a Line,
    channel: Option<Channel>,
    faults: Vec<String>,
}

impl Work<'_> {
    async fn tell(&mut self, what: String, step: impl AsyncFnOnce(Channel) -> lapin::Result<()>) {
        let channel = match self.channel.take() {
            Some(channel) => Ok(channel),
            None => self.line.channel().await,
        };
        let outcome = match channel {
            Ok(channel) => {
                let outcome = step(channel.clone()).await;
                self.channel = outcome.is_ok().then_some(channel);
                outcome
            }
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            self.faults.push(format!("{what}: {error}"));
        }
    }
}

fn kind(name: &str) -> ExchangeKind {
    match name {
        "direct" => ExchangeKind::Direct,
        "fanout" => ExchangeKind::Fanout,
        "headers" => ExchangeKind::Headers,
        "topic" => ExchangeKind::Topic,
        other => ExchangeKind::Custom(other.to_owned()),
    }
}

/// Names were measured when the topology was read; one made by hand and too long becomes empty, which is refused.
fn short(name: &str) -> ShortString {
    ShortString::try_new(name).unwrap_or_default()
}

fn table(arguments: &BTreeMap<String, Argument>) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, argument) in arguments {
        let value = match argument {
            Argument::Flag(flag) => AMQPValue::Boolean(*flag),
            Argument::Number(number) => AMQPValue::LongLongInt(*number),
            Argument::Text(text) => AMQPValue::LongString(text.as_str().into()),
        };
        table.insert(short(key), value);
    }
    table
}
