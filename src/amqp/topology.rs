//! Exchanges, queues and bindings, read from RabbitMQ's definitions. Users, permissions and policies are not for it.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// AMQP's short strings end here.
const LONGEST_NAME: usize = 255;

/// What a hub declares.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Topology {
    /// Exchanges.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
    /// Queues.
    #[serde(default)]
    pub queues: Vec<Queue>,
    /// Which queue takes what from which exchange.
    #[serde(default)]
    pub bindings: Vec<Binding>,
}

/// An exchange.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Exchange {
    /// Its name.
    pub name: String,
    /// `direct`, `fanout`, `topic`, `headers` or a plugin's.
    #[serde(rename = "type")]
    pub kind: String,
    /// Survives a restart.
    pub durable: bool,
    /// Goes with its last binding.
    pub auto_delete: bool,
    /// Takes nothing from clients.
    #[serde(default)]
    pub internal: bool,
    /// `alternate-exchange` and such.
    #[serde(default)]
    pub arguments: BTreeMap<String, Argument>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Survives a restart.
    pub durable: bool,
    /// Goes with its last consumer.
    pub auto_delete: bool,
    /// `x-queue-type`, `x-delivery-limit` and such.
    #[serde(default)]
    pub arguments: BTreeMap<String, Argument>,
}

/// What a queue takes from an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Binding {
    /// The exchange.
    pub source: String,
    /// The queue.
    pub destination: String,
    /// `queue`; bindings between exchanges are not used here.
    pub destination_type: String,
    /// The pattern.
    pub routing_key: String,
    /// For `headers` exchanges.
    #[serde(default)]
    pub arguments: BTreeMap<String, Argument>,
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
}

/// Definitions that cannot be declared; every reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the broker's definitions cannot be used: {}", faults.join("; "))]
pub struct BadTopology {
    /// `place: what is wrong`.
    pub faults: Vec<String>,
}

impl Topology {
    /// Reads RabbitMQ's definitions (JSON). Other parts of them are passed over; a binding must name an exchange and
    /// a queue of the same definitions, so that a slip of the pen is found before an order has nowhere to go.
    pub fn parse(definitions: &str) -> Result<Self, BadTopology> {
        let topology: Self = serde_json::from_str(definitions)
            .map_err(|error| BadTopology { faults: vec![format!("definitions: {error}")] })?;
        let faults = topology.faults();
        if faults.is_empty() { Ok(topology) } else { Err(BadTopology { faults }) }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let exchanges = names("exchanges", self.exchanges.iter().map(|exchange| &exchange.name), &mut faults);
        let queues = names("queues", self.queues.iter().map(|queue| &queue.name), &mut faults);
        for (n, binding) in self.bindings.iter().enumerate() {
            let Binding { source, destination, destination_type, routing_key, .. } = binding;
            if !exchanges.contains(source.as_str()) {
                faults.push(format!("bindings[{n}]: no exchange `{source}`"));
            }
            if destination_type != "queue" {
                faults.push(format!("bindings[{n}]: destination_type `{destination_type}` is not `queue`"));
            } else if !queues.contains(destination.as_str()) {
                faults.push(format!("bindings[{n}]: no queue `{destination}`"));
            }
            if routing_key.len() > LONGEST_NAME {
                faults.push(format!("bindings[{n}]: the routing key is longer than {LONGEST_NAME} octets"));
            }
        }
        for (n, queue) in self.queues.iter().enumerate() {
            if let Some(Argument::Text(exchange)) = queue.arguments.get("x-dead-letter-exchange")
                && !exchanges.contains(exchange.as_str())
            {
                faults.push(format!("queues[{n}]: no exchange `{exchange}` for its dead letters"));
            }
        }
        faults
    }
}

fn names<'a>(
    part: &str,
    all: impl Iterator<Item = &'a String>,
    faults: &mut Vec<String>,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for (n, name) in all.enumerate() {
        if name.is_empty() || name.len() > LONGEST_NAME {
            faults.push(format!("{part}[{n}]: a name has 1 to {LONGEST_NAME} octets"));
        }
        if !seen.insert(name.as_str()) {
            faults.push(format!("{part}[{n}]: `{name}` is there twice"));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definitions that are delivered.
    const DELIVERED: &str = include_str!("../../deploy/rabbitmq/definitions.json");

    fn check(definitions: &str, places: &[&str]) {
        let faults = Topology::parse(definitions).err().map(|bad| bad.faults).unwrap_or_default();
        let got: Vec<&str> = faults.iter().filter_map(|fault| fault.split(':').next()).collect();
        assert_eq!(got, places, "{faults:?}");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        check("{}", &[]);
        check("{\"users\":[{\"name\":\"x\"}],\"policies\":3}", &[]);
        check("[", &["definitions"]);
        check("{\"queues\":[{\"name\":\"q\"}]}", &["definitions"]);
        let exchange = r#"{"name":"e","type":"topic","durable":true,"auto_delete":false}"#;
        let queue = |name: &str, dead: &str| {
            format!(
                r#"{{"name":"{name}","durable":true,"auto_delete":false,"arguments":{{"x-dead-letter-exchange":"{dead}"}}}}"#
            )
        };
        let binding = |source: &str, to: &str, kind: &str, key: &str| {
            format!(
                r#"{{"source":"{source}","destination":"{to}","destination_type":"{kind}","routing_key":"{key}"}}"#
            )
        };
        let bindings = [
            binding("x", "y", "queue", "k"),
            binding("e", "e", "exchange", ""),
            binding("e", "q", "queue", &"k".repeat(256)),
        ];
        check(
            &format!(
                r#"{{"exchanges":[{exchange},{exchange}],"queues":[{},{}],"bindings":[{}]}}"#,
                queue("q", "e"),
                queue("", "nowhere"),
                bindings.join(",")
            ),
            &[
                "exchanges[1]",
                "queues[1]",
                "bindings[0]",
                "bindings[0]",
                "bindings[1]",
                "bindings[2]",
                "queues[1]",
            ],
        );
    }

    #[test]
    fn the_delivered_definitions_give_each_operator_a_live_and_a_drill_queue() {
        let topology = Topology::parse(DELIVERED).expect("delivered definitions");
        for operator in ["omantel", "ooredoo", "vodafone"] {
            for class in ["live", "drill"] {
                let name = format!("nadhir.{operator}.{class}");
                let queue = topology.queues.iter().find(|queue| queue.name == name).expect(&name);
                let argument = |key: &str| queue.arguments.get(key).unwrap_or_else(|| panic!("{name} {key}"));
                assert_eq!(argument("x-queue-type"), &Argument::Text("quorum".into()));
                assert_eq!(argument("x-single-active-consumer"), &Argument::Flag(true));
                assert_eq!(argument("x-delivery-limit"), &Argument::Number(5));
                assert_eq!(argument("x-overflow"), &Argument::Text("reject-publish".into()));
                assert_eq!(argument("x-dead-letter-exchange"), &Argument::Text("nadhir.dead".into()));
                let bound: Vec<&str> = topology
                    .bindings
                    .iter()
                    .filter(|binding| binding.destination == name)
                    .map(|binding| binding.routing_key.as_str())
                    .collect();
                assert_eq!(bound, [format!("order.{operator}.{class}")]);
            }
        }
        assert!(topology.queues.iter().all(|queue| queue.durable && !queue.auto_delete));
        assert!(topology.exchanges.iter().all(|exchange| exchange.durable && !exchange.auto_delete));
    }
}
