//! A polygon made ready for questions: its edges in rows of latitude or longitude. Answers "inside?" and "do the interiors meet?".
//!
//! Exact: every decision is the sign of a robust orientation, none hangs on a computed point of intersection.

use super::rows::{Axis, Rows, mirrored};
use geo::{BoundingRect, Coord, Kernel, Line, LineString, Orientation, Polygon, Rect, Winding};
use std::sync::OnceLock;

/// A valid polygon, its edges with the interior on their left, and an index of them by rows, made when first asked:
/// of most alerts it never is.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) bounds: Rect<f64>,
    edges: Vec<Line<f64>>,
    rows: OnceLock<Rows>,
}

/// How many corners are asked before the edges are walked.
const CORNERS: usize = 8;

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    Inside,
    Boundary,
    Outside,
}

/// How a stretch of another boundary lies to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch {
    Inside,
    Outside,
    /// Along our boundary, both interiors on one side.
    With,
    /// Along our boundary, one interior on each side.
    Against,
}

/// The orientation of `r` against the line from `p` to `q`: left, right or on it.
pub(crate) fn turn(p: Coord<f64>, q: Coord<f64>, r: Coord<f64>) -> Orientation {
    // An end is on the line; the kernel would find so too, by its slowest way.
    if r == p || r == q {
        return Orientation::Collinear;
    }
    geo::kernels::RobustKernel::orient2d(p, q, r)
}

impl Prepared {
    /// Prepares a valid polygon; `None` if it has no extent.
    pub(crate) fn new(polygon: &Polygon<f64>) -> Option<Prepared> {
        let bounds = polygon.bounding_rect()?;
        let mut edges = Vec::with_capacity(polygon.exterior().0.len());
        let mut add = |start, end| {
            if start != end {
                edges.push(Line::new(start, end));
            }
        };
        for (n, ring) in std::iter::once(polygon.exterior()).chain(polygon.interiors()).enumerate() {
            // The outer ring runs counter-clockwise, a hole clockwise.
            if is_ccw(ring) == (n == 0) {
                ring.0.windows(2).for_each(|p| add(p[0], p[1]));
            } else {
                ring.0.windows(2).rev().for_each(|p| add(p[1], p[0]));
            }
        }
        let extended = bounds.width() > 0.0 && bounds.height() > 0.0;
        extended.then(|| Prepared { bounds, edges, rows: OnceLock::new() })
    }

    /// The same with its index made: for what is asked again and again.
    pub(crate) fn indexed(self) -> Prepared {
        self.rows();
        self
    }

    fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::new(&self.edges, self.bounds))
    }

    /// Where `p` lies.
    pub(crate) fn position(&self, p: Coord<f64>) -> Position {
        if !holds(self.bounds, p) {
            return Position::Outside;
        }
        let rows = self.rows();
        let edges = rows.row(rows.at(rows.axis.of(p))).iter().map(|&i| self.edges[i]);
        match rows.axis {
            Axis::Lat => locate(edges, p),
            // Mirrored at the diagonal, the ray to the east is one to the north.
            Axis::Lon => locate(edges.map(|e| Line::new(mirrored(e.start), mirrored(e.end))), mirrored(p)),
        }
    }

    /// Whether the interiors have a point, and so an area, in common. A shared border or a touch is none.
    pub(crate) fn meets(&self, other: &Prepared) -> bool {
        if !overlap(self.bounds, other.bounds) {
            return false;
        }
        // A corner of one inside the other settles it; a few asked first spare most walks along the edges.
        if self.corner_inside(other) || other.corner_inside(self) {
            return true;
        }
        let mut touched = false;
        for edge in &self.edges {
            if !overlap_closed(edge_box(edge), other.bounds) {
                continue;
            }
            for other_edge in other.near(edge) {
                match contact(edge, other_edge) {
                    Contact::None => {}
                    Contact::Crossing => return true,
                    Contact::Touch => touched = true,
                }
            }
        }
        // Without any contact each ring of one lies wholly inside or wholly outside the other, and its first corner
        // was asked above.
        touched && (self.enters(other) || other.enters(self))
    }

    /// Whether one of a few of our corners, the first among them, lies strictly inside `other`.
    fn corner_inside(&self, other: &Prepared) -> bool {
        let step = (self.edges.len() / CORNERS).max(1);
        self.edges.iter().step_by(step).any(|e| other.position(e.start) == Position::Inside)
    }

    /// Whether a stretch of our boundary runs inside `other`, or along its boundary with both interiors on one side.
    /// Asked when no two edges cross properly, so that every meeting point is a vertex and known exactly.
    fn enters(&self, other: &Prepared) -> bool {
        let mut nodes = Vec::new();
        self.edges.iter().filter(|e| overlap_closed(edge_box(e), other.bounds)).any(|edge| {
            nodes.clear();
            nodes.extend([edge.start, edge.end]);
            for near in other.near(edge) {
                nodes.extend(
                    [near.start, near.end].into_iter().filter(|p| {
                        on(*edge, *p) && turn(edge.start, edge.end, *p) == Orientation::Collinear
                    }),
                );
            }
            let d = edge.delta();
            let along = |p: &Coord<f64>| (p.x - edge.start.x) * d.x + (p.y - edge.start.y) * d.y;
            nodes.sort_by(|p, q| along(p).total_cmp(&along(q)));
            nodes.dedup();
            nodes.windows(2).any(|pair| match other.stretch(pair[0], pair[1]) {
                Stretch::Inside | Stretch::With => true,
                Stretch::Outside | Stretch::Against => false,
            })
        })
    }

    /// How the stretch from `p` to `q`, which meets our boundary at most at its ends or all along, lies.
    pub(super) fn stretch(&self, p: Coord<f64>, q: Coord<f64>) -> Stretch {
        let line = Line::new(p, q);
        for edge in self.near(&line) {
            let along = |r| on(*edge, r) && turn(edge.start, edge.end, r) == Orientation::Collinear;
            if along(p) && along(q) {
                let (d, e) = (line.delta(), edge.delta());
                return if d.x * e.x + d.y * e.y > 0.0 { Stretch::With } else { Stretch::Against };
            }
        }
        let middle = Coord { x: p.x.midpoint(q.x), y: p.y.midpoint(q.y) };
        if self.position(middle) == Position::Inside { Stretch::Inside } else { Stretch::Outside }
    }

    /// Our edges.
    pub(super) fn edges(&self) -> &[Line<f64>] {
        &self.edges
    }

    /// Our edges whose boxes touch a box, by their places.
    pub(super) fn edges_near(&self, bounds: Rect<f64>) -> impl Iterator<Item = usize> {
        self.edges
            .iter()
            .enumerate()
            .filter(move |(_, e)| overlap_closed(edge_box(e), bounds))
            .map(|(i, _)| i)
    }

    /// The places of our edges in the rows that `edge` spans; one that spans several rows comes several times.
    pub(super) fn places_near(&self, edge: &Line<f64>) -> &[usize] {
        self.rows().along(edge)
    }

    /// Our edges in the rows that `edge` spans; one that spans several rows comes several times.
    pub(super) fn near(&self, edge: &Line<f64>) -> impl Iterator<Item = &Line<f64>> {
        self.rows().along(edge).iter().map(|&i| &self.edges[i])
    }
}

/// Whether a ring runs counter-clockwise: the turn at its most southern point, of several the western one, says so.
fn is_ccw(ring: &LineString<f64>) -> bool {
    let points = ring.0.split_last().map_or(&[][..], |(_, open)| open);
    let lower = |p: Coord<f64>, q: Coord<f64>| p.y.total_cmp(&q.y).then(p.x.total_cmp(&q.x)).is_lt();
    let lowest = (0..points.len()).reduce(|low, i| if lower(points[i], points[low]) { i } else { low });
    let Some(at) = lowest else { return false };
    let (before, after) = (points[(at + points.len() - 1) % points.len()], points[(at + 1) % points.len()]);
    match turn(before, points[at], after) {
        Orientation::CounterClockwise => true,
        Orientation::Clockwise => false,
        // A point that stands twice.
        Orientation::Collinear => ring.is_ccw(),
    }
}

