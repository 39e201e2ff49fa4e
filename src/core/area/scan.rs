//! Boxes in rows of latitude, walked with the edges of a polygon: whole stretches of a row that no edge enters lie inside
//! or outside together. Judges no box under an edge.

use super::rows::whole;
use geo::{BoundingRect, Line, LinesIter, Polygon, Rect};
use std::cmp::Ordering;
use std::ops::Range;

/// Wider than any rounding of a computed longitude, in degrees.
const SLACK: f64 = 1e-9;
/// Rows are never more.
const MOST_ROWS: usize = 9_000;

/// Where boxes are, by the rows in which their middles lie, in each row from west to east.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    south: f64,
    /// Rows in a degree.
    rows: f64,
    /// Row `r` is `middles[starts[r]..starts[r + 1]]`.
    starts: Vec<usize>,
    middles: Vec<f64>,
    /// Half of the widest and half of the highest box.
    half: (f64, f64),
}

/// The longitudes an edge takes near a row, and whether it goes from below the middle of the row to above.
pub(super) struct Stretch {
    west: f64,
    east: f64,
    toggles: bool,
    edge: Line<f64>,
}

/// The edges of a polygon, the most southern first.
pub(super) fn ascending(polygon: &Polygon<f64>) -> Vec<Line<f64>> {
    let mut edges: Vec<Line<f64>> = polygon.lines_iter().collect();
    edges.sort_by(|a, b| low(a).total_cmp(&low(b)));
    edges
}

impl Scan {
    /// Puts boxes, each with what it is of, into rows of a height in degrees; gives them back in the order of the rows.
    pub(super) fn new<T>(mut of: Vec<(Rect<f64>, T)>, height: f64) -> (Scan, Vec<(Rect<f64>, T)>) {
        let south = of.iter().map(|(b, _)| b.center().y).fold(f64::INFINITY, f64::min);
        let rows = 1.0 / height;
        let row = |b: &Rect<f64>| whole((b.center().y - south) * rows, MOST_ROWS);
        of.sort_by(|(a, _), (b, _)| row(a).cmp(&row(b)).then_with(|| a.center().x.total_cmp(&b.center().x)));
        let count = of.last().map_or(0, |(b, _)| row(b) + 1);
        let starts = (0..=count).map(|r| of.partition_point(|(b, _)| row(b) < r)).collect();
        let middles = of.iter().map(|(b, _)| b.center().x).collect();
        let widest = of.iter().map(|(b, _)| b.width()).fold(0.0, f64::max);
        let highest = of.iter().map(|(b, _)| b.height()).fold(0.0, f64::max);
        let half = (widest / 2.0 + SLACK, highest / 2.0 + SLACK);
        (Scan { south, rows, starts, middles, half }, of)
    }

    /// Walks the rows from south to north with the edges that come near each. Hands on, by their places, the boxes that
    /// lie inside as a whole; and those an edge may enter, with the edges in question and the parity of those beyond
    /// them to the east.
    pub(super) fn walk(
        &self,
        polygon: &Polygon<f64>,
        edges: &[Line<f64>],
        mut take: impl FnMut(Range<usize>, Option<(&[Stretch], bool)>),
    ) {
        let Some(bounds) = polygon.bounding_rect() else { return };
        let rows = self.starts.len() - 1;
        let (least, most) = (bounds.min().y - self.half.1, bounds.max().y + self.half.1);
        if rows == 0 || most < self.south {
            return;
        }
        let row_of = |lat: f64| whole((lat - self.south) * self.rows, rows - 1);
        let mut waiting = edges.iter().peekable();
        let mut active: Vec<Line<f64>> = Vec::new();
        let mut stretches = Vec::new();
        for row in row_of(least)..=row_of(most) {
            // As high as its boxes reach, so that no edge that enters one is left out.
            let floor = self.south + row as f64 / self.rows - self.half.1;
            let ceiling = floor + 1.0 / self.rows + 2.0 * self.half.1;
            let boxes = self.starts[row]..self.starts[row + 1];
            active.retain(|e| high(e) >= floor);
            while let Some(edge) = waiting.next_if(|e| low(e) <= ceiling) {
                if high(edge) >= floor {
                    active.push(*edge);
                }
            }
            if !boxes.is_empty() {
                stretches.clear();
                stretches.extend(active.iter().map(|e| self.stretch(e, floor, ceiling)));
                stretches.sort_by(|a: &Stretch, b| a.west.total_cmp(&b.west));
                self.row(boxes, &stretches, &mut take);
            }
        }
    }

    fn row(
        &self,
        boxes: Range<usize>,
        stretches: &[Stretch],
        take: &mut impl FnMut(Range<usize>, Option<(&[Stretch], bool)>),
    ) {
        let mut at = boxes.start;
        let up_to = |at: usize, lon: f64| at + self.middles[at..boxes.end].partition_point(|x| *x < lon);
        let mut inside = false;
        let mut rest = stretches;
        while let Some(first) = rest.first() {
            let mut east = first.east;
            let mut toggles = false;
            let mut taken = 0;
            while let Some(next) = rest.get(taken).filter(|s| s.west <= east) {
                east = east.max(next.east);
                toggles ^= next.toggles;
                taken += 1;
            }
            let clear = up_to(at, first.west);
            if inside && clear > at {
                take(at..clear, None);
            }
            let under = up_to(clear, east);
            if under > clear {
                take(clear..under, Some((&rest[..taken], inside ^ toggles)));
            }
            at = under;
            inside ^= toggles;
            rest = &rest[taken..];
        }
    }

    fn stretch(&self, edge: &Line<f64>, floor: f64, ceiling: f64) -> Stretch {
        let (a, b) = if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
        let at = |lat: f64| {
            if lat <= a.y {
                a.x
            } else if lat >= b.y {
                b.x
            } else {
                a.x + (lat - a.y) / (b.y - a.y) * (b.x - a.x)
            }
        };
        let middle = f64::midpoint(floor, ceiling);
        let level = (a.y - b.y).abs() < SLACK;
        let (p, q) = if level { (a.x, b.x) } else { (at(floor), at(ceiling)) };
        Stretch {
            west: p.min(q) - self.half.0,
            east: p.max(q) + self.half.0,
            toggles: (a.y > middle) != (b.y > middle),
            edge: *edge,
        }
    }
}

impl Stretch {
    /// How a longitude lies to the edge near the row: `Less` if wholly west of it, `Greater` if wholly east, and `Equal`
    /// if a box with its middle there may be entered.
    pub(super) fn side(&self, lon: f64) -> Ordering {
        if lon < self.west {
            Ordering::Less
        } else if lon > self.east {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }

    /// The edge itself.
    pub(super) fn edge(&self) -> &Line<f64> {
        &self.edge
    }
}

fn low(edge: &Line<f64>) -> f64 {
    edge.start.y.min(edge.end.y)
}

fn high(edge: &Line<f64>) -> f64 {
    edge.start.y.max(edge.end.y)
}
