//! The board: what is in force, what waits for a second person, and whether the operators can be heard.

use super::failed::Failed;
use super::frame::{Frame, Skew, grouped, moment, time};
use super::reach::people_of;
use super::visit::Signed;
use super::{Console, drafts, render, sheet};
use crate::dispatch::WarningView;
use crate::dispatch::view::LaneView;
use crate::store::StoreError;
use crate::transport::PathState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use nadhir_core::cbs::{Class, serial};
use std::collections::{BTreeMap, BTreeSet};

/// So many of the newest that are over are looked at, beside all that are open.
const NEWEST: u32 = 50;
/// So many of those that are over are shown.
const OVER: usize = 10;

#[derive(Template)]
#[template(path = "board.html")]
struct Board {
    f: Frame,
    in_force: Vec<Row>,
    waiting: Vec<Row>,
    over: Vec<Row>,
    drafts: Vec<drafts::Row>,
    lamps: Vec<Lamp>,
    path_name: &'static str,
    /// In words, for those who read English.
    path_down: Option<String>,
    /// Message codes left for live warnings and for drills, and whether they run out.
    codes: [usize; 2],
    codes_low: bool,
}

/// One warning in a list.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) headline: String,
    pub(super) state: String,
    pub(super) drill: bool,
    pub(super) until: String,
    pub(super) areas: String,
    pub(super) people: String,
    pub(super) on_air: usize,
    /// At how many operators a cancel was carried out.
    pub(super) stopped: usize,
    pub(super) red: usize,
    /// Why, while something can be done about it.
    pub(super) reasons: Vec<Reason>,
    pub(super) operators: usize,
    pub(super) at: String,
}

/// Why an operator's lane is red.
pub(super) struct Reason {
    pub(super) operator: String,
    /// In English.
    pub(super) words: String,
    /// As a word, of which each language has its own.
    pub(super) cause: &'static str,
}

struct Lamp {
    operator: String,
    heard: Option<String>,
    red: usize,
    /// How its adapter's clock stands to the hub's, where that is an alarm.
    clock: Option<Skew>,
}

/// The state's word as of now: what was approved and whose time is over has expired, whoever has noted it.
pub(super) fn state(view: &WarningView, now: DateTime<Utc>) -> String {
    let over = sheet::expires(&view.summary).is_some_and(|expires| expires <= now);
    match view.state.word() {
        "approved" | "waiting" if over => "expired".to_owned(),
        word => word.to_owned(),
    }
}

/// Whether it may still be on air somewhere: cancelled before its time was over, and not every operator is known to have
/// stopped it. Of one whose CBC tells no more than that it took the cancel, nothing further is ever known.
fn is_stopping(view: &WarningView, now: DateTime<Utc>) -> bool {
    let in_time = sheet::expires(&view.summary).is_none_or(|expires| expires > now);
    view.state.word() == "cancelled" && in_time && !view.cancel.iter().all(has_stopped)
}

fn has_stopped(lane: &LaneView) -> bool {
    lane.state == "stopped" || lane.state == "accepted" && lane.accepted_is_final
}

/// What stands before the persons as in force, and the lanes that are looked at: those of its broadcast, or of a cancel
/// that is not carried out everywhere. Nothing, if it waits or is over.
fn in_force(view: &WarningView, now: DateTime<Utc>) -> Option<(&'static str, &[LaneView])> {
    if is_stopping(view, now) {
        return Some(("stopping", &view.cancel));
    }
    (state(view, now) == "approved").then_some(("approved", &view.operators))
}

