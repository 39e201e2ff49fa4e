//! The area two polygons share, from the stretches of each boundary that lie inside the other. Builds no polygon.

use super::ellipsoid::under;
use super::prepared::{Contact, Prepared, Stretch, contact, overlap};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, Line};

/// Stretches that close within this many degrees are whole; a wrongly judged one leaves a gap of its own length.
const CLOSED: f64 = 1e-9;

/// How many tests of two edges may still be spent on one area: 2 to 16 ns each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work(usize);

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoFigure {
    /// The boundaries run so nearly along one another that a stretch could not be judged.
    Unclear,
    /// The work is spent.
    Costly,
}

impl Work {
    /// For one area and all regions it meets: some half of a second.
    pub(super) const AN_AREA: Work = Work(30_000_000);

    /// Spends so many tests, or says that too few are left.
    pub(super) fn spend(&mut self, tests: usize) -> Result<(), NoFigure> {
        self.0 = self.0.checked_sub(tests).ok_or(NoFigure::Costly)?;
        Ok(())
    }
}

/// The stretches that bound what is shared, added up.
#[derive(Default)]
struct Sum {
    km2: f64,
    gap: Coord<f64>,
}

/// Where an edge, by its place, meets the other boundary.
struct Node {
    edge: usize,
    /// How far along the edge.
    far: f64,
    at: Coord<f64>,
    /// Whether the edges cross there, so that what is inside turns outside; else nothing is known.
    crosses: bool,
}

/// The area that two polygons share, in square kilometres.
pub(super) fn shared(a: &Prepared, b: &Prepared, work: &mut Work) -> Result<f64, NoFigure> {
    if !overlap(a.bounds, b.bounds) {
        return Ok(0.0);
    }
    let [on_a, on_b] = nodes(a, b, work)?;
    let mut sum = Sum::default();
    // Where the boundaries run together with both interiors on one side, the stretch is counted once, as ours.
    collect((a, &on_a), b, true, &mut sum, work)?;
    collect((b, &on_b), a, false, &mut sum, work)?;
    if sum.gap.x.abs() < CLOSED && sum.gap.y.abs() < CLOSED {
        Ok(sum.km2.abs())
    } else {
        Err(NoFigure::Unclear)
    }
}

/// Where the boundaries meet, as nodes of each, along it. Asks the rows of that polygon which takes the fewer tests.
fn nodes(a: &Prepared, b: &Prepared, work: &mut Work) -> Result<[Vec<Node>; 2], NoFigure> {
    let tests = |one: &Prepared, other: &Prepared| {
        one.edges_near(other.bounds).map(|i| other.places_near(&one.edges()[i]).len()).sum::<usize>()
    };
    let (of_a, of_b) = (tests(a, b), tests(b, a));
    work.spend(of_a.min(of_b))?;
    let mut pairs = Vec::new();
    let (one, other) = if of_a <= of_b { (a, b) } else { (b, a) };
    for i in one.edges_near(other.bounds) {
        for &j in other.places_near(&one.edges()[i]) {
            let met = contact(&one.edges()[i], &other.edges()[j]);
            if met != Contact::None {
                pairs.push(if of_a <= of_b { (i, j, met) } else { (j, i, met) });
            }
        }
    }
    // Two edges may share several rows.
    pairs.sort_unstable_by_key(|(i, j, _)| (*i, *j));
    pairs.dedup_by_key(|(i, j, _)| (*i, *j));
    let (mut on_a, mut on_b) = (Vec::with_capacity(pairs.len()), Vec::with_capacity(pairs.len()));
    for (i, j, met) in pairs {
        let (edge_a, edge_b) = (&a.edges()[i], &b.edges()[j]);
        let crosses = met == Contact::Crossing;
        let (p, q) = match line_intersection(*edge_a, *edge_b) {
            Some(LineIntersection::SinglePoint { intersection, .. }) => (intersection, None),
            Some(LineIntersection::Collinear { intersection }) => {
                (intersection.start, Some(intersection.end))
            }
            None => continue,
        };
        for at in std::iter::once(p).chain(q) {
            on_a.push(Node { edge: i, far: far(edge_a, at), at, crosses });
            on_b.push(Node { edge: j, far: far(edge_b, at), at, crosses });
        }
    }
    let mut both = [on_a, on_b];
    for nodes in &mut both {
        nodes.sort_by(|p, q| p.edge.cmp(&q.edge).then_with(|| p.far.total_cmp(&q.far)));
    }
    Ok(both)
}

fn far(edge: &Line<f64>, p: Coord<f64>) -> f64 {
    let d = edge.delta();
    (p.x - edge.start.x) * d.x + (p.y - edge.start.y) * d.y
}

