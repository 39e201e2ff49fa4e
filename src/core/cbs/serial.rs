//! Serial numbers: scope, message code, update number; which codes are free, and who may have the last. Keeps no state itself.
//!
//! A phone drops a message whose serial it has met within 24 hours under the same identifier, shown or not.

use super::channel::{Channel, Class};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Ten bits of message code.
pub const CODES: u16 = 1024;
/// When so few codes are free, somebody is told.
pub const ALARM: usize = 128;
/// The last codes of the live class are for Extreme.
pub const KEPT_FOR_EXTREME: usize = 64;
/// Hours after its end in which a code is not used again: as long as phones remember it.
pub const QUARANTINE_HOURS: i64 = 24;

/// A serial number (TS 23.041, 9.4.1.2.1) of scope 01: unique in the whole network, so that it does not ring again in every
/// cell. Scope (2 bits), message code (10), update number (4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Serial(u16);

const SCOPE_PLMN: u16 = 0b01 << 14;
const SCOPE_MASK: u16 = 0b11 << 14;

impl Serial {
    /// A serial of a code below 1,024 and an update number below 16.
    pub fn new(code: u16, update: u8) -> Option<Serial> {
        (code < CODES && update < 16).then(|| Serial(SCOPE_PLMN | code << 4 | u16::from(update)))
    }

    /// The serial of sixteen bits, if its scope is 01.
    pub fn from_u16(bits: u16) -> Option<Serial> {
        (bits & SCOPE_MASK == SCOPE_PLMN).then_some(Serial(bits))
    }

    /// All sixteen bits.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The message code: 0 to 1,023.
    pub const fn code(self) -> u16 {
        self.0 >> 4 & (CODES - 1)
    }

    /// The update number: 0 to 15.
    pub const fn update(self) -> u8 {
        self.0.to_le_bytes()[0] & 0x0F
    }

    /// The serial of changed content under the same code; `None` after 15, when the update takes a new code and the old one
    /// is stopped.
    pub fn next_update(self) -> Option<Serial> {
        Serial::new(self.code(), self.update() + 1)
    }
}

impl From<Serial> for u16 {
    fn from(serial: Serial) -> u16 {
        serial.0
    }
}

impl TryFrom<u16> for Serial {
    type Error = String;

    fn try_from(bits: u16) -> Result<Serial, String> {
        Serial::from_u16(bits).ok_or_else(|| format!("0x{bits:04X} is not a serial number of scope 01"))
    }
}

/// Too few codes are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{asked} message codes are asked for and {free} are free, of which {kept} are kept for Extreme")]
pub struct Exhausted {
    /// How many were asked for.
    pub asked: usize,
    /// How many are free.
    pub free: usize,
    /// How many of those this message may not have.
    pub kept: usize,
}

/// The last use of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Use {
    update: u8,
    ends: DateTime<Utc>,
}

/// Every code that was ever used in one class. Live and drill each have their own: a drill spends no live code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    class: Class,
    codes: BTreeMap<u16, Use>,
}

impl Used {
    /// From the serials given out in this class, in the order they were given, each with the last instant at which any
    /// operator may still broadcast it: `expires`, or the stop if all have confirmed it.
    pub fn new(class: Class, given: impl IntoIterator<Item = (Serial, DateTime<Utc>)>) -> Used {
        let mut used = Used { class, codes: BTreeMap::new() };
        for (serial, ends) in given {
            used.give(serial, ends);
        }
        used
    }

    /// Takes note of one serial more.
    pub fn give(&mut self, serial: Serial, ends: DateTime<Utc>) {
        let entry = self.codes.entry(serial.code()).or_insert(Use { update: serial.update(), ends });
        entry.update = serial.update();
        entry.ends = entry.ends.max(ends);
    }

    /// How many codes are free now.
    pub fn remaining(&self, now: DateTime<Utc>) -> usize {
        (0..CODES).filter(|code| self.is_free(*code, now)).count()
    }

    /// Whether somebody has to be told that codes run out.
    pub fn is_low(&self, now: DateTime<Utc>) -> bool {
        self.remaining(now) <= ALARM
    }

    fn is_free(&self, code: u16, now: DateTime<Utc>) -> bool {
        self.codes.get(&code).is_none_or(|last| {
            last.ends.checked_add_signed(TimeDelta::hours(QUARANTINE_HOURS)).is_some_and(|until| until < now)
        })
    }

    /// Its first serial: update number 0, or the last one + 1 (mod 16), since older phones take 1 to 8 ahead as newer.
    fn first_serial(&self, code: u16) -> Option<Serial> {
        Serial::new(code, self.codes.get(&code).map_or(0, |last| (last.update + 1) % 16))
    }
}

/// What serials are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Where the messages are broadcast. Its class is that of the codes that are looked at.
    pub channel: Channel,
    /// How many there are.
    pub messages: usize,
    /// What they take the place of, message by message; empty for a new warning.
    pub before: Vec<(Channel, Serial)>,
}

/// The serials of messages, in their order; all or none. The same answer for the same question. They are the same at every
/// operator and whenever a message is sent again.
///
/// An update on the same channel in as many messages keeps the codes and counts the update numbers on. On another channel,
/// in another number of messages or after update number 15 it takes new codes, and what it replaces is stopped.
///
/// Live takes the lowest free codes and drills the highest, so that the two meet on air only when nearly all codes are in
/// use: old phones mixed pages of two messages that shared a serial, whatever their identifiers.
pub fn allocate(used: &Used, ask: &Ask, now: DateTime<Utc>) -> Result<Vec<Serial>, Exhausted> {
    if let Some(next) = counted_on(ask) {
        return Ok(next);
    }
    let (asked, free) = (ask.messages, used.remaining(now));
    let kept = match ask.channel {
        Channel::Warning => KEPT_FOR_EXTREME.min(free),
        Channel::Emergency | Channel::Exercise | Channel::Test => 0,
    };
    if asked > free - kept {
        return Err(Exhausted { asked, free, kept });
    }
    let serials = |code: u16| used.is_free(code, now).then(|| used.first_serial(code)).flatten();
    Ok(match used.class {
        Class::Live => (0..CODES).filter_map(serials).take(asked).collect(),
        Class::Drill => (0..CODES).rev().filter_map(serials).take(asked).collect(),
    })
}

/// The next update number of each message before, where the codes can be kept.
fn counted_on(ask: &Ask) -> Option<Vec<Serial>> {
    let same = !ask.before.is_empty()
        && ask.before.len() == ask.messages
        && ask.before.iter().all(|(channel, _)| *channel == ask.channel);
    same.then(|| ask.before.iter().map(|(_, serial)| serial.next_update()).collect())?
}
