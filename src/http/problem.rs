//! Errors as problem+json (RFC 9457): one message for the caller here, another for the log where it happened.

use crate::dispatch::IssueError;
use crate::store::StoreError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use nadhir_core::fault::Fault;
use nadhir_core::warning::Refused;
use serde::Serialize;
use tracing::error;

/// What went wrong, for the caller.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    #[serde(skip)]
    status_code: StatusCode,
    status: u16,
    /// Stable; scripts hang on it.
    code: &'static str,
    title: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Pointed>,
}

#[derive(Debug, Serialize)]
struct Pointed {
    /// Where in the alert.
    pointer: String,
    code: String,
    level: nadhir_core::fault::Level,
    detail: String,
}

impl Problem {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Problem {
        Problem {
            status_code: status,
            status: status.as_u16(),
            code,
            title,
            detail: detail.into(),
            errors: vec![],
        }
    }

    pub(super) fn unauthenticated() -> Problem {
        let detail = "send the header Authorization: Bearer with your token";
        Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Who are you?", detail)
    }

    pub(super) fn deadline() -> Problem {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "deadline",
            "No answer in time",
            "ask for the state before trying again",
        )
    }

    /// Stable; scripts and translations hang on it.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// In a few words.
    pub(super) fn title(&self) -> &'static str {
        self.title
    }

    /// In more.
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status_code
    }

    /// A submitted body that was not read to its end.
    /// `most` octets are read.
    pub(super) fn body(status: StatusCode, why: String, most: usize) -> Problem {
        if status != StatusCode::PAYLOAD_TOO_LARGE {
            return Problem::new(status, "body", "The alert did not come whole", why);
        }
        let words = format!("the document is longer than {most} octets");
        let fault = Fault::error("cap.limit.octets", "alert", words);
        let detail = "nothing was recorded; each fault is named with its place";
        Problem::new(status, "invalid_cap", "The alert cannot be broadcast", detail).faults(vec![fault])
    }

    pub(super) fn faults(mut self, faults: Vec<Fault>) -> Problem {
        self.errors = faults
            .into_iter()
            .map(|f| Pointed { pointer: f.place, code: f.code, level: f.level, detail: f.message })
            .collect();
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (self.status_code, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Problem {
        let words = e.to_string();
        match e {
            StoreError::NoWarning(_) => {
                Problem::new(StatusCode::NOT_FOUND, "no_warning", "No such warning", words)
            }
            StoreError::NoDraft(_) => Problem::new(StatusCode::NOT_FOUND, "no_draft", "No such draft", words),
            StoreError::DraftChanged(_) => {
                Problem::new(StatusCode::PRECONDITION_FAILED, "draft_changed", "Changed meanwhile", words)
            }
            StoreError::Replayed { .. } => {
                Problem::new(StatusCode::CONFLICT, "replayed", "Submitted before", words)
            }
            StoreError::NameTaken { .. } => {
                Problem::new(StatusCode::CONFLICT, "identifier_taken", "Another has this identifier", words)
            }
            StoreError::CameBefore { .. } => {
                Problem::new(StatusCode::CONFLICT, "came_before", "It came before", words)
            }
            StoreError::Refused(refused) => {
                let (status, code) = match refused {
                    Refused::OwnWarning => (StatusCode::FORBIDDEN, "own_warning"),
                    Refused::StaleHash => (StatusCode::CONFLICT, "stale_hash"),
                    Refused::Expired(_) => (StatusCode::GONE, "expired"),
                    Refused::AlreadyApproved { .. } => (StatusCode::CONFLICT, "already_approved"),
                    Refused::Over(_) => (StatusCode::CONFLICT, "over"),
                    Refused::PredecessorOver(_) => (StatusCode::CONFLICT, "predecessor_over"),
                    Refused::NotYet(_) => (StatusCode::CONFLICT, "not_yet"),
                };
                Problem::new(status, code, "Refused", words)
            }
            StoreError::Exhausted(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "codes_exhausted",
                "No message codes are left",
                words,
            ),
            StoreError::Engine(_)
            | StoreError::Version { .. }
            | StoreError::Closed
            | StoreError::NotCommitted(_)
            | StoreError::Damaged { .. }
            | StoreError::BadReceipt { .. } => {
                error!(error = words, "the record failed");
                let detail = "nothing was recorded; the log of the hub says why";
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "record",
                    "The record could not be used",
                    detail,
                )
            }
        }
    }
}

impl From<IssueError> for Problem {
    fn from(e: IssueError) -> Problem {
        match e {
            IssueError::Invalid(faults, area) => {
                let code = if area { "invalid_area" } else { "invalid_cap" };
                let detail = "nothing was recorded; each fault is named with its place";
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, "The alert cannot be broadcast", detail)
                    .faults(faults)
            }
            IssueError::NotLive => {
                Problem::new(StatusCode::FORBIDDEN, "not_live", "Not set up for live warnings", e.to_string())
            }
            IssueError::UnknownAlert(_) => Problem::new(
                StatusCode::NOT_FOUND,
                "unknown_alert",
                "What it cancels is not known here",
                e.to_string(),
            ),
            IssueError::Store(e) => e.into(),
        }
    }
}
