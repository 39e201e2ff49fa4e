//! The live tallies of warnings on their way, and who watches them. The record is the truth; this is its fast mirror.

use crate::clock::Clock;
use nadhir_core::delivery::{DEADLINE, Grade, Kind, Tally};
use nadhir_core::now::Now;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// So long after an order lanes turn red, and phones show what they got, without anything being heard.
const UNDER_WAY: Duration = Duration::from_secs(60);

/// Tallies by warning: one of its broadcast, one of its cancel.
pub struct Board {
    clock: Clock,
    tallies: Mutex<HashMap<Key, Tally>>,
    /// When something was ordered last.
    latest: Mutex<Duration>,
    /// How often a warning began, was approved or ended.
    lives: AtomicU64,
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
        let (latest, lives) = (Mutex::default(), AtomicU64::new(0));
        Board { clock, tallies: Mutex::default(), latest, lives, changed: watch::channel(0).0 }
    }

    /// The tally of what was ordered for a warning, as it stands.
    pub fn tally(&self, warning: &str, kind: Kind) -> Option<Tally> {
        self.lock().get(&Key::of(warning, kind)).cloned()
    }

    /// Wakes at every change of any tally, and when a warning begins to wait.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// A number that is another one as soon as any warning began, was approved or ended: what was made of warnings
    /// before is old then.
    pub fn lives(&self) -> u64 {
        self.lives.load(Ordering::Acquire)
    }

    /// Whether something was ordered so lately that its picture changes by the clock alone.
    pub fn is_under_way(&self, now: Duration) -> bool {
        let latest = *self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest > Duration::ZERO && now.saturating_sub(latest) < UNDER_WAY
    }

    /// Whether any lane is within its ten seconds and not at its end: nothing that can wait is asked of anybody then.
    pub fn is_busy(&self, now: Now) -> bool {
        let within = |tally: &&Tally| now.since(tally.zero) < DEADLINE;
        self.lock().values().filter(within).any(|tally| !tally.settled(now))
    }

    /// The process's clocks, against which the tallies run.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Puts a tally on the board, unless it is there.
    pub(super) fn put(&self, warning: &str, tally: Tally) {
        {
            let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
            *latest = latest.max(tally.zero);
        }
        self.lock().entry(Key::of(warning, tally.kind)).or_insert(tally);
        self.tell_life();
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

    /// Wakes whoever watches: a warning began, was approved or ended.
    pub(super) fn tell_life(&self) {
        self.lives.fetch_add(1, Ordering::Release);
        self.tell();
    }

    /// Wakes whoever watches.
    pub fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
