//! Regions by tiles against the exact test of every part, over the shipped country and over what a tile is worst at.

use super::*;
use crate::area::fixtures::{SQUARES, country, polygon};
use crate::area::sweep::ring_crossing;
use crate::area::{Index, Layer};
use proptest::prelude::*;

/// The way without tiles.
fn slow(index: &Index, layer: Layer, shape: &Prepared) -> Vec<bool> {
    (0..index.layer(layer).len())
        .map(|at| index.parts(crate::area::Place { layer, at }).any(|part| shape.meets(part)))
        .collect()
}

fn check(index: &Index, corners: &[(f64, f64)]) {
    let shape = Prepared::new(&polygon(corners)).unwrap();
    for layer in Layer::ALL {
        let mut hit = vec![false; index.layer(layer).len()];
        index.mark(layer, &shape, &mut hit);
        assert_eq!(hit, slow(index, layer, &shape), "{layer:?} {corners:?}");
    }
}

fn simple(corners: Vec<(f64, f64)>) -> Option<Vec<(f64, f64)>> {
    let mut corners = corners;
    corners.dedup();
    let ring = polygon(&corners);
    let whole = corners.len() > 2 && corners[0] != corners[corners.len() - 1];
    (whole && ring_crossing(&ring.exterior().0).is_none()).then_some(corners)
}

#[test]
fn finds_what_lies_at_the_rim_of_tiles_and_beyond_them() {
    let squares = Index::parse(SQUARES.as_bytes()).unwrap();
    for corners in [
        // Within one square, over both, around all, in the hole, out of the hole, beside, far away.
        &[(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)][..],
        &[(0.5, 0.5), (1.5, 0.5), (1.5, 0.6)],
        &[(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)],
        &[(1.41, 0.41), (1.59, 0.41), (1.5, 0.59)],
        &[(1.45, 0.45), (1.65, 0.45), (1.5, 0.59)],
        &[(2.0, 0.0), (3.0, 0.0), (3.0, 1.0), (2.0, 1.0)],
        &[(1.4, 0.4), (1.6, 0.4), (1.6, 0.6), (1.4, 0.6)],
        &[(100.0, 80.0), (101.0, 80.0), (101.0, 81.0)],
        // A level and an upright edge along the shared border, and one hair across it.
        &[(1.0, 0.2), (1.0, 0.8), (0.5, 0.5)],
        &[(1.000_000_001, 0.2), (1.000_000_001, 0.8), (0.5, 0.5)],
    ] {
        check(&squares, corners);
    }
}

#[test]
fn holding_is_the_region_of_a_point() {
    let squares = Index::parse(SQUARES.as_bytes()).unwrap();
    let at = |lon, lat| squares.holding(Layer::Governorate, crate::cap::Point { lat, lon });
    assert_eq!(at(0.5, 0.5), Some(0));
    assert_eq!(at(1.2, 0.5), Some(1));
    assert_eq!(at(1.5, 0.5), None, "in the hole");
    assert_eq!(at(1.4, 0.5), Some(1), "on the rim of the hole");
    assert_eq!(at(2.5, 0.5), None);
    assert_eq!(at(-170.0, 0.5), None);
}

/// A star anywhere over the country, from 100 m to 1,000 km, its corners at uneven bearings.
fn star() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let spokes = prop::collection::vec((0.05..1.0_f64, 0.0..1.0_f64), 3..60);
    (spokes, 50.0..61.0_f64, 15.5..27.5_f64, -3.0..1.0_f64).prop_filter_map(
        "simple",
        |(mut spokes, x, y, size)| {
            spokes.sort_by(|a, b| a.1.total_cmp(&b.1));
            let size = 10_f64.powf(size);
            let corner = |(far, turn): (f64, f64)| {
                let turn = turn * std::f64::consts::TAU;
                (x + size * far * turn.cos(), y + size * far * turn.sin())
            };
            simple(spokes.into_iter().map(corner).collect())
        },
    )
}

/// A band along a stretch of a border, vertex for vertex.
fn strip() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let wide = -0.05..0.05_f64;
    (0..11_usize, 0..1000_usize, 2..12_usize, wide.clone(), wide).prop_filter_map(
        "simple",
        |(at, from, long, dx, dy)| {
            let shape = &country().regions()[at].shape;
            let ring = &shape.0[from % shape.0.len()].exterior().0;
            let from = from % (ring.len() - 1);
            let side: Vec<_> =
                ring[from..(from + long).min(ring.len() - 1)].iter().map(|c| (c.x, c.y)).collect();
            let back = side.iter().rev().map(|(x, y)| (x + dx, y + dy));
            simple(side.iter().copied().chain(back).collect())
        },
    )
}

/// Corners on the grid of the regions' own points, so that touches and collinear edges are the rule.
fn on_the_grid() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((5_550..5_650_i32, 2_300..2_400_i32), 3..7).prop_filter_map("simple", |corners| {
        simple(corners.into_iter().map(|(x, y)| (f64::from(x) / 100.0, f64::from(y) / 100.0)).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_star_meets_what_the_parts_say(corners in star()) {
        check(country(), &corners);
    }

    #[test]
    fn a_strip_along_a_border_meets_what_the_parts_say(corners in strip()) {
        check(country(), &corners);
    }

    #[test]
    fn corners_on_the_grid_meet_what_the_parts_say(corners in on_the_grid()) {
        check(country(), &corners);
    }
}
