//! Nothing on air is smaller than what was meant.

use super::*;
use crate::area::cover::cover;
use crate::area::fixtures::{area, oman};
use crate::area::prepared::{Position, Prepared};
use crate::area::resolve::Origin;
use crate::area::sweep::ring_crossing;
use geo::MultiPolygon;
use proptest::prelude::*;

fn polygon_of(ring: &cap::Ring) -> Polygon<f64> {
    let points = ring.points.iter().map(|p| Coord { x: p.lon, y: p.lat });
    Polygon::new(points.collect(), vec![])
}

/// Every ring is closed, simple, short enough; together they hold every corner of the shape.
fn check(what: &str, shape: &MultiPolygon<f64>, rings: &[cap::Ring], most: usize) {
    let prepared: Vec<_> = rings.iter().filter_map(|r| Prepared::new(&polygon_of(r))).collect();
    assert_eq!(prepared.len(), rings.len(), "{what}");
    for ring in rings {
        let polygon = polygon_of(ring);
        assert!(ring.points.len() <= most && ring.points.first() == ring.points.last(), "{what}: {ring}");
        assert_eq!(ring_crossing(&polygon.exterior().0), None, "{what}: {ring}");
    }
    for corner in shape.iter().flat_map(|p| p.exterior().coords()) {
        let held = prepared.iter().any(|p| p.position(*corner) != Position::Outside);
        assert!(held, "{what}: {corner:?} is lost");
    }
}

fn check_area(what: &str, area: &cap::Area, most: usize) {
    let coverage = cover(std::slice::from_ref(area), oman(), Origin::Inbound);
    check(what, &coverage.shape, &coverage.polygons_for_air(most), most);
}

#[test]
fn loses_nothing() {
    for code in oman().regions().iter().map(|r| &r.code) {
        for most in [5, 20, 100, 2000] {
            check_area(code, &area(&[], &[], &[("ISO3166-2", code)]), most);
        }
    }
    for most in [5, 6, 40, 73, 100] {
        check_area("circle", &area(&[], &["22.93,57.53 12.5"], &[]), most);
        check_area("point", &area(&[], &["22.93,57.53 0"], &[]), most);
        check_area("bow tie", &area(&["22.9,57.5 23,57.6 22.9,57.6 23,57.5 22.9,57.5"], &[], &[]), most);
    }
}

#[test]
fn keeps_a_ring_as_its_author_wrote_it() {
    let written = area(&["22.123456789,57.5 22.9,57.6 23,57.6 23,57.5 22.123456789,57.5"], &[], &[]);
    let coverage = cover(std::slice::from_ref(&written), oman(), Origin::Desk);
    assert_eq!(coverage.polygons_for_air(100), written.polygons);
}

proptest! {
    #[test]
    fn any_ring_only_grows(spokes in prop::collection::vec(0.05..0.6_f64, 5..80), most in 5..30_usize) {
        let n = spokes.len() as f64;
        let ring = (0_u32..).zip(&spokes).map(|(i, r)| {
            let turn = f64::from(i) / n * std::f64::consts::TAU;
            Coord { x: 57.5 + r * turn.cos(), y: 22.5 + r * turn.sin() }
        });
        let star = Polygon::new(ring.collect(), vec![]);
        check("star", &star.clone().into(), &[outward(&star, most)], most);
    }
}
