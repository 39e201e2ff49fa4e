//! What the hub is told of this adapter's clocks. Ends are judged by the adapter's own clock; the hub shows how far that is off.

use crate::clock::Clock;
use nadhir_core::delivery::{Beat, clocks};
use nadhir_core::now::Now;
use std::sync::{Mutex, PoisonError};
use tracing::warn;
use uuid::Uuid;

/// The stretch of ticks that is told of.
#[derive(Debug)]
pub(super) struct Beats {
    clock: Clock,
    last: Mutex<Last>,
}

#[derive(Debug)]
struct Last {
    /// Names the ticks since the last start, or since the wall clock was last set.
    run: String,
    /// When that was last looked at.
    looked: Now,
}

impl Beats {
    pub(super) fn new(clock: Clock) -> Beats {
        Beats { clock, last: Mutex::new(Last { run: name(), looked: clock.now() }) }
    }

    /// What is to be sent at once.
    pub(super) fn next(&self) -> Beat {
        let own = self.clock.now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if clocks::was_set(last.looked, own) {
            // Or the machine was paused: what the hub knows of the ticks before may not hold for those after.
            last.run = name();
            warn!("the wall clock was set, or the machine was paused");
        }
        last.looked = own;
        let tick_ms = u64::try_from(own.tick.as_millis()).unwrap_or(u64::MAX);
        Beat { run: last.run.clone(), tick_ms, at: own.utc }
    }
}

fn name() -> String {
    Uuid::now_v7().to_string()
}
