//! What speaks to an operator's CBC over HTTP: submits the order's CAP as it is, asks for the status. Decides nothing.

use chrono::{DateTime, Utc};
use nadhir_core::digest::Digest;
use nadhir_core::session::{Answer, Status, pace};
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The longest answer that is read: a national cell list with room to spare.
const MAX_ANSWER: usize = 8 << 20;
/// 2G repeats in units of 1.883 s (3GPP TS 48.049): 16 units are 30.1 s.
const PERIOD_2G_UNITS: i64 = 16;
const UNIT_2G_MS: i64 = 1883;
/// 4G and 5G repeat in seconds.
const PERIOD_S: i64 = 30;
/// The field for the number of broadcasts has 16 bits.
const MAX_BROADCASTS: i64 = 65_535;

/// One operator's CBC.
#[derive(Debug, Clone)]
pub struct Cbc {
    client: Client,
    base: Url,
}

/// Why a CBC cannot be spoken to at all.
#[derive(Debug, thiserror::Error)]
pub enum BadCbc {
    /// Not an address.
    #[error("{0} is not the address of a CBC")]
    Address(String),
    /// Outside loopback: a build with the demonstration in it never reaches a real CBC.
    #[error("{0} is not on this machine: a demonstration or test build reaches no CBC outside loopback")]
    NotLoopback(String),
    /// The client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(#[from] reqwest::Error),
}

#[derive(Deserialize)]
struct Message {
    identifier: u16,
    serial: u16,
    pages_sha256: Digest,
    #[serde(default)]
    cells: BTreeSet<String>,
}

/// To an alert or an update it names the messages it has; to a cancel, what it has stopped.
#[derive(Deserialize)]
struct Taken {
    messages: Option<Vec<Message>>,
    stopped: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    code: String,
    title: String,
    detail: String,
}

impl Cbc {
    /// Prepares to speak to the CBC at `base`; nothing is sent yet. Every request has the deadline of one attempt.
    pub fn new(base: &str) -> Result<Cbc, BadCbc> {
        let base: Url = base.parse().map_err(|_| BadCbc::Address(base.to_owned()))?;
        let host = base.host_str().unwrap_or_default();
        let loopback = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if cfg!(feature = "demo") && !loopback {
            return Err(BadCbc::NotLoopback(base.to_string()));
        }
        let client = Client::builder().timeout(pace::ATTEMPT).no_proxy().build()?;
        Ok(Cbc { client, base })
    }

    /// Submits a CAP (a cancel likewise) with the number of broadcasts that its remaining time allows.
    pub async fn submit(&self, cap: String, expires: DateTime<Utc>, now: DateTime<Utc>) -> Answer {
        let left_ms = (expires - now).num_milliseconds().max(0);
        let count = |period_ms: i64| (left_ms / period_ms).clamp(1, MAX_BROADCASTS).to_string();
        let mut url = self.base.clone();
        url.set_path("cap");
        url.query_pairs_mut()
            .append_pair("period_2g", &PERIOD_2G_UNITS.to_string())
            .append_pair("broadcasts_2g", &count(PERIOD_2G_UNITS * UNIT_2G_MS))
            .append_pair("period_s", &PERIOD_S.to_string())
            .append_pair("broadcasts", &count(PERIOD_S * 1000));
        let request = self.client.post(url).header("content-type", "application/cap+xml").body(cap);
        let response = match request.send().await {
            Ok(response) => response,
            Err(e) if e.is_connect() => return Answer::Failed(format!("no connection: {}", root(&e))),
            Err(e) => return Answer::Unknown(root(&e)),
        };
        let status = response.status();
        let body = match read(response).await {
            Ok(body) => body,
            Err(why) => return Answer::Unknown(why),
        };
        if status.is_success() {
            return match serde_json::from_slice::<Taken>(&body) {
                Ok(Taken { messages: Some(messages), .. }) => Answer::Accepted(
                    messages.into_iter().map(|m| (m.identifier, m.serial, m.pages_sha256)).collect(),
                ),
                Ok(Taken { messages: None, stopped: Some(stopped) }) => {
                    tracing::info!(messages = stopped.len(), "stopped by the CBC");
                    Answer::Stopped
                }
                Ok(Taken { messages: None, stopped: None }) => {
                    Answer::Unknown("it names no message, neither taken nor stopped".to_owned())
                }
                Err(e) => Answer::Unknown(format!("its answer is not understood: {e}")),
            };
        }
        let problem: Problem = serde_json::from_slice(&body).unwrap_or_default();
        let words = [problem.title, problem.detail].join(": ");
        let words = words.trim_matches([':', ' ']);
        let words = if words.is_empty() { status.canonical_reason().unwrap_or("no words") } else { words };
        let retry = status.is_server_error()
            || status == StatusCode::TOO_MANY_REQUESTS
            || status == StatusCode::REQUEST_TIMEOUT;
        if retry {
            return Answer::Failed(format!("{}: {words}", status.as_u16()));
        }
        let code = if problem.code.is_empty() { status.as_u16().to_string() } else { problem.code };
        Answer::Refused { code, words: words.to_owned() }
    }

    /// Asks for every message of a delivery. A cell counts if it broadcasts all of them.
    pub async fn status(&self, messages: &[(u16, u16, Digest)]) -> Status {
        let asked = messages.iter().map(|(identifier, serial, _)| self.message(*identifier, *serial));
        let mut known = Vec::with_capacity(messages.len());
        let mut cells: Option<BTreeSet<String>> = None;
        for answer in futures_util::future::join_all(asked).await {
            match answer {
                Ok(Some(message)) => {
                    known.push((message.identifier, message.serial, message.pages_sha256));
                    cells = Some(match cells {
                        None => message.cells,
                        Some(so_far) => so_far.intersection(&message.cells).cloned().collect(),
                    });
                }
                Ok(None) => return Status::Absent,
                Err(why) => return Status::Silent(why),
            }
        }
        Status::Known { messages: known, cells: cells.unwrap_or_default() }
    }

    async fn message(&self, identifier: u16, serial: u16) -> Result<Option<Message>, String> {
        let mut url = self.base.clone();
        url.set_path(&format!("messages/{identifier}/{serial}"));
        let response = self.client.get(url).send().await.map_err(|e| root(&e))?;
        let status = response.status();
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let body = read(response).await?;
        if !status.is_success() {
            return Err(format!("the status answered {status}"));
        }
        serde_json::from_slice(&body).map(Some).map_err(|e| format!("its status is not understood: {e}"))
    }
}

/// The body, up to the limit. The deadline of the request covers it.
async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| root(&e))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("its answer is longer than {MAX_ANSWER} octets"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The words of the innermost cause: the outer ones only repeat the address.
fn root(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {:.1} s", pace::ATTEMPT.as_secs_f64());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
