//! One node's address out of an AMQP URI: what to dial, and how to name it without its password. Dials nothing.

use lapin::uri::{AMQPScheme, AMQPUri};
use std::fmt;

/// A node to dial. Shows itself without user and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) uri: AMQPUri,
}

impl Address {
    /// Reads `amqp://user:password@host:port/vhost` or `amqps://`; the words of a refusal never repeat the password.
    pub fn parse(uri: &str) -> Result<Self, String> {
        let mut parsed: AMQPUri =
            uri.parse().map_err(|words: String| format!("is not an AMQP URI: {words}"))?;
        let host = host_of(uri).filter(|host| !host.is_empty()).ok_or("names no host")?;
        // The parser of the URI takes an IPv6 literal for `localhost`.
        if let Some(literal) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            literal.to_owned().clone_into(&mut parsed.authority.host);
        }
        Ok(Self { uri: parsed })
    }

    /// Whether the line is encrypted.
    pub fn is_tls(&self) -> bool {
        self.uri.scheme == AMQPScheme::AMQPS
    }
}

/// The host as written, brackets included, without user and port.
fn host_of(uri: &str) -> Option<&str> {
    let authority = uri.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host_port = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
    match host_port.rfind(']') {
        Some(end) => host_port.get(..=end),
        None => host_port.split(':').next(),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls() { "amqps" } else { "amqp" };
        let authority = &self.uri.authority;
        let (open, close) = if authority.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}/{}", authority.host, authority.port, self.uri.vhost)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_shown(uri: &str, shown: Result<&str, &str>) {
        let got = Address::parse(uri);
        match (got, shown) {
            (Ok(address), Ok(expected)) => {
                assert_eq!(address.to_string(), expected, "{uri}");
                assert!(!format!("{address:?}").contains("s3cret"), "{uri}");
            }
            (Err(words), Err(part)) => {
                assert!(words.contains(part), "{uri}: {words}");
                assert!(!words.contains("s3cret"), "{uri}: {words}");
            }
            (got, expected) => panic!("{uri}: {got:?} and not {expected:?}"),
        }
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        check_shown("amqp://hub:s3cret@10.0.0.1:5673/nadhir", Ok("amqp://10.0.0.1:5673/nadhir"));
        check_shown("amqps://hub:s3cret@broker.example/nadhir", Ok("amqps://broker.example:5671/nadhir"));
        check_shown("amqp://hub:s3%40cret@mq:5672/%2f?heartbeat=3", Ok("amqp://mq:5672//"));
        check_shown("amqp://hub:s3cret@[::1]:5674/nadhir", Ok("amqp://[::1]:5674/nadhir"));
        check_shown("http://hub:s3cret@mq/nadhir", Err("scheme"));
        check_shown("amqp://hub:s3cret@mq:port/nadhir", Err("not an AMQP URI"));
        check_shown("amqp:///nadhir", Err("names no host"));
        check_shown("s3cret", Err("not an AMQP URI"));
        check_shown("", Err("not an AMQP URI"));
    }
}
