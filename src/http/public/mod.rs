//! What everybody may fetch: feeds of what is in force, each alert as it was issued, its area, its card. No session, no token.

/// What a client has already is not sent again.
mod cached;
/// The picture of a warning.
mod card;
/// Atom.
mod feed;
/// What was made once, for all who ask.
mod kept;
/// The page for paper.
mod print;
/// Words of cards and feeds.
mod words;

use super::problem::Problem;
use crate::adapter::cbc::SIMULATED;
use crate::dispatch::Hub;
use crate::store::{Approvals, Approved, Published, StoreError};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use cached::{Fresh, respond};
use chrono::{DateTime, TimeDelta, Utc};
use kept::{Kept, Key, Kind};
use nadhir_core::area::exchange;
use nadhir_core::cap::{self, Alert, CapTime, Limits};
use nadhir_core::warning::bulletin::{Bulletin, Numbers};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;
use words::Words;

/// What was read of the record for the feeds is believed for so long, however many ask.
const BELIEVED: TimeDelta = TimeDelta::seconds(1);

/// What these pages work with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Public {
    hub: Hub,
    /// The deployment's name: it tells its feeds from others'.
    deployment: Arc<str>,
    numbers: Arc<Mutex<Counted>>,
    now: Arc<Mutex<Option<Believed>>>,
    kept: Arc<Kept>,
}

/// What was read of the record, and when.
type Believed = (DateTime<Utc>, Arc<InForce>);

/// Bulletins counted so far, in the record's order.
#[derive(Default)]
struct Counted {
    seq: u64,
    numbers: Numbers,
    by_warning: HashMap<String, Bulletin>,
}

/// Everything approved whose time is not over.
struct InForce {
    items: Vec<Item>,
    changed: DateTime<Utc>,
}

/// One alert that was told to everybody.
#[derive(Clone)]
struct Item {
    published: Published,
    alert: Alert,
    bulletin: Option<Bulletin>,
}

/// The feeds, and what stands beside each public page.
pub(super) fn router(hub: Hub, deployment: Option<&str>) -> Router {
    let deployment = Arc::from(deployment.unwrap_or_default());
    Router::new()
        .route("/feeds/alerts.atom", get(feed::alerts))
        .route("/feeds/exercises.atom", get(feed::exercises))
        .route("/w/{id}/alert.xml", get(alert))
        .route("/w/{id}/cancel.xml", get(cancel))
        .route("/w/{id}/entry.atom", get(feed::entry))
        .route("/w/{id}/area.geojson", get(area))
        .route("/w/{id}/card.svg", get(card::show))
        .route("/w/{id}/print", get(print::show))
        .route("/print.css", get(print::style))
        .with_state(Public {
            hub,
            deployment,
            numbers: Arc::default(),
            now: Arc::default(),
            kept: Arc::default(),
        })
}

impl Public {
    /// An alert that was told to everybody, until its time is over: then 410, and its address is never another's.
    async fn published(&self, id: &str) -> Result<Published, Problem> {
        let published = self.hub.store().published_one(id).await?;
        // What waits, was withdrawn or ran out unapproved was told to nobody.
        let published = published.ok_or_else(|| StoreError::NoWarning(id.to_owned()))?;
        if published.expires <= self.hub.clock().now().utc {
            let words = format!("its time was over at {}", CapTime::muscat(published.expires));
            return Err(Problem::new(StatusCode::GONE, "expired", "Not in force any more", words));
        }
        Ok(published)
    }

    /// The series and the number of an approved warning.
    async fn bulletin(&self, id: &str) -> Result<Option<Bulletin>, Problem> {
        let mut counted = self.numbers.lock().await;
        if let Some(known) = counted.by_warning.get(id) {
            return Ok(Some(*known));
        }
        // Piece by piece, and the documents off the runtime's threads: the first who asks after a start counts them all.
        loop {
            let Approvals { approvals, until, more } = self.hub.store().approvals_after(counted.seq).await?;
            let read = move || -> Vec<(Approved, Option<Alert>)> {
                approvals
                    .into_iter()
                    .map(|a| (cap::read(&a.cap, &Limits::cap()).0, a))
                    .map(|(c, a)| (a, c))
                    .collect()
            };
            for (approved, alert) in
                tokio::task::spawn_blocking(read).await.map_err(|_| StoreError::Closed)?
            {
                if let Some(alert) = alert {
                    let bulletin = counted.numbers.next(&alert, CapTime::muscat(approved.at));
                    counted.by_warning.insert(approved.warning, bulletin);
                }
            }
            counted.seq = until;
            if !more {
                return Ok(counted.by_warning.get(id).copied());
            }
        }
    }

