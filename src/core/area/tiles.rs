//! A layer cut into tiles: who holds each tile whole, and which borders run through it. So a shape is asked only of the
//! borders beside it. Judges no contact.
//!
//! A point belongs to one tile, by arithmetic that never falls as a coordinate rises; an edge is entered into every tile
//! that holds a point of it, and into those it nearly enters as well.

use super::prepared::{Position, Prepared, joint};
use super::rows::whole;
use geo::{Coord, Line, Rect};

/// Wider than any rounding of a computed longitude, in degrees. A shape's edges are taken as coming so near to a tile; a
/// border is entered at ten times that, so that a tile without it is clear of it.
const SLACK: f64 = 1e-9;
/// Tiles are about as many as there are edges, within these.
const FEWEST: f64 = 1_024.0;
const MOST: f64 = 65_536.0;

/// Tiles along the side of a square: most edges lie in one to four squares.
const SQUARE: usize = 8;

/// The tiles over all parts of a layer, and one row beyond them on each side.
#[derive(Debug, Clone)]
pub(super) struct Tiles {
    /// The outer corner of the south-western tile.
    low: Coord<f64>,
    /// Tiles in a degree, and the degrees of one.
    per_degree: f64,
    degrees: f64,
    columns: usize,
    rows: usize,
    /// Of each tile, whom it concerns: one bit (`bit`) a region that holds it or whose border runs through it.
    concerns: Vec<u64>,
    /// The same of each square of `SQUARE` by `SQUARE` tiles, row by row of `squares`.
    about: Vec<u64>,
    squares: usize,
    /// Of each tile, its place in `sets`.
    holders: Vec<usize>,
    sets: Vec<Vec<usize>>,
    /// The borders in tile `t` are `borders[starts[t]..starts[t + 1]]`.
    starts: Vec<usize>,
    borders: Vec<Border>,
}

/// An edge of a region in a tile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Border {
    pub(super) region: usize,
    pub(super) edge: Line<f64>,
}

/// Which tile, by its row and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    row: usize,
    column: usize,
}

/// Rows and columns from the first to the last.
struct Patch {
    south: usize,
    north: usize,
    west: usize,
    east: usize,
}

/// The bit of a region. Beyond 64 regions several share one: what it says is "perhaps".
pub(super) const fn bit(region: usize) -> u64 {
    1 << (region % 64)
}

impl Tiles {
    /// The tiles over parts, each with the place of its region.
    pub(super) fn new(parts: &[(usize, Prepared)]) -> Tiles {
        let all = parts.iter().map(|(_, part)| part.bounds).reduce(joint);
        let bounds = all.unwrap_or_else(|| Rect::new((0.0, 0.0), (1.0, 1.0)));
        let edges = parts.iter().map(|(_, part)| part.edges().len()).sum::<usize>();
        let per_degree =
            ((edges as f64).clamp(FEWEST, MOST) / (bounds.width() * bounds.height())).sqrt().min(1e6);
        let across = |degrees: f64| whole(degrees * per_degree, 65_536) + 3;
        let degrees = 1.0 / per_degree;
        let (columns, rows) = (across(bounds.width()), across(bounds.height()));
        let mut tiles = Tiles {
            low: bounds.min() - Coord { x: degrees, y: degrees },
            per_degree,
            degrees,
            columns,
            rows,
            concerns: vec![0; columns * rows],
            about: vec![0; columns.div_ceil(SQUARE) * rows.div_ceil(SQUARE)],
            squares: columns.div_ceil(SQUARE),
            holders: vec![0; columns * rows],
            sets: vec![vec![]],
            starts: vec![],
            borders: vec![],
        };
        tiles.enter(parts);
        tiles.hold(parts);
        for (tile, concerns) in tiles.concerns.iter().enumerate() {
            tiles.about[tile / columns / SQUARE * tiles.squares + tile % columns / SQUARE] |= concerns;
        }
        tiles
    }

    /// Enters every edge of every part into its tiles.
    fn enter(&mut self, parts: &[(usize, Prepared)]) {
        let mut entries: Vec<(usize, Border)> = Vec::new();
        for (region, part) in parts {
            for edge in part.edges() {
                let border = Border { region: *region, edge: *edge };
                let by = Coord { x: 10.0 * SLACK, y: 10.0 * SLACK };
                let around = Rect::new(edge.start, edge.end);
                let patch = Patch::of(self.spot(around.min() - by), self.spot(around.max() + by));
                self.along(edge, &patch, 10.0 * SLACK, |tile| {
                    entries.push((tile, border));
                    false
                });
            }
        }
        entries.sort_by_key(|(tile, _)| *tile);
        for (tile, border) in &entries {
            self.concerns[*tile] |= bit(border.region);
        }
        self.starts =
            (0..=self.concerns.len()).map(|t| entries.partition_point(|(tile, _)| *tile < t)).collect();
        self.borders = entries.into_iter().map(|(_, border)| border).collect();
    }

