//! What is known of one order at one operator: graded evidence, never a boolean.

use super::order::Kind;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The version of the receipt this code writes.
pub const VERSION: u32 = 1;

/// How much is known. A grade claims nothing finer than what was heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "grade", rename_all = "snake_case")]
pub enum Grade {
    /// The path to the operator has taken responsibility for the order (with AMQP: the broker confirmed it).
    Queued,
    /// The operator's adapter has it durably.
    Taken,
    /// The CBC answered 2xx: no more than that.
    Accepted {
        /// Whether anything finer can follow.
        #[serde(default, skip_serializing_if = "More::is_expected")]
        more: More,
    },
    /// Cells reported by the CBC, held against the cells expected by the adapter.
    OnAir {
        /// Cells reported on air and expected: n.
        cells: u64,
        /// Cells expected from the operator's own list: m.
        expected: u64,
        /// Cells reported on air that were not expected: any is "area lost on the way".
        outside: u64,
        /// Whom that reaches; nothing where the operator's list counts no subscribers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        people: Option<People>,
    },
    /// The CBC put its own bytes or identifiers on air.
    Unconfirmed {
        /// What differs.
        why: String,
    },
    /// The CBC refuses, or the order itself is not one to carry out.
    Rejected {
        /// The CBC's code.
        code: String,
        /// Its words.
        words: String,
    },
    /// No answer; to be resolved by the status or by hand.
    Unknown {
        /// What was not heard.
        why: String,
    },
    /// A cancel, or the end of the warning, was carried out.
    Stopped,
    /// Not broadcast: a newer one took its place.
    Superseded,
    /// Not broadcast: cancelled before.
    Cancelled,
    /// Not broadcast: its time was over.
    Expired,
}

impl Grade {
    /// The word on the wire, in routing keys and on the board.
    pub const fn word(&self) -> &'static str {
        match self {
            Grade::Queued => "queued",
            Grade::Taken => "taken",
            Grade::Accepted { .. } => "accepted",
            Grade::OnAir { .. } => "on_air",
            Grade::Unconfirmed { .. } => "unconfirmed",
            Grade::Rejected { .. } => "rejected",
            Grade::Unknown { .. } => "unknown",
            Grade::Stopped => "stopped",
            Grade::Superseded => "superseded",
            Grade::Cancelled => "cancelled",
            Grade::Expired => "expired",
        }
    }

    /// Whether nothing can follow it.
    pub(crate) const fn is_last(&self) -> bool {
        matches!(
            self,
            Grade::Rejected { .. }
                | Grade::Unconfirmed { .. }
                | Grade::Stopped
                | Grade::Superseded
                | Grade::Cancelled
                | Grade::Expired
        )
    }

    /// How far along the way it is: a receipt that arrives late never takes a lane back.
    pub(crate) const fn rank(&self) -> u8 {
        match self {
            Grade::Queued => 1,
            Grade::Taken => 2,
            Grade::Unknown { .. } => 3,
            Grade::Accepted { .. } => 4,
            Grade::OnAir { .. } => 5,
            Grade::Unconfirmed { .. } | Grade::Rejected { .. } => 6,
            Grade::Superseded | Grade::Cancelled | Grade::Expired => 7,
            Grade::Stopped => 8,
        }
    }
}

/// Whether a CBC that took a message tells anything else of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum More {
    /// It reports its cells.
    #[default]
    Expected,
    /// It has no status: that it took it is all that is ever known.
    Never,
}

impl More {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    fn is_expected(&self) -> bool {
        *self == More::Expected
    }
}

/// Subscribers by the counts of the operator's list, each cell's spread evenly over its sector: how well the cells on
/// air fit the area, not how many phones rang.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct People {
    /// Inside the area, in cells on air.
    pub rung_inside: u64,
    /// Overshoot: outside the area, in expected cells on air that reach beyond it.
    pub rung_outside: u64,
    /// Undershoot: inside the area, in expected cells that are not on air.
    pub missed_inside: u64,
}

