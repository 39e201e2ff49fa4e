//! One warning as people and scripts see it: its state, and a lane an operator against the ten seconds.

use super::Hub;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use nadhir_core::cap::{self, Limits};
use nadhir_core::delivery::{Cause, DEADLINE, Grade, Kind, Lane, More, Order, People, Tally};
use nadhir_core::warning::{State, air};
use serde::Serialize;
use std::time::Duration;

/// A warning, whole.
#[derive(Debug, Clone, Serialize)]
pub struct WarningView {
    /// Its id.
    pub warning: String,
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// Who wrote it, by id.
    pub author: String,
    /// When it came.
    pub submitted_at: DateTime<Utc>,
    /// When it was approved; null while it is not.
    pub approved_at: Option<DateTime<Utc>>,
    /// What was submitted, as a person is shown it: see `Summary`.
    pub summary: serde_json::Value,
    /// The promise, in milliseconds.
    pub deadline_ms: u64,
    /// One an operator; empty before the approval.
    pub operators: Vec<LaneView>,
    /// The warning it updates.
    pub updates: Option<String>,
    /// The lanes of its cancel, one an operator; empty unless it was cancelled. `on_air_ms` is never set here.
    pub cancel: Vec<LaneView>,
    /// When the last operator was on air; null while one is not.
    pub slowest_ms: Option<f64>,
    /// Whether every operator was on air, inside the area alone, within the deadline.
    pub met: bool,
    /// Whether every lane of the broadcast has reached its end or is red.
    pub settled: bool,
    /// Whether nothing more is to be waited for: the lanes of the broadcast and of a cancel are settled, or it is over
    /// and nobody was ever told.
    pub ended: bool,
}

/// One operator's lane. Times run from the commit of the second approval, on the hub's monotonic clock.
#[derive(Debug, Clone, Serialize)]
pub struct LaneView {
    /// The operator.
    pub operator: String,
    /// The furthest grade heard, or `pending`.
    pub state: &'static str,
    /// What it broadcasts.
    pub messages: Vec<MessageView>,
    /// When the path had the order.
    pub queued_ms: Option<f64>,
    /// When the adapter had it durably.
    pub taken_ms: Option<f64>,
    /// When the CBC answered 2xx.
    pub accepted_ms: Option<f64>,
    /// Whether that is all its CBC ever tells: then it keeps the promise, and nobody claims that it is on air.
    pub accepted_is_final: bool,
    /// When the first cells were reported on air.
    pub on_air_ms: Option<f64>,
    /// When it was reported that the message is not broadcast any more.
    pub stopped_ms: Option<f64>,
    /// Cells expected from the operator's own list.
    pub cells_total: Option<u64>,
    /// Cells reported and expected.
    pub cells_on_air: Option<u64>,
    /// Whom they reach, by the counts of the operator's list; null where it has none.
    pub people: Option<People>,
    /// Whether nothing more is to be expected.
    pub ended: bool,
    /// Whether it needs a person.
    pub red: bool,
    /// Why it is red, or what is unknown, or that its CBC tells no more.
    pub reason: Option<String>,
    /// The same as a word that does not change: see `Cause`.
    pub cause: Option<&'static str>,
    /// The code of the refusal, if it is one.
    pub code: Option<String>,
}

/// One message of a lane.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView {
    /// Message identifier.
    pub identifier: u16,
    /// Serial number.
    pub serial: u16,
    /// Its languages.
    pub languages: Vec<String>,
    /// Pages.
    pub pages: usize,
}

fn ms(at: Option<Duration>) -> Option<f64> {
    at.map(|at| (at.as_secs_f64() * 10_000.0).round() / 10.0)
}

impl Hub {
    /// A warning as it stands.
    pub async fn view(&self, id: &str) -> Result<WarningView, StoreError> {
        let stored = self.store().warning(id).await?;
        self.mirror(id).await;
        let orders = self.store().orders(id).await?;
        let told = orders.iter().find(|o| o.order.kind != Kind::Cancel);
        let messages = told.map(|o| messages(&o.order)).unwrap_or_default();
        let tally = self.board().tally(id, Kind::Alert);
        let cancel = self.board().tally(id, Kind::Cancel);
        let now = self.clock().now();
        let lanes = |tally: &Option<Tally>| {
            let lanes =
                tally.iter().flat_map(|t| t.lanes.iter().map(move |(operator, lane)| (t, operator, lane)));
            lanes
                .map(|(t, operator, lane)| lane_view(operator, lane, t.kind, now.since(t.zero), &messages))
                .collect()
        };
        let settled = tally.as_ref().is_some_and(|tally| tally.settled(now));
        let ended = match &cancel {
            Some(cancel) => settled && cancel.settled(now),
            None => settled || (tally.is_none() && stored.warning.state.is_over()),
        };
        Ok(WarningView {
            warning: id.to_owned(),
            state: stored.warning.state,
            author: stored.warning.author,
            submitted_at: stored.submitted_at,
            approved_at: told.map(|o| o.order.approved_at),
            summary: serde_json::from_str(&stored.prepared)
                .map_err(|e| StoreError::Damaged { what: "summary", why: e.to_string() })?,
            deadline_ms: u64::try_from(DEADLINE.as_millis()).unwrap_or(u64::MAX),
            operators: lanes(&tally),
            updates: stored.warning.updates,
            cancel: lanes(&cancel),
            slowest_ms: ms(tally.as_ref().and_then(Tally::slowest)),
            met: tally.as_ref().is_some_and(Tally::met),
            settled,
            ended,
        })
    }
}

fn lane_view(operator: &str, lane: &Lane, kind: Kind, since: Duration, messages: &[MessageView]) -> LaneView {
    let red = lane.red(kind, since);
    let (unknown, code) = match &lane.grade {
        Some(Grade::Unknown { why }) => (Some(why.clone()), None),
        Some(Grade::Rejected { code, .. }) => (None, Some(code.clone())),
        _ => (None, None),
    };
    let (known, silent) = match lane.grade {
        Some(Grade::Accepted { more: More::Never }) => {
            (Some("accepted: its CBC cannot tell what is on air".to_owned()), Some(Cause::TellsNoMore))
        }
        _ => (None, unknown.is_some().then_some(Cause::NoAnswer)),
    };
    LaneView {
        operator: operator.to_owned(),
        state: lane.grade.as_ref().map_or("pending", Grade::word),
        messages: messages.to_vec(),
        queued_ms: ms(lane.at("queued")),
        taken_ms: ms(lane.at("taken")),
        accepted_ms: ms(lane.at("accepted")),
        accepted_is_final: lane.more == More::Never,
        on_air_ms: ms(lane.at("on_air")),
        stopped_ms: ms(lane.at("stopped")),
        cells_total: lane.air.map(|air| air.expected),
        cells_on_air: lane.air.map(|air| air.cells),
        people: lane.air.and_then(|air| air.people),
        ended: lane.is_final(),
        red: red.is_some(),
        cause: red.as_ref().map(|red| red.cause).or(silent).map(Cause::word),
        reason: red.map(|red| red.reason).or(unknown).or(known),
        code,
    }
}

/// What an order puts on air, read back from the CAP it carries.
fn messages(order: &Order) -> Vec<MessageView> {
    let (alert, _) = cap::read(order.cap.as_bytes(), &Limits::cap());
    let read = alert.and_then(|alert| air::messages(&alert).ok()).unwrap_or_default();
    read.into_iter()
        .map(|m| MessageView {
            identifier: m.channel.identifier(),
            serial: m.serial.get(),
            pages: m.pages.pages().len(),
            languages: m.languages,
        })
        .collect()
}
