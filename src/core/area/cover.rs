//! What an area covers: the regions it hits with their shares, what was left out and why, the shape itself.

use super::ellipsoid::km2;
use super::index::{Index, Layer, Place};
use super::prepared::{Prepared, overlap};
use super::resolve::{Origin, Part, Resolved, Source, is_tangle, resolve};
use super::shared::{NoFigure, Work, shared};
use crate::cap;
use crate::fault::{Fault, Level, any_error};
use geo::algorithm::{BooleanOps, BoundingRect, Orient, unary_union};
use geo::orient::Direction;
use geo::{LinesIter, MapCoords, MultiPolygon, Polygon};

/// One region that is hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The region's code: ISO 3166-2 of a governorate, else ours.
    pub code: String,
    /// What the area and the region share, in square kilometres. An overlap thinner than the last digits of a
    /// coordinate may read 0 here and is a hit all the same: the hit is decided exactly, this figure is computed.
    pub overlap_km2: f64,
    /// Of the area, from 0 to 1.
    pub share_of_alert: f64,
    /// Of the region, from 0 to 1.
    pub share_of_region: f64,
}

/// What an area covers.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The governorates whose land is hit, in the order of the index.
    pub governorates: Vec<Hit>,
    /// The wilayat hit, likewise; none where the index has none.
    pub wilayat: Vec<Hit>,
    /// The belts of sea hit, likewise.
    pub sea: Vec<Hit>,
    /// Everything there is to say about the area; an error refuses it.
    pub faults: Vec<Fault>,
    /// The union of all shapes, x = longitude; empty when nothing could be resolved.
    pub shape: MultiPolygon<f64>,
    /// Its area in square kilometres.
    pub area_km2: f64,
    pub(crate) parts: Vec<Part>,
}

/// Less than this outside of every region, in square kilometres, is not worth a warning.
const TRIFLE_KM2: f64 = 0.1;

/// What the areas of one info cover. There is no default: an area that says nothing is an error, never everywhere.
pub fn cover(areas: &[cap::Area], index: &Index, origin: Origin) -> Coverage {
    cover_resolved(resolve(areas, index, origin), index)
}

/// The same from what was resolved before.
pub fn cover_resolved(resolved: Resolved, index: &Index) -> Coverage {
    let Resolved { parts, mut faults, any, origin } = resolved;
    if !any {
        let message =
            "the alert names no polygon, no circle and no geocode: it has no area, and none is assumed";
        faults.push(Fault::error("area.none", "area", message));
    } else if parts.is_empty() && !any_error(&faults) {
        let message = "nothing of the area is known here, and no other is assumed";
        faults.push(Fault::error("area.none", "area", message));
    }
    let mut hit = vec![false; index.regions().len()];
    let (mut at_sea, mut strays) = (false, Vec::new());
    for part in &parts {
        let mut mine = vec![false; hit.len()];
        part.mark(index, Layer::Governorate, &mut mine);
        if mine.contains(&true) {
            hit.iter_mut().zip(mine).for_each(|(all, own)| *all |= own);
        } else if part.prepared.iter().any(|p| index.is_near(p.bounds)) {
            at_sea = true;
        } else if !part.prepared.is_empty() {
            strays.push(stray(part, index));
        }
    }
    // Our own author mends a stray shape. From elsewhere an alert may be about several countries: where it hits ours,
    // a shape abroad is outside like any other sea or land; exchanged coordinates stay an error.
    if origin == Origin::Inbound && hit.contains(&true) {
        strays.iter_mut().filter(|f| f.code == "area.outside").for_each(|f| f.level = Level::Warning);
    }
    faults.append(&mut strays);
    let shape = union(&parts, &mut faults);
    let area_km2 = km2(&shape);
    let polygons: Vec<Prepared> = shape.iter().filter_map(Prepared::new).collect();
    let mut figures =
        Figures { shape: &shape, area_km2, polygons: &polygons, index, work: Work::AN_AREA, spent: false };
    let [governorates, wilayat, sea] =
        [Layer::Governorate, Layer::Wilayat, Layer::Sea].map(|layer| figures.hits(&parts, layer));
    if figures.spent {
        let message = "the border goes to and fro so finely that what it shares with the regions is not to be had in \
                       fair time; draw it more simply";
        faults.push(Fault::error("area.tangle", "area", message));
    }
    if at_sea && governorates.is_empty() && sea.is_empty() {
        let message = "no governorate is hit: the area lies beside the land, at sea or abroad";
        faults.push(Fault::error("area.no_region", "area", message));
    }
    if governorates.is_empty() && !sea.is_empty() {
        let codes: Vec<_> = sea.iter().map(|hit| hit.code.as_str()).collect();
        let message = format!("the area lies over water alone ({}): no land is warned", codes.join(", "));
        faults.push(Fault::warning("area.at_sea", "area", message));
    }
    let inside: f64 = governorates.iter().chain(&sea).map(|h| h.overlap_km2).sum();
    let outside = area_km2 - inside;
    if !governorates.is_empty() && outside > TRIFLE_KM2 {
        let message =
            format!("{outside:.1} of {area_km2:.1} km² lie outside every governorate, at sea or abroad");
        faults.push(Fault::warning("area.partly_outside", "area", message));
    }
    Coverage { governorates, wilayat, sea, faults, shape, area_km2, parts }
}

