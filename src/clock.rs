//! The process's clocks, read in one place: the wall for expiry, a monotonic tick for deadlines.

use chrono::Utc;
use nadhir_core::now::Now;
use std::time::{Duration, Instant};

/// Ticks begin here, not at zero, so that an approval from before this process started has a tick of its own.
const BEFORE: Duration = Duration::from_secs(366 * 24 * 3600);

/// Cheap to copy; every copy counts its ticks from the same start.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// Starts counting.
    pub fn start() -> Clock {
        Clock { start: Instant::now() }
    }

    /// This instant.
    pub fn now(&self) -> Now {
        Now { utc: Utc::now(), tick: BEFORE + self.start.elapsed() }
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
