//! One lane an operator: which grade was heard when, against the ten seconds. A late receipt never takes a lane back.

use super::receipt::Grade;
use crate::now::Now;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// From the commit of the second approval to every operator reported, or red.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// What is known of one operator's delivery. Times are from the commit of the second approval, on the hub's clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// The furthest grade heard.
    pub grade: Option<Grade>,
    /// When each grade was first heard.
    pub heard: BTreeMap<&'static str, Duration>,
}

/// A lane that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Red {
    /// The reason, in words.
    pub reason: String,
}

impl Lane {
    /// Takes a grade in. Returns whether anything changed.
    pub fn hear(&mut self, grade: Grade, at: Duration) -> bool {
        let first = !self.heard.contains_key(grade.word());
        if first {
            self.heard.insert(grade.word(), at);
        }
        let further = match &self.grade {
            None => true,
            Some(Grade::OnAir { cells: had, outside: strayed, .. }) => match &grade {
                // The CBC reports cells as they come: the count grows, and a stray cell is never forgotten.
                Grade::OnAir { cells, outside, .. } => cells > had || outside > strayed,
                other => other.rank() > 5,
            },
            Some(old) => grade.rank() > old.rank(),
        };
        if further {
            self.grade = Some(grade);
        }
        first || further
    }

    /// When the grade of that word was first heard.
    pub fn at(&self, word: &str) -> Option<Duration> {
        self.heard.get(word).copied()
    }

    /// Whether nothing more is to be expected.
    pub fn is_final(&self) -> bool {
        match &self.grade {
            None | Some(Grade::Queued | Grade::Taken | Grade::Accepted | Grade::Unknown { .. }) => false,
            Some(Grade::OnAir { cells, expected, .. }) => cells >= expected,
            Some(
                Grade::Unconfirmed { .. }
                | Grade::Rejected { .. }
                | Grade::Stopped
                | Grade::Superseded
                | Grade::Cancelled
                | Grade::Expired,
            ) => true,
        }
    }

    /// Whether it was on air, in at least one cell and none outside, inside the deadline.
    pub fn met(&self) -> bool {
        matches!(self.grade, Some(Grade::OnAir { cells: 1.., outside: 0, .. }))
            && self.at("on_air").is_some_and(|at| at <= DEADLINE)
    }

    /// Whether it is red `since` the approval, and why. No lane is silent: by the deadline it is reported or red.
    pub fn red(&self, since: Duration) -> Option<Red> {
        let late = since >= DEADLINE;
        let reason = match &self.grade {
            Some(Grade::Rejected { code, words }) => format!("refused by the operator ({code}): {words}"),
            Some(Grade::Unconfirmed { why }) => format!("the operator broadcasts its own bytes: {why}"),
            Some(Grade::OnAir { outside, .. }) if *outside > 0 => {
                format!("area lost on the way: {outside} cells outside the approved area are on air")
            }
            Some(Grade::OnAir { cells: 0, .. }) => "no cell is on air".to_owned(),
            Some(Grade::OnAir { .. }) => match self.at("on_air") {
                Some(at) if at > DEADLINE => format!("on air after {:.1} s", at.as_secs_f64()),
                _ => return None,
            },
            Some(Grade::Expired) => "not broadcast: the warning's time was over".to_owned(),
            Some(Grade::Stopped | Grade::Superseded | Grade::Cancelled) => return None,
            Some(Grade::Unknown { why }) if late => format!("no answer that can be trusted: {why}"),
            Some(Grade::Accepted) if late => {
                "accepted, but not reported on air within ten seconds".to_owned()
            }
            Some(Grade::Taken) if late => "with the operator's adapter, not accepted by its CBC".to_owned(),
            Some(Grade::Queued) if late => "queued, not taken by the operator's adapter".to_owned(),
            None if late => "not sent: no path to the operator took the order".to_owned(),
            Some(Grade::Unknown { .. } | Grade::Accepted | Grade::Taken | Grade::Queued) | None => {
                return None;
            }
        };
        Some(Red { reason })
    }
}

/// All lanes of one warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The commit of the second approval, on the hub's monotonic clock.
    pub zero: Duration,
    /// One lane an operator, by name.
    pub lanes: BTreeMap<String, Lane>,
}

