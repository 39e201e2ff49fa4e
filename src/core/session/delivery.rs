//! One delivery at its operator's CBC: submitted, asked for, counted, ended. Knows no other delivery.

use super::job::{Job, Served};
use super::machine::{Answer, Say, Status};
use super::pace;
use super::stage::Stage;
use crate::delivery::{Grade, Kind, More};
use crate::digest::Digest;
use crate::now::Now;
use air::Count;
pub(super) use end::End;
use look::Asked;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What its CBC says is on air, counted and told.
mod air;
/// Its end by another delivery.
mod end;
/// What its CBC has of it.
mod look;

/// One delivery.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) job: Job,
    pub(super) stage: Stage,
    pub(super) taken: Duration,
    pub(super) failed: usize,
    /// When to act next; `None` while an answer is awaited or nothing is left to do.
    pub(super) wake: Option<Duration>,
    /// What is known of its end, where another one ends it.
    pub(super) end: End,
    /// Where its submission stands.
    pub(super) sending: Sending,
    /// A submission had no answer, or none that says that it was not taken: the CBC may have it, or get it yet.
    pub(super) doubt: bool,
    /// It ends another one, and its CBC said that it did.
    pub(super) carried_out: bool,
    /// Where the question for its status stands.
    asked: Asked,
    /// Its time is over, and its CBC has let go of it.
    freed: bool,
    reported: Option<Grade>,
    /// Of the last outcome that was not known.
    cause: Cause,
    /// The last count of cells that was told, and when.
    counted: Option<(Count, Duration)>,
}

/// A submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    /// None.
    Not,
    /// It ends another delivery, a submission of which is under way: it waits for that.
    Held,
    /// One is under way.
    UnderWay,
}

/// Why an outcome is not known. Other words for the same cause are not told again: a CBC may find new ones at each try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// No connection.
    Unreached,
    /// An answer that is neither yes nor no.
    Failed,
    /// No answer to a submission, or none that is understood.
    Unanswered,
    /// No status.
    Untold,
}

impl Delivery {
    /// A delivery that begins, or goes on after a restart, at a stage.
    pub(super) fn new(job: Job, (stage, doubt): (Stage, bool), now: Now) -> Delivery {
        Delivery {
            job,
            stage,
            taken: now.tick,
            failed: 0,
            wake: None,
            end: End::Not,
            sending: Sending::Not,
            doubt,
            carried_out: false,
            asked: Asked::Not,
            freed: false,
            reported: None,
            cause: Cause::Unanswered,
            counted: None,
        }
    }

    /// Does what its stage asks for, now.
    pub(super) fn act(&mut self, now: Now, say: &mut Vec<Say>) {
        self.wake = None;
        let id = self.job.delivery.clone();
        match self.end {
            End::Not => {}
            End::OnItsWay => return,
            End::LookedFor | End::StillThere => return self.look(now, say),
        }
        let over = now.utc >= self.job.expires;
        match (self.job.kind, self.stage) {
            (_, Stage::Done) => {}
            // Never without a word: it went out, and what came of that was told.
            (Kind::Cancel, _) if self.is_long_over(now) && (self.failed > 0 || self.reported.is_some()) => {
                self.keep(Stage::Done, say);
            }
            // It may be on air all the same: its CBC is asked, and nobody says that it was not broadcast.
            (Kind::Alert | Kind::Update, Stage::Taken) if over && self.doubt => {
                self.keep(Stage::Submitted, say);
                self.look(now, say);
            }
            // Last before the CBC call: nothing goes on air after its time.
            (Kind::Alert | Kind::Update, Stage::Taken) if over => self.done(Grade::Expired, say),
            // A cancel puts nothing on air: it is carried out whenever it comes, and again until it is answered.
            (Kind::Cancel, _) | (Kind::Alert | Kind::Update, Stage::Taken) => {
                self.sending = Sending::UnderWay;
                self.keep(Stage::Submitted, say);
                say.push(Say::Submit(id));
            }
            (Kind::Alert | Kind::Update, Stage::Submitted | Stage::Accepted | Stage::OnAir)
                if !over && self.reported == Some(Grade::Accepted { more: More::Never }) =>
            {
                self.no_more(now, say);
            }
            (Kind::Alert | Kind::Update, Stage::Submitted | Stage::Accepted | Stage::OnAir) => {
                self.look(now, say);
            }
        }
    }

