//! What a new cell list changes in the place of an old one: cells added, moved, lost; coverage by wilayat.

use super::{Cell, CellList};
use crate::area::census::{Census, outside};
use crate::area::index::Index;
use geo::Point;
use geo::line_measures::{Distance, Geodesic};
use std::collections::HashMap;

/// A cell that stands, points or reaches otherwise than before.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its key.
    pub cell: String,
    /// How far its site moved, in metres on the ellipsoid.
    pub metres: f64,
    /// How far its azimuth turned, from -180 to 180 degrees, clockwise.
    pub turned: f64,
    /// How much farther it reaches, in metres.
    pub reach_m: f64,
}

/// What a new list changes. Keys in the order of the lists, which is from south to north.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// Cells that were not there before.
    pub added: Vec<String>,
    /// Cells whose site, azimuth, beam or range is another.
    pub moved: Vec<Change>,
    /// Cells that are not there any more.
    pub lost: Vec<String>,
    /// Cells of the new list outside of the country and its sea.
    pub outside: Vec<String>,
    /// The old list by wilayat.
    pub before: Census,
    /// The new list by wilayat.
    pub after: Census,
}

/// Compares two lists.
pub fn changes(old: &CellList, new: &CellList, index: &Index) -> Changes {
    let (was, is) = (by_identity(old), by_identity(new));
    let without = |list: &CellList, other: &HashMap<_, _>| -> Vec<String> {
        list.cells.iter().filter(|c| !other.contains_key(&identity(c))).map(Cell::key).collect()
    };
    Changes {
        added: without(new, &was),
        moved: new.cells.iter().filter_map(|c| moved(was.get(&identity(c))?, c)).collect(),
        lost: without(old, &is),
        outside: outside(new, index).into_iter().map(Cell::key).collect(),
        before: Census::of(old, index),
        after: Census::of(new, index),
    }
}

type Identity<'a> = (u16, &'a str, super::Rat, u32, u64);

fn identity(cell: &Cell) -> Identity<'_> {
    (cell.mcc, &cell.mnc, cell.rat, cell.tac_lac, cell.cell_id)
}

fn by_identity(list: &CellList) -> HashMap<Identity<'_>, &Cell> {
    list.cells.iter().map(|cell| (identity(cell), cell)).collect()
}

fn moved(old: &Cell, new: &Cell) -> Option<Change> {
    let same = old.sector() == new.sector();
    let point = |cell: &Cell| Point::new(cell.site.lon, cell.site.lat);
    (!same).then(|| Change {
        cell: new.key(),
        metres: Geodesic.distance(point(old), point(new)),
        turned: (new.azimuth - old.azimuth + 180.0).rem_euclid(360.0) - 180.0,
        reach_m: new.range_m - old.range_m,
    })
}
