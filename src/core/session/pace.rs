//! When to try again, and how long one attempt may take. The sum fits the ten seconds.

use std::time::Duration;

/// One request to a CBC may take this long; then its outcome is unknown.
pub const ATTEMPT: Duration = Duration::from_millis(1500);

/// After a submission that failed, the next ones start this long after the first.
const RETRY_AT: [Duration; 6] = [
    Duration::from_millis(400),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(6),
    Duration::from_secs(8),
];

/// Once the ten seconds are lost, a submission is still tried until the warning expires, this far apart.
const RETRY_LATER: Duration = Duration::from_secs(5);

/// How long after the first submission the attempt after `failed` failures starts.
pub fn retry_at(failed: usize) -> Duration {
    match failed.checked_sub(1) {
        None => Duration::ZERO,
        Some(i) => match RETRY_AT.get(i) {
            Some(at) => *at,
            None => {
                RETRY_AT[RETRY_AT.len() - 1]
                    + RETRY_LATER * u32::try_from(i + 1 - RETRY_AT.len()).unwrap_or(u32::MAX)
            }
        },
    }
}

/// The pause before the status is asked again, while a delivery is `age` old: dense inside the ten seconds, sparse after.
pub fn ask_again(age: Duration) -> Duration {
    if age < Duration::from_secs(2) {
        Duration::from_millis(100)
    } else if age < Duration::from_secs(15) {
        Duration::from_millis(400)
    } else {
        Duration::from_secs(5)
    }
}

/// A count of cells that grows is reported again after this long: every receipt costs the operator and the hub a write.
pub const COUNT_AGAIN: Duration = Duration::from_millis(500);

/// After this long the cells on air are taken as they are; the CBC is not asked for more.
pub const ASK_UNTIL: Duration = Duration::from_secs(60);

/// After a cancel was answered, a message whose submission had no answer is looked for this much later.
pub const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// A cancel that was refused is tried again this much later.
pub const CANCEL_AGAIN: Duration = Duration::from_secs(5);

/// A submission that was withheld is looked at again this much later: what ends it is on its way to the session.
pub const WITHHELD_AGAIN: Duration = Duration::from_millis(100);

/// While a message is in force its CBC is asked this often whether it still has it: one that restarted may not.
pub const WATCH: Duration = Duration::from_secs(30);

/// A message that is still reported on air so long after its end is a fault of the CBC.
pub const GRACE_AFTER_END: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_dense_inside_the_ten_seconds_and_go_on_slowly_after() {
        let ms: Vec<_> = (0..9).map(|failed| retry_at(failed).as_millis()).collect();
        assert_eq!(ms, [0, 400, 1000, 2000, 4000, 6000, 8000, 13_000, 18_000]);
    }
}
