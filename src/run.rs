//! Puts a hub and adapters together from the configuration and runs them until told to stop.

use crate::adapter::{self, Cbc, Ledger};
use crate::clock::Clock;
use crate::config::{AdapterConfig, Config, TransportKind};
use crate::dispatch::{self, Hub};
use crate::http;
use crate::store::Store;
use crate::transport::Transport;
use crate::transport::amqp::Amqp;
use crate::transport::loopback::Loopback;
use metrics_exporter_prometheus::PrometheusHandle;
use nadhir_core::area::{CellList, Files, Index};
use nadhir_core::cbs::Class;
use nadhir_core::fault::Fault;
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// What the hub tells of itself all the time.
mod figures;

/// The governorates, as the project draws them.
pub const GOVERNORATES: &[u8] = include_bytes!("../regions/governorates.json");

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
    /// The record.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] adapter::LedgerError),
    /// The CBC's address.
    #[error(transparent)]
    Cbc(#[from] adapter::cbc::BadCbc),
    /// The broker's addresses.
    #[error(transparent)]
    Amqp(#[from] nadhir_amqp::BadSettings),
    /// A drill never goes by the live credential.
    #[error(
        "live warnings are on, and drills have no credential of their own: set transport.drill_uris or \
         NADHIR_AMQP_URL_DRILL to the broker's nodes as the user hub-drill (deploy/rabbitmq/README.md)"
    )]
    NoDrillCredential,
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
    tasks: JoinSet<()>,
    shutdown: CancellationToken,
    /// Held as long as the process runs: one process a file.
    _locks: Vec<File>,
}

impl Running {
    /// Stops everything and waits for it.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        while self.tasks.join_next().await.is_some() {}
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

/// A file's bytes.
pub fn read(path: &Path) -> Result<Vec<u8>, CannotRun> {
    std::fs::read(path).map_err(|e| CannotRun::File { path: path.to_owned(), why: e.to_string() })
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
    let (clock, shutdown) = (Clock::start(), CancellationToken::new());
    let (mut tasks, mut locks) = (JoinSet::new(), vec![lock(&config.hub.store)?]);
    let transport: Arc<dyn Transport> = match config.transport.kind {
        TransportKind::Loopback => {
            let loopback: Arc<dyn Transport> = Arc::new(Loopback::default());
            for name in &config.hub.operators {
                let own = config.adapter.get(name).ok_or_else(|| CannotRun::NoAdapter(name.clone()))?;
                locks.push(lock(&own.ledger)?);
                start_adapter(name, own, Arc::clone(&loopback), clock, &shutdown, &mut tasks)?;
            }
            loopback
        }
        TransportKind::Amqp => {
            let amqp = Arc::new(broker(config)?);
            let declaring = Arc::clone(&amqp);
            let stop = shutdown.clone();
            tasks.spawn(async move {
                tokio::select! { () = declaring.keep_declared() => {}, () = stop.cancelled() => {} }
            });
            amqp
        }
    };
    let hub = Hub::new(dispatch::Settings {
        store: Store::open(&config.hub.store)?,
        index: regions(config.hub.regions.as_deref())?,
        transport,
        operators: config.hub.operators.clone(),
        clock,
        classes: if config.is_live() { vec![Class::Live, Class::Drill] } else { vec![Class::Drill] },
    });
    let (api, admin) = (listen(config.hub.listen).await?, listen(config.hub.admin).await?);
    let addresses = (api.local_addr().ok(), admin.local_addr().ok());
    let (running, stop) = (hub.clone(), shutdown.clone());
    tasks.spawn(async move { running.run(stop).await });
    if figures.is_some() {
        let (looking, stop, operators) = (hub.clone(), shutdown.clone(), config.hub.operators.clone());
        tasks.spawn(async move {
            tokio::select! { () = figures::keep(looking, operators) => {}, () = stop.cancelled() => {} }
        });
    }
    let site = http::Site {
        deployment: config.live.as_ref().map(|live| live.deployment.clone()),
        public: config.hub.public,
    };
    for (listener, router) in
        [(api, http::router(hub.clone(), site)), (admin, http::admin::router(hub, figures))]
    {
        serve(listener, router, &shutdown, &mut tasks);
    }
    let deployment = config.live.as_ref().map_or("none: drills alone", |live| live.deployment.as_str());
    info!(api = ?addresses.0, admin = ?addresses.1, live = deployment, "the hub runs");
    Ok(Running { api: addresses.0, admin: addresses.1, tasks, shutdown, _locks: locks })
}

/// The hub's lines to the broker. One without live warnings has but drills to send, and may do it as it is.
fn broker(config: &Config) -> Result<Amqp, CannotRun> {
    let path = &config.transport;
    match (path.drill_uris.is_empty(), config.is_live()) {
        (true, true) => Err(CannotRun::NoDrillCredential),
        (true, false) => Ok(Amqp::start(&path.uris, "hub")?),
        (false, true | false) => Ok(Amqp::start_with_drills(&path.uris, &path.drill_uris, "hub")?),
    }
}

/// Starts one operator's adapter as a process of its own, over RabbitMQ.
pub async fn adapter(
    config: &Config,
    operator: &str,
    figures: Option<PrometheusHandle>,
) -> Result<Running, CannotRun> {
    let own = config.adapter.get(operator).ok_or_else(|| CannotRun::NoAdapter(operator.to_owned()))?;
    let (clock, shutdown) = (Clock::start(), CancellationToken::new());
    let mut tasks = JoinSet::new();
    let held = lock(&own.ledger)?;
    let transport: Arc<dyn Transport> =
        Arc::new(Amqp::start(&config.transport.uris, &format!("adapter-{operator}"))?);
    let mut admin = None;
    if let Some(address) = own.admin {
        let listener = listen(address).await?;
        admin = listener.local_addr().ok();
        let router = http::admin::adapter_router(Arc::clone(&transport), figures);
        serve(listener, router, &shutdown, &mut tasks);
    }
    start_adapter(operator, own, transport, clock, &shutdown, &mut tasks)?;
    Ok(Running { api: None, admin, tasks, shutdown, _locks: vec![held] })
}

fn start_adapter(
    operator: &str,
    own: &AdapterConfig,
    transport: Arc<dyn Transport>,
    clock: Clock,
    shutdown: &CancellationToken,
    tasks: &mut JoinSet<()>,
) -> Result<(), CannotRun> {
    let cells = CellList::parse(&read(&own.cells)?)
        .map_err(|faults| CannotRun::Faults { path: own.cells.clone(), faults })?;
    info!(operator, cells = cells.cells().len(), "the adapter runs");
    let settings = adapter::Settings {
        operator: operator.to_owned(),
        transport,
        ledger: Ledger::open(&own.ledger)?,
        cells,
        cbc: Cbc::new(&own.cbc)?,
        clock,
    };
    let stop = shutdown.clone();
    tasks.spawn(async move {
        if let Err(e) = adapter::run(settings, stop).await {
            error!(error = %e, "the adapter ended");
        }
    });
    Ok(())
}

fn serve(listener: TcpListener, router: axum::Router, shutdown: &CancellationToken, tasks: &mut JoinSet<()>) {
    let stop = shutdown.clone();
    tasks.spawn(async move {
        if let Err(e) = http::serve(listener, router, stop).await {
            error!(error = %e, "the server ended");
        }
    });
}

async fn listen(address: SocketAddr) -> Result<TcpListener, CannotRun> {
    TcpListener::bind(address).await.map_err(|why| CannotRun::Listen { address, why })
}
