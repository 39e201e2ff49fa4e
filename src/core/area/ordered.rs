//! The area of an order: polygons alone, as the hub resolved them. Anything else is refused, nothing is assumed.

use crate::cap;
use crate::fault::Fault;
use geo::algorithm::{Validation, unary_union};
use geo::{Coord, LineString, MultiPolygon, Polygon};

/// The union of an order's polygons, x = longitude.
pub fn shape(areas: &[cap::Area]) -> Result<MultiPolygon<f64>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut polygons = Vec::new();
    for (a, area) in (1..).zip(areas) {
        if !area.circles.is_empty() || !area.geocodes.is_empty() {
            let message = "an order's area is polygons alone: circles and geocodes were resolved before it was approved";
            faults.push(Fault::error("area.unresolved", format!("area[{a}]"), message));
        }
        for (n, ring) in (1..).zip(&area.polygons) {
            let exterior: LineString<f64> =
                ring.points.iter().map(|p| Coord { x: p.lon, y: p.lat }).collect();
            let polygon = Polygon::new(exterior, vec![]);
            let closed = ring.points.len() >= 4 && ring.points.first() == ring.points.last();
            if closed && polygon.is_valid() {
                polygons.push(polygon);
            } else {
                let message = "the ring is not closed, or crosses itself";
                faults.push(Fault::error("area.ring", format!("area[{a}]/polygon[{n}]"), message));
            }
        }
    }
    if polygons.is_empty() && faults.is_empty() {
        faults.push(Fault::error(
            "area.none",
            "area",
            "the order names no polygon: it has no area, and none is assumed",
        ));
    }
    if faults.is_empty() { Ok(unary_union(&polygons)) } else { Err(faults) }
}
