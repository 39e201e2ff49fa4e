//! The pages: plain forms and links that work without JavaScript. A small script only refreshes what is live.

mod assets;
mod board;
mod drafts;
mod drill;
mod events;
mod failed;
mod fields;
mod frame;
mod hazard;
mod locale;
mod new;
mod operator;
mod origin;
mod phones;
mod places;
mod public;
mod reach;
mod sheet;
mod sign_in;
mod update;
mod visit;
mod warning;

pub(super) use drafts::NEWEST as DRAFTS;
pub use locale::BrokenWords;
pub(super) use locale::Lang;
pub(super) use new::{Content, title};

use crate::dispatch::Hub;
use crate::drill::Mode;
use crate::drill::phones::Counter;
use crate::laboratory::Laboratories;
use crate::people::Sessions;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use hazard::Hazards;
use nadhir_core::area::Index;
use nadhir_core::cap::National;
use sheet::Drawings;
use std::sync::Arc;

/// A CAP of the profile's limit (256 kB) in hexadecimal, percent-encoded nowhere, and room for words.
const MAX_FORM: usize = 768 << 10;
const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a site tells its visitors of itself.
#[derive(Clone)]
pub struct Site {
    /// The live deployment's name.
    pub deployment: Option<String>,
    /// Whether others than this machine reach it, by TLS.
    pub public: bool,
    /// Who counts phones: simulated operators, where a drill is a tabletop.
    pub phones: Option<Arc<Counter>>,
    /// Where phones can be counted; of a real network nowhere.
    pub laboratories: Arc<Laboratories>,
}

/// What every page works with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Console {
    /// To look: its reads make nobody wait who sends.
    hub: Hub,
    /// To ask for what becomes durable.
    desk: Hub,
    sessions: Arc<Sessions>,
    drawings: Arc<Drawings>,
    told: Arc<public::Kept>,
    hazards: Arc<Hazards>,
    site: Arc<Site>,
}

impl Console {
    pub(super) fn new(hub: Hub, site: Site) -> Console {
        Console {
            hub: hub.aside(),
            desk: hub,
            sessions: Arc::default(),
            drawings: Arc::default(),
            told: Arc::default(),
            hazards: Arc::new(Hazards::built_in()),
            site: Arc::new(site),
        }
    }
}

impl Console {
    /// Who takes part in a drill at this hub.
    fn mode(&self) -> Mode {
        match (&self.site.phones, self.hub.is_live()) {
            (Some(_), _) => Mode::Tabletop,
            (None, true) => Mode::Public,
            (None, false) => Mode::Network,
        }
    }

    /// What a document of this country is made with: its regions, its profile.
    fn country(&self) -> (&Index, &National) {
        (self.hub.index(), self.hub.profile())
    }

    /// To look.
    pub(super) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// To ask for what becomes durable.
    pub(super) fn desk(&self) -> &Hub {
        &self.desk
    }
}

impl FromRef<Console> for Hub {
    fn from_ref(console: &Console) -> Hub {
        console.hub.clone()
    }
}

/// Whether every word that the pages need is there: of the languages, of the templates.
pub fn whole() -> Result<(), BrokenWords> {
    locale::whole()?;
    Hazards::whole()
}

pub(super) fn router(console: Console) -> Router {
    Router::new()
        .route("/", get(board::show))
        .route("/events", get(events::stream))
        .route("/sign-in", get(sign_in::ask).post(sign_in::by_token))
        .route("/sign-in/{token}", get(sign_in::by_link))
        .route("/v1/sign-in-links", post(sign_in::link))
        .route("/sign-out", post(sign_in::out))
        .route("/new", get(new::choose))
        .route("/new/cap", get(new::paste).post(new::check))
        .route("/new/{hazard}", get(new::fill).post(new::preview))
        .route("/new/{hazard}/cost", post(new::cost))
        .route("/warnings", post(new::submit))
        .route("/drafts", post(drafts::keep))
        .route("/drafts/{id}", get(drafts::open))
        .route("/drafts/{id}/deletion", post(drafts::discard))
        .route("/warnings/{id}", get(warning::show))
        .route("/warnings/{id}/approval", post(warning::approve))
        .route("/warnings/{id}/cancellation", post(warning::cancel))
        .route("/warnings/{id}/update", get(update::fill).post(update::preview))
        .route("/drill", get(drill::show).post(drill::plan::ask))
        .route("/drill/plan", get(drill::plan::fill).post(drill::plan::preview))
        .route("/drill/{id}", get(drill::report::show))
        .route("/drill/{id}/report.json", get(drill::report::json))
        .route("/v1/drills", post(drill::api::ask))
        .route("/v1/drills/{id}", get(drill::api::report))
        .route("/operators", get(operator::choose))
        .route("/operators/{name}", get(operator::show))
        .route("/operators/{name}/orders/{delivery}", get(operator::cap))
        .route("/w/{id}", get(public::show))
        .route("/style.css", get(assets::style))
        .route("/public.css", get(assets::public))
        .route("/report.css", get(drill::report::style))
        .route("/icon.svg", get(assets::icon))
        .route("/page.js", get(assets::page))
        .route("/htmx.js", get(assets::htmx))
        .route("/morph.js", get(assets::morph))
        .route("/sse.js", get(assets::sse))
        .fallback(failed::nowhere)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(axum::middleware::from_fn(sign_in::remember))
        .with_state(console)
}

/// A page with the headers that every page has.
fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => headed(html),
        Err(e) => {
            tracing::error!(error = %e, "a page could not be written");
            (StatusCode::INTERNAL_SERVER_ERROR, headed("the page could not be written")).into_response()
        }
    }
}

/// The same of what was written before.
fn headed(html: impl Into<axum::body::Body>) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not no-referrer: with it browsers send forms with the origin "null".
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(html.into())).into_response()
}
