//! `nadhir doctor`: a row a thing looked at, and what to do. What is looked at is src/doctor/.

use super::exit::{Exit, Failure};
use super::{ConfigArgs, block_on, print};
use crate::doctor::{self, Level, Row};
use clap::Args;
use serde_json::json;

#[derive(Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    config: ConfigArgs,
    /// Looks at this operator's adapter alone: the configuration's `[adapter.NAME]`.
    #[arg(long)]
    operator: Option<String>,
    /// JSON on stdout.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Doctor) -> Result<Exit, Failure> {
    let (path, read) = (&args.config.config, args.config.read());
    let rows = block_on(async { Ok(doctor::look(path, read, args.operator.as_deref()).await) })?;
    let worst = rows.iter().map(|row| row.level).max().unwrap_or(Level::Ok);
    if args.json {
        print(&json!({ "level": worst, "rows": rows }).to_string())?;
    } else {
        for row in &rows {
            print(&line(row))?;
        }
    }
    Ok(if worst == Level::Fail { Exit::Failure } else { Exit::Ok })
}

fn line(row: &Row) -> String {
    let level = match row.level {
        Level::Ok => "ok  ",
        Level::Warn => "WARN",
        Level::Fail => "FAIL",
    };
    let advice = row.advice.map_or_else(String::new, |advice| format!("\n{:17}do: {advice}", ""));
    format!("{level}  {:10} {}: {}{advice}", row.check, row.about, row.words)
}
