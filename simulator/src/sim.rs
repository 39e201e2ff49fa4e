//! The simulation's own interface: what phones showed, what is on air, faults on purpose, replay, the requests seen.

use crate::broadcast::{Broadcast, Reading, State};
use crate::cap::polygon;
use crate::cbc::{Cbc, now_ms};
use crate::cells::Rat;
use crate::fault::Fault as OnPurpose;
use crate::page;
use crate::refusal::{Fault, Refusal};
use crate::report::report;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// From when on phones are counted, and for which messages.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    /// Unix milliseconds; without it the first acceptance.
    since_ms: Option<i64>,
    /// `identifier:serial`, commas between; without it every message.
    #[serde(default)]
    messages: String,
}

impl Since {
    fn messages(&self) -> Option<Vec<(u16, u16)>> {
        let one = |text: &str| {
            let (identifier, serial) = text.split_once(':')?;
            Some((identifier.parse().ok()?, serial.parse().ok()?))
        };
        self.messages.split(',').filter(|text| !text.is_empty()).map(one).collect()
    }
}

/// `GET /livez`.
pub(crate) async fn live(Shared(cbc): Shared<Arc<Cbc>>) -> Json<Value> {
    let network = cbc.network();
    let (cells, phones) = (network.cells.len(), network.phones.len());
    Json(json!({ "operator": network.operator, "cells": cells, "phones": phones }))
}

/// `GET /sim/phones?since_ms=&messages=`.
pub(crate) async fn phones(
    Shared(cbc): Shared<Arc<Cbc>>,
    since: Result<Query<Since>, QueryRejection>,
) -> Response {
    let Ok(Query(since)) = since else {
        return Refusal::unreadable(Fault::new("query", "since_ms is a number of milliseconds"))
            .into_response();
    };
    let Some(only) = since.messages() else {
        return Refusal::unreadable(Fault::new("query", "messages are written identifier:serial"))
            .into_response();
    };
    let counted = tokio::task::spawn_blocking(move || {
        let network = cbc.network();
        let accepted = network
            .broadcasts
            .iter()
            .flat_map(|broadcast| &broadcast.sendings)
            .map(|sending| sending.accepted_ms);
        report(&network, since.since_ms.or(accepted.min()).unwrap_or(0), &only)
    });
    counted.await.map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        |report| Json(report).into_response(),
    )
}

/// An area to be counted.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Each as CAP writes it: `lat,lon lat,lon ...`, closed.
    polygons: Vec<String>,
}

/// `POST /sim/census`: how many phones that can receive listen to a cell that meets the area, broadcast or not. What an
/// operator that refuses or is silent leaves unwarned shows only here.
pub(crate) async fn census(
    Shared(cbc): Shared<Arc<Cbc>>,
    form: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let rings = form.map_err(|rejection| rejection.body_text()).and_then(|Json(asked)| {
        asked.polygons.iter().map(|text| polygon(text)).collect::<Result<Vec<_>, _>>()
    });
    match rings {
        Ok(rings) => Json(cbc.network().census(&rings)).into_response(),
        Err(words) => Refusal::unreadable(Fault::new("polygons", words)).into_response(),
    }
}

/// `PUT /sim/fault`: `{"fault":"late","delay_ms":11000}`.
pub(crate) async fn set_fault(
    Shared(cbc): Shared<Arc<Cbc>>,
    form: Result<Json<Value>, JsonRejection>,
) -> Response {
    let named = form.map_err(|rejection| rejection.body_text()).and_then(|Json(form)| {
        let name = form.get("fault").and_then(Value::as_str).unwrap_or_default();
        let fault: OnPurpose = name.parse().map_err(|error: crate::fault::NoSuchFault| error.to_string())?;
        Ok(fault.with_delay(form.get("delay_ms").and_then(Value::as_u64)))
    });
    match named {
        Ok(fault) => {
            cbc.fault.send_replace(fault);
            Json(fault).into_response()
        }
        Err(words) => Refusal::unreadable(Fault::new("fault", words)).into_response(),
    }
}

/// `POST /sim/replay`: what this site holds.
pub(crate) async fn replay(Shared(cbc): Shared<Arc<Cbc>>) -> Json<Value> {
    Json(json!({ "replayed": cbc.network().replay(cbc.site, now_ms()) }))
}

/// `GET /sim/air`: what is on air now, as its phones read it.
pub(crate) async fn air(Shared(cbc): Shared<Arc<Cbc>>) -> Json<Value> {
    let (network, now) = (cbc.network(), now_ms());
    let on_air =
        network.broadcasts.iter().filter(|broadcast| broadcast.state(&network.cells, now) == State::OnAir);
    let messages: Vec<Value> = on_air
        .map(|broadcast: &Broadcast| {
            let (identifier, serial) = broadcast.identity();
            json!({
                "identifier": identifier,
                "serial": serial,
                "dcs": broadcast.message.header.dcs,
                "pages": broadcast.message.pages.len(),
                "languages": broadcast.message.words.iter().map(|(language, _)| language).collect::<Vec<_>>(),
                "alerts": broadcast.alerts,
                "cells": broadcast.cells_at(&network.cells, now).len(),
                "cells_total": broadcast.targets.len(),
                "sendings": broadcast.sendings.len(),
                "phone_2g": reading(broadcast.reading(Rat::Gsm)),
                "phone_4g": reading(broadcast.reading(Rat::Lte)),
            })
        })
        .collect();
    Json(json!({ "messages": messages }))
}

/// `GET /sim/bsc`: what the base station controller was told, each frame as hex.
pub(crate) async fn bsc(Shared(cbc): Shared<Arc<Cbc>>) -> Json<Value> {
    let network = cbc.network();
    let frames: Vec<Value> = network
        .bsc
        .iter()
        .map(|frame| json!({ "at_ms": frame.at_ms, "cbsp": page::hex(&frame.octets) }))
        .collect();
    Json(json!({ "frames": frames }))
}

/// `GET /sim/log`.
pub(crate) async fn log(Shared(cbc): Shared<Arc<Cbc>>) -> Response {
    Json(json!({ "requests": cbc.journal.entries() })).into_response()
}

fn reading(reading: &Reading) -> Value {
    match &reading.text {
        Ok(read) => json!({ "text": read.text, "language": read.language, "says_it": reading.says_it }),
        Err(why) => json!({ "unreadable": why.to_string(), "says_it": false }),
    }
}
