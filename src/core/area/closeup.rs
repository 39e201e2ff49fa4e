//! A map drawn near what is hit, as SVG for a screen: classes for the style sheet, no colour of its own. The whole country for paper is in `picture.rs`.

use super::index::{Index, Region};
use geo::algorithm::{BoundingRect, Centroid, Simplify};
use geo::{Coord, LineString, MultiPolygon, Rect};
use std::fmt::Write as _;

/// How wide a picture is at most, in its own units; so is its height.
const SIDE: f64 = 480.0;
/// Corners nearer than this to the line between their neighbours are left out, in the picture's units.
const TRIFLE: f64 = 0.9;
/// Room around what is shown, as a part of its size.
const ROOM: f64 = 0.12;
/// Half a letter's width, in the picture's units.
const LETTER: f64 = 4.4;
/// At least this is shown, in degrees, so that a village is seen in its surroundings.
const LEAST: f64 = 1.2;

/// What a picture shows.
pub struct CloseUp<'a> {
    /// Every region.
    pub index: &'a Index,
    /// The codes of the regions that are hit.
    pub hit: &'a [String],
    /// The alert's own shape, longitude as x; may be empty.
    pub shape: &'a MultiPolygon<f64>,
    /// What a screen reader says.
    pub title: &'a str,
    /// Which parts are in the map.
    pub frame: Frame,
}

/// Which part of the country a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// All regions.
    Country,
    /// The regions that are hit and the shape, with room around.
    Hit,
}

/// From degrees to the picture's units.
struct Grid {
    low: Coord<f64>,
    top: f64,
    /// Units a degree, across and up.
    scale: Coord<f64>,
}

impl Grid {
    fn over(bounds: Rect<f64>) -> (Grid, f64, f64) {
        // A degree of longitude is narrower than one of latitude by the cosine of the latitude.
        let narrow = bounds.center().y.to_radians().cos();
        let side = SIDE / (bounds.width() * narrow).max(bounds.height());
        let grid =
            Grid { low: bounds.min(), top: bounds.max().y, scale: Coord { x: side * narrow, y: side } };
        (grid, bounds.width() * side * narrow, bounds.height() * side)
    }

    fn at(&self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: (c.x - self.low.x) * self.scale.x, y: (self.top - c.y) * self.scale.y }
    }

    /// A ring as a path: whole units, each point relative to the one before.
    fn ring(&self, ring: &LineString<f64>, path: &mut String) {
        let units = ring.coords().map(|c| self.at(*c)).collect::<LineString<f64>>();
        let mut before: Option<(f64, f64)> = None;
        let corners = units.simplify(TRIFLE);
        if corners.0.len() < 4 {
            return;
        }
        for corner in corners.coords() {
            let (x, y) = (corner.x.round(), corner.y.round());
            let _ = match before {
                None => write!(path, "M{x} {y}l"),
                Some((px, py)) if (px, py) == (x, y) => continue,
                Some((px, py)) => write!(path, "{} {} ", x - px, y - py),
            };
            before = Some((x, y));
        }
        path.truncate(path.trim_end().len());
        path.push('z');
    }

    fn path(&self, shape: &MultiPolygon<f64>, view: Rect<f64>) -> String {
        let mut path = String::new();
        for polygon in shape.iter().filter(|p| p.bounding_rect().is_some_and(|b| meets(b, view))) {
            self.ring(polygon.exterior(), &mut path);
            for hole in polygon.interiors() {
                self.ring(hole, &mut path);
            }
        }
        path
    }
}

