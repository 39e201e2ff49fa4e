//! Serial numbers against the phones' rule: what was met within 24 hours under the same serial is dropped.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cbs::serial::{Ask, Exhausted, Used, allocate};
use nadhir_core::cbs::{Channel, Class, Serial};
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

fn new(channel: Channel, messages: usize) -> Ask {
    Ask { channel, messages, before: vec![] }
}

/// What `asked` messages get after `given`, at minute 0.
fn check(class: Class, given: &[(Serial, i64)], asked: usize, want: &[Serial]) {
    let used = Used::new(class, given.iter().map(|(serial, ends)| (*serial, at(*ends))));
    let channel = if class == Class::Live { Channel::Warning } else { Channel::Exercise };
    assert_eq!(allocate(&used, &new(channel, asked), at(0)).unwrap(), want);
}

#[test]
fn an_update_keeps_its_codes_where_it_can() {
    let used = Used::new(Class::Live, [(serial(0, 14), at(60)), (serial(1, 3), at(60))]);
    let update = |channel, messages, before: &[(Channel, Serial)]| {
        allocate(&used, &Ask { channel, messages, before: before.to_vec() }, at(0)).unwrap()
    };
    let (first, second) = ((Channel::Warning, serial(0, 14)), (Channel::Warning, serial(1, 3)));
    assert_eq!(update(Channel::Warning, 2, &[first, second]), [serial(0, 15), serial(1, 4)]);
    // Another channel, another number of messages, or no number left after 15: new codes.
    assert_eq!(update(Channel::Emergency, 2, &[first, second]), [serial(2, 0), serial(3, 0)]);
    assert_eq!(update(Channel::Warning, 1, &[first, second]), [serial(2, 0)]);
    let last = (Channel::Warning, serial(0, 15));
    assert_eq!(update(Channel::Warning, 2, &[last, second]), [serial(2, 0), serial(3, 0)]);
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
    let (warning, extreme) = (Channel::Warning, Channel::Emergency);
    let used = with(Class::Live, 900);
    assert_eq!((used.remaining(at(0)), used.is_low(at(0))), (124, true));
    assert!(!with(Class::Live, 895).is_low(at(0)) && with(Class::Live, 896).is_low(at(0)));
    assert_eq!(allocate(&used, &new(warning, 60), at(0)).unwrap().len(), 60);
    assert_eq!(allocate(&used, &new(warning, 61), at(0)), Err(Exhausted { asked: 61, free: 124, kept: 64 }));
    assert_eq!(allocate(&used, &new(extreme, 124), at(0)).unwrap().len(), 124);
    assert_eq!(allocate(&used, &new(extreme, 125), at(0)), Err(Exhausted { asked: 125, free: 124, kept: 0 }));
    let few = with(Class::Live, 1000);
    assert_eq!(allocate(&few, &new(warning, 1), at(0)), Err(Exhausted { asked: 1, free: 24, kept: 24 }));
    assert_eq!(
        allocate(&few, &new(warning, 1), at(0)).unwrap_err().to_string(),
        "1 message codes are asked for and 24 are free, of which 24 are kept for Extreme"
    );
    assert_eq!(allocate(&with(Class::Drill, 1000), &new(Channel::Exercise, 24), at(0)).unwrap().len(), 24);
    assert_eq!(used.remaining(at(60 + DAY)), 124);
    assert_eq!(used.remaining(at(61 + DAY)), 1024);
}

/// A phone that heard everything until its last moment on air. It drops what it met within 24 hours under one serial, whatever
/// the identifier; an older one also compares update numbers under one code.
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
    Update { which: usize, messages: Option<usize>, changes_channel: bool, minutes: i64, times: usize },
    Stop { which: usize },
    Wait { minutes: i64 },
}

fn doing() -> impl Strategy<Value = Do> {
    let update = (
        any::<usize>(),
        proptest::option::weighted(0.2, 1_usize..5),
        proptest::bool::weighted(0.2),
        1_i64..DAY,
        1_usize..6,
    );
    prop_oneof![
        3 => (1_usize..40, any::<bool>(), 1_i64..DAY)
            .prop_map(|(messages, extreme, minutes)| Do::Issue { messages, extreme, minutes }),
        4 => update.prop_map(|(which, messages, changes_channel, minutes, times)| {
            Do::Update { which, messages, changes_channel, minutes, times }
        }),
        1 => any::<usize>().prop_map(|which| Do::Stop { which }),
        2 => (0_i64..2 * DAY).prop_map(|minutes| Do::Wait { minutes }),
    ]
}

/// A warning on air: its messages under one channel, and its end.
#[derive(Debug, Clone)]
struct OnAir {
    channel: Channel,
    serials: Vec<Serial>,
    ends: DateTime<Utc>,
}

