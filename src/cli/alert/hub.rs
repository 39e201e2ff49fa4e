//! A hub and one request to it: its status, its answer, and how the command ends by them.

use crate::cli::exit::{Exit, Failure};
use reqwest::{Client, Method};
use serde_json::Value;
use std::time::Duration;

/// The hub answers well within this, or not at all.
const DEADLINE: Duration = Duration::from_secs(15);
#[derive(clap::Args)]
pub(in crate::cli) struct HubArgs {
    /// The hub's API.
    #[arg(long, env = "NADHIR_URL", default_value = "http://127.0.0.1:7420")]
    pub(super) url: String,
    /// Your token.
    #[arg(long, env = "NADHIR_TOKEN", hide_env_values = true)]
    pub(super) token: Option<String>,
    /// JSON on stdout.
    #[arg(long)]
    pub(super) json: bool,
}

/// The hub's status and answer. `seen`: the version of a draft that the request is about.
pub(super) fn answer(
    hub: &HubArgs,
    method: Method,
    path: &str,
    body: Option<(&str, Vec<u8>)>,
    seen: Option<u64>,
) -> Result<(u16, Value), Failure> {
    let token = hub.token.as_deref().ok_or_else(no_token)?;
    crate::cli::block_on(request(&hub.url, token, method, path, body, seen))
}

fn no_token() -> Failure {
    Failure::new(Exit::NotAllowed, "whose warning is it? give your token with --token or NADHIR_TOKEN")
}

/// How the command ends.
pub(super) fn exit(status: u16, answer: &Value) -> Exit {
    match (status, answer["code"].as_str()) {
        (200..=299, _) => Exit::Ok,
        (_, Some("invalid_area")) => Exit::Area,
        (_, Some("invalid_cap")) => Exit::InvalidCap,
        (_, Some("expired")) => Exit::TooLate,
        (401 | 403 | 409 | 412, _) => Exit::NotAllowed,
        _ => Exit::Failure,
    }
}

async fn request(
    url: &str,
    token: &str,
    method: Method,
    path: &str,
    body: Option<(&str, Vec<u8>)>,
    seen: Option<u64>,
) -> Result<(u16, Value), Failure> {
    let unreachable = |e: reqwest::Error| {
        let mut cause: &dyn std::error::Error = &e;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Failure::new(Exit::Unreachable, format!("the hub at {url} cannot be reached: {cause}"))
    };
    let client = Client::builder().timeout(DEADLINE).no_proxy().build().map_err(unreachable)?;
    let mut request =
        client.request(method, format!("{}{path}", url.trim_end_matches('/'))).bearer_auth(token);
    if let Some((kind, bytes)) = body {
        request = request.header("content-type", kind).body(bytes);
    }
    if let Some(version) = seen {
        request = request.header("if-match", format!("\"{version}\""));
    }
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let answer = if status == 204 { Value::Null } else { response.json().await.map_err(unreachable)? };
    Ok((status, answer))
}
