//! An area as CAP writes it - polygons, circles, geocodes - resolved to valid polygons, with every fault said.

use super::index::{Index, Layer, Place};
use super::prepared::{Contact, Prepared, contact};
use super::sweep::ring_crossing;
use crate::cap;
use crate::fault::Fault;
use geo::algorithm::bool_ops::FillRule;
use geo::algorithm::{Area, BooleanOps};
use geo::line_measures::{Destination, Geodesic};
use geo::{Coord, Line, LineString, MultiPolygon, Point, Polygon};
use rstar::{AABB, RTree};

/// Who wrote the area, and so how a ring that meets itself is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Our own author, who can mend it: refused, with the place.
    Desk,
    /// Another authority, who cannot be asked: widened to everything the ring could mean, and said.
    Inbound,
}

/// One shape of an area.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Such as `area[1]/polygon[2]`.
    pub(crate) place: String,
    pub(crate) source: Source,
    pub(crate) polygons: Vec<Polygon<f64>>,
    pub(crate) prepared: Vec<Prepared>,
}

/// What a part was made from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A ring that stands as its author wrote it.
    Ring(cap::Ring),
    /// A ring that met itself and was widened.
    Repaired,
    /// A circle.
    Circle(cap::Circle),
    /// A region, by its place in the index.
    Region(Place),
}

/// The shapes of an area, ready to be asked which regions they hit.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub(crate) parts: Vec<Part>,
    pub(crate) faults: Vec<Fault>,
    /// Whether the area holds any polygon, circle or geocode at all, good or bad.
    pub(crate) any: bool,
    pub(crate) origin: Origin,
}

/// `valueName` of a geocode that names a governorate.
pub const ISO: &str = "ISO3166-2";
/// `valueName` of a geocode that names a wilayat, a belt of sea or a named area: codes of our own, in
/// regions/README.md.
pub const OURS: &str = "NADHIR-AREA";
/// So many known codes are said where one is not known.
const SAID: usize = 12;
/// Sides of the polygon that stands for a circle.
const SIDES: u16 = 72;
/// A circle is at least a disc of one metre: radius 0 means a point, and a point has no area to meet.
const LEAST_KM: f64 = 0.001;
/// Oman is 1,000 km long: a greater radius than twice that is a slip, and a ring about a pole is never meant.
const MOST_KM: f64 = 2_000.0;
/// Tests of pairs spent on one alert whose rings need repair or union: a tangle of ten thousand crossings is no place.
const PATIENCE: usize = 1_000_000;

/// Resolves the areas of one info. Faults are collected, never thrown.
pub fn resolve(areas: &[cap::Area], index: &Index, origin: Origin) -> Resolved {
    let mut resolved = Resolved { parts: Vec::new(), faults: Vec::new(), any: false, origin };
    for (a, area) in (1..).zip(areas) {
        for (n, ring) in (1..).zip(&area.polygons) {
            resolved.take(format!("area[{a}]/polygon[{n}]"), |place, faults| {
                polygon(ring, origin, place, faults)
            });
        }
        for (n, circle) in (1..).zip(&area.circles) {
            resolved.take(format!("area[{a}]/circle[{n}]"), |place, faults| disc(circle, place, faults));
        }
        for (n, code) in (1..).zip(&area.geocodes) {
            resolved
                .take(format!("area[{a}]/geocode[{n}]"), |place, faults| region(code, index, place, faults));
        }
    }
    resolved
}

impl Resolved {
    /// Which governorates the area hits, as positions in `index.regions()`, ascending. This is the decision itself;
    /// it takes microseconds, shares and faults take longer.
    pub fn hits(&self, index: &Index) -> Vec<usize> {
        self.hits_in(index, Layer::Governorate)
    }

    /// The same for any layer, as positions in `index.layer(layer)`.
    pub fn hits_in(&self, index: &Index, layer: Layer) -> Vec<usize> {
        let mut hit = vec![false; index.layer(layer).len()];
        for part in &self.parts {
            part.mark(index, layer, &mut hit);
        }
        (0..hit.len()).filter(|&i| hit[i]).collect()
    }

