//! What the hub has to do next about each lane, given the tally and the instant. Does nothing itself.

use super::receipt::Grade;
use super::tally::Tally;
use crate::now::Now;
use std::time::Duration;

/// No `taken` by then: send again, on a new channel. Two more follow, each later.
const SEND_AGAIN: [Duration; 3] =
    [Duration::from_millis(1500), Duration::from_secs(3), Duration::from_secs(6)];

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Do {
    /// Send the same order again; the adapter drops the copy.
    SendAgain {
        /// To whom.
        operator: String,
    },
    /// Say that the lane is red.
    Red {
        /// Whose.
        operator: String,
        /// Why.
        reason: String,
    },
}

/// What has become due after `last` and up to `now`, and when to ask next. Asked in step, each thing is due once.
pub fn due(tally: &Tally, last: Duration, now: Now) -> (Vec<Do>, Option<Duration>) {
    let (before, since) = (last.saturating_sub(tally.zero), now.since(tally.zero));
    let mut todo = Vec::new();
    for (operator, lane) in &tally.lanes {
        let untaken = matches!(lane.grade, None | Some(Grade::Queued));
        if untaken && SEND_AGAIN.iter().any(|at| before < *at && *at <= since) {
            todo.push(Do::SendAgain { operator: operator.clone() });
        }
        if lane.red(tally.kind, before).is_none()
            && let Some(red) = lane.red(tally.kind, since)
        {
            todo.push(Do::Red { operator: operator.clone(), reason: red.reason });
        }
    }
    let next =
        SEND_AGAIN.into_iter().chain([super::DEADLINE]).find(|at| *at > since).map(|at| tally.zero + at);
    (todo, next)
}

#[cfg(test)]
mod tests {
    use super::super::order::Kind;
    use super::*;

    fn at(ms: u64) -> Now {
        Now { utc: chrono::DateTime::UNIX_EPOCH, tick: Duration::from_millis(ms) }
    }

    #[test]
    fn an_untaken_order_is_sent_again_and_a_silent_lane_turns_red_once() {
        let mut tally = Tally::start(Kind::Alert, ["a", "b"], at(0));
        tally.hear("b", Grade::Taken, at(5));
        let again = Do::SendAgain { operator: "a".into() };
        let step = |from: u64, to: u64| due(&tally, Duration::from_millis(from), at(to));
        assert_eq!(step(0, 1000), (vec![], Some(Duration::from_millis(1500))));
        assert_eq!(step(1000, 1500), (vec![again.clone()], Some(Duration::from_secs(3))));
        assert_eq!(step(1500, 3100), (vec![again], Some(Duration::from_secs(6))));
        let (reds, next) = step(6000, 10_000);
        assert_eq!(next, None);
        assert_eq!(reds.len(), 2, "{reds:?}");
        assert!(step(10_000, 11_000).0.is_empty());
    }
}
