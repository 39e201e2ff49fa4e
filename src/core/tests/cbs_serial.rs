//! Serial numbers against the phones' rule: what was met within 24 hours under the same serial is dropped.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cbs::serial::{Exhausted, Used, allocate};
use nadhir_core::cbs::{Class, Serial};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn serial(code: u16, update: u8) -> Serial {
    Serial::new(code, update).unwrap()
}

const DAY: i64 = 24 * 60;

#[test]
fn sixteen_bits_are_scope_code_and_update() {
    let row = |code, update, bits: u16| {
        let serial = serial(code, update);
        assert_eq!((serial.get(), serial.code(), serial.update()), (bits, code, update));
        assert_eq!(Serial::from_u16(bits), Some(serial));
    };
    row(0, 0, 0x4000);
    row(1, 0, 16_400);
    row(1023, 15, 0x7FFF);
    row(0x155, 10, 0x555A);
    assert_eq!((Serial::new(1024, 0), Serial::new(0, 16)), (None, None));
    // Scopes 00, 10 and 11 ring again, or are not unique in the network.
    let lawful = (0..=u16::MAX).filter(|bits| Serial::from_u16(*bits).is_some()).count();
    assert_eq!(lawful, 1024 * 16);
    assert_eq!(serde_json::from_str::<Serial>("16400").unwrap(), serial(1, 0));
    assert!(serde_json::from_str::<Serial>("16").is_err());
}

#[test]
fn an_update_counts_on_until_fifteen() {
    assert_eq!(serial(7, 0).next_update(), Some(serial(7, 1)));
    assert_eq!(serial(7, 14).next_update(), Some(serial(7, 15)));
    assert_eq!(serial(7, 15).next_update(), None);
}

/// What `asked` messages get after `given`, at minute 0.
fn check(class: Class, given: &[(Serial, i64)], asked: usize, want: &[Serial]) {
    let used = Used::new(class, given.iter().map(|(serial, ends)| (*serial, at(*ends))));
    assert_eq!(allocate(&used, asked, false, at(0)).unwrap(), want);
}

#[test]
fn a_code_is_free_a_day_after_its_end_and_counts_on() {
    let live = Class::Live;
    check(live, &[], 4, &[serial(0, 0), serial(1, 0), serial(2, 0), serial(3, 0)]);
    check(live, &[(serial(0, 0), 60), (serial(2, 3), -60)], 2, &[serial(1, 0), serial(3, 0)]);
    check(live, &[(serial(0, 0), -DAY)], 1, &[serial(1, 0)]);
    check(live, &[(serial(0, 0), -DAY - 1)], 1, &[serial(0, 1)]);
    check(live, &[(serial(0, 15), -DAY - 1)], 1, &[serial(0, 0)]);
    // The last given number counts on; the latest end of all its updates decides.
    check(live, &[(serial(0, 3), -60), (serial(0, 4), -DAY - 60)], 1, &[serial(1, 0)]);
    check(live, &[(serial(0, 3), -DAY - 60), (serial(0, 4), -DAY - 90)], 1, &[serial(0, 5)]);
    check(Class::Drill, &[(serial(1022, 0), 0)], 2, &[serial(1023, 0), serial(1021, 0)]);
    check(live, &[], 0, &[]);
}

#[test]
fn the_last_sixty_four_are_for_extreme() {
    let with = |class, taken: u16| Used::new(class, (0..taken).map(|code| (serial(code, 0), at(60))));
    let used = with(Class::Live, 900);
    assert_eq!((used.remaining(at(0)), used.is_low(at(0))), (124, true));
    assert!(!with(Class::Live, 895).is_low(at(0)) && with(Class::Live, 896).is_low(at(0)));
    assert_eq!(allocate(&used, 60, false, at(0)).unwrap().len(), 60);
    assert_eq!(allocate(&used, 61, false, at(0)), Err(Exhausted { asked: 61, free: 124, kept: 64 }));
    assert_eq!(allocate(&used, 124, true, at(0)).unwrap().len(), 124);
    assert_eq!(allocate(&used, 125, true, at(0)), Err(Exhausted { asked: 125, free: 124, kept: 0 }));
    let few = with(Class::Live, 1000);
    assert_eq!(allocate(&few, 1, false, at(0)), Err(Exhausted { asked: 1, free: 24, kept: 24 }));
    assert_eq!(
        allocate(&few, 1, false, at(0)).unwrap_err().to_string(),
        "1 message codes are asked for and 24 are free, of which 24 are kept for Extreme"
    );
    assert_eq!(allocate(&with(Class::Drill, 1000), 24, false, at(0)).unwrap().len(), 24);
    assert_eq!(used.remaining(at(60 + DAY)), 124);
    assert_eq!(used.remaining(at(61 + DAY)), 1024);
}

