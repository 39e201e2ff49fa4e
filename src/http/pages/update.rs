//! An update of a warning in force: the same area, other words or another end; a CAP Update that names the one before.

use super::failed::Failed;
use super::fields::Fields;
use super::frame::{Frame, moment};
use super::new::{Content, identifier, look};
use super::sheet::{self, FaultRow};
use super::visit::{Post, Signed};
use super::{Console, render};
use crate::http::problem::Problem;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType, National, Reference};
use nadhir_core::cbs::layout::TEXT_PARAMETER;
use nadhir_core::fault::Fault;

#[derive(Template)]
#[template(path = "update.html")]
struct Page {
    f: Frame,
    id: String,
    until: String,
    texts: Vec<Text>,
    faults: Vec<FaultRow>,
}

struct Text {
    n: usize,
    language: String,
    headline: String,
    description: String,
    instruction: String,
}

async fn alert(console: &Console, f: &Frame, id: &str) -> Result<Alert, Failed> {
    let stored = console.hub.store().warning(id).await.map_err(|e| Failed::new(f.clone(), e))?;
    let (alert, _) = cap::read(&stored.cap, &Limits::cap());
    alert.ok_or_else(|| {
        let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "record", "The CAP cannot be read", "");
        Failed::new(f.clone(), problem)
    })
}

fn page(f: Frame, id: String, alert: &Alert, faults: Vec<FaultRow>) -> Page {
    let text = |(n, info): (usize, &cap::Info)| Text {
        n,
        language: info.primary_language(),
        headline: info.headline.clone().unwrap_or_default(),
        description: info.description.clone().unwrap_or_default(),
        instruction: info.instruction.clone().unwrap_or_default(),
    };
    let until = alert.infos.first().and_then(|info| info.expires).map(CapTime::utc);
    let class = if alert.status == cap::Status::Exercise { "drill" } else { "live" };
    let mut f = f.of_class(class);
    f.path = format!("/warnings/{id}/update");
    Page {
        until: until.map(|at| moment(at).replace(' ', "T")).unwrap_or_default(),
        texts: alert.infos.iter().enumerate().map(text).collect(),
        id,
        faults,
        f,
    }
}

/// `GET /warnings/{id}/update`
pub(super) async fn fill(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let alert = alert(&console, &signed.frame, &id).await?;
    Ok(render(&page(signed.frame, id, &alert, vec![])))
}

/// `POST /warnings/{id}/update`: what phones would show.
pub(super) async fn preview(
    State(console): State<Console>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, Failed> {
    let f = post.signed.frame;
    let before = alert(&console, &f, &id).await?;
    let named = console.hub.references_to(&id).await.map_err(|e| Failed::new(f.clone(), Problem::from(e)))?;
    let (after, mut faults) = updated(&before, named, &post.fields, (console.hub.profile(), f.now));
    if faults.is_empty() {
        let cap = cap::write(&after);
        match look(&console, &f, &post.signed.session.person.id, cap.clone(), (Content::Cap(cap), None))
            .await?
        {
            Ok(page) => return Ok(page),
            Err(more) => faults = more,
        }
    }
    let rows = sheet::rows(&faults, f.lang);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page(f, id, &after, rows))).into_response())
}

/// The warning before with what the form changes; it names the one before and what that took the place of.
fn updated(
    before: &Alert,
    named: Vec<Reference>,
    fields: &Fields,
    (profile, now): (&National, DateTime<Utc>),
) -> (Alert, Vec<Fault>) {
    let mut after = before.clone();
    let sent = CapTime::muscat(now);
    after.msg_type = MsgType::Update;
    after.references = named;
    after.sent = sent;
    after.identifier = identifier(profile, now);
    let until = NaiveDateTime::parse_from_str(fields.get("until"), "%Y-%m-%dT%H:%M")
        .map(|local| CapTime::muscat(local.and_utc() - Duration::hours(4)));
    for (n, info) in after.infos.iter_mut().enumerate() {
        info.effective = info.effective.map(|_| sent);
        info.onset = info.onset.filter(|onset| *onset > sent);
        info.expires = until.ok().or(info.expires);
        let field = |name: &str| Some(fields.get(&format!("{name}{n}")).to_owned()).filter(|t| !t.is_empty());
        info.headline = field("headline");
        info.description = field("description");
        info.instruction = field("instruction");
        // Words of its own for phones were those of the older warning: phones show what stands here.
        info.parameters.retain(|parameter| parameter.name != TEXT_PARAMETER);
    }
    let faults = match until {
        Ok(_) => vec![],
        Err(_) => vec![Fault::error("form.until", "until", "the end is written 2026-11-22T12:30")],
    };
    (after, faults)
}
