//! The whole way on one machine: three simulated operators, a hub, three adapters; one warning, approved by two persons.

use crate::adapter::cbc::Kind;
use crate::adapter::{CbcSettings, MAY_LOSE_PERCENT};
use crate::config::{
    AdapterConfig, Config, HubConfig, LIVE_KEY, LiveConfig, PolicyConfig, TransportConfig, TransportKind,
};
use crate::drill::evidence::Phones;
use crate::drill::phones::count;
use crate::people::PeopleError;
use crate::run::{self, CannotRun, Running};
use crate::store::{Person, StoreError};
pub use alert::{update, warning};
use chrono::{DateTime, Utc};
/// What can go wrong at a simulated CBC.
pub use nadhir_simulator::fault::{Fault, NoSuchFault};
use nadhir_simulator::{Operator, cells};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is sent.
mod alert;
/// Who signs in, and how.
mod persons;
/// Hub, adapters and simulators as processes of their own.
mod processes;

use processes::Process;

/// Oman's operators.
pub const OPERATORS: [&str; 3] = ["omantel", "ooredoo", "vodafone"];
/// Phones that stand for each operator's customers.
const PHONES: usize = 8_000;
const SEED: u64 = 7;
const HTTP_DEADLINE: Duration = Duration::from_secs(10);

/// What to show.
#[derive(Debug, Clone)]
pub struct Options {
    /// Another CAP than the wadi flood over Ad Dakhiliyah.
    pub cap: Option<Vec<u8>>,
    /// The broker; none: hub and adapters in one process.
    pub amqp: Option<Broker>,
    /// The program `nadhir-simulator`, to run each operator as a process of its own; none: in this process.
    pub simulator: Option<PathBuf>,
    /// What goes wrong, and at whom.
    pub fault: Option<(Fault, String)>,
    /// Where the hub listens; port 0 takes any.
    pub listen: SocketAddr,
}

/// The broker's addresses, commas between its nodes.
#[derive(Debug, Clone)]
pub struct Broker {
    /// With the hub's credentials.
    pub hub: String,
    /// With those for drills, who are another user.
    pub drills: String,
    /// With an operator's own; the hub's where it has none.
    pub operators: BTreeMap<String, String>,
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
    /// Who they are.
    pub persons: [Person; 2],
    operators: Vec<Simulated>,
    hub: Hub,
    client: Client,
    folder: PathBuf,
}

enum Hub {
    Here(Running),
    Processes(Vec<Process>),
}

enum Simulated {
    Here(Operator),
    Apart(Process, String),
}

impl Simulated {
    fn url(&self) -> String {
        match self {
            Simulated::Here(operator) => operator.url(),
            Simulated::Apart(_, url) => url.clone(),
        }
    }