/// One receipt. Its `id` is given once, by who heard it; sent again it is the same receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Unique for ever.
    pub id: String,
    /// The delivery it speaks of.
    pub delivery: String,
    /// The warning.
    pub warning: String,
    /// The operator that speaks.
    pub operator: String,
    /// What the delivery asked for.
    pub kind: Kind,
    /// What is known.
    #[serde(flatten)]
    pub grade: Grade,
    /// When it was heard, stamped by who heard it.
    pub heard_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    version: u32,
    receipt: Receipt,
}

/// Why bytes are not a receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadReceipt {
    /// Not the JSON of a receipt.
    #[error("not a receipt: {0}")]
    Form(String),
    /// A version this code does not know.
    #[error("receipt version {0} is unknown here, {VERSION} is the newest known")]
    Version(u64),
}

impl Receipt {
    /// The bytes that travel.
    pub fn to_wire(&self) -> Vec<u8> {
        serde_json::to_vec(&Envelope { version: VERSION, receipt: self.clone() }).unwrap_or_default()
    }

    /// Reads a receipt; the version is judged before the rest.
    pub fn from_wire(bytes: &[u8]) -> Result<Receipt, BadReceipt> {
        #[derive(Deserialize)]
        struct OnlyVersion {
            version: u64,
        }
        let form = |e: serde_json::Error| BadReceipt::Form(e.to_string());
        let OnlyVersion { version } = serde_json::from_slice(bytes).map_err(form)?;
        if version != u64::from(VERSION) {
            return Err(BadReceipt::Version(version));
        }
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(form)?;
        Ok(envelope.receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(grade: Grade) -> Receipt {
        Receipt {
            id: "rcp_1".into(),
            delivery: "ord_1".into(),
            warning: "wrn_1".into(),
            operator: "omantel".into(),
            kind: Kind::Alert,
            grade,
            heard_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        }
    }

    #[test]
    fn every_grade_travels_and_returns() {
        for grade in [
            Grade::Queued,
            Grade::Accepted { more: More::Expected },
            Grade::Accepted { more: More::Never },
            Grade::OnAir { cells: 3, expected: 4, outside: 0, people: None },
            Grade::OnAir {
                cells: 3,
                expected: 4,
                outside: 0,
                people: Some(People { rung_inside: 900, rung_outside: 70, missed_inside: 30 }),
            },
            Grade::Rejected { code: "locked".into(), words: "مغلق".into() },
            Grade::Unknown { why: "no answer in 1.5 s".into() },
        ] {
            let sent = receipt(grade);
            assert_eq!(Receipt::from_wire(&sent.to_wire()), Ok(sent));
        }
    }

    #[test]
    fn a_count_of_cells_without_people_is_read() {
        let old = br#"{"grade":"on_air","cells":3,"expected":4,"outside":0}"#;
        let grade: Grade = serde_json::from_slice(old).unwrap();
        assert_eq!(grade, Grade::OnAir { cells: 3, expected: 4, outside: 0, people: None });
    }

    #[test]
    fn accepted_is_written_and_read_as_before_unless_no_more_follows() {
        let plain = Grade::Accepted { more: More::Expected };
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"grade":"accepted"}"#);
        assert_eq!(serde_json::from_str::<Grade>(r#"{"grade":"accepted"}"#).unwrap(), plain);
        let last = Grade::Accepted { more: More::Never };
        assert_eq!(serde_json::to_string(&last).unwrap(), r#"{"grade":"accepted","more":"never"}"#);
    }

    #[test]
    fn an_unknown_version_is_named_before_the_rest_is_read() {
        assert_eq!(Receipt::from_wire(br#"{"version":9,"something":"else"}"#), Err(BadReceipt::Version(9)));
        assert!(matches!(Receipt::from_wire(b"{"), Err(BadReceipt::Form(_))));
    }
}
