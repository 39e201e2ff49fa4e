//! The deliveries of one operator: heard in, said out. Knows no socket and no clock; the adapter's run loop owns both.

use super::delivery::Delivery;
use super::stage::Stage;
use crate::delivery::{Grade, Kind};
use crate::digest::Digest;
use crate::now::Now;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What the machine must know of an order that the adapter has verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The delivery's name.
    pub delivery: String,
    /// The warning it belongs to.
    pub warning: String,
    /// What it asks for. A cancel has no messages and no cells.
    pub kind: Kind,
    /// The warning that an update takes the place of.
    pub replaces: Option<String>,
    /// Nothing goes on air from this instant on.
    pub expires: DateTime<Utc>,
    /// Whether a message that may already be on air is submitted again when nobody can tell (Extreme only).
    pub extreme: bool,
    /// What the CBC must have: identifier, serial, pages.
    pub messages: Vec<(u16, u16, Digest)>,
    /// The cells expected, from the operator's own list.
    pub expected: BTreeSet<String>,
}

/// How a submission ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 2xx, and the messages it says it has.
    Accepted(Vec<(u16, u16, Digest)>),
    /// 2xx to a cancel: what it named is not broadcast any more.
    Stopped,
    /// A refusal that stays one: 4xx.
    Refused {
        /// Its code.
        code: String,
        /// Its words.
        words: String,
    },
    /// It certainly did not take it: 5xx, or the connection was never made.
    Failed(String),
    /// It may have taken it: no answer, or a broken one.
    Unknown(String),
}

/// What the CBC says of the messages of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It knows them; the cells that broadcast all of them, and the pages it holds.
    Known {
        /// As it says.
        messages: Vec<(u16, u16, Digest)>,
        /// Keys of cells on air with every message of the delivery.
        cells: BTreeSet<String>,
    },
    /// It does not know at least one of them.
    Absent,
    /// It cannot be told.
    Silent(String),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A verified order is durable in the ledger, at this stage (later than `Taken` after a restart).
    Order(Job, Stage),
    /// A submission ended.
    Answered(String, Answer),
    /// A question for the status ended.
    Status(String, Status),
    /// Time went by.
    Tick,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// Keep the stage in the ledger before what follows.
    Keep(String, Stage),
    /// Keep a receipt in the ledger, to be sent until it is confirmed.
    Receipt(String, Grade),
    /// Submit the order's CAP to the CBC, with the order's own identity.
    Submit(String),
    /// Ask the CBC for the messages' status.
    Ask(String),
}

/// One operator's deliveries.
#[derive(Debug, Default)]
pub struct Session {
    deliveries: BTreeMap<String, Delivery>,
}

impl Session {
    /// Takes in what happened and says what to do, in order.
    pub fn hear(&mut self, heard: Heard, now: Now) -> Vec<Say> {
        let mut say = Vec::new();
        match heard {
            Heard::Order(job, stage) => self.order(job, stage, now, &mut say),
            Heard::Answered(id, answer) => {
                if let Some(delivery) = self.deliveries.get_mut(&id) {
                    delivery.answered(answer, now, &mut say);
                    let (job, stage) = (delivery.job.clone(), delivery.stage);
                    self.after(&job, stage, now, &mut say);
                }
            }
            Heard::Status(id, status) => {
                if let Some(delivery) = self.deliveries.get_mut(&id) {
                    delivery.status(status, now, &mut say);
                    let (job, stage) = (delivery.job.clone(), delivery.stage);
                    self.after(&job, stage, now, &mut say);
                }
            }
            Heard::Tick => {
                for delivery in self.deliveries.values_mut() {
                    if delivery.wake.is_some_and(|at| at <= now.tick) {
                        delivery.act(now, &mut say);
                    }
                }
            }
        }
        self.deliveries.retain(|_, delivery| delivery.stage != Stage::Done);
        say
    }

    /// When to hear `Tick` next.
    pub fn wake(&self) -> Option<Duration> {
        self.deliveries.values().filter_map(|delivery| delivery.wake).min()
    }

    /// How many deliveries are not done.
    pub fn open(&self) -> usize {
        self.deliveries.len()
    }

    fn order(&mut self, job: Job, stage: Stage, now: Now, say: &mut Vec<Say>) {
        if stage == Stage::Done || self.deliveries.contains_key(&job.delivery) {
            return;
        }
        if let Some((warning, grade)) = job.ends() {
            self.end(&warning, &grade, say);
        }
        let mut delivery = Delivery::new(job, stage, now);
        delivery.act(now, say);
        self.deliveries.insert(delivery.job.delivery.clone(), delivery);
    }

    /// What a cancel or an update ends: what never went out is not sent any more, what did is to be stopped.
    fn end(&mut self, warning: &str, grade: &Grade, say: &mut Vec<Say>) {
        for old in
            self.deliveries.values_mut().filter(|d| d.job.warning == warning && d.job.kind != Kind::Cancel)
        {
            if old.stage == Stage::Taken && old.failed == 0 {
                old.done(grade.clone(), say);
            } else {
                (old.ending, old.wake) = (true, None);
            }
        }
    }

    /// Once the CBC has carried out a cancel, or has the update, what it ended has stopped.
    fn after(&mut self, job: &Job, stage: Stage, now: Now, say: &mut Vec<Say>) {
        let Some((warning, _)) = job.ends() else { return };
        let carried_out = match job.kind {
            Kind::Cancel => stage == Stage::Done,
            Kind::Update => matches!(stage, Stage::Accepted | Stage::OnAir),
            Kind::Alert => false,
        };
        let refused = job.kind == Kind::Update && stage == Stage::Done;
        let theirs = |d: &&mut Delivery| d.job.warning == warning && d.job.kind != Kind::Cancel && d.ending;
        for old in self.deliveries.values_mut().filter(theirs) {
            if carried_out {
                old.done(Grade::Stopped, say);
            } else if refused {
                // The new one does not come: the old one goes on.
                (old.ending, old.wake) = (false, Some(now.tick));
            }
        }
    }
}

impl Job {
    /// The warning this one ends, and what becomes of a delivery of it that never went out.
    fn ends(&self) -> Option<(String, Grade)> {
        match self.kind {
            Kind::Alert => None,
            Kind::Update => self.replaces.clone().map(|old| (old, Grade::Superseded)),
            Kind::Cancel => Some((self.warning.clone(), Grade::Cancelled)),
        }
    }
}

#[cfg(test)]
mod tests;
