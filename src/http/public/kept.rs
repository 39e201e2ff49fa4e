//! What was made for everybody, kept for all who ask: made once, off the runtime's threads, few at a time.

use super::cached::{Fresh, Known, answer};
use super::{Item, Problem, Public};
use crate::store::Published;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use nadhir_core::digest::Digest;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// So many octets are kept in all.
const MOST: usize = 16 << 20;
/// So many are made at a time: the hub has warnings to send meanwhile.
const AT_ONCE: usize = 1;

/// What is made of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Atom.
    Entry,
    /// GeoJSON.
    Area,
    /// SVG.
    Card,
    /// HTML for paper.
    Print,
}

/// One answer: the warning, the language, what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) lang: &'static str,
    pub(super) kind: Kind,
}

#[derive(Clone)]
struct Made {
    body: Bytes,
    tag: String,
    /// No warning has begun or ended since.
    lives: u64,
    modified: DateTime<Utc>,
    /// From then on its time is over.
    expires: DateTime<Utc>,
}

/// Everything kept, and the turn of those who make more.
pub(super) struct Kept {
    made: Mutex<HashMap<Key, Made>>,
    turn: Semaphore,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept { made: Mutex::default(), turn: Semaphore::new(AT_ONCE) }
    }
}

impl Kept {
    fn get(&self, key: &Key, lives: u64, now: DateTime<Utc>) -> Option<Made> {
        let made = self.lock().get(key)?.clone();
        (made.lives == lives && now < made.expires).then_some(made)
    }

    fn keep(&self, key: Key, made: Made) {
        let mut all = self.lock();
        let octets: usize = all.values().map(|made| made.body.len()).sum();
        if octets + made.body.len() > MOST {
            all.clear();
        }
        all.insert(key, made);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Public {
    /// The answer to one of many who ask. What a client has is told by the record alone, before anything is made.
    pub(super) async fn kept(
        &self,
        key: Key,
        media: &'static str,
        asked: &HeaderMap,
        make: impl FnOnce(&Public, &Item) -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let now = || self.hub.clock().now().utc;
        let reply = |made: Made| {
            let left = (made.expires - now()).num_seconds().clamp(0, 60);
            let fresh = Fresh { modified: made.modified, seconds: left };
            answer(asked, media, &made.tag, made.body, fresh)
        };
        if let Some(made) = self.kept.get(&key, self.hub.board().lives(), now()) {
            return Ok(reply(made));
        }
        let closed = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "closed", "The hub is stopping", "");
        let _turn = self.kept.turn.acquire().await.map_err(closed)?;
        // Before anything is read: whatever changes meanwhile makes it old.
        let lives = self.hub.board().lives();
        if let Some(made) = self.kept.get(&key, lives, now()) {
            return Ok(reply(made));
        }
        let published = self.published(&key.id).await?;
        let bulletin = self.bulletin(&key.id).await?;
        let (modified, expires) = (published.ended.unwrap_or(published.at), published.expires);
        let fresh = Fresh { modified, seconds: (expires - now()).num_seconds().clamp(0, 60) };
        let (public, known) = (self.clone(), Known::of(asked));
        let (what, number) = (key.clone(), format!("{bulletin:?}"));
        let work = move || {
            let tag = tag(&what, &published, &number);
            if known.has(&tag, modified) {
                return Ok((tag, None));
            }
            let item = Item::read(published, bulletin)?;
            make(&public, &item).map(|body| (tag, Some(Bytes::from(body))))
        };
        let fell =
            |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "It could not be made", "");
        let (tag, body) = tokio::task::spawn_blocking(work).await.map_err(fell)??;
        let Some(body) = body else { return Ok(answer(asked, media, &tag, Bytes::new(), fresh)) };
        let made = Made { body, tag, lives, modified, expires };
        self.kept.keep(key, made.clone());
        Ok(reply(made))
    }
}

/// Names what is made by all it is made of: the same at every hub of this version.
fn tag(key: &Key, published: &Published, number: &str) -> String {
    let state = format!("{:?} {} {:?} {:?}", key.kind, key.lang, published.at, published.ended);
    let cancel = published.cancel.as_deref().unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    let parts = [version.as_bytes(), state.as_bytes(), number.as_bytes(), cancel.as_bytes(), &published.cap];
    let digest = Digest::of_parts(parts).to_string();
    format!("\"{}\"", digest.get(..32).unwrap_or(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn key(n: usize, kind: Kind) -> Key {
        Key { id: format!("wrn_{n}"), lang: "ar", kind }
    }

    #[test]
    fn what_is_kept_is_old_when_a_life_changed_or_its_time_is_over() {
        let kept = Kept::default();
        let body = Bytes::from(vec![0; MOST / 4]);
        let made = Made { body, tag: "\"t\"".to_owned(), lives: 7, modified: at(1), expires: at(100) };
        kept.keep(key(1, Kind::Card), made.clone());
        assert!(kept.get(&key(1, Kind::Card), 7, at(99)).is_some());
        assert!(kept.get(&key(1, Kind::Card), 8, at(99)).is_none(), "a warning ended");
        assert!(kept.get(&key(1, Kind::Card), 7, at(100)).is_none(), "its time is over");
        assert!(kept.get(&key(1, Kind::Print), 7, at(99)).is_none(), "something else of it");
        assert!(kept.get(&Key { lang: "en", ..key(1, Kind::Card) }, 7, at(99)).is_none(), "another language");
        (2..=20).for_each(|n| kept.keep(key(n, Kind::Card), made.clone()));
        let octets: usize = kept.lock().values().map(|made| made.body.len()).sum();
        assert!(octets <= MOST, "{octets}");
    }

    #[test]
    fn a_tag_is_another_one_when_anything_is() {
        let published = Published {
            id: "wrn_1".to_owned(),
            class: nadhir_core::cbs::Class::Live,
            cap: b"<alert/>".to_vec(),
            at: at(1),
            expires: at(100),
            ended: None,
            cancel: None,
        };
        let of = |published: &Published| tag(&key(1, Kind::Card), published, "1");
        let first = of(&published);
        assert_eq!(first, of(&published.clone()));
        let ended = Published { ended: Some(at(50)), ..published.clone() };
        let cancelled = Published { cancel: Some("<alert/>".to_owned()), ..ended.clone() };
        let other = Published { cap: b"<alert />".to_vec(), ..published.clone() };
        let english = tag(&Key { lang: "en", ..key(1, Kind::Card) }, &published, "1");
        let print = tag(&key(1, Kind::Print), &published, "1");
        let second = tag(&key(1, Kind::Card), &published, "2");
        let all = [first, of(&ended), of(&cancelled), of(&other), english, print, second];
        let different: std::collections::HashSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len(), "{all:?}");
    }
}
