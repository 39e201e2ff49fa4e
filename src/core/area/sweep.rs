//! Whether segments cross anywhere, in n log n: of a ring the pairs that could, of many the sweep of Shamos and Hoey (1976). Repairs nothing.

use super::pairs::{Search, search};
use super::prepared::{Contact, contact, on, turn};
use geo::algorithm::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, Line, Orientation};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;

/// A place where a ring crosses or touches itself, turns back on itself included. `ring` is closed and has no point
/// twice in a row.
pub(crate) fn ring_crossing(ring: &[Coord<f64>]) -> Option<Coord<f64>> {
    let open = &ring[..ring.len() - 1];
    let sum = open.iter().fold(Coord::zero(), |sum, p| sum + *p);
    let centre = sum / open.len() as f64;
    if goes_round(ring, centre) {
        return None;
    }
    let edges: Vec<_> = ring.windows(2).map(|p| Line::new(p[0], p[1])).collect();
    let n = edges.len();
    let neighbours = |i: usize, j: usize| i.abs_diff(j) == 1 || i.abs_diff(j) == n - 1;
    // Two edges that follow one another share a point, and more only if the second turns back on the first.
    let back = (0..n).find(|&i| turns_back(&edges[i], &edges[(i + 1) % n]));
    if let Some(i) = back {
        return Some(edges[i].end);
    }
    let met = search(ring, centre, |i, j| {
        (!neighbours(i, j) && contact(&edges[i], &edges[j]) != Contact::None)
            .then(|| place(&edges[i], &edges[j]))
    });
    match met {
        Search::Found(at) => Some(at),
        Search::Nothing => None,
        Search::Costly => sweep(&edges, |i, j| {
            contact(&edges[i], &edges[j]) == Contact::Crossing
                || !(neighbours(i, j) && meet_at_an_end_only(&edges[i], &edges[j]))
        }),
    }
}

/// Whether a ring goes around a point once and nowhere back, seen from there: such a ring never meets itself.
fn goes_round(ring: &[Coord<f64>], centre: Coord<f64>) -> bool {
    let sense = turn(centre, ring[0], ring[1]);
    // A turn has one edge that climbs past the level of its centre.
    let mut climbs = 0;
    sense != Orientation::Collinear
        && ring.windows(2).all(|p| {
            climbs += usize::from(p[0].y <= centre.y && p[1].y > centre.y);
            turn(centre, p[0], p[1]) == sense
        })
        && climbs == 1
}

/// Whether `next`, which begins where `edge` ends, runs back along it.
fn turns_back(edge: &Line<f64>, next: &Line<f64>) -> bool {
    let (d, e) = (edge.delta(), next.delta());
    // By signs alone, which are exact. On one line the second has a width where the first has one.
    let opposite = if d.x == 0.0 { (d.y > 0.0) != (e.y > 0.0) } else { (d.x > 0.0) != (e.x > 0.0) };
    opposite && turn(edge.start, edge.end, next.end) == Orientation::Collinear
}

/// The first place found where two segments meet elsewhere than at an end of both.
pub(crate) fn network_crossing(edges: &[Line<f64>]) -> Option<Coord<f64>> {
    sweep(edges, |i, j| !meet_at_an_end_only(&edges[i], &edges[j]))
}

/// Whether two segments in contact share an end, and no more than it.
pub(crate) fn meet_at_an_end_only(a: &Line<f64>, b: &Line<f64>) -> bool {
    let lies_on = |e: &Line<f64>, p| on(*e, p) && turn(e.start, e.end, p) == Orientation::Collinear;
    let (far_a, far_b) = if a.start == b.start {
        (a.end, b.end)
    } else if a.start == b.end {
        (a.end, b.start)
    } else if a.end == b.start {
        (a.start, b.end)
    } else if a.end == b.end {
        (a.start, b.start)
    } else {
        return false;
    };
    !lies_on(a, far_b) && !lies_on(b, far_a)
}

/// A segment from its western to its eastern end (from south to north if it is upright), ordered from south to north
/// among those a meridian cuts.
#[derive(Debug, Clone, Copy)]
struct Active {
    west: Coord<f64>,
    east: Coord<f64>,
    index: usize,
}

impl Active {
    fn new(edge: &Line<f64>, index: usize) -> Active {
        let (west, east) = match before(edge.start, edge.end) {
            Ordering::Greater => (edge.end, edge.start),
            Ordering::Less | Ordering::Equal => (edge.start, edge.end),
        };
        Active { west, east, index }
    }
}

impl Ord for Active {
    fn cmp(&self, other: &Active) -> Ordering {
        if self.index == other.index {
            return Ordering::Equal;
        }
        if before(other.west, self.west) == Ordering::Less {
            return other.cmp(self).reverse();
        }
        let side = |p| match turn(self.west, self.east, p) {
            Orientation::CounterClockwise => Ordering::Less,
            Orientation::Clockwise => Ordering::Greater,
            Orientation::Collinear => Ordering::Equal,
        };
        side(other.west).then_with(|| side(other.east)).then_with(|| self.index.cmp(&other.index))
    }
}

