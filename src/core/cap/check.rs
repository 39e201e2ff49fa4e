//! The rules a document is judged by, run in the order of the form. Reads no clock: a file from the past stays valid.

use super::alert::Alert;
use super::ledger::MOST;
use super::profile::Profile;
use super::{codes, crossing, oman, standard};
use crate::fault::Fault;

/// Every fault of the document under the profile, beyond what reading it found. Places are paths without line and column.
///
/// What depends on the present moment is [`super::still_current()`]'s.
pub fn check(alert: &Alert, profile: Profile) -> Vec<Fault> {
    let mut judge = Judge { profile, faults: Vec::new(), pairs: crossing::PAIRS };
    standard::judge(alert, &mut judge);
    match profile {
        Profile::Cap => {}
        Profile::Oman => oman::judge(alert, &mut judge),
    }
    judge.faults
}

/// Collects faults at the level the profile gives them.
pub(super) struct Judge {
    profile: Profile,
    faults: Vec<Fault>,
    /// Pairs of polygon sides that may still be compared.
    pub(super) pairs: usize,
}

impl Judge {
    /// Books a fault, unless the profile does not judge it or more stand booked than a person reads.
    pub(super) fn say(&mut self, code: &str, place: impl Into<String>, message: impl Into<String>) {
        if self.faults.len() > MOST {
            return;
        }
        if self.faults.len() == MOST {
            let why = format!("more than {MOST} faults; the rest is not listed");
            self.faults.push(Fault::error("cap.faults.more", place, why));
        } else if let Some(level) = codes::level(code, self.profile) {
            self.faults.push(Fault {
                code: code.to_owned(),
                level,
                place: place.into(),
                message: message.into(),
            });
        }
    }
}
