//! Rows: an area goes in, the codes hit and the codes of the faults come out.

use super::*;
use crate::area::fixtures::{SQUARES, area, oman};
use crate::cap::Area;
use proptest::prelude::*;

fn check_in(index: &Index, what: &str, area: &Area, origin: Origin, hits: &[&str], faults: &[&str]) {
    let coverage = cover(std::slice::from_ref(area), index, origin);
    let codes: Vec<_> = coverage.governorates.iter().map(|h| h.code.as_str()).collect();
    let said: Vec<_> = coverage.faults.iter().map(|f| f.code.as_str()).collect();
    assert_eq!((codes.as_slice(), said.as_slice()), (hits, faults), "{what}: {:?}", coverage.faults);
    let resolved = resolve(std::slice::from_ref(area), index, origin);
    assert_eq!(resolved.hits(index).len(), hits.len(), "{what}: the decision alone");
}

fn polygon(what: &str, ring: &str, hits: &[&str], faults: &[&str]) {
    check_in(oman(), what, &area(&[ring], &[], &[]), Origin::Desk, hits, faults);
}

fn circle(what: &str, text: &str, hits: &[&str], faults: &[&str]) {
    check_in(oman(), what, &area(&[], &[text], &[]), Origin::Desk, hits, faults);
}

fn geocode(what: &str, name: &str, value: &str, hits: &[&str], faults: &[&str]) {
    check_in(oman(), what, &area(&[], &[], &[(name, value)]), Origin::Desk, hits, faults);
}

const OUT: &[&str] = &["area.partly_outside"];

#[test]
fn finds_the_governorates_of_polygons() {
    polygon("Nizwa", "22.9,57.5 22.9,57.6 23,57.6 23,57.5 22.9,57.5", &["OM-DA"], &[]);
    polygon("the same, clockwise", "22.9,57.5 23,57.5 23,57.6 22.9,57.6 22.9,57.5", &["OM-DA"], &[]);
    polygon("Khasab", "26.1,56.2 26.1,56.3 26.2,56.3 26.2,56.2 26.1,56.2", &["OM-MU"], OUT);
    polygon(
        "Madha, an exclave",
        "25.27,56.30 25.27,56.31 25.28,56.31 25.28,56.30 25.27,56.30",
        &["OM-MU"],
        &[],
    );
    polygon(
        "Fujairah, between the exclaves",
        "25.4,56.2 25.4,56.3 25.5,56.3 25.5,56.2 25.4,56.2",
        &[],
        &["area.no_region"],
    );
    polygon("Masirah", "20.4,58.75 20.4,58.78 20.45,58.78 20.45,58.75 20.4,58.75", &["OM-SJ"], OUT);
    polygon("Al Hallaniyah", "17.5,56.0 17.5,56.03 17.52,56.03 17.52,56.0 17.5,56.0", &["OM-ZU"], &[]);
    polygon(
        "sea off Muscat",
        "23.8,58.6 23.8,58.7 23.85,58.7 23.85,58.6 23.8,58.6",
        &[],
        &["area.no_region"],
    );
    polygon(
        "needle across the interior",
        "22.5,56 22.5000001,56 22.9,57.6 22.5,56",
        &["OM-DA", "OM-ZA"],
        &[],
    );
    let all =
        ["OM-BJ", "OM-BS", "OM-BU", "OM-DA", "OM-MA", "OM-MU", "OM-SJ", "OM-SS", "OM-WU", "OM-ZA", "OM-ZU"];
    polygon("everything", "16,51 16,60 27,60 27,51 16,51", &all, OUT);
}

#[test]
fn refuses_rings_it_cannot_take_with_every_fault() {
    polygon("open", "22.9,57.5 22.9,57.6 23,57.6 23,57.5", &[], &["area.polygon.open"]);
    polygon("three points", "22.9,57.5 22.9,57.6 22.9,57.5", &[], &["area.polygon.short"]);
    polygon(
        "three at once",
        "22.9,57.5 95,57.6",
        &[],
        &["area.polygon.range", "area.polygon.short", "area.polygon.open"],
    );
    polygon("one point four times", "23,57 23,57 23,57 23,57", &[], &["area.polygon.flat"]);
    polygon("there and back", "23,57 24,57 23,57 24,57 23,57", &[], &["area.polygon.crosses"]);
    polygon("exchanged", "57.5,22.9 57.6,22.9 57.6,23 57.5,23 57.5,22.9", &[], &["area.swapped"]);
    polygon("Tallinn", "59.4,24.7 59.4,24.8 59.5,24.8 59.4,24.7", &[], &["area.outside"]);
    polygon("Mumbai", "19,72.8 19,72.9 19.1,72.9 19,72.8", &[], &["area.outside"]);
    check_in(oman(), "nothing", &area(&[], &[], &[]), Origin::Inbound, &[], &["area.none"]);
    assert_eq!(cover(&[], oman(), Origin::Inbound).faults[0].code, "area.none");
    let nan = crate::cap::Ring { points: vec![crate::cap::Point { lat: f64::NAN, lon: 57.0 }; 4] };
    let coverage = cover(&[Area { polygons: vec![nan], ..area(&[], &[], &[]) }], oman(), Origin::Inbound);
    assert!(coverage.faults.iter().any(|f| f.code == "area.polygon.range"), "{:?}", coverage.faults);
}

