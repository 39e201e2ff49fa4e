//! One lane an operator: which grade was heard when, against the ten seconds. A late receipt never takes a lane back.

use super::order::Kind;
use super::receipt::{Grade, More, People};
use crate::now::Now;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// From the commit of the second approval to every operator reported, or red.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// What is known of one operator's delivery. Times are from the commit that ordered it, on the hub's clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// The furthest grade heard.
    pub grade: Option<Grade>,
    /// When each grade was first heard.
    pub heard: BTreeMap<&'static str, Duration>,
    /// The most that was ever on air; what ends a warning does not undo that it was.
    pub air: Option<Air>,
    /// Whether its CBC tells more than that it took it.
    pub more: More,
}

/// Cells as the CBC reported them, against those the adapter expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Air {
    /// Reported and expected.
    pub cells: u64,
    /// Expected.
    pub expected: u64,
    /// Reported and not expected, ever.
    pub outside: u64,
    /// Whom the most cells reached; nothing where the operator's list counts no subscribers.
    pub people: Option<People>,
}

/// What kind of trouble a lane is in, for those who read in another language than the reason's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The operator refused the order.
    Refused,
    /// It broadcasts its own bytes or identifiers.
    OwnBytes,
    /// Cells outside the approved area are on air.
    Outside,
    /// It is on air in no cell.
    NoCell,
    /// It was stopped and had never been reported on air.
    NeverOnAir,
    /// It was carried out, after ten seconds.
    Late,
    /// Its time was over before it was broadcast.
    Expired,
    /// There was no answer that can be trusted.
    NoAnswer,
    /// The CBC accepted it and did not report it carried out.
    NotReported,
    /// The adapter has it, the CBC has not accepted it.
    NotAccepted,
    /// It lies in the queue, the adapter has not taken it.
    NotTaken,
    /// No path took the order.
    NotSent,
    /// No trouble: the CBC accepted it, and cannot tell what is on air.
    TellsNoMore,
}

impl Cause {
    /// Every cause, so that none stays without words.
    pub const ALL: [Cause; 13] = [
        Cause::Refused,
        Cause::OwnBytes,
        Cause::Outside,
        Cause::NoCell,
        Cause::NeverOnAir,
        Cause::Late,
        Cause::Expired,
        Cause::NoAnswer,
        Cause::NotReported,
        Cause::NotAccepted,
        Cause::NotTaken,
        Cause::NotSent,
        Cause::TellsNoMore,
    ];

    /// The word on the API, and the key of its words in other languages.
    pub const fn word(self) -> &'static str {
        match self {
            Cause::Refused => "refused",
            Cause::OwnBytes => "own_bytes",
            Cause::Outside => "outside",
            Cause::NoCell => "no_cell",
            Cause::NeverOnAir => "never_on_air",
            Cause::Late => "late",
            Cause::Expired => "expired",
            Cause::NoAnswer => "no_answer",
            Cause::NotReported => "not_reported",
            Cause::NotAccepted => "not_accepted",
            Cause::NotTaken => "not_taken",
            Cause::NotSent => "not_sent",
            Cause::TellsNoMore => "tells_no_more",
        }
    }
}

/// A lane that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Red {
    /// Its kind.
    pub cause: Cause,
    /// The reason, in words.
    pub reason: String,
}

impl Lane {
    /// Takes a grade in. Returns whether anything changed.
    pub fn hear(&mut self, mut grade: Grade, at: Duration) -> bool {
        let before = self.clone();
        self.heard.entry(grade.word()).or_insert(at);
        if let Grade::OnAir { cells, expected, outside, people } = grade {
            let had = self.air.unwrap_or(Air { cells, expected, outside, people });
            let people = if cells >= had.cells { people.or(had.people) } else { had.people };
            let outside = had.outside.max(outside);
            self.air = Some(Air { cells: had.cells.max(cells), expected, outside, people });
        }
        if let Grade::Accepted { more } = &mut grade {
            // The receipts of one path may overtake each other: what is known to be the last word stays so.
            if *more == More::Never {
                self.more = More::Never;
            }
            *more = self.more;
        }
        // What was refused may still be stopped later; nothing else follows a last grade.
        let follows = |old: &Grade| grade.rank() > old.rank() || grade.rank() == old.rank() && !old.is_last();
        if self.grade.as_ref().is_none_or(follows) {
            self.grade = Some(grade);
        }
        *self != before
    }

    /// When the grade of that word was first heard.
    pub fn at(&self, word: &str) -> Option<Duration> {
        self.heard.get(word).copied()
    }

