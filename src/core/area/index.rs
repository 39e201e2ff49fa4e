//! The regions of a country in layers, and which of them an area or a point hits.

use super::prepared::{Prepared, overlap};
use super::resolve::{ISO, OURS};
use super::tier::Tier;
use crate::cap::{self, Named};
use geo::{Coord, MultiPolygon, Rect};
use serde::Deserialize;

/// A name in the two languages of the country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Arabic.
    pub ar: String,
    /// English.
    pub en: String,
}

/// How many people live there, when, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Persons.
    pub count: u64,
    /// The year it holds for.
    pub year: u16,
    /// Who counted.
    pub source: String,
}

/// What a set of regions divides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The land, by governorates.
    Governorate,
    /// The land, by wilayat; each lies in one governorate.
    Wilayat,
    /// The sea out to twelve nautical miles, by the governorate whose coast is nearest.
    Sea,
    /// Areas that forecasters speak of; they may overlap, and divide nothing.
    Named,
}

impl Layer {
    /// All of them, the coarse before the fine.
    pub const ALL: [Layer; 4] = [Layer::Governorate, Layer::Wilayat, Layer::Sea, Layer::Named];

    /// `valueName` of a CAP geocode that names one of its regions.
    pub const fn geocode(self) -> &'static str {
        match self {
            Layer::Governorate => ISO,
            Layer::Wilayat | Layer::Sea | Layer::Named => OURS,
        }
    }

    /// What its regions are called, together.
    pub const fn words(self) -> &'static str {
        match self {
            Layer::Governorate => "governorates",
            Layer::Wilayat => "wilayat",
            Layer::Sea => "sea",
            Layer::Named => "named areas",
        }
    }
}

/// How well a border is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// Drawn against a reference.
    #[default]
    Drawn,
    /// Cut by us out of a larger region of the reference: good for choosing, not for counting.
    Approximate,
}

/// One region.
#[derive(Debug, Clone)]
pub struct Region {
    /// ISO 3166-2 of a governorate, such as `OM-BS`; ours of any other (regions/README.md), such as `OM-BS-SOH`.
    pub code: String,
    /// The governorate it belongs to: of a wilayat the one it lies in, of a belt of sea the one whose coast is
    /// nearest; none of a governorate or a named area.
    pub governorate: Option<String>,
    /// Its name.
    pub name: Name,
    /// The name of its capital, where known.
    pub capital: Option<Name>,
    /// Its people, where known.
    pub population: Option<Population>,
    /// How well its border is known.
    pub border: Border,
    /// Its land or water, longitude as x, in degrees.
    pub shape: MultiPolygon<f64>,
    /// The area of that on the WGS 84 ellipsoid, in square kilometres.
    pub area_km2: f64,
}

/// Where in an index a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its layer.
    pub layer: Layer,
    /// Its position in `Index::layer`.
    pub at: usize,
}

/// The regions, layer by layer, each with its parts in tiles. Made by `parse`, `parse_all` or `from_geojson`.
#[derive(Debug, Clone)]
pub struct Index {
    governorates: Tier,
    wilayat: Tier,
    sea: Tier,
    named: Tier,
}

/// 12 nautical miles, the breadth of the territorial sea (UNCLOS, article 3), in degrees of latitude.
const TWELVE_MILES: f64 = 12.0 / 60.0;

impl Index {
    /// An index of governorates alone, their polygons valid.
    pub(crate) fn new(governorates: Vec<Region>) -> Index {
        Index::of_layers([governorates, vec![], vec![], vec![]])
    }

    /// An index of all layers, in the order of `Layer::ALL`, their polygons valid.
    pub(crate) fn of_layers([governorates, wilayat, sea, named]: [Vec<Region>; 4]) -> Index {
        Index {
            governorates: Tier::new(governorates),
            wilayat: Tier::new(wilayat),
            sea: Tier::new(sea),
            named: Tier::new(named),
        }
    }

    /// The governorates, in the order of their source.
    pub fn regions(&self) -> &[Region] {
        self.layer(Layer::Governorate)
    }

    /// The regions of a layer, in the order of their source; none where the source had none.
    pub fn layer(&self, layer: Layer) -> &[Region] {
        &self.tier(layer).regions
    }

