//! The deliveries of one operator: heard in, said out. Knows no socket and no clock; the adapter's run loop owns both.

use super::pace;
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

#[derive(Debug)]
struct Delivery {
    job: Job,
    stage: Stage,
    taken: Duration,
    failed: usize,
    /// When to act next; `None` while an answer is awaited or nothing is left to do.
    wake: Option<Duration>,
    /// A cancel or an update is on its way to stop it: it is not submitted again.
    ending: bool,
    reported: Option<Grade>,
    /// The last count of cells that was told, and when.
    counted: Option<(Count, Duration)>,
}

/// Cells that a CBC reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    hit: usize,
    outside: usize,
    complete: bool,
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
        let mut delivery = Delivery {
            job,
            stage,
            taken: now.tick,
            failed: 0,
            wake: None,
            ending: false,
            reported: None,
            counted: None,
        };
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

impl Delivery {
    /// Does what its stage asks for, now.
    fn act(&mut self, now: Now, say: &mut Vec<Say>) {
        self.wake = None;
        if self.ending {
            return;
        }
        let id = self.job.delivery.clone();
        let over = now.utc >= self.job.expires;
        match (self.job.kind, self.stage) {
            (_, Stage::Done) => {}
            // Last before the CBC call: nothing goes on air after its time.
            (Kind::Alert | Kind::Update, Stage::Taken) if over => self.done(Grade::Expired, say),
            // A cancel puts nothing on air: it is carried out whenever it comes, and again until it is answered.
            (Kind::Cancel, _) | (Kind::Alert | Kind::Update, Stage::Taken) => {
                self.keep(Stage::Submitted, say);
                say.push(Say::Submit(id));
            }
            (Kind::Alert | Kind::Update, Stage::Submitted | Stage::Accepted | Stage::OnAir) => {
                say.push(Say::Ask(id));
            }
        }
    }

    fn answered(&mut self, answer: Answer, now: Now, say: &mut Vec<Say>) {
        match answer {
            Answer::Accepted(messages) => {
                if let Some(why) = self.differs(&messages) {
                    self.done(Grade::Unconfirmed { why }, say);
                } else {
                    self.accepted(say);
                    self.wake = Some(now.tick);
                }
            }
            Answer::Stopped => self.done(Grade::Stopped, say),
            Answer::Refused { code, words } => self.done(Grade::Rejected { code, words }, say),
            Answer::Failed(why) => {
                self.failed += 1;
                self.keep(Stage::Taken, say);
                self.report(Grade::Unknown { why }, say);
                self.wake = Some((self.taken + pace::retry_at(self.failed)).max(now.tick));
            }
            Answer::Unknown(why) if self.job.kind == Kind::Cancel => {
                // To stop twice does no harm; not to stop does.
                self.failed += 1;
                self.report(Grade::Unknown { why }, say);
                self.wake = Some((self.taken + pace::retry_at(self.failed)).max(now.tick));
            }
            Answer::Unknown(why) => {
                self.report(Grade::Unknown { why }, say);
                self.wake = Some(now.tick);
            }
        }
    }

    fn status(&mut self, status: Status, now: Now, say: &mut Vec<Say>) {
        if self.ending {
            // Whoever ends it says so.
            return;
        }
        let age = now.since(self.taken);
        match status {
            Status::Known { messages, cells } => match self.differs(&messages) {
                Some(why) => self.done(Grade::Unconfirmed { why }, say),
                None if now.utc >= self.job.expires => self.ended(&cells, now, say),
                None => self.on_air(&cells, now, say),
            },
            Status::Absent if now.utc >= self.job.expires => self.done(Grade::Stopped, say),
            Status::Absent if matches!(self.stage, Stage::Accepted | Stage::OnAir) => {
                // It had it and lost it: after a restart of the CBC sending again is a duty.
                self.keep(Stage::Taken, say);
                self.wake = Some(now.tick);
            }
            Status::Absent => self.again(now, say),
            Status::Silent(why) if self.stage == Stage::Submitted => {
                self.report(Grade::Unknown { why }, say);
                if self.job.extreme && now.utc < self.job.expires {
                    // It cannot be told. The same identity again: a CBC and a phone that have it drop the copy.
                    self.again(now, say);
                } else if now.utc >= self.job.expires {
                    self.keep(Stage::Done, say);
                } else {
                    self.wake = Some(now.tick + pace::ask_again(age));
                }
            }
            Status::Silent(_) if self.is_long_over(now) => self.keep(Stage::Done, say),
            Status::Silent(_) => self.wake = Some(now.tick + pace::ask_again(age)),
        }
    }