impl Tally {
    /// Starts at the commit of the second approval.
    pub fn start<'a>(operators: impl IntoIterator<Item = &'a str>, now: Now) -> Tally {
        let lanes = operators.into_iter().map(|name| (name.to_owned(), Lane::default())).collect();
        Tally { zero: now.tick, lanes }
    }

    /// Takes one operator's grade in; an operator nobody ordered from is not listened to. Returns whether anything changed.
    pub fn hear(&mut self, operator: &str, grade: Grade, now: Now) -> bool {
        let at = now.since(self.zero);
        self.lanes.get_mut(operator).is_some_and(|lane| lane.hear(grade, at))
    }

    /// Whether every operator was on air inside the deadline.
    pub fn met(&self) -> bool {
        !self.lanes.is_empty() && self.lanes.values().all(Lane::met)
    }

    /// When the last operator was on air; `None` while one is not.
    pub fn slowest(&self) -> Option<Duration> {
        let times: Option<Vec<_>> = self.lanes.values().map(|lane| lane.at("on_air")).collect();
        times?.into_iter().max()
    }

    /// Whether every lane has reached its end, or is red.
    pub fn settled(&self, now: Now) -> bool {
        let since = now.since(self.zero);
        self.lanes.values().all(|lane| lane.is_final() || lane.red(since).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn on_air(cells: u64, outside: u64) -> Grade {
        Grade::OnAir { cells, expected: 4, outside }
    }

    fn unknown() -> Grade {
        Grade::Unknown { why: "silence".into() }
    }

    /// What was heard at which second, then: is it red at the given second, and was it met?
    fn check(heard: &[(Grade, u64)], at: u64, red: bool, met: bool) {
        let mut lane = Lane::default();
        for (grade, second) in heard {
            lane.hear(grade.clone(), s(*second));
        }
        assert_eq!(lane.red(s(at)).is_some(), red, "red: {heard:?} at {at} s: {:?}", lane.red(s(at)));
        assert_eq!(lane.met(), met, "met: {heard:?}");
    }

    #[test]
    fn no_lane_is_silent_and_none_is_green_without_evidence() {
        let refused = Grade::Rejected { code: "403".into(), words: "locked".into() };
        check(&[], 9, false, false);
        check(&[], 10, true, false);
        check(&[(Grade::Queued, 0)], 10, true, false);
        check(&[(Grade::Taken, 1)], 10, true, false);
        check(&[(Grade::Accepted, 1)], 9, false, false);
        check(&[(Grade::Accepted, 1)], 10, true, false);
        check(&[(unknown(), 2)], 9, false, false);
        check(&[(unknown(), 2)], 10, true, false);
        check(&[(unknown(), 2), (on_air(4, 0), 3)], 10, false, true);
        check(&[(on_air(4, 0), 3), (unknown(), 4), (Grade::Taken, 5)], 10, false, true);
        check(&[(on_air(0, 0), 3)], 4, true, false);
        check(&[(on_air(4, 1), 3)], 4, true, false);
        check(&[(on_air(4, 1), 3), (on_air(4, 0), 4)], 5, true, false);
        check(&[(on_air(4, 0), 11)], 12, true, false);
        check(&[(refused, 1), (Grade::Taken, 2)], 2, true, false);
        check(&[(Grade::Expired, 1)], 2, true, false);
    }

    #[test]
    fn the_tally_is_met_by_the_last_operator() {
        let now = |seconds| Now { utc: chrono::DateTime::UNIX_EPOCH, tick: s(seconds) };
        let mut tally = Tally::start(["a", "b"], now(100));
        assert!(tally.hear("a", on_air(4, 0), now(101)));
        assert!(!tally.hear("a", on_air(4, 0), now(102)));
        assert!(!tally.hear("nobody", on_air(4, 0), now(102)));
        assert!(!tally.met());
        assert_eq!(tally.slowest(), None);
        tally.hear("b", on_air(2, 0), now(103));
        assert!(tally.met());
        assert_eq!(tally.slowest(), Some(s(3)));
        assert!(!tally.settled(now(104)), "b's count still grows");
        tally.hear("b", on_air(4, 0), now(105));
        assert!(tally.settled(now(105)));
    }
}
