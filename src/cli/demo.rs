//! `nadhir demo`: the whole way once, drawn live; with `--once --json` for scripts, else it stays up with its page.

use super::draw;
use super::exit::{Exit, Failure};
use super::{block_on, log, print};
use crate::clock::Clock;
use crate::demo::{self, Broker, DemoError, Fault, NoSuchFault, OPERATORS, Options};
use crate::drill::evidence::Phones;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// The promise.
const DEADLINE_MS: f64 = 10_000.0;
/// An operator that is late may still come; after this it is taken as silent.
const PATIENCE: Duration = Duration::from_secs(20);
/// By then phones on 4G and 5G have shown a message (docs/simulator.md, the radio model).
const SHOWN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);

#[derive(Args)]
pub(super) struct Demo {
    /// Ends after the one warning, instead of staying up with the page.
    #[arg(long)]
    once: bool,
    /// The result as one JSON object on stdout.
    #[arg(long, requires = "once")]
    json: bool,
    /// Another alert than the wadi flood over Ad Dakhiliyah.
    #[arg(long)]
    cap: Option<PathBuf>,
    /// The path between hub and adapters.
    #[arg(long, value_enum, default_value_t = TransportArg::Loopback)]
    transport: TransportArg,
    /// The broker, for `--transport amqp`.
    #[arg(long, env = "NADHIR_AMQP_URL", hide_env_values = true)]
    amqp: Option<String>,
    /// Runs each operator's network as a process of this program, nadhir-simulator; else all in this one.
    #[arg(long, value_name = "PROGRAM")]
    simulator: Option<PathBuf>,
    /// What goes wrong at an operator's CBC: late, refuse, hang, lost_answer; or which other kind it is: own_bytes and
    /// plain_table encode by themselves, ecbe takes the whole network alone. `=OPERATOR` (default: ooredoo).
    #[arg(long, value_parser = fault)]
    fault: Option<(Fault, String)>,
    /// What follows once it is on air, in this order: resend, update, cancel (commas between).
    #[arg(long, value_enum, value_delimiter = ',')]
    then: Vec<Step>,
    /// Where the hub's page listens (with --once: any free port).
    #[arg(long, default_value = "127.0.0.1:7420")]
    listen: SocketAddr,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TransportArg {
    Loopback,
    Amqp,
}

/// What follows.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Operators broadcast it again: each phone shows it once all the same.
    Resend,
    /// Two persons send a newer text: the new one is written, then the old one stopped.
    Update,
    /// One person stops it.
    Cancel,
}

pub(super) fn fault(text: &str) -> Result<(Fault, String), String> {
    let (name, operator) = text.split_once('=').unwrap_or((text, "ooredoo"));
    if !OPERATORS.contains(&operator) {
        return Err(format!("\"{operator}\" is no operator here: {}", OPERATORS.join(", ")));
    }
    Ok((name.parse().map_err(|e: NoSuchFault| e.to_string())?, operator.to_owned()))
}

impl From<DemoError> for Failure {
    fn from(e: DemoError) -> Failure {
        let exit = match &e {
            DemoError::Refused(problem) => match problem["code"].as_str() {
                Some("invalid_area") => Exit::Area,
                Some("invalid_cap") => Exit::InvalidCap,
                Some("expired") => Exit::TooLate,
                _ => Exit::NotAllowed,
            },
            DemoError::Http(_) => Exit::Unreachable,
            DemoError::Run(_)
            | DemoError::Store(_)
            | DemoError::People(_)
            | DemoError::Simulator(_)
            | DemoError::System { .. } => Exit::Failure,
        };
        let mut words = vec![e.to_string()];
        if let DemoError::Refused(problem) = &e {
            words.extend(problem["errors"].as_array().into_iter().flatten().map(|fault| {
                let text = |key: &str| fault[key].as_str().unwrap_or_default();
                format!("  {} [{}] {}: {}", text("level"), text("code"), text("pointer"), text("detail"))
            }));
        }
        Failure::new(exit, words.join("\n"))
    }
}

pub(super) fn run(demo: &Demo) -> Result<Exit, Failure> {
    log("error");
    let cap = demo.cap.as_deref().map(crate::run::read).transpose()?;
    block_on(async {
        let amqp = match demo.transport {
            TransportArg::Loopback => None,
            TransportArg::Amqp => Some(credentials(reachable(demo.amqp.as_deref()).await?)?),
        };
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listen = if demo.once { any } else { demo.listen };
        let (simulator, fault) = (demo.simulator.clone(), demo.fault.clone());
        let options = Options { cap, amqp, simulator, fault, listen };
        let running = demo::Demo::start(&options).await?;
        let done = tokio::select! {
            done = show(&running, &options, demo) => done,
            _ = tokio::signal::ctrl_c() => Ok(Exit::Failure),
        };
        running.stop().await;
        done
    })
}

