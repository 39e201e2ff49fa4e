//! The regions of a country in layers, and which of them a shape hits: one R-tree box a polygon part, then the exact test.

use super::prepared::{Prepared, overlap};
use geo::{Coord, MultiPolygon, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
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

/// The regions, layer by layer, each with a tree over its parts. Made by `parse`, `parse_all` or `from_geojson`.
#[derive(Debug, Clone)]
pub struct Index {
    governorates: Tier,
    wilayat: Tier,
    sea: Tier,
    named: Tier,
}

/// One layer.
#[derive(Debug, Clone)]
struct Tier {
    regions: Vec<Region>,
    parts: Vec<(usize, Prepared)>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
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

    /// The region at a place that `find` gave.
    pub fn at(&self, place: Place) -> &Region {
        &self.layer(place.layer)[place.at]
    }

    /// Marks in `hit`, one entry a region of the layer, those whose interior meets the interior of `shape`.
    pub(crate) fn mark(&self, layer: Layer, shape: &Prepared, hit: &mut [bool]) {
        let tier = self.tier(layer);
        for candidate in tier.tree.locate_in_envelope_intersecting(&envelope(shape.bounds)) {
            let (region, part) = &tier.parts[candidate.data];
            if !hit[*region] && shape.meets(part) {
                hit[*region] = true;
            }
        }
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

    /// Whether a box comes within about 12 nautical miles of the box of any part of a region.
    pub(crate) fn is_near(&self, bounds: Rect<f64>) -> bool {
        let east = TWELVE_MILES / bounds.min().y.abs().max(bounds.max().y.abs()).to_radians().cos().max(0.01);
        let by = Coord { x: east, y: TWELVE_MILES };
        let wide = Rect::new(bounds.min() - by, bounds.max() + by);
        self.governorates.parts.iter().any(|(_, part)| overlap(part.bounds, wide))
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

impl Tier {
    fn new(regions: Vec<Region>) -> Tier {
        let parts: Vec<(usize, Prepared)> = regions
            .iter()
            .enumerate()
            .flat_map(|(n, region)| region.shape.iter().filter_map(move |p| Some((n, Prepared::new(p)?))))
            .collect();
        let boxes = parts.iter().enumerate().map(|(i, (_, part))| {
            let (low, high) = (part.bounds.min(), part.bounds.max());
            GeomWithData::new(Rectangle::from_corners([low.x, low.y], [high.x, high.y]), i)
        });
        let tree = RTree::bulk_load(boxes.collect());
        Tier { regions, parts, tree }
    }
}

fn envelope(bounds: Rect<f64>) -> AABB<[f64; 2]> {
    AABB::from_corners([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y])
}
