//! The page behind a warning, for anybody with a phone: no script, no session, a few kilobytes, every language of the warning.

use super::board::state;
use super::failed::Failed;
use super::frame::{Frame, moment};
use super::locale::Lang;
use super::sheet::{self, Sheet};
use super::visit::Visit;
use super::{Console, headed, render};
use crate::http::problem::Problem;
use crate::store::StoreError;
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use nadhir_core::cap::{self, Limits};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

#[derive(Template)]
#[template(path = "public.html")]
struct Page {
    f: Frame,
    s: Sheet,
    id: String,
    /// Whether what lies beside the page can be fetched: until the time is over.
    beside: bool,
    /// Whether there is a document that cancelled it.
    cancelled: bool,
    state: String,
    expires: DateTime<Utc>,
    drill: bool,
    issued: String,
    texts: Vec<Text>,
}

struct Text {
    language: String,
    dir: &'static str,
    own_name: &'static str,
    headline: String,
    description: String,
    instruction: String,
    sender: String,
}

/// A language's own name and direction.
fn own(language: &str) -> (&'static str, &'static str) {
    match language {
        "ar" => ("العربية", "rtl"),
        "ur" => ("اردو", "rtl"),
        "hi" => ("हिन्दी", "ltr"),
        _ => ("English", "ltr"),
    }
}

/// So many pages are kept; a page of a few kilobytes each.
const KEPT: usize = 256;

/// Pages as they were written, by warning and language. Everybody with a phone asks for the same few.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<(String, Lang), Written>>);

#[derive(Clone)]
struct Written {
    html: Bytes,
    /// No warning has begun or ended since.
    lives: u64,
    /// From then on its time is over.
    until: Option<DateTime<Utc>>,
}

impl Kept {
    fn get(&self, key: &(String, Lang), lives: u64, now: DateTime<Utc>) -> Option<Bytes> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = all.get(key)?;
        let fresh = written.lives == lives && written.until.is_none_or(|until| now < until);
        fresh.then(|| written.html.clone())
    }

    fn keep(&self, key: (String, Lang), written: Written) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT && !all.contains_key(&key) {
            all.clear();
        }
        all.insert(key, written);
    }
}

/// `GET /w/{id}`: what was told to everybody, and nothing that was not.
pub(super) async fn show(
    State(console): State<Console>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let f = Frame::of(&console, &visit);
    let (key, now) = ((id, f.lang), f.now);
    // Before anything is read: whatever changes meanwhile makes the page old.
    let lives = console.hub.board().lives();
    if let Some(html) = console.told.get(&key, lives, now) {
        return Ok(headed(html));
    }
    let page = page(&console, f, &key.0).await?;
    let until = Some(page.expires).filter(|_| page.beside);
    let Ok(html) = page.render().map(Bytes::from) else { return Ok(render(&page)) };
    console.told.keep(key, Written { html: html.clone(), lives, until });
    Ok(headed(html))
}

async fn page(console: &Console, f: Frame, id: &str) -> Result<Page, Failed> {
    let fail = |e| Failed::new(f.clone(), Problem::from(e));
    let view = console.hub.view(id).await.map_err(fail)?;
    // Nobody was told: whether it waits, was withdrawn or ran out unapproved, it is not for the public.
    if view.operators.is_empty() {
        return Err(fail(StoreError::NoWarning(id.to_owned())));
    }
    let stored = console.hub.store().warning(id).await.map_err(fail)?;
    let (alert, _) = cap::read(&stored.cap, &Limits::cap());
    let infos = alert.map(|alert| alert.infos).unwrap_or_default();
    let s = sheet::sheet(console, f.lang, &view.summary, &stored.cap);
    let mut texts: Vec<Text> = infos
        .into_iter()
        .map(|info| {
            let language = info.primary_language();
            let (own_name, dir) = own(&language);
            Text {
                own_name,
                dir,
                headline: info.headline.unwrap_or_default(),
                description: info.description.unwrap_or_default(),
                instruction: info.instruction.unwrap_or_default(),
                sender: info.sender_name.unwrap_or_default(),
                language,
            }
        })
        .collect();
    // The visitor's own language first.
    texts.sort_by_key(|text| text.language != f.lang.code());
    Ok(Page {
        id: id.to_owned(),
        beside: f.now < stored.warning.expires,
        cancelled: view.state.word() == "cancelled",
        state: state(&view, f.now),
        expires: stored.warning.expires,
        drill: s.class == "drill",
        issued: moment(view.submitted_at),
        texts,
        s,
        f,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_old_when_a_life_changed_or_its_time_is_over() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let key = |n: usize| (format!("wrn_{n}"), Lang::Ar);
        let kept = Kept::default();
        let written = Written { html: Bytes::from_static(b"page"), lives: 7, until: Some(at(100)) };
        kept.keep(key(1), written.clone());
        assert!(kept.get(&key(1), 7, at(99)).is_some());
        assert!(kept.get(&key(1), 8, at(99)).is_none(), "a warning ended");
        assert!(kept.get(&key(1), 7, at(100)).is_none(), "its time is over");
        assert!(kept.get(&(key(1).0, Lang::En), 7, at(99)).is_none(), "another language");
        (2..=KEPT + 1).for_each(|n| kept.keep(key(n), written.clone()));
        assert!(kept.0.lock().unwrap().len() <= KEPT);
    }
}
