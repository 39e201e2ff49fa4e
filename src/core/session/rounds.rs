//! How often a message is repeated, on each radio: periods, and how many broadcasts fit before its end.

use chrono::{DateTime, Utc};

/// A unit of the period on 2G: 8 multiframes of 51 frames (TS 48.049, 8.2.3.12), 1.883 s.
pub const UNIT_2G_MS: i64 = 1883;
/// 2G repeats every 16 units, 30.1 s.
const PERIOD_2G: u16 = 16;
/// The longest period of 2G: 1,024 units (TS 23.041, 9.3.8).
const LONGEST_2G: u16 = 1024;
/// 4G and 5G repeat every 30 s (TS 36.413, 9.2.1.48, takes 1 to 4,095).
const PERIOD_S: u16 = 30;

/// Periods and counts. 2G counts in units of 1.883 s, 4G and 5G in seconds: one number never serves both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    /// 2G: units from one broadcast to the next.
    pub period_2g: u16,
    /// 2G: broadcasts.
    pub broadcasts_2g: u16,
    /// 4G and 5G: seconds from one broadcast to the next.
    pub period_s: u16,
    /// 4G and 5G: broadcasts.
    pub broadcasts: u16,
}

impl Rounds {
    /// For a warning of so many pages, all its messages together, from `now` to its end: floor(time left / period), and one
    /// where less than a period is left. On 2G a cell sends a page a unit, so the period is never shorter than the pages.
    pub fn until(expires: DateTime<Utc>, now: DateTime<Utc>, pages: usize) -> Rounds {
        let left_ms = (expires - now).num_milliseconds().max(0);
        let period_2g = u16::try_from(pages).unwrap_or(LONGEST_2G).clamp(PERIOD_2G, LONGEST_2G);
        Rounds {
            period_2g,
            broadcasts_2g: fits(left_ms, i64::from(period_2g) * UNIT_2G_MS),
            period_s: PERIOD_S,
            broadcasts: fits(left_ms, i64::from(PERIOD_S) * 1000),
        }
    }
}

/// How many periods fit, at least one; the field has 16 bits.
pub fn fits(left_ms: i64, period_ms: i64) -> u16 {
    u16::try_from(left_ms / period_ms).unwrap_or(u16::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn check(left_ms: i64, pages: usize, expected: [u16; 4]) {
        let now = DateTime::UNIX_EPOCH;
        let rounds = Rounds::until(now + TimeDelta::milliseconds(left_ms), now, pages);
        let found = [rounds.period_2g, rounds.broadcasts_2g, rounds.period_s, rounds.broadcasts];
        assert_eq!(found, expected, "{left_ms} ms, {pages} pages");
    }

    #[test]
    fn counts_what_is_left_at_each_submission() {
        check(6 * 3_600_000, 13, [16, 716, 30, 720]);
        check(3_600_000, 13, [16, 119, 30, 120]);
        check(60_255, 13, [16, 1, 30, 2]);
        check(60_256, 13, [16, 2, 30, 2]);
        check(29_999, 13, [16, 1, 30, 1]);
        check(0, 13, [16, 1, 30, 1]);
        check(-5, 13, [16, 1, 30, 1]);
        check(i64::from(u16::MAX) * 60_000, 1, [16, u16::MAX, 30, u16::MAX]);
    }

    #[test]
    fn gives_2g_the_time_that_the_pages_of_all_messages_need() {
        check(3_600_000, 20, [20, 95, 30, 120]);
        check(3_600_000, 5000, [1024, 1, 30, 120]);
    }
}
