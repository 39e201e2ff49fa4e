//! A new warning: choose a hazard, fill its slots (or paste a CAP document), look at what phones would show, ask for approval.

mod compose;
mod content;
mod cost;

pub(super) use compose::identifier;
pub(super) use content::seen;
pub(in crate::http) use content::{Content, title};
pub(super) use cost::cost;

use super::failed::Failed;
use super::fields::Fields;
use super::frame::Frame;
use super::hazard::Hazard;
use super::origin::{Origin, of_draft};
use super::places::{self, Group};
use super::sheet::{self, FaultRow, Sheet};
use super::visit::{Post, Signed};
use super::{Console, render};
use crate::dispatch::IssueError;
use crate::http::problem::Problem;
use crate::store::{SeenDraft, StoredDraft};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Duration, Utc};
use content::Slots;
use nadhir_core::cbs::Class;
use nadhir_core::digest::{hex, unhex};
use nadhir_core::fault::Fault;

#[derive(Template)]
#[template(path = "choose.html")]
struct Choose {
    f: Frame,
    hazards: Vec<Hazard>,
}

#[derive(Template)]
#[template(path = "fill.html")]
struct Fill {
    f: Frame,
    hazard: Hazard,
    places: Vec<Group>,
    low: String,
    high: String,
    from: String,
    to: String,
    areas: String,
    polygon: String,
    layout: String,
    faults: Vec<FaultRow>,
    /// The draft it is of.
    draft: Option<SeenDraft>,
}

#[derive(Template)]
#[template(path = "paste.html")]
struct Paste {
    f: Frame,
    cap: String,
    faults: Vec<FaultRow>,
    draft: Option<SeenDraft>,
    /// The alert it was made of.
    origin: Option<Origin>,
}

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    f: Frame,
    s: Sheet,
    cap: String,
    /// Whether this hub sends that class at all.
    sends: bool,
    /// What would be kept as a draft.
    kept: Vec<(String, String)>,
    draft: Option<SeenDraft>,
    /// The alert it was made of.
    origin: Option<Origin>,
}

fn no_hazard(id: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no_hazard", "No such template", id)
}

/// `GET /new`
pub(super) async fn choose(State(console): State<Console>, signed: Signed) -> Response {
    render(&Choose { f: signed.frame, hazards: console.hazards.all().to_vec() })
}

/// `GET /new/{hazard}`
pub(super) async fn fill(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let Some(hazard) = console.hazards.get(&id) else {
        return Err(Failed::new(signed.frame, no_hazard(&id)));
    };
    let clock = |at: DateTime<Utc>| (at + Duration::hours(4)).format("%H:%M").to_string();
    let now = signed.frame.now;
    let mut given =
        vec![("from".to_owned(), clock(now)), ("to".to_owned(), clock(now + Duration::hours(hazard.hours)))];
    if let Some(range) = &hazard.range {
        given.push(("low".to_owned(), range.low.to_string()));
        given.push(("high".to_owned(), range.high.to_string()));
    }
    Ok(render(&form(&console, signed.frame, hazard, &Fields::new(given), vec![])))
}

fn form(console: &Console, f: Frame, hazard: &Hazard, fields: &Fields, faults: Vec<FaultRow>) -> Fill {
    let get = |name: &str| fields.get(name).to_owned();
    let lang = f.lang;
    Fill {
        places: places::groups(console.hub.index(), lang, fields),
        low: get("low"),
        high: get("high"),
        from: get("from"),
        to: get("to"),
        areas: get("areas"),
        polygon: get("polygon"),
        layout: get("layout"),
        f: f.of_class(hazard.class()),
        hazard: hazard.clone(),
        draft: seen(fields),
        faults,
    }
}

/// A draft on the form it came from. Its slots are as they were kept; times and texts are made anew.
pub(super) async fn opened(console: &Console, f: Frame, stored: &StoredDraft) -> Result<Response, Failed> {
    let draft = SeenDraft { id: stored.draft.id.clone(), version: stored.draft.version };
    match Content::of(stored) {
        Some(Content::Cap(cap)) => {
            let cap = String::from_utf8_lossy(&cap).into_owned();
            let origin = origin(console, &f, Some(&draft)).await?;
            Ok(render(&Paste { f, cap, faults: vec![], draft: Some(draft), origin }))
        }
        Some(Content::Slots(slots)) => {
            let Some(hazard) = console.hazards.get(&slots.template) else {
                return Err(Failed::new(f, no_hazard(&slots.template)));
            };
            let seen = [("draft".to_owned(), draft.id), ("version".to_owned(), draft.version.to_string())];
            let fields = Fields::new(slots.slots.into_iter().chain(seen).collect());
            Ok(render(&form(console, f, hazard, &fields, vec![])))
        }
        None => {
            let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "record", "Not a draft", "");
            Err(Failed::new(f, problem))
        }
    }
}