/// Adds the stretches of `own`, with its nodes, that lie inside `other`; with `along`, those on its boundary in the same
/// sense as well. A stretch is judged where its beginning does not tell: after a crossing it is what the one before was
/// not, after an end without contact what the one before was.
fn collect(
    (own, nodes): (&Prepared, &[Node]),
    other: &Prepared,
    along: bool,
    sum: &mut Sum,
    work: &mut Work,
) -> Result<(), NoFigure> {
    // Where the last stretch ended, and whether it lay inside, if that is known for what follows.
    let mut last: Option<(Coord<f64>, Option<bool>)> = None;
    let mut rest = nodes;
    for i in own.edges_near(other.bounds) {
        let edge = &own.edges()[i];
        let skip = rest.iter().take_while(|node| node.edge < i).count();
        let here = rest[skip..].iter().take_while(|node| node.edge == i).count();
        let on_edge = &rest[skip..skip + here];
        rest = &rest[skip + here..];
        let mut from = edge.start;
        // A node at the very beginning says that the end before it may have touched too.
        let mut inside = last.filter(|(end, _)| *end == from).and_then(|(_, inside)| inside);
        for node in on_edge.iter().map(Some).chain([None]) {
            let (to, crosses) = node.map_or((edge.end, true), |node| (node.at, node.crosses));
            if to != from {
                let counts = if let Some(inside) = inside {
                    inside
                } else {
                    work.spend(2 * other.places_near(&Line::new(from, to)).len())?;
                    match other.stretch(from, to) {
                        Stretch::Inside => {
                            inside = Some(true);
                            true
                        }
                        Stretch::Outside => {
                            inside = Some(false);
                            false
                        }
                        Stretch::With => along,
                        Stretch::Against => false,
                    }
                };
                if counts {
                    sum.add(from, to);
                }
            }
            if node.is_some() {
                inside = if crosses { inside.map(|inside| !inside) } else { None };
            }
            from = to;
        }
        last = Some((edge.end, inside));
    }
    Ok(())
}

impl Sum {
    fn add(&mut self, p: Coord<f64>, q: Coord<f64>) {
        self.km2 += under(p, q);
        self.gap = self.gap + (q - p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::ellipsoid::km2;
    use crate::area::fixtures::polygon;
    use crate::area::sweep::ring_crossing;
    use geo::{BooleanOps, MultiPolygon};
    use proptest::prelude::*;

    fn ring(points: Vec<(f64, f64)>) -> Option<Vec<(f64, f64)>> {
        let mut points = points;
        points.dedup();
        let simple = points.len() > 2 && points[0] != points[points.len() - 1];
        (simple && ring_crossing(&polygon(&points).exterior().0).is_none()).then_some(points)
    }

    fn on_a_grid() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let points = prop::collection::vec((0..6_i32, 0..6_i32), 3..8);
        points.prop_filter_map("simple", |points| {
            ring(points.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect())
        })
    }

    fn anywhere() -> impl Strategy<Value = Vec<(f64, f64)>> {
        prop::collection::vec((56.0..57.0_f64, 22.0..23.0_f64), 3..7).prop_filter_map("simple", ring)
    }

    fn agree(a: &[(f64, f64)], b: &[(f64, f64)]) {
        let (p, q) = (polygon(a), polygon(b));
        let slow = km2(&p.intersection(&q));
        let (a, b) = (Prepared::new(&p).unwrap(), Prepared::new(&q).unwrap());
        // The slow one rounds corners to a grid of some hundredths of a millimetre: it errs along its borders.
        let border =
            |p: &geo::Polygon| 111.2 * p.exterior().lines().map(|l| l.dx().hypot(l.dy())).sum::<f64>();
        let grid = 1e-7 * (border(&p) + border(&q));
        let whole = km2(&MultiPolygon::from(p)).min(km2(&MultiPolygon::from(q)));
        for fast in [shared(&a, &b, &mut Work::AN_AREA.clone()), shared(&b, &a, &mut Work::AN_AREA.clone())] {
            let fast = fast.expect("nothing here runs nearly along anything");
            assert!((fast - slow).abs() < 1e-6 * whole + grid, "{a:?} {b:?}: {fast} and {slow}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn is_the_area_of_the_intersection_where_borders_touch(a in on_a_grid(), b in on_a_grid()) {
            agree(&a, &b);
        }

        #[test]
        fn is_the_area_of_the_intersection_anywhere(a in anywhere(), b in anywhere()) {
            agree(&a, &b);
        }
    }
}
