//! Edges in rows of latitude or longitude, so that few of them are looked at. Judges nothing.

use geo::{Coord, Line, Rect};

/// Along which axis rows lie: the one of which the edges take the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Lat,
    Lon,
}

/// Which edges reach into which row: `of[starts[r]..starts[r + 1]]`.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) axis: Axis,
    low: f64,
    per_degree: f64,
    count: usize,
    starts: Vec<usize>,
    of: Vec<usize>,
}

impl Rows {
    /// Rows over edges within bounds that have a height.
    pub(super) fn new(edges: &[Line<f64>], bounds: Rect<f64>) -> Rows {
        // At most four entries an edge on average, whatever the edges do.
        let (mut lat, mut lon) = (0.0, 0.0);
        for edge in edges {
            lat += (edge.end.y - edge.start.y).abs();
            lon += (edge.end.x - edge.start.x).abs();
        }
        let (by_lat, by_lon) = (lat / bounds.height(), lon / bounds.width());
        // Rows of latitude unless those of longitude are worth the mirroring.
        let (axis, turns, low, size) = if by_lat <= 4.0 * by_lon {
            (Axis::Lat, by_lat, bounds.min().y, bounds.height())
        } else {
            (Axis::Lon, by_lon, bounds.min().x, bounds.width())
        };
        let most = edges.len() as f64 * (4.0 / turns).min(0.5);
        let count = whole(most, 65_536).max(1);
        let per_degree = count as f64 / size;
        let mut rows = Rows { axis, low, per_degree, count, starts: vec![], of: vec![] };
        let spans: Vec<(usize, usize)> = edges.iter().map(|e| rows.span(e)).collect();
        let mut starts = vec![0; count + 1];
        for &(low, high) in &spans {
            starts[low..=high].iter_mut().for_each(|filled| *filled += 1);
        }
        // From how many are in each row to where each row ends; filled from there down, the edges in any order.
        let mut total = 0;
        for end in &mut starts {
            total += *end;
            *end = total;
        }
        rows.of = vec![0; total];
        for (i, &(low, high)) in spans.iter().enumerate() {
            for end in &mut starts[low..=high] {
                *end -= 1;
                rows.of[*end] = i;
            }
        }
        rows.starts = starts;
        rows
    }

    /// The edges in the rows an edge spans, by their place; one that spans several comes several times.
    pub(super) fn along(&self, edge: &Line<f64>) -> &[usize] {
        let (low, high) = self.span(edge);
        &self.of[self.starts[low]..self.starts[high + 1]]
    }

    /// The first and the last row an edge reaches into.
    fn span(&self, edge: &Line<f64>) -> (usize, usize) {
        let (low, high) = minmax(self.axis.of(edge.start), self.axis.of(edge.end));
        (self.at(low), self.at(high))
    }

    /// The row of a latitude or longitude, the nearest one if it lies beyond.
    pub(super) fn at(&self, degrees: f64) -> usize {
        whole((degrees - self.low) * self.per_degree, self.count - 1)
    }

    pub(super) fn row(&self, row: usize) -> &[usize] {
        &self.of[self.starts[row]..self.starts[row + 1]]
    }
}

impl Axis {
    pub(super) const fn of(self, p: Coord<f64>) -> f64 {
        match self {
            Axis::Lat => p.y,
            Axis::Lon => p.x,
        }
    }
}

pub(super) const fn mirrored(p: Coord<f64>) -> Coord<f64> {
    Coord { x: p.y, y: p.x }
}

/// The whole part of `x`, not below 0 and not above `most`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=most first")]
pub(super) fn whole(x: f64, most: usize) -> usize {
    // By way of an i64, which a processor makes of a float in one step.
    x.clamp(0.0, most as f64) as i64 as usize
}

fn minmax(a: f64, b: f64) -> (f64, f64) {
    if a < b { (a, b) } else { (b, a) }
}
