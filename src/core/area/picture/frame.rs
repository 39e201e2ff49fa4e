//! From degrees to the units of a map: north up, a degree of longitude shortened as it is in the middle of the map.

use super::super::index::Layer;
use super::super::prepared::overlap;
use super::{Frame, Map, Painted};
use geo::algorithm::{BoundingRect, Simplify};
use geo::{Coord, LineString, MultiPolygon, Rect};
use std::fmt::Write as _;

/// How wide and high a map is at most, in its own units: on paper, and on a screen.
const SIDE: [f64; 2] = [1000.0, 480.0];
/// Corners nearer than this to the line between their neighbours are left out, in units.
const TRIFLE: f64 = 0.9;
/// Room around what is shown, as a part of its size; in the east of the country more, for names stand in the sea.
const ROOM: f64 = 0.12;
const MARGIN: f64 = 0.03;
const SEA: f64 = 0.12;
/// At least so much is shown, in degrees, so that a village is seen in its surroundings.
const LEAST: f64 = 1.2;

/// From degrees to units.
pub(super) struct Grid {
    low: Coord<f64>,
    top: f64,
    /// Units a degree, across and up.
    scale: Coord<f64>,
    view: Rect<f64>,
    pub(super) size: (f64, f64),
    pub(super) frame: Frame,
}

impl Grid {
    /// The grid of a map; none where there is nothing to show.
    pub(super) fn over(map: &Map<'_>, painted: &Painted<'_>) -> Option<Grid> {
        let near =
            map.frame == Frame::Hit && !(painted.hit.is_empty() && map.shape.is_none_or(|s| s.0.is_empty()));
        // A belt of sea is long: where there is a shape, that part of it is shown.
        let has_shape = map.shape.is_some_and(|shape| !shape.0.is_empty());
        let long = |code: &str| map.index.layer(Layer::Sea).iter().any(|belt| belt.code == code);
        let land = painted.land.iter().filter(|_| !near);
        let hit = painted.hit.iter().filter(|region| !(has_shape && long(&region.code)));
        let regions = land.chain(hit).filter_map(|region| region.shape.bounding_rect());
        let all = regions.chain(map.shape.and_then(BoundingRect::bounding_rect)).reduce(join)?;
        let (room, least) = if near { (ROOM, LEAST) } else { (MARGIN, 0.0) };
        let by = Coord {
            x: (all.width() * room).max((least - all.width()) / 2.0),
            y: (all.height() * room).max((least - all.height()) / 2.0),
        };
        let east = if near { 0.0 } else { all.width() * SEA };
        let view = Rect::new(all.min() - by, all.max() + by + Coord { x: east, y: 0.0 });
        let narrow = view.center().y.to_radians().cos().max(0.01);
        let side = SIDE[usize::from(near)];
        let unit = side / (view.width() * narrow).max(view.height());
        Some(Grid {
            low: view.min(),
            top: view.max().y,
            scale: Coord { x: unit * narrow, y: unit },
            size: (view.width() * narrow * unit, view.height() * unit),
            view,
            frame: if near { Frame::Hit } else { Frame::Country },
        })
    }

    /// The width of a thin line.
    pub(super) const fn line(&self) -> f64 {
        match self.frame {
            Frame::Country => 2.0,
            Frame::Hit => 1.5,
        }
    }

    pub(super) fn at(&self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: (c.x - self.low.x) * self.scale.x, y: (self.top - c.y) * self.scale.y }
    }

    pub(super) fn degrees(&self, at: Coord<f64>) -> Coord<f64> {
        Coord { x: at.x / self.scale.x + self.low.x, y: self.top - at.y / self.scale.y }
    }

    /// The `d` of a path, of the polygons that reach into the frame; empty if none does.
    pub(super) fn path(&self, shape: &MultiPolygon<f64>) -> String {
        let mut path = String::new();
        for polygon in shape.iter().filter(|p| p.bounding_rect().is_some_and(|b| overlap(b, self.view))) {
            self.ring(polygon.exterior(), &mut path);
            polygon.interiors().iter().for_each(|hole| self.ring(hole, &mut path));
        }
        path
    }

    /// A ring: whole units, each step relative to the last; steps of nothing are left out.
    fn ring(&self, ring: &LineString<f64>, path: &mut String) {
        let corners = ring.coords().map(|c| self.at(*c)).collect::<LineString<f64>>().simplify(TRIFLE);
        if corners.0.len() < 4 {
            return;
        }
        let mut corners = corners.0.iter().map(|c| (c.x.round(), c.y.round()));
        let Some(mut last) = corners.next() else { return };
        let _ = write!(path, "M{} {}l", last.0, last.1);
        for corner in corners {
            let (x, y) = (corner.0 - last.0, corner.1 - last.1);
            if (x, y) != (0.0, 0.0) {
                let between = if y < 0.0 { "" } else { " " };
                let before = if x < 0.0 || path.ends_with('l') { "" } else { " " };
                let _ = write!(path, "{before}{x}{between}{y}");
            }
            last = corner;
        }
        if path.ends_with('l') {
            path.push_str("0 0");
        }
        path.push('z');
    }
}

fn join(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    let high = Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) };
    Rect::new(low, high)
}
