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
    /// A newer warning took its place.
    Updated {
        /// That warning.
        by: String,
        /// When it was approved.
        at: DateTime<Utc>,
    },
    /// Stopped before its time, by one person.
    Cancelled {
        /// Who.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Its time was over.
    Expired {
        /// When that was recorded.
        at: DateTime<Utc>,
    },
}

impl State {
    /// Whether it is approved and nothing has ended it.
    pub const fn is_in_force(&self) -> bool {
        matches!(self, State::Approved { .. })
    }

    /// Whether it has ended, however.
    pub const fn is_over(&self) -> bool {
        matches!(self, State::Updated { .. } | State::Cancelled { .. } | State::Expired { .. })
    }

    /// The word in the store, on the API and on the screen.
    pub const fn word(&self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Approved { .. } => "approved",
            State::Updated { .. } => "updated",
            State::Cancelled { .. } => "cancelled",
            State::Expired { .. } => "expired",
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
    /// The warning it updates, if it is an update.
    pub updates: Option<String>,
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
        /// The warning that it updates, as it stands.
        predecessor: Option<Box<Warning>>,
    },
    /// Stop it. One person may.
    Cancel {
        /// Who asks.
        by: String,
        /// Until when it or anything it took the place of may be on air, if it was ever approved: the latest of their
        /// ends. An operator that refused a shorter update goes on with what was there before.
        on_air_until: Option<DateTime<Utc>>,
    },
    /// Its time is over.
    Expire,
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
    /// It has ended already, and how.
    #[error("the warning is {0} already: nothing more can be done to it")]
    Over(&'static str),
    /// It does not update what it says it updates, or that has ended.
    #[error("the warning it updates is {0}: only a warning in force can be updated")]
    PredecessorOver(&'static str),
    /// Its time is not over.
    #[error("the warning is in force until {0}")]
    NotYet(DateTime<Utc>),
}

/// Decides a command. The answer depends on its arguments alone.
pub fn decide(warning: &Warning, command: Command, now: Now) -> Result<Vec<Event>, Refused> {
    let id = || warning.id.clone();
    match command {
        Command::Approve { by, hash, predecessor } => {
            if by == warning.author {
                return Err(Refused::OwnWarning);
            }
            if hash != warning.hash {
                return Err(Refused::StaleHash);
            }
            match &warning.state {
                State::Waiting => {}
                State::Approved { by, .. } => return Err(Refused::AlreadyApproved { by: by.clone() }),
                State::Updated { .. } | State::Cancelled { .. } | State::Expired { .. } => {
                    return Err(Refused::Over(warning.state.word()));
                }
            }
            if now.utc >= warning.expires {
                return Err(Refused::Expired(warning.expires));
            }
            let mut events = vec![Event::Approved { warning: id(), by, hash, at: now.utc }];
            if let Some(old) = &warning.updates {
                let found = predecessor.filter(|p| p.id == *old);
                match found.map(|p| p.state) {
                    Some(State::Approved { .. }) => {}
                    Some(state) => return Err(Refused::PredecessorOver(state.word())),
                    None => return Err(Refused::PredecessorOver("unknown")),
                }
                events.push(Event::Updated { warning: old.clone(), by: id(), at: now.utc });
            }
            Ok(events)
        }
        Command::Cancel { by, on_air_until } => match &warning.state {
            State::Waiting | State::Approved { .. } => {
                Ok(vec![Event::Cancelled { warning: id(), by, at: now.utc }])
            }
            State::Expired { .. } if on_air_until.is_some_and(|until| now.utc < until) => {
                Ok(vec![Event::Cancelled { warning: id(), by, at: now.utc }])
            }
            State::Updated { .. } | State::Cancelled { .. } | State::Expired { .. } => {
                Err(Refused::Over(warning.state.word()))
            }
        },
        Command::Expire => match &warning.state {
            State::Waiting | State::Approved { .. } if now.utc >= warning.expires => {
                Ok(vec![Event::Expired { warning: id(), at: now.utc }])
            }
            State::Waiting | State::Approved { .. } => Err(Refused::NotYet(warning.expires)),
            State::Updated { .. } | State::Cancelled { .. } | State::Expired { .. } => {
                Err(Refused::Over(warning.state.word()))
            }
        },
    }
}

impl Warning {
    /// The warning a `Submitted` event began; `None` for any other event.
    pub fn begun(event: &Event) -> Option<Warning> {
        match event {
            Event::Submitted { warning, author, hash, expires, updates, .. } => Some(Warning {
                id: warning.clone(),
                author: author.clone(),
                hash: *hash,
                expires: *expires,
                updates: updates.clone(),
                state: State::Waiting,
            }),
            Event::PersonAdded { .. }
            | Event::DraftKept { .. }
            | Event::DraftDropped { .. }
            | Event::CameIn { .. }
            | Event::Approved { .. }
            | Event::Updated { .. }
            | Event::Cancelled { .. }
            | Event::Expired { .. }
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
            Event::Updated { warning, by, at } if *warning == self.id => {
                self.state = State::Updated { by: by.clone(), at: *at };
            }
            Event::Cancelled { warning, by, at } if *warning == self.id => {
                self.state = State::Cancelled { by: by.clone(), at: *at };
            }
            Event::Expired { warning, at } if *warning == self.id => self.state = State::Expired { at: *at },
            Event::Approved { .. }
            | Event::Updated { .. }
            | Event::Cancelled { .. }
            | Event::Expired { .. }
            | Event::PersonAdded { .. }
            | Event::DraftKept { .. }
            | Event::DraftDropped { .. }
            | Event::CameIn { .. }
            | Event::Submitted { .. }
            | Event::Ordered { .. }
            | Event::Heard { .. } => {}
        }
        self
    }
}

#[cfg(test)]
mod tests;
