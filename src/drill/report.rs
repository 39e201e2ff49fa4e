//! A drill's evidence as one printable page, Arabic first, then English. A pure function; writes no file.

/// Instants and numbers.
mod figures;
/// Lanes, phones, the drill before.
mod tables;

use super::evidence::Evidence;
use super::lanes::lanes;
use super::mode::Mode;
use super::words::{ARABIC, ENGLISH, Words};
use askama::Template;
use figures::{dash, muscat, seconds, thousands};
use nadhir_core::area::{Frame, Index, Labels, Map, picture};
use nadhir_core::cbs::Channel;
use tables::{LastRows, PhoneRows, Row, cells, lane_row, last_rows, phone_rows};

/// The page. It needs nothing beside it: no script, no style sheet, no picture.
#[derive(Template)]
#[template(path = "drill/report.html")]
pub struct Report {
    /// On the console: with its style sheet beside it, and the way back.
    console: Place,
    title: String,
    sides: [Side; 2],
    met: bool,
    tabletop: bool,
    deadline: String,
    identifier: u16,
    drill: String,
    title_ar: &'static str,
    title_en: &'static str,
    verified: bool,
    head: String,
    area_sha256: String,
}

/// Where it stands.
#[derive(PartialEq, Eq)]
enum Place {
    /// A file of its own: it needs nothing beside it.
    File,
    /// A page of the console.
    Console,
}

/// Which language stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Arabic, then English.
    Arabic,
    /// English, then Arabic.
    English,
}

/// The same in one language.
struct Side {
    w: &'static Words,
    names: String,
    date: String,
    slowest: Option<String>,
    reasons: Vec<(String, String)>,
    injects: String,
    muscat: String,
    until: String,
    utc: String,
    mode: &'static str,
    author: (String, String),
    approver: (String, String),
    participants: String,
    channel: &'static str,
    name: String,
    lanes: String,
    rows: Vec<Row>,
    cells: String,
    map: String,
    governorates: Vec<(String, String, String, String)>,
    people: String,
    year: String,
    phones: Option<PhoneRows>,
    messages: Vec<MessageTold>,
    last: Option<LastRows>,
    events: String,
}

struct MessageTold {
    parts: Vec<String>,
    pages: usize,
    units: usize,
    dcs: u8,
    serial: String,
    languages: String,
}

impl Report {
    /// The page of some evidence; `index` draws the map.
    pub fn new(evidence: &Evidence, index: &Index) -> Report {
        let row = Channel::Exercise.row();
        let sides = [(&ARABIC, Labels::Arabic), (&ENGLISH, Labels::English)];
        let title =
            format!("{} · {} · {}", ARABIC.report, ENGLISH.report, muscat(evidence.when.approved_at).0);
        Report {
            console: Place::File,
            title,
            sides: sides.map(|(words, labels)| side(evidence, index, words, labels)),
            met: evidence.met,
            tabletop: evidence.mode == Mode::Tabletop.word(),
            deadline: seconds(evidence.deadline_ms as f64, 0),
            identifier: evidence.identifier,
            drill: evidence.drill.clone(),
            title_ar: row.title_ar,
            title_en: row.title_en,
            verified: evidence.record.verified,
            head: evidence.record.head.clone().unwrap_or_else(dash),
            area_sha256: evidence.area.sha256.clone(),
        }
    }
}

impl Report {
    /// The same as a page of the console, under its strict policy.
    pub fn on_console(evidence: &Evidence, index: &Index, first: First) -> Report {
        let mut report = Report { console: Place::Console, ..Report::new(evidence, index) };
        match first {
            First::Arabic => {}
            First::English => report.sides.reverse(),
        }
        report
    }
}

fn side(e: &Evidence, index: &Index, w: &'static Words, labels: Labels) -> Side {
    let (comma, row) = match labels {
        Labels::Arabic => ("، ", Channel::Exercise.row().title_ar),
        Labels::English => (", ", Channel::Exercise.row().title_en),
    };
    // Own language first, the other beside it.
    let both = |ar: &str, en: &str| match labels {
        Labels::Arabic => (ar.to_owned(), en.to_owned()),
        Labels::English => (en.to_owned(), ar.to_owned()),
    };
    let told: Vec<(String, String, String, String)> = e
        .area
        .governorates
        .iter()
        .map(|g| {
            let (own, other) = both(&g.name_ar, &g.name_en);
            (own, other, g.code.clone(), g.people.map_or_else(dash, thousands))
        })
        .collect();
    let hit: Vec<String> = e.area.governorates.iter().map(|g| g.code.clone()).collect();
    let (date, clock) = muscat(e.when.approved_at);
    let person = |p: &super::evidence::Person| (p.name.clone().unwrap_or_default(), p.id.clone());
    let reasons = e.operators.iter().filter_map(|l| Some((l.operator.clone(), l.reason.clone()?)));
    Side {
        w,
        names: told.iter().map(|g| g.0.as_str()).collect::<Vec<_>>().join(comma),
        slowest: e.slowest_ms.map(|ms| seconds(ms, 3)),
        reasons: reasons.collect(),
        injects: e
            .injects
            .iter()
            .map(|i| format!("{} = {}", i.operator, i.fault))
            .collect::<Vec<_>>()
            .join(", "),
        muscat: format!("{date} {clock}"),
        until: muscat(e.when.expires).1,
        utc: e.when.approved_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        date,
        mode: match e.mode.as_str() {
            "public" => w.public,
            "network" => w.network,
            _ => w.tabletop,
        },
        author: person(&e.who.author),
        approver: person(&e.who.approver),
        participants: e.who.participants.join(", "),
        channel: row,
        name: e.name.clone(),
        lanes: lanes(e, w),
        rows: e.operators.iter().map(|lane| lane_row(lane, e.deadline_ms, w)).collect(),
        cells: cells(Some(e.cells.on_air), e.cells.total, w),
        map: picture(&Map { index, hit: &hit, shape: None, cells: &[], labels, frame: Frame::Country }),
        people: e.area.people.map_or_else(dash, thousands),
        year: e
            .area
            .governorates
            .iter()
            .find_map(|g| g.people_year)
            .map(|y| y.to_string())
            .unwrap_or_default(),
        governorates: told,
        phones: e.phones.as_ref().map(phone_rows),
        messages: e
            .messages
            .iter()
            .map(|m| MessageTold {
                parts: m.text.split("\n\n").map(str::to_owned).collect(),
                pages: m.pages,
                units: m.units,
                dcs: m.dcs,
                serial: m.serial.map(|s| format!("{s} (0x{s:04X})")).unwrap_or_default(),
                languages: m.languages.join(" "),
            })
            .collect(),
        last: e.last.as_ref().map(|last| last_rows(e, last, w)),
        events: e.record.events.map(thousands).unwrap_or_default(),
    }
}

/// A text as it may stand in SVG.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