/// A phone that heard everything until its last moment on air, and an older one that compares update numbers.
#[derive(Default)]
struct Phone {
    heard: BTreeMap<Serial, DateTime<Utc>>,
    last_update: BTreeMap<u16, u8>,
}

impl Phone {
    fn hears(&mut self, serial: Serial, now: DateTime<Utc>, until: DateTime<Utc>) {
        if let Some(last) = self.heard.get(&serial) {
            assert!(now - *last > TimeDelta::hours(24), "{serial:?} would be dropped as a copy");
        }
        if let Some(before) = self.last_update.insert(serial.code(), serial.update()) {
            let ahead = (16 + serial.update() - before) % 16;
            assert!(
                (1..=8).contains(&ahead),
                "an older phone takes update {} after {before} for old",
                serial.update()
            );
        }
        self.heard.insert(serial, until);
    }
}

/// What the control room does next.
#[derive(Debug, Clone)]
enum Do {
    Issue { messages: usize, extreme: bool, minutes: i64 },
    Update { which: usize, minutes: i64 },
    Stop { which: usize },
    Wait { minutes: i64 },
}

fn doing() -> impl Strategy<Value = Do> {
    prop_oneof![
        3 => (1_usize..40, any::<bool>(), 1_i64..DAY).prop_map(|(messages, extreme, minutes)| Do::Issue { messages, extreme, minutes }),
        4 => (any::<usize>(), 1_i64..DAY).prop_map(|(which, minutes)| Do::Update { which, minutes }),
        1 => any::<usize>().prop_map(|which| Do::Stop { which }),
        2 => (0_i64..2 * DAY).prop_map(|minutes| Do::Wait { minutes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_phone_drops_a_new_message_and_no_two_on_air_share_a_code(
        class in prop_oneof![Just(Class::Live), Just(Class::Drill)],
        doings in proptest::collection::vec(doing(), 1..120),
    ) {
        let mut phone = Phone::default();
        let mut used = Used::new(class, []);
        let mut given: Vec<(Serial, DateTime<Utc>)> = Vec::new();
        let mut on_air: BTreeMap<u16, (Serial, DateTime<Utc>)> = BTreeMap::new();
        let mut now = at(0);
        for doing in doings {
            on_air.retain(|_, (_, ends)| *ends >= now);
            let pick = |which: usize| on_air.keys().nth(which % on_air.len().max(1)).copied();
            match doing {
                Do::Wait { minutes } => now += TimeDelta::minutes(minutes),
                Do::Stop { which } => {
                    // Stopped early: the code still waits out the end it was given.
                    if let Some(code) = pick(which) {
                        on_air.remove(&code);
                    }
                }
                Do::Issue { messages, extreme, minutes } => {
                    let free = used.remaining(now);
                    match allocate(&used, messages, extreme, now) {
                        Err(full) => prop_assert!(full.asked + full.kept > free),
                        Ok(serials) => {
                            prop_assert_eq!(serials.len(), messages);
                            let ends = now + TimeDelta::minutes(minutes);
                            for serial in serials {
                                prop_assert!(on_air.insert(serial.code(), (serial, ends)).is_none());
                                phone.hears(serial, now, ends);
                                used.give(serial, ends);
                                given.push((serial, ends));
                            }
                            prop_assert_eq!(used.remaining(now), free - messages);
                            prop_assert!(class == Class::Drill || extreme || used.remaining(now) >= 64);
                        }
                    }
                }
                Do::Update { which, minutes } => {
                    if let Some(code) = pick(which) {
                        let (old, old_ends) = on_air[&code];
                        if let Some(new) = old.next_update() {
                            let ends = now + TimeDelta::minutes(minutes);
                            phone.hears(new, now, ends);
                            phone.heard.insert(old, old_ends.max(now));
                            on_air.insert(code, (new, ends));
                            used.give(new, ends);
                            given.push((new, ends));
                        }
                    }
                }
            }
        }
        // A restart reads the record and gives the same answers.
        prop_assert_eq!(Used::new(class, given), used);
    }
}
