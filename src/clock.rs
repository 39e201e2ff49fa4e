//! The process's clocks, read in one place: the wall for expiry, a monotonic tick for deadlines.

use chrono::{TimeDelta, Utc};
use nadhir_core::now::Now;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// Ticks begin here, not at zero, so that an approval from before this process started has a tick of its own.
const BEFORE: Duration = Duration::from_secs(366 * 24 * 3600);

/// Cheap to copy; every copy counts its ticks from the same start.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    wall: Wall,
}

#[derive(Debug, Clone, Copy)]
enum Wall {
    System,
    /// Ahead of the system's by so many milliseconds.
    Set(&'static AtomicI64),
}

/// Sets the wall clock of one `Clock` and of its copies, as somebody at the machine would.
#[derive(Debug, Clone, Copy)]
pub struct Hand(&'static AtomicI64);

impl Hand {
    /// The wall clock is ahead of the system's by this from now on; behind it is below zero.
    pub fn set(self, ahead: TimeDelta) {
        self.0.store(ahead.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock {
    /// Starts counting.
    pub fn start() -> Clock {
        Clock { start: Instant::now(), wall: Wall::System }
    }

    /// The same with a wall clock that can be set, to see what that does. It takes eight octets for ever.
    pub fn start_with_hand() -> (Clock, Hand) {
        let ahead = &*Box::leak(Box::new(AtomicI64::new(0)));
        (Clock { start: Instant::now(), wall: Wall::Set(ahead) }, Hand(ahead))
    }

    /// This instant.
    pub fn now(&self) -> Now {
        let ahead = match self.wall {
            Wall::System => TimeDelta::zero(),
            Wall::Set(ahead) => TimeDelta::milliseconds(ahead.load(Ordering::SeqCst)),
        };
        Now { utc: Utc::now() + ahead, tick: BEFORE + self.start.elapsed() }
    }

    /// An instant of this process as a tick.
    pub fn tick(&self, at: Instant) -> Duration {
        BEFORE + at.saturating_duration_since(self.start)
    }

    /// A tick as an instant to sleep until.
    pub fn instant(&self, tick: Duration) -> tokio::time::Instant {
        (self.start + tick.saturating_sub(BEFORE)).into()
    }
}
