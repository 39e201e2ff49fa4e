//! An operator's own page: what was ordered from it, the CAP as it got it, and what it answered.

use super::board::standing;
use super::failed::Failed;
use super::frame::{Frame, Skew, moment, time};
use super::visit::Signed;
use super::warning::{Lane, lane};
use super::{Console, render, sheet};
use crate::dispatch::view::LaneView;
use crate::http::problem::Problem;
use crate::people::{Role, Session};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use nadhir_core::delivery::{Cause, Grade, Kind, More};

#[derive(Template)]
#[template(path = "operators.html")]
struct Choose {
    f: Frame,
    operators: Vec<String>,
}

#[derive(Template)]
#[template(path = "operator.html")]
struct Page {
    f: Frame,
    operator: String,
    /// How its adapter's clock stands to the hub's, as it last told.
    clock: Option<Skew>,
    deliveries: Vec<Delivery>,
}

struct Delivery {
    order: String,
    kind: &'static str,
    drill: bool,
    sequence: u64,
    headline: String,
    until: String,
    messages: Vec<(u16, u16, usize, String)>,
    cap_sha256: String,
    lane: Option<Lane>,
    answers: Vec<Answer>,
}

struct Answer {
    word: &'static str,
    heard_at: String,
    after: String,
    /// Figures and codes, and in English what was said.
    words: String,
    /// What it means, as a word of which each language has its own.
    cause: &'static str,
}

fn known(console: &Console, session: &Session, f: &Frame, name: &str) -> Result<(), Failed> {
    if !console.hub.operators().iter().any(|operator| operator == name) {
        let problem = Problem::new(StatusCode::NOT_FOUND, "no_operator", "No such operator", name);
        return Err(Failed::new(f.clone(), problem));
    }
    if !session.role.sees(name) {
        let problem = Problem::new(StatusCode::FORBIDDEN, "role", "Not yours to see", name);
        return Err(Failed::new(f.clone(), problem));
    }
    Ok(())
}

/// `GET /operators`
pub(super) async fn choose(State(console): State<Console>, signed: Signed) -> Response {
    if let Role::Operator(own) = &signed.session.role {
        return Redirect::to(&format!("/operators/{own}")).into_response();
    }
    render(&Choose { f: signed.frame, operators: console.hub.operators().to_vec() })
}

/// `GET /operators/{name}`
pub(super) async fn show(
    State(console): State<Console>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Failed> {
    let f = signed.frame;
    known(&console, &signed.session, &f, &name)?;
    let fail = |e| Failed::new(f.clone(), Problem::from(e));
    let mut deliveries = Vec::new();
    for id in standing(&console).await.map_err(fail)? {
        let view = console.hub.view(&id).await.map_err(fail)?;
        let receipts = console.hub.store().receipts(&id).await.map_err(fail)?;
        let of = |lanes: &[LaneView]| lanes.iter().find(|lane| lane.operator == name).cloned();
        let (told, stopped) = (of(&view.operators), of(&view.cancel));
        for outgoing in console.hub.store().orders(&id).await.map_err(fail)? {
            let order = outgoing.order;
            if order.operator != name {
                continue;
            }
            let own = match order.kind {
                Kind::Alert | Kind::Update => told.as_ref(),
                Kind::Cancel => stopped.as_ref(),
            };
            let answers = receipts.iter().filter(|heard| heard.receipt.delivery == order.delivery);
            deliveries.push(Delivery {
                kind: order.kind.word(),
                drill: order.class.word() == "drill",
                sequence: order.sequence,
                headline: sheet::headline(&view.summary, f.lang),
                until: moment(order.expires),
                messages: own
                    .map(|lane| {
                        let row = |m: &crate::dispatch::view::MessageView| {
                            (m.identifier, m.serial, m.pages, m.languages.join(" "))
                        };
                        lane.messages.iter().map(row).collect()
                    })
                    .unwrap_or_default(),
                cap_sha256: order.cap_sha256.to_string(),
                lane: own.map(lane),
                answers: answers
                    .map(|heard| Answer {
                        word: heard.receipt.grade.word(),
                        cause: cause(&heard.receipt.grade),
                        heard_at: time(heard.receipt.heard_at),
                        after: format!("{:.0}", heard.after.as_secs_f64() * 1000.0),
                        words: words(&heard.receipt.grade),
                    })
                    .collect(),
                order: order.delivery,
            });
        }
    }
    let clock = console.hub.clocks().ahead(&name).map(|by| Skew::of(by, f.lang));
    Ok(render(&Page { operator: name, clock, deliveries, f }))
}

/// What a grade that is no good news means.
const fn cause(grade: &Grade) -> &'static str {
    match grade {
        Grade::Unconfirmed { .. } => Cause::OwnBytes.word(),
        Grade::Unknown { .. } => Cause::NoAnswer.word(),
        Grade::Rejected { .. } => Cause::Refused.word(),
        Grade::OnAir { outside: 1.., .. } => Cause::Outside.word(),
        Grade::OnAir { cells: 0, .. } => Cause::NoCell.word(),
        Grade::Accepted { more: More::Never } => Cause::TellsNoMore.word(),
        Grade::Queued
        | Grade::Taken
        | Grade::Accepted { more: More::Expected }
        | Grade::OnAir { .. }
        | Grade::Stopped
        | Grade::Superseded
        | Grade::Cancelled
        | Grade::Expired => "",
    }
}

/// What a grade says beyond its word.
fn words(grade: &Grade) -> String {
    match grade {
        Grade::OnAir { cells, expected, outside, .. } if *outside > 0 => {
            format!("{cells} / {expected}, {outside} outside")
        }
        Grade::OnAir { cells, expected, .. } => format!("{cells} / {expected}"),
        Grade::Unconfirmed { why } | Grade::Unknown { why } => why.clone(),
        Grade::Rejected { code, words } => format!("{code}: {words}"),
        Grade::Queued
        | Grade::Taken
        | Grade::Accepted { .. }
        | Grade::Stopped
        | Grade::Superseded
        | Grade::Cancelled
        | Grade::Expired => String::new(),
    }
}

/// `GET /operators/{name}/orders/{delivery}`: the exact CAP of one order.
pub(super) async fn cap(
    State(console): State<Console>,
    signed: Signed,
    Path((name, delivery)): Path<(String, String)>,
) -> Result<Response, Failed> {
    let f = signed.frame;
    known(&console, &signed.session, &f, &name)?;
    let fail = |e| Failed::new(f.clone(), Problem::from(e));
    for id in standing(&console).await.map_err(fail)? {
        let orders = console.hub.store().orders(&id).await.map_err(fail)?;
        let own = |o: &crate::store::Outgoing| o.order.operator == name && o.order.delivery == delivery;
        if let Some(found) = orders.into_iter().find(own) {
            let headers = [
                (header::CONTENT_TYPE, "application/cap+xml; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            return Ok((headers, found.order.cap).into_response());
        }
    }
    let problem = Problem::new(StatusCode::NOT_FOUND, "no_order", "No such order", delivery);
    Err(Failed::new(f, problem))
}
