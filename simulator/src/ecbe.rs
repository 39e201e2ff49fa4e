//! The interface of Osmocom's CBC, traps and all: one message an identifier, for the whole network, and a 201 that says nothing.

use crate::cbc::{Cbc, now_ms};
use crate::fault::Fault as OnPurpose;
use crate::frames::Header;
use crate::geometry::Place;
use crate::line::Cut;
use crate::network::Network;
use crate::operator::no_such_path;
use crate::order::{Concurrent, Message, Rounds};
use crate::page::{self, PAGE_OCTETS, Page};
use crate::refusal::{Fault, Refusal};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// A message to be put on air.
#[derive(Debug, Deserialize)]
pub(crate) struct Put {
    repetition_period: u16,
    num_of_bcast: u16,
    /// `{"scope_plmn":{}}`, the only scope it knows: its whole network.
    scope: Value,
    smscb_message: Smscb,
}

#[derive(Debug, Deserialize)]
struct Smscb {
    message_id: u16,
    serial_nr: SerialNr,
    payload: Payload,
}

#[derive(Debug, Deserialize)]
struct SerialNr {
    serial_nr_encoded: u16,
}

#[derive(Debug, Deserialize)]
struct Payload {
    payload_encoded: Encoded,
}

#[derive(Debug, Deserialize)]
struct Encoded {
    dcs: u8,
    pages: Vec<String>,
}

/// `POST /api/ecbe/v1/message`: 201, also where it puts nothing on air; 409 where the identifier is taken.
pub(crate) async fn put(
    Shared(cbc): Shared<Arc<Cbc>>,
    ConnectInfo(line): ConnectInfo<Cut>,
    form: Result<Json<Put>, JsonRejection>,
) -> Response {
    let fault = *cbc.fault.borrow();
    if fault == OnPurpose::EcbeLostAnswer {
        line.cut();
    }
    match form {
        _ if !fault.speaks_ecbe() => no_such_path().await.into_response(),
        Ok(Json(put)) if put.scope.get("scope_plmn").is_some() => take(&cbc, &put).into_response(),
        Ok(_) => Refusal::unreadable(Fault::new("ecbe.form", "the scope is not scope_plmn")).into_response(),
        Err(rejection) => Refusal::unreadable(Fault::new("ecbe.form", rejection.body_text())).into_response(),
    }
}

/// `DELETE /api/ecbe/v1/message/{identifier}`: whatever is on air under it, whoever put it there.
pub(crate) async fn delete(Shared(cbc): Shared<Arc<Cbc>>, Path(identifier): Path<u16>) -> Response {
    if !cbc.fault.borrow().speaks_ecbe() {
        return no_such_path().await.into_response();
    }
    let mut network = cbc.network();
    let Some(name) = running(&network, identifier) else {
        let fault = Fault::new("message.unknown", format!("nothing is on air under {identifier}"));
        return Refusal::of(StatusCode::NOT_FOUND, "not found", fault).into_response();
    };
    network.stop(cbc.site, &[name], &[], now_ms());
    StatusCode::OK.into_response()
}

fn take(cbc: &Cbc, put: &Put) -> StatusCode {
    let (message, now) = (&put.smscb_message, now_ms());
    let mut network = cbc.network();
    if running(&network, message.message_id).is_some() {
        return StatusCode::CONFLICT;
    }
    let header = Header {
        identifier: message.message_id,
        serial: message.serial_nr.serial_nr_encoded,
        dcs: message.payload.payload_encoded.dcs,
    };
    let pages: Option<Vec<Page>> =
        message.payload.payload_encoded.pages.iter().map(|hex| padded(hex)).collect();
    // Pages it cannot encode go nowhere, and the answer is the same.
    if let Some(pages) = pages.filter(|pages| !pages.is_empty()) {
        let rounds = Rounds {
            period_2g: put.repetition_period,
            broadcasts_2g: put.num_of_bcast,
            period_s: put.repetition_period,
            broadcasts: put.num_of_bcast,
            concurrent: Concurrent::Yes,
        };
        let message = Message {
            header,
            pages_sha256: page::hash(&pages),
            pages,
            words: Vec::new(),
            area: vec![everywhere()],
            expires_ms: i64::MAX / 2,
        };
        let name = name(header.identifier, header.serial);
        // Nor does it say so when it is full.
        let _ = network.take(&name, &[], vec![message], rounds, now, 0);
        network.hold(cbc.site, &name);
    }
    StatusCode::CREATED
}

/// The name of what runs under an identifier.
fn running(network: &Network, identifier: u16) -> Option<String> {
    let runs = network.broadcasts.iter().find(|broadcast| {
        broadcast.message.header.identifier == identifier
            && broadcast.sendings.iter().any(|sending| sending.stopped_ms.is_none())
    });
    runs.map(|broadcast| name(identifier, broadcast.message.header.serial))
}

fn name(identifier: u16, serial: u16) -> String {
    format!("ecbe,{identifier},{serial}")
}

/// A whole page as hex: its useful length is not said, so all of it is text, padding too.
fn padded(hex: &str) -> Option<Page> {
    Page::parse(&format!("{hex} {PAGE_OCTETS}"))
}

fn everywhere() -> Vec<Place> {
    [(-89.0, -179.0), (-89.0, 179.0), (89.0, 179.0), (89.0, -179.0)]
        .map(|(lat, lon)| Place { lat, lon })
        .to_vec()
}
