//! How long to wait before the next attempt: doubling from the first pause to the longest, jittered. Knows no socket.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Pauses between attempts.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

impl Backoff {
    /// Pauses from `first` to `most`.
    pub(crate) fn new(first: Duration, most: Duration) -> Self {
        Self { first, most, next: first }
    }

    /// The next pause: between half and the whole of the doubling one, so that many clients of one broker spread.
    pub(crate) fn pause(&mut self) -> Duration {
        self.pause_with(RandomState::new().build_hasher().finish())
    }

    /// After a success the next pause is the first again.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }

    fn pause_with(&mut self, random: u64) -> Duration {
        let whole = self.next.min(self.most);
        self.next = whole.saturating_mul(2).min(self.most);
        // 0..=1023 thousandths-and-a-bit of the upper half.
        let part = u32::try_from(random % 1024).unwrap_or(0);
        let half = whole / 2;
        half + half.saturating_mul(part) / 1023
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn pauses_double_up_to_the_longest_and_start_again() {
        let mut backoff = Backoff::new(MS(100), MS(2000));
        let whole: Vec<u128> = (0..7).map(|_| backoff.pause_with(1023).as_millis()).collect();
        assert_eq!(whole, [100, 200, 400, 800, 1600, 2000, 2000]);
        backoff.reset();
        assert_eq!(backoff.pause_with(0), MS(50));
    }

    #[test]
    fn two_clients_do_not_wait_alike() {
        let mut seen: Vec<Duration> = (0..32).map(|_| Backoff::new(MS(2000), MS(2000)).pause()).collect();
        seen.sort();
        seen.dedup();
        assert!(seen.len() > 8, "{} different pauses of 32", seen.len());
    }

    proptest! {
        #[test]
        fn a_pause_is_never_short_of_half_nor_beyond_the_longest(draws in prop::collection::vec(any::<u64>(), 1..40)) {
            let mut backoff = Backoff::new(MS(100), MS(2000));
            for draw in draws {
                let pause = backoff.pause_with(draw);
                prop_assert!(pause >= MS(50) && pause <= MS(2000), "{pause:?}");
            }
        }
    }
}
