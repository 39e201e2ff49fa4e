//! Drafts at a hub, as the command line names them: handed in, thrown away, listed. Each in the version that is kept now.

use super::{Exit, Failure, HubArgs, answer, exit, tell};
use reqwest::Method;
use serde_json::{Value, json};

/// Hands a draft in.
pub(super) fn hand_in(hub: &HubArgs, id: &str) -> Result<Exit, Failure> {
    act(hub, id, Method::POST, &format!("/v1/drafts/{id}/submission"))
}

/// Throws a draft away.
pub(super) fn discard(hub: &HubArgs, id: &str) -> Result<Exit, Failure> {
    act(hub, id, Method::DELETE, &format!("/v1/drafts/{id}"))
}

fn act(hub: &HubArgs, id: &str, method: Method, path: &str) -> Result<Exit, Failure> {
    let (status, all) = answer(hub, Method::GET, "/v1/drafts", None, None)?;
    if status != 200 {
        tell(hub, &all)?;
        return Ok(exit(status, &all));
    }
    let version = all["drafts"].as_array().into_iter().flatten().find(|draft| draft["draft"] == id);
    let version = version.and_then(|draft| draft["version"].as_u64());
    // A draft that is not in the list is the hub's to refuse, in its own words.
    let (status, said) = answer(hub, method, path, None, Some(version.unwrap_or(1)))?;
    let gone = json!({ "draft": id, "version": version, "state": "dropped" });
    tell(hub, if said.is_null() { &gone } else { &said })?;
    Ok(exit(status, &said))
}

/// One draft in the list.
pub(super) fn line(draft: &Value) -> String {
    let text = |key: &str| draft[key].as_str().unwrap_or_default().to_owned();
    format!("{}  {:<9}  kept  {}  {}", text("draft"), "draft", text("kept_at"), text("title"))
}