    /// What is wrong with the shapes taken one by one.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    fn take(
        &mut self,
        place: String,
        make: impl FnOnce(&str, &mut Vec<Fault>) -> Option<(Source, Vec<Polygon<f64>>)>,
    ) {
        self.any = true;
        if let Some((source, polygons)) = make(&place, &mut self.faults) {
            let prepared = polygons.iter().filter_map(Prepared::new).collect();
            self.parts.push(Part { place, source, polygons, prepared });
        }
    }
}

impl Part {
    /// Marks the regions of a layer this part hits. A geocode hits the region it names, those it holds or lies in, and
    /// no other; that of a named area, which divides nothing, whatever its shape meets.
    pub(crate) fn mark(&self, index: &Index, layer: Layer, hit: &mut [bool]) {
        match self.source {
            Source::Region(place) if place.layer != Layer::Named => index.mark_kin(layer, place, hit),
            Source::Ring(_) | Source::Repaired | Source::Circle(_) | Source::Region(_) => {
                self.prepared.iter().for_each(|p| index.mark(layer, p, hit));
            }
        }
    }
}

fn polygon(
    ring: &cap::Ring,
    origin: Origin,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<(Source, Vec<Polygon<f64>>)> {
    let points = &ring.points;
    let before = faults.len();
    if let Some(p) = points.iter().find(|p| !on_earth(**p)) {
        faults.push(Fault::error(
            "area.polygon.range",
            place,
            format!("{p} is not on Earth: latitude first, degrees"),
        ));
    }
    if points.len() < 4 {
        let message = format!(
            "a polygon has at least four points, the last equal to the first; this has {}",
            points.len()
        );
        faults.push(Fault::error("area.polygon.short", place, message));
    }
    if points.first() != points.last() {
        faults.push(Fault::error("area.polygon.open", place, "the last point must be equal to the first"));
    }
    // Taken as drawn, such an edge crosses half the map; meant is, as a rule, the short way over the 180th meridian.
    let mut edges = points.iter().zip(points.iter().skip(1));
    if let Some((from, to)) = edges.find(|(p, q)| (q.lon - p.lon).abs() > 180.0) {
        faults.push(Fault::error(
            "area.polygon.around",
            place,
            format!(
                "the edge from {from} to {to} runs more than half around the Earth: no area of Oman crosses the 180th \
                 meridian or goes around a pole"
            ),
        ));
    }
    if faults.len() > before {
        return None;
    }
    let mut coords: Vec<Coord<f64>> = points.iter().map(|p| Coord { x: p.lon, y: p.lat }).collect();
    coords.dedup();
    let flat = || Fault::error("area.polygon.flat", place, "the polygon encloses no area");
    if coords.len() < 4 {
        faults.push(flat());
        return None;
    }
    if let Some(at) = ring_crossing(&coords) {
        let at = format!("the ring meets itself at {:.5},{:.5}", at.y, at.x);
        return match origin {
            Origin::Desk => {
                faults.push(Fault::error(
                    "area.polygon.crosses",
                    place,
                    format!("{at}; draw it so that it does not"),
                ));
                None
            }
            Origin::Inbound => widen(coords, &at, place, faults).or_else(|| {
                faults.push(flat());
                None
            }),
        };
    }
    let polygon = Polygon::new(LineString::new(coords), vec![]);
    if polygon.unsigned_area() == 0.0 {
        faults.push(flat());
        return None;
    }
    Some((Source::Ring(ring.clone()), vec![polygon]))
}

/// Everything a ring that meets itself goes around, by the even-odd rule or by the non-zero rule. A winding number
/// that is odd is not 0, so the second holds the first and is all of it.
fn widen(
    coords: Vec<Coord<f64>>,
    at: &str,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<(Source, Vec<Polygon<f64>>)> {
    let edges: Vec<_> = coords.windows(2).map(|p| Line::new(p[0], p[1])).collect();
    let polygons = if is_tangle(&edges) {
        let message = format!("{at}, and in so many places that no repair is a fair reading");
        faults.push(Fault::error("area.polygon.tangle", place, message));
        return Some((Source::Repaired, vec![]));
    } else {
        let ring = Polygon::new(LineString::new(coords), vec![]);
        ring.union_with_fill_rule(&MultiPolygon::<f64>::new(vec![]), FillRule::NonZero).0
    };
    if polygons.is_empty() {
        return None;
    }
    let message =
        format!("{at}; everything the ring goes around is taken, by the even-odd and the non-zero rule");
    faults.push(Fault::warning("area.polygon.repaired", place, message));
    Some((Source::Repaired, polygons))
}

/// Whether looking for the crossings of so many edges would cost more than `PATIENCE` or find thousands.
pub(crate) fn is_tangle(edges: &[Line<f64>]) -> bool {
    let tree = RTree::bulk_load(edges.to_vec());
    let (mut tests, mut crossings) = (0_usize, 0_usize);
    for edge in edges {
        let (s, e) = (edge.start, edge.end);
        for other in tree.locate_in_envelope_intersecting(&AABB::from_corners(Point::from(s), Point::from(e)))
        {
            tests += 1;
            crossings += usize::from(contact(edge, other) == Contact::Crossing);
            if tests > PATIENCE || crossings > 20_000 {
                return true;
            }
        }
    }
    false
}

fn disc(circle: &cap::Circle, place: &str, faults: &mut Vec<Fault>) -> Option<(Source, Vec<Polygon<f64>>)> {
    let before = faults.len();
    if !on_earth(circle.centre) {
        let message = format!("{} is not on Earth: latitude first, degrees", circle.centre);
        faults.push(Fault::error("area.circle.range", place, message));
    }
    if !(0.0..=MOST_KM).contains(&circle.radius_km) {
        let message = format!("a radius of {} km: it must be from 0 to {MOST_KM} km", circle.radius_km);
        faults.push(Fault::error("area.circle.radius", place, message));
    }
    if faults.len() > before {
        return None;
    }
    let polygon = around(circle, 0.0);
    if polygon.is_none() {
        faults.push(Fault::error(
            "area.outside",
            place,
            "the circle goes around a pole; it is far from Oman",
        ));
    }
    polygon.map(|polygon| (Source::Circle(*circle), vec![polygon]))
}

/// The regular polygon on the ellipsoid whose sides touch a circle from outside, the circle made larger by
/// `margin_km`; `None` if it would go around a pole. A side is a straight line in degrees and not a geodesic: for a
/// radius of 500 km they part by less than 20 m.
pub(crate) fn around(circle: &cap::Circle, margin_km: f64) -> Option<Polygon<f64>> {
    let centre = Point::new(circle.centre.lon, circle.centre.lat);
    let radius_km = circle.radius_km.max(LEAST_KM) + margin_km;
    // 110.574 km: the shortest degree of latitude, at the equator.
    if circle.centre.lat.abs() + radius_km * 1.01 / 110.574 > 89.0 {
        return None;
    }
    let metres = radius_km * 1000.0 / (std::f64::consts::PI / f64::from(SIDES)).cos();
    let ring: Vec<_> = (0..SIDES)
        .map(|side| {
            let corner = Geodesic.destination(centre, f64::from(side) * 360.0 / f64::from(SIDES), metres);
            // Beyond the 180th meridian the longitude goes on, so that the ring stays one ring.
            let turns = ((corner.x() - centre.x()) / 360.0).round();
            Coord { x: corner.x() - 360.0 * turns, y: corner.y() }
        })
        .collect();
    Some(Polygon::new(LineString::new(ring), vec![]))
}

fn region(
    code: &cap::Named,
    index: &Index,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<(Source, Vec<Polygon<f64>>)> {
    let name: String = code.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let layers: &[Layer] = match name.to_ascii_lowercase().as_str() {
        "iso31662" => &[Layer::Governorate],
        "nadhirarea" => &[Layer::Wilayat, Layer::Sea, Layer::Named],
        _ => {
            let message = format!(
                "geocodes of kind \"{}\" are not known here: left out (known: {ISO}, {OURS})",
                code.name
            );
            faults.push(Fault::warning("area.geocode.kind", place, message));
            return None;
        }
    };
    let Some(found) = index.find(code.value.trim(), layers) else {
        let known: Vec<_> = layers.iter().flat_map(|l| index.layer(*l)).map(|r| r.code.as_str()).collect();
        let (some, more) = known.split_at(known.len().min(SAID));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let message = format!("there is no region \"{}\"; known are {}{more}", code.value, some.join(", "));
        faults.push(Fault::error("area.geocode.unknown", place, message));
        return None;
    };
    Some((Source::Region(found), index.at(found).shape.0.clone()))
}

fn on_earth(p: cap::Point) -> bool {
    p.lat.abs() <= 90.0 && p.lon.abs() <= 180.0
}