/// The broker's address, if something answers there: else exit 8, and how to start one.
async fn reachable(amqp: Option<&str>) -> Result<String, Failure> {
    const HOW: &str = "start one with: deploy/dev/rabbitmq.sh start DIR PORT; it prints NADHIR_AMQP_URL";
    let none = |why: String| Failure::new(Exit::Unreachable, format!("no broker: {why}\n{HOW}"));
    let uris = amqp.ok_or_else(|| none("neither --amqp nor NADHIR_AMQP_URL says where".to_owned()))?;
    let mut why = String::new();
    for uri in uris.split(',') {
        let authority = uri.split_once("://").map_or(uri, |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let address = if host.contains(':') { host.to_owned() } else { format!("{host}:5672") };
        match tokio::time::timeout(Duration::from_secs(1), TcpStream::connect(&address)).await {
            Ok(Ok(_)) => return Ok(uris.to_owned()),
            Ok(Err(e)) => why = format!("{address}: {e}"),
            Err(_) => why = format!("{address} does not answer"),
        }
    }
    Err(none(why))
}

/// Each operator's own address of the broker, from `NADHIR_AMQP_URL_<OPERATOR>`, and that for drills, from
/// `NADHIR_AMQP_URL_DRILL`; `NADHIR_AMQP_URL` comes from the same place. Another broker, named by `--amqp`, has none of the
/// operators', and drills need theirs at any: the broker must tell them from live orders.
fn credentials(hub: String) -> Result<Broker, Failure> {
    let of = |name: &str| std::env::var(name).ok().filter(|uri| !uri.is_empty());
    let same = of("NADHIR_AMQP_URL").as_ref() == Some(&hub);
    let operators = OPERATORS.into_iter().filter(|_| same).filter_map(|name| {
        let variable = format!("NADHIR_AMQP_URL_{}", name.to_uppercase().replace('-', "_"));
        Some((name.to_owned(), of(&variable)?))
    });
    let none = || {
        let words = "drills need a user of their own at the broker: NADHIR_AMQP_URL_DRILL does not name one";
        Failure::new(Exit::Failure, words.to_owned())
    };
    let drills = of("NADHIR_AMQP_URL_DRILL").ok_or_else(none)?;
    Ok(Broker { operators: operators.collect(), drills, hub })
}

async fn show(running: &demo::Demo, options: &Options, args: &Demo) -> Result<Exit, Failure> {
    let clock = Clock::start();
    let cap = demo::warning(options.cap.as_deref(), clock.now().utc);
    let id = running.issue(cap.clone()).await?;
    if !args.json {
        eprintln!("{}", draw::announce(&running.view(&id).await?));
    }
    let view = watch(running, &id, !args.json && std::io::stderr().is_terminal()).await?;
    let zero = view["at"].as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok()).unwrap_or_default();
    let steps = follow(running, &args.then, &id, &cap, clock).await?;
    let (phones, record) = (running.phones(zero, &cap).await?, running.record().await?);
    if args.json {
        let mut result = result(&view, &phones, &record);
        if !steps.is_empty() {
            result["then"] = Value::Array(steps);
            result["on_air_after"] = json!(running.on_air().await?);
        }
        print(&result.to_string())?;
    } else {
        let steps = steps.iter().map(draw::step);
        for line in draw::tally(&view, &phones, &record).into_iter().chain(steps) {
            print(&line)?;
        }
    }
    if !args.once {
        print("\nSign in, each link once and within a quarter of an hour:")?;
        for (name, link) in running.links().await? {
            print(&format!("  {name:<24} {link}"))?;
        }
        let [author, approver] = &running.tokens;
        print(&format!(
            "\nOn the command line: export NADHIR_URL={} AMAL={author} BADR={approver}",
            running.url
        ))?;
        print(&format!("\nThis warning, for anybody: {}/w/{id}   (Ctrl-C ends)", running.url))?;
        let _ = tokio::signal::ctrl_c().await;
    }
    Ok(exit(&view))
}

