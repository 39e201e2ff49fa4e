//! The arcs of regions/*.json: borders by name, each written once, and the rings that walk along them.

use super::index::Layer;
use crate::fault::Fault;
use geo::{Coord, Line};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// Grid points in a degree.
const PER_DEGREE: f64 = 1000.0;

/// Name and lines of points, in the order of the file; kept as a list so that a name given twice shows.
pub(super) struct Lines(Vec<(String, Vec<String>)>);

/// Grid points, latitude first.
type Points = Vec<(i32, i32)>;

/// Which way a ring walks an arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sense {
    Forward,
    Backward,
}

impl Sense {
    pub(super) const fn other(self) -> Sense {
        match self {
            Sense::Forward => Sense::Backward,
            Sense::Backward => Sense::Forward,
        }
    }
}

/// An arc of a ring, and which way it is walked.
pub(super) type Step = (String, Sense);

struct Arc {
    points: Points,
    layer: Layer,
    used: Vec<(Layer, Sense)>,
}

/// Every arc of every file.
#[derive(Default)]
pub(super) struct Arcs(BTreeMap<String, Arc>);

impl Arcs {
    /// Takes in the arcs of one file.
    pub(super) fn read(&mut self, lines: Lines, layer: Layer, faults: &mut Vec<Fault>) {
        for (name, lines) in lines.0 {
            let points = points(&name, &lines, faults);
            if self.0.insert(name.clone(), Arc { points, layer, used: vec![] }).is_some() {
                faults.push(Fault::error("region.arc.twice", &name, "two arcs have one name"));
            }
        }
    }

    /// The points of a ring of a layer, closed, longitude as x, and its steps; marks each arc as used.
    pub(super) fn walk(
        &mut self,
        names: &[String],
        layer: Layer,
        place: &str,
        faults: &mut Vec<Fault>,
    ) -> (Vec<Coord<f64>>, Vec<Step>) {
        let (mut ring, mut steps) = (Points::new(), Vec::new());
        for reference in names {
            let (name, sense) = match reference.strip_prefix('-') {
                Some(name) => (name, Sense::Backward),
                None => (reference.as_str(), Sense::Forward),
            };
            let Some(arc) = self.0.get_mut(name) else {
                faults.push(Fault::error("region.arc.unknown", place, format!("there is no arc \"{name}\"")));
                continue;
            };
            if arc.used.iter().any(|(other, s)| *s == sense && share_a_plane(*other, layer)) {
                let message =
                    format!("\"{name}\" is used twice in one sense: two regions would lie on one side of it");
                faults.push(Fault::error("region.arc.used", place, message));
            }
            arc.used.push((layer, sense));
            steps.push((name.to_owned(), sense));
            let mut walk = arc.points.clone();
            if sense == Sense::Backward {
                walk.reverse();
            }
            if ring.last().is_some_and(|last| Some(last) != walk.first()) {
                let message = format!("\"{reference}\" does not begin where the arc before it ends");
                faults.push(Fault::error("region.ring.open", place, message));
            }
            ring.extend(walk.into_iter().skip(usize::from(!ring.is_empty())));
        }
        if ring.len() < 4 || ring.first() != ring.last() {
            faults.push(Fault::error("region.ring.open", place, "the ring is not closed"));
        }
        (ring.into_iter().map(degrees).collect(), steps)
    }

    /// Arcs that no ring walks.
    pub(super) fn unused(&self) -> impl Iterator<Item = Fault> {
        let unused = self.0.iter().filter(|(_, arc)| arc.used.is_empty());
        unused.map(|(name, _)| Fault::error("region.arc.unused", name, "no ring uses the arc"))
    }

    /// The edges of all that divides; named areas lie over one another.
    pub(super) fn edges(&self) -> Vec<Line<f64>> {
        let dividing = self.0.values().filter(|arc| arc.layer != Layer::Named);
        dividing
            .flat_map(|arc| arc.points.windows(2).map(|p| Line::new(degrees(p[0]), degrees(p[1]))))
            .collect()
    }
}

/// Whether regions of two layers may not lie on one another.
const fn share_a_plane(a: Layer, b: Layer) -> bool {
    match (a, b) {
        (Layer::Governorate | Layer::Sea, Layer::Governorate | Layer::Sea)
        | (Layer::Wilayat, Layer::Wilayat | Layer::Sea)
        | (Layer::Sea, Layer::Wilayat) => true,
        (Layer::Governorate, Layer::Wilayat)
        | (Layer::Wilayat, Layer::Governorate)
        | (Layer::Named, Layer::Governorate | Layer::Wilayat | Layer::Sea | Layer::Named)
        | (Layer::Governorate | Layer::Wilayat | Layer::Sea, Layer::Named) => false,
    }
}

fn points(name: &str, lines: &[String], faults: &mut Vec<Fault>) -> Points {
    let mut points = Points::new();
    for text in lines.iter().flat_map(|line| line.split_ascii_whitespace()) {
        match point(text) {
            Some(p) if points.last() == Some(&p) => {
                faults.push(Fault::error("region.arc.point", name, format!("{text} stands twice in a row")));
            }
            Some(p) => points.push(p),
            None => faults.push(Fault::error(
                "region.arc.point",
                name,
                format!("\"{text}\" is not a point: two whole numbers with a comma between, latitude first"),
            )),
        }
    }
    if points.len() < 2 {
        faults.push(Fault::error("region.arc.short", name, "an arc has at least two points"));
    }
    points
}

fn point(text: &str) -> Option<(i32, i32)> {
    let (lat, lon) = text.split_once(',')?;
    let within = |text: &str, most: i32| text.parse().ok().filter(|n: &i32| n.abs() <= most * 1000);
    Some((within(lat, 90)?, within(lon, 180)?))
}

fn degrees((lat, lon): (i32, i32)) -> Coord<f64> {
    Coord { x: f64::from(lon) / PER_DEGREE, y: f64::from(lat) / PER_DEGREE }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Lines, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Lines;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("arcs by name, each a list of lines of points")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lines, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Lines(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
