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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::fixtures::area;

    #[test]
    fn differs_by_every_shape_and_its_order_and_by_nothing_else() {
        let base = area(&["23,57 23,58 24,58 23,57"], &["23,57 5"], &[("ISO3166-2", "OM-DA")]);
        let same = digest(std::slice::from_ref(&base));
        let renamed = cap::Area { area_desc: "الداخلية".to_owned(), ..base.clone() };
        assert_eq!(digest(&[renamed]), same);
        let others = [
            area(&["23,57 23,58 24,58.00001 23,57"], &["23,57 5"], &[("ISO3166-2", "OM-DA")]),
            area(&["23,57 23,58 24,58 23,57"], &["23,57 5.1"], &[("ISO3166-2", "OM-DA")]),
            area(&["23,57 23,58 24,58 23,57"], &["23,57 5"], &[("ISO3166-2", "OM-ZA")]),
            area(&["23,58 24,58 23,57 23,58"], &["23,57 5"], &[("ISO3166-2", "OM-DA")]),
            area(&["23,57 23,58 24,58 23,57"], &[], &[("ISO3166-2", "OM-DA")]),
        ];
        for other in others {
            assert_ne!(digest(std::slice::from_ref(&other)), same, "{other:?}");
        }
        assert_ne!(digest(&[base.clone(), base]), same);
        assert_eq!(
            digest(&[area(&["-0.0,57.50 23,58 24,58 0,57.5"], &[], &[])]),
            digest(&[area(&["0,57.5 23,58 24,58 0,57.5"], &[], &[])])
        );
    }
}
