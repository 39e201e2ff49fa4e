//! A drill's evidence as one printable page, Arabic first, then English. A pure function; writes no file.

use super::evidence::{Evidence, Lane, Last, Phones};
use super::lanes::lanes;
use super::mode::Mode;
use super::words::{ARABIC, ENGLISH, Words};
use askama::Template;
use chrono::{DateTime, Utc};
use nadhir_core::area::{Frame, Index, Labels, Map, picture};
use nadhir_core::cap::CapTime;
use nadhir_core::cbs::Channel;

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

struct Row {
    operator: String,
    times: Vec<String>,
    cells: String,
    on_air: String,
    red: bool,
    late: bool,
    met: bool,
}

struct PhoneRows {
    rows: Vec<[String; 6]>,
    total: [String; 3],
    twice: u64,
    outside: u64,
    unreadable: u64,
}

struct MessageTold {
    parts: Vec<String>,
    pages: usize,
    units: usize,
    dcs: u8,
    serial: String,
    languages: String,
}

struct LastRows {
    rows: Vec<[String; 4]>,
    date: String,
    drill: String,
    other: String,
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

fn lane_row(lane: &Lane, deadline_ms: u64, w: &Words) -> Row {
    let time = |ms: Option<f64>| ms.map_or_else(dash, |ms| seconds(ms, 3));
    Row {
        operator: lane.operator.clone(),
        times: [lane.queued_ms, lane.taken_ms, lane.accepted_ms].map(time).into(),
        on_air: time(lane.on_air_ms),
        late: lane.on_air_ms.is_some_and(|ms| ms > deadline_ms as f64),
        cells: cells(lane.cells_on_air, lane.cells_total, w),
        red: lane.red,
        met: lane.met(deadline_ms),
    }
}

fn cells(on_air: Option<u64>, total: Option<u64>, w: &Words) -> String {
    match (on_air, total) {
        (Some(on_air), total) => {
            format!("{} {} {}", thousands(on_air), w.of, total.map_or_else(dash, thousands))
        }
        (None, _) => dash(),
    }
}

fn phone_rows(phones: &Phones) -> PhoneRows {
    let tenths = |ms: Option<i64>| ms.map_or_else(dash, |ms| seconds(ms as f64, 1));
    PhoneRows {
        rows: phones
            .by_radio
            .iter()
            .map(|r| {
                let count = [r.in_area, r.displayed, r.within_10s].map(thousands);
                let [in_area, displayed, within] = count;
                [r.radio.to_uppercase(), in_area, displayed, within, tenths(r.p50_ms), tenths(r.p95_ms)]
            })
            .collect(),
        total: [phones.in_area, phones.displayed, phones.by_radio.iter().map(|r| r.within_10s).sum::<u64>()]
            .map(thousands),
        twice: phones.twice,
        outside: phones.outside,
        unreadable: phones.unreadable,
    }
}

fn last_rows(e: &Evidence, last: &Last, w: &Words) -> LastRows {
    let time = |ms: Option<f64>| ms.map_or_else(dash, |ms| format!("{} {}", seconds(ms, 3), w.seconds));
    let grade = |met: bool| (if met { w.met } else { w.not_met }).to_owned();
    let count = |n: Option<u64>| n.map_or_else(dash, thousands);
    let change = |a: Option<u64>, b: Option<u64>| {
        a.zip(b).map_or_else(dash, |(a, b)| signed(i128::from(a) - i128::from(b)))
    };
    let slower = e.slowest_ms.zip(last.slowest_ms).map_or_else(dash, |(a, b)| {
        let sign = if a < b { '−' } else { '+' };
        format!("{sign}{} {}", seconds((a - b).abs(), 3), w.seconds)
    });
    let displayed = e.phones.as_ref().map(|p| p.displayed);
    let (now, then) = (e.cells.on_air, last.cells.on_air);
    let codes: Vec<&str> = e.area.governorates.iter().map(|g| g.code.as_str()).collect();
    let (date, clock) = muscat(last.approved_at);
    LastRows {
        rows: vec![
            [w.result.to_owned(), grade(e.met), grade(last.met), String::new()],
            [w.slowest.to_owned(), time(e.slowest_ms), time(last.slowest_ms), slower],
            [w.cells.to_owned(), thousands(now), thousands(then), change(Some(now), Some(then))],
            [
                w.displayed.to_owned(),
                count(displayed),
                count(last.displayed),
                change(displayed, last.displayed),
            ],
        ],
        date: format!("{date} {clock}"),
        drill: last.drill.clone(),
        other: if last.codes == codes { String::new() } else { last.codes.join(", ") },
    }
}

/// Day and clock in Muscat.
fn muscat(at: DateTime<Utc>) -> (String, String) {
    let text = CapTime::muscat(at).to_string();
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    (part(0..10), part(11..19))
}

/// Milliseconds as seconds.
fn seconds(ms: f64, digits: usize) -> String {
    format!("{:.digits$}", ms / 1000.0)
}

/// `4,933,850`
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn signed(n: i128) -> String {
    let size = thousands(u64::try_from(n.abs()).unwrap_or(u64::MAX));
    match n.signum() {
        -1 => format!("−{size}"),
        0 => "±0".to_owned(),
        _ => format!("+{size}"),
    }
}

fn dash() -> String {
    "–".to_owned()
}

/// A text as it may stand in SVG.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
