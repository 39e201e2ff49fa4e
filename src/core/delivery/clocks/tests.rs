//! Two clocks and the messages between them, told by a table: who is how far ahead, how long each way takes.

use super::*;
use proptest::prelude::*;

const HUB: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).unwrap();

fn ms(ms: i64) -> TimeDelta {
    TimeDelta::milliseconds(ms)
}

/// A hub and an adapter, both read at one true time; `ahead_ms` is how far the adapter's wall clock is ahead.
struct Pair {
    true_ms: i64,
    ahead_ms: i64,
    run: &'static str,
    at_hub: Option<AdapterClock>,
}

impl Pair {
    fn new(ahead_ms: i64) -> Pair {
        Pair { true_ms: 0, ahead_ms, run: "a", at_hub: None }
    }

    fn hub(&self) -> Now {
        let tick = Duration::from_millis((self.true_ms + 77_000).unsigned_abs());
        Now { utc: HUB + ms(self.true_ms), tick }
    }

    fn own(&self) -> Now {
        let tick = Duration::from_millis((self.true_ms + 5_000).unsigned_abs());
        Now { utc: HUB + ms(self.true_ms + self.ahead_ms), tick }
    }

    /// The adapter tells of its clock; the hub hears it after so long.
    fn beat(&mut self, takes_ms: i64) {
        let own = self.own();
        let tick_ms = own.tick.as_millis().try_into().unwrap();
        let beat = Beat { run: self.run.to_owned(), tick_ms, at: own.utc };
        self.true_ms += takes_ms;
        self.at_hub = Some(AdapterClock::hear(self.at_hub.take(), &beat, self.hub()));
    }

    fn passes(&mut self, ms: i64) {
        self.true_ms += ms;
    }

    fn shown_ms(&self) -> Option<i64> {
        self.at_hub.as_ref().unwrap().ahead(self.hub()).map(|ahead| ahead.num_milliseconds())
    }

    /// But for what the clocks may have drifted meanwhile.
    #[track_caller]
    fn shows(&self, wanted: i64) {
        let shown = self.shown_ms().unwrap();
        assert!((shown - wanted).abs() <= 40, "{shown} ms, not {wanted} ms");
    }
}

#[test]
fn a_clock_that_is_off_is_told_less_what_its_fastest_beat_took() {
    for ahead_ms in [30_000, -30_000, 3_600_000, -3_600_000, 10, -10] {
        let mut pair = Pair::new(ahead_ms);
        pair.beat(20);
        pair.passes(60_000);
        pair.beat(400);
        pair.shows(ahead_ms - 20);
    }
}

#[test]
fn a_clock_that_is_set_is_told_with_its_next_beat() {
    for jump in [3_600_000, -3_600_000] {
        let mut pair = Pair::new(0);
        pair.beat(20);
        let before = pair.own();
        pair.ahead_ms += jump;
        assert!(was_set(before, pair.own()));
        pair.passes(60_000);
        pair.beat(20);
        pair.shows(jump - 20);
    }
    let (pair, mut later) = (Pair::new(0), Pair::new(0));
    later.passes(3_600_000);
    assert!(!was_set(pair.own(), later.own()), "an hour that passed on both is none");
}

#[test]
fn a_backlog_is_no_clock_that_is_behind() {
    let mut pair = Pair::new(0);
    // The hub was away for an hour: beats of that hour come at once, the youngest a minute old.
    pair.beat(3_600_000);
    assert_eq!(pair.shown_ms(), None);
    pair.beat(60_000);
    pair.beat(20);
    pair.shows(-20);
    // One that is ahead is so for certain, at its first beat.
    let mut pair = Pair::new(30_000);
    pair.beat(20);
    pair.shows(29_980);
}

/// A stretch of other ticks begins anew: the adapter was started again, or its machine was paused.
#[test]
fn other_ticks_begin_anew() {
    let mut pair = Pair::new(0);
    pair.beat(20);
    pair.run = "b";
    pair.passes(1_800_000);
    pair.beat(5_000);
    assert_eq!(pair.shown_ms(), None);
    pair.passes(60_000);
    pair.beat(20);
    pair.shows(-20);
}

#[test]
fn figures_that_no_clock_has_break_nothing() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        for tick_ms in [0, u64::MAX] {
            let pair = Pair::new(0);
            let clock = AdapterClock::hear(None, &Beat { run: "a".into(), tick_ms, at }, pair.hub());
            let _ = clock.ahead(pair.hub());
        }
    }
}

proptest! {
    /// Whatever the clocks and the ways: never told further ahead than it is, nor further behind than the fastest beat took.
    #[test]
    fn what_is_told_is_off_by_no_more_than_the_fastest_beat_took(
        ahead_ms in -7_200_000..7_200_000_i64,
        ways in prop::collection::vec(0..20_000_i64, 1..8),
    ) {
        let mut pair = Pair::new(ahead_ms);
        for way in &ways {
            pair.beat(*way);
            pair.passes(60_000);
        }
        let fastest = ways.iter().min().unwrap();
        let drifted = pair.true_ms / i64::from(DRIFT) + 1;
        let shown = pair.shown_ms().unwrap();
        prop_assert!((ahead_ms - fastest - drifted..=ahead_ms).contains(&shown), "{shown}");
    }
}
