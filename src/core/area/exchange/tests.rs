//! Areas out to GeoJSON and back, and what is refused with which code.

use super::*;
use crate::area::fixtures::oman;
use proptest::prelude::*;

fn area(name: &str) -> Area {
    Area {
        area_desc: name.to_owned(),
        polygons: vec![],
        circles: vec![],
        geocodes: vec![],
        altitude: None,
        ceiling: None,
    }
}

/// A ring is the same whichever way round it is told.
fn turned(mut areas: Vec<Area>) -> Vec<Area> {
    for ring in areas.iter_mut().flat_map(|a| &mut a.polygons) {
        let back: Vec<Point> = ring.points.iter().rev().copied().collect();
        let key =
            |points: &[Point]| points.iter().map(|p| (p.lat.to_bits(), p.lon.to_bits())).collect::<Vec<_>>();
        if key(&back) < key(&ring.points) {
            ring.points = back;
        }
    }
    areas
}

fn points() -> impl Strategy<Value = Ring> {
    prop::collection::vec((-90.0..=90.0_f64, -180.0..=180.0_f64), 3..9).prop_map(|points| {
        let mut points: Vec<Point> = points.into_iter().map(|(lat, lon)| Point { lat, lon }).collect();
        points.push(points[0]);
        Ring { points }
    })
}

fn areas() -> impl Strategy<Value = Vec<Area>> {
    let circle = (-60.0..60.0_f64, -170.0..170.0_f64, 0.0..900.0_f64)
        .prop_map(|(lat, lon, radius_km)| Circle { centre: Point { lat, lon }, radius_km });
    let code = prop::sample::select(vec!["OM-DA", "OM-MA", "elsewhere"]);
    let one = (
        "[a-z]{0,5}",
        prop::collection::vec(points(), 0..3),
        prop::collection::vec(circle, 0..3),
        prop::collection::vec(code.prop_map(|c| Named::new("ISO3166-2", c)), 0..3),
        prop::option::of(0.0..9000.0_f64),
    );
    let one = one.prop_filter_map("a shape", |(area_desc, polygons, circles, geocodes, altitude)| {
        let any = !(polygons.is_empty() && circles.is_empty() && geocodes.is_empty());
        any.then_some(Area { area_desc, polygons, circles, geocodes, altitude, ceiling: altitude })
    });
    prop::collection::vec(one, 1..4)
}

proptest! {
    #[test]
    fn out_and_back_is_the_same_to_the_last_bit(areas in areas()) {
        let text = to_geojson(&areas, oman()).to_string();
        let (back, said) = from_geojson(text.as_bytes()).unwrap();
        prop_assert_eq!(said, vec![]);
        prop_assert_eq!(turned(back), turned(areas));
    }
}

#[test]
fn longitude_comes_first_and_rings_run_counterclockwise() {
    let mut clockwise = area("Nizwa");
    clockwise.polygons.push(Ring::parse("23,57 23.2,57 23.2,57.4 23,57.4 23,57").unwrap());
    let out = to_geojson(&[clockwise], oman());
    let ring = &out["features"][0]["geometry"]["coordinates"][0];
    assert_eq!(ring.to_string(), "[[57.0,23.0],[57.4,23.0],[57.4,23.2],[57.0,23.2],[57.0,23.0]]");
}

#[test]
fn others_files_are_read() {
    let square = "[[57,23],[58,23],[58,24],[57,24],[57,23]]";
    let hole = "[[57.2,23.2],[57.4,23.2],[57.4,23.4],[57.2,23.2]]";
    let (areas, said) = from_geojson(
        format!(r#"{{"type":"Feature","properties":{{"name":"n"}},"geometry":{{"type":"Polygon","coordinates":[{square},{hole}]}}}}"#)
            .as_bytes(),
    )
    .unwrap();
    assert_eq!((areas[0].area_desc.as_str(), areas[0].polygons[0].points.len()), ("n", 5));
    assert_eq!(said.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["geojson.hole"]);
    let (areas, _) = from_geojson(
        format!(r#"{{"type":"MultiPolygon","coordinates":[[{square}],[{square}]]}}"#).as_bytes(),
    )
    .unwrap();
    assert_eq!(areas[0].polygons.len(), 2);
    let point = r#"{"type":"Feature","properties":{"radius_km":12.5},"geometry":{"type":"Point","coordinates":[57.5,22.9]}}"#;
    let (areas, _) = from_geojson(point.as_bytes()).unwrap();
    assert_eq!(areas[0].circles[0].to_string(), "22.9,57.5 12.5");
}

#[test]
fn what_is_no_area_is_refused_with_its_code() {
    let ring = |ring: &str| format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#);
    for (input, want) in [
        ("{".to_owned(), "geojson.json"),
        (r#"{"type":"FeatureCollection","features":[]}"#.to_owned(), "geojson.empty"),
        (r#"{"type":"Point","coordinates":[57,23]}"#.to_owned(), "geojson.point"),
        (r#"{"type":"LineString","coordinates":[[57,23],[58,23]]}"#.to_owned(), "geojson.geometry"),
        (r#"{"type":"Feature","properties":null,"geometry":null}"#.to_owned(), "geojson.geometry"),
        (
            r#"{"type":"Polygon","crs":{"type":"name"},"coordinates":[[[57,23],[58,23],[58,24],[57,23]]]}"#
                .to_owned(),
            "geojson.crs",
        ),
        (ring("[[57,23],[58,23],[58,24],[57,24]]"), "geojson.ring"),
        (ring("[[57,23],[58,23],[57,23]]"), "geojson.ring"),
        (ring("[[57,93],[58,23],[58,24],[57,93]]"), "geojson.position"),
        (ring("[[57],[58,23],[58,24],[57]]"), "geojson.position"),
        (ring(&format!("[{}[57,23]]", "[57,23],".repeat(50_001))), "geojson.limit"),
    ] {
        let faults = from_geojson(input.as_bytes()).unwrap_err();
        assert_eq!(faults[0].code, want, "{}", input.chars().take(80).collect::<String>());
    }
}
