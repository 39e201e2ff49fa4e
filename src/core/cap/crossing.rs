//! Whether a ring crosses or touches itself. Bounded work: it finds, finds nothing, or says that it gave up.

use super::shape::{Point, Ring};
use geo::Coord;
use geo::kernels::{Kernel, Orientation, RobustKernel};

/// What the search came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    /// The ring is simple.
    Nothing,
    /// Two of its sides meet; near this point.
    At(Point),
    /// More pairs of sides than a search may look at.
    GaveUp,
}

/// Pairs of sides looked at in one document: 2 million, so that any one ring of up to 2,000 points is searched whole,
/// whatever its form, and no document takes long.
pub(super) const PAIRS: usize = 2_000_000;

/// Searches a closed ring. Sides are swept in order of their western ends; only sides whose boxes meet are compared.
/// `left` is how many pairs the document may still cost.
pub(super) fn search(ring: &Ring, left: &mut usize) -> Found {
    let mut points: Vec<Coord> = ring.points.iter().map(|p| Coord { x: p.lon, y: p.lat }).collect();
    points.dedup();
    let sides: Vec<(Coord, Coord)> = points.windows(2).map(|w| (w[0], w[1])).collect();
    let last = sides.len().saturating_sub(1);
    let west = |i: usize| sides[i].0.x.min(sides[i].1.x);
    let mut order: Vec<usize> = (0..sides.len()).collect();
    order.sort_by(|a, b| west(*a).total_cmp(&west(*b)));
    let mut open: Vec<usize> = Vec::new();
    for i in order {
        open.retain(|j| sides[*j].0.x.max(sides[*j].1.x) >= west(i));
        let Some(rest) = left.checked_sub(open.len()) else {
            *left = 0;
            return Found::GaveUp;
        };
        *left = rest;
        for j in &open {
            let (a, b) = (i.min(*j), i.max(*j));
            let neighbours = b - a == 1 || (a == 0 && b == last);
            let meet = if neighbours { fold(sides[a], sides[b]) } else { meet(sides[a], sides[b]) };
            if meet {
                return Found::At(Point { lat: sides[b].0.y, lon: sides[b].0.x });
            }
        }
        open.push(i);
    }
    Found::Nothing
}

/// Whether two sides share a point.
fn meet((a, b): (Coord, Coord), (c, d): (Coord, Coord)) -> bool {
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(a.x, b.x, c.x, d.x) || apart(a.y, b.y, c.y, d.y) {
        return false;
    }
    // With boxes that meet, two sides share a point unless one lies wholly on one hand of the other.
    let turn = |p, q, r| RobustKernel::orient2d(p, q, r);
    let split = |one: Orientation, other: Orientation| one != other || one == Orientation::Collinear;
    split(turn(a, b, c), turn(a, b, d)) && split(turn(c, d, a), turn(c, d, b))
}

/// Whether two sides with a common end lie over one another.
fn fold((a, b): (Coord, Coord), (c, d): (Coord, Coord)) -> bool {
    // Neighbours are either a-b, b-d, or, across the ring's start, c-a and a-b.
    let (far, corner, other) = if b == c { (a, b, d) } else { (b, a, c) };
    let back = (far.x - corner.x) * (other.x - corner.x) + (far.y - corner.y) * (other.y - corner.y) > 0.0;
    back && RobustKernel::orient2d(far, corner, other) == Orientation::Collinear
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ring: &str, simple: bool) {
        let found = search(&Ring::parse(ring).unwrap(), &mut PAIRS.clone());
        assert_eq!(found == Found::Nothing, simple, "{ring}: {found:?}");
    }

    #[test]
    fn tells_simple_rings_from_those_that_meet_themselves() {
        check("23,58 23,59 24,59 24,58 23,58", true);
        check("23,58 24,58 24,59 23,59 23,58", true);
        check("0,0 0,3 3,3 1,1 0,0", true);
        check("0,0 1,1 0,1 1,0 0,0", false);
        check("0,0 0,2 2,2 2,1 0,1 2,0 0,0", false);
        check("0,0 0,2 0,1 1,1 0,0", false);
        check("0,0 0,1 0,2 1,1 0,0", true);
        check("0,0 0,0 0,1 1,1 1,1 0,0", true);
        check("0,0 2,0 2,2 1,0 0,2 0,0", false);
    }

    #[test]
    fn a_long_ring_of_short_sides_is_searched_whole() {
        let at = |i: i32| f64::from(i) / 40_000.0 * std::f64::consts::TAU;
        let mut points: Vec<Point> =
            (0..40_000).map(|i| Point { lat: 20.0 + at(i).sin(), lon: 57.0 + at(i).cos() }).collect();
        points.push(points[0]);
        assert_eq!(search(&Ring { points: points.clone() }, &mut PAIRS.clone()), Found::Nothing);
        points.swap(10_000, 10_003);
        assert!(matches!(search(&Ring { points }, &mut PAIRS.clone()), Found::At(_)));
    }

    #[test]
    fn a_comb_of_long_teeth_is_given_up() {
        let tooth = |i: i32| Point { lat: f64::from(i) / 1000.0, lon: if i % 2 == 0 { 50.0 } else { 60.0 } };
        let mut points: Vec<Point> = (0..10_000).map(tooth).collect();
        points.push(Point { lat: 10.0, lon: 61.0 });
        points.push(Point { lat: -1.0, lon: 61.0 });
        points.push(Point { lat: -1.0, lon: 50.0 });
        points.push(points[0]);
        assert_eq!(search(&Ring { points }, &mut PAIRS.clone()), Found::GaveUp);
    }
}
