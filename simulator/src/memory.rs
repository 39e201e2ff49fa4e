//! What a phone remembers of the messages it got, and so which one it takes for a copy. Knows no radio.

use crate::channels::{Home, is_shown};
use std::collections::HashMap;

/// A copy is a copy for 24 hours (TS 23.041, 9.4.1.2.1; Android).
const MEMORY_MS: i64 = 24 * 3_600_000;
/// An old phone takes update numbers up to this far ahead, modulo 16, as newer, and all others as old.
const NEWER: u16 = 8;

/// How a phone treats what it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    /// As Android does since June 2024.
    Modern,
    /// Tells an older update from a newer one by its number, and on 2G mixes the pages of two messages with one serial.
    Old,
}

/// Where a message came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct From {
    /// The network, as its mobile network code or any other number of its own.
    pub(crate) plmn: u32,
    /// Tracking or location area.
    pub(crate) area: u32,
    /// The cell.
    pub(crate) cell: usize,
}

/// A message that came in whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Got<'a> {
    /// Message identifier.
    pub(crate) identifier: u16,
    /// Serial number.
    pub(crate) serial: u16,
    /// What it says.
    pub(crate) body: &'a str,
    /// Where it came from.
    pub(crate) from: From,
    /// The SIM it came by: 0 or 1.
    pub(crate) sim: usize,
    /// When, Unix milliseconds.
    pub(crate) at_ms: i64,
}

/// What a phone does with a message that has come in whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Rings and shows it.
    Shows,
    /// Drops it: shown or stored within 24 hours.
    DropsCopy,
    /// Drops it: an old phone holds an update of it that it takes for newer.
    DropsOlder,
    /// Keeps quiet: the channel is not one that it shows.
    KeepsQuiet,
}

/// The place a serial number is unique in, by the two top bits (TS 23.041, 9.4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scope {
    Network(u32),
    Area(u32, u32),
    Cell(From),
}

/// One phone's memory.
#[derive(Debug)]
pub(crate) struct Memory {
    home: Home,
    make: Make,
    stored: HashMap<(usize, u16, u16, Scope), i64>,
    numbers: HashMap<(usize, u16, u16, Scope), (u16, i64)>,
    bodies: HashMap<String, (usize, i64)>,
}

impl Memory {
    /// An empty one.
    pub(crate) fn new(home: Home, make: Make) -> Memory {
        Memory { home, make, stored: HashMap::new(), numbers: HashMap::new(), bodies: HashMap::new() }
    }

