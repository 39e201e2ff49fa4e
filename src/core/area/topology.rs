//! Reads regions/*.json: regions as rings of shared arcs, each border written once. Says every fault of the file.

use super::ellipsoid::km2;
use super::index::{Index, Name, Population, Region};
use super::sweep::{network_crossing, ring_crossing};
use crate::fault::Fault;
use geo::algorithm::Area;
use geo::{Coord, Line, LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// The one unit the file may use.
const UNIT: &str = "1/1000 degree, latitude first";
/// Of that unit, in a degree.
const PER_DEGREE: f64 = 1000.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: String,
    regions: Vec<Entry>,
    arcs: Arcs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    name: Name,
    capital: Option<Name>,
    population: Option<Population>,
    /// Polygons of rings (the first is the outer one) of arc names, `-` before one that is walked backwards.
    polygons: Vec<Vec<Vec<String>>>,
}

/// Name and lines of points, in the order of the file; kept as a list so that a name given twice shows.
struct Arcs(Vec<(String, Vec<String>)>);

/// Grid points, latitude first.
type Points = Vec<(i32, i32)>;

/// What the rings ask of an arc, and whether they did.
struct Arc {
    points: Points,
    forward: bool,
    backward: bool,
}

impl Index {
    /// Reads a topology. Refuses it with every fault found: an arc that is unknown, used by nobody, or used twice in
    /// one sense (so that regions would overlap); a ring that is open, turned the wrong way, or meets itself; arcs
    /// that cross; a region without area.
    pub fn parse(topology: &[u8]) -> Result<Index, Vec<Fault>> {
        let file: File = serde_json::from_slice(topology).map_err(|e| {
            vec![Fault::error(
                "region.json",
                format!("line {}, column {}", e.line(), e.column()),
                e.to_string(),
            )]
        })?;
        let mut faults = Vec::new();
        if file.unit != UNIT {
            faults.push(Fault::error("region.unit", "unit", format!("the unit must be \"{UNIT}\"")));
        }
        let mut arcs = read_arcs(file.arcs, &mut faults);
        let mut regions: Vec<Region> = Vec::new();
        for entry in file.regions {
            if regions.iter().any(|r| r.code.eq_ignore_ascii_case(&entry.code)) {
                faults.push(Fault::error(
                    "region.code.twice",
                    &entry.code,
                    "the code is given to two regions",
                ));
            }
            let shape = MultiPolygon::new(
                (1..)
                    .zip(&entry.polygons)
                    .filter_map(|(n, p)| {
                        polygon(p, &format!("{}/polygon[{n}]", entry.code), &mut arcs, &mut faults)
                    })
                    .collect(),
            );
            if entry.polygons.is_empty() {
                faults.push(Fault::error("region.empty", &entry.code, "the region has no polygon"));
            }
            let area_km2 = km2(&shape);
            let Entry { code, name, capital, population, polygons: _ } = entry;
            regions.push(Region { code, name, capital, population, shape, area_km2 });
        }
        for (name, arc) in &arcs {
            if !arc.forward && !arc.backward {
                faults.push(Fault::error("region.arc.unused", name, "no ring uses the arc"));
            }
        }
        if faults.is_empty() {
            let edges: Vec<_> = arcs
                .values()
                .flat_map(|a| a.points.windows(2).map(|p| Line::new(degrees(p[0]), degrees(p[1]))))
                .collect();
            if let Some(at) = network_crossing(&edges) {
                let message = format!("two borders meet at {},{} where neither has a vertex", at.y, at.x);
                faults.push(Fault::error("region.arc.crosses", "arcs", message));
            }
        }
        if faults.is_empty() { Ok(Index::new(regions)) } else { Err(faults) }
    }
}

