//! The rules a document is judged by, run in the order of the form. Reads no clock: a file from the past stays valid.

use super::alert::Alert;
use super::book::Book;
use super::profile::Profile;
use super::{oman, standard, writable};
use crate::fault::{Fault, Told};
use std::fmt;

/// Every fault of the document under the profile, beyond what reading it found. Places are paths without line and column.
///
/// What depends on the present moment is [`super::still_current()`]'s.
pub fn check(alert: &Alert, profile: Profile<'_>) -> Vec<Fault> {
    let mut judge = Judge { profile, book: Book::default() };
    writable::judge(alert, &mut judge);
    rules(alert, judge)
}

/// The same of a document that was read: its values have the form they must have to be written.
pub(super) fn judge_read(alert: &Alert, profile: Profile<'_>) -> Vec<Fault> {
    rules(alert, Judge { profile, book: Book::default() })
}

fn rules(alert: &Alert, mut judge: Judge<'_>) -> Vec<Fault> {
    standard::judge(alert, &mut judge);
    match judge.profile {
        Profile::Cap => {}
        Profile::Oman(national) => oman::judge(alert, national, &mut judge),
    }
    judge.book.close()
}

/// Collects faults at the level the profile gives them.
pub(super) struct Judge<'p> {
    pub(super) profile: Profile<'p>,
    book: Book,
}

impl Judge<'_> {
    /// Books a fault, unless the profile does not judge it.
    pub(super) fn say(&mut self, code: &str, place: impl fmt::Display, message: impl Into<Told>) {
        if let Some(level) = self.profile.level(code) {
            self.book.say(level, code, || place.to_string(), message.into());
        }
    }
}

/// A place in the document; it is spelt only where a fault is booked.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    within: Option<&'a At<'a>>,
    name: &'static str,
    /// From 1; 0 where the name cannot be repeated.
    number: usize,
}

impl<'a> At<'a> {
    pub(super) const ALERT: At<'static> = At { within: None, name: "alert", number: 0 };

    /// An element in here that stands once.
    pub(super) fn the(&'a self, name: &'static str) -> At<'a> {
        At { within: Some(self), name, number: 0 }
    }

    /// An element in here, counted from 0.
    pub(super) fn nth(&'a self, name: &'static str, index: usize) -> At<'a> {
        At { within: Some(self), name, number: index + 1 }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = self.within {
            write!(f, "{within}/")?;
        }
        f.write_str(self.name)?;
        if self.number > 0 { write!(f, "[{}]", self.number) } else { Ok(()) }
    }
}
