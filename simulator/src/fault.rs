//! What can be wrong with an operator's CBC on purpose, by name.

use serde::Serialize;
use std::str::FromStr;
use std::time::Duration;

/// How late `late` is unless it is said: over the ten seconds.
const LATE_MS: u64 = 11_000;
/// No delay is longer than an hour.
const MOST_DELAY_MS: u64 = 3_600_000;

/// A fault of one operator's CBC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// Works as it should.
    #[default]
    None,
    /// Accepts at once and goes on air this much later.
    Late {
        /// Milliseconds.
        delay_ms: u64,
    },
    /// Answers 403: a maintenance lock.
    Refuse,
    /// Holds the connection and never answers; nothing goes on air, and the status hangs as well.
    Hang,
    /// Goes on air and closes the connection without an answer; the status answers.
    LostAnswer,
    /// Goes on air, and answers 502 as a proxy does that gave up on it; the status answers.
    BadGateway,
    /// Encodes the text itself, under the identifier and serial it is given: other pages than were approved.
    OwnBytes,
    /// Encodes the text itself, on the channels of the standard's table: Omani phones do not show most of them.
    PlainTable,
    /// Speaks ECBE alone, and no CAP.
    Ecbe,
    /// Speaks ECBE alone, and closes the connection of every message it was given, taken or not, without an answer.
    EcbeLostAnswer,
}

/// Every name there is.
const NAMES: &str =
    "none, late, refuse, hang, lost_answer, bad_gateway, own_bytes, plain_table, ecbe, ecbe_lost_answer";

/// A fault's name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no fault: {NAMES}")]
pub struct NoSuchFault(String);

impl Fault {
    /// The word that [`FromStr`] reads; a delay of its own is not in it.
    pub fn name(self) -> &'static str {
        match self {
            Fault::None => "none",
            Fault::Late { .. } => "late",
            Fault::Refuse => "refuse",
            Fault::Hang => "hang",
            Fault::LostAnswer => "lost_answer",
            Fault::BadGateway => "bad_gateway",
            Fault::OwnBytes => "own_bytes",
            Fault::PlainTable => "plain_table",
            Fault::Ecbe => "ecbe",
            Fault::EcbeLostAnswer => "ecbe_lost_answer",
        }
    }

    /// Late by so much, at most an hour.
    pub fn late(delay: Duration) -> Fault {
        Fault::Late { delay_ms: u64::try_from(delay.as_millis()).unwrap_or(MOST_DELAY_MS).min(MOST_DELAY_MS) }
    }

    /// Whether it makes the CBC one that speaks ECBE.
    pub fn speaks_ecbe(self) -> bool {
        matches!(self, Fault::Ecbe | Fault::EcbeLostAnswer)
    }

    /// The same fault with another delay, where it has one.
    pub(crate) fn with_delay(self, delay_ms: Option<u64>) -> Fault {
        match (self, delay_ms) {
            (Fault::Late { .. }, Some(delay_ms)) => Fault::late(Duration::from_millis(delay_ms)),
            (
                Fault::None
                | Fault::Late { .. }
                | Fault::Refuse
                | Fault::Hang
                | Fault::LostAnswer
                | Fault::BadGateway
                | Fault::OwnBytes
                | Fault::PlainTable
                | Fault::Ecbe
                | Fault::EcbeLostAnswer,
                _,
            ) => self,
        }
    }

    /// Milliseconds between acceptance and the usual way to the cells.
    pub(crate) fn delay_ms(self) -> i64 {
        match self {
            Fault::Late { delay_ms } => i64::try_from(delay_ms).unwrap_or(i64::MAX / 2),
            Fault::None
            | Fault::Refuse
            | Fault::Hang
            | Fault::LostAnswer
            | Fault::BadGateway
            | Fault::OwnBytes
            | Fault::PlainTable
            | Fault::Ecbe
            | Fault::EcbeLostAnswer => 0,
        }
    }
}

impl FromStr for Fault {
    type Err = NoSuchFault;

    fn from_str(name: &str) -> Result<Fault, NoSuchFault> {
        match name {
            "none" => Ok(Fault::None),
            "late" => Ok(Fault::Late { delay_ms: LATE_MS }),
            "refuse" => Ok(Fault::Refuse),
            "hang" => Ok(Fault::Hang),
            "lost_answer" => Ok(Fault::LostAnswer),
            "bad_gateway" => Ok(Fault::BadGateway),
            "own_bytes" => Ok(Fault::OwnBytes),
            "plain_table" => Ok(Fault::PlainTable),
            "ecbe" => Ok(Fault::Ecbe),
            "ecbe_lost_answer" => Ok(Fault::EcbeLostAnswer),
            other => Err(NoSuchFault(other.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_names() {
        let named = |name: &str| name.parse::<Fault>();
        for name in NAMES.split(", ") {
            assert_eq!(named(name).map(Fault::name), Ok(name));
        }
        assert_eq!(named("none"), Ok(Fault::None));
        assert_eq!(named("late"), Ok(Fault::late(Duration::from_secs(11))));
        assert_eq!(named("refuse"), Ok(Fault::Refuse));
        assert_eq!(named("hang"), Ok(Fault::Hang));
        assert_eq!(named("lost_answer"), Ok(Fault::LostAnswer));
        assert!(named("slow").is_err());
        assert_eq!(Fault::Refuse.with_delay(Some(5)), Fault::Refuse);
        assert_eq!(named("late").map(|late| late.with_delay(Some(5)).delay_ms()), Ok(5));
        assert_eq!(Fault::late(Duration::MAX).delay_ms(), 3_600_000);
    }
}
