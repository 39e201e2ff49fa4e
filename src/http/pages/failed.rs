//! What did not go, as a page: the words of the problem in the visitor's language, and the way back.

use super::frame::Frame;
use super::render;
use crate::http::problem::Problem;
use askama::Template;
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
