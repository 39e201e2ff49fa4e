//! Two clocks and the messages between them, told by a table: who is how far ahead, how long each way takes.

use super::*;
use proptest::prelude::*;

const HUB: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).unwrap();

fn ms(ms: i64) -> TimeDelta {
    TimeDelta::milliseconds(ms)
}

/// But for what the clocks may have drifted meanwhile.
#[track_caller]
fn near(found: i64, wanted: i64) {
    assert!((found - wanted).abs() <= 1, "{found} ms, not {wanted} ms");
}

/// A hub and an adapter, both read at one true time; `ahead_ms` is how far the adapter's wall clock is ahead.
struct Pair {
    true_ms: i64,
    ahead_ms: i64,
    run: &'static str,
    at_hub: Option<AdapterClock>,
    at_adapter: HubClock,
}

impl Pair {
    fn new(ahead_ms: i64) -> Pair {
        Pair { true_ms: 0, ahead_ms, run: "a", at_hub: None, at_adapter: HubClock::default() }
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

    /// The hub sends an order, which the adapter hears after so long.
    fn order(&mut self, takes_ms: i64) {
        let now = self.hub();
        let at_most = self.at_hub.as_ref().map(|clock| clock.at_most(now));
        self.true_ms += takes_ms;
        self.at_adapter.hear(&Stamp { sent_at: now.utc, at_most }, self.run, self.own().tick);
    }

    /// By how much the instant the adapter judges by is ahead of the hub's clock.
    fn judged_ms(&self) -> i64 {
        (self.at_adapter.judge(self.own()).utc - self.hub().utc).num_milliseconds()
    }

    fn shown_ms(&self) -> i64 {
        self.at_hub.as_ref().unwrap().ahead(self.hub()).num_milliseconds()
    }
}

/// With a beat and an order of 20 ms each, an adapter that is off judges at the hub's clock, up to a beat's way early.
#[test]
fn an_adapter_that_is_off_judges_by_the_hubs_clock() {
    for (ahead_ms, judged_ms) in
        [(30_000, 20), (-30_000, 20), (3_600_000, 20), (-3_600_000, 20), (10, 10), (-10, -10)]
    {
        let mut pair = Pair::new(ahead_ms);
        pair.beat(20);
        pair.order(20);
        near(pair.judged_ms(), judged_ms);
        near(pair.shown_ms(), ahead_ms - 20);
    }
}

#[test]
fn nothing_heard_of_the_hub_leaves_the_own_clock() {
    assert_eq!(Pair::new(30_000).judged_ms(), 30_000);
    // An order alone says what the hub shows at least: one that runs ahead may be right, the order may have waited.
    let judged = |ahead_ms: i64| {
        let mut pair = Pair::new(ahead_ms);
        pair.order(20);
        pair.judged_ms()
    };
    near(judged(30_000), 30_000);
    near(judged(-30_000), -20);
}

#[test]
fn an_adapters_clock_that_is_set_changes_nothing_that_is_judged() {
    for jump in [3_600_000, -3_600_000] {
        let mut pair = Pair::new(0);
        pair.beat(20);
        pair.order(20);
        let before = pair.own();
        pair.ahead_ms += jump;
        assert!(was_set(before, pair.own()));
        near(pair.judged_ms(), 20);
        pair.beat(20);
        near(pair.shown_ms(), jump - 20);
    }
}

/// The hub's clock is the one that counts: once it is set, the next order brings it.
#[test]
fn a_hubs_clock_that_is_set_is_followed_by_the_next_order() {
    for jump in [3_600_000, -3_600_000] {
        let mut pair = Pair::new(0);
        pair.beat(20);
        pair.order(20);
        let hub = pair.at_hub.clone().unwrap();
        let now = Now { utc: pair.hub().utc + ms(jump), ..pair.hub() };
        let stamp = Stamp { sent_at: now.utc, at_most: Some(hub.at_most(now)) };
        pair.at_adapter.hear(&stamp, pair.run, pair.own().tick);
        near(pair.judged_ms(), jump + 20);
    }
}

#[test]
fn what_lay_in_a_queue_is_no_difference_of_clocks() {
    let mut pair = Pair::new(0);
    pair.beat(3_600_000);
    pair.beat(20);
    pair.order(3_600_000);
    assert!(
        pair.judged_ms() == 0 && pair.shown_ms().abs() < 4_000,
        "{} {}",
        pair.judged_ms(),
        pair.shown_ms()
    );
    pair.order(20);
    pair.ahead_ms = -30_000;
    assert!((0..4_000).contains(&pair.judged_ms()), "{}", pair.judged_ms());
}

/// A bound of another stretch of ticks says nothing: the adapter was started again, or its machine was paused.
#[test]
fn a_bound_of_other_ticks_is_not_used() {
    let mut pair = Pair::new(30_000);
    pair.beat(20);
    pair.run = "b";
    pair.order(20);
    near(pair.judged_ms(), 30_000);
    pair.beat(20);
    pair.order(20);
    near(pair.judged_ms(), 20);
}

#[test]
fn figures_that_no_clock_has_break_nothing() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        for tick_ms in [0, u64::MAX] {
            let mut pair = Pair::new(0);
            let clock = AdapterClock::hear(None, &Beat { run: "a".into(), tick_ms, at }, pair.hub());
            let _ = clock.ahead(pair.hub());
            let zero = clock.at_most(pair.hub()).zero;
            for zero in [zero, at] {
                let at_most = Some(AtMost { run: "a".into(), zero });
                pair.at_adapter.hear(&Stamp { sent_at: at, at_most }, "a", pair.own().tick);
                let _ = pair.at_adapter.ahead(pair.own());
            }
        }
    }
}

proptest! {
    /// Whatever the clocks and the ways: judged by what was heard both ways, a clock that is certainly wrong is never
    /// behind the hub's, and never ahead of it by more than the fastest beat took and the drift.
    #[test]
    fn it_is_never_before_the_hub_and_ahead_by_no_more_than_the_fastest_beat(
        ahead_ms in -7_200_000..7_200_000_i64,
        ways in prop::collection::vec((0..20_000_i64, 0..20_000_i64), 1..8),
    ) {
        let mut pair = Pair::new(ahead_ms);
        for (beat, order) in &ways {
            pair.beat(*beat);
            pair.order(*order);
        }
        let fastest = ways.iter().map(|(beat, _)| *beat).min().unwrap_or_default();
        let drifted = pair.true_ms / i64::from(DRIFT) + 1;
        let judged = pair.judged_ms();
        if judged == ahead_ms {
            // The own clock, while it may be right: within both bounds.
            let slowest = ways.iter().map(|(_, order)| *order).min().unwrap_or_default();
            prop_assert!((-slowest - drifted..=fastest + drifted).contains(&judged), "{judged}");
        } else {
            prop_assert!((0..=fastest + drifted).contains(&judged), "{judged}");
        }
    }
}
