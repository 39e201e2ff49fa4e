//! What the tests of this room share: the country as embedded, areas from text, squares. Tests only.

use super::index::Index;
use super::topology::Files;
use crate::cap::{Area, Circle, Named, Ring};
use geo::{LineString, Polygon};
use std::sync::OnceLock;

/// The governorates as they are shipped.
pub(crate) fn oman() -> &'static Index {
    static OMAN: OnceLock<Index> = OnceLock::new();
    OMAN.get_or_init(|| Index::parse(include_bytes!("../../../regions/governorates.json")).unwrap())
}

/// The country with all its layers, as shipped.
pub(crate) fn country() -> &'static Index {
    static COUNTRY: OnceLock<Index> = OnceLock::new();
    COUNTRY.get_or_init(|| Index::parse_all(&files()).unwrap())
}

/// The files it is read from.
pub(crate) fn files() -> Files<'static> {
    Files {
        governorates: include_bytes!("../../../regions/governorates.json"),
        wilayat: include_bytes!("../../../regions/wilayat.json"),
        sea: include_bytes!("../../../regions/sea.json"),
        named: include_bytes!("../../../regions/named.json"),
    }
}

/// Two squares of one degree side by side, X-W and X-E, sharing the border at 1 degree east; X-E has a hole.
pub(crate) const SQUARES: &str = r#"{"unit": "1/1000 degree, latitude first",
 "regions": [
  {"code": "X-W", "name": {"ar": "غرب", "en": "West"}, "polygons": [[["W rim", "W | E"]]]},
  {"code": "X-E", "name": {"ar": "شرق", "en": "East"}, "population": {"count": 7, "year": 2022, "source": "us"},
   "polygons": [[["-W | E", "E rim"], ["-E hole"]]]}],
 "arcs": {
  "W | E": ["0,1000 500,1000", "1000,1000"],
  "W rim": ["1000,1000 1000,0 0,0 0,1000"],
  "E rim": ["0,1000 0,2000 1000,2000 1000,1000"],
  "E hole": ["400,1400 400,1600 600,1600 600,1400 400,1400"]}}"#;

/// An area from the texts of CAP.
pub(crate) fn area(polygons: &[&str], circles: &[&str], geocodes: &[(&str, &str)]) -> Area {
    Area {
        area_desc: "somewhere".to_owned(),
        polygons: polygons.iter().map(|p| Ring::parse(p).unwrap()).collect(),
        circles: circles.iter().map(|c| Circle::parse(c).unwrap()).collect(),
        geocodes: geocodes.iter().map(|(n, v)| Named::new(*n, *v)).collect(),
        altitude: None,
        ceiling: None,
    }
}

/// A polygon of (x, y).
pub(crate) fn polygon(points: &[(f64, f64)]) -> Polygon<f64> {
    Polygon::new(LineString::from(points.to_vec()), vec![])
}