impl PartialOrd for Active {
    fn partial_cmp(&self, other: &Active) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Active {
    fn eq(&self, other: &Active) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Active {}

fn before(p: Coord<f64>, q: Coord<f64>) -> Ordering {
    p.x.total_cmp(&q.x).then_with(|| p.y.total_cmp(&q.y))
}

/// Walks from west to east; `forbidden` judges two segments that are in contact.
fn sweep(edges: &[Line<f64>], forbidden: impl Fn(usize, usize) -> bool) -> Option<Coord<f64>> {
    // At one point segments begin before others end, so that those which only touch there are neighbours once.
    let mut events: Vec<(Coord<f64>, bool, Active)> = edges
        .iter()
        .enumerate()
        .map(|(i, edge)| Active::new(edge, i))
        .flat_map(|s| [(s.west, false, s), (s.east, true, s)])
        .collect();
    events.sort_by(|a, b| before(a.0, b.0).then_with(|| a.1.cmp(&b.1)));
    let crossing = |a: &Active, b: &Active| {
        let (e, f) = (&edges[a.index], &edges[b.index]);
        (contact(e, f) != Contact::None && forbidden(a.index, b.index)).then(|| place(e, f))
    };
    let mut active = BTreeSet::new();
    for (_, ends, segment) in events {
        if ends {
            active.remove(&segment);
        }
        let south = active.range(..segment).next_back();
        let north = active.range((Bound::Excluded(segment), Bound::Unbounded)).next();
        let found = if ends {
            south.zip(north).and_then(|(s, n)| crossing(s, n))
        } else {
            south.and_then(|s| crossing(s, &segment)).or_else(|| north.and_then(|n| crossing(n, &segment)))
        };
        if found.is_some() {
            return found;
        }
        if !ends {
            active.insert(segment);
        }
    }
    None
}

/// Where two segments in contact meet.
fn place(a: &Line<f64>, b: &Line<f64>) -> Coord<f64> {
    match line_intersection(*a, *b) {
        Some(LineIntersection::SinglePoint { intersection, .. }) => intersection,
        Some(LineIntersection::Collinear { intersection }) => intersection.start,
        None => b.start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        let mut ring: Vec<_> = points.iter().map(|&(x, y)| Coord { x, y }).collect();
        ring.push(ring[0]);
        ring
    }

    fn check(what: &str, points: &[(f64, f64)], want: Option<(f64, f64)>) {
        assert_eq!(ring_crossing(&ring(points)).map(|c| (c.x, c.y)), want, "{what}");
    }

    #[test]
    fn finds_where_a_ring_meets_itself() {
        check("triangle", &[(0., 0.), (2., 0.), (0., 2.)], None);
        check("square with upright edges", &[(0., 0.), (2., 0.), (2., 2.), (0., 2.)], None);
        check("bow tie", &[(0., 0.), (2., 2.), (2., 0.), (0., 2.)], Some((1., 1.)));
        check(
            "touch at a vertex",
            &[(0., 0.), (2., 0.), (1., 1.), (2., 2.), (0., 2.), (1., 1.)],
            Some((1., 1.)),
        );
        check("vertex on an edge", &[(0., 0.), (4., 0.), (4., 3.), (2., 0.), (0., 3.)], Some((2., 0.)));
        check("spike", &[(0., 0.), (4., 0.), (6., 0.), (4., 0.), (4., 3.)], Some((6., 0.)));
        check("there and back", &[(0., 0.), (2., 1.)], Some((2., 1.)));
    }

    proptest! {
        #[test]
        fn agrees_with_trying_every_pair(points in prop::collection::vec((0..8_i32, 0..8_i32), 3..9)) {
            let mut points: Vec<_> = points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
            points.dedup();
            if points.first() == points.last() { points.pop(); }
            prop_assume!(points.len() > 2);
            let ring = ring(&points);
            let edges: Vec<_> = ring.windows(2).map(|p| Line::new(p[0], p[1])).collect();
            let n = edges.len();
            let slow = (0..n).any(|i| (i + 1..n).any(|j| contact(&edges[i], &edges[j]) != Contact::None
                && !((j - i == 1 || j - i == n - 1) && meet_at_an_end_only(&edges[i], &edges[j]))));
            prop_assert_eq!(ring_crossing(&ring).is_some(), slow);
            let swept = sweep(&edges, |i, j| contact(&edges[i], &edges[j]) == Contact::Crossing
                || !((i.abs_diff(j) == 1 || i.abs_diff(j) == n - 1) && meet_at_an_end_only(&edges[i], &edges[j])));
            prop_assert_eq!(swept.is_some(), slow);
        }
    }
}
