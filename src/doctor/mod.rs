//! What stands in the way of the ten seconds, looked for before they are needed: one row a thing. Prints nothing, mends nothing.

/// The links: broker, CBCs, the hub's own port.
mod links;
/// What lies on this machine: clock, disk, record, regions, cells.
mod machine;

use crate::config::{BadConfig, Config};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Warnings go out; somebody should look.
    Warn,
    /// A warning would not go out, or not in time.
    Fail,
}

/// One thing looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Which check; stable.
    pub check: &'static str,
    /// Of what: a file, a node without its password, an operator.
    pub about: String,
    /// How bad.
    pub level: Level,
    /// What was measured, units in the names; null if nothing was.
    pub figure: Value,
    /// What was found.
    pub words: String,
    /// What to do; none where all is well.
    #[serde(rename = "do")]
    pub advice: Option<&'static str>,
}

impl Row {
    fn new(check: &'static str, about: impl Into<String>) -> Row {
        let words = String::new();
        Row { check, about: about.into(), level: Level::Ok, figure: Value::Null, words, advice: None }
    }

    fn figure(mut self, figure: Value) -> Row {
        self.figure = figure;
        self
    }

    fn ok(mut self, words: impl Into<String>) -> Row {
        self.words = words.into();
        self
    }

    fn warn(self, words: impl Into<String>, advice: &'static str) -> Row {
        Row { level: Level::Warn, advice: Some(advice), ..self.ok(words) }
    }

    fn fail(self, words: impl Into<String>, advice: &'static str) -> Row {
        Row { level: Level::Fail, advice: Some(advice), ..self.ok(words) }
    }
}

/// Looks at what a hub hangs on and at every adapter the configuration names, or, for an `operator`, at what its adapter
/// hangs on. Without a good configuration: at the clock, and at its faults.
pub async fn look(path: &Path, read: Result<Config, BadConfig>, operator: Option<&str>) -> Vec<Row> {
    let mut rows = machine::clock().await;
    let about = path.display().to_string();
    let config = match read {
        Ok(config) => config,
        Err(bad) => {
            rows.extend(faults(path, bad));
            return rows;
        }
    };
    let kind = if config.is_live() { "live warnings and drills" } else { "drills alone" };
    let good = format!("good; {} operators, {kind}", config.hub.operators.len());
    match operator.map(|name| (name, config.adapter.get(name))) {
        None => {
            rows.push(Row::new("config", about).ok(good));
            rows.extend(machine::hub(&config));
            rows.extend(links::look(&config, None).await);
        }
        Some((name, Some(own))) => {
            rows.push(Row::new("config", about).ok(good));
            rows.extend(machine::adapter(name, own));
            rows.extend(links::look(&config, Some(name)).await);
        }
        Some((name, None)) => {
            let words = format!("there is no [adapter.{name}]");
            rows.push(
                Row::new("config", about).fail(words, "name an operator that the file has a table for"),
            );
        }
    }
    rows
}

fn faults(path: &Path, bad: BadConfig) -> Vec<Row> {
    let words = match bad {
        BadConfig::Faults { faults, .. } => faults,
        other => vec![other.to_string()],
    };
    let advice = "correct the configuration; nadhir config check says when it is good";
    words
        .into_iter()
        .map(|words| Row::new("config", path.display().to_string()).fail(words, advice))
        .collect()
}
