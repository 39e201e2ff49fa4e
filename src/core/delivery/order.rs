//! The order to one operator: a small envelope around the one CAP of the warning. Knows no transport.

use crate::area;
use crate::cap::{self, Alert, CapTime, MsgType, Status};
use crate::cbs::Class;
use crate::digest::Digest;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The version of the envelope this code writes. Every version ever written is read for ever.
pub const VERSION: u32 = 1;

/// What the order asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Put a new warning on air.
    Alert,
    /// Write the new, then stop the old.
    Update,
    /// Stop what was told.
    Cancel,
}

impl Kind {
    /// The word used on the wire and in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Alert => "alert",
            Kind::Update => "update",
            Kind::Cancel => "cancel",
        }
    }
}

/// One order to one operator. Stored whole in the outbox, in the transaction that approved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Names this delivery for ever: sent again, it is the same delivery.
    pub delivery: String,
    /// The warning it belongs to.
    pub warning: String,
    /// The only operator it is for.
    pub operator: String,
    /// Gap-free per operator and class, from 1.
    pub sequence: u64,
    /// Live or drill.
    pub class: Class,
    /// Alert, update or cancel.
    pub kind: Kind,
    /// The warning that an update takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Every warning before this one in its chain that is not over, newest first: an update or a cancel ends them all,
    /// since what lies between may never have reached this operator. Orders written before this field have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<String>,
    /// SHA-256 of `cap`.
    pub cap_sha256: Digest,
    /// Digest of the area as approved; `None` only for a cancel, which has no area.
    pub area_sha256: Option<Digest>,
    /// When the second person's approval was committed, by the hub's clock.
    pub approved_at: DateTime<Utc>,
    /// Nothing goes on air from this instant on.
    pub expires: DateTime<Utc>,
    /// The CAP document: the same bytes for every operator.
    pub cap: String,
}

/// The envelope on the wire. What changes from sending to sending stands outside the order.
#[derive(Serialize, Deserialize)]
struct Envelope {
    version: u32,
    /// Milliseconds of the ten seconds that were left when it was sent; negative when they are over.
    left_ms: i64,
    order: Order,
}

/// Why bytes are not an order to be carried out. Each is a dead letter and an alarm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOrder {
    /// Not the JSON of an order.
    #[error("not an order: {0}")]
    Form(String),
    /// A version this code does not know.
    #[error("order version {0} is unknown here, {VERSION} is the newest known")]
    Version(u64),
    /// Bound to another operator.
    #[error("the order is for {order}, this is {here}")]
    Operator {
        /// Whom it names.
        order: String,
        /// Who reads it.
        here: String,
    },
    /// Came by the other class's queue.
    #[error("a {order:?} order came by the {queue:?} queue")]
    Class {
        /// What the order says.
        order: Class,
        /// The queue's class.
        queue: Class,
    },
    /// The CAP is not the one that was approved.
    #[error("the CAP's digest is {found}, the order names {named}")]
    Cap {
        /// Of the bytes.
        found: Digest,
        /// In the envelope.
        named: Digest,
    },
    /// The area is not the one that was approved, or there is none.
    #[error("the area's digest is {found}, the order names {named}")]
    Area {
        /// Of the CAP.
        found: String,
        /// In the envelope.
        named: String,
    },
    /// The envelope says something else than the CAP in it.
    #[error("the order's {field} is not what its CAP says")]
    Envelope {
        /// Kind, class or expires.
        field: &'static str,
    },
    /// The CAP cannot be read.
    #[error("the order's CAP cannot be read: {0}")]
    Unreadable(String),
}

impl Order {
    /// The bytes that travel. `left_ms`: what is left of the ten seconds at this sending.
    pub fn to_wire(&self, left_ms: i64) -> Vec<u8> {
        let envelope = Envelope { version: VERSION, left_ms, order: self.clone() };
        serde_json::to_vec(&envelope).unwrap_or_default()
    }

    /// Reads an order and what was left of the ten seconds when it was sent. The version is judged before the rest.
    pub fn from_wire(bytes: &[u8]) -> Result<(Order, i64), BadOrder> {
        #[derive(Deserialize)]
        struct OnlyVersion {
            version: u64,
        }
        let form = |e: serde_json::Error| BadOrder::Form(e.to_string());
        let OnlyVersion { version } = serde_json::from_slice(bytes).map_err(form)?;
        if version != u64::from(VERSION) {
            return Err(BadOrder::Version(version));
        }
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(form)?;
        Ok((envelope.order, envelope.left_ms))
    }

    /// The warnings before this one in its chain that it ends, newest first; an older order names the last alone.
    pub fn before(&self) -> Vec<String> {
        let last = self.replaces.iter().filter(|old| !self.ends.contains(old));
        last.chain(&self.ends).cloned().collect()
    }

    /// Checks what an adapter must check before it takes an order: bound to this operator and this class's queue, the
    /// CAP and the area those that were approved. Returns the CAP.
    pub fn verify(&self, operator: &str, queue: Class) -> Result<Alert, BadOrder> {
        if self.operator != operator {
            return Err(BadOrder::Operator { order: self.operator.clone(), here: operator.to_owned() });
        }
        if self.class != queue {
            return Err(BadOrder::Class { order: self.class, queue });
        }
        let found = Digest::of(self.cap.as_bytes());
        if found != self.cap_sha256 {
            return Err(BadOrder::Cap { found, named: self.cap_sha256 });
        }
        let (alert, faults) = cap::read(self.cap.as_bytes(), &cap::Limits::cap());
        let alert = alert.ok_or_else(|| {
            BadOrder::Unreadable(faults.first().map(ToString::to_string).unwrap_or_default())
        })?;
        let mut areas = alert.infos.iter().map(|info| area::digest(&info.areas));
        let named = |d: Option<Digest>| d.map_or_else(|| "none".to_owned(), |d| d.to_string());
        let first = areas.next();
        if first != self.area_sha256 || areas.any(|d| Some(d) != self.area_sha256) {
            return Err(BadOrder::Area { found: named(first), named: named(self.area_sha256) });
        }
        if self.kind != Kind::Cancel && self.area_sha256.is_none() {
            return Err(BadOrder::Area { found: "none".to_owned(), named: "none".to_owned() });
        }
        self.agrees(&alert)?;
        Ok(alert)
    }

    /// The envelope binds nothing that its CAP does not say: a drill's envelope around a live alert is refused, and so is
    /// a cancel around an alert, or a later end than was approved.
    fn agrees(&self, alert: &Alert) -> Result<(), BadOrder> {
        let field = |field| Err(BadOrder::Envelope { field });
        let kind = match alert.msg_type {
            MsgType::Alert => Some(Kind::Alert),
            MsgType::Update => Some(Kind::Update),
            MsgType::Cancel => Some(Kind::Cancel),
            MsgType::Ack | MsgType::Error => None,
        };
        if kind != Some(self.kind) {
            return field("kind");
        }
        let class = match alert.status {
            Status::Actual => Some(Class::Live),
            Status::Exercise | Status::Test => Some(Class::Drill),
            Status::System | Status::Draft => None,
        };
        if class != Some(self.class) {
            return field("class");
        }
        let expires = alert.infos.iter().filter_map(|info| info.expires).min();
        if self.kind != Kind::Cancel && expires.map(CapTime::utc) != Some(self.expires) {
            return field("expires");
        }
        Ok(())
    }
}
