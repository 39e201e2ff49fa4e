//! The API: submit a CAP, approve its hash, look at what became of it.

use super::auth::{Known, SignedIn};
use super::problem::Problem;
use crate::dispatch::{Hub, IssueError, Issued, WarningView};
use crate::people::Role;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use nadhir_core::cap::{self, Alert, Limits, MsgType, National, Profile, Status};
use nadhir_core::cbs::{Class, Ornament, Rules, Text};
use nadhir_core::digest::Digest;
use nadhir_core::fault::Fault;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// So many of the newest that are over are listed.
const OVER: u32 = 50;

/// The document, if it is a Cancel that would be acted upon: what it is and what it names is valid. What it says in an info
/// of its own is never broadcast, and an alarm is not left on air for a fault in it.
fn cancel_in(bytes: &[u8], profile: &National) -> Option<Alert> {
    let (head, _) = cap::read(bytes, &Limits::cap());
    head.filter(|alert| alert.msg_type == MsgType::Cancel)?;
    let verdict = cap::verdict(bytes, Profile::Oman(profile));
    let acted_upon = |alert: &Alert| matches!(alert.status, Status::Actual | Status::Exercise);
    let told = |fault: &Fault| fault.path().starts_with("alert/info[") || fault.path() == "alert/info";
    let valid = verdict.readable && !verdict.faults.iter().any(|fault| fault.is_error() && !told(fault));
    verdict.alert.filter(acted_upon).filter(|_| valid)
}

#[derive(Deserialize)]
pub(super) struct Approve {
    hash: Digest,
}

/// `POST /v1/warnings`, a CAP document: 201 and the warning that now waits for another person. A Cancel stops the
/// warning that it names, 202; one that names nothing known is answered 404, and nothing is stopped.
pub(super) async fn submit(
    State(hub): State<Hub>,
    SignedIn(person): SignedIn,
    cap: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let cap = cap.map_err(|e| Problem::body(e.status(), e.body_text(), super::MAX_BODY))?;
    if let Some(cancel) = cancel_in(&cap, hub.profile()) {
        let task = tokio::spawn(async move { hub.hear_cancel(&person, &cancel).await });
        return ordered(task).await;
    }
    Ok(created(&hub.submit(&person, cap.to_vec()).await?))
}

/// 201 and the warning that waits.
pub(super) fn created(issued: &Issued) -> Response {
    let location = format!("/v1/warnings/{}", issued.warning);
    (StatusCode::CREATED, [(header::LOCATION, location)], Json(body(issued))).into_response()
}

/// `POST /v1/warnings/{id}/approval`, `{"hash"}`: 202, the orders are durable and on their way.
pub(super) async fn approve(
    State(hub): State<Hub>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
    approve: Result<Json<Approve>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(approve) = approve.map_err(|e| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "form",
            "Not an approval: {\"hash\": 64 hexadecimal digits}",
            e.body_text(),
        )
    })?;
    let task = tokio::spawn(async move { hub.approve(&person, &id, approve.hash).await });
    ordered(task).await
}

/// What was asked is durable once it is answered, whatever becomes of the caller: the work does not hang on the request.
async fn ordered(task: JoinHandle<Result<Issued, IssueError>>) -> Result<Response, Problem> {
    let issued = task.await.map_err(|e| {
        tracing::error!(error = %e, "an order ended early");
        let words = "ask for the state before trying again";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "It ended early", words)
    })??;
    let location = format!("/v1/warnings/{}", issued.warning);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(body(&issued))).into_response())
}

/// `POST /v1/warnings/{id}/cancellation`: 202, whoever was told is told to stop, and the orders are durable.
pub(super) async fn cancel(
    State(hub): State<Hub>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let task = tokio::spawn(async move { hub.cancel(&person, &id).await });
    ordered(task).await
}

