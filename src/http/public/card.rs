//! A card of the warning as one SVG: series and number, headline, what happens, what to do, where, until when. Arabic or English.
//!
//! Only what SVG 1.1 has and every viewer shows: lines are broken here by the width of letters, colours are attributes,
//! nothing is fetched. White text stands on Extreme alone.

use super::kept::Kind;
use super::words::{Words, moment};
use super::{Item, Problem, Public, made};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use nadhir_core::area::picture::{self, Frame, Map, picture};
use nadhir_core::area::{self, Layer, Origin};
use nadhir_core::cap::{Severity, Status};

/// Width of the room for text; the card is 1080 wide.
const ROOM: f64 = 960.0;
/// Baselines begin below the band.
const TOP: f64 = 190.0;
/// Where the band ends, and the height of a row across the card.
const BAND: f64 = 150.0;
const ROW: f64 = 72.0;
/// A card is at least so high, and higher if the text is long: nothing of a warning is cut off.
const LEAST: f64 = 1200.0;
/// Side of the map.
const MAP: f64 = 540.0;

#[derive(Template)]
#[template(path = "public/card.svg")]
struct Card {
    w: &'static Words,
    height: String,
    /// Where a line begins: on the right in Arabic.
    x: &'static str,
    /// Where it ends.
    far: &'static str,
    band: &'static str,
    ink: &'static str,
    bulletin: String,
    exercise: bool,
    /// What stands across it, a row each: that nothing is real, that there is no danger, that it is over.
    notices: Vec<Notice>,
    title: String,
    lines: Vec<Line>,
    /// The frame around what to do: its top and height.
    frame: Option<(String, String)>,
    facts: Vec<Fact>,
    map: String,
}

struct Line {
    y: String,
    size: u32,
    weight: u32,
    text: String,
}

struct Notice {
    top: String,
    y: String,
    text: &'static str,
}

struct Fact {
    name: &'static str,
    at: String,
    lines: Vec<Line>,
    /// Digits, which run from left to right.
    digits: bool,
}

/// `GET /w/{id}/card.svg`
pub(super) async fn show(
    State(public): State<Public>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    made(&public, (id, &uri, &headers), (Kind::Card, "image/svg+xml"), card).await
}

/// The regions that are hit, by name, and the map of them.
pub(super) fn place(public: &Public, item: &Item, w: &Words) -> (String, String) {
    let index = public.hub.index();
    let areas = item.alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
    let coverage = area::cover(areas, index, Origin::Desk);
    let land = coverage.governorates.iter().map(|hit| &hit.code);
    let sea = coverage.sea.iter().map(|hit| &hit.code);
    let found = land.chain(sea).filter_map(|code| index.find(code, &[Layer::Governorate, Layer::Sea]));
    let names: Vec<&str> = found.map(|place| w.region(index.at(place))).collect();
    let hit = picture::filled(&coverage, index);
    let (shape, labels) = (Some(&coverage.shape), w.labels);
    let map = Map { index, hit: &hit, shape, cells: &[], labels, frame: Frame::Hit };
    (names.join(w.comma), picture(&map))
}

