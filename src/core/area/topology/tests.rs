//! The shipped governorates as numbers, and each way a topology can be wrong.

use super::*;
use crate::area::fixtures::{SQUARES, oman};
use geo::algorithm::BooleanOps;

#[test]
fn the_shipped_governorates_are_whole() {
    let codes: Vec<_> = oman().regions().iter().map(|r| r.code.as_str()).collect();
    let all =
        ["OM-BJ", "OM-BS", "OM-BU", "OM-DA", "OM-MA", "OM-MU", "OM-SJ", "OM-SS", "OM-WU", "OM-ZA", "OM-ZU"];
    assert_eq!(codes, all);
    // 4,933,850 people at the end of 2022 (NCSI).
    let people: u64 = oman().regions().iter().filter_map(|r| r.population.as_ref()).map(|p| p.count).sum();
    assert_eq!(people, 4_933_850);
    // The reference they were digitised from has 308,441 km2.
    let km2: f64 = oman().regions().iter().map(|r| r.area_km2).sum();
    assert!((km2 / 308_441.0 - 1.0).abs() < 0.002, "{km2}");
    assert_eq!(oman().region("OM-BS").unwrap().name.en, "Al Batinah North");
    assert_eq!(oman().region("OM-BJ").unwrap().name.ar, "جنوب الباطنة");
    assert_eq!(oman().region("OM-MU").unwrap().capital.as_ref().unwrap().en, "Khasab");
}

#[test]
fn the_shipped_governorates_do_not_overlap() {
    let regions = oman().regions();
    for (i, one) in regions.iter().enumerate() {
        for other in &regions[..i] {
            let shared = km2(&one.shape.intersection(&other.shape));
            assert!(shared < 1e-6, "{} and {}: {shared} km2", one.code, other.code);
        }
    }
}

#[test]
fn survives_a_round_trip_through_geojson() {
    let again = Index::from_geojson(oman().to_geojson().as_bytes()).unwrap();
    for (a, b) in oman().regions().iter().zip(again.regions()) {
        assert_eq!(
            (&a.code, &a.name, &a.population, &a.capital, &a.shape),
            (&b.code, &b.name, &b.population, &b.capital, &b.shape)
        );
    }
}

fn check(what: &str, from: &str, to: &str, want: &[&str]) {
    assert!(SQUARES.contains(from), "{what}");
    let faults = Index::parse(SQUARES.replace(from, to).as_bytes()).err().unwrap_or_default();
    let codes: Vec<_> = faults.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, want, "{what}: {faults:?}");
}

#[test]
fn names_what_is_wrong_with_a_topology() {
    check("nothing", "X-W", "X-W", &[]);
    check("not JSON", "\"arcs\"", "arcs", &["region.json"]);
    check("a word too many", "\"unit\"", "\"scale\": 1, \"unit\"", &["region.json"]);
    check("another unit", "1/1000 degree", "1/100 degree", &["region.unit"]);
    check("two regions, one code", "X-E", "X-W", &["region.code.twice"]);
    check(
        "unknown arc",
        "\"E rim\"]",
        "\"E edge\"]",
        &["region.arc.unknown", "region.ring.open", "region.arc.unused"],
    );
    check(
        "one sense twice",
        "\"-W | E\"",
        "\"W | E\"",
        &["region.arc.used", "region.ring.open", "region.ring.open"],
    );
    check("turned hole", "[\"-E hole\"]", "[\"E hole\"]", &["region.ring.turn"]);
    check(
        "two arcs, one name",
        "\"W rim\": [",
        "\"E hole\": [",
        &["region.arc.twice", "region.arc.unknown", "region.ring.open"],
    );
    check("no point", "\"0,1000 0,2000", "\"0,1000 0;2000", &["region.arc.point"]);
    check("off the Earth", "\"0,1000 0,2000", "\"0,1000 0,200000", &["region.arc.point"]);
    check("a point twice", "\"0,1000 0,2000", "\"0,1000 0,2000 0,2000", &["region.arc.point"]);
    check("ring across itself", "0,2000 1000,2000", "1000,2000 0,2000", &["region.ring.crosses"]);
    check(
        "hole outside its region",
        "400,1400 400,1600 600,1600 600,1400 400,1400",
        "400,1400 400,2600 600,2600 600,1400 400,1400",
        &["region.arc.crosses"],
    );
    check("no polygon", "[[[\"W rim\", \"W | E\"]]]", "[]", &["region.empty", "region.arc.unused"]);
    check("no ring", "[[[\"W rim\", \"W | E\"]]]", "[[]]", &["region.empty", "region.arc.unused"]);
    check("empty ring", "[\"-E hole\"]", "[]", &["region.ring.open", "region.arc.unused"]);
}

#[test]
fn names_what_is_wrong_with_geojson() {
    let check = |what: &str, geometry: &str, want: &[&str]| {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"iso_3166_2":"X-1"}},"geometry":{geometry}}}]}}"#
        );
        let faults = Index::from_geojson(text.as_bytes()).err().unwrap_or_default();
        assert_eq!(faults.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), want, "{what}: {faults:?}");
    };
    let polygon = |ring: &str| format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#);
    check("good", &polygon("[[0,0],[1,0],[1,1],[0,0]]"), &[]);
    check("with height", &polygon("[[0,0,9],[1,0,9],[1,1,9],[0,0,9]]"), &[]);
    check("point", r#"{"type":"Point","coordinates":[0,0]}"#, &["region.geometry", "region.empty"]);
    check("null", "null", &["region.geometry", "region.empty"]);
    check("words", r#"{"type":"Polygon","coordinates":[["a"]]}"#, &["region.geometry", "region.empty"]);
    check("open", &polygon("[[0,0],[1,0],[1,1],[0,1]]"), &["region.ring.open", "region.empty"]);
    check("bow tie", &polygon("[[0,0],[1,1],[1,0],[0,1],[0,0]]"), &["region.ring.crosses", "region.empty"]);
    check("latitude 91", &polygon("[[0,0],[1,0],[1,91],[0,0]]"), &["region.geometry", "region.empty"]);
    check("no number", &polygon("[[0],[1,0],[1,1],[0,0]]"), &["region.geometry", "region.empty"]);
    assert_eq!(Index::from_geojson(b"[]").unwrap_err()[0].code, "region.geojson");
    assert_eq!(Index::from_geojson(b"{").unwrap_err()[0].code, "region.json");
}
