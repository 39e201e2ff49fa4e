//! A drill at a hub, over its API: hand it in, have it approved by another person, watch it. Never approves what is not a drill.

use super::evidence::{Lane, Message, Record};
use super::plan::DrillPlan;
use chrono::{DateTime, Utc};
use nadhir_core::cap::National;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// The hub answers within this, or not at all.
const ANSWER: Duration = Duration::from_secs(15);
/// An operator that is late may still come; after this it is taken as silent.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often a hub is asked whether somebody approved.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// The channel of exercises (docs/pages.md).
pub const EXERCISE: u16 = 4381;

/// Why a drill was not run.
#[derive(Debug, thiserror::Error)]
pub enum CannotDrill {
    /// The hub does not answer.
    #[error("the hub at {url} cannot be reached: {why}")]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        why: String,
    },
    /// The hub refuses: its problem document.
    #[error("{}: {}", .0["title"].as_str().unwrap_or("refused"), .0["detail"].as_str().unwrap_or_default())]
    Refused(Value),
    /// The hub would broadcast something else. Nothing was approved.
    #[error("the hub took it for {class} on {identifier}; a drill is on {EXERCISE}. It was not approved")]
    NotADrill {
        /// What the hub says.
        class: String,
        /// Where.
        identifier: u64,
    },
    /// Nobody approved in time.
    #[error("nobody approved {warning} within {} s; it waits at the hub, and expires there", .waited.as_secs())]
    NotApproved {
        /// Which.
        warning: String,
        /// How long.
        waited: Duration,
    },
    /// Somebody ended it before it was approved.
    #[error("the drill was {0} before anybody approved it")]
    Over(String),
    /// The hub's answer is not understood.
    #[error("the hub's answer is not understood: {0}")]
    Form(String),
}

/// Who approves.
#[derive(Debug, Clone)]
pub enum Approval {
    /// A second person who sits here as well, by their token.
    Here(String),
    /// Another person at the hub, within this time.
    Elsewhere(Duration),
}

/// A hub, and who asks.
pub struct Desk {
    url: String,
    token: String,
    client: Client,
}

/// A drill that is over: what the hub says of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Ended {
    /// The warning's id; the drill's as well.
    pub warning: String,
    /// Who handed it in, by id.
    pub author: String,
    /// Who approved it, by id.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was handed in.
    pub submitted_at: DateTime<Utc>,
    /// What was approved.
    pub summary: Summary,
    /// The promise.
    pub deadline_ms: u64,
    /// One an operator.
    pub operators: Vec<Lane>,
    /// When the last operator was on air.
    pub slowest_ms: Option<f64>,
    /// Whether the promise was kept.
    pub met: bool,
}

/// What two persons saw.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Summary {
    /// `drill`.
    pub class: String,
    /// 4381.
    pub identifier: u16,
    /// By language.
    pub headlines: Vec<(String, String)>,
    /// Codes.
    pub governorates: Vec<String>,
    /// Of the area.
    pub area_sha256: String,
    /// When it ends.
    pub expires: DateTime<Utc>,
    /// As phones decode them.
    pub messages: Vec<Message>,
}

impl Ended {
    /// From the hub's view of the warning.
    pub fn read(view: Value) -> Result<Ended, serde_json::Error> {
        serde_json::from_value(with_serials(view))
    }
}

impl Desk {
    /// A hub's API, as the person of a token.
    pub fn new(url: &str, token: &str) -> Result<Desk, CannotDrill> {
        let url = url.trim_end_matches('/').to_owned();
        let client =
            Client::builder().timeout(ANSWER).no_proxy().build().map_err(|e| unreachable(&url, &e))?;
        Ok(Desk { url, token: token.to_owned(), client })
    }

