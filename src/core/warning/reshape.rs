//! The areas of another authority's alert as the desk may submit them: known codes, rings of at most 100 points, never smaller.

use super::intake::{Loss, lose};
use crate::area::{self, Coverage, Index, Origin};
use crate::cap::{Area, National, Ring};

/// The areas, shape by shape. A ring that is too long is simplified outward, one that crosses itself becomes all it goes
/// around; codes that name no region here are left out.
pub(super) fn reshape(
    areas: &[Area],
    place: &str,
    profile: &National,
    index: &Index,
    losses: &mut Vec<Loss>,
) -> Vec<Area> {
    let mut kept = Vec::new();
    for (n, area) in (1..).zip(areas) {
        let place = format!("{place}/area[{n}]");
        let mut own =
            Area { polygons: vec![], geocodes: vec![], altitude: None, ceiling: None, ..area.clone() };
        for (n, came) in (1..).zip(&area.polygons) {
            let ring = &closed(came);
            if ring != came {
                let why = "the ring was open: its last point is joined to its first";
                lose(losses, "changed.ring", &format!("{place}/polygon[{n}]"), why);
            }
            let alone = Area { polygons: vec![ring.clone()], ..bare(area) };
            let alone = std::slice::from_ref(&alone);
            let told = area::resolve(alone, index, Origin::Inbound);
            let crosses = told.faults().iter().any(|f| f.code == "area.polygon.repaired");
            if !crosses && ring.points.len() <= profile.polygon_points {
                own.polygons.push(ring.clone());
                continue;
            }
            let coverage = area::cover(alone, index, Origin::Inbound);
            let rings = coverage.polygons_for_air(profile.polygon_points);
            if rings.is_empty() {
                // What cannot be resolved stays as it came: its fault is said of the draft.
                own.polygons.push(ring.clone());
                continue;
            }
            let points: usize = rings.iter().map(|ring| ring.points.len()).sum();
            let after =
                area::cover(&[Area { polygons: rings.clone(), ..bare(area) }], index, Origin::Inbound);
            let (code, what) =
                if crosses { ("loss.crossing", "it crosses itself: ") } else { ("loss.points", "") };
            let why = format!(
                "{what}{} points become {points}, and {} more are warned",
                ring.points.len(),
                grown(&coverage, &after)
            );
            lose(losses, code, &format!("{place}/polygon[{n}]"), why);
            own.polygons.extend(rings);
        }
        for code in &area.geocodes {
            let alone = Area { geocodes: vec![code.clone()], ..bare(area) };
            if area::resolve(std::slice::from_ref(&alone), index, Origin::Inbound).faults().is_empty() {
                own.geocodes.push(code.clone());
            } else {
                let why = format!("the code {} {} names no region of Oman", code.name, code.value);
                lose(losses, "loss.geocode", &format!("{place}/geocode"), why);
            }
        }
        for (name, feet) in [("altitude", area.altitude), ("ceiling", area.ceiling)] {
            if let Some(feet) = feet {
                lose(
                    losses,
                    "loss.altitude",
                    &format!("{place}/{name}"),
                    format!("{feet} feet: phones are not told"),
                );
            }
        }
        if own.polygons.is_empty() && own.circles.is_empty() && own.geocodes.is_empty() {
            let why = format!("\"{}\" has no shape that is known here: draw one", area.area_desc);
            lose(losses, "loss.place", &place, why);
        }
        kept.push(own);
    }
    kept
}

/// A ring that ends where it began: one of three points or more that stays open encloses the same.
fn closed(ring: &Ring) -> Ring {
    let mut ring = ring.clone();
    if let (Some(first), Some(last)) = (ring.points.first().copied(), ring.points.last().copied())
        && ring.points.len() >= 3
        && first != last
    {
        ring.points.push(first);
    }
    ring
}

/// The same area without its shapes.
fn bare(area: &Area) -> Area {
    Area {
        area_desc: area.area_desc.clone(),
        polygons: vec![],
        circles: vec![],
        geocodes: vec![],
        altitude: None,
        ceiling: None,
    }
}

/// By how much, in words.
fn grown(before: &Coverage, after: &Coverage) -> String {
    let more = (after.area_km2 - before.area_km2).max(0.0);
    let share = if before.area_km2 > 0.0 { more / before.area_km2 * 100.0 } else { 0.0 };
    format!("{more:.1} km² ({share:.1} %)")
}
