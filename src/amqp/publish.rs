//! Publishing one message and knowing what became of it. Retries nothing: the caller owns the message.
//!
//! Each publish has a channel to itself while it is under way: channels of several publishes never share a
//! confirm sequence, one slow queue holds up nobody else, and lapin can pair a return with its confirm only so. A
//! channel is used again after a confirm alone. After a refusal, a return or a silence it is closed: a channel whose
//! first publish fell into a queue without a leader can stay poisoned for ever.

use crate::broker::{Broker, Shared, State};
use crate::line::Line;
use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel, Confirmation};
use std::time::Duration;

/// Delivery mode 2: on disk before it is confirmed (AMQP 0-9-1, `basic` properties).
const PERSISTENT: u8 = 2;

/// A message to hand to the broker. It is published persistent and mandatory.
#[derive(Debug, Clone, Copy)]
pub struct Publish<'a> {
    /// The exchange, at most 255 octets.
    pub exchange: &'a str,
    /// The routing key, at most 255 octets.
    pub routing_key: &'a str,
    /// The message.
    pub body: &'a [u8],
    /// Names the message for whoever looks into a queue; at most 255 octets. The broker drops no duplicates by it.
    pub message_id: &'a str,
}

/// The broker did not confirm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    /// There is no line to any node.
    #[error("no connection to the broker: {reason}")]
    Down {
        /// Why not.
        reason: String,
    },
    /// The broker takes nothing: an alarm on one of its nodes.
    #[error("the broker takes no messages: {reason}")]
    Blocked {
        /// The broker's words.
        reason: String,
        /// False if nothing had been sent yet.
        sent: bool,
    },
    /// No queue is bound for this message; it is nowhere.
    #[error("no queue takes {routing_key} from {exchange}: {words}")]
    Unroutable {
        /// The exchange.
        exchange: String,
        /// The routing key.
        routing_key: String,
        /// The broker's words.
        words: String,
    },
    /// The broker answered no: the queue is full, or cannot store.
    #[error("the broker refused the message")]
    Refused,
    /// The broker closed the channel (no such exchange, no permission) or the connection broke meanwhile.
    #[error("the channel was closed before the broker confirmed: {words}")]
    Closed {
        /// The broker's or the connection's words.
        words: String,
        /// True if the broker said so itself (an AMQP error): then it did not take the message.
        by_broker: bool,
    },
    /// Neither yes nor no in time.
    #[error("the broker did not confirm within {waited:?}")]
    TimedOut {
        /// The deadline that passed.
        waited: Duration,
    },
    /// A name is too long for AMQP.
    #[error("{what} is longer than 255 octets")]
    TooLong {
        /// Which.
        what: &'static str,
    },
}

impl NotConfirmed {
    /// Whether the message may nevertheless be in a queue, now or minutes later. Whoever publishes it again must rely
    /// on the receiver to drop the copy.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::TimedOut { .. } | Self::Refused => true,
            Self::Blocked { sent, .. } => *sent,
            Self::Closed { by_broker, .. } => !by_broker,
            Self::Down { .. } | Self::Unroutable { .. } | Self::TooLong { .. } => false,
        }
    }
}

impl Broker {
    /// Publishes and waits for the broker's confirm: `Ok` says the message is in every queue it was routed to, on disk
    /// on a majority of its nodes. Fails at once while down or blocked, else at the latest at `deadline`. Any number
    /// may be under way.
    pub async fn publish(&self, message: Publish<'_>, deadline: Duration) -> Result<(), NotConfirmed> {
        let names = Names::of(message)?;
        let line = self.shared.line_for_publishing()?;
        let mut states = self.shared.states();
        let blocked = states.wait_for(|state| matches!(state, State::Blocked { .. }));
        let outcome = tokio::select! {
            biased;
            outcome = tokio::time::timeout(deadline, publish_on(&line, message, names)) => outcome,
            Ok(state) = blocked => {
                let State::Blocked { reason, .. } = &*state else { return Err(NotConfirmed::Refused) };
                return Err(NotConfirmed::Blocked { reason: reason.clone(), sent: true });
            }
        };
        match outcome {
            Ok(Ok(channel)) => {
                line.keep(channel);
                Ok(())
            }
            Ok(Err(fault)) => Err(fault),
            Err(_) => {
                self.shared.doubt();
                Err(NotConfirmed::TimedOut { waited: deadline })
            }
        }
    }
}

impl Shared {
    fn line_for_publishing(&self) -> Result<std::sync::Arc<Line>, NotConfirmed> {
        let states = self.states();
        let reason = match &*states.borrow() {
            State::Blocked { reason, .. } => {
                return Err(NotConfirmed::Blocked { reason: reason.clone(), sent: false });
            }
            State::Down { reason } => reason.clone(),
            State::Up { .. } => "the connection has just ended".to_owned(),
        };
        self.line().filter(|line| line.connected()).ok_or(NotConfirmed::Down { reason })
    }
}

struct Names {
    exchange: ShortString,
    routing_key: ShortString,
    message_id: ShortString,
}

impl Names {
    fn of(message: Publish<'_>) -> Result<Self, NotConfirmed> {
        let short = |what, text: &str| ShortString::try_new(text).map_err(|_| NotConfirmed::TooLong { what });
        Ok(Self {
            exchange: short("exchange", message.exchange)?,
            routing_key: short("routing_key", message.routing_key)?,
            message_id: short("message_id", message.message_id)?,
        })
    }
}

/// Gives the channel back only after a clean confirm; in every other case it is dropped, which closes it.
async fn publish_on(line: &Line, message: Publish<'_>, names: Names) -> Result<Channel, NotConfirmed> {
    let channel = line.confirm_channel().await.map_err(closed)?;
    let properties =
        BasicProperties::default().with_delivery_mode(PERSISTENT).with_message_id(names.message_id);
    let options = BasicPublishOptions { mandatory: true, immediate: false };
    let confirm = channel
        .basic_publish(names.exchange, names.routing_key, options, message.body, properties)
        .await
        .map_err(closed)?;
    match confirm.await.map_err(closed)? {
        Confirmation::Ack(None) => Ok(channel),
        Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned)) => {
            Err(NotConfirmed::Unroutable {
                exchange: message.exchange.to_owned(),
                routing_key: message.routing_key.to_owned(),
                words: format!("{} {}", returned.reply_code, returned.reply_text),
            })
        }
        Confirmation::Nack(None) => Err(NotConfirmed::Refused),
        Confirmation::NotRequested => {
            Err(NotConfirmed::Closed { words: "the channel gives no confirms".to_owned(), by_broker: false })
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn closed(error: lapin::Error) -> NotConfirmed {
    NotConfirmed::Closed { words: error.to_string(), by_broker: error.is_amqp_soft_error() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_no_rules_out_that_it_arrived() {
        let words = String::new;
        let rows = [
            (NotConfirmed::Down { reason: words() }, false),
            (NotConfirmed::Blocked { reason: words(), sent: false }, false),
            (NotConfirmed::Blocked { reason: words(), sent: true }, true),
            (NotConfirmed::Unroutable { exchange: words(), routing_key: words(), words: words() }, false),
            (NotConfirmed::Refused, true),
            (NotConfirmed::Closed { words: words(), by_broker: true }, false),
            (NotConfirmed::Closed { words: words(), by_broker: false }, true),
            (NotConfirmed::TimedOut { waited: Duration::from_secs(1) }, true),
            (NotConfirmed::TooLong { what: "exchange" }, false),
        ];
        for (fault, may) in rows {
            assert_eq!(fault.may_have_arrived(), may, "{fault}");
        }
    }
}
