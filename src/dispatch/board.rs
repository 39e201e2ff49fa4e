//! The live tallies of warnings on their way, and who watches them. The record is the truth; this is its fast mirror.

use crate::clock::Clock;
use nadhir_core::delivery::{Grade, Tally};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Tallies by warning.
pub struct Board {
    clock: Clock,
    tallies: Mutex<HashMap<String, Tally>>,
    changed: watch::Sender<u64>,
}

impl Board {
    pub(super) fn new(clock: Clock) -> Board {
        Board { clock, tallies: Mutex::default(), changed: watch::channel(0).0 }
    }

    /// The tally of a warning, as it stands.
    pub fn tally(&self, warning: &str) -> Option<Tally> {
        self.lock().get(warning).cloned()
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
        self.lock().entry(warning.to_owned()).or_insert(tally);
        self.tell();
    }

    /// Takes in a grade that was heard `after` the approval. Returns whether it changed anything.
    pub(super) fn hear_at(&self, warning: &str, operator: &str, grade: Grade, after: Duration) -> bool {
        let news = self
            .lock()
            .get_mut(warning)
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

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
