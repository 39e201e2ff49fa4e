//! The end of a delivery by another one: no word of its CBC from before that was carried out says that it has stopped.

use super::super::job::Named;
use super::super::machine::Status;
use super::super::pace;
use super::super::stage::Stage;
use super::{Asked, Delivery, Say};
use crate::delivery::{Grade, Kind};
use crate::now::Now;
use std::time::Duration;

/// The end of a delivery by another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum End {
    /// Nothing ends it.
    Not,
    /// A cancel or an update is on its way to stop it: it is not submitted again.
    OnItsWay,
    /// What ends it was carried out: its CBC is asked until it does not broadcast it.
    LookedFor,
    /// Asked so, the CBC still broadcasts it.
    StillThere,
}

impl Delivery {
    /// What ends it was carried out: it is asked for after this pause, and a question under way now is too old to count.
    pub(in super::super) fn look_for(&mut self, pause: Duration, now: Now) {
        (self.end, self.wake) = (End::LookedFor, Some(now.tick + pause));
        self.asked = match self.asked {
            Asked::Not => Asked::Not,
            Asked::UnderWay | Asked::TooEarly => Asked::TooEarly,
        };
    }

    /// It is ended and looked after: has its CBC stopped it?
    pub(super) fn ends(&mut self, status: &Status, now: Now, say: &mut Vec<Say>) {
        match (self.end, status) {
            // Nothing was carried out yet.
            (End::Not | End::OnItsWay, _) => {}
            (End::LookedFor | End::StillThere, Status::Absent) => self.done(Grade::Stopped, say),
            (End::LookedFor | End::StillThere, Status::Known { any, .. } | Status::Partly { any }) => {
                if any.is_empty() {
                    self.done(Grade::Stopped, say);
                } else if self.is_long_over(now) {
                    let why = "it is still broadcast after its end".to_owned();
                    self.done(Grade::Unconfirmed { why }, say);
                } else {
                    self.end = End::StillThere;
                    self.wake = Some(now.tick + pace::LOOK_AGAIN);
                }
            }
            (End::LookedFor | End::StillThere, Status::Silent(_) | Status::Mute) => {
                if self.is_long_over(now) {
                    self.keep(Stage::Done, say);
                } else {
                    self.wake = Some(now.tick + pace::LOOK_AGAIN);
                }
            }
        }
    }

    /// Whether it is a broadcast of one of those warnings, which is being ended.
    pub(in super::super) fn is_ended_with(&self, ends: &[(Named, Grade)]) -> bool {
        let theirs = || ends.iter().any(|(warning, _)| *warning == self.job.named());
        self.end != End::Not && self.stage != Stage::Done && self.job.kind != Kind::Cancel && theirs()
    }
}
