//! What is drawn, counted in the SVG; what a person sees was looked at by eye.

use super::super::fixtures::{area, country, oman, polygon};
use super::*;

fn draw(index: &Index, hit: &[&str], frame: Frame, labels: Labels) -> String {
    let hit: Vec<String> = hit.iter().map(|code| (*code).to_owned()).collect();
    picture(&Map { index, hit: &hit, shape: None, cells: &[], labels, frame })
}

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
fn draws_every_governorate_and_fills_those_that_are_hit() {
    let svg = draw(oman(), &["om-bj", "OM-ZU", "OM-XX"], Frame::Country, Labels::English);
    assert_eq!(count(&svg, "path", "land"), 9);
    assert_eq!(count(&svg, "path", "hit"), 2);
    assert_eq!(count(&svg, "text", "hit"), 2);
    assert_eq!(count(&svg, "path", "shape") + count(&svg, "circle", "cell"), 0);
    assert!(svg.contains("aria-label=\"Al Batinah South, Dhofar\""), "{}", &svg[..300]);
    let arabic = draw(oman(), &["OM-BJ"], Frame::Country, Labels::Arabic);
    assert!(arabic.contains("aria-label=\"جنوب الباطنة\"") && !arabic.contains("Batinah"));
    assert!(svg.len() < 32_000, "{} octets", svg.len());
}

#[test]
fn draws_wilayat_where_one_is_hit_and_water_where_it_is() {
    let svg = draw(country(), &["OM-BS-SHR", "OM-BS-SEA", "OM-BU"], Frame::Hit, Labels::English);
    // Sohar, the sea, and the three wilayat of Al Buraimi.
    assert_eq!(count(&svg, "path", "hit"), 5);
    assert!(count(&svg, "path", "land") > 4, "its neighbours are in the map");
    assert!(svg.contains(">Sohar</text>") && svg.contains(">Sea of Al Batinah North</text>"), "{svg}");
    assert_eq!(count(&draw(country(), &["OM-BS"], Frame::Hit, Labels::English), "path", "hit"), 1);
}

#[test]
fn fills_a_whole_governorate_or_the_wilayat_that_are_hit() {
    let fill = |areas: &[crate::cap::Area]| {
        filled(&crate::area::cover(areas, country(), crate::area::Origin::Desk), country())
    };
    let whole = area(&[], &[], &[("ISO3166-2", "OM-BU")]);
    let part = area(&["24.40,56.70 24.40,56.80 24.50,56.80 24.50,56.70 24.40,56.70"], &[], &[]);
    assert_eq!(fill(&[whole, part]), ["OM-BS-SHR", "OM-BU", "OM-BS-SEA"]);
}

#[test]
fn a_picture_for_a_screen_is_small() {
    for hit in [&["OM-MU"][..], &["OM-ZU"], &["OM-BJ", "OM-MA"]] {
        let svg = draw(oman(), hit, Frame::Hit, Labels::Arabic);
        assert!(svg.len() < 15_000, "{hit:?}: {}", svg.len());
    }
}

#[test]
fn draws_the_area_and_a_dot_for_cells_that_stand_together() {
    let area = MultiPolygon::new(vec![polygon(&[(56.0, 22.0), (57.0, 22.0), (57.0, 23.0), (56.0, 22.0)])]);
    let at = |lat, lon| Point { lat, lon };
    let cells = [at(22.5, 56.5), at(22.5, 56.5), at(22.9, 56.9), at(60.0, 25.0)];
    let map = Map {
        index: oman(),
        hit: &[],
        shape: Some(&area),
        cells: &cells,
        labels: Labels::English,
        frame: Frame::Hit,
    };
    let svg = picture(&map);
    assert_eq!((count(&svg, "path", "shape"), count(&svg, "circle", "cell")), (1, 2));
}

#[test]
fn a_name_is_text_and_never_markup() {
    let geojson = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"iso_3166_2":"X-\"1",
        "name_en":"<script>&\"","name_ar":"س"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}"#;
    let index = Index::from_geojson(geojson.as_bytes()).unwrap();
    let svg = draw(&index, &["X-\"1"], Frame::Country, Labels::English);
    assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;&amp;&quot;"), "{svg}");
    assert_eq!(parse(&svg).len(), 6);
}
