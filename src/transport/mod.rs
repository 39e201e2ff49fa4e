//! The paths an order takes and a receipt returns by. A path moves bytes; it knows no warning.

/// Over RabbitMQ.
pub mod amqp;
/// Inside one process, fed from the durable outbox.
pub mod loopback;

use futures_util::future::BoxFuture;
use nadhir_core::cbs::Class;
use std::time::Duration;

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// An order, to one operator.
    Order {
        /// The operator.
        operator: String,
        /// Live and drill never share a queue.
        class: Class,
    },
    /// A receipt, from one operator.
    Receipt {
        /// The operator.
        operator: String,
        /// The grade's word.
        grade: &'static str,
    },
    /// What one operator's cell list has, by wilayat; it goes the way of its receipts.
    Census {
        /// The operator.
        operator: String,
    },
}

/// Where messages are read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Queue {
    /// One operator's orders of one class.
    Orders {
        /// The operator.
        operator: String,
        /// The class.
        class: Class,
    },
    /// All operators' receipts, and what their cell lists have.
    Receipts,
}

impl Address {
    /// The operator it names.
    pub fn operator(&self) -> &str {
        match self {
            Address::Order { operator, .. }
            | Address::Receipt { operator, .. }
            | Address::Census { operator } => operator,
        }
    }

    /// The queue that an address leads to.
    pub fn queue(&self) -> Queue {
        match self {
            Address::Order { operator, class } => Queue::Orders { operator: operator.clone(), class: *class },
            Address::Receipt { .. } | Address::Census { .. } => Queue::Receipts,
        }
    }
}

/// Why a path did not take a message. It may have been taken all the same; whoever reads it drops copies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// No way at all at the moment.
    #[error("the path is down: {0}")]
    Down(String),
    /// The path has no queue for it.
    #[error("no queue takes it: {0}")]
    Unroutable(String),
    /// The path said no.
    #[error("the path refused it: {0}")]
    Refused(String),
    /// No confirmation in time.
    #[error("not confirmed within {0:?}")]
    Unconfirmed(Duration),
}

/// Whether a path can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathState {
    /// It can.
    Up,
    /// It cannot, for this reason.
    Down(String),
}

/// A path. `send` returns once the path has durable responsibility for the message (or, in memory, has it at all).
pub trait Transport: Send + Sync {
    /// Sends one message under an id, within a time.
    fn send(
        &self,
        to: Address,
        id: String,
        body: Vec<u8>,
        within: Duration,
    ) -> BoxFuture<'_, Result<(), NotSent>>;

    /// Begins to read a queue. The inbox finds its way back by itself when the path was down.
    fn receive(&self, from: Queue) -> BoxFuture<'_, Box<dyn Inbox>>;

    /// Whether it can be used now.
    fn state(&self) -> PathState;

    /// Whether what it has taken outlives this process. What does not is offered to it again after a start.
    fn is_durable(&self) -> bool;

    /// Its name in logs and figures.
    fn name(&self) -> &'static str;
}

/// A queue being read. A message that is not acknowledged comes again.
pub trait Inbox: Send {
    /// The next message. Pending while there is none.
    fn next(&mut self) -> BoxFuture<'_, Delivered>;
}

/// One message read.
pub struct Delivered {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Whether it may have been read before.
    pub redelivered: bool,
    /// The operator in the address that it was sent to, which the path vouches for; `None` if that names none.
    pub operator: Option<String>,
    settle: Box<dyn Settle>,
}

/// What ends a delivery; made by the path it came by.
pub trait Settle: Send {
    /// It was dealt with: never again.
    fn ack(self: Box<Self>) -> BoxFuture<'static, ()>;
    /// It can never be dealt with: to the dead letters.
    fn refuse(self: Box<Self>) -> BoxFuture<'static, ()>;
}

impl Delivered {
    /// A message with what ends it.
    pub fn new(
        body: Vec<u8>,
        redelivered: bool,
        operator: Option<String>,
        settle: Box<dyn Settle>,
    ) -> Delivered {
        Delivered { body, redelivered, operator, settle }
    }

    /// It was dealt with. If the acknowledgement is lost it comes again.
    pub async fn ack(self) {
        self.settle.ack().await;
    }

    /// It can never be dealt with.
    pub async fn refuse(self) {
        self.settle.refuse().await;
    }
}
