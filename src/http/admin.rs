//! Liveness, readiness and figures, on a port of their own that is not for the public.

use crate::dispatch::Hub;
use crate::transport::PathState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};

/// Buckets laid around the ten seconds and the steps within them.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 15.0,
    30.0,
];

/// Installs the recorder of the process's figures, once.
pub fn record_figures() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .install_recorder()
}

/// `/livez`, `/readyz`, `/metrics`.
pub fn router(hub: Hub, figures: Option<PrometheusHandle>) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route(
            "/metrics",
            get(move || {
                let text = figures.as_ref().map(PrometheusHandle::render).unwrap_or_default();
                async move { text }
            }),
        )
        .with_state(hub)
}

/// Ready: the record answers and a path to the operators is up. The hub takes approvals either way and says so here.
async fn ready(State(hub): State<Hub>) -> (StatusCode, Json<Value>) {
    let store = match hub.store().newest(1).await {
        Ok(_) => Value::String("ok".to_owned()),
        Err(e) => Value::String(e.to_string()),
    };
    let (path, up) = match hub.transport().state() {
        PathState::Up => ("up".to_owned(), true),
        PathState::Down(why) => (format!("down: {why}"), false),
    };
    let fine = up && store == "ok";
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let name = hub.transport().name();
    (status, Json(json!({ "ready": fine, "store": store, "transport": { "name": name, "state": path } })))
}
