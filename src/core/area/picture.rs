//! A map as SVG from our own polygons: regions, the lit ones hatched, an area dashed, names beside. Knows no page and no colour: all is `currentColor`.

use super::index::{Index, Region};
use super::prepared::overlap;
use geo::algorithm::{BoundingRect, Centroid, Contains};
use geo::{Coord, LineString, MultiPolygon, Polygon, Rect};
use std::fmt::Write as _;

/// The language of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Arabic.
    Arabic,
    /// English.
    English,
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

/// Units of the picture in a degree of latitude: one unit is 0.01 degree, about 1.1 km.
const UNITS: f64 = 100.0;
/// Degrees left free around the country, and in the east, where names stand in the sea.
const MARGIN: f64 = 0.3;
const SEA: f64 = 1.5;
/// Height of a lit name and of the others, in units.
const SIZE: [f64; 2] = [32.0, 23.0];
/// Between a region and the name beside it.
const GAP: f64 = 12.0;
/// A name across its own border is as bad as one so many units further away.
const ACROSS: f64 = 60.0;
/// So many points of a rim are tried.
const RIM: usize = 40;
/// Width of a letter, as a share of its height; a rough mean of both scripts.
const LETTER: f64 = 0.52;

/// The regions of `index` as one `<svg>`; those of `lit` hatched, with a strong border and a bold name; `area`, if any, as a
/// dashed outline. Every colour is `currentColor`, and nothing needs a style: CSS may say more by the classes `region`,
/// `lit`, `area`, `name`. Codes that are not in the index are not drawn. Two pictures on one page need two languages,
/// for the hatching is known by `hatch-ar` and `hatch-en`.
pub fn picture(index: &Index, lit: &[&str], area: Option<&MultiPolygon<f64>>, labels: Labels) -> String {
    let Some(frame) = Frame::of(index) else { return String::new() };
    let is_lit = |region: &Region| lit.iter().any(|code| code.eq_ignore_ascii_case(&region.code));
    let (code, [width, height]) = (labels.code(), frame.size);
    let shown: Vec<&str> = index.regions().iter().filter(|r| is_lit(r)).map(|r| labels.of(r)).collect();
    let title = if shown.is_empty() { index.regions().iter().map(|r| labels.of(r)).collect() } else { shown };
    let comma = if labels == Labels::Arabic { "، " } else { ", " };
    let title = escape(&title.join(comma));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         lang=\"{code}\" aria-label=\"{title}\" stroke-linejoin=\"round\"><defs><pattern id=\"hatch-{code}\" width=\"9\" \
         height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0v9\" \
         stroke=\"currentColor\" stroke-width=\"6\" stroke-opacity=\".55\"/></pattern></defs>"
    );
    let (bright, plain): (Vec<&Region>, Vec<&Region>) = index.regions().iter().partition(|r| is_lit(r));
    // Lit ones last, so that their borders lie on top.
    for region in plain {
        let (code, d) = (escape(&region.code), frame.path(&region.shape));
        let _ = write!(
            svg,
            "<path class=\"region\" data-code=\"{code}\" d=\"{d}\" fill=\"currentColor\" fill-opacity=\".07\" \
             stroke=\"currentColor\" stroke-opacity=\".45\" stroke-width=\"2\"/>"
        );
    }
    for region in bright {
        let (region, d) = (escape(&region.code), frame.path(&region.shape));
        let _ = write!(
            svg,
            "<path class=\"region lit\" data-code=\"{region}\" d=\"{d}\" fill=\"url(#hatch-{code})\" \
             stroke=\"currentColor\" stroke-width=\"6\"/>"
        );
    }
    if let Some(area) = area {
        let _ = write!(
            svg,
            "<path class=\"area\" d=\"{}\" fill=\"currentColor\" fill-opacity=\".18\" fill-rule=\"evenodd\" \
             stroke=\"currentColor\" stroke-width=\"5\" stroke-dasharray=\"14 8\"/>",
            frame.path(area)
        );
    }
    for name in frame.names(index, &is_lit, labels) {
        let (size, weight, class) =
            if name.lit { (SIZE[0], "700", "name lit") } else { (SIZE[1], "400", "name") };
        let _ = write!(
            svg,
            "<text class=\"{class}\" x=\"{:.0}\" y=\"{:.0}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             text-anchor=\"middle\" fill=\"currentColor\">{}</text>",
            name.at.x,
            name.at.y + size * 0.3,
            escape(name.text)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Where degrees lie in the picture: north up, a degree of longitude shortened as it is in the middle of the country.
struct Frame {
    west: f64,
    north: f64,
    shorter: f64,
    size: [f64; 2],
}

/// A name and its middle.
struct Name<'a> {
    text: &'a str,
    at: Coord<f64>,
    lit: bool,
}

impl Frame {
    fn of(index: &Index) -> Option<Frame> {
        let boxes = index.regions().iter().filter_map(|r| r.shape.bounding_rect());
        let all = boxes.reduce(|a, b| {
            let (low, high) = (a.min(), a.max());
            Rect::new(
                Coord { x: low.x.min(b.min().x), y: low.y.min(b.min().y) },
                Coord { x: high.x.max(b.max().x), y: high.y.max(b.max().y) },
            )
        })?;
        let shorter = f64::midpoint(all.min().y, all.max().y).to_radians().cos().max(0.01);
        let (wide, high) = (all.width() * shorter + MARGIN + SEA, all.height() + 2.0 * MARGIN);
        Some(Frame {
            west: all.min().x - MARGIN / shorter,
            north: all.max().y + MARGIN,
            shorter,
            size: [wide * UNITS, high * UNITS],
        })
    }

    fn place(&self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: (c.x - self.west) * self.shorter * UNITS, y: (self.north - c.y) * UNITS }
    }

    fn degrees(&self, at: Coord<f64>) -> Coord<f64> {
        Coord { x: at.x / UNITS / self.shorter + self.west, y: self.north - at.y / UNITS }
    }

    /// The `d` of a path: whole units, each step relative to the last; steps of nothing are left out.
    fn path(&self, shape: &MultiPolygon<f64>) -> String {
        let mut d = String::new();
        for polygon in shape {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                self.ring(ring, &mut d);
            }
        }
        d
    }

    fn ring(&self, ring: &LineString<f64>, d: &mut String) {
        let mut points = ring.coords().map(|c| {
            let at = self.place(*c);
            (at.x.round(), at.y.round())
        });
        let Some(mut last) = points.next() else { return };
        let _ = write!(d, "M{} {}l", last.0, last.1);
        for point in points {
            let (x, y) = (point.0 - last.0, point.1 - last.1);
            if (x, y) != (0.0, 0.0) {
                let between = if y < 0.0 { "" } else { " " };
                let before = if x < 0.0 || d.ends_with('l') { "" } else { " " };
                let _ = write!(d, "{before}{x}{between}{y}");
            }
            last = point;
        }
        if d.ends_with('l') {
            d.push_str("0 0");
        }
        d.push('z');
    }

    /// Names where there is room: at home, or in the sea beside; never on another region. A lit name is always written.
    fn names<'a>(&self, index: &'a Index, is_lit: &dyn Fn(&Region) -> bool, labels: Labels) -> Vec<Name<'a>> {
        let mut regions: Vec<&Region> = index.regions().iter().collect();
        // Lit ones choose first, then the large ones, which have room at home.
        regions.sort_by(|a, b| (is_lit(b).cmp(&is_lit(a))).then(b.area_km2.total_cmp(&a.area_km2)));
        let (mut taken, mut names): (Vec<Rect<f64>>, Vec<Name<'a>>) = (Vec::new(), Vec::new());
        for region in regions {
            let (lit, text) = (is_lit(region), labels.of(region));
            let size = if lit { SIZE[0] } else { SIZE[1] };
            let half = Coord { x: text.chars().count() as f64 * size * LETTER / 2.0, y: size * 0.6 };
            let Some(largest) = region.shape.iter().max_by(|a, b| wide(a).total_cmp(&wide(b))) else {
                continue;
            };
            let Some(middle) = largest.centroid().map(|c| self.place(c.0)) else { continue };
            let score = |at: Coord<f64>| {
                let own = Rect::new(at - half, at + half);
                let inside = own.min().x >= 0.0
                    && own.min().y >= 0.0
                    && own.max().x <= self.size[0]
                    && own.max().y <= self.size[1];
                if !inside || taken.iter().any(|t| overlap(*t, own)) {
                    return None;
                }
                let (home, away) = self.footing(own, region, index);
                let across = if (1..=8).contains(&home) { ACROSS } else { 0.0 };
                (away == 0).then(|| (at, (at.x - middle.x).hypot(at.y - middle.y) + across))
            };
            let places = self.places(largest, middle, half);
            let best =
                places.into_iter().filter_map(score).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at);
            if let Some(at) = best.or(lit.then_some(middle)) {
                taken.push(Rect::new(at - half, at + half));
                names.push(Name { text, at, lit });
            }
        }
        names
    }

    /// Where the middle of a name may be: in the middle of a polygon, or beside a point of its rim.
    fn places(&self, polygon: &Polygon<f64>, middle: Coord<f64>, half: Coord<f64>) -> Vec<Coord<f64>> {
        let rim = polygon.exterior();
        let step = rim.0.len().div_ceil(RIM).max(1);
        let mut places = vec![middle];
        for at in rim.coords().step_by(step).map(|c| self.place(*c)) {
            for (x, y) in
                [(half.x + GAP, 0.0), (-half.x - GAP, 0.0), (0.0, half.y + GAP), (0.0, -half.y - GAP)]
            {
                places.push(Coord { x: at.x + x, y: at.y + y });
            }
        }
        places
    }

    /// Of nine points of a name's middle line, how many lie in its own region and how many in others.
    fn footing(&self, name: Rect<f64>, own: &Region, index: &Index) -> (usize, usize) {
        let (low, high) = (name.min(), name.max());
        let points = (0..=8).map(|step| {
            let x = low.x + (high.x - low.x) * f64::from(step) / 8.0;
            self.degrees(Coord { x, y: f64::midpoint(low.y, high.y) })
        });
        points.fold((0, 0), |(home, away), at| {
            let inside = own.shape.contains(&at);
            let abroad =
                !inside && index.regions().iter().any(|r| r.code != own.code && r.shape.contains(&at));
            (home + usize::from(inside), away + usize::from(abroad))
        })
    }
}

