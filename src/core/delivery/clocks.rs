//! How far an adapter's clock and the hub's are apart, as far as messages that went one way can tell. Nothing is judged by it.
//!
//! A message that was sent at S by one clock and heard at H by another bounds their distance from one side alone: it took
//! some time, and nobody knows how much. The fastest of many took least. What is known is kept against ticks, never against a
//! wall clock: one that is set changes none of it. It is no measure of which clock is right.

use crate::now::Now;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Apart by more than this is an alarm.
pub const FAR: TimeDelta = TimeDelta::seconds(2);
/// A wall clock that moved so far against the tick was set, or the machine was paused.
const STEP: TimeDelta = TimeDelta::seconds(1);
/// What was learnt is worth less as it ages: two clocks drift apart by 1 in 2,000 at most, the fastest a clock is slewed.
const DRIFT: i32 = 2_000;
/// No process runs for so long: three thousand years.
const LONGEST: Duration = Duration::from_secs(100_000_000_000);
/// Beats that came for so long were not all of one backlog.
const SETTLED: Duration = Duration::from_secs(45);

/// What an adapter tells of its clocks at each sending of its counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Names a stretch of its ticks; another one after a start, and after its wall clock was set.
    pub run: String,
    /// Its tick as it was sent, in milliseconds.
    pub tick_ms: u64,
    /// Its wall clock then.
    pub at: DateTime<Utc>,
}

/// What the hub knows of an adapter's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterClock {
    run: String,
    /// The hub's tick as the first beat of this stretch was heard.
    since: Duration,
    /// The hub's tick less the adapter's, at most; and the hub's tick as that was learnt.
    apart: (TimeDelta, Duration),
    /// The adapter's wall clock at its tick zero, as it last told.
    own_zero: DateTime<Utc>,
}

impl AdapterClock {
    /// Takes in a beat heard `now`, after what was `known`. The fastest beat of a stretch is kept.
    #[must_use]
    pub fn hear(known: Option<AdapterClock>, beat: &Beat, now: Now) -> AdapterClock {
        let sent = delta(Duration::from_millis(beat.tick_ms));
        let known = known.filter(|known| known.run == beat.run);
        let since = known.as_ref().map_or(now.tick, |known| known.since);
        let this = (delta(now.tick) - sent, now.tick);
        let closer = |(apart, learnt): &(TimeDelta, Duration)| *apart + drift(now.tick, *learnt) < this.0;
        let apart = known.map(|known| known.apart).filter(closer).unwrap_or(this);
        AdapterClock { run: beat.run.clone(), since, apart, own_zero: moved(beat.at, -sent) }
    }

    /// How far the adapter's wall clock is ahead of the hub's, less what its fastest message took; behind it is below zero.
    ///
    /// That it is ahead is certain. Far behind it may only seem, by messages that lay in a queue while the hub was away: none
    /// until beats have come for a while.
    pub fn ahead(&self, now: Now) -> Option<TimeDelta> {
        let (apart, learnt) = self.apart;
        let hub_zero = moved(now.utc, apart + drift(now.tick, learnt) - delta(now.tick));
        let ahead = self.own_zero - hub_zero;
        (ahead >= -FAR || now.since(self.since) >= SETTLED).then_some(ahead)
    }
}

/// Whether a wall clock was set between two instants of one process.
pub fn was_set(before: Now, after: Now) -> bool {
    let moved = (after.utc - before.utc) - delta(after.since(before.tick));
    moved.abs() > STEP
}

/// What others tell may be any figure: a time that no calendar has is left where it was.
fn moved(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(at)
}

fn delta(tick: Duration) -> TimeDelta {
    TimeDelta::from_std(tick.min(LONGEST)).unwrap_or_default()
}

fn drift(now: Duration, learnt: Duration) -> TimeDelta {
    delta(now.saturating_sub(learnt)) / DRIFT
}

#[cfg(test)]
mod tests;
