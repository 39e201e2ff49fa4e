//! The live tallies of warnings on their way, and who watches them. The record is the truth; this is its fast mirror.

use crate::clock::Clock;
use nadhir_core::delivery::{Grade, Kind, Tally};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Tallies by warning: one of its broadcast, one of its cancel.
pub struct Board {
    clock: Clock,
    tallies: Mutex<HashMap<Key, Tally>>,
    changed: watch::Sender<u64>,
}

/// A warning is broadcast once, as an alert or as an update, and cancelled once.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    warning: String,
    cancel: bool,
}

impl Key {
    fn of(warning: &str, kind: Kind) -> Key {
        Key { warning: warning.to_owned(), cancel: kind == Kind::Cancel }
    }
}

impl Board {
    pub(super) fn new(clock: Clock) -> Board {
        Board { clock, tallies: Mutex::default(), changed: watch::channel(0).0 }
    }

    /// The tally of what was ordered for a warning, as it stands.
    pub fn tally(&self, warning: &str, kind: Kind) -> Option<Tally> {
        self.lock().get(&Key::of(warning, kind)).cloned()
    }

    /// Wakes at every change of any tally, and when a warning begins to wait.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The process's clocks, against which the tallies run.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Puts a tally on the board, unless it is there.
    pub(super) fn put(&self, warning: &str, tally: Tally) {
        self.lock().entry(Key::of(warning, tally.kind)).or_insert(tally);
        self.tell();
    }

    /// Takes in a grade that was heard `after` the approval. Returns whether it changed anything.
    pub(super) fn hear_at(
        &self,
        (warning, kind): (&str, Kind),
        operator: &str,
        grade: Grade,
        after: Duration,
    ) -> bool {
        let news = self
            .lock()
            .get_mut(&Key::of(warning, kind))
            .and_then(|tally| tally.lanes.get_mut(operator))
            .is_some_and(|lane| lane.hear(grade, after));
        if news {
            self.tell();
        }
        news
    }

    /// Wakes whoever watches.
    pub(super) fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
