//! The CBC's own interface over HTTP: submit, cancel, update, status. Faults on purpose act here; the simulation's is sim.rs.

use crate::broadcast::{Broadcast, State};
use crate::cap::{self, Alert};
use crate::fault::Fault as OnPurpose;
use crate::journal::Journal;
use crate::line::Cut;
use crate::network::{Identity, Network, Stopped};
use crate::operator::no_such_path;
use crate::order::{Encoder, Rounds, messages};
use crate::refusal::{Fault, Refusal};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Path, Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// No body is larger: 2 MB.
const MOST_OCTETS: usize = 2 * 1024 * 1024;
/// A body that has not come by then is given up.
const BODY_DEADLINE: Duration = Duration::from_secs(5);

/// What all requests to one CBC share.
#[derive(Debug)]
pub(crate) struct Cbc {
    network: Arc<Mutex<Network>>,
    /// Which of the sites in front of the network it is.
    pub(crate) site: usize,
    /// What is wrong on purpose.
    pub(crate) fault: watch::Sender<OnPurpose>,
    /// The requests seen.
    pub(crate) journal: Journal,
    /// Ends the server.
    pub(crate) stop: CancellationToken,
}

impl Cbc {
    /// A CBC in front of a network.
    pub(crate) fn new(network: Network, fault: OnPurpose) -> Cbc {
        Cbc::in_front_of(Arc::new(Mutex::new(network)), fault)
    }

    /// Another site in front of the same network, with faults and a journal of its own.
    pub(crate) fn beside(&self, fault: OnPurpose) -> Cbc {
        Cbc::in_front_of(Arc::clone(&self.network), fault)
    }

    fn in_front_of(network: Arc<Mutex<Network>>, fault: OnPurpose) -> Cbc {
        let (fault, _) = watch::channel(fault);
        let site = network.lock().unwrap_or_else(PoisonError::into_inner).open_site();
        Cbc { network, site, fault, journal: Journal::default(), stop: CancellationToken::new() }
    }

    /// The network, one request at a time.
    pub(crate) fn network(&self) -> MutexGuard<'_, Network> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> OnPurpose {
        *self.fault.borrow()
    }

    /// Waits while the fault is `hang`.
    async fn hang(&self) {
        let mut fault = self.fault.subscribe();
        tokio::select! {
            () = self.stop.cancelled() => {}
            _ = fault.wait_for(|fault| *fault != OnPurpose::Hang) => {}
        }
    }
}

/// Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// `POST /cap`: an alert, an update or a cancel.
pub(crate) async fn submit(
    Shared(cbc): Shared<Arc<Cbc>>,
    ConnectInfo(line): ConnectInfo<Cut>,
    rounds: Result<Query<Rounds>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fault = cbc.fault();
    if fault.speaks_ecbe() {
        return no_such_path().await.into_response();
    }
    if fault == OnPurpose::Hang {
        cbc.hang().await;
        line.cut();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let body = match read_body(&headers, body).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    if fault == OnPurpose::Refuse {
        let reason = Fault::new("refused", "the operator's CBC refuses: maintenance lock");
        return Refusal::of(StatusCode::FORBIDDEN, "refused", reason).into_response();
    }
    let worker = Arc::clone(&cbc);
    let done = tokio::task::spawn_blocking(move || act(&worker, &body, rounds, fault)).await;
    if fault == OnPurpose::LostAnswer {
        line.cut();
    }
    if fault == OnPurpose::BadGateway {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match done {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `GET /messages/{identifier}/{serial}`: where a message stands.
pub(crate) async fn status(
    Shared(cbc): Shared<Arc<Cbc>>,
    ConnectInfo(line): ConnectInfo<Cut>,
    Path((identifier, serial)): Path<(String, String)>,
) -> Response {
    if cbc.fault().speaks_ecbe() {
        return no_such_path().await.into_response();
    }
    if cbc.fault() == OnPurpose::Hang {
        cbc.hang().await;
        line.cut();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let network = cbc.network();
    let found = identifier
        .parse()
        .ok()
        .zip(serial.parse().ok())
        .and_then(|identity: Identity| network.find(identity))
        .filter(|broadcast| broadcast.taken_at.contains(&cbc.site));
    let Some(broadcast) = found else {
        let words = format!("no message {identifier:.10} with serial {serial:.10} is known here");
        return Refusal::of(StatusCode::NOT_FOUND, "not found", Fault::new("message.unknown", words))
            .into_response();
    };
    Json(describe(broadcast, &network, now_ms())).into_response()
}

async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/cap+xml") {
        let fault =
            Fault::new("body.type", format!("the content type is \"{kind:.60}\", not application/cap+xml"));
        return Err(Refusal::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not an alert", fault));
    }
    match tokio::time::timeout(BODY_DEADLINE, axum::body::to_bytes(body, MOST_OCTETS)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => {
            let fault =
                Fault::new("body.size", format!("the body broke off or is larger than {MOST_OCTETS} octets"));
            Err(Refusal::of(StatusCode::PAYLOAD_TOO_LARGE, "the body cannot be taken", fault))
        }
        Err(_) => {
            let fault = Fault::new(
                "body.late",
                format!("the body did not come within {} s", BODY_DEADLINE.as_secs()),
            );
            Err(Refusal::of(StatusCode::REQUEST_TIMEOUT, "the body is late", fault))
        }
    }
}

fn act(
    cbc: &Cbc,
    body: &[u8],
    rounds: Result<Query<Rounds>, QueryRejection>,
    fault: OnPurpose,
) -> Result<Value, Refusal> {
    let alert =
        cap::read(body).map_err(|faults| Refusal { faults, ..Refusal::unreadable(Fault::new("", "")) })?;
    match alert.msg_type.as_str() {
        "Cancel" => cancel(cbc, &alert),
        "Alert" => {
            let taken = take(cbc, &alert, rounds, fault)?;
            Ok(json!({ "messages": taken }))
        }
        "Update" => {
            if alert.references.is_empty() {
                return Err(no_reference());
            }
            let taken = take(cbc, &alert, rounds, fault)?;
            let keep: Vec<Identity> = cbc
                .network()
                .broadcasts
                .iter()
                .filter(|broadcast| broadcast.alerts.contains(&alert.reference))
                .map(Broadcast::identity)
                .collect();
            let stopped = cbc.network().stop(cbc.site, &alert.references, &keep, now_ms());
            Ok(json!({ "messages": taken, "stopped": identities(&stopped), "unknown": stopped.unknown }))
        }
        other => {
            let fault =
                Fault::new("cap.msg_type", format!("msgType {other:.20} is none of Alert, Update, Cancel"));
            Err(Refusal::unprocessable(vec![fault]))
        }
    }
}

fn cancel(cbc: &Cbc, alert: &Alert) -> Result<Value, Refusal> {
    if alert.references.is_empty() {
        return Err(no_reference());
    }
    let stopped = cbc.network().stop(cbc.site, &alert.references, &[], now_ms());
    Ok(json!({ "stopped": identities(&stopped), "unknown": stopped.unknown }))
}

fn no_reference() -> Refusal {
    Refusal::unprocessable(vec![Fault::new(
        "cap.references",
        "a Cancel or an Update refers to the alerts it ends",
    )])
}

fn take(
    cbc: &Cbc,
    alert: &Alert,
    rounds: Result<Query<Rounds>, QueryRejection>,
    fault: OnPurpose,
) -> Result<Vec<Value>, Refusal> {
    let Query(rounds) = rounds.map_err(|rejection| {
        let words = format!(
            "period_2g, broadcasts_2g, period_s and broadcasts are needed: {}",
            rejection.body_text()
        );
        Refusal::unreadable(Fault::new("rounds.form", words))
    })?;
    let now = now_ms();
    let (messages, mut faults) = match messages(alert, encoder(fault), now) {
        Ok(messages) => (messages, Vec::new()),
        Err(faults) => (Vec::new(), faults),
    };
    faults.extend(rounds.faults());
    if !faults.is_empty() {
        return Err(Refusal::unprocessable(faults));
    }
    let answer = messages
        .iter()
        .map(|message| {
            json!({
                "identifier": message.header.identifier,
                "serial": message.header.serial,
                "pages_sha256": message.pages_sha256,
                "state": "accepted",
            })
        })
        .collect();
    let mut network = cbc.network();
    network.take(&alert.reference, &alert.references, messages, rounds, now, fault.delay_ms())?;
    network.hold(cbc.site, &alert.reference);
    Ok(answer)
}

fn encoder(fault: OnPurpose) -> Encoder {
    match fault {
        OnPurpose::OwnBytes => Encoder::Own,
        OnPurpose::PlainTable => Encoder::PlainTable,
        OnPurpose::None
        | OnPurpose::Late { .. }
        | OnPurpose::Refuse
        | OnPurpose::Hang
        | OnPurpose::LostAnswer
        | OnPurpose::BadGateway
        | OnPurpose::Ecbe
        | OnPurpose::EcbeLostAnswer => Encoder::Order,
    }
}

fn identities(stopped: &Stopped) -> Vec<Value> {
    stopped
        .messages
        .iter()
        .map(|(identifier, serial)| json!({ "identifier": identifier, "serial": serial }))
        .collect()
}

fn describe(broadcast: &Broadcast, network: &Network, now_ms: i64) -> Value {
    let state: State = broadcast.state(&network.cells, now_ms);
    let cells: Vec<&str> = broadcast
        .cells_at(&network.cells, now_ms)
        .into_iter()
        .map(|cell| network.cells[cell].key.as_str())
        .collect();
    let (identifier, serial) = broadcast.identity();
    json!({
        "identifier": identifier,
        "serial": serial,
        "pages_sha256": broadcast.message.pages_sha256,
        "state": state,
        "cells": cells,
        "cells_total": broadcast.targets.len(),
    })
}
