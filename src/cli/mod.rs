//! The command line: noun, verb, `--json`; results on stdout, words on stderr. The only room that prints.
#![expect(clippy::print_stderr, reason = "to print is this room's job")]

mod alert;
mod area;
mod audit;
mod backup;
mod cells;
mod check;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
#[cfg(feature = "demo")]
mod draw;
mod drill;
mod excerpt;
mod exchange;
mod exit;
mod lines;
mod message;
mod person;
mod regions;
mod serve;

use crate::config::{BadConfig, Config};
use clap::{Parser, Subcommand};
use exit::{Exit, Failure};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Emergency alerting by cell broadcast: a warning as CAP, approved by two persons, on every phone of an area.
#[derive(Parser)]
#[command(name = "nadhir", version, arg_required_else_help = true, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Subcommand)]
enum Noun {
    /// CAP alerts: check a file; submit, approve and show a warning at a hub.
    #[command(subcommand)]
    Alert(alert::Verb),
    /// Areas: which governorates and cells they cover.
    #[command(subcommand)]
    Area(area::Verb),
    /// Messages: a text as cell-broadcast pages.
    #[command(subcommand)]
    Message(message::Verb),
    /// Drills: run one, and have its report.
    #[command(subcommand)]
    Drill(drill::Verb),
    /// The record: verify its chain.
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Copies the record of a running hub into a new file, and verifies the copy.
    Backup(backup::BackupArgs),
    /// Puts a copy in the place of the record of a hub that does not run.
    Restore(backup::RestoreArgs),
    /// Looks at clock, disk, record, regions, broker, cells and CBCs, and says what to do.
    Doctor(doctor::Doctor),
    /// The regions: check them, export them, draw an area on their map.
    #[command(subcommand)]
    Regions(regions::Verb),
    /// Persons who may submit and approve.
    #[command(subcommand)]
    Person(person::Verb),
    /// The configuration file.
    #[command(subcommand)]
    Config(serve::ConfigVerb),
    /// Runs a hub.
    Serve(serve::Serve),
    /// An operator's side.
    #[command(subcommand)]
    Adapter(serve::AdapterVerb),
    /// The whole way on this machine: hub, three simulated operators, phones.
    #[cfg(feature = "demo")]
    Demo(demo::Demo),
}

/// Where the configuration is.
#[derive(clap::Args, Clone)]
struct ConfigArgs {
    /// The configuration file.
    #[arg(long, default_value = "nadhir.toml", env = "NADHIR_CONFIG")]
    config: PathBuf,
    /// Nodes of the broker, commas between; in the place of the file's.
    #[arg(long, env = "NADHIR_AMQP_URL", hide_env_values = true)]
    amqp: Option<String>,
    /// The same nodes as the broker's user for drills; in the place of the file's.
    #[arg(long, env = "NADHIR_AMQP_URL_DRILL", hide_env_values = true)]
    amqp_drill: Option<String>,
}

impl ConfigArgs {
    fn read(&self) -> Result<Config, BadConfig> {
        Config::read(&self.config, self.amqp.as_deref(), self.amqp_drill.as_deref())
    }
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let noun = Cli::parse().noun;
    let done = match noun {
        Noun::Alert(verb) => alert::run(verb),
        Noun::Area(verb) => area::run(verb),
        Noun::Message(verb) => message::run(&verb),
        Noun::Drill(verb) => drill::run(verb),
        Noun::Audit(verb) => audit::run(&verb),
        Noun::Backup(args) => backup::backup(&args),
        Noun::Restore(args) => backup::restore(&args),
        Noun::Doctor(args) => doctor::run(&args),
        Noun::Regions(verb) => regions::run(&verb),
        Noun::Person(verb) => person::run(verb),
        Noun::Config(verb) => serve::config(&verb),
        Noun::Serve(serve) => serve::serve(&serve),
        Noun::Adapter(verb) => serve::adapter(&verb),
        #[cfg(feature = "demo")]
        Noun::Demo(demo) => demo::run(&demo),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("nadhir: {failure}");
            failure.exit.into()
        }
    }
}

/// Logs to stderr: `NADHIR_LOG` sets the levels; JSON unless stderr is a terminal.
fn log(default: &str) {
    // The AMQP library logs what the line reports in its own words; twice is noise.
    let filter = EnvFilter::try_from_env("NADHIR_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("{default},lapin=off")));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let set = if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        builder.compact().try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
    // A second call in one process (a test) keeps the first one's.
    let _ = set;
}

/// Runs async work on the process's runtime.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Failure::new(Exit::Failure, format!("no runtime: {e}")))?;
    runtime.block_on(work)
}

/// A file's name for a person: what would move the cursor or turn the line around, and what is no text, is shown as `\u{fffd}`.
fn shown(file: &std::path::Path) -> String {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = |c: char| if c.is_control() || turns(c) { char::REPLACEMENT_CHARACTER } else { c };
    file.to_string_lossy().chars().map(shown).collect()
}

/// Whether a broken pipe ended the output: whoever reads has what they wanted.
fn print(line: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}") {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::quiet()),
        Err(e) => Err(Failure::new(Exit::Failure, format!("stdout: {e}"))),
    }
}