    async fn stop(self) {
        match self {
            Simulated::Here(operator) => operator.stop().await,
            Simulated::Apart(process, _) => process.stop().await,
        }
    }
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
            let operator = match &options.simulator {
                None => Simulated::Here(
                    Operator::start(nadhir_simulator::Settings {
                        operator: name.to_owned(),
                        cells_csv: csv.into_bytes(),
                        phones: PHONES,
                        seed,
                        fault,
                    })
                    .await?,
                ),
                Some(program) => {
                    let (process, url) = processes::simulator(program, name, &path, seed, fault).await?;
                    Simulated::Apart(process, url)
                }
            };
            let own = AdapterConfig {
                cbc: CbcSettings { kind: kind_of(fault), sites: vec![operator.url()] },
                cells: path,
                cells_may_lose_percent: MAY_LOSE_PERCENT,
                ledger: folder.join(format!("{name}.sqlite")),
                admin: None,
            };
            config.laboratory.insert(name.to_owned(), operator.url());
            config.adapter.insert(name.to_owned(), own);
            operators.push(operator);
        }
        let (persons, people) = persons::add(&config.hub.store).await?;
        let tokens = [people[0].1.clone(), people[1].1.clone()];
        let client = Client::builder().timeout(HTTP_DEADLINE).no_proxy().build()?;
        let (hub, url) = match &options.amqp {
            None => {
                let running = run::hub(&config, None).await?;
                let url = running.api.map(|a| format!("http://{a}")).unwrap_or_default();
                (Hub::Here(running), url)
            }
            Some(broker) => {
                let (started, url) = processes::hub_and_adapters(&config, broker, &folder).await?;
                (Hub::Processes(started), url)
            }
        };
        Ok(Demo { url, tokens, people: people.into(), persons, operators, hub, client, folder })
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

    /// The warning as the hub shows it.
    pub async fn view(&self, id: &str) -> Result<Value, DemoError> {
        answer(self.client.get(format!("{}/v1/warnings/{id}", self.url)).bearer_auth(&self.tokens[0])).await
    }

    /// The record: how many events, and whether the chain holds.
    pub async fn record(&self) -> Result<Value, DemoError> {
        answer(self.client.get(format!("{}/v1/record", self.url)).bearer_auth(&self.tokens[0])).await
    }

    /// What the phones of all operators showed since an instant. Those in the area of the CAP are counted whether or not
    /// their operator broadcast anything.
    pub async fn phones(&self, since: DateTime<Utc>, cap: &[u8]) -> Result<Phones, DemoError> {
        let terms = nadhir_core::warning::Terms::default();
        let prepared =
            nadhir_core::warning::prepare(cap, &run::profile()?, &run::regions(None)?, since, &terms);
        let rings = prepared.map(|p| p.rings.iter().map(ToString::to_string).collect::<Vec<_>>());
        let operators: Vec<String> = self.operators.iter().map(Simulated::url).collect();
        Ok(count(&self.client, &operators, since, &rings.unwrap_or_default()).await?)
    }

    /// Cancels a warning, as the first person alone.
    pub async fn cancel(&self, id: &str) -> Result<(), DemoError> {
        let url = format!("{}/v1/warnings/{id}/cancellation", self.url);
        answer(self.client.post(url).bearer_auth(&self.tokens[0])).await.map(drop)
    }

    /// Every operator broadcasts again what it has on air: phones must drop the copies.
    pub async fn resend(&self) -> Result<(), DemoError> {
        for operator in &self.operators {
            self.client.post(format!("{}/sim/replay", operator.url())).send().await?;
        }
        Ok(())
    }

    /// How many messages are on air, at all operators together.
    pub async fn on_air(&self) -> Result<usize, DemoError> {
        let mut messages = 0;
        for operator in &self.operators {
            let air = answer(self.client.get(format!("{}/sim/air", operator.url()))).await?;
            messages += air["messages"].as_array().map_or(0, Vec::len);
        }
        Ok(messages)
    }

    /// Stops everything and leaves nothing behind.
    pub async fn stop(self) {
        match self.hub {
            Hub::Here(running) => running.stop().await,
            Hub::Processes(processes) => {
                // Adapters first: the hub hears what they still had to say.
                for process in processes.into_iter().rev() {
                    process.stop().await;
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

/// What a fault makes of the operator's CBC, as its adapter is told: another kind of CBC is no fault to the adapter.
fn kind_of(fault: Fault) -> Kind {
    match fault {
        Fault::OwnBytes | Fault::PlainTable => Kind::Text,
        Fault::Ecbe | Fault::EcbeLostAnswer => Kind::Ecbe,
        Fault::None
        | Fault::Late { .. }
        | Fault::Refuse
        | Fault::Hang
        | Fault::LostAnswer
        | Fault::BadGateway => Kind::Pages,
    }
}

fn config(options: &Options, folder: &Path) -> Config {
    let transport = match &options.amqp {
        None => TransportConfig::default(),
        Some(broker) => TransportConfig {
            kind: TransportKind::Amqp,
            uris: processes::nodes(&broker.hub),
            drill_uris: processes::nodes(&broker.drills),
            authority: None,
        },
    };
    Config {
        hub: HubConfig {
            listen: options.listen,
            public: !options.listen.ip().is_loopback(),
            admin: SocketAddr::from(([127, 0, 0, 1], 0)),
            store: folder.join("record.sqlite"),
            operators: OPERATORS.map(str::to_owned).to_vec(),
            regions: None,
            profile: None,
        },
        transport,
        policy: PolicyConfig::default(),
        // Live in the simulator: this build reaches no CBC outside loopback.
        live: Some(LiveConfig { key: LIVE_KEY.to_owned(), deployment: "demonstration".to_owned() }),
        adapter: BTreeMap::new(),
        laboratory: BTreeMap::new(),
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value, DemoError> {
    let response = request.send().await?;
    let good = response.status().is_success();
    let body: Value = response.json().await?;
    if good { Ok(body) } else { Err(DemoError::Refused(body)) }
}
