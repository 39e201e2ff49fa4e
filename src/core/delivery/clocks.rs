//! How far an adapter's clock and the hub's are apart: bounds from messages that went one way, and which clock an end is judged by.
//!
//! A message that was sent at S by one clock and heard at H by another bounds their distance from one side alone: it took
//! some time, and nobody knows how much. An order says to the adapter what the hub's clock shows at least; what an adapter
//! tells of its own says to the hub what it shows at most, and the next order brings that back. Bounds are kept against
//! ticks, never against a wall clock: one that is set changes none of them. They are no measure of which clock is right.

use crate::now::Now;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Apart by more than this is an alarm.
pub const FAR: TimeDelta = TimeDelta::seconds(2);
/// A wall clock that moved so far against the tick was set, or the machine was paused.
const STEP: TimeDelta = TimeDelta::seconds(1);
/// A bound is worth less as it ages: two clocks drift apart by 1 in 2,000 at most, the fastest a clock is slewed.
const DRIFT: i32 = 2_000;
/// No process runs for so long: three thousand years.
const LONGEST: Duration = Duration::from_secs(100_000_000_000);

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

/// What the hub tells of its clock at each sending of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The hub's wall clock as it was sent.
    pub sent_at: DateTime<Utc>,
    /// What it shows at most, where the adapter was heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<AtMost>,
}

/// The latest that the hub's clock may have shown at the start of an adapter's ticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtMost {
    /// Of which ticks.
    pub run: String,
    /// What the hub's clock showed at tick zero, or would have.
    pub zero: DateTime<Utc>,
}

/// A hub's clock at tick zero of who keeps it, and the tick at which that was learnt.
type Bound = (DateTime<Utc>, Duration);

/// What an adapter knows of the hub's clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HubClock {
    least: Option<Bound>,
    most: Option<Bound>,
}

impl HubClock {
    /// Takes in the stamp of an order heard at `tick` of the stretch `run`. The closest bound is kept; where two contradict
    /// each other the hub's clock was set, and the newer one holds.
    pub fn hear(&mut self, stamp: &Stamp, run: &str, tick: Duration) {
        let least = moved(stamp.sent_at, -delta(tick));
        let told = stamp.at_most.as_ref().filter(|most| most.run == run).map(|most| (most.zero, tick));
        let latest = |(zero, learnt): Bound| moved(zero, drift(tick, learnt));
        self.most = told.or(self.most).filter(|most| latest(*most) >= least);
        let holds = |(zero, learnt): &Bound| {
            let earliest = moved(*zero, -drift(tick, *learnt));
            earliest >= least && self.most.is_none_or(|most| earliest <= latest(most))
        };
        self.least = self.least.filter(holds).or(Some((least, tick)));
    }

    /// The instant by which the end of a warning is judged: the adapter's own wall clock while it may be the hub's, else
    /// the latest that the hub's may show. So nothing goes out that is over by the hub's clock, and what still holds by it
    /// is not called over because this clock runs ahead. Of a hub that tells nothing, the own clock.
    #[must_use]
    pub fn judge(&self, own: Now) -> Now {
        let least = self.least.map(|(zero, learnt)| moved(zero, delta(own.tick) - drift(own.tick, learnt)));
        let most = self.most.map(|(zero, learnt)| moved(zero, delta(own.tick) + drift(own.tick, learnt)));
        let may_be = least.is_none_or(|least| least <= own.utc) && most.is_none_or(|most| own.utc <= most);
        let utc = if may_be { own.utc } else { most.or(least).unwrap_or(own.utc) };
        Now { utc, tick: own.tick }
    }

    /// How far the own clock is ahead of the hub's for certain; behind it is below zero.
    pub fn ahead(&self, own: Now) -> TimeDelta {
        own.utc - self.judge(own).utc
    }
}

/// What the hub knows of an adapter's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterClock {
    run: String,
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
        let apart = delta(now.tick) - sent;
        let closer = |old: &AdapterClock| {
            let (known, learnt) = old.apart;
            old.run == beat.run && known + drift(now.tick, learnt) < apart
        };
        let apart = known.filter(closer).map_or((apart, now.tick), |old| old.apart);
        AdapterClock { run: beat.run.clone(), apart, own_zero: moved(beat.at, -sent) }
    }

    /// What an order that is sent `now` tells the adapter.
    pub fn at_most(&self, now: Now) -> AtMost {
        let (apart, learnt) = self.apart;
        let zero = moved(now.utc, apart + drift(now.tick, learnt) - delta(now.tick));
        AtMost { run: self.run.clone(), zero }
    }

    /// How far the adapter's wall clock is ahead of the hub's, less what its fastest message took; behind it is below zero.
    pub fn ahead(&self, now: Now) -> TimeDelta {
        self.own_zero - self.at_most(now).zero
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
