//! The deliveries of one operator: heard in, said out. Knows no socket and no clock; the adapter's run loop owns both.

use super::delivery::{Delivery, End, Sending};
use super::job::{Job, Named, Served};
use super::pace;
use super::stage::{Past, Stage};
use crate::delivery::{Grade, Kind};
use crate::digest::Digest;
use crate::now::Now;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

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
    /// It was not sent: its time was over, or what ends it had come.
    Withheld,
    /// It certainly did not take it: no connection was ever made.
    Never(String),
    /// It answered, and not that it took it: 5xx, 408, 429. It may have all the same, behind a proxy that gave up on it.
    Failed(String),
    /// It may have taken it: no answer, or a broken one.
    Unknown(String),
}

/// What the CBC says of the messages of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It knows them all, and the pages it holds.
    Known {
        /// As it says.
        messages: Vec<(u16, u16, Digest)>,
        /// Keys of cells on air with every message of the delivery.
        cells: BTreeSet<String>,
        /// Keys of cells on air with at least one of them.
        any: BTreeSet<String>,
    },
    /// It knows some of them and not the others.
    Partly {
        /// Keys of cells on air with at least one of them.
        any: BTreeSet<String>,
    },
    /// It knows none of them.
    Absent,
    /// It was given them and not told to end them, and it has no status: nothing more can be had from it.
    Mute,
    /// It cannot be told.
    Silent(String),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A verified order is durable in the ledger, with this past (more than `Taken` after a restart).
    Order(Job, Past),
    /// A submission ended.
    Answered(String, Answer),
    /// A question for the status ended.
    Status(String, Status),
    /// Its CBC was told to let go of a delivery's messages: whether it did, or why that is not known.
    Freed(String, Result<(), String>),
    /// The operator's cell list is another one: what it says of a delivery now.
    Listed {
        /// The delivery.
        delivery: String,
        /// As in its job.
        expected: BTreeSet<String>,
        /// As in its job.
        served: BTreeMap<String, Served>,
    },
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
    /// Their time is over: have a CBC that keeps messages until it is told otherwise let go of those that are surely ours.
    Free(String),
}

/// One operator's deliveries.
#[derive(Debug, Default)]
pub struct Session {
    deliveries: BTreeMap<String, Delivery>,
    /// Warnings that a cancel or an update has ended here, and what becomes of an order of theirs that comes later.
    ended: BTreeMap<Named, Grade>,
}

