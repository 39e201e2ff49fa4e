//! The whole way on one machine: three simulated operators, a hub, three adapters; one warning, approved by two persons.

use crate::config::{AdapterConfig, Config, HubConfig, LIVE_KEY, LiveConfig, TransportConfig, TransportKind};
use crate::people::{self, PeopleError};
use crate::run::{self, CannotRun, Running};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cap::{self, CapTime, Limits};
/// What can go wrong at a simulated CBC.
pub use nadhir_simulator::fault::{Fault, NoSuchFault};
use nadhir_simulator::{Operator, cells};
use reqwest::Client;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Oman's operators.
pub const OPERATORS: [&str; 3] = ["omantel", "ooredoo", "vodafone"];
/// The template of the demonstration's warning; its times are made new at each run.
const TEMPLATE: &[u8] = include_bytes!("../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");
/// Phones that stand for each operator's customers.
const PHONES: usize = 8_000;
const SEED: u64 = 7;
/// How long the demonstration's warning is in force.
const LASTS: TimeDelta = TimeDelta::hours(6);
/// A child that has not said it listens by then will not.
const CHILD_DEADLINE: Duration = Duration::from_secs(20);
const HTTP_DEADLINE: Duration = Duration::from_secs(10);

/// What to show.
#[derive(Debug, Clone)]
pub struct Options {
    /// Another CAP than the wadi flood over Ad Dakhiliyah.
    pub cap: Option<Vec<u8>>,
    /// The broker's addresses; none: all in one process.
    pub amqp: Option<String>,
    /// What goes wrong, and at whom.
    pub fault: Option<(Fault, String)>,
    /// Where the hub listens; port 0 takes any.
    pub listen: SocketAddr,
}