fn card(public: &Public, item: &Item, w: &'static Words) -> Card {
    let info = w.info(&item.alert);
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let headline = text(info.and_then(|info| info.headline.as_ref()));
    let mut rows = BAND;
    let notice = |text| {
        let top = rows;
        rows += ROW;
        Notice { top: whole(top), y: whole(top + 50.0), text }
    };
    let notices: Vec<Notice> = item.notices(w).into_iter().map(notice).collect();
    let mut column = Column { y: rows + TOP - BAND, lines: Vec::new() };
    column.put(&headline, 60, 700, ROOM);
    column.y += 24.0;
    column.put(&text(info.and_then(|info| info.description.as_ref())), 36, 400, ROOM);
    column.y += 40.0;
    let begin = column.y;
    column.y += 16.0;
    column.put(&text(info.and_then(|info| info.instruction.as_ref())), 38, 700, ROOM - 60.0);
    let frame = (column.y > begin + 16.0).then(|| (whole(begin), whole(column.y - begin + 32.0)));
    column.y += 72.0;
    let (regions, map) = place(public, item, w);
    let top = column.y;
    let mut side = Column { y: top + 40.0, lines: Vec::new() };
    let mut facts = Vec::new();
    let over = item.over(w).is_some();
    let until = (!over).then(|| (w.until, moment(item.published.expires), true));
    let before = [(w.place, regions.clone(), false), (w.issued, moment(item.published.at), true)];
    let by = text(info.and_then(|info| info.sender_name.as_ref()));
    let after = [(w.clock, w.zone.to_owned(), false), (w.by, by, false)];
    for (name, value, digits) in before.into_iter().chain(until).chain(after) {
        let at = whole(side.y);
        side.put(&value, 34, 700, ROOM - MAP - 40.0);
        side.y += 64.0;
        facts.push(Fact { name, at, lines: std::mem::take(&mut side.lines), digits });
    }
    let height = (top + MAP + 60.0).max(side.y + 40.0).max(LEAST);
    let severity = info.map_or(Severity::Unknown, |info| info.severity);
    let (band, ink) = match severity {
        // What is over alarms nobody.
        _ if over => ("#d5dde3", "#16202a"),
        Severity::Extreme => ("#9c1017", "#ffffff"),
        Severity::Severe => ("#f5a623", "#16202a"),
        Severity::Moderate => ("#f7d774", "#16202a"),
        Severity::Minor | Severity::Unknown => ("#d5dde3", "#16202a"),
    };
    let (x, far, left) = if w.dir == "rtl" { ("1020", "60", "60") } else { ("60", "1020", "480") };
    let size = format!("<svg x=\"{left}\" y=\"{top:.0}\" width=\"{MAP}\" height=\"{MAP}\" ");
    Card {
        w,
        height: whole(height),
        x,
        far,
        band,
        ink,
        bulletin: item.numbered(w),
        exercise: item.alert.status == Status::Exercise,
        notices,
        title: format!("{headline} {regions}"),
        lines: column.lines,
        frame,
        facts,
        map: map.replacen("<svg ", &size, 1),
    }
}

/// Lines from the top down.
struct Column {
    y: f64,
    lines: Vec<Line>,
}

impl Column {
    fn put(&mut self, text: &str, size: u32, weight: u32, room: f64) {
        for text in broken(text, room / f64::from(size)) {
            self.y += f64::from(size) * 1.35;
            self.lines.push(Line { y: whole(self.y), size, weight, text });
        }
    }
}

fn whole(units: f64) -> String {
    format!("{units:.0}")
}

/// A text in lines of at most so many letter heights. A word that is longer stands alone.
fn broken(text: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let (mut line, mut width) = (String::new(), 0.0);
        for word in paragraph.split_whitespace() {
            let own: f64 = word.chars().map(wide).sum();
            if !line.is_empty() && width + wide(' ') + own > most {
                lines.push(std::mem::take(&mut line));
                width = 0.0;
            }
            if !line.is_empty() {
                line.push(' ');
                width += wide(' ');
            }
            line.push_str(word);
            width += own;
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
    }
    lines
}

/// About how wide a letter is, as a share of its height: rather too wide than across the border.
fn wide(c: char) -> f64 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | 'i' | 'l' | 'ا' | '،' => 0.3,
        // Marks above and below take no room.
        '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' | '\u{0670}' => 0.0,
        'm' | 'w' | 'M' | 'W' | 'س' | 'ش' | 'ص' | 'ض' => 0.9,
        'A'..='Z' => 0.7,
        '\u{0600}'..='\u{06ff}' => 0.5,
        _ => 0.56,
    }
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn every_word_stands_in_one_line_and_none_is_lost() {
        let text = "Flash flood in the wadis of Ad Dakhiliyah\nuntil 15:30, keep away from low ground";
        for most in [1.0, 6.0, 12.0, 400.0] {
            let lines = broken(text, most);
            assert_eq!(lines.join(" "), text.replace('\n', " "), "{most}");
            let fits =
                |line: &String| line.chars().map(super::wide).sum::<f64>() <= most || !line.contains(' ');
            assert!(lines.iter().all(fits), "{most}: {lines:?}");
        }
        assert_eq!(broken("", 9.0), Vec::<String>::new());
    }
}
