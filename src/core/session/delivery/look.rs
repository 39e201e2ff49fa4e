//! What its CBC has of a delivery: asked for, one question at a time. Once the delivery's time is over, the CBC is told to
//! let go of it first: some keep a message until they are told to, and refuse the next one.

use super::super::machine::Status;
use super::{Delivery, Say};
use crate::now::Now;

/// A question for the status; there is one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// None.
    Not,
    /// One is under way.
    UnderWay,
    /// One is under way from before what ends the delivery was carried out: its answer says nothing.
    TooEarly,
}

impl Delivery {
    /// Asks its CBC for the status, unless it is being asked: the answer to that says when to ask again. Long after its end
    /// nothing is let go of any more: what the CBC has by then may be another's.
    pub(super) fn look(&mut self, now: Now, say: &mut Vec<Say>) {
        if self.asked != Asked::Not {
            return;
        }
        self.asked = Asked::UnderWay;
        let id = self.job.delivery.clone();
        say.push(if self.is_to_let_go(now) { Say::Free(id) } else { Say::Ask(id) });
    }

    /// Whether its time is over and its CBC may keep it nevertheless.
    pub(super) fn is_to_let_go(&self, now: Now) -> bool {
        now.utc >= self.job.expires && !self.is_long_over(now) && !self.freed
    }

    /// Its CBC was told to let go of it: now it can be asked. One that may have it still says nothing of it.
    pub(in super::super) fn freed(&mut self, freed: Result<(), String>, now: Now, say: &mut Vec<Say>) {
        match freed {
            Ok(()) => {
                self.freed = true;
                if self.is_answered(now) {
                    self.look(now, say);
                }
            }
            Err(why) => self.status(Status::Silent(why), now, say),
        }
    }

    /// Ends the question under way. One from too early is put again.
    pub(super) fn is_answered(&mut self, now: Now) -> bool {
        let counts = self.asked != Asked::TooEarly;
        self.asked = Asked::Not;
        if !counts {
            self.wake = self.wake.or(Some(now.tick));
        }
        counts
    }
}
