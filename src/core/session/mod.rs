//! One operator's adapter as a state machine: what to do next, given what was heard. Knows no socket and no clock.

/// One delivery at its CBC.
mod delivery;
/// What it must know of an order.
mod job;
/// All deliveries: heard in, said out.
pub mod machine;
/// When to try again, and how long an attempt may take.
pub mod pace;
/// How often a message is repeated.
pub mod rounds;
/// The stage of one delivery, as the ledger keeps it.
pub mod stage;

pub use job::{Job, Named, Served};
pub use machine::{Answer, Heard, Say, Session, Status};
pub use rounds::Rounds;
pub use stage::{Past, Stage};
