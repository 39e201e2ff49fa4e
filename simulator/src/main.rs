//! The `nadhir-simulator` command: writes cell lists, or runs operators until it is told to stop.

use clap::{Parser, Subcommand};
use nadhir_simulator::fault::Fault;
use nadhir_simulator::{Operator, Settings, cells};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::sync::oneshot;

/// A free port of this machine.
const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The operators of Oman.
const OPERATORS: [&str; 3] = ["omantel", "ooredoo", "vodafone"];

/// Stands in for Oman's operators: cell broadcast centres, radio network and phones.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes a made-up cell list as CSV.
    Cells {
        /// Whose cells.
        #[arg(long, value_parser = OPERATORS)]
        operator: String,
        /// Another seed, another network.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Runs operators until Ctrl-C or SIGTERM and prints their addresses, one JSON line each.
    Serve(Serve),
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// Which operators; all three unless named.
    #[arg(long, value_parser = OPERATORS)]
    operator: Vec<String>,
    /// Where each listens, in the order of the operators; free ports of 127.0.0.1 unless given.
    #[arg(long)]
    listen: Vec<SocketAddr>,
    /// A cell list of all operators; made up from the seed unless given.
    #[arg(long)]
    cells: Option<PathBuf>,
    /// Phones an operator.
    #[arg(long, default_value_t = 5000)]
    phones: usize,
    /// What everything but the clock hangs on.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// none, late, refuse, hang, lost_answer, bad_gateway, own_bytes, plain_table, ecbe or ecbe_lost_answer; with
    /// =OPERATOR at that one only.
    #[arg(long, value_name = "NAME[=OPERATOR]", value_parser = parse_fault)]
    fault: Vec<FaultAt>,
    /// A second site of this operator's CBC, in front of the same cells and phones, on this address or a free port.
    #[arg(long, value_name = "OPERATOR[=ADDRESS]", value_parser = parse_site)]
    second_site: Vec<SiteAt>,
    /// Ends when stdin is closed, too: for a parent that starts it.
    #[arg(long, hide = true)]
    until_stdin_closes: bool,
}

/// A fault at one operator, or at all.
#[derive(Debug, Clone)]
struct FaultAt {
    fault: Fault,
    operator: Option<String>,
}

/// A second site of an operator's CBC.
#[derive(Debug, Clone)]
struct SiteAt {
    operator: String,
    address: SocketAddr,
}

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Cells { operator, seed } => write(&cells::generate(&operator, seed)),
        Command::Serve(asked) => serve(asked).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "nadhir-simulator: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(asked: Serve) -> Result<(), Failure> {
    let until = asked.until_stdin_closes.then(stdin_closed);
    let names = if asked.operator.is_empty() {
        OPERATORS.map(str::to_owned).to_vec()
    } else {
        asked.operator.clone()
    };
    if let Some(site) = asked.second_site.iter().find(|site| !names.contains(&site.operator)) {
        return Err(format!("{} has no second site: it has no first one here", site.operator).into());
    }
    let list = match &asked.cells {
        Some(path) => {
            Some(tokio::fs::read(path).await.map_err(|error| format!("{}: {error}", path.display()))?)
        }
        None => None,
    };
    let mut operators = Vec::new();
    for (index, operator) in names.into_iter().enumerate() {
        let address = asked.listen.get(index).copied().unwrap_or(ANY);
        let cells_csv = list.clone().unwrap_or_else(|| cells::generate(&operator, asked.seed).into_bytes());
        // The last fault that names this operator or none.
        let here = |at: &&FaultAt| at.operator.as_ref().is_none_or(|name| *name == operator);
        let fault = asked.fault.iter().rfind(here).map_or(Fault::None, |at| at.fault);
        let (phones, seed) = (asked.phones, asked.seed);
        let settings = Settings { operator: operator.clone(), cells_csv, phones, seed, fault };
        let first = Operator::start_on(address, settings).await?;
        write(&format!("{}\n", serde_json::json!({ "operator": operator, "url": first.url() })))?;
        for (number, site) in (2..).zip(asked.second_site.iter().filter(|site| site.operator == operator)) {
            // Two sites of one CBC are of one kind; what else goes wrong is each one's own.
            let fault = if fault.speaks_ecbe() { Fault::Ecbe } else { Fault::None };
            let second = first.another_site(site.address, fault).await?;
            let line = serde_json::json!({ "operator": operator, "site": number, "url": second.url() });
            write(&format!("{line}\n"))?;
            operators.push(second);
        }
        operators.push(first);
    }
    let closed = async {
        match until {
            Some(closed) => drop(closed.await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        told = told_to_stop() => told?,
        () = closed => {}
    }
    for operator in operators {
        operator.stop().await;
    }
    Ok(())
}

fn parse_fault(text: &str) -> Result<FaultAt, String> {
    let (name, operator) = match text.split_once('=') {
        Some((name, operator)) => (name, Some(operator)),
        None => (text, None),
    };
    operator.map_or(Ok(()), known)?;
    let fault = name.parse().map_err(|error: nadhir_simulator::fault::NoSuchFault| error.to_string())?;
    Ok(FaultAt { fault, operator: operator.map(str::to_owned) })
}

fn parse_site(text: &str) -> Result<SiteAt, String> {
    let (operator, address) = match text.split_once('=') {
        Some((operator, address)) => (operator, address.parse().map_err(|e| format!("{address}: {e}"))?),
        None => (text, ANY),
    };
    known(operator)?;
    Ok(SiteAt { operator: operator.to_owned(), address })
}

fn known(operator: &str) -> Result<(), String> {
    if OPERATORS.contains(&operator) {
        return Ok(());
    }
    Err(format!("\"{operator}\" is no operator: {}", OPERATORS.join(", ")))
}

/// Resolves at the end of stdin. A thread of its own reads it: a read that never ends must not hold the runtime.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, closes) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = closed.send(());
    });
    closes
}

async fn told_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has read enough: `nadhir-simulator cells ... | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
