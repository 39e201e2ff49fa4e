//! A cell list as GeoJSON: point features whose properties are named like the columns of the CSV; the point is the site.

use super::CellList;
use super::row::{Faults, Lines};
use crate::fault::Fault;
use serde_json::Value;

/// Properties read; the site comes from the point.
const COLUMNS: [&str; 16] = [
    "mcc",
    "mnc",
    "rat",
    "tac_lac",
    "cell_id",
    "site_lat",
    "site_lon",
    "azimuth",
    "range_m",
    "operator",
    "cell_lat",
    "cell_lon",
    "handsets",
    "beamwidth",
    "governorate",
    "wilayat_hasc",
];

pub(super) fn parse(json: &[u8], operator: Option<&str>) -> Result<CellList, Vec<Fault>> {
    let place = |e: &serde_json::Error| format!("line {}, column {}", e.line(), e.column());
    let root: Value = serde_json::from_slice(json)
        .map_err(|e| vec![Fault::error("cells.json", place(&e), "the file is not JSON as it should be")])?;
    let Some(features) = root["features"].as_array().filter(|_| root["type"] == "FeatureCollection") else {
        return Err(vec![Fault::error("cells.geojson", "type", "this is no FeatureCollection")]);
    };
    let mut faults = Faults::of("feature");
    let mut rows = Vec::with_capacity(features.len());
    for (number, feature) in (1..).zip(features) {
        let geometry = &feature["geometry"];
        let site = geometry["coordinates"].as_array().filter(|c| geometry["type"] == "Point" && c.len() > 1);
        let Some(site) = site else {
            let message = "the feature is no Point with a longitude and a latitude".to_owned();
            faults.push("cells.geometry", number, "geometry", message);
            continue;
        };
        let fields = COLUMNS.map(|column| match column {
            "site_lat" => text(&site[1]),
            "site_lon" => text(&site[0]),
            other => text(&feature["properties"][other]),
        });
        rows.push((number, fields));
    }
    let mut lines = Lines::new(&COLUMNS, operator, faults);
    for (number, fields) in &rows {
        lines.read(*number, &fields.each_ref().map(String::as_str));
    }
    lines.end()
}

/// A property as a field: a text as it is, a number as JSON writes it, nothing if it is absent.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