/// How much a polygon spreads: enough to pick the main piece of a region.
fn wide(polygon: &Polygon<f64>) -> f64 {
    polygon.bounding_rect().map_or(0.0, |b| b.width() * b.height())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{oman, polygon};
    use super::*;

    fn parse(svg: &str) -> Vec<(String, String)> {
        let mut reader = quick_xml::Reader::from_str(svg);
        let mut found = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => return found,
                quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                    let class = e.try_get_attribute("class").unwrap();
                    let class = class.map(|a| a.value.to_string()).unwrap_or_default();
                    found.push((e.name().as_ref().to_string(), class));
                }
                _ => {}
            }
        }
    }

    fn count(svg: &str, name: &str, class: &str) -> usize {
        parse(svg).iter().filter(|(n, c)| n == name && c == class).count()
    }

    #[test]
    fn draws_every_region_and_lights_those_asked_for() {
        let svg = picture(oman(), &["om-bj", "OM-ZU", "OM-XX"], None, Labels::English);
        assert_eq!(count(&svg, "path", "region"), 9);
        assert_eq!(count(&svg, "path", "region lit"), 2);
        assert_eq!(count(&svg, "text", "name lit"), 2);
        assert_eq!(count(&svg, "path", "area"), 0);
        assert!(svg.contains("aria-label=\"Al Batinah South, Dhofar\""), "{}", &svg[..300]);
        let arabic = picture(oman(), &["OM-BJ"], None, Labels::Arabic);
        assert!(arabic.contains("aria-label=\"جنوب الباطنة\"") && !arabic.contains("Batinah"));
        assert!(svg.len() < 32_000, "{} octets", svg.len());
    }

    #[test]
    fn draws_an_area_inside_the_frame() {
        let area =
            MultiPolygon::new(vec![polygon(&[(56.0, 22.0), (57.0, 22.0), (57.0, 23.0), (56.0, 22.0)])]);
        let svg = picture(oman(), &[], Some(&area), Labels::English);
        assert_eq!(count(&svg, "path", "area"), 1);
    }

    #[test]
    fn a_name_is_text_and_never_markup() {
        let geojson = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"iso_3166_2":"X-\"1",
            "name_en":"<script>&\"","name_ar":"س"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}"#;
        let svg =
            picture(&Index::from_geojson(geojson.as_bytes()).unwrap(), &["X-\"1"], None, Labels::English);
        assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;&amp;&quot;"), "{svg}");
        assert_eq!(parse(&svg).len(), 6);
    }
}