    /// To be submitted again, at the next instant of its pace.
    fn again(&mut self, now: Now, say: &mut Vec<Say>) {
        self.failed += 1;
        self.keep(Stage::Taken, say);
        self.wake = Some((self.taken + pace::retry_at(self.failed)).max(now.tick));
    }

    /// The CBC has it and its time is not over: how far it has come.
    fn on_air(&mut self, cells: &BTreeSet<String>, now: Now, say: &mut Vec<Say>) {
        self.accepted(say);
        let age = now.since(self.taken);
        let hit = self.job.expected.intersection(cells).count();
        let complete = hit > 0 && hit == self.job.expected.len();
        let last = complete || age >= pace::ASK_UNTIL;
        self.count(Count { hit, outside: cells.len() - hit, complete }, last, now, say);
        if last {
            if self.stage != Stage::OnAir {
                self.keep(Stage::OnAir, say);
            }
            let left = (self.job.expires - now.utc).to_std().unwrap_or_default();
            self.wake = Some(now.tick + left.min(pace::WATCH));
        } else {
            self.wake = Some(now.tick + pace::ask_again(age));
        }
    }

    /// Its time is over: stopped, unless the CBC says that it still broadcasts.
    fn ended(&mut self, cells: &BTreeSet<String>, now: Now, say: &mut Vec<Say>) {
        if cells.is_empty() {
            self.done(Grade::Stopped, say);
        } else if self.is_long_over(now) {
            let why = format!("{} cells still broadcast it after its end", cells.len());
            self.done(Grade::Unconfirmed { why }, say);
        } else {
            self.wake = Some(now.tick + pace::ask_again(pace::ASK_UNTIL));
        }
    }

    fn is_long_over(&self, now: Now) -> bool {
        (now.utc - self.job.expires).to_std().is_ok_and(|over| over >= pace::GRACE_AFTER_END)
    }

    /// What differs between what was ordered and what the CBC says it has.
    fn differs(&self, messages: &[(u16, u16, Digest)]) -> Option<String> {
        self.job.messages.iter().find(|m| !messages.contains(m)).map(|(identifier, serial, _)| match messages
            .iter()
            .find(|(i, s, _)| i == identifier && s == serial)
        {
            Some(_) => format!("message {identifier}/{serial} has other pages than were approved"),
            None => format!("message {identifier}/{serial} was not confirmed by identifier and serial"),
        })
    }

    fn accepted(&mut self, say: &mut Vec<Say>) {
        if !matches!(self.stage, Stage::Accepted | Stage::OnAir) {
            self.keep(Stage::Accepted, say);
            self.report(Grade::Accepted, say);
        }
    }

    /// Reports a growing count at the first cells, then now and then, and when it ends. A cell outside is told at once.
    fn count(&mut self, count: Count, last: bool, now: Now, say: &mut Vec<Say>) {
        let due = match self.counted {
            None => count.hit + count.outside > 0,
            Some((told, _)) if told == count => false,
            Some((told, at)) => {
                last || count.complete
                    || count.outside > told.outside
                    || now.tick.saturating_sub(at) >= pace::COUNT_AGAIN
            }
        };
        if due {
            self.counted = Some((count, now.tick));
            let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
            let expected = number(self.job.expected.len());
            let (cells, outside) = (number(count.hit), number(count.outside));
            self.report(Grade::OnAir { cells, expected, outside }, say);
        }
    }

    /// Reports a grade once.
    fn report(&mut self, grade: Grade, say: &mut Vec<Say>) {
        if self.reported.as_ref() != Some(&grade) {
            self.reported = Some(grade.clone());
            say.push(Say::Receipt(self.job.delivery.clone(), grade));
        }
    }

    fn keep(&mut self, stage: Stage, say: &mut Vec<Say>) {
        self.stage = stage;
        say.push(Say::Keep(self.job.delivery.clone(), stage));
    }

    fn done(&mut self, grade: Grade, say: &mut Vec<Say>) {
        self.report(grade, say);
        self.keep(Stage::Done, say);
    }
}

#[cfg(test)]
mod tests;
