//! Drafts on the API: begun, read, changed and thrown away with ETag and If-Match, handed in. Their content is judged when they are.

use super::auth::Desk;
use super::pages::{Console, Content, DRAFTS, Lang, title};
use super::problem::Problem;
use crate::dispatch::IssueError;
use crate::store::{DraftKind, DraftRow, SeenDraft};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

const CAP: &str = "application/cap+xml";

/// The media type of a draft's content.
const fn media(kind: DraftKind) -> &'static str {
    match kind {
        DraftKind::Cap => CAP,
        DraftKind::Slots => "application/json",
    }
}

fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

fn kept(status: StatusCode, seen: &SeenDraft) -> Response {
    let location = format!("/v1/drafts/{}", seen.id);
    let headers = [(header::LOCATION, location), (header::ETAG, etag(seen.version))];
    (status, headers, Json(json!({ "draft": seen.id, "version": seen.version }))).into_response()
}

/// The version that the caller saw; who does not say so would overwrite what they never saw.
fn seen(id: String, headers: &HeaderMap) -> Result<SeenDraft, Problem> {
    let text = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let Some(text) = text else {
        let words = "send the header If-Match with the ETag of the version you saw";
        return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match", "Which version?", words));
    };
    let version = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).and_then(|t| t.parse().ok());
    let Some(version) = version else {
        let words = format!("{text} is no ETag of a draft");
        return Err(Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "draft_changed",
            "Not that version",
            words,
        ));
    };
    Ok(SeenDraft { id, version })
}

fn content(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Content, Problem> {
    let body = body.map_err(|e| Problem::body(e.status(), e.body_text(), super::MAX_BODY))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim() {
        "application/cap+xml" | "application/xml" | "text/xml" => Ok(Content::Cap(body.to_vec())),
        "application/json" => Content::slots(&body).ok_or_else(|| {
            let words = "{\"template\": \"wadi-flood\", \"slots\": [[\"area\", \"OM-DA\"], ..]}";
            Problem::new(StatusCode::BAD_REQUEST, "form", "Not the slots of a template", words)
        }),
        other => {
            let words = format!("a draft is {CAP} or application/json, this is \"{other}\"");
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", "Not a draft", words))
        }
    }
}

async fn row(console: &Console, kept: &DraftRow) -> Result<Value, Problem> {
    Ok(json!({
        "draft": kept.id,
        "version": kept.version,
        "author": kept.author,
        "kind": kept.kind.word(),
        "title": title(console, kept, Lang::En).await?,
        "kept_at": kept.kept_at,
    }))
}

/// `POST /v1/drafts`, a CAP document or a template's slots: 201, and what names it.
pub(super) async fn begin(
    State(console): State<Console>,
    Desk(person): Desk,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let content = content(&headers, body)?;
    let seen = console.desk().keep_draft(&person, None, content.stored(&console)).await?;
    Ok(kept(StatusCode::CREATED, &seen))
}

/// `GET /v1/drafts`: the newest fifty.
pub(super) async fn list(State(console): State<Console>, _: Desk) -> Result<Json<Value>, Problem> {
    let all = console.hub().store().drafts(DRAFTS).await?;
    let mut rows = Vec::with_capacity(all.len());
    for kept in &all {
        rows.push(row(&console, kept).await?);
    }
    Ok(Json(json!({ "drafts": rows })))
}

/// `GET /v1/drafts/{id}`: what is kept, as it came.
pub(super) async fn show(
    State(console): State<Console>,
    _: Desk,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let stored = console.hub().store().draft(&id).await?;
    let headers = [
        (header::CONTENT_TYPE, media(stored.kind).to_owned()),
        (header::ETAG, etag(stored.draft.version)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'".to_owned()),
    ];
    Ok((headers, stored.body).into_response())
}

/// `PUT /v1/drafts/{id}` with If-Match: 200 and the new ETag; 412 if somebody was quicker.
pub(super) async fn change(
    State(console): State<Console>,
    Desk(person): Desk,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let seen = seen(id, &headers)?;
    let content = content(&headers, body)?;
    let seen = console.desk().keep_draft(&person, Some(seen), content.stored(&console)).await?;
    Ok(kept(StatusCode::OK, &seen))
}

/// `DELETE /v1/drafts/{id}` with If-Match.
pub(super) async fn discard(
    State(console): State<Console>,
    Desk(person): Desk,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    console.desk().drop_draft(&person, seen(id, &headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/drafts/{id}/submission` with If-Match: 201 as of `/v1/warnings`; what is refused leaves the draft.
pub(super) async fn submit(
    State(console): State<Console>,
    Desk(person): Desk,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seen = seen(id, &headers)?;
    let stored = console.hub().store().draft_seen(&seen).await?;
    let now = console.hub().clock().now().utc;
    let cap = match Content::of(&stored).map(|content| content.cap(&console, now)) {
        Some(Ok(cap)) => cap,
        Some(Err(faults)) => return Err(IssueError::Invalid(faults, false).into()),
        None => return Err(IssueError::Invalid(vec![], false).into()),
    };
    let issued = console.desk().hand_in(&person, cap, Some(seen)).await?;
    Ok(super::api::created(&issued))
}
