//! Phones of one operator: where they are, which cell they listen to, what they show and what they drop as a copy.

use crate::cells::Cell;
use crate::channels::is_shown;
use crate::geometry::Place;
use crate::random::Stream;
use std::collections::HashMap;

/// One phone in a hundred is switched off or without a signal: assumed.
const DEAF: f64 = 0.01;
/// Three in a hundred move to another cell of their radio while a warning is on the air: assumed.
const MOVING: f64 = 0.03;
/// Where the paging cycle is 2.56 s, the longest, rather than the usual 1.28 s: assumed.
const LONG_CYCLE: f64 = 0.2;
/// A copy is a copy for 24 hours (TS 23.041, 9.4.1.2.1; Android).
const MEMORY_MS: i64 = 24 * 3_600_000;

/// A phone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phone {
    /// Index of the cell it listens to.
    pub(crate) cell: usize,
    /// The cell it moves to, and how long after the first broadcast, milliseconds.
    pub(crate) moves: Option<(usize, i64)>,
    /// Whether it can receive at all.
    pub(crate) able: bool,
    /// Its paging cycle in 4G and 5G, milliseconds.
    pub(crate) cycle_ms: i64,
    /// Where it lies.
    pub(crate) place: Place,
}

/// `count` phones over the cells, by the handsets each serves.
pub(crate) fn spread(cells: &[Cell], count: usize, seed: u64) -> Vec<Phone> {
    let sums: Vec<u64> = cells
        .iter()
        .scan(0_u64, |sum, cell| {
            *sum += u64::from(cell.handsets);
            Some(*sum)
        })
        .collect();
    let total = sums.last().copied().unwrap_or(0);
    (0..count).filter_map(|number| phone(cells, &sums, total, number, seed)).collect()
}

fn phone(cells: &[Cell], sums: &[u64], total: u64, number: usize, seed: u64) -> Option<Phone> {
    let mut draw = Stream::new(seed, "phone", &[u64::try_from(number).unwrap_or(0)]);
    let among = u64::try_from(cells.len()).unwrap_or(0);
    let cell = if total == 0 {
        usize::try_from(draw.below(among)).unwrap_or(0)
    } else {
        let ticket = draw.below(total);
        sums.partition_point(|&sum| sum <= ticket)
    };
    let home = cells.get(cell)?;
    let moves = draw.chance(MOVING).then(|| neighbour(cells, cell)).flatten();
    Some(Phone {
        cell,
        moves: moves.map(|to| (to, draw.millis(2_000, 60_000))),
        able: !draw.chance(DEAF),
        cycle_ms: if draw.chance(LONG_CYCLE) { 2560 } else { 1280 },
        place: home.wedge.place_at(draw.unit(), draw.unit()),
    })
}

/// The nearest cell of the same radio at another site.
fn neighbour(cells: &[Cell], from: usize) -> Option<usize> {
    let home = cells.get(from)?;
    let distance = |cell: &Cell| {
        let (a, b) = (cell.wedge.site, home.wedge.site);
        (a.lat - b.lat).hypot((a.lon - b.lon) * b.lat.to_radians().cos())
    };
    let others = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.rat == home.rat && cell.wedge.site != home.wedge.site);
    others.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b))).map(|(index, _)| index)
}

/// What a phone does with a message that has come in whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Rings and shows it.
    Shows,
    /// Drops it: shown or stored within 24 hours.
    DropsCopy,
    /// Keeps quiet: the channel is not one that Omani phones show.
    KeepsQuiet,
}

/// What a phone remembers of the messages it got; it stays with one operator, so the PLMN is not part of the key.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    stored: HashMap<(u16, u16, Option<usize>), i64>,
}

impl Memory {
    /// Takes a message in from a cell.
    ///
    /// A copy has the same identifier and full serial, from the place that the scope in the serial's two top bits names:
    /// 01 the network, 10 the tracking or location area (taken as the cell here), 00 and 11 the cell. The duplicate
    /// check comes before the question whether the channel is shown.
    pub(crate) fn takes(&mut self, identifier: u16, serial: u16, cell: usize, at_ms: i64) -> Reaction {
        let place = if serial >> 14 == 0b01 { None } else { Some(cell) };
        let key = (identifier, serial, place);
        match self.stored.get(&key) {
            Some(&stored) if at_ms - stored < MEMORY_MS => Reaction::DropsCopy,
            _ => {
                self.stored.insert(key, at_ms);
                if is_shown(identifier) { Reaction::Shows } else { Reaction::KeepsQuiet }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::{self, Rat};

    const HOUR: i64 = 3_600_000;

    fn check(takes: &[(u16, u16, usize, i64)], expected: &[Reaction]) {
        let mut memory = Memory::default();
        let found: Vec<Reaction> = takes
            .iter()
            .map(|&(identifier, serial, cell, at)| memory.takes(identifier, serial, cell, at))
            .collect();
        assert_eq!(found, expected, "{takes:?}");
    }

    #[test]
    fn shows_once_by_identifier_serial_and_scope() {
        use Reaction::{DropsCopy, KeepsQuiet, Shows};
        check(&[(4371, 0x4010, 1, 0), (4371, 0x4010, 1, HOUR)], &[Shows, DropsCopy]);
        check(&[(4371, 0x4010, 1, 0), (4371, 0x4010, 2, HOUR)], &[Shows, DropsCopy]);
        check(&[(4371, 0x4010, 1, 0), (4371, 0x4011, 1, 1)], &[Shows, Shows]);
        check(&[(4371, 0x4010, 1, 0), (4370, 0x4010, 1, 1)], &[Shows, Shows]);
        check(&[(4371, 0x4010, 1, 0), (4371, 0x4010, 1, 24 * HOUR)], &[Shows, Shows]);
        check(&[(4371, 0x4010, 1, 0), (4371, 0x4010, 1, 24 * HOUR - 1)], &[Shows, DropsCopy]);
        // A scope of one cell rings again in the next.
        check(
            &[(4371, 0x0010, 1, 0), (4371, 0x0010, 1, 1), (4371, 0x0010, 2, 2)],
            &[Shows, DropsCopy, Shows],
        );
        check(&[(4371, 0xC010, 1, 0), (4371, 0xC010, 2, 2)], &[Shows, Shows]);
        check(&[(4380, 0x4010, 1, 0), (4380, 0x4010, 1, 1)], &[KeepsQuiet, DropsCopy]);
        check(&[(4381, 0x4010, 1, 0), (4375, 0x4010, 1, 1)], &[Shows, KeepsQuiet]);
    }

    #[test]
    fn spreads_by_handsets_and_the_same_for_the_same_seed() {
        let cells = cells::read(cells::generate("omantel", 3).as_bytes(), "omantel").unwrap();
        let phones = spread(&cells, 4000, 3);
        assert_eq!(phones, spread(&cells, 4000, 3));
        assert_ne!(phones, spread(&cells, 4000, 4));
        assert_eq!(phones.len(), 4000);
        let able = phones.iter().filter(|phone| phone.able).count();
        assert!((3900..4000).contains(&able), "{able} can receive");
        let share = |rat| phones.iter().filter(|phone| cells[phone.cell].rat == rat).count() as f64 / 4000.0;
        assert!(share(Rat::Lte) > 0.6 && share(Rat::Nr) > 0.15 && share(Rat::Gsm) > 0.02);
        for phone in &phones {
            if let Some((to, _)) = phone.moves {
                assert_eq!(cells[to].rat, cells[phone.cell].rat);
                assert_ne!(cells[to].wedge.site, cells[phone.cell].wedge.site);
            }
        }
        assert_eq!(spread(&[], 10, 1), []);
    }
}
