//! Sign-in by a one-time link or by a person's own token; sign-out.

use super::failed::Failed;
use super::fields::Fields;
use super::frame::Frame;
use super::visit::{LANG, SESSION, Visit, same_origin};
use super::{Console, render};
use crate::http::auth::Known;
use crate::http::problem::Problem;
use crate::people;
use crate::people::session::SESSION_LIFE;
use crate::store::StoreError;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Ask {
    f: Frame,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    f: Frame,
}

fn no_randomness(_: getrandom::Error) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The operating system gave no randomness", "")
}

/// `GET /sign-in`
pub(super) async fn ask(State(console): State<Console>, visit: Visit) -> Response {
    render(&Ask { f: Frame::of(&console, &visit), wrong: false })
}

/// `POST /sign-in`, a person's token.
pub(super) async fn by_token(
    State(console): State<Console>,
    visit: Visit,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Failed> {
    let f = Frame::of(&console, &visit);
    let fail = |problem: Problem| Failed::new(f.clone(), problem);
    if !same_origin(&headers) {
        return Err(fail(Problem::new(StatusCode::FORBIDDEN, "origin", "Sent from another site", "")));
    }
    let fields = Fields::read(request, &console).await.map_err(fail)?;
    let found = people::by_token(console.hub.store(), fields.get("token"));
    match found.await.map_err(|e: StoreError| fail(e.into()))? {
        None => Ok((StatusCode::FORBIDDEN, render(&Ask { f, wrong: true })).into_response()),
        Some(person) => {
            let opened = console.sessions.open(person, console.hub.clock().now());
            let cookie = opened.map_err(|e| fail(no_randomness(e)))?;
            Ok((set(&console, &cookie), Redirect::to("/")).into_response())
        }
    }
}

/// `GET /sign-in/{token}`: once. A page between, since a redirect from elsewhere would leave the strict cookie behind.
pub(super) async fn by_link(
    State(console): State<Console>,
    mut visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failed> {
    "/".clone_into(&mut visit.path);
    let f = Frame::of(&console, &visit);
    let redeemed = console.sessions.redeem(&token, console.hub.clock().now());
    match redeemed.map_err(|e| Failed::new(f.clone(), no_randomness(e)))? {
        None => {
            let problem = Problem::new(StatusCode::GONE, "link", "The link was used or is too old", "");
            Err(Failed::new(f, problem))
        }
        Some(cookie) => Ok((set(&console, &cookie), render(&Welcome { f })).into_response()),
    }
}

/// `POST /sign-out`
pub(super) async fn out(State(console): State<Console>, visit: Visit, headers: HeaderMap) -> Response {
    if let Some(cookie) = visit.cookie.filter(|_| same_origin(&headers)) {
        console.sessions.end(&cookie);
    }
    let clear = format!("{SESSION}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    (AppendHeaders([(header::SET_COOKIE, clear)]), Redirect::to("/sign-in")).into_response()
}

/// `POST /v1/sign-in-links` with a person's own token: a link for their browser.
pub(super) async fn link(
    State(console): State<Console>,
    Known(person): Known,
) -> Result<Json<Value>, Problem> {
    let token = console.sessions.link(person, console.hub.clock().now()).map_err(no_randomness)?;
    Ok(Json(json!({ "path": format!("/sign-in/{token}") })))
}

fn set(console: &Console, cookie: &str) -> AppendHeaders<[(header::HeaderName, String); 1]> {
    let secure = if console.site.public { "; Secure" } else { "" };
    let life = SESSION_LIFE.as_secs();
    let value = format!("{SESSION}={cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age={life}{secure}");
    AppendHeaders([(header::SET_COOKIE, value)])
}

/// Remembers the language that a link asked for.
pub(super) async fn remember(request: Request, next: axum::middleware::Next) -> Response {
    let asked = request
        .uri()
        .query()
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")))
        .and_then(super::locale::Lang::parse);
    let mut response = next.run(request).await;
    if let Some(lang) = asked {
        let cookie = format!("{LANG}={}; SameSite=Strict; Path=/; Max-Age=31536000", lang.code());
        if let Ok(value) = cookie.parse() {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
