//! One operator as a real HTTP server on a port of its own: start, address, stop.

use crate::cbc::{Cbc, now_ms, status, submit};
use crate::cells;
use crate::ecbe;
use crate::fault::Fault;
use crate::inventory::mnc;
use crate::line::{Cut, Lines};
use crate::network::Network;
use crate::refusal::{Fault as Wrong, Refusal};
use crate::sim;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Connections that are still open then are left behind.
const STOP_DEADLINE: Duration = Duration::from_secs(1);

/// What one operator is made of.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `omantel`, `ooredoo` or `vodafone`.
    pub operator: String,
    /// Its cell list; rows of other operators are left out.
    pub cells_csv: Vec<u8>,
    /// How many phones stand for its customers.
    pub phones: usize,
    /// What everything but the clock hangs on.
    pub seed: u64,
    /// What is wrong from the start.
    pub fault: Fault,
}

/// Why an operator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The name is none of Oman's three.
    #[error("\"{0}\" is no operator of Oman: omantel, ooredoo, vodafone")]
    UnknownOperator(String),
    /// The cell list has faults.
    #[error("the cell list of {operator} cannot be used: {}", faults.join("; "))]
    Cells {
        /// The operator.
        operator: String,
        /// Every fault, at most twenty.
        faults: Vec<String>,
    },
    /// More phones than the simulator carries.
    #[error("{0} phones; at most 1,000,000 are simulated")]
    TooManyPhones(usize),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A running operator; dropping it stops it.
#[derive(Debug)]
pub struct Operator {
    address: SocketAddr,
    cbc: Arc<Cbc>,
    stop: CancellationToken,
    server: JoinHandle<()>,
    _stops_when_dropped: DropGuard,
}

impl Operator {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// An unknown operator, an unusable cell list, too many phones, no port.
    pub async fn start(settings: Settings) -> Result<Operator, StartError> {
        Operator::start_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), settings).await
    }

    /// Starts on an address.
    ///
    /// # Errors
    /// As [`Operator::start`].
    pub async fn start_on(address: SocketAddr, settings: Settings) -> Result<Operator, StartError> {
        let Settings { operator, cells_csv, phones, seed, fault } = settings;
        if mnc(&operator).is_none() {
            return Err(StartError::UnknownOperator(operator));
        }
        if phones > 1_000_000 {
            return Err(StartError::TooManyPhones(phones));
        }
        let cells = match cells::read(&cells_csv, &operator) {
            Ok(cells) => cells,
            Err(faults) => return Err(StartError::Cells { operator, faults }),
        };
        let cbc = Cbc::new(Network::new(&operator, cells, phones, seed), fault);
        tracing::info!(operator, phones, seed, "simulated operator starts");
        Operator::serve(address, cbc).await
    }

    /// Starts another site of its CBC on an address: it speaks to the same cells and phones, has faults and a log of its own,
    /// and holds what it was told, so that it sends again on `/sim/replay` what the other site alone was told to stop.
    ///
    /// # Errors
    /// No port.
    pub async fn another_site(&self, address: SocketAddr, fault: Fault) -> Result<Operator, StartError> {
        Operator::serve(address, self.cbc.beside(fault)).await
    }

    async fn serve(address: SocketAddr, cbc: Cbc) -> Result<Operator, StartError> {
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        tracing::info!(%address, site = cbc.site, "a site of a simulated CBC listens");
        let cbc = Arc::new(cbc);
        let stop = cbc.stop.clone();
        let app = router(Arc::clone(&cbc)).into_make_service_with_connect_info::<Cut>();
        let stopped = stop.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(Lines(listener), app).with_graceful_shutdown(stopped).await {
                tracing::error!(%error, "simulated operator ends");
            }
        });
        Ok(Operator { address, cbc, server, _stops_when_dropped: stop.clone().drop_guard(), stop })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it and waits until its connections are closed, at most a second.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if tokio::time::timeout(STOP_DEADLINE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

fn router(cbc: Arc<Cbc>) -> Router {
    Router::new()
        .route("/cap", post(submit))
        .route("/messages/{identifier}/{serial}", get(status))
        .route("/api/ecbe/v1/message", post(ecbe::put))
        .route("/api/ecbe/v1/message/{identifier}", delete(ecbe::delete))
        .route("/livez", get(sim::live))
        .route("/sim/phones", get(sim::phones))
        .route("/sim/census", post(sim::census))
        .route("/sim/fault", put(sim::set_fault))
        .route("/sim/replay", post(sim::replay))
        .route("/sim/air", get(sim::air))
        .route("/sim/bsc", get(sim::bsc))
        .route("/sim/log", get(sim::log))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(Arc::clone(&cbc), write_journal))
        .with_state(cbc)
}

/// Nothing is there.
pub(crate) async fn no_such_path() -> Refusal {
    Refusal::of(
        StatusCode::NOT_FOUND,
        "not found",
        Wrong::new("path.unknown", "there is nothing at this path"),
    )
}

async fn no_such_method() -> Refusal {
    let wrong = Wrong::new("method", "this path is asked for in another way");
    Refusal::of(StatusCode::METHOD_NOT_ALLOWED, "not allowed", wrong)
}

async fn write_journal(
    State(cbc): State<Arc<Cbc>>,
    ConnectInfo(line): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let number = cbc.journal.came(request.method().as_str(), request.uri().path(), now_ms());
    let came = Instant::now();
    let response = next.run(request).await;
    let status = Some(response.status().as_u16()).filter(|_| !line.is_cut());
    cbc.journal.answered(number, status, u64::try_from(came.elapsed().as_millis()).unwrap_or(u64::MAX));
    response
}
