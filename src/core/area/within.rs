//! Which cells an area holds: by their centres or by their sectors, each a scan along rows of latitude.

use super::cells::{Cell, CellList};
use super::prepared::{Contact, Position, Prepared, contact, enters, locate, within};
use super::rows::whole;
use super::scan::{Scan, Stretch, ascending};
use geo::{BoundingRect, Coord, Line, MultiPolygon, Polygon, Rect};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// When a cell counts as inside an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Its centre lies strictly inside. For counting and for benches.
    Centroid,
    /// Its wedge shares an area with it. What delivery uses: no phone in the area may be missed.
    Sector,
}

/// What finds cells: rows of their centres, and rows of the boxes of their wedges, the small apart from the large.
#[derive(Debug, Clone)]
pub(crate) struct Finder {
    centres: Scan,
    classes: Vec<Class>,
}

/// Wedges of about one size.
#[derive(Debug, Clone)]
struct Class {
    scan: Scan,
    /// The cells, in the order of the scan, each with the box of its wedge.
    cells: Vec<(usize, Rect<f64>)>,
}

/// A row of centres is about 2.2 km high, one of wedges at least.
const ROW: f64 = 0.02;
/// The smallest class of wedges, in metres of range; each next has twice the range.
const LEAST_M: f64 = 500.0;
/// More than this many are put in order by marking them, fewer by sorting.
const MANY: usize = 1_000;

impl CellList {
    /// The cells an area holds, as positions in `cells()`, ascending.
    pub fn within(&self, area: &MultiPolygon<f64>, rule: Rule) -> Vec<usize> {
        let mut found = Vec::new();
        for polygon in area {
            match rule {
                Rule::Centroid => self.centres_in(polygon, &mut found),
                Rule::Sector => self.sectors_in(polygon, &mut found),
            }
        }
        if area.0.len() > 1 || rule == Rule::Sector { in_order(found, self.cells.len()) } else { found }
    }

    /// The cells an area holds by their sectors, as positions in `cells()`, ascending, each with the share of its sector
    /// that lies inside: exact for those wholly inside, else told by points spread evenly over the sector.
    pub fn reached(&self, area: &MultiPolygon<f64>) -> Vec<(usize, f64)> {
        let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
        for polygon in area {
            let Some(ready) = Prepared::new(polygon) else { continue };
            let edges = ascending(polygon);
            for class in &self.finder.classes {
                class.scan.walk(polygon, &edges, |cells, under| {
                    for (cell, bounds) in &class.cells[cells] {
                        let share = match under {
                            None => 1.0,
                            Some((edges, _)) if self.meets(*cell, *bounds, &ready, edges) => {
                                share(&self.cells[*cell], &ready)
                            }
                            Some(_) => continue,
                        };
                        *shares.entry(*cell).or_default() += share;
                    }
                });
            }
        }
        shares.into_iter().map(|(cell, share)| (cell, share.min(1.0))).collect()
    }

    fn centres_in(&self, polygon: &Polygon<f64>, found: &mut Vec<usize>) {
        let centre = |i: usize| Coord { x: self.cells[i].centre.lon, y: self.cells[i].centre.lat };
        self.finder.centres.walk(polygon, &ascending(polygon), |cells, under| match under {
            None => found.extend(cells),
            Some((edges, beyond)) => found.extend(cells.filter(|&i| is_inside(centre(i), edges, beyond))),
        });
    }

    fn sectors_in(&self, polygon: &Polygon<f64>, found: &mut Vec<usize>) {
        let Some(area) = Prepared::new(polygon) else { return };
        let edges = ascending(polygon);
        for class in &self.finder.classes {
            class.scan.walk(polygon, &edges, |cells, under| {
                let cells = class.cells[cells].iter();
                match under {
                    None => found.extend(cells.map(|(cell, _)| cell)),
                    Some((edges, _)) => found.extend(
                        cells.filter(|(i, bounds)| self.meets(*i, *bounds, &area, edges)).map(|(i, _)| i),
                    ),
                }
            });
        }
    }

