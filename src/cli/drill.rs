//! `nadhir drill run`: an exercise on 4381, and the report that it writes about itself.

use super::exit::{Exit, Failure};
use super::{block_on, log, print};
use crate::clock::Clock;
use crate::drill::evidence::{Evidence, Lane};
use crate::drill::folder::{CannotKeep, Kept};
use crate::drill::run::{Approval, CannotDrill, Desk};
use crate::drill::tell::tell;
use crate::drill::{self, DrillPlan, Folder, Report};
use askama::Template as _;
use clap::{Args, Subcommand, ValueEnum};
use nadhir_core::area::Index;
use nadhir_core::fault::Fault;
use serde_json::json;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Runs a drill and writes report.html and report.json.
    Run(Run),
}

#[derive(Args)]
pub(super) struct Run {
    /// Governorates, wilayat, belts of sea or named areas by their codes, commas between: OM-BJ,OM-BS-SHR,al-hajar.
    #[arg(long, required = true, value_delimiter = ',')]
    area: Vec<String>,
    /// Who takes part.
    #[arg(long, value_enum, default_value_t = Mode::Tabletop)]
    mode: Mode,
    /// The folder for the report; a report that is there becomes the last drill, to compare with.
    #[arg(long)]
    out: PathBuf,
    /// A name for the drill.
    #[arg(long, default_value = "")]
    name: String,
    /// The result as one JSON object on stdout.
    #[arg(long)]
    json: bool,
    /// The hub of a network or public drill.
    #[arg(long, env = "NADHIR_URL")]
    url: Option<String>,
    /// Your token there. Another person approves.
    #[arg(long, env = "NADHIR_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// That hub's national profile, if it is not the built-in one: the table its `hub.profile` names. Drills sign by it.
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// How many seconds to wait for the other person.
    #[arg(long, default_value_t = 600)]
    wait: u64,
    /// A public drill rings every phone of the area: say that this is meant.
    #[arg(long)]
    yes_public: bool,
    /// What goes wrong on purpose (tabletop): late, refuse, hang or lost_answer, `=OPERATOR`.
    #[cfg(feature = "demo")]
    #[arg(long, value_parser = super::demo::fault)]
    fault: Option<(crate::demo::Fault, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Simulated operators and phones, started here.
    Tabletop,
    /// At a running hub, to the operators' networks.
    Network,
    /// At a running hub, to the public.
    Public,
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Failure {
        let area = faults.iter().all(|f| f.code.starts_with("area."));
        let words: Vec<String> = faults.iter().map(|f| format!("  {f}")).collect();
        let exit = if area { Exit::Area } else { Exit::InvalidCap };
        Failure::new(exit, format!("the drill cannot be run:\n{}", words.join("\n")))
    }
}

impl From<CannotKeep> for Failure {
    fn from(e: CannotKeep) -> Failure {
        Failure::new(Exit::Failure, e.to_string())
    }
}

impl From<CannotDrill> for Failure {
    fn from(e: CannotDrill) -> Failure {
        let exit = match &e {
            CannotDrill::Unreachable { .. } => Exit::Unreachable,
            CannotDrill::NotApproved { .. } => Exit::TooLate,
            CannotDrill::Refused(_) | CannotDrill::NotADrill { .. } | CannotDrill::Over(_) => {
                Exit::NotAllowed
            }
            CannotDrill::Form(_) => Exit::Failure,
        };
        Failure::new(exit, e.to_string())
    }
}

pub(super) fn run(verb: Verb) -> Result<Exit, Failure> {
    let Verb::Run(args) = verb;
    log("error");
    let index = crate::run::regions(None)?;
    let clock = Clock::start();
    let plan = DrillPlan::usual(&index, &args.name, &args.area, clock.now().utc)?;
    let folder = Folder::open(&args.out)?;
    block_on(async {
        let evidence = match args.mode {
            #[cfg(feature = "demo")]
            Mode::Tabletop => tabletop(&args, &plan, &index, clock).await?,
            #[cfg(not(feature = "demo"))]
            Mode::Tabletop => {
                return Err(Failure::new(
                    Exit::Failure,
                    "this build is without the simulator: a tabletop needs it",
                ));
            }
            Mode::Network | Mode::Public => at_a_hub(&args, &plan, &index, clock).await?,
        };
        let evidence = Evidence { last: folder.last(), ..evidence };
        finish(&args, &evidence, &index, &folder)
    })
}

/// Operators, hub and phones on this machine; the two persons of the demonstration.
#[cfg(feature = "demo")]
async fn tabletop(args: &Run, plan: &DrillPlan, index: &Index, clock: Clock) -> Result<Evidence, Failure> {
    use crate::demo::{Demo, Options};
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let fault = args.fault.clone();
    let options = Options { cap: None, amqp: None, simulator: None, fault, listen };
    let (running, profile) = (Demo::start(&options).await?, crate::run::profile()?);
    let work = async {
        let [author, approver] = &running.tokens;
        let desk = Desk::new(&running.url, author)?;
        let ended =
            desk.run((plan, &profile), &Approval::Here(approver.clone()), clock.now().utc, |_, _| {}).await?;
        let phones = running.phones(ended.at, &plan.cap(&profile, ended.at)).await?;
        let record = desk.record().await?;
        let mut evidence = tell(ended, record, plan.name(), index, drill::Mode::Tabletop, clock.now().utc);
        for person in &running.persons {
            for known in [&mut evidence.who.author, &mut evidence.who.approver] {
                if known.id == person.id {
                    known.name = Some(person.name.clone());
                }
            }
        }
        evidence.phones = Some(phones);
        let inject = |(fault, operator): &(crate::demo::Fault, String)| drill::evidence::Inject {
            fault: serde_json::to_value(fault)
                .ok()
                .and_then(|v| Some(v["fault"].as_str()?.to_owned()))
                .unwrap_or_default(),
            operator: operator.clone(),
        };
        evidence.injects = args.fault.iter().map(inject).collect();
        Ok(evidence)
    };
    let done = tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => Err(Failure::new(Exit::Failure, "the drill was ended by hand; there is no report")),
    };
    running.stop().await;
    done
}

