//! One warning: what waits is approved here, by somebody else; what is approved shows its ten seconds.

use super::board::state;
use super::failed::Failed;
use super::fields::number;
use super::frame::{Frame, grouped};
use super::origin::{self, Origin};
use super::phones::{self, Phones};
use super::sheet::{self, Sheet};
use super::visit::{Post, Signed};
use super::{Console, render};
use crate::dispatch::view::LaneView;
use crate::dispatch::{IssueError, Issued};
use crate::http::problem::Problem;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use nadhir_core::digest::Digest;
use tokio::task::JoinHandle;

/// A lane's picture: one millisecond to ten seconds, so many units for each power of ten, and a little beyond.
const DECADE: f64 = 110.0;
const WIDTH: f64 = 480.0;

#[derive(Template)]
#[template(path = "warning.html")]
struct Page {
    f: Frame,
    s: Sheet,
    id: String,
    state: String,
    /// Whether the visitor wrote it.
    own: bool,
    /// The warning it takes the place of.
    updates: Option<String>,
    /// Whether it can still be cancelled.
    open: bool,
    lanes: Vec<Lane>,
    /// The lanes of its cancel.
    stops: Vec<Lane>,
    /// What phones showed, where they can be counted.
    phones: Option<Phones>,
    verdict: Verdict,
    /// A drill's report, once each operator has answered or the ten seconds are over.
    report: Option<String>,
    /// Without JavaScript the page is asked for again after so many seconds.
    refresh: Option<u8>,
    slowest: String,
    /// The alert of another authority that it was made of, while it waits.
    origin: Option<Origin>,
    /// The count of governorates was not the one typed.
    miscounted: bool,
}

/// What became of the ten seconds.
#[derive(PartialEq, Eq)]
enum Verdict {
    UnderWay,
    Met,
    NotMet,
}

/// One operator's lane.
pub(super) struct Lane {
    pub(super) operator: String,
    pub(super) state: &'static str,
    pub(super) steps: Vec<Step>,
    pub(super) cells: Option<(u64, u64)>,
    /// Subscribers rung inside, rung outside, missed inside.
    pub(super) reach: Option<[String; 3]>,
    /// In English, the program's own and the operator's words.
    pub(super) reason: Option<String>,
    /// The same as a word, of which each language has its own.
    pub(super) cause: &'static str,
    /// The operator's code for its refusal.
    pub(super) code: Option<String>,
    pub(super) red: bool,
    pub(super) good: bool,
    /// How far the lane's bar goes.
    pub(super) bar: String,
}

/// A grade that was heard.
pub(super) struct Step {
    pub(super) word: &'static str,
    pub(super) ms: String,
    pub(super) x: String,
}

/// Fractions of a second and ten seconds are both seen: each power of ten has the same room.
fn x(ms: f64) -> f64 {
    (ms.max(1.0).log10() * DECADE).min(WIDTH)
}

