//! The report of one drill, from the hub's own record: a page of record in both languages, and the same as JSON.

use super::super::failed::Failed;
use super::super::locale::Lang;
use super::super::visit::Signed;
use super::super::{Console, render};
use crate::drill::report::First;
use crate::drill::{Evidence, NoReport, Report, review};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

const STYLE: &str = include_str!("../../../../console/templates/drill/report.css");

impl From<NoReport> for Problem {
    fn from(e: NoReport) -> Problem {
        let words = e.to_string();
        match e {
            NoReport::NotADrill(_) => Problem::new(StatusCode::NOT_FOUND, "no_drill", "No such drill", words),
            NoReport::NotOver(_) => {
                Problem::new(StatusCode::CONFLICT, "drill_not_over", "The drill is not over", words)
            }
            NoReport::Store(e) => e.into(),
            NoReport::Form(_) => {
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The drill cannot be read", words)
            }
        }
    }
}

/// The evidence of a drill at this hub.
pub(super) async fn evidence(console: &Console, id: &str) -> Result<Evidence, NoReport> {
    if let Some(counter) = &console.site.phones {
        counter.catch_up(&console.hub).await;
    }
    let phones = |drill: &str| console.site.phones.as_ref().and_then(|counter| counter.of(drill));
    review(&console.hub, id, console.mode(), phones).await
}

/// `GET /drill/{id}`: before there is a report, the lanes.
pub(in super::super) async fn show(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let f = signed.frame;
    match evidence(&console, &id).await {
        Ok(evidence) => {
            let first = match f.lang {
                Lang::Ar => First::Arabic,
                Lang::En => First::English,
            };
            Ok(render(&Report::on_console(&evidence, console.hub.index(), first)))
        }
        Err(NoReport::NotOver(_)) => Ok(Redirect::to(&format!("/warnings/{id}")).into_response()),
        Err(e) => Err(Failed::new(f, e)),
    }
}

/// `GET /drill/{id}/report.json`: the same for programs, and to keep.
pub(in super::super) async fn json(
    State(console): State<Console>,
    _: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let evidence = evidence(&console, &id).await?;
    let name = format!("attachment; filename=\"report-{}.json\"", evidence.drill);
    Ok(([(header::CONTENT_DISPOSITION, name)], Json(evidence)).into_response())
}

/// `GET /report.css`
pub(in super::super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], STYLE)
}
