//! Puts a hub and adapters together from the configuration and runs them until told to stop.

use crate::adapter::{self, Cbc, Ledger};
use crate::clock::Clock;
use crate::config::{AdapterConfig, Config, TransportKind};
use crate::dispatch::{self, Hub};
use crate::drill::phones::Counter;
use crate::http;
use crate::laboratory::{self, BadLaboratory, Laboratories};
use crate::store::Store;
use crate::transport::Transport;
use crate::transport::amqp::{Amqp, Reach};
use crate::transport::loopback::Loopback;
use metrics_exporter_prometheus::PrometheusHandle;
use nadhir_core::area::{Files, Index};
use nadhir_core::cap::National;
use nadhir_core::cbs::Class;
use nadhir_core::fault::Fault;
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tasks::Tasks;
use tokio::net::TcpListener;
use tracing::info;

/// What the hub tells of itself all the time.
mod figures;
/// Tasks that stand and fall together.
mod tasks;

/// The governorates, as the project draws them.
pub const GOVERNORATES: &[u8] = include_bytes!("../regions/governorates.json");

/// The national profile alerts are judged by.
pub const PROFILE: &[u8] = include_bytes!("../cap-schemas/oman.json");

/// Governorates, wilayat, sea and named areas, as the project draws them.
pub const REGIONS: Files<'static> = Files {
    governorates: GOVERNORATES,
    wilayat: include_bytes!("../regions/wilayat.json"),
    sea: include_bytes!("../regions/sea.json"),
    named: include_bytes!("../regions/named.json"),
};

