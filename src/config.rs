//! The configuration file and what overrides it: one TOML for hub and adapters. Unknown keys are errors; all faults at once.

use crate::adapter::{CbcSettings, MAY_LOSE_PERCENT};
use crate::laboratory;
use nadhir_core::cbs::Allowed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything a process of Nadhir is told. Relative paths are relative to the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The hub, and who its operators are.
    pub hub: HubConfig,
    /// The path between hub and adapters.
    #[serde(default)]
    pub transport: TransportConfig,
    /// Present, with a deployment's name: live warnings may be sent. Absent: drills alone.
    pub live: Option<LiveConfig>,
    /// What authors may say, and who may say more.
    #[serde(default)]
    pub policy: PolicyConfig,
    /// One table an operator: `[adapter.omantel]`.
    #[serde(default)]
    pub adapter: BTreeMap<String, AdapterConfig>,
    /// Where phones of an operator's laboratory can be counted, on this machine alone: `omantel = "http://127.0.0.1:8101"`
    /// names a simulator. Real networks have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub laboratory: BTreeMap<String, String>,
}

/// `[hub]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubConfig {
    /// Where the API and the pages listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Has to be true if `listen` is another address than this machine's own: others reach the pages then, and a proxy
    /// in front has to speak TLS.
    #[serde(default)]
    pub public: bool,
    /// Where liveness, readiness and figures listen.
    #[serde(default = "default_admin")]
    pub admin: SocketAddr,
    /// The record's file.
    pub store: PathBuf,
    /// Every operator of the country.
    pub operators: Vec<String>,
    /// A GeoJSON with `iso_3166_2` properties in the place of the built-in governorates.
    pub regions: Option<PathBuf>,
    /// A national profile in the place of the built-in one, whose senders are examples: a table such as
    /// cap-schemas/oman.json.
    pub profile: Option<PathBuf>,
}

/// `[transport]`
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TransportConfig {
    /// Which path.
    pub kind: TransportKind,
    /// The broker's nodes: `amqp://user:password@host:port/vhost`. `NADHIR_AMQP_URL` overrides it, commas between.
    pub uris: Vec<String>,
    /// The same nodes as the broker's user for drills, who cannot send a live order. `NADHIR_AMQP_URL_DRILL` overrides it.
    /// A hub over RabbitMQ needs it.
    pub drill_uris: Vec<String>,
    /// For `amqps`: a PEM file with the authorities that sign the broker's certificate; there is no built-in list.
    pub authority: Option<PathBuf>,
}

impl TransportConfig {
    /// The user that live orders and drills both sign in as: the broker cannot tell them apart then.
    fn shared_user(&self) -> Option<String> {
        let live: Vec<String> = self.uris.iter().map(|uri| user(uri)).collect();
        self.drill_uris.iter().map(|uri| user(uri)).find(|drill| live.contains(drill))
    }
}

/// The user of an AMQP URI; RabbitMQ's own where none is named.
fn user(uri: &str) -> String {
    let authority = uri.split_once("://").map_or(uri, |(_, rest)| rest).split(['/', '?', '#']).next();
    let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
    let user = user.and_then(|user| user.split(':').next()).filter(|user| !user.is_empty());
    user.unwrap_or("guest").to_owned()
}

/// Which path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    /// In one process: the hub runs the adapters too.
    #[default]
    Loopback,
    /// Over RabbitMQ: the adapters are processes of their own.
    Amqp,
}

/// `[live]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveConfig {
    /// Has to say `reaches-the-public`, so that nobody turns it on by habit.
    pub key: String,
    /// The deployment's name; it stands in every log line about a live warning.
    pub deployment: String,
}

/// `[policy]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyConfig {
    /// Links that may stand in a text: a host, or a host and the beginning of a path.
    pub links: Vec<String>,
    /// Telephone numbers that may stand in a text.
    pub telephones: Vec<String>,
    /// Persons, by id, whose authority may use 4371 for what the channel table leaves out.
    pub may_use_4371: Vec<String>,
}

impl Default for PolicyConfig {
    fn default() -> PolicyConfig {
        PolicyConfig { links: vec![], telephones: vec!["9999".to_owned()], may_use_4371: vec![] }
    }
}

impl PolicyConfig {
    /// The lists, or each entry that is none.
    pub fn allowed(&self) -> Result<Allowed, Vec<String>> {
        Allowed::parse(&self.links, &self.telephones)
    }
}

/// `[adapter.NAME]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdapterConfig {
    /// The operator's CBC: its address, or a table of `kind` and `sites`.
    pub cbc: CbcSettings,
    /// The operator's own cell list, CSV.
    pub cells: PathBuf,
    /// Of a hundred cells of the list in use, how many may be missing from a new one that is taken while the adapter runs.
    #[serde(default = "default_may_lose")]
    pub cells_may_lose_percent: u8,
    /// The adapter's ledger.
    pub ledger: PathBuf,
    /// Where liveness, readiness and figures of an adapter that is a process of its own listen; nowhere if absent.
    pub admin: Option<SocketAddr>,
}

