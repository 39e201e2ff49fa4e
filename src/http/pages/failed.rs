//! What did not go, as a page: the words of the problem in the visitor's language, and the way back.

use super::frame::Frame;
use super::visit::Visit;
use super::{Console, render};
use crate::http::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A page that could not be shown, or a form that changed nothing.
pub(super) struct Failed(Box<(Frame, Problem)>);

impl Failed {
    pub(super) fn new(frame: Frame, problem: impl Into<Problem>) -> Failed {
        Failed(Box::new((frame, problem.into())))
    }
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Page {
    f: Frame,
    code: &'static str,
    words: String,
    /// Words of the program itself, in English.
    detail: String,
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let (f, problem) = *self.0;
        let code = problem.code();
        let (words, whole) = f.t.problem(code).unwrap_or((problem.title(), false));
        let (words, detail) = (words.to_owned(), if whole { "" } else { problem.detail() }.to_owned());
        let status = problem.status();
        (status, render(&Page { f, code, words, detail })).into_response()
    }
}

/// An address that leads nowhere: a page for who reads pages, a problem for the API and whatever else asks.
pub(super) async fn nowhere(State(console): State<Console>, visit: Visit, headers: HeaderMap) -> Response {
    let words = format!("there is nothing at {}", visit.path);
    let problem = Problem::new(StatusCode::NOT_FOUND, "no_page", "No such page", words);
    let accepted = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let reads = accepted.flat_map(|kinds| kinds.split(',')).any(|kind| kind.trim().starts_with("text/html"));
    if reads && !visit.path.starts_with("/v1/") {
        Failed::new(Frame::of(&console, &visit), problem).into_response()
    } else {
        problem.into_response()
    }
}
