//! How far each adapter's clock is from the hub's, as it last told. In memory alone: adapters tell it again every minute.

use chrono::TimeDelta;
use metrics::gauge;
use nadhir_core::delivery::clocks::FAR;
use nadhir_core::delivery::{AdapterClock, Beat};
use nadhir_core::now::Now;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tracing::{error, info};

/// The clock of each operator's adapter.
#[derive(Debug, Default)]
pub struct Clocks(Mutex<HashMap<String, Known>>);

#[derive(Debug)]
struct Known {
    clock: AdapterClock,
    /// How far it was ahead of the hub's as it last told, where that can be told.
    ahead: Option<TimeDelta>,
}

impl Clocks {
    /// Takes in what an operator's adapter told of its clock. Whether that it is far off, or no more, is news.
    pub(super) fn hear(&self, operator: &str, beat: &Beat, now: Now) -> bool {
        let mut all = self.lock();
        let (before, was_far) = match all.remove(operator) {
            Some(Known { clock, ahead }) => (Some(clock), ahead.is_some_and(is_far)),
            None => (None, false),
        };
        let clock = AdapterClock::hear(before, beat, now);
        let ahead = clock.ahead(now);
        all.insert(operator.to_owned(), Known { clock, ahead });
        drop(all);
        let Some(ahead) = ahead else { return was_far };
        gauge!("nadhir_adapter_clock_ahead_seconds", "operator" => operator.to_owned())
            .set(ahead.as_seconds_f64());
        let ahead_ms = ahead.num_milliseconds();
        match (was_far, is_far(ahead)) {
            (false, true) => error!(
                operator,
                ahead_ms,
                "ALARM: the adapter's clock and the hub's are apart, or what it tells takes so long"
            ),
            (true, false) => info!(operator, ahead_ms, "the adapter's clock and the hub's agree again"),
            (true, true) | (false, false) => return false,
        }
        true
    }

    /// How far an adapter's clock was ahead of the hub's as it last told, less what its fastest message took; behind it is
    /// below zero. Nothing, if it told nothing since the hub's start, or so little that it may have lain in a queue.
    pub fn ahead(&self, operator: &str) -> Option<TimeDelta> {
        self.lock().get(operator).and_then(|known| known.ahead)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is an alarm.
pub fn is_far(ahead: TimeDelta) -> bool {
    ahead.abs() > FAR
}