/// The word that `live.key` has to be.
pub const LIVE_KEY: &str = "reaches-the-public";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The file cannot be read.
    #[error("{path} cannot be read: {why}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// It is not this TOML.
    #[error("{path}: {why}")]
    Form {
        /// Which.
        path: PathBuf,
        /// Where and what.
        why: String,
    },
    /// It says what cannot be; all of it at once.
    #[error("{path}: {}", .faults.join("; "))]
    Faults {
        /// Which.
        path: PathBuf,
        /// Each names its key.
        faults: Vec<String>,
    },
}

fn default_may_lose() -> u8 {
    MAY_LOSE_PERCENT
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7420))
}

fn default_admin() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7421))
}

impl Config {
    /// Reads a file; `amqp` (from the command line or `NADHIR_AMQP_URL`) overrides its nodes, and `drills` those for drills.
    pub fn read(path: &Path, amqp: Option<&str>, drills: Option<&str>) -> Result<Config, BadConfig> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| BadConfig::Unreadable { path: path.to_owned(), why: e.to_string() })?;
        let mut config: Config = toml::from_str(&text)
            .map_err(|e| BadConfig::Form { path: path.to_owned(), why: e.to_string() })?;
        let nodes = |uris: &str| uris.split(',').map(|uri| uri.trim().to_owned()).collect();
        if let Some(amqp) = amqp {
            config.transport.uris = nodes(amqp);
        }
        if let Some(drills) = drills {
            config.transport.drill_uris = nodes(drills);
        }
        config.resolve(path.parent().unwrap_or(Path::new("")));
        let faults = config.faults();
        if faults.is_empty() { Ok(config) } else { Err(BadConfig::Faults { path: path.to_owned(), faults }) }
    }

    /// As a file that reads back the same.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// Whether live warnings may be sent.
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    fn resolve(&mut self, folder: &Path) {
        let mut paths: Vec<&mut PathBuf> = vec![&mut self.hub.store];
        paths.extend(self.hub.regions.as_mut());
        paths.extend(self.hub.profile.as_mut());
        paths.extend(self.transport.authority.as_mut());
        paths.extend(self.adapter.values_mut().flat_map(|a| [&mut a.cells, &mut a.ledger]));
        for path in paths {
            *path = folder.join(&*path);
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.hub.operators.is_empty() {
            faults.push("hub.operators is empty: there is nobody to send to".to_owned());
        }
        if !self.hub.listen.ip().is_loopback() && !self.hub.public {
            faults.push(format!(
                "hub.listen is {}, which others can reach: say hub.public = true if that is meant",
                self.hub.listen
            ));
        }
        for name in self.hub.operators.iter().chain(self.adapter.keys()) {
            let plain = !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !plain {
                faults
                    .push(format!("\"{name}\" is no operator's name: lower-case letters, digits and - only"));
            }
        }
        match self.transport.kind {
            TransportKind::Amqp if self.transport.uris.is_empty() => {
                faults.push(
                    "transport.kind is amqp, but transport.uris is empty and NADHIR_AMQP_URL is not set"
                        .to_owned(),
                );
            }
            TransportKind::Loopback => {
                for name in self.hub.operators.iter().filter(|name| !self.adapter.contains_key(*name)) {
                    faults.push(format!(
                        "transport.kind is loopback, but there is no [adapter.{name}] to run beside the hub"
                    ));
                }
            }
            TransportKind::Amqp => {}
        }
        if let Some(user) = self.transport.shared_user() {
            faults.push(format!(
                "transport.drill_uris signs in as \"{user}\", as transport.uris does: drills need a user of their own, who \
                 cannot send a live order (hub-drill, deploy/rabbitmq/README.md)"
            ));
        }
        for (name, own) in self.adapter.iter().filter(|(_, own)| own.cells_may_lose_percent > 100) {
            faults.push(format!(
                "adapter.{name}.cells_may_lose_percent is {}: it is of a hundred",
                own.cells_may_lose_percent
            ));
        }
        for name in self.laboratory.keys().filter(|name| !self.hub.operators.contains(name)) {
            faults.push(format!("laboratory.{name} is of no operator in hub.operators"));
        }
        if let Err(bad) = laboratory::addresses(&self.laboratory) {
            faults.extend(bad.iter().map(ToString::to_string));
        }
        faults.extend(self.policy.allowed().err().into_iter().flatten().map(|why| format!("policy: {why}")));
        for person in self.policy.may_use_4371.iter().filter(|id| !id.starts_with("prs_")) {
            faults.push(format!("policy.may_use_4371: \"{person}\" is no person's id: prs_..."));
        }
        if let Some(live) = &self.live {
            if live.key != LIVE_KEY {
                faults.push(format!(
                    "live.key must be \"{LIVE_KEY}\" if live warnings are meant; else leave [live] out"
                ));
            }
            if live.deployment.trim().is_empty() {
                faults.push("live.deployment is empty: a live deployment has a name".to_owned());
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests;
