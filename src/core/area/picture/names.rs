//! Where the names of a map stand: at home where there is room, else in the sea or in the land beside, never over another.

use super::super::index::Region;
use super::super::prepared::overlap;
use super::frame::Grid;
use super::{Frame, Map, Painted};
use crate::cap::Point;
use geo::algorithm::{BoundingRect, Centroid};
use geo::{Coord, Polygon, Rect};

/// A name and its middle.
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) at: Coord<f64>,
    pub(super) hit: bool,
    pub(super) size: f64,
}

/// Heights of a name that is hit and of the others, in units: on paper, and on a screen.
const SIZES: [[f64; 2]; 2] = [[31.0, 22.0], [15.0, 15.0]];
/// Width of a letter, as a share of its height; a rough mean of both scripts.
const LETTER: f64 = 0.52;
/// Between a region and the name beside it, as a share of the name's height.
const GAP: f64 = 0.4;
/// A name across its own border is as bad as one so many heights further away.
const ACROSS: f64 = 2.0;
/// So many of nine points of a name may lie on other regions.
const ABROAD: usize = 2;
/// So many points of a rim are tried.
const RIM: usize = 24;
/// So many that are hit are named whatever happens; with more, only where there is room.
const ALWAYS: usize = 6;

/// The names of all regions painted that find a place: those that are hit choose first, then the large ones.
pub(super) fn place<'a>(map: &Map<'a>, painted: &Painted<'a>, grid: &Grid) -> Vec<Name<'a>> {
    let hit = painted.hit.iter().map(|region| (*region, true));
    let mut regions: Vec<(&Region, bool)> =
        hit.chain(painted.land.iter().map(|region| (*region, false))).collect();
    regions.sort_by(|(a, a_hit), (b, b_hit)| b_hit.cmp(a_hit).then(b.area_km2.total_cmp(&a.area_km2)));
    let always = painted.hit.len() <= ALWAYS;
    let (mut taken, mut names): (Vec<Rect<f64>>, Vec<Name<'a>>) = (Vec::new(), Vec::new());
    for (region, hit) in regions {
        let text = map.labels.of(region);
        let size = SIZES[usize::from(grid.frame == Frame::Hit)][usize::from(!hit)];
        let half = Coord { x: text.chars().count() as f64 * size * LETTER / 2.0, y: size * 0.6 };
        let Some(largest) = region.shape.iter().max_by(|a, b| wide(a).total_cmp(&wide(b))) else { continue };
        let Some(middle) = largest.centroid().map(|c| grid.at(c.0)) else { continue };
        let score = |at: Coord<f64>| {
            let own = Rect::new(at - half, at + half);
            let inside = own.min().x >= 0.0
                && own.min().y >= 0.0
                && own.max().x <= grid.size.0
                && own.max().y <= grid.size.1;
            if !inside || taken.iter().any(|t| overlap(*t, own)) {
                return None;
            }
            let (home, away) = footing(own, region, map, painted, grid);
            let across = if (1..=8).contains(&home) { ACROSS * size } else { 0.0 };
            let away = (away <= ABROAD).then_some(away as f64)?;
            Some((at, (at.x - middle.x).hypot(at.y - middle.y) + across + away * ACROSS * size))
        };
        let places = places(largest, middle, half, size * GAP, grid);
        let best = places.into_iter().filter_map(score).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at);
        // Named all the same, moved into the frame.
        let forced = Coord {
            x: middle.x.max(half.x).min((grid.size.0 - half.x).max(half.x)),
            y: middle.y.max(half.y).min((grid.size.1 - half.y).max(half.y)),
        };
        if let Some(at) = best.or((hit && always).then_some(forced)) {
            taken.push(Rect::new(at - half, at + half));
            names.push(Name { text, at, hit, size });
        }
    }
    names
}

/// Where the middle of a name may be: in the middle of a polygon, or beside a point of its rim.
fn places(
    polygon: &Polygon<f64>,
    middle: Coord<f64>,
    half: Coord<f64>,
    gap: f64,
    grid: &Grid,
) -> Vec<Coord<f64>> {
    let rim = polygon.exterior();
    let step = rim.0.len().div_ceil(RIM).max(1);
    let mut places = vec![middle];
    for at in rim.coords().step_by(step).map(|c| grid.at(*c)) {
        for (x, y) in [(half.x + gap, 0.0), (-half.x - gap, 0.0), (0.0, half.y + gap), (0.0, -half.y - gap)] {
            places.push(Coord { x: at.x + x, y: at.y + y });
        }
    }
    places
}

/// Of nine points of a name's middle line, how many lie in its own region and how many in others.
fn footing(
    name: Rect<f64>,
    own: &Region,
    map: &Map<'_>,
    painted: &Painted<'_>,
    grid: &Grid,
) -> (usize, usize) {
    let (low, high) = (name.min(), name.max());
    let points = (0..=8).map(|step| {
        let x = low.x + (high.x - low.x) * f64::from(step) / 8.0;
        grid.degrees(Coord { x, y: f64::midpoint(low.y, high.y) })
    });
    let holding = |at: Coord<f64>| {
        let found = map.index.holding(painted.layer, Point { lat: at.y, lon: at.x });
        found.map(|i| &map.index.layer(painted.layer)[i])
    };
    points.fold((0, 0), |(home, away), at| match holding(at) {
        Some(region) if region.code == own.code => (home + 1, away),
        Some(_) => (home, away + 1),
        None => (home, away),
    })
}

/// How much a polygon spreads: enough to pick the main piece of a region.
fn wide(polygon: &Polygon<f64>) -> f64 {
    polygon.bounding_rect().map_or(0.0, |b| b.width() * b.height())
}
