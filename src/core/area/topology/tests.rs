//! The shipped governorates as numbers, and each way a topology can be wrong.

use super::*;
use crate::area::fixtures::{SQUARES, area, country, files, oman};
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

#[test]
fn the_shipped_wilayat_are_the_governorates() {
    let all = country();
    let (governorates, wilayat) = (all.regions(), all.layer(Layer::Wilayat));
    assert_eq!((governorates.len(), wilayat.len()), (11, 63));
    let of =
        |r: &Region| wilayat.iter().filter(|w| w.governorate.as_ref() == Some(&r.code)).collect::<Vec<_>>();
    for governorate in governorates {
        let own = of(governorate);
        let people = own.iter().filter_map(|w| w.population.as_ref()).map(|p| p.count).sum::<u64>();
        assert_eq!(governorate.population.as_ref().map(|p| p.count), Some(people), "{}", governorate.code);
        let km2: f64 = own.iter().map(|w| w.area_km2).sum();
        assert!((km2 - governorate.area_km2).abs() < 1e-6, "{}: {km2}", governorate.code);
        assert!(own.iter().all(|w| w.code.starts_with(&governorate.code)), "{}", governorate.code);
    }
    let approximate = wilayat.iter().filter(|w| w.border == Border::Approximate).map(|w| w.name.en.as_str());
    let cut = ["Al Jabal Al Akhdar", "Nizwa", "Al Mudhaibi", "Sinaw"];
    assert_eq!(approximate.collect::<Vec<_>>(), cut);
    assert_eq!(all.at(all.find("om-bs-shr", &Layer::ALL).unwrap()).name.ar, "صحار");
}

#[test]
fn the_shipped_sea_lies_off_the_governorates_and_not_on_them() {
    let all = country();
    let codes: Vec<&str> = all.layer(Layer::Sea).iter().map(|r| r.code.as_str()).collect();
    let coastal = ["OM-BJ", "OM-BS", "OM-MA", "OM-MU", "OM-SJ", "OM-WU", "OM-ZU"].map(|c| format!("{c}-SEA"));
    assert_eq!(codes, coastal);
    let at = |lat, lon, layer| {
        let found = all.holding(layer, crate::cap::Point { lat, lon });
        found.map(|i| all.layer(layer)[i].code.as_str())
    };
    for (what, lat, lon, want) in [
        ("off Muttrah", 23.70, 58.60, Some("OM-MA-SEA")),
        ("off Sohar", 24.45, 56.85, Some("OM-BS-SEA")),
        ("between Masirah and the shore", 20.45, 58.55, Some("OM-WU-SEA")),
        ("east of Masirah", 20.40, 58.95, Some("OM-SJ-SEA")),
        ("off Salalah", 16.90, 54.10, Some("OM-ZU-SEA")),
        ("by Al Hallaniyah", 17.60, 56.00, Some("OM-ZU-SEA")),
        ("thirteen miles off Muttrah", 23.87, 58.60, None),
        ("off Fujairah", 25.15, 56.50, None),
        ("Nizwa", 22.93, 57.53, None),
    ] {
        assert_eq!(at(lat, lon, Layer::Sea), want, "{what}");
    }
    assert_eq!(at(22.93, 57.53, Layer::Wilayat), Some("OM-DA-NZW"));
}

#[test]
fn the_shipped_named_areas_lie_where_they_say() {
    let all = country();
    assert!(all.layer(Layer::Named).len() >= 12);
    let hits = |code: &str, layer| {
        let area = area(&[], &[], &[("NADHIR-AREA", code)]);
        let resolved = crate::area::resolve(&[area], all, crate::area::Origin::Desk);
        let codes = resolved.hits_in(all, layer).into_iter().map(|i| all.layer(layer)[i].code.as_str());
        codes.collect::<Vec<_>>()
    };
    assert_eq!(hits("airport-muscat", Layer::Wilayat), ["OM-MA-BWS", "OM-MA-SIB"]);
    assert_eq!(hits("dhofar-khareef-hills", Layer::Governorate), ["OM-ZU"]);
    assert_eq!(hits("al-hajar", Layer::Sea), [""; 0]);
    assert_eq!(hits("arabian-sea", Layer::Governorate), [""; 0]);
    assert_eq!(hits("arabian-sea", Layer::Sea), ["OM-SJ-SEA", "OM-WU-SEA", "OM-ZU-SEA"]);
    assert_eq!(hits("OM-BS-SHR", Layer::Governorate), ["OM-BS"]);
    assert_eq!(hits("OM-BS-SHR", Layer::Wilayat), ["OM-BS-SHR"]);
}

/// Breaks one file of the country; what is said, with the places.
fn damaged(from: &str, to: &str) -> Vec<String> {
    let break_it =
        |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap().replacen(from, to, 1).into_bytes();
    let whole = files();
    let broken = [whole.governorates, whole.wilayat, whole.sea, whole.named].map(break_it);
    assert!(
        [whole.governorates, whole.wilayat, whole.sea, whole.named].into_iter().ne(broken.iter()),
        "{from}"
    );
    let [governorates, wilayat, sea, named] = &broken;
    let faults = Index::parse_all(&Files { governorates, wilayat, sea, named }).err().unwrap_or_default();
    let mut codes: Vec<String> = faults.iter().map(|f| f.code.clone()).collect();
    codes.dedup();
    codes
}

#[test]
fn names_what_is_wrong_between_layers() {
    assert_eq!(
        damaged("\"governorate\": \"OM-BS\"", "\"governorate\": \"OM-XX\""),
        ["region.governorate", "region.wilayat.fill", "region.people"]
    );
    assert_eq!(damaged("\"code\": \"OM-BS-SHR\"", "\"code\": \"OM-BJ-SHR\""), ["region.code.form"]);
    assert_eq!(damaged("\"code\": \"OM-BS-SHR\"", "\"code\": \"OM-BS-LIW\""), ["region.code.twice"]);
    assert_eq!(damaged("263894", "263893"), ["region.people"]);
    assert_eq!(
        damaged("[\"al-hajar 1\"]", "[\"OM-BJ coast /1\"]"),
        ["region.ring.open", "region.arc.unused"]
    );
    assert_eq!(damaged("\"border\": \"approximate\"", "\"border\": \"certain\""), ["region.json"]);
}