    async fn in_force(&self) -> Result<Arc<InForce>, Problem> {
        let now = self.hub.clock().now().utc;
        let mut known = self.now.lock().await;
        if let Some((at, in_force)) = known.as_ref().filter(|(at, _)| (*at..*at + BELIEVED).contains(&now)) {
            let over = in_force.items.iter().any(|item| (*at..=now).contains(&item.published.expires));
            if !over {
                return Ok(Arc::clone(in_force));
            }
        }
        let (published, changed) = self.hub.store().published(now).await?;
        let mut found = Vec::new();
        for published in published {
            let bulletin = self.bulletin(&published.id).await?;
            found.push((published, bulletin));
        }
        let read =
            move || found.into_iter().map(|(published, bulletin)| Item::read(published, bulletin)).collect();
        let read: Result<Result<Vec<Item>, StoreError>, _> = tokio::task::spawn_blocking(read).await;
        let items = read.map_err(|_| StoreError::Closed)??;
        let in_force = Arc::new(InForce { items, changed });
        *known = Some((now, Arc::clone(&in_force)));
        Ok(in_force)
    }
}

/// What a template makes of a warning in the language that is asked for, made once for all who ask.
async fn made<T: Template + 'static>(
    public: &Public,
    (id, uri, headers): (String, &Uri, &HeaderMap),
    (kind, media): (Kind, &'static str),
    make: fn(&Public, &Item, &'static Words) -> T,
) -> Result<Response, Problem> {
    let w = Words::asked(uri);
    let make = move |public: &Public, item: &Item| {
        make(public, item, w).render().map(String::into_bytes).map_err(feed::unwritten)
    };
    public.kept(Key { id, lang: w.lang, kind }, media, headers, make).await
}

impl Item {
    /// That it is over before its time, in words; none while it is not.
    fn over(&self, w: &Words) -> Option<&'static str> {
        match (&self.published.cancel, self.published.ended) {
            (Some(_), _) => Some(w.cancelled),
            (None, Some(_)) => Some(w.ended),
            (None, None) => None,
        }
    }

    /// What whoever is shown it must know first: that nothing was real, that there is no danger, that it is over.
    fn notices(&self, w: &Words) -> Vec<&'static str> {
        let simulated = SIMULATED.then_some(w.simulated);
        let exercise = (self.alert.status == cap::Status::Exercise).then_some(w.exercise);
        simulated.into_iter().chain(exercise).chain(self.over(w)).collect()
    }

    /// Its series and number in words.
    fn numbered(&self, w: &Words) -> String {
        self.bulletin.map(|bulletin| w.bulletin(bulletin)).unwrap_or_default()
    }

    /// Reads the alert. A large one takes its time: not on the runtime's threads.
    fn read(published: Published, bulletin: Option<Bulletin>) -> Result<Item, StoreError> {
        let (alert, _) = cap::read(&published.cap, &Limits::cap());
        let damaged = || StoreError::Damaged { what: "CAP", why: published.id.clone() };
        let alert = alert.ok_or_else(damaged)?;
        Ok(Item { published, alert, bulletin })
    }
}

/// `GET /w/{id}/alert.xml`: the author's CAP, octet by octet as the record has it, as long as its time is not over.
async fn alert(
    State(public): State<Public>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let published = public.published(&id).await?;
    // Its octets never change: a copy may be kept for an hour, and not beyond its time.
    let left = published.expires - public.hub.clock().now().utc;
    let fresh = Fresh { modified: published.at, seconds: left.num_seconds().clamp(0, 3600) };
    Ok(respond(&headers, "application/cap+xml", published.cap, fresh))
}

/// `GET /w/{id}/cancel.xml`: the CAP that cancelled it.
async fn cancel(
    State(public): State<Public>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let published = public.published(&id).await?;
    let left = published.expires - public.hub.clock().now().utc;
    let modified = published.ended.unwrap_or(published.at);
    let fresh = Fresh { modified, seconds: left.num_seconds().clamp(0, 60) };
    let words = "nobody cancelled it";
    let none = || Problem::new(StatusCode::NOT_FOUND, "no_cancel", "Not cancelled", words);
    Ok(respond(&headers, "application/cap+xml", published.cancel.ok_or_else(none)?.into_bytes(), fresh))
}

/// `GET /w/{id}/area.geojson`: where it holds.
async fn area(
    State(public): State<Public>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // No word stands in it: it is the same in every language.
    let key = Key { id, lang: "", kind: Kind::Area };
    let make = |public: &Public, item: &Item| {
        let areas = item.alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
        Ok(exchange::to_geojson(areas, public.hub.index()).to_string().into_bytes())
    };
    public.kept(key, "application/geo+json", &headers, make).await
}
