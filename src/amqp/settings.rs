//! What the connection needs to know, with defaults that fit ten seconds. Reads no file and no environment.

use crate::address::Address;
use std::fmt;
use std::time::Duration;

/// How to reach the broker.
#[derive(Clone)]
pub struct Settings {
    /// The nodes, tried in this order: `amqp://user:password@host:port/vhost` or `amqps://`.
    pub uris: Vec<String>,
    /// The connection's name in RabbitMQ's own lists: `hub-publish`, `adapter-omantel`.
    pub name: String,
    /// For `amqps` (feature `tls`): the authorities that sign the broker's certificate, PEM. There is no built-in list; a private
    /// authority is the rule between operators.
    pub ca_pem: Option<String>,
    /// For `amqps`: this side's certificate and key.
    pub identity: Option<Identity>,
    /// TCP, TLS and AMQP handshake of one node together (default 1 s).
    pub connect_timeout: Duration,
    /// AMQP heartbeat, whole seconds (default 2 s): the last resort; the probe below is quicker.
    pub heartbeat: Duration,
    /// How often an idle line is asked whether it is alive (default 1 s).
    pub probe_every: Duration,
    /// How long its answer may take before the line is cut (default 900 ms).
    pub probe_timeout: Duration,
    /// The first pause after every node has failed (default 100 ms).
    pub retry_first: Duration,
    /// The longest pause (default 2 s).
    pub retry_most: Duration,
}

/// A certificate and its private key.
#[derive(Clone)]
pub struct Identity {
    /// Certificate chain, PEM.
    pub certificate_pem: Vec<u8>,
    /// Private key, PKCS#8 PEM.
    pub key_pem: Vec<u8>,
}

impl Settings {
    /// The defaults for these nodes.
    pub fn new(uris: Vec<String>, name: impl Into<String>) -> Self {
        Self {
            uris,
            name: name.into(),
            ca_pem: None,
            identity: None,
            connect_timeout: Duration::from_secs(1),
            heartbeat: Duration::from_secs(2),
            probe_every: Duration::from_secs(1),
            probe_timeout: Duration::from_millis(900),
            retry_first: Duration::from_millis(100),
            retry_most: Duration::from_secs(2),
        }
    }

    /// The heartbeat in AMQP's unit.
    pub(crate) fn heartbeat_s(&self) -> u16 {
        u16::try_from(self.heartbeat.as_secs()).unwrap_or(u16::MAX)
    }

    /// The nodes to dial, or everything that is wrong.
    pub fn check(&self) -> Result<Vec<Address>, BadSettings> {
        let mut faults = Vec::new();
        let mut addresses = Vec::new();
        if self.uris.is_empty() {
            faults.push("uris: no broker is named".to_owned());
        }
        for (n, uri) in self.uris.iter().enumerate() {
            match Address::parse(uri) {
                Ok(address) if address.is_tls() && !cfg!(feature = "tls") => {
                    faults.push(format!("uris[{n}]: {address} needs a program built with the feature `tls`"));
                }
                Ok(address) if address.is_tls() && self.ca_pem.is_none() => {
                    faults
                        .push(format!("uris[{n}]: {address} needs ca_pem, the authority of its certificate"));
                }
                Ok(address) => addresses.push(address),
                Err(words) => faults.push(format!("uris[{n}]: {words}")),
            }
        }
        if self.name.is_empty() {
            faults.push("name: the connection needs a name".to_owned());
        }
        if !(1..=60).contains(&self.heartbeat.as_secs()) {
            faults.push(format!("heartbeat: {:?} is not within 1 to 60 s", self.heartbeat));
        }
        for (field, value) in [
            ("connect_timeout", self.connect_timeout),
            ("probe_every", self.probe_every),
            ("probe_timeout", self.probe_timeout),
            ("retry_first", self.retry_first),
        ] {
            if value.is_zero() {
                faults.push(format!("{field}: must be longer than nothing"));
            }
        }
        if self.retry_most < self.retry_first {
            faults.push(format!("retry_most: {:?} is shorter than retry_first", self.retry_most));
        }
        if faults.is_empty() { Ok(addresses) } else { Err(BadSettings { faults }) }
    }
}

/// Shows no password and no key.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self
            .uris
            .iter()
            .map(|uri| Address::parse(uri).map_or_else(|_| "(unreadable)".to_owned(), |a| a.to_string()))
            .collect();
        f.debug_struct("Settings").field("uris", &shown).field("name", &self.name).finish_non_exhaustive()
    }
}

/// Settings that cannot work; every reason, each with its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the broker's settings cannot be used: {}", faults.join("; "))]
pub struct BadSettings {
    /// `field: what is wrong`.
    pub faults: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_at_once() {
        let mut settings =
            Settings::new(vec!["amqp://ok/v".into(), "gopher://x".into(), "amqps://tls/v".into()], "");
        settings.heartbeat = Duration::from_millis(300);
        settings.retry_most = Duration::from_millis(1);
        let fields: Vec<String> = settings
            .check()
            .expect_err("five faults")
            .faults
            .iter()
            .map(|fault| fault.split(':').next().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(fields, ["uris[1]", "uris[2]", "name", "heartbeat", "retry_most"]);
        assert!(Settings::new(Vec::new(), "x").check().is_err());
    }

    #[test]
    fn the_defaults_hold_and_keep_the_order_of_the_nodes() {
        let settings = Settings::new(vec!["amqp://a:p@one/v".into(), "amqp://a:p@two/v".into()], "hub");
        let shown: Vec<String> = settings.check().expect("good").iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["amqp://one:5672/v", "amqp://two:5672/v"]);
        assert!(!format!("{settings:?}").contains(":p@"));
    }
}