/// A warning as a row.
pub(super) fn row(console: &Console, f: &Frame, view: &WarningView) -> Row {
    let codes = view.summary["governorates"].as_array().map(Vec::as_slice).unwrap_or_default();
    let regions: Vec<_> = codes
        .iter()
        .filter_map(|code| console.hub.index().region(code.as_str().unwrap_or_default()))
        .collect();
    let stands = in_force(view, f.now);
    let lanes: Vec<&LaneView> = match stands {
        Some((_, lanes)) => lanes.iter().collect(),
        None => view.operators.iter().chain(&view.cancel).collect(),
    };
    let red: BTreeSet<&str> =
        lanes.iter().filter(|lane| lane.red).map(|lane| lane.operator.as_str()).collect();
    let reasons = lanes.iter().filter(|lane| lane.red && stands.is_some()).map(|lane| Reason {
        operator: lane.operator.clone(),
        words: lane.reason.clone().unwrap_or_default(),
        cause: lane.cause.unwrap_or_default(),
    });
    Row {
        id: view.warning.clone(),
        headline: sheet::headline(&view.summary, f.lang),
        state: stands.map_or_else(|| state(view, f.now), |(word, _)| word.to_owned()),
        drill: view.summary["class"] == "drill",
        until: sheet::expires(&view.summary).map(moment).unwrap_or_default(),
        areas: console.hazards.areas(&regions, f.lang.code()),
        people: grouped(people_of(&view.summary, console.hub.index())),
        on_air: view.operators.iter().filter(|lane| lane.on_air_ms.is_some() && !lane.red).count(),
        stopped: view.cancel.iter().filter(|lane| has_stopped(lane)).count(),
        red: red.len(),
        reasons: reasons.collect(),
        operators: view.operators.len(),
        at: time(view.submitted_at),
    }
}

/// The ids of what is open and of the newest that are over, newest first.
pub(super) async fn standing(console: &Console) -> Result<Vec<String>, StoreError> {
    console.hub.store().standing(NEWEST, console.hub.clock().now().utc).await
}

/// What is open and the newest that are over, newest first.
pub(super) async fn views(console: &Console) -> Result<Vec<WarningView>, StoreError> {
    let mut views = Vec::new();
    for id in standing(console).await? {
        views.push(console.hub.view(&id).await?);
    }
    Ok(views)
}

/// `GET /`
pub(super) async fn show(State(console): State<Console>, signed: Signed) -> Result<Response, Failed> {
    let kept = drafts::rows(&console, &signed).await;
    let f = signed.frame;
    let drafts = kept.map_err(|e| Failed::new(f.clone(), e))?;
    let views = views(&console).await.map_err(|e| Failed::new(f.clone(), e))?;
    let mut lamps: BTreeMap<&str, Lamp> = BTreeMap::new();
    for name in console.hub.operators() {
        let clock = console.hub.clocks().ahead(name).map(|by| Skew::of(by, f.lang)).filter(|skew| skew.far);
        lamps.insert(name, Lamp { operator: name.clone(), heard: None, red: 0, clock });
    }
    for view in &views {
        let receipts = console.hub.store().receipts(&view.warning).await;
        for heard in receipts.map_err(|e| Failed::new(f.clone(), e))? {
            // `queued` is the hub's own word; the others are the operator's.
            let own = heard.receipt.grade.word() != "queued";
            if let Some(lamp) = lamps.get_mut(heard.receipt.operator.as_str()).filter(|_| own) {
                let at = Some(moment(heard.receipt.heard_at) + &time(heard.receipt.heard_at)[5..]);
                lamp.heard = lamp.heard.take().max(at);
            }
        }
        let lanes = in_force(view, f.now).map(|(_, lanes)| lanes).unwrap_or_default();
        for lane in lanes.iter().filter(|lane| lane.red) {
            if let Some(lamp) = lamps.get_mut(lane.operator.as_str()) {
                lamp.red += 1;
            }
        }
    }
    let rows = views.iter().map(|view| row(&console, &f, view));
    let (mut standing, mut waiting, mut over) = (vec![], vec![], vec![]);
    for row in rows {
        match row.state.as_str() {
            "approved" | "stopping" => standing.push(row),
            "waiting" => waiting.push(row),
            _ if over.len() < OVER => over.push(row),
            _ => {}
        }
    }
    let path_down = match console.hub.transport().state() {
        PathState::Up => None,
        PathState::Down(why) => Some(why),
    };
    let mut codes = [0; 2];
    for (left, class) in codes.iter_mut().zip([Class::Live, Class::Drill]) {
        let counted = console.hub.store().codes_left(class, f.now).await;
        *left = counted.map_err(|e| Failed::new(f.clone(), e))?;
    }
    Ok(render(&Board {
        codes,
        codes_low: codes.iter().any(|left| *left <= serial::ALARM),
        in_force: standing,
        waiting,
        over,
        drafts,
        lamps: lamps.into_values().collect(),
        path_name: console.hub.transport().name(),
        path_down,
        f,
    }))
}
