//! The area two polygons share, from the stretches of each boundary that lie inside the other. Builds no polygon.

use super::ellipsoid::under;
use super::prepared::{Contact, Prepared, Stretch, contact, overlap};
use geo::Coord;
use geo::line_intersection::{LineIntersection, line_intersection};

/// Stretches that close within this many degrees are whole; a wrongly judged one leaves a gap of its own length.
const CLOSED: f64 = 1e-9;

/// The stretches that bound what is shared, added up.
#[derive(Default)]
struct Sum {
    km2: f64,
    gap: Coord<f64>,
}

/// The area that two polygons share, in square kilometres; `None` where they run so nearly along one another that a
/// stretch could not be judged.
pub(super) fn shared(a: &Prepared, b: &Prepared) -> Option<f64> {
    if !overlap(a.bounds, b.bounds) {
        return Some(0.0);
    }
    let mut sum = Sum::default();
    // Where the boundaries run together with both interiors on one side, the stretch is counted once, as ours.
    collect(a, b, true, &mut sum);
    collect(b, a, false, &mut sum);
    (sum.gap.x.abs() < CLOSED && sum.gap.y.abs() < CLOSED).then(|| sum.km2.abs())
}

/// Adds the stretches of `own` that lie inside `other`; with `along`, those on its boundary in the same sense as well.
fn collect(own: &Prepared, other: &Prepared, along: bool, sum: &mut Sum) {
    let mut nodes: Vec<(f64, Coord<f64>)> = Vec::new();
    // Where the last stretch ended, and whether it counted: what follows it without any contact lies as it does.
    let mut last: Option<(Coord<f64>, bool)> = None;
    for edge in own.edges_near(other.bounds) {
        nodes.clear();
        let d = edge.delta();
        let far = |p: Coord<f64>| (p.x - edge.start.x) * d.x + (p.y - edge.start.y) * d.y;
        for near in other.near(edge).filter(|near| contact(edge, near) != Contact::None) {
            match line_intersection(*edge, *near) {
                Some(LineIntersection::SinglePoint { intersection, .. }) => {
                    nodes.push((far(intersection), intersection));
                }
                Some(LineIntersection::Collinear { intersection }) => {
                    nodes.extend([intersection.start, intersection.end].map(|p| (far(p), p)));
                }
                None => {}
            }
        }
        if nodes.is_empty()
            && let Some((end, counted)) = last
            && end == edge.start
        {
            if counted {
                sum.add(edge.start, edge.end);
            }
            last = Some((edge.end, counted));
            continue;
        }
        nodes.push((f64::NEG_INFINITY, edge.start));
        nodes.push((f64::INFINITY, edge.end));
        nodes.sort_by(|p, q| p.0.total_cmp(&q.0));
        nodes.dedup_by(|q, p| q.1 == p.1);
        for pair in nodes.windows(2) {
            let (p, q) = (pair[0].1, pair[1].1);
            let counts = match other.stretch(p, q) {
                Stretch::Inside => true,
                Stretch::Outside | Stretch::Against => false,
                Stretch::With => along,
            };
            if counts {
                sum.add(p, q);
            }
            last = Some((q, counts));
        }
    }
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
        let whole = km2(&MultiPolygon::from(p)).min(km2(&MultiPolygon::from(q)));
        for fast in [shared(&a, &b), shared(&b, &a)] {
            let fast = fast.expect("nothing here runs nearly along anything");
            assert!((fast - slow).abs() < 1e-6 * whole.max(1.0), "{a:?} {b:?}: {fast} and {slow}");
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
