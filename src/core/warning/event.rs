//! What happened, as the record keeps it. People appear by id only; old versions are read for ever.

use crate::cbs::Class;
use crate::delivery::{Grade, Kind};
use crate::digest::Digest;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The version of events this code writes.
const VERSION: u32 = 1;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody may submit and approve from now on.
    PersonAdded {
        /// Their id.
        person: String,
    },
    /// A draft was begun (version 1) or changed. Its content is not in the record, only its digest.
    DraftKept {
        /// Its id.
        draft: String,
        /// Who.
        by: String,
        /// One more with every change. `version` is the event's own.
        #[serde(rename = "draft_version")]
        version: u64,
        /// SHA-256 of what is kept.
        sha256: Digest,
        /// When.
        at: DateTime<Utc>,
    },
    /// A draft was thrown away.
    DraftDropped {
        /// Its id.
        draft: String,
        /// Who.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// An alert of another authority came and was kept as it came, with the draft made of it.
    CameIn {
        /// Its id here.
        intake: String,
        /// Who brought it.
        by: String,
        /// Its name for ever, `sender,identifier,sent` as it came.
        original: String,
        /// SHA-256 of its octets.
        sha256: Digest,
        /// The draft, at version 1; none where it warns the public of nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<DraftMade>,
        /// When.
        at: DateTime<Utc>,
    },
    /// A warning waits for another person.
    Submitted {
        /// Its id.
        warning: String,
        /// Who wrote it.
        author: String,
        /// Live or drill.
        class: Class,
        /// SHA-256 of the author's CAP.
        cap_sha256: Digest,
        /// What an approval binds.
        hash: Digest,
        /// Nothing goes on air from then on.
        expires: DateTime<Utc>,
        /// The warning it updates.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        updates: Option<String>,
        /// The draft that became it, which is no more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<String>,
        /// When.
        at: DateTime<Utc>,
    },
    /// A second person approved exactly that hash.
    Approved {
        /// Its id.
        warning: String,
        /// Who.
        by: String,
        /// What was bound.
        hash: Digest,
        /// When.
        at: DateTime<Utc>,
    },
    /// A newer warning took its place.
    Updated {
        /// Its id.
        warning: String,
        /// The newer one.
        by: String,
        /// When that was approved.
        at: DateTime<Utc>,
    },
    /// One person stopped it.
    Cancelled {
        /// Its id.
        warning: String,
        /// Who.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Its time was over.
    Expired {
        /// Its id.
        warning: String,
        /// When that was recorded.
        at: DateTime<Utc>,
    },
    /// The orders were written with the serial numbers they carry, in the same transaction as the approval.
    Ordered {
        /// Its id.
        warning: String,
        /// Alert, update or cancel.
        kind: Kind,
        /// Serial numbers, message by message; a cancel has none.
        serials: Vec<u16>,
        /// SHA-256 of the one CAP all operators get.
        cap_sha256: Digest,
        /// One an operator.
        orders: Vec<OrderedFrom>,
    },
    /// A receipt was heard.
    Heard {
        /// Its id.
        warning: String,
        /// The receipt's id.
        receipt: String,
        /// The delivery it speaks of.
        delivery: String,
        /// The operator that speaks.
        operator: String,
        /// What is known.
        #[serde(flatten)]
        grade: Grade,
        /// Stamped by who heard it first.
        heard_at: DateTime<Utc>,
    },
}

/// A draft that was begun together with something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftMade {
    /// Its id.
    pub draft: String,
    /// SHA-256 of what is kept.
    pub sha256: Digest,
}

/// One order of a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedFrom {
    /// From which operator.
    pub operator: String,
    /// The delivery.
    pub delivery: String,
    /// Its number in the operator's queue.
    pub sequence: u64,
}

/// Why stored bytes are not an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEvent {
    /// Not the JSON of an event.
    #[error("not an event: {0}")]
    Form(String),
    /// Written by a newer program.
    #[error("event version {0} is unknown here")]
    Version(u32),
}

#[derive(Serialize, Deserialize)]
struct Versioned {
    version: u32,
    #[serde(flatten)]
    event: Event,
}

impl Event {
    /// The bytes that are stored and hashed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&Versioned { version: VERSION, event: self.clone() }).unwrap_or_default()
    }

    /// Reads stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Event, BadEvent> {
        let versioned: Versioned =
            serde_json::from_slice(bytes).map_err(|e| BadEvent::Form(e.to_string()))?;
        if versioned.version != VERSION {
            return Err(BadEvent::Version(versioned.version));
        }
        Ok(versioned.event)
    }
}
