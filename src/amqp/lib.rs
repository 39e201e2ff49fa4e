//! One supervised connection to RabbitMQ: publish confirmed bytes, consume, acknowledge. Knows no warnings.
//!
//! lapin lives here alone. Its own recovery is never switched on: a task of ours dials the list of nodes, watches
//! the line, throws it away at the first doubt, and every wait has an end.

/// One node's address out of an AMQP URI, shown without its password.
pub mod address;
/// How long to wait before dialling again: doubling, capped, jittered.
mod backoff;
/// The handle everybody holds, and the task that keeps one line up.
pub mod broker;
/// Deliveries of a queue, across reconnects, and their acknowledgement.
pub mod consume;
/// Declaring a topology: idempotent, and every refusal at once.
pub mod declare;
/// The broker's own floor, for benches.
#[cfg(feature = "bench-floor")]
pub mod floor;
/// One live connection: dialled with a deadline, probed, cut for good.
mod line;
/// Publishing one message and knowing what became of it.
pub mod publish;
/// What the connection needs to know, and everything wrong with it at once.
pub mod settings;
/// Exchanges, queues and bindings, read from RabbitMQ's definitions.
pub mod topology;

pub use broker::{Broker, State};
pub use consume::{Consumer, Delivery, NotAcked, Standing};
pub use declare::NotDeclared;
pub use publish::{NotConfirmed, Publish};
pub use settings::{BadSettings, Identity, Settings};
pub use topology::Topology;
