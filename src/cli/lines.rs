//! JSON lines in, JSON lines out: a line that cannot be read is answered like any other.

use super::exit::{Exit, Failure};
use super::print;
use nadhir_core::fault::Fault;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::BufRead;

/// Longer lines are refused: an alert's limit of 2 MB, and room.
const MAX_LINE: usize = 4 << 20;

/// Answers every line of stdin. Returns how many could not be read.
pub(super) fn answer<T: DeserializeOwned>(mut answer: impl FnMut(T) -> Value) -> Result<usize, Failure> {
    let mut unread = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Failure::new(Exit::Failure, format!("stdin: {e}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let parsed = if line.len() > MAX_LINE {
            Err(format!("the line is longer than {MAX_LINE} octets"))
        } else {
            serde_json::from_str(&line).map_err(|e| e.to_string())
        };
        let out = match parsed {
            Ok(request) => answer(request),
            Err(why) => {
                unread += 1;
                let id = serde_json::from_str::<Value>(&line).ok().map(|v| v["id"].clone());
                json!({ "id": id, "faults": [Fault::error("line.form", "line", why)] })
            }
        };
        print(&out.to_string())?;
    }
    Ok(unread)
}
