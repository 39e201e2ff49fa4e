//! The links: each node of the broker, each operator's CBC, the hub's own port. Sends nothing that could be broadcast.

use super::Row;
use crate::config::{Config, TransportKind};
use futures_util::future::join_all;
use nadhir_amqp::address::Address;
use nadhir_amqp::{Broker, Settings, State};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// TCP, handshake and sign-in at a node.
const BROKER_DEADLINE: Duration = Duration::from_secs(3);
const HTTP_DEADLINE: Duration = Duration::from_secs(2);

/// Broker, hub and CBCs, side by side; for an operator, the broker and its CBC.
pub(super) async fn look(config: &Config, operator: Option<&str>) -> Vec<Row> {
    let client = match Client::builder().timeout(HTTP_DEADLINE).no_proxy().build() {
        Ok(client) => client,
        Err(e) => {
            let advice = "no link can be looked at; see the words";
            return vec![Row::new("cbc", "HTTP client").fail(e.to_string(), advice)];
        }
    };
    // An operator's side has no drills to send.
    let drills = config.transport.drill_uris.iter().filter(|_| operator.is_none());
    let nodes: Vec<&String> = match config.transport.kind {
        TransportKind::Amqp => config.transport.uris.iter().chain(drills).collect(),
        TransportKind::Loopback => vec![],
    };
    let own = config.adapter.iter().filter(|(name, _)| operator.is_none_or(|own| own == *name));
    let (mut rows, hub, cbcs) = tokio::join!(
        join_all(nodes.into_iter().map(|uri| node(uri))),
        async {
            match operator {
                None => Some(hub(&client, config.hub.admin).await),
                Some(_) => None,
            }
        },
        join_all(
            own.flat_map(|(name, own)| own.cbc.sites.iter().map(move |site| (name, site)))
                .map(|(name, site)| cbc(&client, name, site))
        ),
    );
    rows.extend(hub);
    rows.extend(cbcs);
    rows
}

/// Signs in at one node of the broker.
async fn node(uri: &str) -> Row {
    let shown = Address::parse(uri).map_or_else(|_| "(unreadable)".to_owned(), |address| address.to_string());
    let row = Row::new("broker", shown);
    let start = Instant::now();
    let broker = match Broker::start(Settings::new(vec![uri.to_owned()], "doctor")) {
        Ok(broker) => broker,
        Err(e) => return row.fail(e.to_string(), "correct transport.uris or NADHIR_AMQP_URL"),
    };
    let up = broker.up_within(BROKER_DEADLINE).await;
    let ms = millis(start);
    let state = broker.state().borrow().clone();
    broker.stop().await;
    let row = row.figure(json!({ "ms": ms }));
    let advice =
        "start the node, or correct its address, user and password; see docs/runbook.md#the-broker-is-down";
    match state {
        State::Up { .. } if up => row.ok(format!("signed in within {ms} ms")),
        State::Blocked { reason, .. } => {
            row.fail(format!("it takes nothing: {reason}"), "free disk or memory on every node of the broker")
        }
        State::Down { reason } => row.fail(reason, advice),
        State::Up { .. } => row.warn(format!("signed in only after {BROKER_DEADLINE:?}"), advice),
    }
}

/// What the hub says of itself, if one runs.
async fn hub(client: &Client, admin: SocketAddr) -> Row {
    let row = Row::new("hub", admin.to_string());
    let start = Instant::now();
    match client.get(format!("http://{admin}/readyz")).send().await {
        Err(e) if e.is_connect() => row.ok("none runs here"),
        Err(e) => {
            row.fail(innermost(&e), "the port is taken by something that does not answer: see hub.admin")
        }
        Ok(response) => {
            let body: Value = response.json().await.unwrap_or_default();
            let row = row.figure(json!({ "ms": millis(start), "ready": body["ready"] }));
            let word = |value: &Value| value.as_str().unwrap_or("not said").to_owned();
            let path = word(&body["transport"]["state"]);
            match body["ready"].as_bool() {
                Some(true) => row.ok(format!("ready; path {}: {path}", word(&body["transport"]["name"]))),
                Some(false) => row.fail(
                    format!("not ready: record {}, path {path}", word(&body["store"])),
                    "see docs/runbook.md#the-broker-is-down",
                ),
                None => row.warn("what answers there is no hub", "see hub.admin"),
            }
        }
    }
}

/// Whether anything answers at an operator's CBC. Any answer is a link; what it would do with an order it alone knows.
async fn cbc(client: &Client, operator: &str, base: &str) -> Row {
    let row = Row::new("cbc", operator);
    let Ok(mut url) = base.parse::<Url>() else {
        return row.fail(format!("{base} is no address"), "correct cbc in the operator's table");
    };
    url.set_path("livez");
    let shown = url.host_str().unwrap_or_default().to_owned();
    let start = Instant::now();
    match client.get(url).send().await {
        Ok(response) => {
            let (ms, status) = (millis(start), response.status().as_u16());
            let row = row.figure(json!({ "ms": ms, "status": status }));
            if response.status().is_server_error() {
                row.warn(format!("{shown} answers {status}"), "call the operator's duty desk")
            } else {
                row.ok(format!("{shown} answers {status} within {ms} ms; the link alone was tried"))
            }
        }
        Err(e) => row.fail(format!("{shown}: {}", innermost(&e)), "call the operator's duty desk"),
    }
}

fn millis(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1e4).round() / 10.0
}

/// The words of the innermost cause: the outer ones only repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", HTTP_DEADLINE.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