/// Where `p` lies, given at least every edge that reaches its latitude, each once.
pub(crate) fn locate(edges: impl Iterator<Item = Line<f64>>, p: Coord<f64>) -> Position {
    let mut inside = false;
    for edge in edges {
        let Line { start: a, end: b } = edge;
        if a.x < p.x && b.x < p.x {
            continue;
        }
        let crosses = (a.y > p.y) != (b.y > p.y);
        if a.x > p.x && b.x > p.x {
            inside ^= crosses;
            continue;
        }
        let side = turn(a, b, p);
        if side == Orientation::Collinear && on(edge, p) {
            return Position::Boundary;
        }
        // The ray to the east crosses an edge that climbs if the point lies left of it, else right of it.
        inside ^= crosses && (side == Orientation::CounterClockwise) == (b.y > a.y);
    }
    if inside { Position::Inside } else { Position::Outside }
}

/// How two edges meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contact {
    /// Not at all.
    None,
    /// At a point inside both.
    Crossing,
    /// At an end of one of them, or along a stretch.
    Touch,
}

/// How two edges meet, exactly.
pub(crate) fn contact(a: &Line<f64>, b: &Line<f64>) -> Contact {
    if !near_one_another(a, b) {
        return Contact::None;
    }
    let (b_start, b_end) = (turn(a.start, a.end, b.start), turn(a.start, a.end, b.end));
    if b_start == b_end && b_start != Orientation::Collinear {
        return Contact::None;
    }
    let (a_start, a_end) = (turn(b.start, b.end, a.start), turn(b.start, b.end, a.end));
    if a_start == a_end && a_start != Orientation::Collinear {
        return Contact::None;
    }
    if [a_start, a_end, b_start, b_end].contains(&Orientation::Collinear) {
        Contact::Touch
    } else {
        Contact::Crossing
    }
}

/// Whether a point known to be on the line of `edge` lies between its ends.
pub(crate) fn on(edge: Line<f64>, p: Coord<f64>) -> bool {
    holds(edge_box(&edge), p)
}

fn holds(bounds: Rect<f64>, p: Coord<f64>) -> bool {
    let (low, high) = (bounds.min(), bounds.max());
    low.x <= p.x && p.x <= high.x && low.y <= p.y && p.y <= high.y
}

fn edge_box(edge: &Line<f64>) -> Rect<f64> {
    Rect::new(edge.start, edge.end)
}

/// Whether the box of an edge touches a box.
pub(crate) fn enters(edge: &Line<f64>, bounds: Rect<f64>) -> bool {
    overlap_closed(edge_box(edge), bounds)
}

/// Whether the boxes of two edges touch.
fn near_one_another(a: &Line<f64>, b: &Line<f64>) -> bool {
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    !apart(a.start.x, a.end.x, b.start.x, b.end.x) && !apart(a.start.y, a.end.y, b.start.y, b.end.y)
}

/// Whether two boxes share an area.
pub(crate) fn overlap(a: Rect<f64>, b: Rect<f64>) -> bool {
    a.min().x < b.max().x && b.min().x < a.max().x && a.min().y < b.max().y && b.min().y < a.max().y
}

/// Whether one box lies in another.
pub(crate) fn within(inner: Rect<f64>, outer: Rect<f64>) -> bool {
    holds(outer, inner.min()) && holds(outer, inner.max())
}

/// The box around two.
pub(crate) fn joint(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let (low, high) = (a.min(), a.max());
    Rect::new(
        Coord { x: low.x.min(b.min().x), y: low.y.min(b.min().y) },
        Coord { x: high.x.max(b.max().x), y: high.y.max(b.max().y) },
    )
}

fn overlap_closed(a: Rect<f64>, b: Rect<f64>) -> bool {
    a.min().x <= b.max().x && b.min().x <= a.max().x && a.min().y <= b.max().y && b.min().y <= a.max().y
}

#[cfg(test)]
mod tests;