/// Why a process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum CannotRun {
    /// A file cannot be used.
    #[error("{path}: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A file holds faults; all of them.
    #[error("{path}: {}", .faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults {
        /// Which.
        path: PathBuf,
        /// What.
        faults: Vec<Fault>,
    },
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        why: std::io::Error,
    },
    /// Another process has the file.
    #[error("{0} is in use by another process of Nadhir")]
    InUse(PathBuf),
    /// A file of the pages' words.
    #[error(transparent)]
    Words(#[from] http::BrokenWords),
    /// The lists of `[policy]`.
    #[error("{}", .0.join("; "))]
    Policy(Vec<String>),
    /// The record.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] adapter::LedgerError),
    /// The operator's cell list.
    #[error(transparent)]
    Cells(#[from] adapter::BadList),
    /// The CBC's address.
    #[error(transparent)]
    Cbc(#[from] adapter::cbc::BadCbc),
    /// The broker's addresses.
    #[error(transparent)]
    Amqp(#[from] nadhir_amqp::BadSettings),
    /// Where phones are counted.
    #[error(transparent)]
    Laboratory(#[from] BadLaboratory),
    /// A drill never goes by the live credential.
    #[error(
        "drills have no credential of their own: set transport.drill_uris or NADHIR_AMQP_URL_DRILL to the broker's \
         nodes as the user hub-drill (deploy/rabbitmq/README.md)"
    )]
    NoDrillCredential,
    /// Nobody can ask the simulated operators.
    #[error("the simulated operators cannot be asked: {0}")]
    Simulators(#[from] reqwest::Error),
    /// No such table in the configuration.
    #[error("the configuration has no [adapter.{0}]")]
    NoAdapter(String),
}

/// A process of Nadhir that runs.
pub struct Running {
    /// Where the API and the pages answer; none for an adapter alone.
    pub api: Option<SocketAddr>,
    /// Where liveness, readiness and figures answer.
    pub admin: Option<SocketAddr>,
    tasks: Tasks,
    /// Held as long as the process runs: one process a file.
    _locks: Vec<File>,
}

impl Running {
    /// Waits until a task has ended that runs until it is told to stop: which, and why. All others are told to stop then.
    pub async fn fell(&self) -> String {
        self.tasks.fell().await
    }

    /// Stops everything and waits for it.
    pub async fn stop(self) {
        self.tasks.stop().cancel();
        self.tasks.join().await;
    }
}

/// Governorates from a GeoJSON, which bring no wilayat, sea or named areas along; or all that is built in.
pub fn regions(path: Option<&Path>) -> Result<Index, CannotRun> {
    let (name, parsed) = match path {
        None => (PathBuf::from("the built-in regions"), Index::parse_all(&REGIONS)),
        Some(path) => (path.to_owned(), Index::from_geojson(&read(path)?)),
    };
    parsed.map_err(|faults| CannotRun::Faults { path: name, faults })
}

/// The built-in national profile.
pub fn profile() -> Result<National, CannotRun> {
    profile_of(None)
}

/// The national profile of a file, or the built-in one.
pub fn profile_of(path: Option<&Path>) -> Result<National, CannotRun> {
    let (name, parsed) = match path {
        None => (PathBuf::from("the built-in profile"), National::parse(PROFILE)),
        Some(path) => (path.to_owned(), National::parse(&read(path)?)),
    };
    parsed.map_err(|faults| CannotRun::Faults { path: name, faults })
}

/// A file's bytes.
pub fn read(path: &Path) -> Result<Vec<u8>, CannotRun> {
    std::fs::read(path).map_err(|e| CannotRun::File { path: path.to_owned(), why: e.to_string() })
}

/// A file of words.
pub fn text(path: &Path) -> Result<String, CannotRun> {
    std::fs::read_to_string(path).map_err(|e| CannotRun::File { path: path.to_owned(), why: e.to_string() })
}

/// Takes the lock beside a database, so that one process alone uses it.
pub fn lock(database: &Path) -> Result<File, CannotRun> {
    let path = database.with_extension("lock");
    let file = File::create(&path).map_err(|e| CannotRun::File { path: path.clone(), why: e.to_string() })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CannotRun::InUse(database.to_owned())),
        Err(TryLockError::Error(e)) => Err(CannotRun::File { path, why: e.to_string() }),
    }
}

/// Starts a hub; with the loopback path its adapters run beside it.
pub async fn hub(config: &Config, figures: Option<PrometheusHandle>) -> Result<Running, CannotRun> {
    let (clock, mut tasks) = (Clock::start(), Tasks::default());
    let mut locks = vec![lock(&config.hub.store)?];
    let index = Arc::new(regions(config.hub.regions.as_deref())?);
    let transport: Arc<dyn Transport> = match config.transport.kind {
        TransportKind::Loopback => {
            let loopback: Arc<dyn Transport> = Arc::new(Loopback::default());
            for name in &config.hub.operators {
                let own = config.adapter.get(name).ok_or_else(|| CannotRun::NoAdapter(name.clone()))?;
                locks.push(lock(&own.ledger)?);
                let paths = (Arc::clone(&loopback), Arc::clone(&index));
                start_adapter(name, own, paths, clock, &mut tasks)?;
            }
            loopback
        }
        TransportKind::Amqp => {
            // The broker takes no drill from the user who sends live orders.
            if config.transport.drill_uris.is_empty() {
                return Err(CannotRun::NoDrillCredential);
            }
            let amqp = Arc::new(broker(config, "hub", &config.transport.drill_uris)?);
            let declaring = Arc::clone(&amqp);
            tasks.keep("the broker's queues", async move { declaring.keep_declared().await });
            amqp
        }
    };
    let hub = Hub::new(dispatch::Settings {
        store: Store::open(&config.hub.store)?,
        index,
        profile: profile_of(config.hub.profile.as_deref())?,
        transport,
        operators: config.hub.operators.clone(),
        clock,
        classes: if config.is_live() { vec![Class::Live, Class::Drill] } else { vec![Class::Drill] },
        house: dispatch::House {
            allowed: config.policy.allowed().map_err(CannotRun::Policy)?,
            trusted: config.policy.may_use_4371.clone(),
        },
    });
    let (api, admin) = (listen(config.hub.listen).await?, listen(config.hub.admin).await?);
    let addresses = (api.local_addr().ok(), admin.local_addr().ok());
    let (running, stop) = (hub.clone(), tasks.stop());
    tasks.spawn("the hub", async move { running.run(stop).await });
    if figures.is_some() {
        tasks.aside("the figures", figures::keep(hub.clone(), config.hub.operators.clone()));
    }
    let phones = counter(config)?;
    if let Some(counter) = phones.clone() {
        let counted = hub.clone();
        tasks.aside("the count of phones", async move { counter.keep(&counted).await });
    }
    let addresses_of = laboratory::addresses(&config.laboratory)
        .map_err(|mut bad| bad.pop().unwrap_or(BadLaboratory::Address(String::new())))?;
    http::whole()?;
    let site = http::Site {
        laboratories: Arc::new(Laboratories::new(addresses_of)?),
        deployment: config.live.as_ref().map(|live| live.deployment.clone()),
        public: config.hub.public,
        phones,
    };
    let admin_router = http::admin::router(hub.clone(), figures, tasks.stop());
    serve("the server of the API", api, http::router(hub, site), &mut tasks);
    serve("the server of the figures", admin, admin_router, &mut tasks);
    let deployment = config.live.as_ref().map_or("none: drills alone", |live| live.deployment.as_str());
    info!(api = ?addresses.0, admin = ?addresses.1, live = deployment, "the hub runs");
    Ok(Running { api: addresses.0, admin: addresses.1, tasks, _locks: locks })
}

/// Who counts the phones of a drill: only where every operator is one of the demonstration's, and a drill so a tabletop.
fn counter(config: &Config) -> Result<Option<Arc<Counter>>, CannotRun> {
    let simulated = |operator: &String| config.laboratory.contains_key(operator);
    if adapter::cbc::SIMULATED && config.hub.operators.iter().all(simulated) {
        return Ok(Some(Arc::new(Counter::new(config.laboratory.clone())?)));
    }
    Ok(None)
}

/// The lines of the hub or of an adapter to the broker.
fn broker(config: &Config, name: &str, drills: &[String]) -> Result<Amqp, CannotRun> {
    let authority = config.transport.authority.as_deref().map(text).transpose()?;
    let reach = Reach { uris: &config.transport.uris, drills, authority: authority.as_deref() };
    Ok(Amqp::reach(&reach, name)?)
}

/// Starts one operator's adapter as a process of its own, over RabbitMQ.
pub async fn adapter(
    config: &Config,
    operator: &str,
    figures: Option<PrometheusHandle>,
) -> Result<Running, CannotRun> {
    let own = config.adapter.get(operator).ok_or_else(|| CannotRun::NoAdapter(operator.to_owned()))?;
    let (clock, mut tasks) = (Clock::start(), Tasks::default());
    let held = lock(&own.ledger)?;
    let transport: Arc<dyn Transport> = Arc::new(broker(config, &format!("adapter-{operator}"), &[])?);
    let mut admin = None;
    if let Some(address) = own.admin {
        let listener = listen(address).await?;
        admin = listener.local_addr().ok();
        let router = http::admin::adapter_router(Arc::clone(&transport), figures, tasks.stop());
        serve("the server of the figures", listener, router, &mut tasks);
    }
    let index = Arc::new(regions(config.hub.regions.as_deref())?);
    start_adapter(operator, own, (transport, index), clock, &mut tasks)?;
    Ok(Running { api: None, admin, tasks, _locks: vec![held] })
}

fn start_adapter(
    operator: &str,
    own: &AdapterConfig,
    (transport, regions): (Arc<dyn Transport>, Arc<Index>),
    clock: Clock,
    tasks: &mut Tasks,
) -> Result<(), CannotRun> {
    let cells =
        Arc::new(adapter::Cells::open(operator, &own.cells)?.that_may_lose(own.cells_may_lose_percent));
    info!(operator, cells = cells.list().cells().len(), "the adapter runs");
    let settings = adapter::Settings {
        operator: operator.to_owned(),
        transport,
        ledger: Ledger::open(&own.ledger)?,
        cells,
        regions,
        cbc: Cbc::new(&own.cbc)?,
        clock,
    };
    tasks.spawn(format!("the adapter of {operator}"), adapter::run(settings, tasks.stop()));
    Ok(())
}

fn serve(name: &str, listener: TcpListener, router: axum::Router, tasks: &mut Tasks) {
    tasks.spawn(name, http::serve(listener, router, tasks.stop()));
}

async fn listen(address: SocketAddr) -> Result<TcpListener, CannotRun> {
    TcpListener::bind(address).await.map_err(|why| CannotRun::Listen { address, why })
}
