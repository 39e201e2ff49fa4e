//! The instant, handed in as an argument. Core reads no clock.

use chrono::{DateTime, Utc};
use std::time::Duration;

/// One instant as two clocks see it. `utc` serves expiry and may jump; `tick` never goes back and serves deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Wall clock, UTC.
    pub utc: DateTime<Utc>,
    /// Monotonic time since the process started.
    pub tick: Duration,
}

impl Now {
    /// Time gone by since `earlier` on the monotonic clock; zero if `earlier` is later.
    pub fn since(&self, earlier: Duration) -> Duration {
        self.tick.saturating_sub(earlier)
    }
}
