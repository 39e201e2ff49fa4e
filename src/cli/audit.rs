//! `nadhir audit verify`: reads a record's file and names the first event or row that does not fit.

use super::exit::{Exit, Failure};
use super::print;
use crate::store;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Verifies the chain of a record, and its tables against the events, read-only.
    Verify {
        /// The record's file, or a copy of it.
        #[arg(long, default_value = "nadhir.sqlite", env = "NADHIR_STORE")]
        store: PathBuf,
        /// JSON on stdout.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(verb: &Verb) -> Result<Exit, Failure> {
    let Verb::Verify { store: path, json: as_json } = verb;
    let verdict = store::verify_file(path)
        .map_err(|e| Failure::new(Exit::Failure, format!("{}: {e}", path.display())))?;
    let (exit, value, words) = match verdict {
        Ok(whole) => (
            Exit::Ok,
            json!({ "verified": true, "events": whole.events, "head": whole.head }),
            format!("whole: {} events, head {}", whole.events, whole.head),
        ),
        Err(broken) => (
            Exit::Failure,
            json!({ "verified": false, "broken_at": broken.seq(), "broken_row": broken.row(), "why": broken.why }),
            broken.to_string(),
        ),
    };
    print(&if *as_json { value.to_string() } else { words })?;
    Ok(exit)
}
