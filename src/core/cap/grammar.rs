//! Which elements stand in which, in what order and how often: the content models of CAP 1.2 and 1.1 as tables. Reads nothing.

use super::Version;

/// The slots of the longest sequence.
pub(super) const WIDEST: usize = INFO.len();

/// One place in a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Local name of the element.
    pub(super) name: &'static str,
    /// Whether it must be there at least once.
    pub(super) must: bool,
    /// Whether it may be repeated; then its places are numbered from 1.
    pub(super) many: bool,
}

const fn one(name: &'static str) -> Slot {
    Slot { name, must: true, many: false }
}

const fn may(name: &'static str) -> Slot {
    Slot { name, must: false, many: false }
}

const fn some(name: &'static str) -> Slot {
    Slot { name, must: true, many: true }
}

const fn any(name: &'static str) -> Slot {
    Slot { name, must: false, many: true }
}

/// 3.2.1. A `Signature` of the XML Signature namespace may follow.
pub(super) const ALERT: &[Slot] = &[
    one("identifier"),
    one("sender"),
    one("sent"),
    one("status"),
    one("msgType"),
    may("source"),
    one("scope"),
    may("restriction"),
    may("addresses"),
    any("code"),
    may("note"),
    may("references"),
    may("incidents"),
    any("info"),
];

/// 3.2.2.
pub(super) const INFO: &[Slot] = &[
    may("language"),
    some("category"),
    one("event"),
    any("responseType"),
    one("urgency"),
    one("severity"),
    one("certainty"),
    may("audience"),
    any("eventCode"),
    may("effective"),
    may("onset"),
    may("expires"),
    may("senderName"),
    may("headline"),
    may("description"),
    may("instruction"),
    may("web"),
    may("contact"),
    any("parameter"),
    any("resource"),
    any("area"),
];

const RESOURCE_1_2: &[Slot] =
    &[one("resourceDesc"), one("mimeType"), may("size"), may("uri"), may("derefUri"), may("digest")];

const RESOURCE_1_1: &[Slot] =
    &[one("resourceDesc"), may("mimeType"), may("size"), may("uri"), may("derefUri"), may("digest")];

/// 3.2.4.
pub(super) const AREA: &[Slot] =
    &[one("areaDesc"), any("polygon"), any("circle"), any("geocode"), may("altitude"), may("ceiling")];

/// `eventCode`, `parameter`, `geocode`.
pub(super) const NAMED: &[Slot] = &[one("valueName"), one("value")];

/// 3.2.3: CAP 1.2 made `mimeType` mandatory.
pub(super) const fn resource(version: Version) -> &'static [Slot] {
    match version {
        Version::V1_1 => RESOURCE_1_1,
        Version::V1_2 => RESOURCE_1_2,
    }
}
