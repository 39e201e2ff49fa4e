//! Both rules against the slow way of asking every cell.

use super::*;
use crate::area::fixtures::polygon;
use geo::algorithm::{Area, BooleanOps};
use geo::{Contains, Point};
use proptest::prelude::*;
use std::fmt::Write as _;

/// A list of `count` cells on pseudo-random sites about 23 N 58 E.
fn list(count: u32) -> CellList {
    let mut csv = "mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m\n".to_owned();
    let mut state = 7_u32;
    let mut draw = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    for id in 0..count {
        let (lat, lon) = (22.5 + f64::from(draw(1000)) / 1000.0, 57.5 + f64::from(draw(1000)) / 1000.0);
        writeln!(csv, "422,02,4G,1,{id},{lat},{lon},{},{}", draw(360), 500 + draw(9000)).unwrap();
    }
    CellList::parse(csv.as_bytes()).unwrap()
}

fn slow(list: &CellList, area: &MultiPolygon<f64>, rule: Rule) -> Vec<usize> {
    let holds = |cell: &Cell| match rule {
        Rule::Centroid => area.contains(&Point::new(cell.centre.lon, cell.centre.lat)),
        Rule::Sector => cell.sector().wedge().intersection(area).unsigned_area() > 1e-12,
    };
    (0..list.cells().len()).filter(|&i| holds(&list.cells()[i])).collect()
}

fn check(list: &CellList, area: &MultiPolygon<f64>) {
    for rule in [Rule::Centroid, Rule::Sector] {
        assert_eq!(list.within(area, rule), slow(list, area, rule), "{rule:?} {area:?}");
    }
}

#[test]
fn holds_what_the_slow_way_holds() {
    let list = list(600);
    let with_hole = Polygon::new(
        polygon(&[(57.6, 22.6), (58.4, 22.6), (58.4, 23.4), (57.6, 23.4)]).exterior().clone(),
        vec![polygon(&[(57.8, 22.8), (58.2, 22.8), (58.2, 23.2), (57.8, 23.2)]).exterior().clone()],
    );
    check(&list, &with_hole.clone().into());
    check(&list, &MultiPolygon::new(vec![with_hole, polygon(&[(57.9, 22.9), (58.1, 22.9), (58.0, 23.1)])]));
    check(&list, &polygon(&[(50., 10.), (70., 10.), (70., 30.), (50., 30.)]).into());
    check(&list, &polygon(&[(57.0, 22.0), (57.1, 22.0), (57.1, 22.1)]).into());
    check(&list, &MultiPolygon::new(vec![]));
    assert_eq!(
        list.within(&polygon(&[(50., 10.), (70., 10.), (70., 30.), (50., 30.)]).into(), Rule::Sector).len(),
        600
    );
    let none = CellList::parse(b"mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m").unwrap();
    check(&none, &polygon(&[(50., 10.), (70., 10.), (70., 30.)]).into());
}

#[test]
fn a_sector_reaches_where_its_centre_does_not() {
    let csv = "mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m,beamwidth\n\
               422,02,4G,1,1,23,58,90,10000,120\n422,02,4G,1,2,23,58,270,10000,120\n422,02,4G,1,3,23,58,0,10000,360\n";
    let list = CellList::parse(csv.as_bytes()).unwrap();
    let far_east: MultiPolygon<f64> =
        polygon(&[(58.09, 22.99), (58.12, 22.99), (58.12, 23.01), (58.09, 23.01)]).into();
    let ids = |rule| {
        let mut ids: Vec<_> = list.within(&far_east, rule).iter().map(|&i| list.cells()[i].cell_id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(Rule::Centroid), [0; 0]);
    assert_eq!(ids(Rule::Sector), [1, 3]);
}

#[test]
fn says_how_much_of_each_sector_lies_inside() {
    let list = list(600);
    let area: MultiPolygon<f64> = polygon(&[(57.6, 22.6), (58.4, 22.7), (58.2, 23.4), (57.7, 23.2)]).into();
    let reached = list.reached(&area);
    let cells: Vec<usize> = reached.iter().map(|(cell, _)| *cell).collect();
    assert_eq!(cells, list.within(&area, Rule::Sector));
    let mut partly = 0;
    for (cell, share) in reached {
        let wedge = list.cells()[cell].sector().wedge();
        let slow = wedge.intersection(&area).unsigned_area() / wedge.unsigned_area();
        // A point stands for a forty-eighth of the sector, and the polygon of the wedge is a little larger than it.
        assert!((share - slow).abs() < 0.08, "{cell}: {share} and {slow}");
        partly += usize::from(share > 0.0 && share < 1.0);
    }
    assert!(partly > 20, "{partly}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_star_holds_what_the_slow_way_holds(
        spokes in prop::collection::vec(0.05..0.6_f64, 3..40), x in 57.4..58.6_f64, y in 22.4..23.6_f64,
    ) {
        let list = list(200);
        let n = spokes.len() as f64;
        let star = |grown: f64| -> MultiPolygon<f64> {
            let points: Vec<_> = (0_u32..).zip(&spokes).map(|(i, r)| {
                let turn = f64::from(i) / n * std::f64::consts::TAU;
                (x + grown * r * turn.cos(), y + grown * r * turn.sin())
            }).collect();
            polygon(&points).into()
        };
        // The slow way computes intersections on a grid and may lose a sliver that the exact way keeps. So: nothing less
        // than it finds in the star, nothing more than it finds in a star a thousandth larger.
        let (area, larger) = (star(1.0), star(1.001));
        for rule in [Rule::Centroid, Rule::Sector] {
            let found = list.within(&area, rule);
            let (least, most) = (slow(&list, &area, rule), slow(&list, &larger, rule));
            prop_assert!(least.iter().all(|i| found.contains(i)), "{:?} misses some of {:?}", rule, area);
            prop_assert!(found.iter().all(|i| most.contains(i)), "{:?} holds too many of {:?}", rule, area);
        }
    }
}
