//! The digest of an area: of its shapes as written, in their order. Language and words do not enter.

use crate::cap;
use crate::digest::Digest;

/// The SHA-256 that binds an approval, an order and a broadcast to one area. It covers every polygon, circle and
/// geocode in the order written; it does not cover `areaDesc`, which differs by language, nor altitudes, which a
/// broadcast cannot address. Numbers enter as their shortest decimal form, so `23.50` and `23.5` are one; `-0` is 0.
pub fn digest(areas: &[cap::Area]) -> Digest {
    let point = |p: &cap::Point| format!("{},{}", p.lat + 0.0, p.lon + 0.0);
    let mut parts = vec!["nadhir/area/1".to_owned()];
    for area in areas {
        parts.push("area".to_owned());
        for ring in &area.polygons {
            let points: Vec<_> = ring.points.iter().map(point).collect();
            parts.extend(["polygon".to_owned(), points.join(" ")]);
        }
        for circle in &area.circles {
            let text = format!("{} {}", point(&circle.centre), circle.radius_km + 0.0);
            parts.extend(["circle".to_owned(), text]);
        }
        for code in &area.geocodes {
            parts.extend(["geocode".to_owned(), code.name.clone(), code.value.clone()]);
        }
    }
    Digest::of_parts(parts.iter().map(String::as_bytes))
}
