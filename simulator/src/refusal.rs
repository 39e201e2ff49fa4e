//! Why a request is refused: every fault at once, a status, and the problem document (RFC 9457) that says so.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    /// Stable and dotted: `pages.hash`.
    pub(crate) code: &'static str,
    /// What and where, in words.
    pub(crate) message: String,
}

impl Fault {
    /// A fault of this code in these words.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into() }
    }
}

/// No answer names more faults than this.
const MOST_FAULTS: usize = 100;

/// A refusal: the answer's status, a title, and at least one fault; the first names the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The status of the answer, 4xx.
    pub(crate) status: StatusCode,
    /// The kind of trouble in a few words.
    pub(crate) title: &'static str,
    /// What is wrong.
    pub(crate) faults: Vec<Fault>,
}

impl Refusal {
    /// A refusal for one reason.
    pub(crate) fn of(status: StatusCode, title: &'static str, fault: Fault) -> Refusal {
        Refusal { status, title, faults: vec![fault] }
    }

    /// The request cannot be read: 400.
    pub(crate) fn unreadable(fault: Fault) -> Refusal {
        Refusal::of(StatusCode::BAD_REQUEST, "the request cannot be read", fault)
    }

    /// The request is understood and will not be carried out: 422.
    pub(crate) fn unprocessable(faults: Vec<Fault>) -> Refusal {
        Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, title: "the alert is not broadcast", faults }
    }
}

impl IntoResponse for Refusal {
    fn into_response(mut self) -> Response {
        self.faults.truncate(MOST_FAULTS);
        let detail: Vec<&str> = self.faults.iter().map(|fault| fault.message.as_str()).collect();
        let body = serde_json::json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": detail.join("; "),
            "code": self.faults.first().map_or("unknown", |fault| fault.code),
            "faults": self.faults,
        });
        let mut response = (self.status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
