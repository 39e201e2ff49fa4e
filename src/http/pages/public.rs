//! The page behind a warning, for anybody with a phone: no script, no session, a few kilobytes, every language of the warning.

use super::board::state;
use super::failed::Failed;
use super::frame::{Frame, moment};
use super::sheet::{self, Sheet};
use super::visit::Visit;
use super::{Console, render};
use crate::http::problem::Problem;
use crate::store::StoreError;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use nadhir_core::cap::{self, Limits};

#[derive(Template)]
#[template(path = "public.html")]
struct Page {
    f: Frame,
    s: Sheet,
    state: String,
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

/// `GET /w/{id}`: what was told to everybody, and nothing that was not.
pub(super) async fn show(
    State(console): State<Console>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let f = Frame::of(&console, &visit);
    let fail = |e| Failed::new(f.clone(), Problem::from(e));
    let view = console.hub.view(&id).await.map_err(fail)?;
    // Nobody was told: whether it waits, was withdrawn or ran out unapproved, it is not for the public.
    if view.operators.is_empty() {
        return Err(fail(StoreError::NoWarning(id)));
    }
    let stored = console.hub.store().warning(&id).await.map_err(fail)?;
    let (alert, _) = cap::read(&stored.cap, &Limits::cap());
    let infos = alert.map(|alert| alert.infos).unwrap_or_default();
    let s = sheet::sheet(&console, f.lang, &view.summary, &stored.cap);
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
    Ok(render(&Page {
        state: state(&view, f.now),
        drill: s.class == "drill",
        issued: moment(view.submitted_at),
        texts,
        s,
        f,
    }))
}
