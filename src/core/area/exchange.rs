//! The areas of an alert as GeoJSON (RFC 7946) and back: longitude first there, latitude first in CAP. One feature a shape.

use super::index::{Index, Layer};
use super::resolve::around;
use crate::cap::{Area, Circle, Limits, Named, Point, Ring};
use crate::fault::{Fault, any_error};
use geo::{LineString, Polygon};
use serde_json::{Map, Value, json};

/// The areas as a FeatureCollection. A polygon runs counterclockwise (RFC 7946, 3.1.6); a circle is the polygon around
/// it, and its property `circle` says what it was; a geocode has the shape of the region it names, or none. `area` says
/// which area of the alert a feature belongs to, from 1.
pub fn to_geojson(areas: &[Area], index: &Index) -> Value {
    let mut features = Vec::new();
    for (n, area) in (1..).zip(areas) {
        let mut put = |geometry: Value, more: &[(&str, Value)]| {
            let mut properties = Map::from_iter([
                ("area".to_owned(), json!(n)),
                ("areaDesc".to_owned(), json!(area.area_desc)),
            ]);
            for (name, feet) in [("altitude", area.altitude), ("ceiling", area.ceiling)] {
                properties.extend(feet.map(|feet| (name.to_owned(), json!(feet))));
            }
            properties.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            features.push(json!({ "type": "Feature", "properties": properties, "geometry": geometry }));
        };
        for ring in &area.polygons {
            put(json!({ "type": "Polygon", "coordinates": [positions(&ring.points)] }), &[]);
        }
        for circle in &area.circles {
            let polygon = around(circle, 0.0);
            let geometry =
                polygon.as_ref().map(|p| json!({ "type": "Polygon", "coordinates": [line(p.exterior())] }));
            put(geometry.unwrap_or(Value::Null), &[("circle", json!(circle.to_string()))]);
        }
        for code in &area.geocodes {
            let place = index.find(code.value.trim(), &Layer::ALL);
            let region = place.map(|place| index.at(place));
            let geometry = region.map(|region| {
                let polygons: Vec<Value> = region.shape.iter().map(rings).collect();
                json!({ "type": "MultiPolygon", "coordinates": polygons })
            });
            let named = json!({ "valueName": code.name, "value": code.value });
            put(geometry.unwrap_or(Value::Null), &[("geocode", named)]);
        }
    }
    json!({ "type": "FeatureCollection", "features": features })
}

/// Areas from a FeatureCollection, a Feature or a bare geometry, and what was changed on the way; or every reason why not.
///
/// Taken: Polygon, MultiPolygon, a Point with the property `radius_km`, and what [`to_geojson`] writes. Features with the
/// same `area` become one; any other is an area of its own, described by `areaDesc` or `name`. CAP has no holes: they
/// are filled, and said.
pub fn from_geojson(bytes: &[u8]) -> Result<(Vec<Area>, Vec<Fault>), Vec<Fault>> {
    let root: Value = serde_json::from_slice(bytes).map_err(|e| {
        let place = format!("line {}, column {}", e.line(), e.column());
        vec![Fault::error("geojson.json", place, e.to_string())]
    })?;
    let mut import = Import { areas: Vec::new(), faults: Vec::new(), points: Limits::cap().points };
    if !root["crs"].is_null() {
        let why = "only WGS 84 is read (RFC 7946, 4): transform the coordinates and leave crs out";
        import.faults.push(Fault::error("geojson.crs", "crs", why));
    }
    match (root["type"].as_str(), root["features"].as_array()) {
        (Some("FeatureCollection"), Some(features)) => {
            for (n, feature) in (1..).zip(features) {
                import.feature(feature, &format!("features[{n}]"));
            }
        }
        (Some("Feature"), _) => import.feature(&root, "feature"),
        _ => import.feature(&json!({ "properties": {}, "geometry": root }), "geometry"),
    }
    let areas: Vec<Area> = import.areas.into_iter().map(|(_, area)| area).collect();
    if areas.is_empty() && import.faults.is_empty() {
        import.faults.push(Fault::error("geojson.empty", "features", "there is no shape in it"));
    }
    if any_error(&import.faults) { Err(import.faults) } else { Ok((areas, import.faults)) }
}

struct Import {
    /// With the number that holds an area's features together.
    areas: Vec<(Option<u64>, Area)>,
    faults: Vec<Fault>,
    /// So many points may still come.
    points: usize,
}