    /// Finds who holds each tile. From one tile to the next of a row that changes only where a border ends.
    fn hold(&mut self, parts: &[(usize, Prepared)]) {
        for row in 0..self.rows {
            let mut held: Vec<usize> = Vec::new();
            let mut before: Vec<usize> = Vec::new();
            for column in 0..self.columns {
                let tile = row * self.columns + column;
                let mut here: Vec<usize> = self.borders(tile).iter().map(|b| b.region).collect();
                here.sort_unstable();
                here.dedup();
                if !here.is_empty() || !before.is_empty() {
                    let middle = Coord {
                        x: self.low.x + (column as f64 + 0.5) * self.degrees,
                        y: self.low.y + (row as f64 + 0.5) * self.degrees,
                    };
                    held.retain(|region| !here.contains(region));
                    held.extend(before.iter().filter(|region| !here.contains(region)).filter(|region| {
                        parts
                            .iter()
                            .any(|(of, part)| of == *region && part.position(middle) == Position::Inside)
                    }));
                    held.sort_unstable();
                }
                self.holders[tile] = self.sets.iter().position(|set| *set == held).unwrap_or_else(|| {
                    self.sets.push(held.clone());
                    self.sets.len() - 1
                });
                self.concerns[tile] |= held.iter().fold(0, |bits, region| bits | bit(*region));
                before = here;
            }
        }
    }

    /// Where a point belongs.
    pub(super) fn spot(&self, p: Coord<f64>) -> Spot {
        let row = whole((p.y - self.low.y) * self.per_degree, self.rows - 1);
        Spot { row, column: self.column(p.x) }
    }

    fn column(&self, lon: f64) -> usize {
        whole((lon - self.low.x) * self.per_degree, self.columns - 1)
    }

    /// The tile at a spot.
    pub(super) fn of(&self, spot: Spot) -> usize {
        spot.row * self.columns + spot.column
    }

    /// Whom a tile concerns, as bits of regions.
    pub(super) fn concerns(&self, tile: usize) -> u64 {
        self.concerns[tile]
    }

    /// The regions that hold a tile whole, every point of it in their interior.
    pub(super) fn holders(&self, tile: usize) -> &[usize] {
        &self.sets[self.holders[tile]]
    }

    /// The borders in a tile.
    pub(super) fn borders(&self, tile: usize) -> &[Border] {
        &self.borders[self.starts[tile]..self.starts[tile + 1]]
    }

    /// The tiles that an edge runs through, from the spot of one end to that of the other, as far as they concern any of
    /// `whom`, until `visit` has had enough; a tile that is named but missed is no farther from the edge than the slack.
    /// Whether it had enough.
    pub(super) fn near(
        &self,
        edge: &Line<f64>,
        (from, to): (Spot, Spot),
        whom: u64,
        mut visit: impl FnMut(usize) -> bool,
    ) -> bool {
        let patch = Patch::of(from, to);
        let concerned = (patch.south / SQUARE..=patch.north / SQUARE).any(|row| {
            let squares = row * self.squares;
            let about = &self.about[squares + patch.west / SQUARE..=squares + patch.east / SQUARE];
            about.iter().any(|about| about & whom != 0)
        });
        concerned && self.along(edge, &patch, SLACK, |tile| self.concerns[tile] & whom != 0 && visit(tile))
    }

    /// The tiles within a box of them that an edge runs through, or comes as near to as the slack.
    fn along(
        &self,
        edge: &Line<f64>,
        within: &Patch,
        slack: f64,
        mut visit: impl FnMut(usize) -> bool,
    ) -> bool {
        let Patch { south, north, west, east } = *within;
        let mut stretch = |row: usize, west: usize, east: usize| {
            (row * self.columns + west..=row * self.columns + east).any(&mut visit)
        };
        // A tile bulges nowhere: between two of one row or one column an edge leaves none out.
        if south == north || west == east {
            return (south..=north).any(|row| stretch(row, west, east));
        }
        let (a, b) = if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
        let slope = (b.x - a.x) / (b.y - a.y);
        // Where the edge leaves a row it enters the next, both named a little too wide.
        let mut entered = a.x;
        (south..=north).any(|row| {
            let ceiling = self.low.y + (row + 1) as f64 * self.degrees;
            let left =
                if row == north || ceiling >= b.y { b.x } else { a.x + (ceiling - a.y).max(0.0) * slope };
            let by = slack + slack * slope.abs();
            let (p, q) = (entered.min(left) - by, entered.max(left) + by);
            entered = left;
            stretch(row, self.column(p).max(west), self.column(q).min(east))
        })
    }
}

impl Patch {
    fn of(a: Spot, b: Spot) -> Patch {
        let ((south, north), (west, east)) = (in_order(a.row, b.row), in_order(a.column, b.column));
        Patch { south, north, west, east }
    }
}

fn in_order(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}
