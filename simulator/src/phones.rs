//! Phones of one operator: where they are, which cells they listen to, from when on, and whose they are.

use crate::cells::{Cell, Rat};
use crate::channels::Home;
use crate::geometry::Place;
use crate::memory::Make;
use crate::random::Stream;

/// One phone in a hundred is switched off or without a signal: assumed.
const DEAF: f64 = 0.01;
/// Three in a hundred move to another cell of their radio while a warning is on the air: assumed.
const MOVING: f64 = 0.03;
/// Where the paging cycle is 2.56 s, the longest, rather than the usual 1.28 s: assumed.
const LONG_CYCLE: f64 = 0.2;
/// Another one in a hundred is switched on while a warning is on the air: assumed.
const SWITCHED_ON: f64 = 0.01;
/// One in two hundred comes over from another operator of Oman while a warning is on the air: assumed.
const CHANGES_OPERATOR: f64 = 0.005;
/// One in ten has a second SIM that listens here as well: assumed.
const SECOND_SIM: f64 = 0.1;
/// Three in a hundred are roamers: assumed.
const ROAMING: f64 = 0.03;
/// One in ten was not updated since June 2024; of those on 2G, four in ten: assumed.
const OLD: f64 = 0.1;
const OLD_ON_2G: f64 = 0.4;

/// A phone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phone {
    /// Index of the cell it listens to.
    pub(crate) cell: usize,
    /// The cell it moves to, and how long after the first broadcast, milliseconds.
    pub(crate) moves: Option<(usize, i64)>,
    /// From when on it listens.
    pub(crate) presence: Presence,
    /// Its paging cycle in 4G and 5G, milliseconds.
    pub(crate) cycle_ms: i64,
    /// Where it lies.
    pub(crate) place: Place,
    /// The cell its second SIM listens to.
    pub(crate) second_sim: Option<usize>,
    /// Whose settings it has.
    pub(crate) home: Home,
    /// How it treats what it gets.
    pub(crate) make: Make,
}

/// From when on a phone listens to this network; milliseconds after the first broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// All the time.
    Here,
    /// Never: off, or without a signal.
    Deaf,
    /// It is switched on late.
    SwitchedOn(i64),
    /// It comes over from another operator, which broadcast the same.
    FromAnotherOperator(i64),
}

impl Phone {
    /// Whether it can receive when a warning begins.
    pub(crate) fn can_receive(&self) -> bool {
        self.presence == Presence::Here
    }
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
    let moves = moves.map(|to| (to, draw.millis(2_000, 60_000)));
    let deaf = draw.chance(DEAF);
    let cycle_ms = if draw.chance(LONG_CYCLE) { 2560 } else { 1280 };
    let place = home.wedge.place_at(draw.unit(), draw.unit());
    let (switched_on, comes_over) = (draw.chance(SWITCHED_ON), draw.chance(CHANGES_OPERATOR));
    let later = draw.millis(2_000, 600_000);
    let presence = match (deaf, switched_on, comes_over) {
        (true, ..) => Presence::Deaf,
        (false, true, _) => Presence::SwitchedOn(later),
        (false, false, true) => Presence::FromAnotherOperator(later),
        (false, false, false) => Presence::Here,
    };
    let old = if home.rat == Rat::Gsm { OLD_ON_2G } else { OLD };
    Some(Phone {
        cell,
        moves,
        presence,
        cycle_ms,
        place,
        second_sim: draw.chance(SECOND_SIM).then(|| beside(cells, cell, &mut draw)).flatten(),
        home: if draw.chance(ROAMING) { Home::Abroad } else { Home::Oman },
        make: if draw.chance(old) { Make::Old } else { Make::Modern },
    })
}

/// Another cell of the same site and radio: lists hold the cells of a site one after the other.
fn beside(cells: &[Cell], cell: usize, draw: &mut Stream) -> Option<usize> {
    let home = cells.get(cell)?;
    let near = cell.saturating_sub(2)..(cell + 3).min(cells.len());
    let same = |other: &Cell| other.wedge.site == home.wedge.site && other.rat == home.rat;
    let others: Vec<usize> = near.filter(|&other| other != cell && same(&cells[other])).collect();
    let pick = draw.below(u64::try_from(others.len()).unwrap_or(0));
    others.get(usize::try_from(pick).unwrap_or(0)).copied()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;

    type Which = fn(&Phone) -> bool;

    #[test]
    fn spreads_by_handsets_and_the_same_for_the_same_seed() {
        let cells = cells::read(cells::generate("omantel", 3).as_bytes(), "omantel").unwrap();
        let phones = spread(&cells, 4000, 3);
        assert_eq!(phones, spread(&cells, 4000, 3));
        assert_ne!(phones, spread(&cells, 4000, 4));
        assert_eq!(phones.len(), 4000);
        let count = |which: fn(&Phone) -> bool| phones.iter().filter(|phone| which(phone)).count();
        let here = count(Phone::can_receive);
        assert!((3850..3950).contains(&here), "{here} can receive");
        let rows: [(&str, Which, std::ops::Range<usize>); 5] = [
            ("switched on", |p| matches!(p.presence, Presence::SwitchedOn(_)), 20..70),
            ("from another operator", |p| matches!(p.presence, Presence::FromAnotherOperator(_)), 5..45),
            ("a second SIM", |p| p.second_sim.is_some(), 320..480),
            ("roaming", |p| p.home == Home::Abroad, 80..170),
            ("old", |p| p.make == Make::Old, 350..650),
        ];
        for (what, which, expected) in rows {
            assert!(expected.contains(&count(which)), "{what}: {}", count(which));
        }
        let share = |rat| phones.iter().filter(|phone| cells[phone.cell].rat == rat).count() as f64 / 4000.0;
        assert!(share(Rat::Lte) > 0.6 && share(Rat::Nr) > 0.15 && share(Rat::Gsm) > 0.02);
        for phone in &phones {
            if let Some(second) = phone.second_sim {
                assert_ne!(second, phone.cell);
                assert_eq!(cells[second].wedge.site, cells[phone.cell].wedge.site);
            }
            if let Some((to, _)) = phone.moves {
                assert_eq!(cells[to].rat, cells[phone.cell].rat);
                assert_ne!(cells[to].wedge.site, cells[phone.cell].wedge.site);
            }
        }
        assert_eq!(spread(&[], 10, 1), []);
    }
}
