//! A map as SVG from our own polygons: regions, those that are hit filled, the area, cells as dots, names. Knows no page, no tile.
//!
//! Every colour is `currentColor`, with white around the names, and every size an attribute, so that it prints as it is; a
//! style sheet may say more by
//! the classes `land`, `hit`, `shape` and `cell`.

use super::cover::Coverage;
use super::index::{Index, Layer, Region};
use crate::cap::Point;
use frame::Grid;
use geo::{Coord, MultiPolygon};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a map shows.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    /// Every region.
    pub index: &'a Index,
    /// The codes of what is hit: governorates, wilayat or belts of sea. Others are not drawn.
    pub hit: &'a [String],
    /// The area itself, longitude as x.
    pub shape: Option<&'a MultiPolygon<f64>>,
    /// Where cells are.
    pub cells: &'a [Point],
    /// The language of the names.
    pub labels: Labels,
    /// Which part of the country is in it.
    pub frame: Frame,
}

/// The language of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Arabic.
    Arabic,
    /// English.
    English,
}

/// Which part of the country a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// All of it, for paper.
    Country,
    /// What is hit and the area, with room around, for a screen; all of it where nothing is hit.
    Hit,
}

/// The codes of what a coverage fills on a map: a governorate that is covered whole, else those of its wilayat that are
/// hit where they are known, and the sea.
pub fn filled(coverage: &Coverage, index: &Index) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for hit in &coverage.governorates {
        let own = index.layer(Layer::Wilayat).iter().filter(|w| w.governorate.as_ref() == Some(&hit.code));
        let own: Vec<&str> = own.map(|w| w.code.as_str()).collect();
        if hit.share_of_region > WHOLE || own.is_empty() {
            codes.push(hit.code.clone());
        } else {
            codes.extend(
                coverage.wilayat.iter().map(|w| w.code.clone()).filter(|c| own.contains(&c.as_str())),
            );
        }
    }
    codes.extend(coverage.sea.iter().map(|hit| hit.code.clone()));
    codes
}

/// So much of a governorate is all of it.
const WHOLE: f64 = 0.999;
/// The pitch of dots, in the map's units: of cells that would share a dot one is drawn.
const PITCH: f64 = 4.0;

/// More regions than this are many.
const MANY: usize = 12;

/// The map as one `<svg>`, described to a screen reader by the names of what is hit. Two maps on one page need two
/// languages, for the hatching is known by `hatch-ar` and `hatch-en`.
pub fn picture(map: &Map<'_>) -> String {
    let painted = Painted::of(map);
    let Some(grid) = Grid::over(map, &painted) else { return String::new() };
    let (code, (width, height), line) = (map.labels.code(), grid.size, grid.line());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map picture\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         lang=\"{code}\" direction=\"ltr\" aria-label=\"{}\" stroke-linejoin=\"round\"><defs>\
         <pattern id=\"hatch-{code}\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path d=\"M0 0v9\" stroke=\"currentColor\" stroke-width=\"4\" \
         stroke-opacity=\".4\"/></pattern></defs>",
        escape(&painted.title(map.labels))
    );
    for region in &painted.land {
        let d = grid.path(&region.shape);
        if !d.is_empty() {
            let _ = write!(
                svg,
                "<path class=\"land\" data-code=\"{}\" d=\"{d}\" fill=\"none\" stroke=\"currentColor\" \
                 stroke-width=\"{line}\"/>",
                escape(&region.code)
            );
        }
    }
    // What is hit comes last, so that its border lies on top; of many the borders are thin, or they hide the rest.
    let bold = if painted.hit.len() > MANY { line } else { line * 2.0 };
    for region in &painted.hit {
        let _ = write!(
            svg,
            "<path class=\"hit\" data-code=\"{}\" d=\"{}\" fill=\"url(#hatch-{code})\" stroke=\"currentColor\" \
             stroke-width=\"{}\"/>",
            escape(&region.code),
            grid.path(&region.shape),
            bold
        );
    }
    let shape = map.shape.map(|shape| grid.path(shape)).unwrap_or_default();
    if !shape.is_empty() {
        let _ = write!(
            svg,
            "<path class=\"shape\" d=\"{shape}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{}\" \
             stroke-dasharray=\"{} {}\"/>",
            line * 2.5,
            line * 7.0,
            line * 4.0
        );
    }
    for (x, y) in dots(map.cells, &grid) {
        let _ = write!(
            svg,
            "<circle class=\"cell\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{line}\" fill=\"currentColor\"/>"
        );
    }
    for name in names::place(map, &painted, &grid) {
        let (class, weight) = if name.hit { ("hit", "700") } else { ("land", "400") };
        let _ = write!(
            svg,
            "<text class=\"{class}\" x=\"{:.0}\" y=\"{:.0}\" font-size=\"{}\" font-weight=\"{weight}\" \
             text-anchor=\"middle\" fill=\"currentColor\" stroke=\"#fff\" stroke-width=\"{}\" \
             paint-order=\"stroke\">{}</text>",
            name.at.x,
            name.at.y + name.size * 0.3,
            name.size,
            name.size / 5.0,
            escape(name.text)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// The regions in the order they are painted.
struct Painted<'a> {
    layer: Layer,
    land: Vec<&'a Region>,
    hit: Vec<&'a Region>,
}

impl<'a> Painted<'a> {
    /// The land by wilayat where one is hit, else by governorates; water only where it is hit.
    fn of(map: &Map<'a>) -> Painted<'a> {
        let is_hit = |code: &str| map.hit.iter().any(|hit| hit.eq_ignore_ascii_case(code));
        let by_wilayat = map.index.layer(Layer::Wilayat).iter().any(|w| is_hit(&w.code));
        let layer = if by_wilayat { Layer::Wilayat } else { Layer::Governorate };
        let own = |r: &Region| is_hit(&r.code) || by_wilayat && r.governorate.as_deref().is_some_and(is_hit);
        let (mut hit, land): (Vec<&Region>, Vec<&Region>) =
            map.index.layer(layer).iter().partition(|region| own(region));
        hit.extend(map.index.layer(Layer::Sea).iter().filter(|sea| is_hit(&sea.code)));
        Painted { layer, land, hit }
    }

    fn title(&self, labels: Labels) -> String {
        let named = if self.hit.is_empty() { &self.land } else { &self.hit };
        let names: Vec<&str> = named.iter().map(|region| labels.of(region)).collect();
        names.join(if labels == Labels::Arabic { "، " } else { ", " })
    }
}

impl Labels {
    const fn code(self) -> &'static str {
        match self {
            Labels::Arabic => "ar",
            Labels::English => "en",
        }
    }

    fn of(self, region: &Region) -> &str {
        match self {
            Labels::Arabic => &region.name.ar,
            Labels::English => &region.name.en,
        }
    }
}

/// Where dots go: inside the frame, at most one in a square of the pitch.
fn dots(cells: &[Point], grid: &Grid) -> Vec<(f64, f64)> {
    let mut seen = BTreeSet::new();
    let places = cells.iter().map(|cell| grid.at(Coord { x: cell.lon, y: cell.lat }));
    places
        .filter(|at| at.x > 0.0 && at.y > 0.0 && at.x < grid.size.0 && at.y < grid.size.1)
        .map(|at| ((at.x / PITCH).round() * PITCH, (at.y / PITCH).round() * PITCH))
        .filter(|(x, y)| seen.insert((x.to_bits(), y.to_bits())))
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// From degrees to the map's units.
mod frame;
/// Where names stand.
mod names;
#[cfg(test)]
mod tests;