#[test]
fn takes_circles_as_polygons_around_them() {
    circle("Nizwa", "22.93,57.53 5", &["OM-DA"], &[]);
    circle("radius 0 is a point", "22.93,57.53 0", &["OM-DA"], &[]);
    circle("wide", "22.93,57.53 60", &["OM-BJ", "OM-DA", "OM-SS", "OM-ZA"], &[]);
    circle("negative", "22.93,57.53 -1", &[], &["area.circle.radius"]);
    circle("the whole Earth", "22.93,57.53 20000", &[], &["area.circle.radius"]);
    circle("off the Earth", "122.93,57.53 3", &[], &["area.circle.range"]);
    circle("about the pole", "89.9,0 500", &[], &["area.outside"]);
    circle("across the 180th meridian", "0,179.9 100", &[], &["area.outside"]);
    circle("exchanged", "57.53,22.93 5", &[], &["area.swapped"]);
    // pi r^2, and a little more: the polygon lies around the circle.
    let coverage = cover(&[area(&[], &["22.93,57.53 10"], &[])], oman(), Origin::Desk);
    let (true_area, ours) = (std::f64::consts::PI * 100.0, coverage.area_km2);
    assert!(ours > true_area && ours < true_area * 1.001, "{ours} for {true_area}");
}

#[test]
fn refuses_what_crosses_the_180th_meridian_or_goes_around_a_pole() {
    let around = &["area.polygon.around"];
    polygon("a box over the meridian", "10,179 10,-179 20,-179 20,179 10,179", &[], around);
    polygon("the same at Oman's latitudes", "16,170 16,-170 27,-170 27,170 16,170", &[], around);
    polygon("the whole map", "-90,-180 -90,180 90,180 90,-180 -90,-180", &[], around);
    polygon("a ring around the pole", "80,0 80,90 80,180 80,-90 80,0", &[], around);
    polygon("a ring around the Earth and back", "20,0 20,120 20,-120 20,0 10,-120 10,120 20,0", &[], around);
    polygon("beside the meridian", "20,179 20,180 22,180 22,179 20,179", &[], &["area.outside"]);
    polygon("at the pole", "89,10 90,10 90,50 89,50 89,10", &[], &["area.outside"]);
    polygon("half of the Earth, as drawn", "10,0 10,180 11,180 11,0 10,0", &[], &["area.outside"]);
    circle("at the pole", "90,0 1", &[], &["area.outside"]);
    circle("at the other pole", "-90,180 2000", &[], &["area.outside"]);
    circle("beside the pole", "87,57 100", &[], &["area.outside"]);
    circle("on the meridian", "22,180 1500", &[], &["area.outside"]);
    circle("on the meridian, from the east", "22,-180 0", &[], &["area.outside"]);
    // One of several shapes that is none refuses the area, and the others are told all the same.
    let one_of_two =
        area(&["22.9,57.5 22.9,57.6 23,57.6 22.9,57.5", "10,179 10,-179 20,179 10,179"], &[], &[]);
    for origin in [Origin::Desk, Origin::Inbound] {
        check_in(oman(), "one of two", &one_of_two, origin, &["OM-DA"], around);
    }
}

#[test]
fn nahwa_is_not_oman() {
    circle("Nahwa, in a hole of Madha", "25.27,56.278 0.9", &[], &["area.no_region"]);
    circle("a little more than Nahwa", "25.27,56.278 1.4", &["OM-MU"], OUT);
    circle("Madha beside it", "25.283,56.333 0.5", &["OM-MU"], &[]);
}

