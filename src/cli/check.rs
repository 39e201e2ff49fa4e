//! `nadhir alert check`: the verdict on each file, to a person as excerpts of the file, to a program as JSON.

use super::alert::{LanguageArg, ProfileArg, read};
use super::excerpt::Excerpt;
use super::exit::{Exit, Failure};
use super::{print, shown};
use nadhir_core::cap::codes::{self, Language};
use nadhir_core::cap::{self, Profile, Verdict};
use nadhir_core::fault::Fault;
use serde_json::{Value, json};
use std::io::IsTerminal as _;
use std::path::PathBuf;

pub(super) fn run(
    profile: ProfileArg,
    as_json: bool,
    language: LanguageArg,
    files: &[PathBuf],
) -> Result<Exit, Failure> {
    let national = crate::run::profile().map_err(|e| Failure::new(Exit::Failure, e.to_string()))?;
    let profile = match profile {
        ProfileArg::Cap => Profile::Cap,
        ProfileArg::Oman => Profile::Oman(&national),
    };
    let language = match language {
        LanguageArg::Ar => Language::Arabic,
        LanguageArg::En => Language::English,
    };
    let mut all_valid = true;
    for file in files {
        let (bytes, verdict) = match read(file) {
            Ok(bytes) => {
                let verdict = cap::verdict(&bytes, profile);
                (bytes, verdict)
            }
            Err(why) => (Vec::new(), unreadable(why)),
        };
        let valid = verdict.valid();
        all_valid &= valid;
        if as_json {
            let faults: Vec<Value> = verdict.faults.iter().map(fault).collect();
            let line = json!({ "file": file.to_string_lossy(), "readable": verdict.readable, "valid": valid, "faults": faults });
            print(&line.to_string())?;
            continue;
        }
        print(&format!("{}: {}", shown(file), if valid { "valid" } else { "not valid" }))?;
        let text = String::from_utf8_lossy(&bytes);
        let excerpt = Excerpt { text: &text, language, colour: colour() };
        for fault in &verdict.faults {
            print(&excerpt.of(fault))?;
        }
    }
    Ok(if all_valid { Exit::Ok } else { Exit::InvalidCap })
}

fn unreadable(why: String) -> Verdict {
    let faults = vec![Fault::error("file.unreadable", "file", why)];
    Verdict { readable: false, alert: None, partial: None, faults, extensions: Vec::new() }
}

/// A fault with all that is known of its code.
fn fault(fault: &Fault) -> Value {
    let mut value = json!(fault);
    value["path"] = json!(fault.path());
    if let Some((line, column)) = fault.spot() {
        value["line"] = json!(line);
        value["column"] = json!(column);
    }
    if let Some(code) = codes::find(&fault.code) {
        value["clause"] = json!(code.clause);
        value["means"] = json!({ "en": code.en.means, "ar": code.ar.means });
        value["fix"] = json!({ "en": code.en.fix, "ar": code.ar.fix });
    }
    value
}

/// Colours are for a person at a terminal who has not declined them.
fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
