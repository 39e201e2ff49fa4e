//! The drills: every warning on an exercise channel, newest first. The report of a drill is not written here.

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
    rows: Vec<Row>,
}

/// `GET /drill`
pub(super) async fn show(State(console): State<Console>, signed: Signed) -> Result<Response, Failed> {
    let f = signed.frame;
    let views = views(&console).await.map_err(|e| Failed::new(f.clone(), e))?;
    let rows = views.iter().map(|view| row(&console, &f, view)).filter(|row| row.drill).collect();
    Ok(render(&Page { rows, f: f.of_class("drill") }))
}
