//! What an operator tells beside its receipts: how many cells and subscribers its list has, by wilayat.

use super::clocks::Beat;
use crate::area::{Census, census};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One operator's census, as its adapter sends it. A later one takes the place of an earlier one, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The operator.
    pub operator: String,
    /// When it was counted, by the adapter's clock.
    pub counted_at: DateTime<Utc>,
    /// What was counted.
    #[serde(flatten)]
    pub census: Census,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    version: u32,
    /// An older adapter tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clock: Option<Beat>,
    census: Counts,
}

/// Why bytes that name a census are none to be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCounts {
    /// Not the JSON of a census.
    #[error("not a census: {0}")]
    Form(String),
    /// A version this code does not know.
    #[error("census version {0} is unknown here, {known} is the newest known", known = census::VERSION)]
    Version(u64),
}

impl Counts {
    /// The bytes that travel.
    pub fn to_wire(&self) -> Vec<u8> {
        self.wire(None)
    }

    /// The same, with the adapter's clocks at this sending.
    pub fn to_wire_with(&self, beat: Beat) -> Vec<u8> {
        self.wire(Some(beat))
    }

    fn wire(&self, clock: Option<Beat>) -> Vec<u8> {
        let envelope = Envelope { version: census::VERSION, clock, census: self.clone() };
        serde_json::to_vec(&envelope).unwrap_or_default()
    }

    /// Reads a census; the version is judged before the rest. `None`: the bytes name no census, and may be a receipt.
    pub fn from_wire(bytes: &[u8]) -> Option<Result<Counts, BadCounts>> {
        Counts::from_wire_with(bytes).map(|read| read.map(|(counts, _)| counts))
    }

    /// The same, and the adapter's clocks, where they were told.
    pub fn from_wire_with(bytes: &[u8]) -> Option<Result<(Counts, Option<Beat>), BadCounts>> {
        #[derive(Deserialize)]
        struct Named {
            version: u64,
            census: serde::de::IgnoredAny,
        }
        let Named { version, census: serde::de::IgnoredAny } = serde_json::from_slice(bytes).ok()?;
        if version != u64::from(census::VERSION) {
            return Some(Err(BadCounts::Version(version)));
        }
        let read: Result<Envelope, _> = serde_json::from_slice(bytes);
        Some(
            read.map(|envelope| (envelope.census, envelope.clock))
                .map_err(|e| BadCounts::Form(e.to_string())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::census::Count;
    use crate::delivery::Receipt;

    fn counts() -> Counts {
        let count = |code: &str, cells, subscribers| Count { code: code.to_owned(), cells, subscribers };
        Counts {
            operator: "omantel".into(),
            counted_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
            census: Census {
                wilayat: vec![count("OM-DA-NZW", 120, 98_000), count("OM-SJ-SUR", 80, 0)],
                sea: count("", 3, 10),
                outside: count("", 0, 0),
            },
        }
    }

    #[test]
    fn a_census_travels_and_returns_and_is_no_receipt() {
        let wire = counts().to_wire();
        assert_eq!(Counts::from_wire(&wire), Some(Ok(counts())));
        assert!(Receipt::from_wire(&wire).is_err());
        assert!(wire.starts_with(br#"{"version":1,"census":{"operator":"omantel","#));
    }

    #[test]
    fn an_adapters_clocks_travel_beside_its_counts_and_may_be_absent() {
        let beat = Beat { run: "a".into(), tick_ms: 7, at: DateTime::UNIX_EPOCH };
        let with = counts().to_wire_with(beat.clone());
        assert_eq!(Counts::from_wire_with(&with), Some(Ok((counts(), Some(beat)))));
        assert_eq!(Counts::from_wire(&with), Some(Ok(counts())));
        assert_eq!(Counts::from_wire_with(&counts().to_wire()), Some(Ok((counts(), None))));
    }

    #[test]
    fn an_unknown_version_is_named_before_the_rest_is_read() {
        let newer = br#"{"version":2,"census":{"something":"else"}}"#;
        assert_eq!(Counts::from_wire(newer), Some(Err(BadCounts::Version(2))));
        let damaged = br#"{"version":1,"census":{"operator":"omantel"}}"#;
        assert!(matches!(Counts::from_wire(damaged), Some(Err(BadCounts::Form(_)))));
        for other in [&br#"{"version":1,"receipt":{}}"#[..], b"{", b""] {
            assert_eq!(Counts::from_wire(other), None);
        }
    }
}