/// At a running hub: handed in here, approved there by somebody else.
async fn at_a_hub(args: &Run, plan: &DrillPlan, index: &Index, clock: Clock) -> Result<Evidence, Failure> {
    let public = args.mode == Mode::Public;
    let missing = [
        (args.url.is_none(), "where the hub is: --url or NADHIR_URL"),
        (args.token.is_none(), "who hands it in: --token or NADHIR_TOKEN"),
        (
            public && !args.yes_public,
            "--yes-public: 4381 is on by default, and every phone of the area rings",
        ),
    ];
    let missing: Vec<&str> = missing.iter().filter(|(lacks, _)| *lacks).map(|(_, what)| *what).collect();
    let (Some(url), Some(token), true) = (&args.url, &args.token, missing.is_empty()) else {
        let list = missing.join("\n  ");
        return Err(Failure::new(
            Exit::NotAllowed,
            format!("the drill is not run; what is missing:\n  {list}"),
        ));
    };
    let (desk, profile) = (Desk::new(url, token)?, crate::run::profile_of(args.table.as_deref())?);
    match (public, desk.is_live().await?) {
        (true, false) => {
            let words = "this hub is not live: it reaches no public; a drill there is --mode network";
            return Err(Failure::new(Exit::NotAllowed, words));
        }
        (false, true) => {
            let words = "this hub is live: a drill there rings the public's phones, and is --mode public --yes-public";
            return Err(Failure::new(Exit::NotAllowed, words));
        }
        (true, true) | (false, false) => {}
    }
    let approval = Approval::Elsewhere(std::time::Duration::from_secs(args.wait));
    let ended = desk.run((plan, &profile), &approval, clock.now().utc, |id, hash| {
        eprintln!("The drill waits for another person:\n  nadhir alert approve {id} --hash {hash}");
    });
    let ended = ended.await?;
    let record = desk.record().await?;
    let mode = if public { drill::Mode::Public } else { drill::Mode::Network };
    Ok(tell(ended, record, plan.name(), index, mode, clock.now().utc))
}

/// Writes the report and says where it is.
fn finish(args: &Run, evidence: &Evidence, index: &Index, folder: &Folder) -> Result<Exit, Failure> {
    let html =
        Report::new(evidence, index).render().map_err(|e| Failure::new(Exit::Failure, e.to_string()))?;
    let Kept { html, json } = folder.keep(&serde_json::to_vec_pretty(evidence)?, html.as_bytes())?;
    if args.json {
        let answer = json!({
            "drill": evidence.drill, "mode": evidence.mode, "identifier": evidence.identifier, "met": evidence.met,
            "slowest_ms": evidence.slowest_ms, "report": { "html": html, "json": json }, "record": evidence.record,
        });
        print(&answer.to_string())?;
    } else {
        for line in words(evidence) {
            print(&line)?;
        }
        print(&format!("  {}\n  {}", html.display(), json.display()))?;
    }
    Ok(exit(evidence))
}

fn words(evidence: &Evidence) -> Vec<String> {
    let seconds = evidence.slowest_ms.map(|ms| format!("{:.3} s", ms / 1000.0));
    let mut lines = vec![match (evidence.met, seconds) {
        (true, Some(s)) => format!("Passed: the last operator was on air after {s}."),
        (_, Some(s)) => format!("NOT passed: the last operator was on air after {s}."),
        (_, None) => "NOT passed: at least one operator was never heard on air.".to_owned(),
    }];
    for lane in evidence.operators.iter().filter(|lane| lane.red) {
        lines.push(format!("  {}: {}", lane.operator, lane.reason.as_deref().unwrap_or("red")));
    }
    lines
}

/// 0 if met; 7 if all were heard on air, but late; 6 if one refused, strayed or was never heard.
fn exit(evidence: &Evidence) -> Exit {
    let heard = |lane: &Lane| lane.on_air_ms.is_some() && lane.cells_on_air != Some(0);
    let late = |lane: &Lane| lane.on_air_ms.is_some_and(|ms| ms > evidence.deadline_ms as f64);
    match evidence.met {
        true => Exit::Ok,
        false if evidence.operators.iter().all(heard) && evidence.operators.iter().any(late) => Exit::TooLate,
        false => Exit::Partly,
    }
}
