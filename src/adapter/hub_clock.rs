//! The instant an adapter judges ends by: its own clock, held against what the hub tells of its own. Decides nothing; core does.

use crate::clock::Clock;
use chrono::TimeDelta;
use metrics::gauge;
use nadhir_core::delivery::clocks::{self, FAR};
use nadhir_core::delivery::{Beat, HubClock, Stamp};
use nadhir_core::now::Now;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::{info, warn};
use uuid::Uuid;

/// Cheap to clone; all clones know the same of the hub.
#[derive(Debug, Clone)]
pub(super) struct Judge {
    clock: Clock,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug)]
struct Known {
    hub: HubClock,
    /// Names the ticks since the last start, or since the wall clock was last set.
    run: String,
    /// When that was last looked at.
    looked: Now,
    /// Whether the clocks were last said to be far apart.
    far: bool,
}

impl Judge {
    /// Nothing is known of the hub yet.
    pub(super) fn new(clock: Clock) -> Judge {
        let known = Known { hub: HubClock::default(), run: name(), looked: clock.now(), far: false };
        Judge { clock, known: Arc::new(Mutex::new(known)) }
    }

    /// This instant, by which an end is judged.
    pub(super) fn now(&self) -> Now {
        let own = self.clock.now();
        self.lock().hub.judge(own)
    }

    /// An order came that tells of the hub's clock.
    pub(super) fn hear(&self, stamp: &Stamp, operator: &str) {
        let own = self.clock.now();
        let mut known = self.lock();
        let Known { hub, run, .. } = &mut *known;
        hub.hear(stamp, run, own.tick);
        let ahead = hub.ahead(own);
        let far = ahead.abs() > FAR;
        let changed = std::mem::replace(&mut known.far, far) != far;
        drop(known);
        gauge!("nadhir_adapter_hub_clock_ahead_seconds", "operator" => operator.to_owned())
            .set(seconds(ahead));
        if changed && far {
            let ahead_ms = ahead.num_milliseconds();
            warn!(
                ahead_ms,
                "this clock is certainly not the hub's: ends are judged by the hub's; see to the time service"
            );
        } else if changed {
            info!("this clock may be the hub's again: ends are judged by it");
        }
    }

    /// What the hub is to know of this clock, to be sent at once.
    pub(super) fn beat(&self) -> Beat {
        let own = self.clock.now();
        let mut known = self.lock();
        if clocks::was_set(known.looked, own) {
            // Or the machine was paused: what the hub knows of the ticks before may not hold for those after.
            known.run = name();
            warn!("the wall clock was set, or the machine was paused");
        }
        known.looked = own;
        let tick_ms = u64::try_from(own.tick.as_millis()).unwrap_or(u64::MAX);
        Beat { run: known.run.clone(), tick_ms, at: own.utc }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name() -> String {
    Uuid::now_v7().to_string()
}

fn seconds(ahead: TimeDelta) -> f64 {
    ahead.as_seconds_f64()
}