/// The control room's record, a phone in the area, and what is on air.
struct Room {
    class: Class,
    now: DateTime<Utc>,
    used: Used,
    given: Vec<(Serial, DateTime<Utc>)>,
    phone: Phone,
    on_air: Vec<OnAir>,
}

impl Room {
    fn new(class: Class) -> Room {
        let (used, on_air) = (Used::new(class, []), Vec::new());
        Room { class, now: at(0), used, given: Vec::new(), phone: Phone::default(), on_air }
    }

    fn channel(&self, extreme: bool) -> Channel {
        match (self.class, extreme) {
            (Class::Drill, _) => Channel::Exercise,
            (Class::Live, true) => Channel::Emergency,
            (Class::Live, false) => Channel::Warning,
        }
    }

    /// Gives serials, tells the phone, and puts the messages on air.
    fn issue(&mut self, ask: &Ask, minutes: i64) -> Result<(), Exhausted> {
        let (now, ends) = (self.now, self.now + TimeDelta::minutes(minutes));
        let free = self.used.remaining(now);
        let serials =
            allocate(&self.used, ask, now).inspect_err(|full| assert!(full.asked + full.kept > free))?;
        assert_eq!(serials.len(), ask.messages);
        for serial in &serials {
            let shared = self.on_air.iter().any(|w| w.serials.iter().any(|s| s.code() == serial.code()));
            assert!(!shared, "two live messages share code {}", serial.code());
            self.phone.hears(*serial, now, ends);
            self.used.give(*serial, ends);
            self.given.push((*serial, ends));
        }
        if ask.before.is_empty() {
            assert_eq!(self.used.remaining(now), free - ask.messages);
            assert!(ask.channel != Channel::Warning || self.used.remaining(now) >= 64);
        }
        self.on_air.push(OnAir { channel: ask.channel, serials, ends });
        Ok(())
    }

    /// Writes the new, then stops the old, which the phone heard until this moment.
    fn update(&mut self, which: usize, messages: Option<usize>, changes_channel: bool, minutes: i64) {
        if self.on_air.is_empty() {
            return;
        }
        let old = self.on_air.remove(which % self.on_air.len());
        for serial in &old.serials {
            self.phone.heard.insert(*serial, self.now);
        }
        let channel = self.channel((old.channel == Channel::Emergency) != changes_channel);
        let before = old.serials.iter().map(|serial| (old.channel, *serial)).collect();
        let ask = Ask { channel, messages: messages.unwrap_or(old.serials.len()), before };
        if self.issue(&ask, minutes).is_err() {
            self.on_air.push(old);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_phone_drops_a_new_message_and_no_two_on_air_share_a_code(
        class in prop_oneof![Just(Class::Live), Just(Class::Drill)],
        doings in proptest::collection::vec(doing(), 1..120),
    ) {
        let mut room = Room::new(class);
        for doing in doings {
            let now = room.now;
            room.on_air.retain(|warning| warning.ends >= now);
            match doing {
                Do::Wait { minutes } => room.now += TimeDelta::minutes(minutes),
                // Stopped early: the codes still wait out the end they were given.
                Do::Stop { which } if !room.on_air.is_empty() => {
                    let which = which % room.on_air.len();
                    room.on_air.remove(which);
                }
                Do::Stop { .. } => {}
                Do::Issue { messages, extreme, minutes } => {
                    let ask = new(room.channel(extreme), messages);
                    let _full = room.issue(&ask, minutes);
                }
                Do::Update { which, messages, changes_channel, minutes, times } => {
                    room.update(which, messages, changes_channel, minutes);
                    // The same warning again and again, past update number 15.
                    for _ in 1..times {
                        room.now += TimeDelta::minutes(1);
                        let last = room.on_air.len().saturating_sub(1);
                        room.update(last, None, false, minutes);
                    }
                }
            }
        }
        // A restart reads the record and gives the same answers.
        prop_assert_eq!(Used::new(class, room.given), room.used);
    }

    /// Drills spend no live code, and the two meet under one code only when nearly all are in use.
    #[test]
    fn live_and_drill_do_not_meet(live in 1_usize..512, drill in 1_usize..512) {
        let of = |class, channel, asked| {
            let mut used = Used::new(class, []);
            let serials = allocate(&used, &new(channel, asked), at(0)).unwrap();
            for serial in &serials {
                used.give(*serial, at(60));
            }
            (serials, used.remaining(at(0)))
        };
        let (live_serials, live_left) = of(Class::Live, Channel::Warning, live);
        let (drill_serials, drill_left) = of(Class::Drill, Channel::Exercise, drill);
        prop_assert_eq!((live_left, drill_left), (1024 - live, 1024 - drill));
        prop_assert!(live_serials.iter().all(|l| drill_serials.iter().all(|d| d.code() != l.code())));
    }
}
