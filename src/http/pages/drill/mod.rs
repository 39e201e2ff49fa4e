//! The drills: every warning on an exercise channel, newest first, with the way to its lanes and to its report.

/// The same as JSON.
pub(super) mod api;
/// A drill is planned here, and asked for.
pub(super) mod plan;
/// The report of one.
pub(super) mod report;
/// The words of these pages.
pub(super) mod words;

use super::board::{Row, row, views};
use super::failed::Failed;
use super::frame::Frame;
use super::visit::Signed;
use super::{Console, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "drill.html")]
struct Page {
    f: Frame,
    rows: Vec<Drill>,
    /// Whether the visitor may ask for one.
    asks: bool,
}

/// One drill in the list.
struct Drill {
    row: Row,
    verdict: Option<Verdict>,
}

/// What became of it; there is a report from then on.
enum Verdict {
    Met,
    NotMet,
}

/// `GET /drill`
pub(super) async fn show(State(console): State<Console>, signed: Signed) -> Result<Response, Failed> {
    let f = signed.frame;
    let views = views(&console).await.map_err(|e| Failed::new(f.clone(), e))?;
    let drills = views.iter().filter(|view| view.summary["class"] == "drill");
    let rows = drills
        .map(|view| Drill {
            row: row(&console, &f, view),
            verdict: match (view.operators.is_empty() || !view.settled, view.met) {
                (true, _) => None,
                (false, true) => Some(Verdict::Met),
                (false, false) => Some(Verdict::NotMet),
            },
        })
        .collect();
    Ok(render(&Page { rows, asks: signed.session.role.may_drill(), f: f.of_class("drill") }))
}
