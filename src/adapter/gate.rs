//! The last look before a call that can put something on air: is its time over, has what ends it come? Asks nobody else.

use crate::clock::Clock;
use chrono::{DateTime, Utc};
use nadhir_core::session::Named;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is known of the end of each warning, by the orders that came. An order shuts gates as soon as it is verified, long
/// before the session hears of it; what the session submits after it has heard of it is the session's decision.
#[derive(Debug, Default)]
pub(super) struct Gates(Mutex<HashMap<Named, Ends>>);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ends {
    /// Orders that end the warning and came so far.
    came: u64,
    /// Those of them that the session has not acted on yet.
    coming: u64,
}

/// An order that ends warnings, on its way to the session; nothing of theirs passes until this is dropped.
#[derive(Debug)]
pub(super) struct Coming {
    gates: Arc<Gates>,
    ends: Vec<Named>,
}

/// The gate of one submission.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    clock: Clock,
    guard: Option<Guard>,
}

#[derive(Debug, Clone)]
struct Guard {
    gates: Arc<Gates>,
    warning: Named,
    expires: DateTime<Utc>,
    /// The orders that had ended it when the submission was decided.
    came: u64,
}

impl Gates {
    /// An order came that ends these warnings: every submission of theirs that is under way goes no further.
    pub(super) fn shut(self: &Arc<Self>, ends: Vec<Named>) -> Coming {
        let mut all = self.lock();
        for warning in &ends {
            let ends = all.entry(warning.clone()).or_default();
            (ends.came, ends.coming) = (ends.came + 1, ends.coming + 1);
        }
        drop(all);
        Coming { gates: Arc::clone(self), ends }
    }

    /// The gate of a submission of a warning that is decided now.
    pub(super) fn open(self: &Arc<Self>, warning: &Named, expires: DateTime<Utc>, clock: Clock) -> Gate {
        let came = self.of(warning).came;
        let guard = Guard { gates: Arc::clone(self), warning: warning.clone(), expires, came };
        Gate { clock, guard: Some(guard) }
    }

    fn of(&self, warning: &Named) -> Ends {
        self.lock().get(warning).copied().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Named, Ends>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate {
    /// A gate that is never shut: what it is for puts nothing on air.
    pub(super) fn always(clock: Clock) -> Gate {
        Gate { clock, guard: None }
    }

    /// This instant, by which the call is to count its broadcasts; `None` if the call must not be made any more.
    pub(super) fn pass(&self) -> Option<DateTime<Utc>> {
        let now = self.clock.now().utc;
        let passes = self.guard.as_ref().is_none_or(|guard| guard.passes(now));
        passes.then_some(now)
    }
}

impl Guard {
    fn passes(&self, now: DateTime<Utc>) -> bool {
        now < self.expires && self.gates.of(&self.warning) == Ends { came: self.came, coming: 0 }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        let mut all = self.gates.lock();
        for warning in &self.ends {
            if let Some(ends) = all.get_mut(warning) {
                ends.coming -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use nadhir_core::cbs::Class;

    fn live(warning: &str) -> Named {
        Named { class: Class::Live, warning: warning.to_owned() }
    }

    #[test]
    fn shuts_with_the_time_of_the_warning() {
        let (gates, clock) = (Arc::new(Gates::default()), Clock::start());
        let gate =
            |left: i64| gates.open(&live("wrn_1"), clock.now().utc + TimeDelta::milliseconds(left), clock);
        assert!(gate(60_000).pass().is_some());
        assert!(gate(0).pass().is_none());
        let soon = gate(30);
        std::thread::sleep(std::time::Duration::from_millis(31));
        assert!(soon.pass().is_none(), "it was open when it was made");
        assert!(Gate::always(clock).pass().is_some());
    }

    #[test]
    fn shuts_when_what_ends_it_comes_and_a_later_decision_has_a_gate_of_its_own() {
        let (gates, clock) = (Arc::new(Gates::default()), Clock::start());
        let later = clock.now().utc + TimeDelta::hours(1);
        let gate = |warning: &str| gates.open(&live(warning), later, clock);
        let (ended, other) = (gate("wrn_1"), gate("wrn_2"));
        let drill = Named { class: Class::Drill, ..live("wrn_1") };
        let _drills = gates.shut(vec![drill]);
        assert!(ended.pass().is_some(), "a drill of that name ends nothing live");
        let coming = gates.shut(vec![live("wrn_1")]);
        assert!(ended.pass().is_none() && other.pass().is_some());
        assert!(gate("wrn_1").pass().is_none(), "the session has not heard of it");
        drop(coming);
        assert!(ended.pass().is_none(), "what was under way stays shut");
        assert!(gate("wrn_1").pass().is_some(), "the session has heard of it and decided so");
    }
}
