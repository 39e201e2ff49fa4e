//! A first plain page: all warnings, and one warning with its lanes. Reads only; works without JavaScript.

use super::problem::Problem;
use crate::dispatch::view::LaneView;
use crate::dispatch::{Hub, WarningView};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use nadhir_core::cap::CapTime;
use serde_json::Value;

const STYLE: &str = include_str!("../../console/style.css");
const CSP: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "board.html")]
struct Board {
    rows: Vec<Row>,
}

struct Row {
    id: String,
    headline: String,
    state: &'static str,
    until: String,
    on_air: usize,
    operators: usize,
}

#[derive(Template)]
#[template(path = "warning.html")]
struct Warning {
    id: String,
    headline: String,
    state: &'static str,
    class: String,
    title_ar: String,
    title_en: String,
    identifier: u64,
    governorates: String,
    until: String,
    hash: String,
    lanes: Vec<Lane>,
    messages: Vec<Message>,
    met: bool,
    settled: bool,
}

struct Lane {
    operator: String,
    queued: String,
    taken: String,
    accepted: String,
    on_air_at: String,
    cells: String,
    meter: f64,
    words: String,
    red: bool,
    on_air: bool,
}

struct Message {
    text: String,
    pages: u64,
    units: u64,
    dcs: u64,
}

/// `GET /`
pub(super) async fn board(State(hub): State<Hub>) -> Result<Response, Problem> {
    let mut rows = Vec::new();
    for id in hub.store().newest(50).await? {
        let view = hub.view(&id).await?;
        rows.push(Row {
            headline: headline(&view.summary),
            state: view.state.word(),
            until: until(&view.summary),
            on_air: view.operators.iter().filter(|lane| lane.on_air_ms.is_some()).count(),
            operators: view.operators.len(),
            id,
        });
    }
    render(&Board { rows })
}

/// `GET /warnings/{id}`
pub(super) async fn warning(State(hub): State<Hub>, Path(id): Path<String>) -> Result<Response, Problem> {
    let view = hub.view(&id).await?;
    render(&page(view))
}

/// `GET /style.css`
pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

fn page(view: WarningView) -> Warning {
    let summary = &view.summary;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = summary["messages"].as_array().into_iter().flatten();
    Warning {
        headline: headline(summary),
        state: view.state.word(),
        class: text(&summary["class"]),
        title_ar: text(&summary["title"][0]),
        title_en: text(&summary["title"][1]),
        identifier: summary["identifier"].as_u64().unwrap_or_default(),
        governorates: summary["governorates"]
            .as_array()
            .map(|codes| codes.iter().map(text).collect::<Vec<_>>().join(", "))
            .unwrap_or_default(),
        until: until(summary),
        hash: text(&summary["hash"]),
        lanes: view.operators.iter().map(lane).collect(),
        messages: messages
            .map(|m| Message {
                text: text(&m["text"]),
                pages: m["pages"].as_u64().unwrap_or_default(),
                units: m["units"].as_u64().unwrap_or_default(),
                dcs: m["dcs"].as_u64().unwrap_or_default(),
            })
            .collect(),
        met: view.met,
        settled: view.settled || view.operators.is_empty(),
        id: view.warning,
    }
}

fn lane(lane: &LaneView) -> Lane {
    let ms = |at: Option<f64>| at.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.1} ms"));
    Lane {
        operator: lane.operator.clone(),
        queued: ms(lane.queued_ms),
        taken: ms(lane.taken_ms),
        accepted: ms(lane.accepted_ms),
        on_air_at: ms(lane.on_air_ms),
        cells: match (lane.cells_on_air, lane.cells_total) {
            (Some(on_air), Some(total)) => format!("{on_air} of {total}"),
            _ => "–".to_owned(),
        },
        meter: lane.on_air_ms.unwrap_or(0.0).min(10_000.0),
        words: lane.reason.clone().unwrap_or_else(|| lane.state.replace('_', " ")),
        red: lane.red,
        on_air: lane.on_air_ms.is_some(),
    }
}

fn headline(summary: &Value) -> String {
    summary["headlines"][0][1].as_str().unwrap_or("(no headline)").to_owned()
}

fn until(summary: &Value) -> String {
    let at = summary["expires"].as_str().and_then(|text| text.parse().ok());
    at.map(|at| CapTime::muscat(at).to_string().replace('T', " ").replace("+04:00", "")).unwrap_or_default()
}

fn render(template: &impl Template) -> Result<Response, Problem> {
    let html = template.render().map_err(|e| {
        tracing::error!(error = %e, "a page could not be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "page", "The page could not be written", "")
    })?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cache-control"), "no-store"),
    ];
    Ok((headers, Html(html)).into_response())
}
