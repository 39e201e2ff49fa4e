//! Drills over the API: ask for one, read the report of one. Approving and cancelling are a warning's.

use super::super::Console;
use super::report::evidence;
use crate::drill::{Evidence, Wanted};
use crate::http::api;
use crate::http::auth::Known;
use crate::http::problem::Problem;
use crate::people::Role;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

fn role() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "role",
        "Not yours to do",
        "a drill is asked for by desk or regulator",
    )
}

/// `POST /v1/drills`, what is wanted: 201 and the warning that now waits for another person.
pub(in super::super) async fn ask(
    State(console): State<Console>,
    Known(person): Known,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Result<Response, Problem> {
    if !Role::of(&person).may_drill() {
        return Err(role());
    }
    let Json(wanted) = wanted.map_err(|e| {
        let title =
            "Not a drill: {\"area\": [codes], and perhaps \"name\", \"operators\", \"languages\", \"texts\"}";
        Problem::new(StatusCode::BAD_REQUEST, "form", title, e.body_text())
    })?;
    let (hub, now) = (&console.hub, console.hub.clock().now().utc);
    let plan = wanted.plan(hub.index(), hub.operators(), console.mode(), now).map_err(|faults| {
        let detail = "nothing was recorded; each fault is named with its place";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_drill", "The drill cannot be run", detail)
            .faults(faults)
    })?;
    Ok(api::created(&hub.submit(&person, plan.cap(hub.profile(), now)).await?))
}

/// `GET /v1/drills/{id}`: the evidence, as in report.json.
pub(in super::super) async fn report(
    State(console): State<Console>,
    Known(person): Known,
    Path(id): Path<String>,
) -> Result<Json<Evidence>, Problem> {
    if !Role::of(&person).sees_all() {
        return Err(role());
    }
    Ok(Json(evidence(&console, &id).await?))
}
