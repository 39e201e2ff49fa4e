//! Reads regions/*.json: regions as rings of shared arcs, each border written once. Says every fault of the files.

use super::arcs::{Arcs, Lines, Step};
use super::ellipsoid::km2;
use super::index::{Border, Index, Layer, Name, Population, Region};
use super::sweep::{network_crossing, ring_crossing};
use crate::fault::Fault;
use geo::algorithm::Area;
use geo::{LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The one unit the files may use.
const UNIT: &str = "1/1000 degree, latitude first";

/// The files of a country. The later ones may use arcs of the earlier.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Governorates: the land.
    pub governorates: &'a [u8],
    /// Wilayat: the same land, divided further.
    pub wilayat: &'a [u8],
    /// Belts of sea along the coast.
    pub sea: &'a [u8],
    /// Areas with names, over all of it.
    pub named: &'a [u8],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: String,
    regions: Vec<Entry>,
    arcs: Lines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    governorate: Option<String>,
    name: Name,
    capital: Option<Name>,
    population: Option<Population>,
    #[serde(default)]
    border: Border,
    /// Polygons of rings (the first is the outer one) of arc names, `-` before one that is walked backwards.
    polygons: Vec<Vec<Vec<String>>>,
}

/// A region as read, and the steps of all its rings.
pub(super) struct Drawn {
    pub(super) region: Region,
    pub(super) steps: Vec<Step>,
}

#[derive(Default)]
struct Reader {
    arcs: Arcs,
    codes: BTreeSet<String>,
    faults: Vec<Fault>,
}

impl Index {
    /// Reads a topology of governorates alone. Refuses it with every fault found: an arc that is unknown, used by
    /// nobody, or used twice in one sense (so that regions would overlap); a ring that is open, turned the wrong way,
    /// or meets itself; arcs that cross; a region without area.
    pub fn parse(topology: &[u8]) -> Result<Index, Vec<Fault>> {
        let mut reader = Reader::default();
        let governorates = reader.layer(topology, Layer::Governorate);
        reader.end([governorates, vec![], vec![], vec![]])
    }

    /// Reads all layers. Besides the faults of each: wilayat that do not fill their governorate exactly, or whose
    /// people are not as many as its own; sea on land; a region that belongs to no governorate, or has not its code.
    pub fn parse_all(files: &Files<'_>) -> Result<Index, Vec<Fault>> {
        let mut reader = Reader::default();
        let governorates = reader.layer(files.governorates, Layer::Governorate);
        let wilayat = reader.layer(files.wilayat, Layer::Wilayat);
        let sea = reader.layer(files.sea, Layer::Sea);
        let named = reader.layer(files.named, Layer::Named);
        if reader.faults.is_empty() {
            super::partition::judge(&governorates, &wilayat, &sea, &mut reader.faults);
        }
        reader.end([governorates, wilayat, sea, named])
    }
}

impl Reader {
    fn layer(&mut self, bytes: &[u8], layer: Layer) -> Vec<Drawn> {
        let file: File = match serde_json::from_slice(bytes) {
            Ok(file) => file,
            Err(e) => {
                let place = format!("{}, line {}, column {}", layer.words(), e.line(), e.column());
                self.faults.push(Fault::error("region.json", place, e.to_string()));
                return vec![];
            }
        };
        if file.unit != UNIT {
            let message = format!("the unit must be \"{UNIT}\"");
            self.faults.push(Fault::error("region.unit", layer.words(), message));
        }
        self.arcs.read(file.arcs, layer, &mut self.faults);
        file.regions.into_iter().map(|entry| self.region(entry, layer)).collect()
    }

    fn region(&mut self, entry: Entry, layer: Layer) -> Drawn {
        if !self.codes.insert(entry.code.to_ascii_uppercase()) {
            let message = "the code is given to two regions";
            self.faults.push(Fault::error("region.code.twice", &entry.code, message));
        }
        if entry.polygons.is_empty() {
            self.faults.push(Fault::error("region.empty", &entry.code, "the region has no polygon"));
        }
        let mut steps = Vec::new();
        let polygons = (1..).zip(&entry.polygons).filter_map(|(n, rings)| {
            self.polygon(rings, layer, &format!("{}/polygon[{n}]", entry.code), &mut steps)
        });
        let shape = MultiPolygon::new(polygons.collect());
        let area_km2 = km2(&shape);
        let Entry { code, governorate, name, capital, population, border, polygons: _ } = entry;
        let region = Region { code, governorate, name, capital, population, border, shape, area_km2 };
        Drawn { region, steps }
    }

    fn polygon(
        &mut self,
        rings: &[Vec<String>],
        layer: Layer,
        place: &str,
        steps: &mut Vec<Step>,
    ) -> Option<Polygon<f64>> {
        let mut made = Vec::new();
        for (n, names) in (1..).zip(rings) {
            let place = format!("{place}/ring[{n}]");
            let before = self.faults.len();
            let (ring, walked) = self.arcs.walk(names, layer, &place, &mut self.faults);
            if self.faults.len() > before {
                continue;
            }
            steps.extend(walked);
            if let Some(at) = ring_crossing(&ring) {
                let message = format!("the ring meets itself at {},{}", at.y, at.x);
                self.faults.push(Fault::error("region.ring.crosses", place, message));
                continue;
            }
            let ring = LineString::new(ring);
            let area = Polygon::new(ring.clone(), vec![]).signed_area();
            // Counter-clockwise outside, clockwise inside: with arcs used once in each sense this leaves no overlap.
            if area == 0.0 || (area > 0.0) != (n == 1) {
                let way = if n == 1 { "counter-clockwise" } else { "clockwise" };
                self.faults.push(Fault::error(
                    "region.ring.turn",
                    place,
                    format!("this ring must run {way}"),
                ));
            }
            made.push(ring);
        }
        if rings.is_empty() {
            self.faults.push(Fault::error("region.empty", place, "the polygon has no ring"));
        }
        let mut made = made.into_iter();
        made.next().map(|outer| Polygon::new(outer, made.collect()))
    }

    fn end(mut self, layers: [Vec<Drawn>; 4]) -> Result<Index, Vec<Fault>> {
        self.faults.extend(self.arcs.unused());
        if self.faults.is_empty()
            && let Some(at) = network_crossing(&self.arcs.edges())
        {
            let message = format!("two borders meet at {},{} where neither has a vertex", at.y, at.x);
            self.faults.push(Fault::error("region.arc.crosses", "arcs", message));
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let bare = |layer: Vec<Drawn>| layer.into_iter().map(|drawn| drawn.region).collect();
        Ok(Index::of_layers(layers.map(bare)))
    }
}

#[cfg(test)]
mod tests;
