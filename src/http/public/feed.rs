//! Atom (RFC 4287) of what is in force: an entry an alert, another for its cancel, each until the alert's time is over.

use super::cached::{Fresh, respond};
use super::kept::{Key, Kind};
use super::words::Words;
use super::{Item, Problem, Public};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use nadhir_core::cap::{CapTime, Status};
use nadhir_core::digest::Digest;
use uuid::Builder;

const ATOM: &str = "application/atom+xml; charset=utf-8";
/// A reader asks again after so long.
const SECONDS: i64 = 10;

#[derive(Template)]
#[template(path = "public/feed.xml")]
struct Feed {
    w: &'static Words,
    id: String,
    path: String,
    title: &'static str,
    updated: String,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "public/entry.xml")]
struct Document {
    w: &'static Words,
    e: Entry,
}

struct Entry {
    id: String,
    /// The page for people.
    page: String,
    /// The alert, or the cancel of it.
    cap: String,
    title: String,
    summary: String,
    published: String,
    updated: String,
    severity: &'static str,
    author: String,
}

/// `GET /feeds/alerts.atom`: Actual alerts in force, and what cancelled them.
pub(super) async fn alerts(
    State(public): State<Public>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    feed(&public, &uri, &headers, Status::Actual).await
}

/// `GET /feeds/exercises.atom`: exercises under way. They are never in the other feed.
pub(super) async fn exercises(
    State(public): State<Public>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    feed(&public, &uri, &headers, Status::Exercise).await
}

/// `GET /w/{id}/entry.atom`: one alert as an entry document; once it is cancelled, the cancel; once it ended otherwise, 410.
pub(super) async fn entry(
    State(public): State<Public>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let w = Words::asked(&uri);
    let make = move |_: &Public, item: &Item| document(item, w).map(String::into_bytes);
    public.kept(Key { id, lang: w.lang, kind: Kind::Entry }, ATOM, &headers, make).await
}

/// What holds now: nobody reads an alert that is over as one in force.
fn document(item: &Item, w: &'static Words) -> Result<String, Problem> {
    let e = match (cancelled(item, w), item.published.ended) {
        (Some(cancel), _) => cancel,
        (None, None) => told(item, w),
        (None, Some(at)) => {
            let words = format!("it ended at {}", CapTime::muscat(at));
            return Err(Problem::new(StatusCode::GONE, "ended", "Not in force any more", words));
        }
    };
    Document { w, e }.render().map_err(unwritten)
}

async fn feed(public: &Public, uri: &Uri, headers: &HeaderMap, status: Status) -> Result<Response, Problem> {
    let w = Words::asked(uri);
    let in_force = public.in_force().await?;
    let mut entries = Vec::new();
    for item in in_force.items.iter().filter(|item| item.alert.status == status) {
        entries.extend(cancelled(item, w));
        if item.published.ended.is_none() {
            entries.push(told(item, w));
        }
    }
    let (path, title) = match status {
        Status::Exercise => ("/feeds/exercises.atom", w.exercises),
        Status::Actual | Status::System | Status::Test | Status::Draft => ("/feeds/alerts.atom", w.in_force),
    };
    let feed = Feed {
        id: own_id(&public.deployment, path, w.lang),
        path: format!("{path}?lang={}", w.lang),
        title,
        updated: time(in_force.changed),
        entries,
        w,
    };
    let fresh = Fresh { modified: in_force.changed, seconds: SECONDS };
    Ok(respond(headers, ATOM, feed.render().map_err(unwritten)?.into_bytes(), fresh))
}

/// The alert as an entry: the same id for ever.
fn told(item: &Item, w: &Words) -> Entry {
    let info = w.info(&item.alert);
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let headline = text(info.and_then(|info| info.headline.as_ref()));
    let parts = [info.and_then(|i| i.description.clone()), info.and_then(|i| i.instruction.clone())];
    let title = item.bulletin.map(|bulletin| w.bulletin(bulletin));
    let id = &item.published.id;
    Entry {
        id: format!("urn:uuid:{}", id.trim_start_matches("wrn_")),
        page: format!("/w/{id}"),
        cap: format!("/w/{id}/alert.xml"),
        title: title.into_iter().chain([headline]).collect::<Vec<_>>().join(": "),
        summary: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
        published: time(item.published.at),
        updated: time(item.published.at),
        severity: info.map_or("Unknown", |info| info.severity.word()),
        author: text(info.and_then(|info| info.sender_name.as_ref())),
    }
}

/// The cancel of it, as an entry of its own: who follows the feed hears that it is over.
fn cancelled(item: &Item, w: &Words) -> Option<Entry> {
    item.published.cancel.as_ref()?;
    let at = time(item.published.ended?);
    let own = told(item, w);
    Some(Entry {
        id: format!("{}#cancel", own.id),
        cap: format!("/w/{}/cancel.xml", item.published.id),
        title: format!("{}: {}", w.cancelled, own.title),
        published: at.clone(),
        updated: at,
        ..own
    })
}

/// The feed's own id: the same for ever, another one at every deployment.
fn own_id(deployment: &str, path: &str, lang: &str) -> String {
    let digest =
        Digest::of_parts([b"nadhir/feed/1", deployment.as_bytes(), path.as_bytes(), lang.as_bytes()]);
    let mut octets = [0; 16];
    octets.copy_from_slice(&digest.0[..16]);
    format!("urn:uuid:{}", Builder::from_custom_bytes(octets).into_uuid())
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed over by map_err")]
pub(super) fn unwritten(e: askama::Error) -> Problem {
    tracing::error!(error = %e, "a public page could not be written");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "It could not be written", "the log says why")
}