fn read_arcs(arcs: Arcs, faults: &mut Vec<Fault>) -> BTreeMap<String, Arc> {
    let mut read = BTreeMap::new();
    for (name, lines) in arcs.0 {
        let mut points = Points::new();
        for text in lines.iter().flat_map(|line| line.split_ascii_whitespace()) {
            match point(text) {
                Some(p) if points.last() == Some(&p) => {
                    faults.push(Fault::error(
                        "region.arc.point",
                        &name,
                        format!("{text} stands twice in a row"),
                    ));
                }
                Some(p) => points.push(p),
                None => faults.push(Fault::error(
                    "region.arc.point",
                    &name,
                    format!(
                        "\"{text}\" is not a point: two whole numbers with a comma between, latitude first"
                    ),
                )),
            }
        }
        if points.len() < 2 {
            faults.push(Fault::error("region.arc.short", &name, "an arc has at least two points"));
        }
        if read.insert(name.clone(), Arc { points, forward: false, backward: false }).is_some() {
            faults.push(Fault::error("region.arc.twice", &name, "two arcs have one name"));
        }
    }
    read
}

fn point(text: &str) -> Option<(i32, i32)> {
    let (lat, lon) = text.split_once(',')?;
    let within = |text: &str, most: i32| text.parse().ok().filter(|n: &i32| n.abs() <= most * 1000);
    Some((within(lat, 90)?, within(lon, 180)?))
}

fn polygon(
    rings: &[Vec<String>],
    place: &str,
    arcs: &mut BTreeMap<String, Arc>,
    faults: &mut Vec<Fault>,
) -> Option<Polygon<f64>> {
    let mut made = Vec::new();
    for (n, names) in (1..).zip(rings) {
        let place = format!("{place}/ring[{n}]");
        let before = faults.len();
        let points = join(names, &place, arcs, faults);
        if faults.len() > before {
            continue;
        }
        let ring: Vec<_> = points.into_iter().map(degrees).collect();
        if let Some(at) = ring_crossing(&ring) {
            let message = format!("the ring meets itself at {},{}", at.y, at.x);
            faults.push(Fault::error("region.ring.crosses", place, message));
            continue;
        }
        let ring = LineString::new(ring);
        let area = Polygon::new(ring.clone(), vec![]).signed_area();
        // Counter-clockwise outside, clockwise inside: with arcs used once in each sense this leaves no overlap.
        if area == 0.0 || (area > 0.0) != (n == 1) {
            let way = if n == 1 { "counter-clockwise" } else { "clockwise" };
            faults.push(Fault::error("region.ring.turn", place, format!("this ring must run {way}")));
        }
        made.push(ring);
    }
    if rings.is_empty() {
        faults.push(Fault::error("region.empty", place, "the polygon has no ring"));
    }
    let mut made = made.into_iter();
    made.next().map(|outer| Polygon::new(outer, made.collect()))
}

/// The points of a ring, closed, marking each arc as used.
fn join(names: &[String], place: &str, arcs: &mut BTreeMap<String, Arc>, faults: &mut Vec<Fault>) -> Points {
    let mut points = Points::new();
    for reference in names {
        let (name, backward) =
            reference.strip_prefix('-').map_or((reference.as_str(), false), |name| (name, true));
        let Some(arc) = arcs.get_mut(name) else {
            faults.push(Fault::error("region.arc.unknown", place, format!("there is no arc \"{name}\"")));
            continue;
        };
        let used = if backward { &mut arc.backward } else { &mut arc.forward };
        if std::mem::replace(used, true) {
            let message =
                format!("\"{name}\" is used twice in one sense: two regions would lie on one side of it");
            faults.push(Fault::error("region.arc.used", place, message));
        }
        let mut walk = arc.points.clone();
        if backward {
            walk.reverse();
        }
        if points.last().is_some_and(|last| Some(last) != walk.first()) {
            let message = format!("\"{reference}\" does not begin where the arc before it ends");
            faults.push(Fault::error("region.ring.open", place, message));
        }
        points.extend(walk.into_iter().skip(usize::from(!points.is_empty())));
    }
    if points.len() < 4 || points.first() != points.last() {
        faults.push(Fault::error("region.ring.open", place, "the ring is not closed"));
    }
    points
}

fn degrees((lat, lon): (i32, i32)) -> Coord<f64> {
    Coord { x: f64::from(lon) / PER_DEGREE, y: f64::from(lat) / PER_DEGREE }
}

impl<'de> Deserialize<'de> for Arcs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arcs, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Arcs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("arcs by name, each a list of lines of points")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Arcs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Arcs(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests;
