//! `nadhir backup` and `nadhir restore`: the record's copy out and back in. How a copy is made is the store's.

use super::exit::{Exit, Failure};
use super::{ConfigArgs, print};
use crate::clock::Clock;
use crate::run::{self, CannotRun};
use crate::store::backup::{self, BackupError};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The new file; it must not be there yet.
    file: PathBuf,
    /// JSON on stdout.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct RestoreArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The copy; it stays where it is.
    file: PathBuf,
    /// Also if the record in place knows more than the copy, or is another one.
    #[arg(long)]
    older: bool,
    /// JSON on stdout.
    #[arg(long)]
    json: bool,
}

pub(super) fn backup(args: &BackupArgs) -> Result<Exit, Failure> {
    let config = args.config.read()?;
    let whole = backup::copy(&config.hub.store, &args.file)?;
    let octets = std::fs::metadata(&args.file).map(|file| file.len()).unwrap_or_default();
    print(&if args.json {
        let file = args.file.display().to_string();
        json!({ "file": file, "octets": octets, "verified": true, "events": whole.events, "head": whole.head })
            .to_string()
    } else {
        let file = args.file.display();
        format!("{file}: whole, {} events, head {}, {octets} octets", whole.events, whole.head)
    })?;
    Ok(Exit::Ok)
}

pub(super) fn restore(args: &RestoreArgs) -> Result<Exit, Failure> {
    let config = args.config.read()?;
    let place = &config.hub.store;
    // Held until the end: no hub starts on a record that is being replaced.
    let _held = run::lock(place).map_err(|e| match e {
        CannotRun::InUse(_) => Failure::new(Exit::NotAllowed, format!("{e}: stop the hub first")),
        other => Failure::from(other),
    })?;
    let stamp = Clock::start().now().utc.format("%Y%m%dT%H%M%S%.3fZ").to_string();
    let restored = backup::restore(&args.file, place, &stamp, args.older)?;
    let aside = restored.aside.as_ref().map(|path| path.display().to_string());
    print(&if args.json {
        let (events, head) = (restored.record.events, restored.record.head);
        json!({ "record": place.display().to_string(), "verified": true, "events": events, "head": head,
                "kept_aside": aside })
        .to_string()
    } else {
        let kept = aside.map_or_else(String::new, |path| format!("; the one before is kept as {path}"));
        format!("{}: whole, {} events{kept}", place.display(), restored.record.events)
    })?;
    Ok(Exit::Ok)
}

impl From<BackupError> for Failure {
    fn from(e: BackupError) -> Failure {
        let (exit, advice) = match &e {
            BackupError::Older { .. } | BackupError::Another { .. } => {
                (Exit::NotAllowed, "; --older puts it in place all the same, and keeps the other beside it")
            }
            BackupError::Exists(_) => (Exit::NotAllowed, ""),
            _ => (Exit::Failure, ""),
        };
        Failure::new(exit, format!("{e}{advice}"))
    }
}