/// What an area shares with regions, as long as the work for it lasts.
struct Figures<'a> {
    shape: &'a MultiPolygon<f64>,
    area_km2: f64,
    /// The same, ready for questions.
    polygons: &'a [Prepared],
    index: &'a Index,
    work: Work,
    /// The work was too much: figures after that are 0.
    spent: bool,
}

/// What the slow way spends of the work for an edge.
const SLOW: usize = 500;

impl Figures<'_> {
    /// The regions of a layer that are hit, with what they share.
    fn hits(&mut self, parts: &[Part], layer: Layer) -> Vec<Hit> {
        let regions = self.index.layer(layer);
        let mut hit = vec![false; regions.len()];
        for part in parts {
            part.mark(self.index, layer, &mut hit);
        }
        let regions = regions.iter().enumerate().zip(hit).filter(|(_, hit)| *hit);
        regions
            .map(|((at, region), _)| {
                let overlap_km2 = if self.spent { None } else { self.overlap_km2(Place { layer, at }) };
                self.spent = overlap_km2.is_none();
                let overlap_km2 = overlap_km2.unwrap_or(0.0).min(self.area_km2).min(region.area_km2);
                Hit {
                    code: region.code.clone(),
                    overlap_km2,
                    share_of_alert: share(overlap_km2, self.area_km2),
                    share_of_region: share(overlap_km2, region.area_km2),
                }
            })
            .collect()
    }

    /// The area shared with a region; none once the work is spent.
    fn overlap_km2(&mut self, place: Place) -> Option<f64> {
        let mut sum = 0.0;
        for part in self.index.parts(place) {
            for polygon in self.polygons {
                match shared(polygon, part, &mut self.work) {
                    Ok(km2) => sum += km2,
                    Err(NoFigure::Costly) => return None,
                    // Where boundaries run too nearly along one another, the slow way.
                    Err(NoFigure::Unclear) => {
                        let edges: usize = self.polygons.iter().map(|p| p.edges().len()).sum();
                        self.work.spend(SLOW * edges).ok()?;
                        return Some(km2(&self.shape.intersection(&self.index.at(place).shape)));
                    }
                }
            }
        }
        Some(sum)
    }
}

/// What is wrong with a shape that is nowhere near: most often latitude and longitude are exchanged.
fn stray(part: &Part, index: &Index) -> Fault {
    let mut hit = vec![false; index.regions().len()];
    for polygon in &part.polygons {
        let exchanged = polygon.map_coords(|c| geo::Coord { x: c.y, y: c.x });
        if let Some(exchanged) = Prepared::new(&exchanged) {
            index.mark(Layer::Governorate, &exchanged, &mut hit);
        }
    }
    match hit.iter().position(|&h| h) {
        Some(i) => Fault::error(
            "area.swapped",
            &part.place,
            format!(
                "latitude and longitude are exchanged: read the other way round it hits {} ({}); latitude comes first",
                index.regions()[i].name.en,
                index.regions()[i].code
            ),
        ),
        None => Fault::error(
            "area.outside",
            &part.place,
            "the area lies wholly outside Oman: no part of it comes within 12 nautical miles of a governorate",
        ),
    }
}

/// The union of all parts. Parts whose boxes are apart, and a single part, keep their coordinates to the last bit.
fn union(parts: &[Part], faults: &mut Vec<Fault>) -> MultiPolygon<f64> {
    let mut whole = vec![false; parts.len()];
    let regions: Vec<_> =
        parts.iter().map(|p| if let Source::Region(r) = p.source { Some(r) } else { None }).collect();
    for i in 0..parts.len() {
        whole[i] = regions[i].is_none() || !regions[..i].contains(&regions[i]);
    }
    let polygons: Vec<Polygon<f64>> = parts
        .iter()
        .zip(whole)
        .filter(|(_, first)| *first)
        .flat_map(|(p, _)| p.polygons.iter().map(|p| p.orient(Direction::Default)))
        .collect();
    let boxes: Vec<_> = polygons.iter().filter_map(BoundingRect::bounding_rect).collect();
    let apart = (0..boxes.len()).all(|i| boxes[..i].iter().all(|b| !overlap(boxes[i], *b)));
    if apart || parts.len() == 1 {
        return MultiPolygon::new(polygons);
    }
    if is_tangle(&polygons.iter().flat_map(LinesIter::lines_iter).collect::<Vec<_>>()) {
        let message = "the shapes cross one another in so many places that their union is no fair reading";
        faults.push(Fault::error("area.tangle", "area", message));
        return MultiPolygon::new(vec![]);
    }
    unary_union(&polygons)
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