/// A lane as the page draws it.
pub(super) fn lane(view: &LaneView) -> Lane {
    let heard = [
        ("queued", view.queued_ms),
        ("taken", view.taken_ms),
        ("accepted", view.accepted_ms),
        ("on_air", view.on_air_ms),
        ("stopped", view.stopped_ms),
    ];
    let steps: Vec<(&'static str, f64)> =
        heard.iter().filter_map(|(word, at)| Some((*word, (*at)?))).collect();
    let furthest = steps.iter().map(|(_, ms)| *ms).fold(0.0, f64::max);
    Lane {
        operator: view.operator.clone(),
        state: view.state,
        cells: view.cells_on_air.zip(view.cells_total),
        reach: view.people.map(|p| [p.rung_inside, p.rung_outside, p.missed_inside].map(grouped)),
        reason: view.reason.clone(),
        cause: view.cause.unwrap_or_default(),
        code: view.code.clone(),
        red: view.red,
        good: (view.on_air_ms.is_some() || view.stopped_ms.is_some() || view.accepted_is_final) && !view.red,
        bar: format!("{:.1}", x(furthest).max(3.0)),
        steps: steps
            .into_iter()
            .map(|(word, ms)| Step { word, ms: format!("{ms:.0}"), x: format!("{:.1}", x(ms).max(3.0)) })
            .collect(),
    }
}

async fn page(console: &Console, signed: Signed, id: &str, miscounted: bool) -> Result<Page, Failed> {
    let Signed { session, frame } = signed;
    let fail = |e| Failed::new(frame.clone(), Problem::from(e));
    let view = console.hub.view(id).await.map_err(fail)?;
    let stored = console.hub.store().warning(id).await.map_err(fail)?;
    let may_be_on_air = console.hub.may_be_on_air(id).await.map_err(fail)?;
    let s = sheet::sheet(console, frame.lang, &view.summary, &stored.cap);
    let mut f = frame.of_class(&s.class);
    f.path = format!("/warnings/{id}");
    let state = state(&view, f.now);
    let origin = match state.as_str() {
        "waiting" => origin::of_warning(console, &f, id).await.map_err(|e| Failed::new(f.clone(), e))?,
        _ => None,
    };
    let open = match state.as_str() {
        "waiting" | "approved" => true,
        "expired" => may_be_on_air,
        _ => false,
    };
    let phones = phones::of(console, &view, f.now);
    let grows = phones.as_ref().is_some_and(|phones| phones.grows);
    Ok(Page {
        report: (s.class == "drill" && view.settled).then(|| format!("/drill/{id}")),
        refresh: match (view.operators.is_empty(), view.settled) {
            (false, false) => Some(3),
            (true | false, _) => grows.then_some(15),
        },
        phones,
        open,
        state,
        updates: view.updates,
        stops: view.cancel.iter().map(lane).collect(),
        own: view.author == session.person.id,
        lanes: view.operators.iter().map(lane).collect(),
        verdict: match (view.met, view.settled) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::NotMet,
            (false, false) => Verdict::UnderWay,
        },
        slowest: view.slowest_ms.map(|ms| format!("{:.2}", ms / 1000.0)).unwrap_or_default(),
        id: view.warning,
        miscounted,
        origin,
        s,
        f,
    })
}

/// `GET /warnings/{id}`
pub(super) async fn show(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    Ok(render(&page(&console, signed, &id, false).await?))
}

/// `POST /warnings/{id}/approval`: the hash of what was seen, and the number of governorates typed.
pub(super) async fn approve(
    State(console): State<Console>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, Failed> {
    let frame = post.signed.frame.clone();
    let fail = |problem: Problem| Failed::new(frame.clone(), problem);
    let Some(hash) = Digest::parse(post.fields.get("hash")) else {
        return Err(fail(Problem::new(StatusCode::BAD_REQUEST, "form", "The form cannot be read", "")));
    };
    let view = console.hub.view(&id).await.map_err(|e| fail(e.into()))?;
    let count = view.summary["governorates"].as_array().map_or(0, Vec::len);
    if number(post.fields.get("count")) != u64::try_from(count).ok() {
        let page = page(&console, post.signed, &id, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response());
    }
    let (hub, person, warning) = (console.desk.clone(), post.signed.session.person, id.clone());
    let task = tokio::spawn(async move { hub.approve(&person, &warning, hash).await });
    ordered(task, &frame, &id).await
}

/// `POST /warnings/{id}/cancellation`: by one person; told to all who were told.
pub(super) async fn cancel(
    State(console): State<Console>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, Failed> {
    let Signed { session, frame } = post.signed;
    let (hub, warning) = (console.desk.clone(), id.clone());
    let task = tokio::spawn(async move { hub.cancel(&session.person, &warning).await });
    ordered(task, &frame, &id).await
}

/// What was asked is durable once it is answered, whatever becomes of the browser: the work does not hang on the request.
async fn ordered(
    task: JoinHandle<Result<Issued, IssueError>>,
    frame: &Frame,
    id: &str,
) -> Result<Response, Failed> {
    let done = task.await.map_err(|e| {
        tracing::error!(error = %e, "an order ended early");
        let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "It ended early", "");
        Failed::new(frame.clone(), problem)
    })?;
    done.map_err(|e| Failed::new(frame.clone(), e))?;
    Ok(Redirect::to(&format!("/warnings/{id}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_seconds_stand_where_the_line_is_drawn() {
        let template = include_str!("../../../console/templates/parts.html");
        for (ms, at) in [(10.0, 110.0), (100.0, 220.0), (1_000.0, 330.0), (10_000.0, 440.0)] {
            assert!((x(ms) - at).abs() < 1e-9, "{ms} ms");
            assert!(template.contains(&format!("x1=\"{at}\" x2=\"{at}\"")), "no mark at {at}");
        }
        assert!(x(0.0) >= 0.0 && x(60_000.0) <= WIDTH);
    }
}