/// What follows. Each step leaves the one before the time that nearly every 4G and 5G phone needs to show it.
async fn follow(
    running: &demo::Demo,
    then: &[Step],
    id: &str,
    cap: &[u8],
    clock: Clock,
) -> Result<Vec<Value>, Failure> {
    let mut current = id.to_owned();
    let mut done = Vec::new();
    for step in then {
        tokio::time::sleep(SHOWN).await;
        done.push(match step {
            Step::Resend => {
                running.resend().await?;
                json!({ "step": "resend" })
            }
            Step::Update => {
                current = running.issue(demo::update(cap, clock.now().utc)).await?;
                let view = watch(running, &current, false).await?;
                let (met, slowest) = (&view["met"], &view["slowest_ms"]);
                json!({ "step": "update", "warning": current, "met": met, "slowest_ms": slowest,
                        "operators": view["operators"] })
            }
            Step::Cancel => {
                running.cancel(&current).await?;
                let lanes = stopped(running, &current).await?;
                let met = !lanes.is_empty() && lanes.iter().all(|lane| lane["state"] == "stopped");
                let slowest = lanes.iter().filter_map(|lane| lane["stopped_ms"].as_f64()).reduce(f64::max);
                json!({ "step": "cancel", "warning": current, "met": met, "slowest_ms": slowest,
                        "operators": lanes })
            }
        });
    }
    Ok(done)
}

/// Looks until every lane of the cancel has ended, or patience has.
async fn stopped(running: &demo::Demo, id: &str) -> Result<Vec<Value>, Failure> {
    let start = Instant::now();
    loop {
        let lanes = running.view(id).await?["cancel"].as_array().cloned().unwrap_or_default();
        if lanes.iter().all(|lane| lane["ended"] == true) || start.elapsed() > PATIENCE {
            return Ok(lanes);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Looks until every lane has reached its end, or patience has.
async fn watch(running: &demo::Demo, id: &str, live: bool) -> Result<Value, Failure> {
    let start = Instant::now();
    let mut drawn = 0;
    loop {
        let view = running.view(id).await?;
        let lanes = view["operators"].as_array();
        let ended = lanes.is_some_and(|lanes| lanes.iter().all(|lane| lane["ended"] == true));
        if live || ended || start.elapsed() > PATIENCE {
            let lines = draw::lanes(&view);
            if live && drawn > 0 {
                eprint!("\x1b[{drawn}A");
            }
            if live {
                for line in &lines {
                    eprintln!("\x1b[2K{line}");
                }
                drawn = lines.len();
            }
        }
        if ended || start.elapsed() > PATIENCE {
            return Ok(view);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// 0 if met; 7 if all were heard on air, but late; 6 if one refused, strayed or was never heard.
fn exit(view: &Value) -> Exit {
    if view["met"] == true {
        return Exit::Ok;
    }
    let lanes = view["operators"].as_array().map(Vec::as_slice).unwrap_or_default();
    let kept = |lane: &Value| {
        let last = lane["accepted_is_final"] == true && lane["on_air_ms"].is_null();
        let air = lane["on_air_ms"].as_f64().filter(|_| lane["cells_on_air"] != 0);
        if last { lane["accepted_ms"].as_f64() } else { air }
    };
    let late = !lanes.is_empty() && lanes.iter().all(|lane| kept(lane).is_some());
    let late = late && lanes.iter().any(|lane| kept(lane).is_some_and(|ms| ms > DEADLINE_MS));
    if late { Exit::TooLate } else { Exit::Partly }
}

fn result(view: &Value, phones: &Phones, record: &Value) -> Value {
    let radios: serde_json::Map<String, Value> = phones
        .by_radio
        .iter()
        .map(|radio| {
            let figures = json!({
                "in_area": radio.in_area,
                "displayed": radio.displayed,
                "p50_ms": radio.p50_ms,
                "p95_ms": radio.p95_ms,
                "within_10s": radio.within_10s,
            });
            (radio.radio.clone(), figures)
        })
        .collect();
    json!({
        "warning": view["warning"],
        "deadline_ms": view["deadline_ms"],
        "governorates": view["summary"]["governorates"],
        "area_sha256": view["summary"]["area_sha256"],
        "operators": view["operators"],
        "slowest_ms": view["slowest_ms"],
        "met": view["met"],
        "phones": {
            "in_area": phones.in_area,
            "displayed": phones.displayed,
            "twice": phones.twice,
            "outside": phones.outside,
            "unreadable": phones.unreadable,
            "by_radio": radios,
        },
        "record": record,
    })
}