impl Import {
    fn feature(&mut self, feature: &Value, place: &str) {
        let properties = &feature["properties"];
        let geometry = &feature["geometry"];
        let number = properties["area"].as_u64();
        let text = |key: &str| properties[key].as_str().map(str::to_owned);
        let mut shapes = Area {
            area_desc: text("areaDesc").or_else(|| text("name")).unwrap_or_default(),
            polygons: vec![],
            circles: vec![],
            geocodes: vec![],
            altitude: properties["altitude"].as_f64(),
            ceiling: properties["ceiling"].as_f64(),
        };
        let code = &properties["geocode"];
        if let (Some(name), Some(value)) = (code["valueName"].as_str(), code["value"].as_str()) {
            shapes.geocodes.push(Named::new(name, value));
        } else if let Some(circle) = text("circle") {
            match Circle::parse(&circle) {
                Ok(circle) => shapes.circles.push(circle),
                Err(e) => self.say("geojson.circle", place, &e.to_string()),
            }
        } else {
            self.geometry(geometry, properties, place, &mut shapes);
        }
        let same = |(n, _): &&mut (Option<u64>, Area)| number.is_some() && *n == number;
        match self.areas.iter_mut().find(same) {
            Some((_, area)) => {
                area.polygons.extend(shapes.polygons);
                area.circles.extend(shapes.circles);
                area.geocodes.extend(shapes.geocodes);
            }
            None if shapes.polygons.is_empty() && shapes.circles.is_empty() && shapes.geocodes.is_empty() => {
            }
            None => self.areas.push((number, shapes)),
        }
    }

    fn geometry(&mut self, geometry: &Value, properties: &Value, place: &str, into: &mut Area) {
        let coordinates = &geometry["coordinates"];
        match geometry["type"].as_str() {
            Some("Polygon") => self.polygon(coordinates, place, into),
            Some("MultiPolygon") => {
                for (n, polygon) in (1..).zip(coordinates.as_array().into_iter().flatten()) {
                    self.polygon(polygon, &format!("{place}/polygon[{n}]"), into);
                }
            }
            Some("Point") if properties["radius_km"].is_number() => {
                let radius_km = properties["radius_km"].as_f64().unwrap_or_default();
                if let Some(centre) = self.point(coordinates, place) {
                    into.circles.push(Circle { centre, radius_km });
                }
            }
            Some("Point") => {
                self.say("geojson.point", place, "a point is no area: give it the property radius_km");
            }
            Some(other) => {
                let why =
                    format!("{other} is no area: a Polygon, a MultiPolygon or a Point with radius_km is");
                self.say("geojson.geometry", place, &why);
            }
            None => self.say("geojson.geometry", place, "it has no geometry"),
        }
    }

    /// The outer ring of a polygon; holes are filled.
    fn polygon(&mut self, rings: &Value, place: &str, into: &mut Area) {
        let mut rings = rings.as_array().into_iter().flatten();
        let Some(outer) = rings.next().and_then(Value::as_array) else {
            self.say("geojson.geometry", place, "the polygon has no ring");
            return;
        };
        if rings.next().is_some() {
            let why = "CAP has no holes: the hole is filled and what lies in it is warned too";
            self.faults.push(Fault::warning("geojson.hole", place, why));
        }
        let mut points = Vec::with_capacity(outer.len());
        for position in outer {
            if self.points == 0 {
                let why = format!("more than {} points", Limits::cap().points);
                self.say("geojson.limit", place, &why);
                return;
            }
            self.points -= 1;
            let Some(point) = self.point(position, place) else { return };
            points.push(point);
        }
        if points.len() < 4 || points.first() != points.last() {
            self.say("geojson.ring", place, "a ring has four positions or more, the last equal to the first");
            return;
        }
        into.polygons.push(Ring { points });
    }

    fn point(&mut self, position: &Value, place: &str) -> Option<Point> {
        let at = |n: usize| position.get(n).and_then(Value::as_f64);
        let Some((lon, lat)) = at(0).zip(at(1)) else {
            self.say("geojson.position", place, "a position is [longitude, latitude]");
            return None;
        };
        if lat.abs() > 90.0 || lon.abs() > 180.0 {
            let why = format!("[{lon},{lat}] is not on Earth: longitude comes first, then latitude");
            self.say("geojson.position", place, &why);
            return None;
        }
        Some(Point { lat, lon })
    }

    fn say(&mut self, code: &str, place: &str, why: &str) {
        self.faults.push(Fault::error(code, place, why));
    }
}

/// Longitude first, counterclockwise.
fn positions(points: &[Point]) -> Vec<[f64; 2]> {
    let mut positions: Vec<[f64; 2]> = points.iter().map(|p| [p.lon, p.lat]).collect();
    let doubled: f64 = positions.windows(2).map(|p| p[0][0] * p[1][1] - p[1][0] * p[0][1]).sum();
    if doubled < 0.0 {
        positions.reverse();
    }
    positions
}

fn rings(polygon: &Polygon<f64>) -> Value {
    let mut rings = vec![line(polygon.exterior())];
    rings.extend(polygon.interiors().iter().map(|hole| {
        let mut hole = line(hole);
        hole.reverse();
        hole
    }));
    json!(rings)
}

fn line(ring: &LineString<f64>) -> Vec<[f64; 2]> {
    positions(&ring.coords().map(|c| Point { lat: c.y, lon: c.x }).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