#[test]
fn takes_the_geocodes_it_knows_and_names_the_others() {
    geocode("as the standard writes it", "ISO3166-2", "OM-BS", &["OM-BS"], &[]);
    geocode("other spellings", "iso_3166_2", "om-bj", &["OM-BJ"], &[]);
    geocode("with a space", "ISO 3166-2", "OM-MU", &["OM-MU"], &[]);
    geocode("unknown code", "ISO3166-2", "OM-BA", &[], &["area.geocode.unknown"]);
    geocode("unknown kind", "SAME", "006015", &[], &["area.geocode.kind", "area.none"]);
    let both = area(
        &["22.9,57.5 22.9,57.6 23,57.6 23,57.5 22.9,57.5"],
        &["17.02,54.09 2"],
        &[("ISO3166-2", "OM-MU"), ("UGC", "X")],
    );
    check_in(
        oman(),
        "of each kind",
        &both,
        Origin::Desk,
        &["OM-DA", "OM-MU", "OM-ZU"],
        &["area.geocode.kind"],
    );
    let coverage = cover(&[both], oman(), Origin::Desk);
    assert!((coverage.governorates[1].share_of_region - 1.0).abs() < 1e-6, "{:?}", coverage.governorates);
}

#[test]
fn counts_a_shared_border_as_no_hit() {
    let squares = Index::parse(SQUARES.as_bytes()).unwrap();
    let row = |what, ring: &str, hits: &[&str], faults: &[&str]| {
        check_in(&squares, what, &area(&[ring], &[], &[]), Origin::Desk, hits, faults);
    };
    row("the western square itself", "0,0 0,1 1,1 1,0 0,0", &["X-W"], &[]);
    row("with the middle vertex", "0,0 0,1 0.5,1 1,1 1,0 0,0", &["X-W"], &[]);
    row("half of it, along the border", "0,0.5 0,1 1,1 1,0.5 0,0.5", &["X-W"], &[]);
    row("one corner on the border", "0.5,1 0.4,0.5 0.6,0.5 0.5,1", &["X-W"], &[]);
    row(
        "past the border by a hair",
        "0.5,1.0000000001 0.4,0.5 0.6,0.5 0.5,1.0000000001",
        &["X-W", "X-E"],
        &[],
    );
    row("in the hole", "0.45,1.45 0.45,1.55 0.55,1.55 0.55,1.45 0.45,1.45", &[], &["area.no_region"]);
    row("the hole itself", "0.4,1.4 0.4,1.6 0.6,1.6 0.6,1.4 0.4,1.4", &[], &["area.no_region"]);
    row("around the hole", "0.3,1.3 0.3,1.7 0.7,1.7 0.7,1.3 0.3,1.3", &["X-E"], OUT);
    row("both", "0.1,0.5 0.1,1.5 0.2,1.5 0.2,0.5 0.1,0.5", &["X-W", "X-E"], &[]);
    row("outside, along the rim", "0,0 0,-1 1,-1 1,0 0,0", &[], &["area.no_region"]);
}

#[test]
fn refuses_a_crossing_ring_at_the_desk_and_widens_it_from_elsewhere() {
    let bow_tie = area(&["22.9,57.5 23,57.6 22.9,57.6 23,57.5 22.9,57.5"], &[], &[]);
    check_in(oman(), "bow tie", &bow_tie, Origin::Desk, &[], &["area.polygon.crosses"]);
    let fault = &cover(std::slice::from_ref(&bow_tie), oman(), Origin::Desk).faults[0];
    assert!(fault.message.contains("22.95000,57.55000"), "{}", fault.message);
    check_in(oman(), "bow tie", &bow_tie, Origin::Inbound, &["OM-DA"], &["area.polygon.repaired"]);
    // A pentagram's middle has winding number 2: the even-odd rule alone would leave it out.
    let star = area(&["23,57.5 22.72,57.59 22.90,57.35 22.90,57.65 22.72,57.41 23,57.5"], &[], &[]);
    let coverage = cover(&[star], oman(), Origin::Inbound);
    assert_eq!(coverage.shape.0.len(), 1);
    assert!(coverage.shape.0[0].interiors().is_empty(), "{:?}", coverage.shape);
    // Ten thousand chords of a circle all cross one another: refused, and quickly.
    let tangle = (0..=9_999_u32).map(|i| {
        let turn = f64::from(i % 9_999) * std::f64::consts::TAU * 4_999.0 / 9_999.0;
        crate::cap::Point { lat: 22.9 + 0.1 * turn.sin(), lon: 57.5 + 0.1 * turn.cos() }
    });
    let tangle =
        Area { polygons: vec![crate::cap::Ring { points: tangle.collect() }], ..area(&[], &[], &[]) };
    check_in(oman(), "tangle", &tangle, Origin::Inbound, &[], &["area.polygon.tangle"]);
}

