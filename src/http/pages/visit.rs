//! Who visits, in which language; and for what changes anything: from our own page, with the session's own form token.

use super::failed::Failed;
use super::frame::Frame;
use super::locale::Lang;
use super::{Console, fields::Fields};
use crate::http::problem::Problem;
use crate::people::Session;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::convert::Infallible;
use subtle::ConstantTimeEq as _;

/// The session's cookie.
pub(super) const SESSION: &str = "nadhir";
/// The language's cookie.
pub(super) const LANG: &str = "lang";

/// Anybody's visit.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) lang: Lang,
    pub(super) path: String,
    pub(super) session: Option<Session>,
    /// The session's cookie as it came.
    pub(super) cookie: Option<String>,
}

/// The visit of somebody signed in.
pub(super) struct Signed {
    pub(super) session: Session,
    pub(super) frame: Frame,
}

/// A form sent by somebody signed in, from our own page. To hold one is the proof of both.
pub(super) struct Post {
    pub(super) signed: Signed,
    pub(super) fields: Fields,
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}

impl FromRequestParts<Console> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Visit, Infallible> {
        let asked = parts
            .uri
            .query()
            .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")))
            .and_then(Lang::parse);
        let accepted = || {
            let header = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
            Lang::accepted(header.unwrap_or_default())
        };
        let lang = asked
            .or_else(|| cookie(&parts.headers, LANG).as_deref().and_then(Lang::parse))
            .unwrap_or_else(accepted);
        let cookie = cookie(&parts.headers, SESSION);
        let now = console.hub.clock().now();
        let session = cookie.as_deref().and_then(|cookie| console.sessions.find(cookie, now));
        Ok(Visit { lang, path: parts.uri.path().to_owned(), session, cookie })
    }
}

impl FromRequestParts<Console> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Signed, Response> {
        let Ok(visit) = Visit::from_request_parts(parts, console).await;
        let frame = Frame::of(console, &visit);
        let session = visit.session.ok_or_else(|| Redirect::to("/sign-in").into_response())?;
        // An operator's engineer has one page, with their own deliveries.
        if !session.role.sees_all() && !visit.path.starts_with("/operator") && visit.path != "/events" {
            if visit.path == "/" {
                return Err(Redirect::to("/operators").into_response());
            }
            let problem = Problem::new(StatusCode::FORBIDDEN, "role", "Not yours to see", visit.path);
            return Err(Failed::new(frame, problem).into_response());
        }
        Ok(Signed { session, frame })
    }
}

impl FromRequest<Console> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Post, Response> {
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, console).await?;
        let refuse = |code: &'static str, title: &'static str| {
            Failed::new(signed.frame.clone(), Problem::new(StatusCode::FORBIDDEN, code, title, ""))
                .into_response()
        };
        if !same_origin(&parts.headers) {
            return Err(refuse("origin", "Sent from another site"));
        }
        let role = &signed.session.role;
        // Of what changes anything, the regulator's is to ask for a drill.
        let drill = role.may_drill() && ["/drill", "/drill/plan"].contains(&parts.uri.path());
        if !role.may_act() && !drill {
            return Err(refuse("role", "Not yours to change"));
        }
        let fields = Fields::read(Request::from_parts(parts, body), console)
            .await
            .map_err(|problem| Failed::new(signed.frame.clone(), problem).into_response())?;
        let given = fields.get("form").as_bytes();
        if !bool::from(given.ct_eq(signed.session.form.as_bytes())) {
            return Err(refuse("form_token", "The form is not of this session"));
        }
        Ok(Post { signed, fields })
    }
}

/// Whether a form was sent from a page of ours: browsers name the origin with every form.
pub(super) fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let site = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    site.is_none_or(|site| site == "same-origin") && origin.is_some() && origin == text(header::HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_send_forms() {
        let check = |origin: Option<&str>, site: Option<&str>, good: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "127.0.0.1:7420".parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            assert_eq!(same_origin(&headers), good, "{origin:?} {site:?}");
        };
        check(Some("http://127.0.0.1:7420"), None, true);
        check(Some("http://127.0.0.1:7420"), Some("same-origin"), true);
        check(Some("http://127.0.0.1:7420"), Some("same-site"), false);
        check(Some("http://127.0.0.1:7421"), None, false);
        check(Some("https://elsewhere.example"), Some("cross-site"), false);
        check(Some("null"), None, false);
        check(None, None, false);
    }
}
