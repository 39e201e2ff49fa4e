//! The hub's HTTP: the API behind bearer tokens, the pages behind sessions, liveness, readiness and figures on a port of their own.

/// Liveness, readiness, figures.
pub mod admin;
/// The API.
mod api;
/// Who asks.
mod auth;
/// Drafts on the API.
mod drafts;
/// Alerts of other authorities.
mod intake;
/// The pages.
mod pages;
/// Errors as problem+json (RFC 9457).
mod problem;
/// Feeds, alerts and cards for everybody.
mod public;

pub use pages::{BrokenWords, Site, whole};

use crate::dispatch::Hub;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The profile's limit (256 kB) and room for what is refused with words.
const MAX_BODY: usize = 512 << 10;
/// A request that is not answered by then is given up.
const DEADLINE: Duration = Duration::from_secs(10);

/// The API and the pages.
pub fn router(hub: Hub, site: Site) -> Router {
    let api = Router::new()
        .route("/v1/warnings", post(api::submit).get(api::list))
        .route("/v1/warnings/{id}", get(api::show))
        .route("/v1/warnings/{id}/approval", post(api::approve))
        .route("/v1/warnings/{id}/cancellation", post(api::cancel))
        .route("/v1/intake/{id}", get(intake::show))
        .route("/v1/intake/{id}/draft", get(intake::draft))
        .route("/v1/record", get(api::record))
        .route("/v1/hub", get(api::hub))
        .route("/v1/operators/{name}/census", get(api::census))
        .route("/v1/layouts", post(api::layouts))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(hub.clone());
    // What another authority sends is as long as its country lets it be: read within the bounds of CAP.
    let foreign = Router::new()
        .route("/v1/intake", post(intake::take).get(intake::list))
        .layer(DefaultBodyLimit::max(intake::most()))
        .with_state(hub.clone());
    let public = public::router(hub.aside(), site.deployment.as_deref());
    let console = pages::Console::new(hub, site);
    let drafts = Router::new()
        .route("/v1/drafts", get(drafts::list).post(drafts::begin))
        .route("/v1/drafts/{id}", get(drafts::show).put(drafts::change).delete(drafts::discard))
        .route("/v1/drafts/{id}/submission", post(drafts::submit))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(console.clone());
    pages::router(console)
        .merge(api)
        .merge(foreign)
        .merge(public)
        .merge(drafts)
        .layer(axum::middleware::from_fn(deadline))
}

/// Serves until `shutdown`, then lets what is under way finish for a moment.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) -> io::Result<()> {
    let stopped = shutdown.clone();
    let server =
        axum::serve(listener, router).with_graceful_shutdown(async move { stopped.cancelled().await });
    tokio::select! {
        ended = server => ended,
        () = async { shutdown.cancelled().await; tokio::time::sleep(Duration::from_secs(2)).await } => Ok(()),
    }
}

async fn deadline(
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Result<axum::response::Response, problem::Problem> {
    tokio::time::timeout(DEADLINE, next.run(request)).await.map_err(|_| problem::Problem::deadline())
}