impl Session {
    /// Takes in what happened and says what to do, in order.
    pub fn hear(&mut self, heard: Heard, now: Now) -> Vec<Say> {
        let mut say = Vec::new();
        match heard {
            Heard::Order(job, past) => self.order(job, past, now, &mut say),
            Heard::Answered(id, answer) => {
                if let Some(delivery) = self.deliveries.get_mut(&id) {
                    delivery.answered(answer, now, &mut say);
                }
            }
            Heard::Status(id, status) => {
                if let Some(delivery) = self.deliveries.get_mut(&id) {
                    delivery.status(status, now, &mut say);
                }
            }
            Heard::Freed(id, freed) => {
                if let Some(delivery) = self.deliveries.get_mut(&id) {
                    delivery.freed(freed, now, &mut say);
                }
            }
            Heard::Listed { delivery, expected, served } => {
                if let Some(delivery) = self.deliveries.get_mut(&delivery) {
                    delivery.listed(expected, served, now);
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
        self.settle(now, &mut say);
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

    fn order(&mut self, job: Job, past: Past, now: Now, say: &mut Vec<Say>) {
        if past.stage == Stage::Done || self.deliveries.contains_key(&job.delivery) {
            return;
        }
        if let Some(grade) = past.ended.filter(|_| job.kind != Kind::Cancel) {
            self.ended.entry(job.named()).or_insert(grade);
        }
        let ends = job.ends();
        for (warning, grade) in &ends {
            self.end(warning, grade, say);
            self.ended.insert(warning.clone(), grade.clone());
        }
        let held = self.deliveries.values().any(|d| d.is_ended_with(&ends) && d.sending == Sending::UnderWay);
        let mut delivery = Delivery::new(job, (past.stage, past.doubt), now);
        match self.ended.get(&delivery.job.named()) {
            // Its end came before it: it never goes out, or is looked after until it has stopped.
            Some(grade) if delivery.job.kind != Kind::Cancel => {
                if delivery.never_went_out() {
                    delivery.done(grade.clone(), say);
                    return;
                }
                let pause = if delivery.doubt { pace::LOOK_AGAIN } else { Duration::ZERO };
                delivery.look_for(pause, now);
            }
            Some(_) | None if held => delivery.sending = Sending::Held,
            Some(_) | None => delivery.act(now, say),
        }
        self.deliveries.insert(delivery.job.delivery.clone(), delivery);
    }

    /// What a cancel or an update ends: what certainly never went out is not sent any more, the rest is to be stopped.
    fn end(&mut self, warning: &Named, grade: &Grade, say: &mut Vec<Say>) {
        for old in self.deliveries.values_mut() {
            if old.job.named() == *warning && old.job.kind != Kind::Cancel {
                if old.never_went_out() {
                    old.done(grade.clone(), say);
                } else {
                    match (old.end, grade) {
                        // An update may be refused, and something else was carried out: it goes on being looked for.
                        (End::LookedFor | End::StillThere, Grade::Superseded) => {}
                        // A cancel is not: only what is seen after it says that it has stopped.
                        (End::Not | End::OnItsWay | End::LookedFor | End::StillThere, _) => {
                            (old.end, old.wake) = (End::OnItsWay, None);
                        }
                    }
                }
            }
        }
    }

    /// The warnings that open deliveries other than this one end.
    fn ended_by_others(&self, ender: &str) -> BTreeSet<Named> {
        let others = self.deliveries.values().filter(|d| d.job.delivery != ender && d.stage != Stage::Done);
        others.flat_map(|d| d.job.ends()).map(|(warning, _)| warning).collect()
    }

    /// Brings what ends and what is ended together. An end goes out once no submission of the old one is under way, so
    /// that it is not answered before what it ends; and the old one has stopped once its CBC is seen not to broadcast it.
    fn settle(&mut self, now: Now, say: &mut Vec<Say>) {
        let enders: Vec<(String, Vec<(Named, Grade)>)> = self
            .deliveries
            .values()
            .map(|d| (d.job.delivery.clone(), d.job.ends()))
            .filter(|(_, ends)| !ends.is_empty())
            .collect();
        for (ender, ends) in enders {
            let olds = || self.deliveries.values().filter(|d| d.is_ended_with(&ends));
            let (in_flight, none) = (olds().any(|d| d.sending == Sending::UnderWay), olds().next().is_none());
            let still_on_air = olds().any(|d| d.end == End::StillThere);
            let others = self.ended_by_others(&ender);
            let Some(delivery) = self.deliveries.get_mut(&ender) else { continue };
            if delivery.sending == Sending::Held && !in_flight {
                delivery.sending = Sending::Not;
                delivery.act(now, say);
            }
            let (carried_out, over) = (delivery.carried_out, delivery.stage == Stage::Done);
            // An update that was itself cancelled leaves what it was to replace to that cancel.
            let refused = over && !carried_out && !self.ended.contains_key(&delivery.job.named());
            if carried_out && none && delivery.job.kind == Kind::Cancel && !over {
                delivery.done(Grade::Stopped, say);
            }
            if carried_out && still_on_air && !over {
                delivery.carried_out = false;
                delivery.again(now, say);
            }
            let cancels = delivery.job.kind == Kind::Cancel;
            for old in self.deliveries.values_mut().filter(|d| d.is_ended_with(&ends)) {
                if cancels && old.never_went_out() {
                    // Its submission was under way when the cancel came, and certainly reached nobody.
                    old.done(Grade::Cancelled, say);
                } else if carried_out && old.end != End::LookedFor {
                    let still_there = old.end == End::StillThere;
                    let pause = if old.doubt || still_there { pace::LOOK_AGAIN } else { Duration::ZERO };
                    old.look_for(pause, now);
                } else if over && cancels && old.end == End::OnItsWay {
                    // Nobody could be told to stop it until its time was over: what became of it is still asked for.
                    old.look_for(Duration::ZERO, now);
                } else if refused && old.end == End::OnItsWay && !others.contains(&old.job.named()) {
                    // The new one does not come: the old one goes on, unless another one has ended it or still may.
                    (old.end, old.wake) = (End::Not, Some(now.tick));
                    self.ended.remove(&old.job.named());
                }
            }
        }
    }
}

#[cfg(test)]
mod chain_tests;
#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod end_tests;
#[cfg(test)]
mod ender_tests;
#[cfg(test)]
mod tests;
