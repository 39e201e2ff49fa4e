//! Drafts at the desk: keep what is on a form or a preview, open it again, throw it away. The desk alone sees them.

use super::Console;
use super::failed::Failed;
use super::new::{Content, opened, seen, title};
use super::visit::{Post, Signed};
use crate::http::problem::Problem;
use crate::store::StoreError;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

/// So many are listed.
pub(in crate::http) const NEWEST: u32 = 50;

/// One draft in a list.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) title: String,
    /// Whose, if it is somebody else's.
    pub(super) by: Option<String>,
    pub(super) kept: String,
    pub(super) version: u64,
}

/// The drafts for somebody at the desk, newest first.
pub(super) async fn rows(console: &Console, signed: &Signed) -> Result<Vec<Row>, StoreError> {
    if !signed.session.role.may_act() {
        return Ok(vec![]);
    }
    let mut rows = Vec::new();
    for stored in console.hub.store().drafts(NEWEST).await? {
        let own = stored.author == signed.session.person.id;
        let by = if own { None } else { console.hub.store().person(&stored.author).await? };
        rows.push(Row {
            title: title(console, &stored, signed.frame.lang).await?,
            by: by.map(|person| person.name),
            kept: super::frame::moment(stored.kept_at),
            version: stored.version,
            id: stored.id,
        });
    }
    Ok(rows)
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "form", "The form cannot be read", "")
}

/// `POST /drafts`: a new one, or what a draft that was opened has become.
pub(super) async fn keep(State(console): State<Console>, post: Post) -> Result<Response, Failed> {
    let f = post.signed.frame;
    let Some(content) = Content::of_form(&post.fields) else {
        return Err(Failed::new(f, unreadable()));
    };
    let kept = console
        .desk
        .keep_draft(&post.signed.session.person, seen(&post.fields), content.stored(&console))
        .await;
    kept.map_err(|e| Failed::new(f, e))?;
    Ok(Redirect::to("/#drafts").into_response())
}

/// `GET /drafts/{id}`: the form it came from, filled.
pub(super) async fn open(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let Signed { session, frame } = signed;
    if !session.role.may_act() {
        let problem = Problem::new(StatusCode::FORBIDDEN, "role", "Not yours to see", "");
        return Err(Failed::new(frame, problem));
    }
    let stored = console.hub.store().draft(&id).await.map_err(|e| Failed::new(frame.clone(), e))?;
    opened(&console, frame, &stored).await
}

/// `POST /drafts/{id}/deletion`
pub(super) async fn discard(
    State(console): State<Console>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, Failed> {
    let f = post.signed.frame;
    let Some(seen) = seen(&post.fields).filter(|seen| seen.id == id) else {
        return Err(Failed::new(f, unreadable()));
    };
    let dropped = console.desk.drop_draft(&post.signed.session.person, seen).await;
    dropped.map_err(|e| Failed::new(f, e))?;
    Ok(Redirect::to("/").into_response())
}
