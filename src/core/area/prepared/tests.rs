//! The exact test against geo's intersection, and against itself under every way of writing one ring.

use super::*;
use crate::area::fixtures::polygon;
use crate::area::sweep::ring_crossing;
use geo::BooleanOps;
use geo::algorithm::Area;
use proptest::prelude::*;

fn check(what: &str, a: &[(f64, f64)], b: &[(f64, f64)], want: bool) {
    let (a, b) = (Prepared::new(&polygon(a)).unwrap(), Prepared::new(&polygon(b)).unwrap());
    assert_eq!((a.meets(&b), b.meets(&a)), (want, want), "{what}");
}

const SQUARE: &[(f64, f64)] = &[(0., 0.), (4., 0.), (4., 4.), (0., 4.)];

#[test]
fn meets_where_interiors_do() {
    check("itself", SQUARE, SQUARE, true);
    check("inside", SQUARE, &[(1., 1.), (2., 1.), (2., 2.)], true);
    check("side by side", SQUARE, &[(4., 0.), (8., 0.), (8., 4.), (4., 4.)], false);
    check("side by side, shorter", SQUARE, &[(4., 1.), (8., 1.), (8., 2.), (4., 2.)], false);
    check("corner to corner", SQUARE, &[(4., 4.), (8., 4.), (8., 8.)], false);
    check("corner on a side", SQUARE, &[(4., 2.), (8., 0.), (8., 4.)], false);
    check("inside, one side in common", SQUARE, &[(0., 0.), (4., 0.), (2., 2.)], true);
    check("across, only corners on the rim", SQUARE, &[(2., 0.), (4., 2.), (2., 4.), (0., 2.)], true);
    check("diagonal through two corners", SQUARE, &[(-1., -1.), (5., 5.), (4., 6.)], true);
    check("beside a diagonal corner", SQUARE, &[(4., 4.), (9., 3.), (9., 9.), (3., 9.)], false);
    check(
        "box within box, shapes apart",
        &[(0., 0.), (4., 0.), (0., 4.)],
        &[(4., 4.), (3., 4.), (4., 3.)],
        false,
    );
}

/// A ring on a small grid, so that touches and shared edges are the rule.
fn ring() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0..6_i32, 0..6_i32), 3..8).prop_filter_map("simple", |points| {
        let mut points: Vec<_> = points.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect();
        points.dedup();
        let shape = polygon(&points);
        let simple = points.len() > 2 && points[0] != points[points.len() - 1];
        (simple && ring_crossing(&shape.exterior().0).is_none() && shape.unsigned_area() > 0.0)
            .then_some(points)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_the_area_of_the_intersection(a in ring(), b in ring()) {
        let (p, q) = (polygon(&a), polygon(&b));
        let slow = p.intersection(&q).unsigned_area();
        let fast = Prepared::new(&p).unwrap().meets(&Prepared::new(&q).unwrap());
        // On this grid the least true overlap is far above what the slow way loses by rounding.
        prop_assert_eq!(fast, slow > 1e-6, "{:?} {:?} {}", a, b, slow);
    }

    #[test]
    fn one_ring_written_another_way_meets_the_same(a in ring(), b in ring(), start in 0..8_usize, twice in 0..8_usize, back: bool) {
        let fixed = Prepared::new(&polygon(&b)).unwrap();
        let want = Prepared::new(&polygon(&a)).unwrap().meets(&fixed);
        let mut other = a;
        let n = other.len();
        other.rotate_left(start % n);
        if back { other.reverse(); }
        other.insert(twice % n, other[twice % n]);
        let other = Prepared::new(&polygon(&other)).unwrap();
        prop_assert_eq!((other.meets(&fixed), fixed.meets(&other)), (want, want));
    }
}
