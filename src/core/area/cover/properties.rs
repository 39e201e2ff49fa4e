//! What holds of every alert over the shipped country: any writing of one ring, a corner in a region, the slow way's finds.

use super::*;
use crate::area::fixtures::oman;
use crate::area::prepared::Position;
use crate::cap::{Area, Point, Ring};
use geo::Area as _;
use proptest::prelude::*;

/// A star of up to 60 corners, anywhere over the country, from 100 m to 300 km.
fn star() -> impl Strategy<Value = Vec<Point>> {
    let spokes = prop::collection::vec(0.2..1.0_f64, 3..60);
    (spokes, 16.8..26.4_f64, 52.5..59.5_f64, -3.0..0.5_f64).prop_map(|(spokes, lat, lon, size)| {
        let (size, n) = (10_f64.powf(size), spokes.len() as f64);
        let turn = |corner: u32| f64::from(corner) / n * std::f64::consts::TAU;
        let corners = (0..).zip(spokes).map(|(corner, spoke)| Point {
            lat: lat + size * spoke * turn(corner).cos(),
            lon: lon + size * spoke * turn(corner).sin(),
        });
        corners.collect()
    })
}

fn areas(corners: &[Point]) -> [Area; 1] {
    let points = corners.iter().chain(corners.first()).copied().collect();
    let polygons = vec![Ring { points }];
    let (circles, geocodes) = (vec![], vec![]);
    [Area { area_desc: String::new(), polygons, circles, geocodes, altitude: None, ceiling: None }]
}

fn hits(corners: &[Point], origin: Origin) -> Vec<usize> {
    resolve(&areas(corners), oman(), origin).hits(oman())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn one_ring_written_another_way_hits_the_same(corners in star(), start in 0..60_usize, twice in 0..60_usize, back: bool) {
        let mut other = corners.clone();
        let n = other.len();
        other.rotate_left(start % n);
        if back { other.reverse(); }
        other.insert(twice % n, other[twice % n]);
        let want = hits(&corners, Origin::Desk);
        prop_assert_eq!(hits(&other, Origin::Desk), want.clone());
        prop_assert_eq!(hits(&corners, Origin::Inbound), want);
    }

    #[test]
    fn a_corner_inside_a_region_is_a_hit(corners in star()) {
        let found = hits(&corners, Origin::Desk);
        for corner in &corners {
            for (at, _) in oman().regions().iter().enumerate() {
                let parts = oman().parts(Place { layer: Layer::Governorate, at });
                let at_corner = geo::Coord { x: corner.lon, y: corner.lat };
                let inside = parts.into_iter().any(|part| part.position(at_corner) == Position::Inside);
                prop_assert!(!inside || found.contains(&at), "{corner} is inside of region {at}");
            }
        }
    }

    #[test]
    fn nothing_that_the_slow_way_finds_is_left_out(corners in star()) {
        let found = hits(&corners, Origin::Desk);
        let ring = corners.iter().map(|p| geo::Coord { x: p.lon, y: p.lat }).collect();
        let polygon = Polygon::new(ring, vec![]);
        for (at, region) in oman().regions().iter().enumerate() {
            // The slow way computes on a grid and may invent a sliver thinner than it can tell.
            let slow = region.shape.intersection(&polygon).unsigned_area() > 1e-9;
            prop_assert!(!slow || found.contains(&at), "the slow way finds region {at}");
        }
    }
}