/// The map. `label` names a region in the language of the page.
pub fn svg<'r>(map: &CloseUp<'r>, label: impl Fn(&'r Region) -> &'r str) -> String {
    let is_hit = |region: &Region| map.hit.contains(&region.code);
    let Some(view) = bounds(map, is_hit) else { return String::new() };
    let (grid, width, height) = Grid::over(view);
    let mut svg = format!(
        "<svg class=\"map\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" direction=\"ltr\" aria-label=\"{}\">",
        escape(map.title)
    );
    let (mut labels, mut names) = (String::new(), Vec::new());
    for region in map.index.regions() {
        let path = grid.path(&region.shape, view);
        if path.is_empty() {
            continue;
        }
        let class = if is_hit(region) { "hit" } else { "land" };
        let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
        let middle = region.shape.iter().max_by(|a, b| area(a).total_cmp(&area(b)));
        if let Some(at) = middle.and_then(Centroid::centroid).map(|c| grid.at(c.0)) {
            names.push((is_hit(region), at, label(region)));
        }
    }
    // Those that are hit first; whatever would leave the picture or lie over another is left out.
    names.sort_by_key(|(hit, ..)| !hit);
    let mut placed: Vec<Rect<f64>> = Vec::new();
    for (hit, at, name) in names {
        let half =
            Coord { x: LETTER * f64::from(u32::try_from(name.chars().count()).unwrap_or(99)), y: 10.0 };
        let own = Rect::new(at - half, at + half);
        let inside = own.min().x > 0.0 && own.max().x < width && own.min().y > 0.0 && own.max().y < height;
        let free = !placed.iter().any(|other| meets(*other, own));
        if hit || (inside && free && map.frame == Frame::Hit) {
            let class = if hit { "hit" } else { "land" };
            let (x, y) = (at.x, at.y);
            let _ =
                write!(labels, "<text class=\"{class}\" x=\"{x:.0}\" y=\"{y:.0}\">{}</text>", escape(name));
            placed.push(own);
        }
    }
    let shape = grid.path(map.shape, view);
    if !shape.is_empty() {
        let _ = write!(svg, "<path class=\"shape\" d=\"{shape}\"/>");
    }
    svg + &labels + "</svg>"
}

fn bounds(map: &CloseUp<'_>, is_hit: impl Fn(&Region) -> bool) -> Option<Rect<f64>> {
    let any_hit = map.frame == Frame::Hit && !map.hit.is_empty();
    let regions = map.index.regions().iter().filter(|region| !any_hit || is_hit(region));
    let boxes = regions.filter_map(|r| r.shape.bounding_rect()).chain(map.shape.bounding_rect());
    let all = boxes.reduce(|a, b| {
        let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
        let high = Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) };
        Rect::new(low, high)
    })?;
    let room = if any_hit { ROOM } else { ROOM / 4.0 };
    let by = Coord {
        x: (all.width() * room).max((LEAST - all.width()) / 2.0),
        y: (all.height() * room).max((LEAST - all.height()) / 2.0),
    };
    Some(Rect::new(all.min() - by, all.max() + by))
}

fn area(polygon: &geo::Polygon<f64>) -> f64 {
    polygon.bounding_rect().map_or(0.0, |b| b.width() * b.height())
}

fn meets(a: Rect<f64>, b: Rect<f64>) -> bool {
    a.min().x < b.max().x && b.min().x < a.max().x && a.min().y < b.max().y && b.min().y < a.max().y
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(hit: &[&str], title: &str, frame: Frame) -> String {
        let index = Index::parse(include_bytes!("../../../regions/governorates.json")).unwrap();
        let hit: Vec<String> = hit.iter().map(|code| (*code).to_owned()).collect();
        let shape = MultiPolygon::new(vec![]);
        svg(&CloseUp { index: &index, hit: &hit, shape: &shape, title, frame }, |r| &r.name.ar)
    }

    #[test]
    fn every_region_is_there_and_the_picture_is_small() {
        let all = draw(&["OM-DA", "OM-ZA"], "two", Frame::Country);
        assert_eq!(all.matches("<path").count(), 11);
        assert_eq!(all.matches("class=\"hit\" d=").count(), 2);
        assert_eq!(all.matches("<text").count(), 2, "the country's picture names those that are hit");
        for hit in [&["OM-MU"][..], &["OM-ZU"], &["OM-BJ", "OM-MA"], &[]] {
            let svg = draw(hit, "x", Frame::Hit);
            assert!(svg.len() < 15_000, "{hit:?}: {}", svg.len());
        }
    }

    #[test]
    fn a_title_is_text() {
        assert!(draw(&[], "<b>\"&", Frame::Country).contains("&lt;b&gt;&quot;&amp;"));
    }
}