    pub(super) fn answered(&mut self, answer: Answer, now: Now, say: &mut Vec<Say>) {
        self.sending = Sending::Not;
        match answer {
            Answer::Accepted(_) if self.job.kind == Kind::Cancel => {
                self.answered(Answer::Unknown("the cancel was answered like an alert".to_owned()), now, say);
            }
            Answer::Accepted(messages) => {
                if let Some(why) = self.differs(&messages) {
                    self.done(Grade::Unconfirmed { why }, say);
                } else {
                    self.accepted(say);
                    self.wake = Some(now.tick);
                }
            }
            Answer::Stopped => self.carried_out = true,
            Answer::Refused { code, words } if self.job.kind == Kind::Cancel => {
                // What is on air stays on air: it is red, and asked for again.
                self.report(Grade::Rejected { code, words }, say);
                self.wake = Some(now.tick + pace::CANCEL_AGAIN);
            }
            Answer::Refused { code, words } => self.done(Grade::Rejected { code, words }, say),
            Answer::Withheld => {
                self.keep(Stage::Taken, say);
                self.wake = Some(now.tick + pace::WITHHELD_AGAIN);
            }
            Answer::Never(why) => {
                self.again(now, say);
                self.unknown(Cause::Unreached, why, say);
            }
            Answer::Failed(why) => {
                self.doubt = true;
                self.again(now, say);
                self.unknown(Cause::Failed, why, say);
            }
            Answer::Unknown(why) if self.job.kind == Kind::Cancel => {
                // To stop twice does no harm; not to stop does.
                self.failed += 1;
                self.unknown(Cause::Unanswered, why, say);
                self.wake = Some((self.taken + pace::retry_at(self.failed)).max(now.tick));
            }
            Answer::Unknown(why) => {
                self.doubt = true;
                self.unknown(Cause::Unanswered, why, say);
                self.wake = Some(now.tick);
            }
        }
    }

    pub(super) fn status(&mut self, status: Status, now: Now, say: &mut Vec<Say>) {
        if !self.is_answered(now) {
            return;
        }
        if self.end != End::Not {
            return self.ends(&status, now, say);
        }
        let age = now.since(self.taken);
        let had = matches!(self.stage, Stage::Accepted | Stage::OnAir);
        let status = match status {
            // It was asked before its end: its CBC keeps it until it is told.
            Status::Mute if self.is_to_let_go(now) => {
                self.wake = Some(now.tick);
                return;
            }
            Status::Mute if !had => {
                Status::Silent("its answer was lost, and its CBC has no status".to_owned())
            }
            Status::Mute
            | Status::Silent(_)
            | Status::Absent
            | Status::Partly { .. }
            | Status::Known { .. } => status,
        };
        match status {
            Status::Known { messages, cells, any } => match self.differs(&messages) {
                Some(why) => self.done(Grade::Unconfirmed { why }, say),
                None if now.utc >= self.job.expires => self.ended(&any, now, say),
                None => self.on_air(&cells, &any, now, say),
            },
            Status::Partly { any } if now.utc >= self.job.expires => self.ended(&any, now, say),
            Status::Partly { any } => {
                self.off_air(&any, now, say);
                self.again(now, say);
                // A CBC that will never have all of it is not asked for ever without a pause.
                self.wake = self.wake.max(Some(now.tick + pace::ask_again(age)));
            }
            Status::Absent if now.utc >= self.job.expires => match self.counted {
                Some(_) => self.done(Grade::Stopped, say),
                // It was never seen on air: nothing is claimed.
                None => self.keep(Stage::Done, say),
            },
            Status::Absent if had => {
                // It had it and lost it: after a restart of the CBC sending again is a duty.
                self.off_air(&BTreeSet::new(), now, say);
                self.keep(Stage::Taken, say);
                self.wake = Some(now.tick);
            }
            Status::Absent => self.again(now, say),
            Status::Mute => self.no_more(now, say),
            Status::Silent(why) if self.stage == Stage::Submitted => {
                self.unknown(Cause::Untold, why, say);
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

    /// Whether it certainly never reached the CBC, and nothing that might is under way.
    pub(super) fn never_went_out(&self) -> bool {
        self.stage == Stage::Taken && self.sending != Sending::UnderWay && !self.doubt
    }

    /// The operator has another cell list: what is on air is judged by that one from now on.
    pub(super) fn listed(&mut self, expected: BTreeSet<String>, served: BTreeMap<String, Served>, now: Now) {
        (self.job.expected, self.job.served) = (expected, served);
        if self.stage == Stage::OnAir && self.end == End::Not {
            self.wake = self.wake.map(|at| at.min(now.tick));
        }
    }

    /// To be submitted again, at the next instant of its pace.
    pub(super) fn again(&mut self, now: Now, say: &mut Vec<Say>) {
        self.failed += 1;
        self.keep(Stage::Taken, say);
        self.wake = Some((self.taken + pace::retry_at(self.failed)).max(now.tick));
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
        self.carried_out = self.job.kind == Kind::Update;
        if !matches!(self.stage, Stage::Accepted | Stage::OnAir) {
            self.keep(Stage::Accepted, say);
            self.report(Grade::Accepted { more: More::Expected }, say);
        }
    }

    /// Reports that the outcome is not known, once for each change of the cause.
    fn unknown(&mut self, cause: Cause, why: String, say: &mut Vec<Say>) {
        let again = matches!(self.reported, Some(Grade::Unknown { .. })) && self.cause == cause;
        if !again {
            self.cause = cause;
            self.report(Grade::Unknown { why }, say);
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
        // What the CBC had once is submitted again, and is not for that what never went out.
        self.doubt |= stage == Stage::Taken && matches!(self.stage, Stage::Accepted | Stage::OnAir);
        self.stage = stage;
        say.push(Say::Keep(self.job.delivery.clone(), stage));
    }

    pub(super) fn done(&mut self, grade: Grade, say: &mut Vec<Say>) {
        // A CBC that has an update, in whatever bytes, has stopped what it follows.
        self.carried_out |= self.job.kind == Kind::Update && matches!(grade, Grade::Unconfirmed { .. });
        self.report(grade, say);
        self.keep(Stage::Done, say);
    }
}