    /// Runs one drill to its end. `waits` is told the id and the hash while another person's approval is awaited.
    pub async fn run(
        &self,
        (plan, profile): (&DrillPlan, &National),
        approval: &Approval,
        now: DateTime<Utc>,
        waits: impl FnOnce(&str, &str),
    ) -> Result<Ended, CannotDrill> {
        let post = self.client.post(format!("{}/v1/warnings", self.url)).bearer_auth(&self.token);
        let waiting = self
            .answer(post.header("content-type", "application/cap+xml").body(plan.cap(profile, now)))
            .await?;
        let (id, hash) = (text(&waiting["warning"]), text(&waiting["hash"]));
        if waiting["class"] != "drill" || waiting["identifier"] != EXERCISE {
            let identifier = waiting["identifier"].as_u64().unwrap_or_default();
            return Err(CannotDrill::NotADrill { class: text(&waiting["class"]), identifier });
        }
        let patience = match approval {
            Approval::Here(token) => {
                let post =
                    self.client.post(format!("{}/v1/warnings/{id}/approval", self.url)).bearer_auth(token);
                self.answer(post.json(&json!({ "hash": hash }))).await?;
                Duration::ZERO
            }
            Approval::Elsewhere(patience) => {
                waits(&id, &hash);
                *patience
            }
        };
        let approved = self.approved(&id, patience).await?;
        self.ended(&id, &approved).await
    }

    /// Whether the hub says of itself that it is live. A hub that says nothing is a fault: none is assumed to be either.
    pub async fn is_live(&self) -> Result<bool, CannotDrill> {
        let hub =
            self.answer(self.client.get(format!("{}/v1/hub", self.url)).bearer_auth(&self.token)).await?;
        hub["live"]
            .as_bool()
            .ok_or_else(|| CannotDrill::Form("it does not say whether it is live".to_owned()))
    }

    /// The record: whether its chain holds, and its head.
    pub async fn record(&self) -> Result<Record, CannotDrill> {
        let record =
            self.answer(self.client.get(format!("{}/v1/record", self.url)).bearer_auth(&self.token)).await?;
        serde_json::from_value(record).map_err(|e| CannotDrill::Form(e.to_string()))
    }

    async fn view(&self, id: &str) -> Result<Value, CannotDrill> {
        self.answer(self.client.get(format!("{}/v1/warnings/{id}", self.url)).bearer_auth(&self.token)).await
    }

    /// The view once it is approved: who did it, and when, is told there.
    async fn approved(&self, id: &str, patience: Duration) -> Result<Value, CannotDrill> {
        let start = Instant::now();
        loop {
            let view = self.view(id).await?;
            match view["state"].as_str().unwrap_or_default() {
                "approved" => return Ok(view),
                "waiting" if start.elapsed() <= patience => tokio::time::sleep(ASK_EVERY).await,
                "waiting" => {
                    return Err(CannotDrill::NotApproved { warning: id.to_owned(), waited: patience });
                }
                state => return Err(CannotDrill::Over(state.to_owned())),
            }
        }
    }

    /// Looks until every lane has reached its end, or patience has.
    async fn ended(&self, id: &str, approved: &Value) -> Result<Ended, CannotDrill> {
        let start = Instant::now();
        loop {
            let mut view = self.view(id).await?;
            let lanes = view["operators"].as_array().map(Vec::as_slice).unwrap_or_default();
            let ended = !lanes.is_empty() && lanes.iter().all(|lane| lane["ended"] == true);
            if ended || start.elapsed() > PATIENCE {
                // If somebody cancelled it meanwhile, these would be of the cancel.
                view["by"] = approved["by"].clone();
                view["at"] = approved["at"].clone();
                return Ended::read(view).map_err(|e| CannotDrill::Form(e.to_string()));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Value, CannotDrill> {
        let response = request.send().await.map_err(|e| unreachable(&self.url, &e))?;
        let good = response.status().is_success();
        let body: Value = response.json().await.map_err(|e| CannotDrill::Form(e.to_string()))?;
        if good { Ok(body) } else { Err(CannotDrill::Refused(body)) }
    }
}

/// The serial numbers are in the lanes, the texts in the summary; both list the messages in one order.
fn with_serials(mut view: Value) -> Value {
    let serials: Vec<Value> = view["operators"][0]["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|message| message["serial"].clone())
        .collect();
    for (message, serial) in view["summary"]["messages"].as_array_mut().into_iter().flatten().zip(serials) {
        message["serial"] = serial;
    }
    view
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn unreachable(url: &str, e: &reqwest::Error) -> CannotDrill {
    let mut cause: &dyn std::error::Error = e;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    CannotDrill::Unreachable { url: url.to_owned(), why: cause.to_string() }
}