    /// The governorate of a code; letters in either case.
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.find(code, &[Layer::Governorate]).map(|place| self.at(place))
    }

    /// Where a code is, in the first of `layers` that has it; letters in either case.
    pub fn find(&self, code: &str, layers: &[Layer]) -> Option<Place> {
        layers.iter().find_map(|&layer| {
            let at = self.layer(layer).iter().position(|r| r.code.eq_ignore_ascii_case(code))?;
            Some(Place { layer, at })
        })
    }

    /// The CAP geocode of a code of any layer; none if no layer has it.
    pub fn geocode(&self, code: &str) -> Option<Named> {
        self.find(code, &Layer::ALL).map(|place| Named::new(place.layer.geocode(), &self.at(place).code))
    }

    /// The region at a place that `find` gave.
    pub fn at(&self, place: Place) -> &Region {
        &self.layer(place.layer)[place.at]
    }

    /// The governorates after the `n`th whose interior meets its own; none, if the source is sound.
    pub(crate) fn overlapping(&self, n: usize) -> impl Iterator<Item = usize> {
        let mut hit = vec![false; self.regions().len()];
        for part in self.governorates.parts(n) {
            self.mark(Layer::Governorate, part, &mut hit);
        }
        (n + 1..hit.len()).filter(move |&i| hit[i])
    }

    /// Marks in `hit`, one entry a region of the layer, those whose interior meets the interior of `shape`.
    pub(crate) fn mark(&self, layer: Layer, shape: &Prepared, hit: &mut [bool]) {
        self.tier(layer).mark(shape, hit);
    }

    /// Marks in `hit`, one entry a region of `layer`, those that the region at `place` is, holds or lies in: what a
    /// geocode hits. A named area is a shape like any other and marks nothing here.
    pub(crate) fn mark_kin(&self, layer: Layer, place: Place, hit: &mut [bool]) {
        let own = self.at(place);
        let kin = |region: &Region| match (place.layer, layer) {
            (Layer::Governorate, Layer::Wilayat) => region.governorate.as_ref() == Some(&own.code),
            (Layer::Wilayat, Layer::Governorate) => own.governorate.as_ref() == Some(&region.code),
            (Layer::Governorate, Layer::Governorate)
            | (Layer::Wilayat, Layer::Wilayat)
            | (Layer::Sea, Layer::Sea)
            | (Layer::Named, Layer::Named) => region.code == own.code,
            // Land is not water, and what a named area hits is asked of its shape.
            (Layer::Governorate | Layer::Wilayat, Layer::Sea | Layer::Named)
            | (Layer::Sea, Layer::Governorate | Layer::Wilayat | Layer::Named)
            | (Layer::Named, Layer::Governorate | Layer::Wilayat | Layer::Sea) => false,
        };
        for (region, hit) in self.layer(layer).iter().zip(hit) {
            *hit |= kin(region);
        }
    }

    /// The parts of a region, ready for questions.
    pub(crate) fn parts(&self, place: Place) -> impl Iterator<Item = &Prepared> {
        self.tier(place.layer).parts(place.at)
    }

    /// Which region of a layer a point lies in, as a position in `layer(layer)`; on a shared border, one of them.
    pub fn holding(&self, layer: Layer, point: cap::Point) -> Option<usize> {
        self.tier(layer).holding(Coord { x: point.lon, y: point.lat })
    }

    /// Whether a box comes within about 12 nautical miles of the box of any part of a region.
    pub(crate) fn is_near(&self, bounds: Rect<f64>) -> bool {
        let east = TWELVE_MILES / bounds.min().y.abs().max(bounds.max().y.abs()).to_radians().cos().max(0.01);
        let by = Coord { x: east, y: TWELVE_MILES };
        let wide = Rect::new(bounds.min() - by, bounds.max() + by);
        self.governorates.all().any(|part| overlap(part.bounds, wide))
    }

    const fn tier(&self, layer: Layer) -> &Tier {
        match layer {
            Layer::Governorate => &self.governorates,
            Layer::Wilayat => &self.wilayat,
            Layer::Sea => &self.sea,
            Layer::Named => &self.named,
        }
    }
}