    /// Whether a cell's wedge, of which the box is given, meets an area; `edges` are those in question about its row.
    fn meets(&self, cell: usize, bounds: Rect<f64>, area: &Prepared, edges: &[Stretch]) -> bool {
        let sector = self.cells[cell].sector();
        // The site is a corner of the wedge: where it is strictly inside, some of the wedge is.
        if area.position(sector.site) == Position::Inside {
            return true;
        }
        let middle = bounds.center().x;
        let mut near = edges
            .iter()
            .filter(|stretch| stretch.side(middle) == Ordering::Equal)
            .map(Stretch::edge)
            .filter(|edge| enters(edge, bounds))
            .peekable();
        // Where it is not and no edge of the area comes near, none is.
        if near.peek().is_none() {
            return false;
        }
        let wedge = sector.wedge();
        let sides: Vec<Line<f64>> = wedge.exterior().lines().collect();
        let mut touched = false;
        for (edge, side) in near.flat_map(|edge| sides.iter().map(move |side| (edge, side))) {
            match contact(edge, side) {
                Contact::None => {}
                Contact::Crossing => return true,
                Contact::Touch => touched = true,
            }
        }
        if touched {
            return Prepared::new(&wedge).is_some_and(|wedge| wedge.meets(area));
        }
        // Without any contact the wedge lies outside of the area, or the area in the wedge.
        within(area.bounds, bounds)
            && area
                .edges()
                .first()
                .is_some_and(|edge| locate(sides.into_iter(), edge.start) == Position::Inside)
    }
}

/// Whether a point in a row lies strictly inside, given the edges in question about it and the parity of those beyond
/// them to the east, which a ray to the east meets after them.
fn is_inside(p: Coord<f64>, edges: &[Stretch], beyond: bool) -> bool {
    let mut east = beyond;
    let near = edges.iter().filter_map(|stretch| {
        let edge = stretch.edge();
        match stretch.side(p.x) {
            Ordering::Greater => None,
            Ordering::Equal => Some(*edge),
            Ordering::Less => {
                east ^= (edge.start.y > p.y) != (edge.end.y > p.y);
                None
            }
        }
    });
    match locate(near, p) {
        Position::Inside => !east,
        Position::Outside => east,
        Position::Boundary => false,
    }
}

impl Finder {
    /// Orders the cells by rows of their centres, and their wedges by rows of their boxes.
    pub(crate) fn new(cells: Vec<Cell>) -> (Vec<Cell>, Finder) {
        let flat = |c: &Cell| Rect::new((c.centre.lon, c.centre.lat), (c.centre.lon, c.centre.lat));
        let (centres, cells) = Scan::new(cells.into_iter().map(|c| (flat(&c), c)).collect(), ROW);
        let cells: Vec<Cell> = cells.into_iter().map(|(_, cell)| cell).collect();
        let mut classes: Vec<Vec<(Rect<f64>, usize)>> = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            let size = whole((cell.range_m / LEAST_M).log2().ceil(), 16);
            classes.resize_with(classes.len().max(size + 1), Vec::new);
            classes[size].extend(cell.sector().wedge().bounding_rect().map(|bounds| (bounds, i)));
        }
        let class = |boxes: Vec<(Rect<f64>, usize)>| {
            let tallest = boxes.iter().map(|(bounds, _)| bounds.height()).fold(ROW, f64::max);
            let (scan, boxes) = Scan::new(boxes, tallest);
            Class { scan, cells: boxes.into_iter().map(|(bounds, i)| (i, bounds)).collect() }
        };
        let classes = classes.into_iter().filter(|boxes| !boxes.is_empty()).map(class).collect();
        (cells, Finder { centres, classes })
    }
}

/// The share of a cell's sector inside an area, by points that each stand for the same area.
fn share(cell: &Cell, area: &Prepared) -> f64 {
    let points = cell.sector().points();
    let inside = points.iter().filter(|p| area.position(**p) == Position::Inside).count();
    inside as f64 / points.len() as f64
}

/// Ascending, each once.
fn in_order(mut found: Vec<usize>, cells: usize) -> Vec<usize> {
    if found.len() < MANY {
        found.sort_unstable();
        found.dedup();
        return found;
    }
    let mut marks = vec![0_u64; cells.div_ceil(64)];
    for i in &found {
        marks[i / 64] |= 1 << (i % 64);
    }
    found.clear();
    for (at, mut mark) in marks.into_iter().enumerate() {
        while mark != 0 {
            found.push(at * 64 + mark.trailing_zeros() as usize);
            mark &= mark - 1;
        }
    }
    found
}

#[cfg(test)]
mod tests;