    /// Takes a message in.
    ///
    /// A copy has the same identifier and full serial, from the place that the serial's scope names; by another SIM, the
    /// same body. The duplicate check comes before the question whether the channel is shown: what was never shown counts.
    pub(crate) fn takes(&mut self, got: Got<'_>) -> Reaction {
        let fresh = |at: i64| got.at_ms - at < MEMORY_MS;
        let scope = match got.serial >> 14 {
            0b01 => Scope::Network(got.from.plmn),
            0b10 => Scope::Area(got.from.plmn, got.from.area),
            _ => Scope::Cell(got.from),
        };
        let whole = (got.sim, got.identifier, got.serial, scope);
        let other_sim = self.bodies.get(got.body).is_some_and(|&(sim, at)| sim != got.sim && fresh(at));
        if other_sim || self.stored.get(&whole).is_some_and(|&at| fresh(at)) {
            return Reaction::DropsCopy;
        }
        let (code, number) = ((got.sim, got.identifier, got.serial >> 4, scope), got.serial & 0x0F);
        let older = self
            .numbers
            .get(&code)
            .is_some_and(|&(had, at)| fresh(at) && !(1..=NEWER).contains(&(number.wrapping_sub(had) & 0x0F)));
        if older && self.make == Make::Old {
            return Reaction::DropsOlder;
        }
        self.stored.insert(whole, got.at_ms);
        self.numbers.insert(code, (number, got.at_ms));
        self.bodies.insert(got.body.to_owned(), (got.sim, got.at_ms));
        if is_shown(got.identifier, self.home) { Reaction::Shows } else { Reaction::KeepsQuiet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const HERE: From = From { plmn: 2, area: 10, cell: 1 };

    fn got(identifier: u16, serial: u16, at_ms: i64) -> Got<'static> {
        Got { identifier, serial, body: "flood", from: HERE, sim: 0, at_ms }
    }

    fn check(make: Make, takes: &[Got<'_>], expected: &[Reaction]) {
        let mut memory = Memory::new(Home::Oman, make);
        let found: Vec<Reaction> = takes.iter().map(|&got| memory.takes(got)).collect();
        assert_eq!(found, expected, "{takes:?}");
    }

    #[test]
    fn shows_once_by_identifier_serial_and_scope() {
        use Reaction::{DropsCopy, KeepsQuiet, Shows};
        let check = |takes: &[Got<'_>], expected: &[Reaction]| check(Make::Modern, takes, expected);
        let next_cell = |got: Got<'static>| Got { from: From { cell: 2, ..HERE }, ..got };
        let next_area = |got: Got<'static>| Got { from: From { area: 11, cell: 2, ..HERE }, ..got };
        let next_network = |got: Got<'static>| Got { from: From { plmn: 3, area: 10, cell: 9 }, ..got };
        check(&[got(4371, 0x4010, 0), got(4371, 0x4010, HOUR)], &[Shows, DropsCopy]);
        check(&[got(4371, 0x4010, 0), next_area(got(4371, 0x4010, HOUR))], &[Shows, DropsCopy]);
        check(&[got(4371, 0x4010, 0), got(4371, 0x4011, 1)], &[Shows, Shows]);
        check(&[got(4371, 0x4010, 0), got(4370, 0x4010, 1)], &[Shows, Shows]);
        check(&[got(4371, 0x4010, 0), got(4371, 0x4010, 24 * HOUR)], &[Shows, Shows]);
        check(&[got(4371, 0x4010, 0), got(4371, 0x4010, 24 * HOUR - 1)], &[Shows, DropsCopy]);
        // A serial of the network's scope is another message in another network: changing operator rings again.
        check(&[got(4371, 0x4010, 0), next_network(got(4371, 0x4010, 1))], &[Shows, Shows]);
        // A scope of one cell rings again in the next, that of an area in the next area.
        check(
            &[got(4371, 0x0010, 0), got(4371, 0x0010, 1), next_cell(got(4371, 0x0010, 2))],
            &[Shows, DropsCopy, Shows],
        );
        check(&[got(4371, 0xC010, 0), next_cell(got(4371, 0xC010, 2))], &[Shows, Shows]);
        check(
            &[got(4371, 0x8010, 0), next_cell(got(4371, 0x8010, 1)), next_area(got(4371, 0x8010, 2))],
            &[Shows, DropsCopy, Shows],
        );
        check(&[got(4380, 0x4010, 0), got(4380, 0x4010, 1)], &[KeepsQuiet, DropsCopy]);
        check(&[got(4381, 0x4010, 0), got(4375, 0x4010, 1)], &[Shows, KeepsQuiet]);
    }

    #[test]
    fn a_second_sim_drops_the_same_body_and_what_was_never_shown_counts() {
        use Reaction::{DropsCopy, KeepsQuiet, Shows};
        let second = |got: Got<'static>| Got { sim: 1, from: From { plmn: 3, ..HERE }, ..got };
        let other = |got: Got<'static>| Got { body: "flood, 17:00", ..second(got) };
        let takes = [got(4371, 0x4010, 0), second(got(4371, 0x4990, 1)), other(got(4371, 0x4990, 2))];
        check(Make::Modern, &takes, &[Shows, DropsCopy, Shows]);
        let quiet = [got(4380, 0x4010, 0), second(got(4371, 0x4020, 1))];
        check(Make::Modern, &quiet, &[KeepsQuiet, DropsCopy]);
        let later = [got(4371, 0x4010, 0), second(got(4371, 0x4010, 24 * HOUR))];
        check(Make::Modern, &later, &[Shows, Shows]);
    }

    #[test]
    fn an_old_phone_takes_one_to_eight_ahead_as_newer() {
        use Reaction::{DropsCopy, DropsOlder, Shows};
        for (number, reaction) in [(4, Shows), (11, Shows), (12, DropsOlder), (2, DropsOlder), (3, DropsCopy)]
        {
            let takes = [got(4371, 0x4013, 0), got(4371, 0x4010 | number, 1)];
            check(Make::Old, &takes, &[Shows, reaction]);
        }
        check(Make::Old, &[got(4371, 0x401F, 0), got(4371, 0x4010, 1)], &[Shows, Shows]);
        check(Make::Modern, &[got(4371, 0x4013, 0), got(4371, 0x4012, 1)], &[Shows, Shows]);
        check(Make::Old, &[got(4371, 0x4013, 0), got(4371, 0x4012, 24 * HOUR)], &[Shows, Shows]);
    }
}
