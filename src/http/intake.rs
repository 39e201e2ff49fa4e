//! The API of alerts that come from other authorities: a draft with its faults and losses. What is taken in is sent by nobody.

use super::auth::SignedIn;
use super::problem::Problem;
use crate::dispatch::{Hub, TakenIn};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use nadhir_core::cap;
use serde_json::{Value, json};

/// So many are listed.
const NEWEST: u32 = 50;

/// So many octets of a document are read: as `nadhir alert intake` reads a file.
pub(super) fn most() -> usize {
    cap::Limits::cap().octets
}

/// `POST /v1/intake`, a CAP document of another authority: 201, the draft, its faults, what would be lost.
pub(super) async fn take(
    State(hub): State<Hub>,
    SignedIn(person): SignedIn,
    cap: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let cap = cap.map_err(|e| Problem::body(e.status(), e.body_text(), most()))?;
    let taken = hub.take_alert_in(&person, cap.to_vec()).await?;
    let location = format!("/v1/intake/{}", taken.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(shown(&taken))).into_response())
}

/// `GET /v1/intake/{id}`: the same, judged as of now.
pub(super) async fn show(
    State(hub): State<Hub>,
    _: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let taken = hub.taken_in(&id).await?.ok_or_else(|| none(&id))?;
    Ok(Json(shown(&taken)))
}

/// `GET /v1/intake/{id}/draft`: the draft alone, to be changed and handed in by a person.
pub(super) async fn draft(
    State(hub): State<Hub>,
    _: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let taken = hub.taken_in(&id).await?.ok_or_else(|| none(&id))?;
    let draft = taken.intake.draft.ok_or_else(|| {
        let words = "it warns the public of nothing; its faults say why";
        Problem::new(StatusCode::NOT_FOUND, "no_draft", "No draft came of it", words)
    })?;
    Ok(([(header::CONTENT_TYPE, "application/cap+xml")], cap::write(&draft)).into_response())
}

/// `GET /v1/intake`: the newest, by id and name.
pub(super) async fn list(State(hub): State<Hub>, _: SignedIn) -> Result<Json<Value>, Problem> {
    let came = hub.aside().store().came_from(None, NEWEST).await?;
    let rows: Vec<Value> = came
        .iter()
        .map(|came| {
            let original = came.message.id.to_string();
            json!({ "intake": came.id, "by": came.by, "at": came.at, "original": original })
        })
        .collect();
    Ok(Json(json!({ "intake": rows })))
}

fn shown(taken: &TakenIn) -> Value {
    let mut shown = taken.intake.report();
    shown["intake"] = json!(taken.id);
    shown["names"] = json!(taken.names);
    shown["kept"] = json!(taken.kept);
    shown
}

fn none(id: &str) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_intake",
        "Nothing came under that id",
        format!("there is no intake {id}"),
    )
}