/// Why the demonstration cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A part does not start.
    #[error(transparent)]
    Run(#[from] CannotRun),
    /// The record.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The two persons.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// An operator does not start.
    #[error(transparent)]
    Simulator(#[from] nadhir_simulator::StartError),
    /// A file or a process.
    #[error("{what}: {why}")]
    System {
        /// Which.
        what: String,
        /// Why.
        why: String,
    },
    /// A part does not answer.
    #[error("no answer: {0}")]
    Http(#[from] reqwest::Error),
    /// The hub refuses the warning: its problem document.
    #[error("{}: {}", .0["title"].as_str().unwrap_or("refused"), .0["detail"].as_str().unwrap_or_default())]
    Refused(Value),
}

/// Everything that runs.
pub struct Demo {
    /// The hub's API and pages.
    pub url: String,
    /// Tokens of the author and of the approver.
    pub tokens: [String; 2],
    /// Everybody who can sign in, by name, with their token: author and approver first.
    pub people: Vec<(String, String)>,
    operators: Vec<Operator>,
    hub: Hub,
    client: Client,
    folder: PathBuf,
}

enum Hub {
    Here(Running),
    Children(Vec<Child>),
}

/// Phones of all operators.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Phones {
    /// Sums over the operators.
    pub in_area: u64,
    /// Phones that show at least one message.
    pub displayed: u64,
    /// Phones that showed one twice.
    pub twice: u64,
    /// Phones that rang from a cell outside the area.
    pub outside: u64,
    /// Phones that showed what cannot be read.
    pub unreadable: u64,
    /// By radio: in the area, and the instants of showing since the approval, sorted.
    pub by_radio: Vec<(&'static str, u64, Vec<i64>)>,
}

fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> DemoError {
    let what = what.into();
    move |e| DemoError::System { what, why: e.to_string() }
}

impl Demo {
    /// Starts operators, hub and adapters on loopback.
    pub async fn start(options: &Options) -> Result<Demo, DemoError> {
        let folder = std::env::temp_dir().join(format!("nadhir-demo-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).map_err(system(folder.display().to_string()))?;
        let mut operators = Vec::new();
        let mut config = config(options, &folder);
        for (seed, name) in (SEED..).zip(OPERATORS) {
            let csv = cells::generate(name, seed);
            let path = folder.join(format!("{name}.csv"));
            std::fs::write(&path, &csv).map_err(system(path.display().to_string()))?;
            let fault = match &options.fault {
                Some((fault, whom)) if whom == name => *fault,
                _ => Fault::None,
            };
            let settings = nadhir_simulator::Settings {
                operator: name.to_owned(),
                cells_csv: csv.into_bytes(),
                phones: PHONES,
                seed,
                fault,
            };
            let operator = Operator::start(settings).await?;
            let own = AdapterConfig {
                cbc: operator.url(),
                cells: path,
                ledger: folder.join(format!("{name}.sqlite")),
            };
            config.adapter.insert(name.to_owned(), own);
            operators.push(operator);
        }
        let people = persons(&config.hub.store).await?;
        let tokens = [people[0].1.clone(), people[1].1.clone()];
        let client = Client::builder().timeout(HTTP_DEADLINE).no_proxy().build()?;
        let (hub, url) = match config.transport.kind {
            TransportKind::Loopback => {
                let running = run::hub(&config, None).await?;
                let url = running.api.map(|a| format!("http://{a}")).unwrap_or_default();
                (Hub::Here(running), url)
            }
            TransportKind::Amqp => children(&config, &folder).await?,
        };
        Ok(Demo { url, tokens, people: people.into(), operators, hub, client, folder })
    }

    /// Submits as the first person, approves as the second. Returns the warning's id.
    pub async fn issue(&self, cap: Vec<u8>) -> Result<String, DemoError> {
        let [author, approver] = &self.tokens;
        let submit = self.client.post(format!("{}/v1/warnings", self.url)).bearer_auth(author);
        let waiting = answer(submit.header("content-type", "application/cap+xml").body(cap)).await?;
        let id = waiting["warning"].as_str().unwrap_or_default().to_owned();
        let approve =
            self.client.post(format!("{}/v1/warnings/{id}/approval", self.url)).bearer_auth(approver);
        answer(approve.json(&json!({ "hash": waiting["hash"] }))).await?;
        Ok(id)
    }

    /// A sign-in link for everybody, by name; each is good once and for a quarter of an hour.
    pub async fn links(&self) -> Result<Vec<(String, String)>, DemoError> {
        let mut links = Vec::new();
        for (name, token) in &self.people {
            let url = format!("{}/v1/sign-in-links", self.url);
            let link = answer(self.client.post(url).bearer_auth(token)).await?;
            let path = link["path"].as_str().unwrap_or_default();
            links.push((name.clone(), format!("{}{path}", self.url)));
        }
        Ok(links)
    }

    /// The warning as the hub shows it.
    pub async fn view(&self, id: &str) -> Result<Value, DemoError> {
        answer(self.client.get(format!("{}/v1/warnings/{id}", self.url)).bearer_auth(&self.tokens[0])).await
    }

    /// The record: how many events, and whether the chain holds.
    pub async fn record(&self) -> Result<Value, DemoError> {
        answer(self.client.get(format!("{}/v1/record", self.url)).bearer_auth(&self.tokens[0])).await
    }

    /// What the phones of all operators showed since an instant.
    pub async fn phones(&self, since: DateTime<Utc>) -> Result<Phones, DemoError> {
        let mut phones = Phones {
            by_radio: ["4g", "5g", "2g"].map(|radio| (radio, 0, vec![])).into(),
            ..Phones::default()
        };
        for operator in &self.operators {
            let url = format!("{}/sim/phones?since_ms={}", operator.url(), since.timestamp_millis());
            let report = answer(self.client.get(url)).await?;
            let count = |value: &Value| value.as_u64().unwrap_or_default();
            phones.in_area += count(&report["in_area"]);
            phones.displayed += count(&report["displayed"]);
            phones.twice += count(&report["twice"]);
            phones.outside += count(&report["outside"]);
            phones.unreadable += count(&report["unreadable"]);
            for (radio, in_area, times) in &mut phones.by_radio {
                let own = &report["by_radio"][*radio];
                *in_area += count(&own["in_area"]);
                times.extend(own["times_ms"].as_array().into_iter().flatten().filter_map(Value::as_i64));
            }
        }
        for (_, _, times) in &mut phones.by_radio {
            times.sort_unstable();
        }
        Ok(phones)
    }

    /// Stops everything and leaves nothing behind.
    pub async fn stop(self) {
        match self.hub {
            Hub::Here(running) => running.stop().await,
            Hub::Children(children) => {
                for mut child in children {
                    // Each ends by itself when its stdin closes.
                    drop(child.stdin.take());
                    if tokio::time::timeout(Duration::from_secs(5), child.wait()).await.is_err() {
                        let _ = child.kill().await;
                    }
                }
            }
        }
        for operator in self.operators {
            operator.stop().await;
        }
        if let Err(e) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(folder = %self.folder.display(), error = %e, "the demonstration's folder stays");
        }
    }
}

/// The demonstration's warning as if it were written now, or another one as it is.
pub fn warning(cap: Option<&[u8]>, now: DateTime<Utc>) -> Vec<u8> {
    if let Some(given) = cap {
        return given.to_vec();
    }
    let (alert, _) = cap::read(TEMPLATE, &Limits::oman());
    let Some(mut alert) = alert else { return TEMPLATE.to_vec() };
    let (begin, end) = (CapTime::muscat(now), CapTime::muscat(now + LASTS));
    let was = [Some(alert.sent), alert.infos.first().and_then(|info| info.expires)];
    // The text carries its own day and times: a second SIM drops a body it has shown within a day.
    let mut words = vec![(was[0].map(day).unwrap_or_default(), day(begin))];
    words.extend(was.into_iter().flatten().map(hour).zip([hour(begin), hour(end)]));
    alert.sent = begin;
    alert.identifier = format!("2.49.0.1.512.0.{}.1", now.format("%Y%m%d%H%M%S"));
    for info in &mut alert.infos {
        info.effective = info.effective.map(|_| begin);
        info.onset = info.onset.map(|_| begin);
        info.expires = Some(end);
        for text in [&mut info.headline, &mut info.description, &mut info.instruction].into_iter().flatten() {
            // By way of marks, so that a new time that equals an old one is not replaced again.
            for (mark, (old, _)) in ('\u{1}'..).zip(&words) {
                *text = text.replace(old, &mark.to_string());
            }
            for (mark, (_, new)) in ('\u{1}'..).zip(&words) {
                *text = text.replace(mark, new);
            }
        }
    }
    cap::write(&alert)
}

/// `06:30`
fn hour(at: CapTime) -> String {
    at.to_string().get(11..16).unwrap_or_default().to_owned()
}

/// `22/11`
fn day(at: CapTime) -> String {
    let text = at.to_string();
    format!("{}/{}", text.get(8..10).unwrap_or_default(), text.get(5..7).unwrap_or_default())
}

fn config(options: &Options, folder: &Path) -> Config {
    let (kind, uris) = match &options.amqp {
        None => (TransportKind::Loopback, vec![]),
        Some(uris) => (TransportKind::Amqp, uris.split(',').map(str::to_owned).collect()),
    };
    Config {
        hub: HubConfig {
            listen: options.listen,
            public: !options.listen.ip().is_loopback(),
            admin: SocketAddr::from(([127, 0, 0, 1], 0)),
            store: folder.join("record.sqlite"),
            operators: OPERATORS.map(str::to_owned).to_vec(),
            regions: None,
        },
        transport: TransportConfig { kind, uris },
        // Live in the simulator: this build reaches no CBC outside loopback.
        live: Some(LiveConfig { key: LIVE_KEY.to_owned(), deployment: "demonstration".to_owned() }),
        adapter: std::collections::BTreeMap::new(),
    }
}

/// The persons, before any hub runs on the record.
async fn persons(store: &Path) -> Result<[(String, String); 4], DemoError> {
    let store = Store::open(store)?;
    let add = async |name: &str| {
        let (person, token) = people::add(&store, name).await?;
        Ok::<_, DemoError>((person.name, token.reveal().to_owned()))
    };
    Ok([
        add("Amal (author)").await?,
        add("Badr (approver)").await?,
        add("Oda (operator: omantel)").await?,
        add("Rim (regulator)").await?,
    ])
}

/// Hub and adapters as processes of their own, ended with this one.
async fn children(config: &Config, folder: &Path) -> Result<(Hub, String), DemoError> {
    let path = folder.join("nadhir.toml");
    let text = config
        .to_toml()
        .map_err(|e| DemoError::System { what: "nadhir.toml".to_owned(), why: e.to_string() })?;
    std::fs::write(&path, text).map_err(system(path.display().to_string()))?;
    let program = std::env::current_exe().map_err(system("this program"))?;
    let mut children = Vec::new();
    let mut url = String::new();
    let mut calls = vec![vec!["serve".to_owned()]];
    calls.extend(OPERATORS.map(|name| ["adapter", "run", "--operator", name].map(str::to_owned).to_vec()));
    for call in calls {
        let mut child = Command::new(&program)
            .args(&call)
            .arg("--config")
            .arg(&path)
            .arg("--until-stdin-closes")
            .env("NADHIR_LOG", std::env::var("NADHIR_LOG").unwrap_or_else(|_| "error,lapin=off".to_owned()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(system(call.join(" ")))?;
        let line = ready(&mut child, &call.join(" ")).await?;
        if let Some(listening) = line["listening"].as_str() {
            listening.clone_into(&mut url);
        }
        children.push(child);
    }
    Ok((Hub::Children(children), url))
}

/// The line a child prints when it runs.
async fn ready(child: &mut Child, what: &str) -> Result<Value, DemoError> {
    let failed = |why: String| DemoError::System { what: what.to_owned(), why };
    let stdout = child.stdout.take().ok_or_else(|| failed("no stdout".to_owned()))?;
    let mut lines = BufReader::new(stdout).lines();
    let line = tokio::time::timeout(CHILD_DEADLINE, lines.next_line())
        .await
        .map_err(|_| failed(format!("did not start within {CHILD_DEADLINE:?}")))?
        .map_err(|e| failed(e.to_string()))?
        .ok_or_else(|| failed("ended at once".to_owned()))?;
    // Whatever else it says is read, so that it never waits for a reader.
    tokio::spawn(async move { while matches!(lines.next_line().await, Ok(Some(_))) {} });
    serde_json::from_str(&line).map_err(|e| failed(e.to_string()))
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value, DemoError> {
    let response = request.send().await?;
    let good = response.status().is_success();
    let body: Value = response.json().await?;
    if good { Ok(body) } else { Err(DemoError::Refused(body)) }
}