/// `GET /v1/warnings/{id}`: the warning and its lanes.
pub(super) async fn show(
    State(hub): State<Hub>,
    _: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<WarningView>, Problem> {
    Ok(Json(hub.aside().view(&id).await?))
}

/// `GET /v1/warnings`: all that are open, what was cancelled before its time was over, and the newest fifty of the rest.
pub(super) async fn list(State(hub): State<Hub>, _: SignedIn) -> Result<Json<Value>, Problem> {
    let (hub, mut warnings) = (hub.aside(), Vec::new());
    for id in hub.store().standing(OVER, hub.clock().now().utc).await? {
        warnings.push(hub.view(&id).await?);
    }
    Ok(Json(json!({ "warnings": warnings })))
}

/// `GET /v1/record`: how many events it has, and whether the chain and the tables hold.
pub(super) async fn record(State(hub): State<Hub>, _: SignedIn) -> Result<Json<Value>, Problem> {
    Ok(Json(match hub.store().verify().await? {
        Ok(whole) => json!({ "events": whole.events, "verified": true, "head": whole.head }),
        Err(broken) => {
            json!({ "verified": false, "broken_at": broken.seq(), "broken_row": broken.row(), "why": broken.why })
        }
    }))
}

/// `GET /v1/hub`: whether it is live, and the message codes left. A drill asks before it is handed in.
pub(super) async fn hub(State(hub): State<Hub>, _: SignedIn) -> Result<Json<Value>, Problem> {
    let now = hub.clock().now().utc;
    let (live, drill) =
        (hub.store().codes_left(Class::Live, now).await?, hub.store().codes_left(Class::Drill, now).await?);
    Ok(Json(json!({ "live": hub.is_live(), "codes_left": { "live": live, "drill": drill } })))
}

/// `GET /v1/operators/{name}/census`: cells and subscribers of the operator's list by wilayat, as its adapter last told.
pub(super) async fn census(
    State(hub): State<Hub>,
    Known(person): Known,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let no = |status, code, title, detail: &str| Problem::new(status, code, title, detail);
    if !hub.operators().contains(&name) {
        return Err(no(StatusCode::NOT_FOUND, "no_operator", "No such operator", &name));
    }
    if !Role::of(&person).sees(&name) {
        return Err(no(StatusCode::FORBIDDEN, "role", "Not yours to see", &name));
    }
    let words =
        "its adapter tells it at its start and every minute; a hub knows nothing of before its own start";
    let told =
        hub.told().of(&name).ok_or_else(|| no(StatusCode::NOT_FOUND, "no_census", "Not told yet", words))?;
    Ok(Json(json!(&*told)))
}

/// Texts as they are being written, and what is dropped from them.
#[derive(Deserialize)]
pub(super) struct Texts {
    texts: Vec<Said>,
    #[serde(default)]
    drop: Vec<Ornament>,
}

#[derive(Deserialize)]
struct Said {
    language: String,
    text: String,
}

/// `POST /v1/layouts`, `{"texts":[{"language","text"}],"drop"}`: 200, what each layout costs in units, pages and seconds on
/// 2G, or why it cannot be had. Nothing is recorded; a page asks while somebody types.
pub(super) async fn layouts(
    State(hub): State<Hub>,
    _: SignedIn,
    texts: Result<Json<Texts>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(Texts { texts, drop }) = texts.map_err(|e| {
        let words = "Not texts: {\"texts\": [{\"language\", \"text\"}]}";
        Problem::new(StatusCode::BAD_REQUEST, "form", words, e.body_text())
    })?;
    let texts: Vec<Text> =
        texts.into_iter().map(|said| Text { language: said.language, body: said.text }).collect();
    let rules = Rules { drop, ..Rules::default() };
    Ok(Json(json!({ "layouts": hub.layouts(&texts, &rules) })))
}

fn body(issued: &Issued) -> Value {
    let mut body = issued.summary.clone();
    if let (Value::Object(body), Ok(Value::Object(state))) = (&mut body, serde_json::to_value(&issued.state))
    {
        body.insert("warning".to_owned(), Value::String(issued.warning.clone()));
        body.extend(state);
    }
    body
}
