//! `nadhir serve`, `nadhir adapter run`, `nadhir config check`: the processes that stay.

use super::exit::{Exit, Failure};
use super::{ConfigArgs, block_on, log, print};
use crate::http::admin;
use crate::run::{self, Running};
use clap::{Args, Subcommand};
use serde_json::json;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::signal::unix::{SignalKind, signal};

/// After a task has ended by itself, the others have so long to end.
const FALL: Duration = Duration::from_secs(3);

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigArgs,
    /// Ends when stdin is closed: for a parent that starts it.
    #[arg(long, hide = true)]
    until_stdin_closes: bool,
}

#[derive(Subcommand)]
pub(super) enum AdapterVerb {
    /// Runs one operator's adapter.
    Run {
        #[command(flatten)]
        config: ConfigArgs,
        /// The operator: the configuration's `[adapter.NAME]`.
        #[arg(long)]
        operator: String,
        /// Ends when stdin is closed: for a parent that starts it.
        #[arg(long, hide = true)]
        until_stdin_closes: bool,
    },
    /// What a new cell list would change.
    Cells(super::cells::Cells),
}

#[derive(Subcommand)]
pub(super) enum ConfigVerb {
    /// Reads the configuration and names every fault.
    Check {
        #[command(flatten)]
        config: ConfigArgs,
    },
}

pub(super) fn serve(serve: &Serve) -> Result<Exit, Failure> {
    log("info");
    let config = serve.config.read()?;
    let figures = admin::record_figures().map_err(|e| Failure::new(Exit::Failure, e.to_string()))?;
    block_on(async {
        let running = run::hub(&config, Some(figures)).await?;
        let url = |address: Option<std::net::SocketAddr>| address.map(|a| format!("http://{a}"));
        print(&json!({ "listening": url(running.api), "admin": url(running.admin) }).to_string())?;
        until_told(running, serve.until_stdin_closes).await
    })
}

pub(super) fn adapter(verb: &AdapterVerb) -> Result<Exit, Failure> {
    let (config, operator, until_stdin_closes) = match verb {
        AdapterVerb::Run { config, operator, until_stdin_closes } => (config, operator, until_stdin_closes),
        AdapterVerb::Cells(cells) => return super::cells::run(cells),
    };
    log("info");
    let config = config.read()?;
    let figures = admin::record_figures().map_err(|e| Failure::new(Exit::Failure, e.to_string()))?;
    block_on(async {
        let running = run::adapter(&config, operator, Some(figures)).await?;
        let admin = running.admin.map(|a| format!("http://{a}"));
        print(&json!({ "adapter": operator, "admin": admin }).to_string())?;
        until_told(running, *until_stdin_closes).await
    })
}

pub(super) fn config(verb: &ConfigVerb) -> Result<Exit, Failure> {
    let ConfigVerb::Check { config } = verb;
    let read = config.read()?;
    let profile = run::profile_of(read.hub.profile.as_deref())?;
    let kind = if read.is_live() { "live warnings and drills" } else { "drills alone" };
    let (path, operators) = (config.config.display(), read.hub.operators.len());
    print(&format!("{path}: good; {operators} operators, {kind}, profile {}", profile.name))?;
    Ok(Exit::Ok)
}

/// Runs until SIGINT, SIGTERM, or the end of stdin where that was asked for; or until a task ends that nobody told to,
/// which is a failure: whoever started the process starts it again.
async fn until_told(running: Running, until_stdin_closes: bool) -> Result<Exit, Failure> {
    let signals = |e: std::io::Error| Failure::new(Exit::Failure, format!("signals: {e}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(signals)?;
    let stdin_closed = async {
        if until_stdin_closes {
            let mut sink = [0; 64];
            while tokio::io::stdin().read(&mut sink).await.is_ok_and(|n| n > 0) {}
        } else {
            std::future::pending::<()>().await;
        }
    };
    let fell = tokio::select! {
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
        () = stdin_closed => None,
        why = running.fell() => Some(why),
    };
    let Some(why) = fell else {
        running.stop().await;
        // A read of stdin that never ends would hold the runtime's threads.
        std::process::exit(0);
    };
    // What is left may hang on what fell.
    let _ = tokio::time::timeout(FALL, running.stop()).await;
    eprintln!("nadhir: ended, for a task of it did: {why}");
    std::process::exit(i32::from(Exit::Failure as u8));
}
