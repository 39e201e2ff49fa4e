//! `nadhir alert check`: the verdict on each file, to a person as excerpts of the file, to a program as JSON.

use super::alert::{LanguageArg, ProfileArg, read};
use super::excerpt::Excerpt;
use super::exit::{Exit, Failure};
use super::{print, shown};
use crate::config::Config;
use crate::run::{self, CannotRun};
use nadhir_core::cap::codes::{self, Language};
use nadhir_core::cap::{self, National, Profile, Verdict};
use nadhir_core::cbs::Allowed;
use nadhir_core::fault::Fault;
use nadhir_core::warning::alone;
use serde_json::{Value, json};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// What a deployment decides of what it takes.
pub(super) struct House {
    national: National,
    regions: Option<PathBuf>,
    allowed: Allowed,
}

impl House {
    /// That of a hub's configuration, or the built-in one; with the profile of a table, if one is named.
    pub(super) fn open(config: Option<&Path>, table: Option<&Path>) -> Result<House, Failure> {
        let config = config.map(|path| Config::read(path, None, None)).transpose();
        let config = config.map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
        let own = config.as_ref().and_then(|config| config.hub.profile.as_deref());
        let allowed = config.as_ref().map_or(Ok(Allowed::default()), |config| config.policy.allowed());
        Ok(House {
            national: run::profile_of(table.or(own))?,
            regions: config.and_then(|config| config.hub.regions),
            allowed: allowed.map_err(CannotRun::Policy)?,
        })
    }
}

pub(super) fn judge(
    house: &House,
    profile: ProfileArg,
    as_json: bool,
    language: LanguageArg,
    files: &[PathBuf],
) -> Result<Exit, Failure> {
    let profile = match profile {
        ProfileArg::Cap => Profile::Cap,
        ProfileArg::Oman => Profile::Oman(&house.national),
    };
    // Read for the first document that has an area to be looked up.
    let mut index = None;
    let language = match language {
        LanguageArg::Ar => Language::Arabic,
        LanguageArg::En => Language::English,
    };
    let mut all_valid = true;
    for file in files {
        let (bytes, verdict) = match read(file) {
            Ok(bytes) => {
                let mut verdict = cap::verdict(&bytes, profile);
                if let (Some(alert), Profile::Oman(_)) = (&verdict.alert, profile) {
                    let index = match &mut index {
                        Some(index) => index,
                        none @ None => none.insert(run::regions(house.regions.as_deref())?),
                    };
                    let more = alone(alert, &verdict.faults, index, &house.allowed);
                    verdict.faults.extend(more);
                }
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
