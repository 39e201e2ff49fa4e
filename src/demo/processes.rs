//! The demonstration's processes: each with a configuration and a credential of its own, each ended with this one.

use super::{Broker, DemoError, Fault, OPERATORS, PHONES, system};
use crate::config::Config;
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A process that has not said it listens by then will not.
const START_DEADLINE: Duration = Duration::from_secs(20);
/// After this a process that was told to end is ended.
const STOP_DEADLINE: Duration = Duration::from_secs(5);

/// A process that ends by itself when its stdin closes: also when this one is killed.
pub(super) struct Process(Child);

impl Process {
    /// Tells it to end, and waits until it has.
    pub(super) async fn stop(mut self) {
        drop(self.0.stdin.take());
        if tokio::time::timeout(STOP_DEADLINE, self.0.wait()).await.is_err() {
            let _ = self.0.kill().await;
        }
    }
}

/// Starts the hub, then an adapter an operator. Returns them and the hub's address.
pub(super) async fn hub_and_adapters(
    config: &Config,
    broker: &Broker,
    folder: &Path,
) -> Result<(Vec<Process>, String), DemoError> {
    let program = std::env::current_exe().map_err(system("this program"))?;
    let mut hub = config.clone();
    hub.adapter.clear();
    let (process, line) = nadhir(&program, &["serve"], &hub, &folder.join("hub.toml")).await?;
    let url = line["listening"].as_str().unwrap_or_default().to_owned();
    let mut processes = vec![process];
    for name in OPERATORS {
        // As at an operator's site: its own table, its own credential, nobody else's.
        let mut own = config.clone();
        own.adapter.retain(|operator, _| operator == name);
        own.transport.drill_uris.clear();
        own.transport.uris = nodes(broker.operators.get(name).unwrap_or(&broker.hub));
        let path = folder.join(format!("adapter-{name}.toml"));
        processes.push(nadhir(&program, &["adapter", "run", "--operator", name], &own, &path).await?.0);
    }
    Ok((processes, url))
}

/// Starts one operator's network. Returns it and its CBC's address.
pub(super) async fn simulator(
    program: &Path,
    operator: &str,
    cells: &Path,
    seed: u64,
    fault: Fault,
) -> Result<(Process, String), DemoError> {
    let mut command = Command::new(program);
    command.args(["serve", "--operator", operator, "--fault", fault.name()]);
    command.args(["--seed", &seed.to_string(), "--phones", &PHONES.to_string()]);
    command.arg("--cells").arg(cells);
    let (process, line) = start(command, &format!("{} {operator}", program.display())).await?;
    Ok((process, line["url"].as_str().unwrap_or_default().to_owned()))
}

/// Nodes of a broker, commas between.
pub(super) fn nodes(uris: &str) -> Vec<String> {
    uris.split(',').map(|uri| uri.trim().to_owned()).collect()
}

async fn nadhir(
    program: &Path,
    call: &[&str],
    config: &Config,
    path: &Path,
) -> Result<(Process, Value), DemoError> {
    let text = config
        .to_toml()
        .map_err(|e| DemoError::System { what: path.display().to_string(), why: e.to_string() })?;
    std::fs::write(path, text).map_err(system(path.display().to_string()))?;
    let mut command = Command::new(program);
    command.args(call).arg("--config").arg(path);
    command.env("NADHIR_LOG", std::env::var("NADHIR_LOG").unwrap_or_else(|_| "error,lapin=off".to_owned()));
    start(command, &call.join(" ")).await
}

/// Starts a process and waits for the line it prints when it runs.
async fn start(mut command: Command, what: &str) -> Result<(Process, Value), DemoError> {
    // The configuration alone says where the broker is, and with whose credential.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("NADHIR_AMQP_URL")) {
            command.env_remove(name);
        }
    }
    command.arg("--until-stdin-closes").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    // A group of its own: Ctrl-C at the terminal reaches this process, and it ends the others in order.
    command.process_group(0);
    let mut child = command.spawn().map_err(system(what))?;
    let failed = |why: String| DemoError::System { what: what.to_owned(), why };
    let stdout = child.stdout.take().ok_or_else(|| failed("no stdout".to_owned()))?;
    let mut lines = BufReader::new(stdout).lines();
    let line = tokio::time::timeout(START_DEADLINE, lines.next_line())
        .await
        .map_err(|_| failed(format!("did not start within {START_DEADLINE:?}")))?
        .map_err(|e| failed(e.to_string()))?
        .ok_or_else(|| failed("ended at once".to_owned()))?;
    // Whatever else it says is read, so that it never waits for a reader.
    tokio::spawn(async move { while matches!(lines.next_line().await, Ok(Some(_))) {} });
    Ok((Process(child), serde_json::from_str(&line).map_err(|e| failed(e.to_string()))?))
}
