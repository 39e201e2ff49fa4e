//! The page's tables: a row a lane, phones by radio, this drill beside the one before.

use super::figures::{dash, muscat, seconds, signed, thousands};
use crate::drill::evidence::{Evidence, Lane, Last, Phones};
use crate::drill::words::Words;

pub(super) struct Row {
    pub(super) operator: String,
    pub(super) times: Vec<String>,
    pub(super) cells: String,
    pub(super) on_air: String,
    pub(super) red: bool,
    pub(super) late: bool,
    pub(super) met: bool,
}

pub(super) struct PhoneRows {
    pub(super) rows: Vec<[String; 6]>,
    pub(super) total: [String; 3],
    pub(super) twice: u64,
    pub(super) outside: u64,
    pub(super) unreadable: u64,
}

pub(super) struct LastRows {
    pub(super) rows: Vec<[String; 4]>,
    pub(super) date: String,
    pub(super) drill: String,
    pub(super) other: String,
}

pub(super) fn lane_row(lane: &Lane, deadline_ms: u64, w: &Words) -> Row {
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

pub(super) fn cells(on_air: Option<u64>, total: Option<u64>, w: &Words) -> String {
    match (on_air, total) {
        (Some(on_air), total) => {
            format!("{} {} {}", thousands(on_air), w.of, total.map_or_else(dash, thousands))
        }
        (None, _) => dash(),
    }
}

pub(super) fn phone_rows(phones: &Phones) -> PhoneRows {
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

pub(super) fn last_rows(e: &Evidence, last: &Last, w: &Words) -> LastRows {
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
