//! What a CBC says is on air of one delivery: counted, told as it grows, waited for at its end.

use super::super::pace;
use super::super::stage::Stage;
use super::{Delivery, Say};
use crate::delivery::{Grade, More};
use crate::now::Now;
use std::collections::BTreeSet;

/// Cells that a CBC reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) hit: usize,
    pub(super) outside: usize,
    pub(super) complete: bool,
}

impl Delivery {
    /// The CBC has it and its time is not over: how far it has come.
    pub(super) fn on_air(
        &mut self,
        cells: &BTreeSet<String>,
        any: &BTreeSet<String>,
        now: Now,
        say: &mut Vec<Say>,
    ) {
        self.accepted(say);
        let age = now.since(self.taken);
        let hit = self.job.expected.intersection(cells).count();
        let complete = hit > 0 && hit == self.job.expected.len();
        let last = complete || age >= pace::ASK_UNTIL;
        let outside = self.outside(any);
        self.count(Count { hit, outside, complete }, cells, last, now, say);
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

    /// What was on air is so no more, at least not whole: told at once.
    pub(super) fn off_air(&mut self, any: &BTreeSet<String>, now: Now, say: &mut Vec<Say>) {
        if self.counted.is_some() {
            let outside = self.outside(any);
            self.count(Count { hit: 0, outside, complete: false }, &BTreeSet::new(), true, now, say);
        }
    }

    /// How many cells broadcast any of it that should not.
    fn outside(&self, any: &BTreeSet<String>) -> usize {
        any.difference(&self.job.expected).count()
    }

    /// It was accepted, and nothing more will be told: only its end is waited for.
    pub(super) fn no_more(&mut self, now: Now, say: &mut Vec<Say>) {
        match (self.job.expires - now.utc).to_std() {
            Ok(left) if !left.is_zero() => {
                self.report(Grade::Accepted { more: More::Never }, say);
                // Not in one wait: it is counted by a wall clock, and that may be set meanwhile.
                self.wake = Some(now.tick + left.min(pace::WATCH));
            }
            Ok(_) | Err(_) => self.keep(Stage::Done, say),
        }
    }

    /// Its time is over: stopped, unless the CBC says that it still broadcasts.
    pub(super) fn ended(&mut self, cells: &BTreeSet<String>, now: Now, say: &mut Vec<Say>) {
        if cells.is_empty() {
            self.done(Grade::Stopped, say);
        } else if self.is_long_over(now) {
            let why = format!("{} cells still broadcast it after its end", cells.len());
            self.done(Grade::Unconfirmed { why }, say);
        } else {
            self.wake = Some(now.tick + pace::ask_again(pace::ASK_UNTIL));
        }
    }

    /// Reports a growing count at the first cells, then now and then, and when it ends. A cell outside is told at once.
    pub(super) fn count(
        &mut self,
        count: Count,
        on_air: &BTreeSet<String>,
        last: bool,
        now: Now,
        say: &mut Vec<Say>,
    ) {
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
            let people = self.job.people(on_air);
            self.report(Grade::OnAir { cells, expected, outside, people }, say);
        }
    }
}