#[test]
fn takes_a_shape_abroad_from_elsewhere_only() {
    let two = area(&["22.9,57.5 22.9,57.6 23,57.6 22.9,57.5", "19,72.8 19,72.9 19.1,72.9 19,72.8"], &[], &[]);
    for (origin, level) in [(Origin::Desk, Level::Error), (Origin::Inbound, Level::Warning)] {
        check_in(
            oman(),
            "Nizwa and Mumbai",
            &two,
            origin,
            &["OM-DA"],
            &["area.outside", "area.partly_outside"],
        );
        assert_eq!(cover(std::slice::from_ref(&two), oman(), origin).faults[0].level, level, "{origin:?}");
    }
    let swapped =
        area(&["22.9,57.5 22.9,57.6 23,57.6 22.9,57.5", "57.5,22.9 57.6,22.9 57.6,23 57.5,22.9"], &[], &[]);
    let coverage = cover(&[swapped], oman(), Origin::Inbound);
    assert_eq!((coverage.faults[0].code.as_str(), coverage.faults[0].level), ("area.swapped", Level::Error));
}

#[test]
fn shares_add_up() {
    let squares = Index::parse(SQUARES.as_bytes()).unwrap();
    let coverage = cover(&[area(&["0,0.5 0,1.5 1,1.5 1,0.5 0,0.5"], &[], &[])], &squares, Origin::Desk);
    let [west, east] = coverage.governorates.as_slice() else { panic!("{:?}", coverage.governorates) };
    assert!((west.share_of_alert - 0.5).abs() < 1e-6, "{west:?}");
    assert!((west.share_of_region - 0.5).abs() < 1e-6, "{west:?}");
    assert!((east.share_of_alert - 0.48).abs() < 1e-4, "{east:?}");
    let km2 = 110.574 * 111.32;
    assert!((west.overlap_km2 / (km2 / 2.0) - 1.0).abs() < 1e-3, "{west:?}");
    assert_eq!(coverage.faults[0].code, "area.partly_outside");
    // Two polygons that overlap count once.
    let twice = area(&["0,0 0,1 1,1 1,0 0,0", "0,0.5 0,1 1,1 1,0.5 0,0.5"], &[], &[]);
    let coverage = cover(&[twice], &squares, Origin::Desk);
    assert!((coverage.area_km2 - squares.regions()[0].area_km2).abs() < 1e-3, "{}", coverage.area_km2);
}

/// Points anyone may send: on a coarse grid so that they coincide, near Oman, and beyond the Earth.
fn wild_point() -> impl Strategy<Value = crate::cap::Point> {
    let near = (20..26_i32, 54..60_i32).prop_map(|(lat, lon)| (f64::from(lat), f64::from(lon)));
    let fine = (16.0..27.0_f64, 51.0..61.0_f64);
    let any = (-100.0..100.0_f64, -200.0..200.0_f64);
    prop_oneof![4 => near, 4 => fine, 1 => any].prop_map(|(lat, lon)| crate::cap::Point { lat, lon })
}

proptest! {
    #[test]
    fn whatever_comes_is_answered(
        rings in prop::collection::vec(prop::collection::vec(wild_point(), 0..12), 0..4),
        circles in prop::collection::vec((wild_point(), -10.0..3000.0_f64), 0..2),
        close: bool, most in 0..50_usize,
    ) {
        let polygons = rings.into_iter().map(|mut points| {
            if close { points.extend(points.first().copied()); }
            crate::cap::Ring { points }
        }).collect();
        let circles = circles.into_iter().map(|(centre, radius_km)| crate::cap::Circle { centre, radius_km }).collect();
        let area = Area { polygons, circles, ..area(&[], &[], &[]) };
        for origin in [Origin::Desk, Origin::Inbound] {
            let coverage = cover(std::slice::from_ref(&area), oman(), origin);
            // Either it hits something or it says as an error why not; never silence, never a default.
            prop_assert!(!coverage.governorates.is_empty() || coverage.faults.iter().any(|f| f.level == Level::Error));
            let share: f64 = coverage.governorates.iter().map(|h| h.share_of_alert).sum();
            prop_assert!(share <= 1.0 + 1e-6, "{}", share);
            let air = coverage.polygons_for_air(most);
            prop_assert!(coverage.governorates.is_empty() || !air.is_empty());
        }
    }
}
