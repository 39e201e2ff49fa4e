//! The warning on paper: series and number, every language, the map, and the triple that names it for ever.

use super::card::place;
use super::kept::Kind;
use super::words::{Words, moment};
use super::{Item, Problem, Public, made};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use nadhir_core::cap::Reference;

const STYLE: &str = include_str!("../../../console/print.css");

#[derive(Template)]
#[template(path = "public/print.html")]
struct Page {
    w: &'static Words,
    id: String,
    other: &'static str,
    other_name: &'static str,
    bulletin: String,
    /// What must be known first.
    notices: Vec<&'static str>,
    issued: String,
    until: String,
    headline: String,
    texts: Vec<Text>,
    regions: String,
    map: String,
    name: String,
}

struct Text {
    language: String,
    dir: &'static str,
    headline: String,
    description: String,
    instruction: String,
    sender: String,
}

/// `GET /w/{id}/print`
pub(super) async fn show(
    State(public): State<Public>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    made(&public, (id, &uri, &headers), (Kind::Print, "text/html; charset=utf-8"), page).await
}

fn page(public: &Public, item: &Item, w: &'static Words) -> Page {
    let (regions, map) = place(public, item, w);
    let mut texts: Vec<Text> = item
        .alert
        .infos
        .iter()
        .map(|info| {
            let language = info.primary_language();
            Text {
                dir: if ["ar", "ur"].contains(&language.as_str()) { "rtl" } else { "ltr" },
                headline: info.headline.clone().unwrap_or_default(),
                description: info.description.clone().unwrap_or_default(),
                instruction: info.instruction.clone().unwrap_or_default(),
                sender: info.sender_name.clone().unwrap_or_default(),
                language,
            }
        })
        .collect();
    texts.sort_by_key(|text| text.language != w.lang);
    let (other, other_name) = if w.lang == "ar" { ("en", "English") } else { ("ar", "العربية") };
    Page {
        w,
        other,
        other_name,
        bulletin: item.numbered(w),
        notices: item.notices(w),
        issued: moment(item.published.at),
        until: moment(item.published.expires),
        headline: w.info(&item.alert).and_then(|info| info.headline.clone()).unwrap_or_default(),
        texts,
        regions,
        map,
        name: Reference::of(&item.alert).to_string(),
        id: item.published.id.clone(),
    }
}

/// `GET /print.css`
pub(super) async fn style() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, STYLE)
}