    /// Whether nothing more is to be expected within the ten seconds.
    pub fn is_final(&self) -> bool {
        match &self.grade {
            None | Some(Grade::Queued | Grade::Taken | Grade::Unknown { .. }) => false,
            Some(Grade::Accepted { .. }) => self.more == More::Never,
            Some(Grade::OnAir { .. }) => self.air.is_some_and(|air| air.cells >= air.expected),
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

    /// Whether it kept the promise: on air in at least one cell and none outside (accepted, where the CBC tells no more),
    /// or for a cancel stopped, in time.
    pub fn met(&self, kind: Kind) -> bool {
        let in_time = self.kept_at(kind).is_some_and(|at| at <= DEADLINE);
        match kind {
            Kind::Alert | Kind::Update => {
                let own_bytes = self.heard.contains_key("unconfirmed");
                let air = self.air.map_or(self.more == More::Never, |air| air.cells > 0 && air.outside == 0);
                air && !own_bytes && in_time
            }
            Kind::Cancel => in_time,
        }
    }

    /// When the grade came that keeps the promise.
    fn kept_at(&self, kind: Kind) -> Option<Duration> {
        match (kind, self.more, self.air) {
            (Kind::Alert | Kind::Update, More::Never, None) => self.at("accepted"),
            (Kind::Alert | Kind::Update, More::Never | More::Expected, _) => self.at("on_air"),
            (Kind::Cancel, _, _) => self.at("stopped"),
        }
    }

    /// What it did then.
    fn told(&self, kind: Kind) -> &'static str {
        match (kind, self.more, self.air) {
            (Kind::Alert | Kind::Update, More::Never, None) => "accepted",
            (Kind::Alert | Kind::Update, More::Never | More::Expected, _) => "on air",
            (Kind::Cancel, _, _) => "stopped",
        }
    }

    /// Whether it is red `since` it was ordered, and why. No lane is silent: by the deadline it is reported or red.
    pub fn red(&self, kind: Kind, since: Duration) -> Option<Red> {
        let late = since >= DEADLINE;
        let (cause, reason) = match (&self.grade, self.air) {
            (Some(Grade::Rejected { code, words }), _) => {
                (Cause::Refused, format!("refused by the operator ({code}): {words}"))
            }
            (Some(Grade::Unconfirmed { why }), _) => {
                (Cause::OwnBytes, format!("the operator broadcasts its own bytes: {why}"))
            }
            (_, Some(Air { outside: outside @ 1.., .. })) => {
                let lost = "area lost on the way";
                (Cause::Outside, format!("{lost}: {outside} cells outside the approved area are on air"))
            }
            // The latest count, not the greatest: what was on air and is lost is red.
            (Some(Grade::OnAir { cells: 0, .. }), _) => (Cause::NoCell, "no cell is on air".to_owned()),
            (Some(Grade::Stopped), None) if kind != Kind::Cancel && self.more == More::Expected && late => {
                (Cause::NeverOnAir, "stopped without ever being reported on air".to_owned())
            }
            (Some(Grade::OnAir { .. } | Grade::Stopped | Grade::Accepted { more: More::Never }), _) => {
                match self.kept_at(kind) {
                    Some(at) if at > DEADLINE => {
                        (Cause::Late, format!("{} after {:.1} s", self.told(kind), at.as_secs_f64()))
                    }
                    _ => return None,
                }
            }
            (Some(Grade::Expired), _) => {
                (Cause::Expired, "not broadcast: the warning's time was over".to_owned())
            }
            (Some(Grade::Superseded | Grade::Cancelled), _) => return None,
            (Some(Grade::Unknown { why }), _) if late => {
                (Cause::NoAnswer, format!("no answer that can be trusted: {why}"))
            }
            (Some(Grade::Accepted { more: More::Expected }), _) if late => {
                let told = self.told(kind);
                (Cause::NotReported, format!("accepted, but not reported {told} within ten seconds"))
            }
            (Some(Grade::Taken), _) if late => {
                (Cause::NotAccepted, "with the operator's adapter, not accepted by its CBC".to_owned())
            }
            (Some(Grade::Queued), _) if late => {
                (Cause::NotTaken, "queued, not taken by the operator's adapter".to_owned())
            }
            (None, _) if late => {
                (Cause::NotSent, "not sent: no path to the operator took the order".to_owned())
            }
            (
                Some(Grade::Unknown { .. } | Grade::Accepted { .. } | Grade::Taken | Grade::Queued) | None,
                _,
            ) => {
                return None;
            }
        };
        Some(Red { cause, reason })
    }
}

/// All lanes of what one commit ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What was ordered.
    pub kind: Kind,
    /// The commit that ordered it (of an alert: the second approval), on the hub's monotonic clock.
    pub zero: Duration,
    /// One lane an operator, by name.
    pub lanes: BTreeMap<String, Lane>,
}

impl Tally {
    /// Starts at the commit.
    pub fn start<'a>(kind: Kind, operators: impl IntoIterator<Item = &'a str>, now: Now) -> Tally {
        let lanes = operators.into_iter().map(|name| (name.to_owned(), Lane::default())).collect();
        Tally { kind, zero: now.tick, lanes }
    }

    /// Takes one operator's grade in; an operator nobody ordered from is not listened to. Returns whether anything changed.
    pub fn hear(&mut self, operator: &str, grade: Grade, now: Now) -> bool {
        let at = now.since(self.zero);
        self.lanes.get_mut(operator).is_some_and(|lane| lane.hear(grade, at))
    }

    /// Whether every operator kept the promise.
    pub fn met(&self) -> bool {
        !self.lanes.is_empty() && self.lanes.values().all(|lane| lane.met(self.kind))
    }

    /// When the last operator was on air, or had accepted it where that is all its CBC tells (of a cancel: had stopped);
    /// `None` while one has not.
    pub fn slowest(&self) -> Option<Duration> {
        let times: Option<Vec<_>> = self.lanes.values().map(|lane| lane.kept_at(self.kind)).collect();
        times?.into_iter().max()
    }

    /// Whether every lane has reached its end or is red; by the deadline each is reported or red, whatever still grows.
    pub fn settled(&self, now: Now) -> bool {
        let since = now.since(self.zero);
        since >= DEADLINE
            || self.lanes.values().all(|lane| lane.is_final() || lane.red(self.kind, since).is_some())
    }
}

#[cfg(test)]
mod tests;
