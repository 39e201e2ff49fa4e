//! The regions of a country, and which of them a shape hits: one R-tree box a polygon part, then the exact test.

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

/// One region.
#[derive(Debug, Clone)]
pub struct Region {
    /// ISO 3166-2, such as `OM-BS`.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// The name of its capital, where known.
    pub capital: Option<Name>,
    /// Its people, where known.
    pub population: Option<Population>,
    /// Its land, longitude as x, in degrees.
    pub shape: MultiPolygon<f64>,
    /// The area of its land on the WGS 84 ellipsoid, in square kilometres.
    pub area_km2: f64,
}

/// The regions and the tree over their parts. Made by `parse` or `from_geojson`.
#[derive(Debug, Clone)]
pub struct Index {
    regions: Vec<Region>,
    parts: Vec<(usize, Prepared)>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

/// 12 nautical miles, the breadth of the territorial sea (UNCLOS, article 3), in degrees of latitude.
const TWELVE_MILES: f64 = 12.0 / 60.0;

impl Index {
    /// An index of regions whose polygons are valid.
    pub(crate) fn new(regions: Vec<Region>) -> Index {
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
        Index { regions, parts, tree }
    }

    /// The regions, in the order of their source.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The region of a code; letters in either case.
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.position(code).map(|i| &self.regions[i])
    }

    /// Where in `regions` a code is.
    pub(crate) fn position(&self, code: &str) -> Option<usize> {
        self.regions.iter().position(|r| r.code.eq_ignore_ascii_case(code))
    }

    /// Marks in `hit`, one entry a region, the regions whose interior meets the interior of `shape`.
    pub(crate) fn mark(&self, shape: &Prepared, hit: &mut [bool]) {
        for candidate in self.tree.locate_in_envelope_intersecting(&envelope(shape.bounds)) {
            let (region, part) = &self.parts[candidate.data];
            if !hit[*region] && shape.meets(part) {
                hit[*region] = true;
            }
        }
    }

    /// Whether a box comes within about 12 nautical miles of the box of any part of a region.
    pub(crate) fn is_near(&self, bounds: Rect<f64>) -> bool {
        let east = TWELVE_MILES / bounds.min().y.abs().max(bounds.max().y.abs()).to_radians().cos().max(0.01);
        let by = Coord { x: east, y: TWELVE_MILES };
        let wide = Rect::new(bounds.min() - by, bounds.max() + by);
        self.parts.iter().any(|(_, part)| overlap(part.bounds, wide))
    }
}

fn envelope(bounds: Rect<f64>) -> AABB<[f64; 2]> {
    AABB::from_corners([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y])
}
