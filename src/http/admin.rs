//! Liveness, readiness and figures, on a port of their own that is not for the public.

use crate::dispatch::Hub;
use crate::transport::{PathState, Transport};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Buckets laid around the ten seconds and the steps within them.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 15.0,
    30.0,
];

/// What a figure is.
#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// Every figure, as `docs/metrics.md` lists it.
const FIGURES: &[(&str, Kind, &str)] = &[
    ("nadhir_submissions_total", Kind::Counter, "Warnings submitted, by outcome."),
    ("nadhir_warnings_approved_total", Kind::Counter, "Warnings approved."),
    ("nadhir_warnings_cancelled_total", Kind::Counter, "Warnings cancelled, withdrawn ones included."),
    ("nadhir_path_up", Kind::Gauge, "1 while the path to the operators can be used."),
    (
        "nadhir_orders_untaken",
        Kind::Gauge,
        "Orders the path has and the operator has not answered, unexpired.",
    ),
    (
        "nadhir_record_whole",
        Kind::Gauge,
        "1 if the last reading of the whole record found its chain and its tables whole.",
    ),
    ("nadhir_record_events", Kind::Gauge, "Events in the record at the last reading of it all."),
    ("nadhir_message_codes_left", Kind::Gauge, "Message codes left of the 1,024 of a day, by class."),
    ("nadhir_orders_sent_total", Kind::Counter, "Orders handed to the path, by operator and outcome."),
    ("nadhir_order_confirm_seconds", Kind::Histogram, "From sending an order to the path's confirm."),
    (
        "nadhir_receipt_after_approval_seconds",
        Kind::Histogram,
        "From an approval's commit to a receipt, by operator and grade.",
    ),
    (
        "nadhir_receipts_refused_total",
        Kind::Counter,
        "What came as a receipt and is none, speaks of nothing ordered, or differs from before.",
    ),
    ("nadhir_lanes_red_total", Kind::Counter, "Lanes that turned red, by operator."),
    (
        "nadhir_adapter_orders_taken_total",
        Kind::Counter,
        "Orders durable in the adapter's ledger; again: copies.",
    ),
    (
        "nadhir_adapter_orders_refused_total",
        Kind::Counter,
        "Orders the adapter refused, by code. Each is an alarm.",
    ),
    (
        "nadhir_adapter_orders_unreadable_total",
        Kind::Counter,
        "Open orders of the ledger that could not be read at a start. Each is an alarm.",
    ),
    (
        "nadhir_adapter_order_left_seconds",
        Kind::Histogram,
        "What was left of the ten seconds in an order taken; 0 when over.",
    ),
    ("nadhir_adapter_submissions_total", Kind::Counter, "Submissions to the CBC, by outcome."),
    (
        "nadhir_adapter_cbc_answer_seconds",
        Kind::Histogram,
        "From a submission to the CBC's answer or the attempt's end.",
    ),
    (
        "nadhir_adapter_clock_ahead_seconds",
        Kind::Gauge,
        "How far the adapter's wall clock is ahead of the hub's, as it last told.",
    ),
    ("nadhir_adapter_cells", Kind::Gauge, "Cells of the adapter's list in use."),
    (
        "nadhir_adapter_cell_list_good",
        Kind::Gauge,
        "0 while a new cell list cannot be used and the old one stays.",
    ),
    ("nadhir_adapter_cell_lists_total", Kind::Counter, "Cell lists read again while running, by outcome."),
    (
        "nadhir_adapter_receipts_waiting",
        Kind::Gauge,
        "Receipts on their way to the hub, not yet confirmed; at most 64.",
    ),
];

/// Installs the recorder of the process's figures, once.
pub fn record_figures() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .install_recorder()?;
    for (name, kind, words) in FIGURES {
        match kind {
            Kind::Counter => describe_counter!(*name, *words),
            Kind::Gauge => describe_gauge!(*name, *words),
            Kind::Histogram => describe_histogram!(*name, *words),
        }
    }
    Ok(handle)
}

/// `/livez`, `/readyz`, `/metrics` of a hub.
pub fn router(hub: Hub, figures: Option<PrometheusHandle>, stop: CancellationToken) -> Router {
    beside(figures).route("/readyz", get(move || ready(hub, stop)))
}

/// The same of an adapter that is a process of its own. Ready: its path to the hub is up.
pub fn adapter_router(
    path: Arc<dyn Transport>,
    figures: Option<PrometheusHandle>,
    stop: CancellationToken,
) -> Router {
    let ready = move || async move {
        let (state, up) = words(&path.state());
        let fine = up && !stop.is_cancelled();
        let transport = json!({ "name": path.name(), "state": state });
        let body = json!({ "ready": fine, "stopping": stop.is_cancelled(), "transport": transport });
        (if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(body))
    };
    beside(figures).route("/readyz", get(ready))
}

fn beside(figures: Option<PrometheusHandle>) -> Router {
    let render = move || {
        let text = figures.as_ref().map(PrometheusHandle::render).unwrap_or_default();
        async move { text }
    };
    Router::new().route("/livez", get(|| async { "ok\n" })).route("/metrics", get(render))
}

fn words(state: &PathState) -> (String, bool) {
    match state {
        PathState::Up => ("up".to_owned(), true),
        PathState::Down(why) => (format!("down: {why}"), false),
    }
}

/// Ready: every task runs, the record answers and can be written, and a path to the operators is up. The hub takes approvals either way and says so here.
async fn ready(hub: Hub, stop: CancellationToken) -> (StatusCode, Json<Value>) {
    let store = match hub.store().newest(1).await.and_then(|_| hub.store().can_write()) {
        Ok(()) => Value::String("ok".to_owned()),
        Err(e) => Value::String(e.to_string()),
    };
    let (path, up) = words(&hub.transport().state());
    let stopping = stop.is_cancelled();
    let fine = up && store == "ok" && !stopping;
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let name = hub.transport().name();
    let transport = json!({ "name": name, "state": path });
    let body = json!({ "ready": fine, "stopping": stopping, "store": store, "transport": transport });
    (status, Json(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_in_the_list_for_people() {
        let list = include_str!("../../docs/metrics.md");
        for (name, ..) in FIGURES {
            assert!(list.contains(&format!("`{name}`")), "docs/metrics.md does not name {name}");
        }
        let listed = list.lines().filter(|line| line.starts_with("| `nadhir_")).count();
        assert_eq!(listed, FIGURES.len(), "docs/metrics.md names figures that are not told");
    }
}
