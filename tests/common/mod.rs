//! What the tests of the whole way share: operators, a hub as a process of its own, a client, waiting with an end.

#![allow(dead_code, reason = "each test target uses its part of it")]

/// Processes of Nadhir, and the folder they work in.
pub(crate) mod house;
/// Simulated operators and what they saw.
pub(crate) mod operators;

use chrono::TimeDelta;
use nadhir_core::cap::{self, Alert, CapTime, Limits};
use serde_json::Value;
use std::future::Future;
use std::time::Duration;

/// Long enough for a loaded machine; no test asserts how quick something was.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Asks until there is an answer, and fails with `what` if there never is.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let asks = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, asks).await.unwrap_or_else(|_| panic!("never within {PATIENCE:?}: {what}"))
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) body: Value,
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().expect("a client")
}

pub(crate) async fn ask(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_owned();
    let text = response.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, kind, body }
}

/// An alert of another authority, of a time long past.
pub(crate) const NEIGHBOUR: &[u8] = include_bytes!("../../src/core/tests/foreign/wmo-composer.xml");

/// A neighbour's alert as if it were written now.
pub(crate) fn neighbour() -> Alert {
    let mut alert = cap::read(NEIGHBOUR, &Limits::cap()).0.expect("a CAP");
    let now = chrono::Utc::now();
    alert.sent = CapTime::muscat(now);
    for info in &mut alert.infos {
        info.onset = None;
        info.expires = Some(CapTime::muscat(now + TimeDelta::hours(3)));
    }
    alert
}
