//! Regions from GeoJSON (RFC 7946) and back: a FeatureCollection whose features carry `iso_3166_2`.

use super::ellipsoid::km2;
use super::index::{Border, Index, Name, Population, Region};
use super::sweep::ring_crossing;
use crate::fault::Fault;
use geo::algorithm::Area;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Value, json};

/// Longitude, latitude and whatever follows (RFC 7946, 3.1.1).
type Rings = Vec<Vec<Vec<f64>>>;

impl Index {
    /// Reads a FeatureCollection of Polygon and MultiPolygon features with an `iso_3166_2` property; `name_ar`,
    /// `name_en`, `capital_ar`, `capital_en`, `population_2022` and `population_source` are taken along.
    pub fn from_geojson(bytes: &[u8]) -> Result<Index, Vec<Fault>> {
        let root: Value = serde_json::from_slice(bytes).map_err(|e| {
            vec![Fault::error(
                "region.json",
                format!("line {}, column {}", e.line(), e.column()),
                e.to_string(),
            )]
        })?;
        let Some(features) = root["features"].as_array().filter(|_| root["type"] == "FeatureCollection")
        else {
            return Err(vec![Fault::error("region.geojson", "type", "this is no FeatureCollection")]);
        };
        let mut faults = Vec::new();
        let mut regions: Vec<Region> = Vec::new();
        for (n, feature) in (1..).zip(features) {
            let properties = &feature["properties"];
            let Some(code) = properties["iso_3166_2"].as_str() else {
                let message = "the feature has no property iso_3166_2";
                faults.push(Fault::error("region.code.missing", format!("features[{n}]"), message));
                continue;
            };
            if regions.iter().any(|r| r.code.eq_ignore_ascii_case(code)) {
                faults.push(Fault::error("region.code.twice", code, "the code is given to two regions"));
            }
            let shape = MultiPolygon::new(polygons(&feature["geometry"], code, &mut faults));
            if shape.0.is_empty() {
                faults.push(Fault::error("region.empty", code, "the region has no valid polygon"));
            }
            let text = |key: &str| properties[key].as_str().map(str::to_owned);
            let area_km2 = km2(&shape);
            regions.push(Region {
                code: code.to_owned(),
                governorate: None,
                border: Border::Drawn,
                name: Name {
                    ar: text("name_ar").unwrap_or_else(|| code.to_owned()),
                    en: text("name_en").unwrap_or_else(|| code.to_owned()),
                },
                capital: text("capital_ar").zip(text("capital_en")).map(|(ar, en)| Name { ar, en }),
                population: properties["population_2022"].as_u64().map(|count| Population {
                    count,
                    year: 2022,
                    source: text("population_source").unwrap_or_default(),
                }),
                shape,
                area_km2,
            });
        }
        if faults.is_empty() { Ok(Index::new(regions)) } else { Err(faults) }
    }

    /// The regions as a FeatureCollection, one feature a line; what `from_geojson` reads.
    pub fn to_geojson(&self) -> String {
        let features: Vec<String> = self.regions().iter().map(|r| feature(r).to_string()).collect();
        format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
    }
}

fn feature(region: &Region) -> Value {
    let mut properties = Map::new();
    let mut put = |key: &str, value: Value| properties.insert(key.to_owned(), value);
    put("iso_3166_2", json!(region.code));
    put("name_ar", json!(region.name.ar));
    put("name_en", json!(region.name.en));
    if let Some(capital) = &region.capital {
        put("capital_ar", json!(capital.ar));
        put("capital_en", json!(capital.en));
    }
    if let Some(population) = &region.population {
        // The property's name carries the year, as in the sets this one is compared with.
        put(&format!("population_{}", population.year), json!(population.count));
        put("population_source", json!(population.source));
    }
    put("area_km2", json!((region.area_km2 * 10.0).round() / 10.0));
    let ring = |ring: &LineString<f64>| ring.coords().map(|c| [c.x, c.y]).collect::<Vec<_>>();
    let polygons: Vec<Vec<_>> = region
        .shape
        .iter()
        .map(|p| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect())
        .collect();
    json!({"type": "Feature", "properties": properties,
           "geometry": {"type": "MultiPolygon", "coordinates": polygons}})
}

fn polygons(geometry: &Value, code: &str, faults: &mut Vec<Fault>) -> Vec<Polygon<f64>> {
    let coordinates = geometry["coordinates"].clone();
    let read: Result<Vec<Rings>, _> = match geometry["type"].as_str() {
        Some("Polygon") => serde_json::from_value(coordinates).map(|rings| vec![rings]),
        Some("MultiPolygon") => serde_json::from_value(coordinates),
        _ => {
            faults.push(Fault::error("region.geometry", code, "a region is a Polygon or a MultiPolygon"));
            return Vec::new();
        }
    };
    match read {
        Ok(polygons) => (1..)
            .zip(polygons)
            .filter_map(|(n, rings)| polygon(rings, &format!("{code}/polygon[{n}]"), faults))
            .collect(),
        Err(e) => {
            faults.push(Fault::error(
                "region.geometry",
                code,
                format!("its coordinates cannot be read: {e}"),
            ));
            Vec::new()
        }
    }
}

fn polygon(rings: Rings, place: &str, faults: &mut Vec<Fault>) -> Option<Polygon<f64>> {
    let mut made = Vec::new();
    for (n, positions) in (1..).zip(rings) {
        let place = format!("{place}/ring[{n}]");
        match ring(&positions) {
            Ok(ring) => made.push(ring),
            Err((code, message)) => faults.push(Fault::error(code, place, message)),
        }
    }
    let mut made = made.into_iter();
    made.next().map(|outer| Polygon::new(outer, made.collect()))
}

fn ring(positions: &[Vec<f64>]) -> Result<LineString<f64>, (&'static str, String)> {
    let mut ring = Vec::with_capacity(positions.len());
    for position in positions {
        let &[x, y, ..] = position.as_slice() else {
            return Err(("region.geometry", "a position has a longitude and a latitude".to_owned()));
        };
        if !(x.abs() <= 180.0 && y.abs() <= 90.0) {
            return Err(("region.geometry", format!("{x},{y} is not on Earth")));
        }
        ring.push(Coord { x, y });
    }
    ring.dedup();
    if ring.len() < 4 || ring.first() != ring.last() {
        return Err((
            "region.ring.open",
            "a ring has four points or more, the last equal to the first".to_owned(),
        ));
    }
    if let Some(at) = ring_crossing(&ring) {
        return Err(("region.ring.crosses", format!("the ring meets itself at {},{}", at.y, at.x)));
    }
    let ring = LineString::new(ring);
    if Polygon::new(ring.clone(), vec![]).unsigned_area() == 0.0 {
        return Err(("region.empty", "the ring has no area".to_owned()));
    }
    Ok(ring)
}