/// `POST /new/{hazard}`: what phones would show, or the form again with every fault.
pub(super) async fn preview(
    State(console): State<Console>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, Failed> {
    let frame = post.signed.frame;
    let Some(hazard) = console.hazards.get(&id) else {
        return Err(Failed::new(frame, no_hazard(&id)));
    };
    let composed = compose::compose(hazard, &console.hazards, &post.fields, console.country(), frame.now);
    let looked = match composed {
        Ok(cap) => {
            let content = Content::Slots(Slots::of_form(&id, &post.fields));
            look(&console, &frame, &post.signed.session.person.id, cap, (content, seen(&post.fields))).await?
        }
        Err(faults) => Err(faults),
    };
    Ok(looked.unwrap_or_else(|faults| {
        let rows = sheet::rows(&faults, frame.lang);
        let page = form(&console, frame, hazard, &post.fields, rows);
        (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response()
    }))
}

/// `GET /new/cap`
pub(super) async fn paste(signed: Signed) -> Response {
    render(&Paste { f: signed.frame, cap: String::new(), faults: vec![], draft: None, origin: None })
}

/// `POST /new/cap`: the same from a document.
pub(super) async fn check(State(console): State<Console>, post: Post) -> Result<Response, Failed> {
    let f = post.signed.frame;
    let cap = post.fields.get("cap").to_owned();
    let (bytes, draft) = (cap.clone().into_bytes(), seen(&post.fields));
    let looked = look(
        &console,
        &f,
        &post.signed.session.person.id,
        bytes.clone(),
        (Content::Cap(bytes), draft.clone()),
    )
    .await?;
    match looked {
        Ok(page) => Ok(page),
        Err(faults) => pasted(&console, f, cap, &faults, draft).await,
    }
}

async fn pasted(
    console: &Console,
    f: Frame,
    cap: String,
    faults: &[Fault],
    draft: Option<SeenDraft>,
) -> Result<Response, Failed> {
    let faults = sheet::rows(faults, f.lang);
    let origin = origin(console, &f, draft.as_ref()).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&Paste { f, cap, faults, draft, origin })).into_response())
}

async fn origin(console: &Console, f: &Frame, draft: Option<&SeenDraft>) -> Result<Option<Origin>, Failed> {
    let id = draft.map(|draft| draft.id.as_str());
    of_draft(console, f, id).await.map_err(|e| Failed::new(f.clone(), e))
}

/// The preview of a document, or every reason why it cannot be broadcast. `content` is what would be kept as a draft.
pub(super) async fn look(
    console: &Console,
    f: &Frame,
    author: &str,
    cap: Vec<u8>,
    (content, draft): (Content, Option<SeenDraft>),
) -> Result<Result<Response, Vec<Fault>>, Failed> {
    let prepared = match console.hub.look(author, &cap).await {
        Ok(prepared) => prepared,
        Err(IssueError::Invalid(faults, _)) => return Ok(Err(faults)),
        Err(e) => return Err(Failed::new(f.clone(), e)),
    };
    let class: Class = prepared.channel.class();
    let summary = serde_json::to_value(prepared.summary()).unwrap_or_default();
    let s = sheet::sheet(console, f.lang, &summary, &cap);
    let mut f = f.clone().of_class(class.word());
    "/new".clone_into(&mut f.path);
    let origin = origin(console, &f, draft.as_ref()).await?;
    let sends = class == Class::Drill || console.hub.is_live();
    Ok(Ok(render(&Preview { s, cap: hex(&cap), sends, kept: content.fields(), draft, origin, f })))
}

/// `POST /warnings`: it waits for another person.
pub(super) async fn submit(State(console): State<Console>, post: Post) -> Result<Response, Failed> {
    let Signed { session, frame } = post.signed;
    let Some(cap) = unhex(post.fields.get("cap")) else {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "form", "The form cannot be read", "");
        return Err(Failed::new(frame, problem));
    };
    let draft = seen(&post.fields);
    match console.desk.hand_in(&session.person, cap.clone(), draft.clone()).await {
        Ok(issued) => Ok(Redirect::to(&format!("/warnings/{}", issued.warning)).into_response()),
        Err(IssueError::Invalid(faults, _)) => {
            pasted(&console, frame, String::from_utf8_lossy(&cap).into_owned(), &faults, draft).await
        }
        Err(e) => Err(Failed::new(frame, e)),
    }
}
