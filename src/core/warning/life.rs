//! The life of a warning: `decide` may refuse and asks nobody; `apply` is total and asks no clock.

use super::event::Event;
use crate::digest::Digest;
use crate::now::Now;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum State {
    /// For another person.
    Waiting,
    /// By this person, at this instant. Its orders are durable.
    Approved {
        /// Who.
        by: String,
        /// When, by the hub's clock.
        at: DateTime<Utc>,
    },
}

impl State {
    /// The word in the store, on the API and on the screen.
    pub const fn word(&self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Approved { .. } => "approved",
        }
    }
}

/// What its life depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// What an approval binds.
    pub hash: Digest,
    /// Nothing goes on air from then on.
    pub expires: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
}

/// What somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Approve exactly what this hash binds.
    Approve {
        /// Who asks.
        by: String,
        /// Of what they saw.
        hash: Digest,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The author cannot be the second person.
    #[error("a warning needs two persons: its author cannot approve it")]
    OwnWarning,
    /// They saw something else.
    #[error("the hash is not that of this warning: what you saw is not what would be sent; look at it again")]
    StaleHash,
    /// Its time is over.
    #[error("the warning expired at {0}: nothing is sent after that")]
    Expired(DateTime<Utc>),
    /// It is approved already.
    #[error("the warning was approved already, by {by}")]
    AlreadyApproved {
        /// By whom.
        by: String,
    },
}

/// Decides a command. The answer depends on its arguments alone.
pub fn decide(warning: &Warning, command: Command, now: Now) -> Result<Vec<Event>, Refused> {
    match command {
        Command::Approve { by, hash } => {
            if by == warning.author {
                return Err(Refused::OwnWarning);
            }
            if hash != warning.hash {
                return Err(Refused::StaleHash);
            }
            if let State::Approved { by, .. } = &warning.state {
                return Err(Refused::AlreadyApproved { by: by.clone() });
            }
            if now.utc >= warning.expires {
                return Err(Refused::Expired(warning.expires));
            }
            Ok(vec![Event::Approved { warning: warning.id.clone(), by, hash, at: now.utc }])
        }
    }
}

impl Warning {
    /// The warning a `Submitted` event began; `None` for any other event.
    pub fn begun(event: &Event) -> Option<Warning> {
        match event {
            Event::Submitted { warning, author, hash, expires, .. } => Some(Warning {
                id: warning.clone(),
                author: author.clone(),
                hash: *hash,
                expires: *expires,
                state: State::Waiting,
            }),
            Event::PersonAdded { .. }
            | Event::Approved { .. }
            | Event::Ordered { .. }
            | Event::Heard { .. } => None,
        }
    }

    /// The warning after an event. Events of other warnings leave it as it is.
    #[must_use]
    pub fn apply(mut self, event: &Event) -> Warning {
        match event {
            Event::Approved { warning, by, at, .. } if *warning == self.id => {
                self.state = State::Approved { by: by.clone(), at: *at };
            }
            Event::Approved { .. }
            | Event::PersonAdded { .. }
            | Event::Submitted { .. }
            | Event::Ordered { .. }
            | Event::Heard { .. } => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn waiting() -> Warning {
        Warning {
            id: "wrn_1".into(),
            author: "amal".into(),
            hash: Digest([1; 32]),
            expires: at(100),
            state: State::Waiting,
        }
    }

    fn approve(warning: &Warning, by: &str, hash: u8, second: i64) -> Result<Vec<Event>, Refused> {
        let now = Now { utc: at(second), tick: Duration::ZERO };
        decide(warning, Command::Approve { by: by.into(), hash: Digest([hash; 32]) }, now)
    }

    #[test]
    fn two_persons_one_hash_in_time_once() {
        let w = waiting();
        assert_eq!(approve(&w, "amal", 1, 50), Err(Refused::OwnWarning));
        assert_eq!(approve(&w, "badr", 2, 50), Err(Refused::StaleHash));
        assert_eq!(approve(&w, "badr", 1, 100), Err(Refused::Expired(at(100))));
        let events = approve(&w, "badr", 1, 99).unwrap();
        let approved = events.iter().fold(w, Warning::apply);
        assert_eq!(approved.state, State::Approved { by: "badr".into(), at: at(99) });
        assert_eq!(approve(&approved, "citra", 1, 99), Err(Refused::AlreadyApproved { by: "badr".into() }));
    }

    #[test]
    fn an_event_of_another_warning_changes_nothing() {
        let other =
            Event::Approved { warning: "wrn_2".into(), by: "badr".into(), hash: Digest([1; 32]), at: at(1) };
        assert_eq!(waiting().apply(&other), waiting());
    }
}
