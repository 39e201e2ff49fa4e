//! Which elements stand in which, in what order and how often: the content models of CAP 1.2 and 1.1 as tables. Reads nothing.

use super::Version;

/// The slots of the longest sequence.
pub(super) const WIDEST: usize = INFO.len();

/// One place in a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot<E> {
    /// Which element.
    pub(super) element: E,
    /// Its local name.
    pub(super) name: &'static str,
    /// Whether it must be there at least once.
    pub(super) must: bool,
    /// Whether it may be repeated; then its places are numbered from 1.
    pub(super) many: bool,
}

const fn one<E>(element: E, name: &'static str) -> Slot<E> {
    Slot { element, name, must: true, many: false }
}

const fn may<E>(element: E, name: &'static str) -> Slot<E> {
    Slot { element, name, must: false, many: false }
}

const fn some<E>(element: E, name: &'static str) -> Slot<E> {
    Slot { element, name, must: true, many: true }
}

const fn any<E>(element: E, name: &'static str) -> Slot<E> {
    Slot { element, name, must: false, many: true }
}

/// Declares the elements of a block and their sequence.
macro_rules! sequence {
    ($(#[$meta:meta])* $elements:ident $sequence:ident { $($often:ident $element:ident = $name:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $elements { $($element),+ }

        $(#[$meta])*
        pub(super) const $sequence: &[Slot<$elements>] = &[$($often($elements::$element, $name)),+];
    };
}

sequence! {
    /// 3.2.1. A `Signature` of the XML Signature namespace may follow.
    InAlert ALERT {
        one Identifier = "identifier",
        one Sender = "sender",
        one Sent = "sent",
        one Status = "status",
        one MsgType = "msgType",
        may Source = "source",
        one Scope = "scope",
        may Restriction = "restriction",
        may Addresses = "addresses",
        any Code = "code",
        may Note = "note",
        may References = "references",
        may Incidents = "incidents",
        any Info = "info",
    }
}

sequence! {
    /// 3.2.2.
    InInfo INFO {
        may Language = "language",
        some Category = "category",
        one Event = "event",
        any ResponseType = "responseType",
        one Urgency = "urgency",
        one Severity = "severity",
        one Certainty = "certainty",
        may Audience = "audience",
        any EventCode = "eventCode",
        may Effective = "effective",
        may Onset = "onset",
        may Expires = "expires",
        may SenderName = "senderName",
        may Headline = "headline",
        may Description = "description",
        may Instruction = "instruction",
        may Web = "web",
        may Contact = "contact",
        any Parameter = "parameter",
        any Resource = "resource",
        any Area = "area",
    }
}

sequence! {
    /// 3.2.3.
    InResource RESOURCE {
        one ResourceDesc = "resourceDesc",
        one MimeType = "mimeType",
        may Size = "size",
        may Uri = "uri",
        may DerefUri = "derefUri",
        may Digest = "digest",
    }
}

sequence! {
    /// 3.2.4.
    InArea AREA {
        one AreaDesc = "areaDesc",
        any Polygon = "polygon",
        any Circle = "circle",
        any Geocode = "geocode",
        may Altitude = "altitude",
        may Ceiling = "ceiling",
    }
}

sequence! {
    /// `eventCode`, `parameter`, `geocode`.
    InNamed NAMED {
        one ValueName = "valueName",
        one Value = "value",
    }
}

/// The same in CAP 1.1, where `mimeType` was not mandatory yet.
const RESOURCE_1_1: &[Slot<InResource>] = &[
    one(InResource::ResourceDesc, "resourceDesc"),
    may(InResource::MimeType, "mimeType"),
    may(InResource::Size, "size"),
    may(InResource::Uri, "uri"),
    may(InResource::DerefUri, "derefUri"),
    may(InResource::Digest, "digest"),
];

/// 3.2.3 as a version has it.
pub(super) const fn resource(version: Version) -> &'static [Slot<InResource>] {
    match version {
        Version::V1_1 => RESOURCE_1_1,
        Version::V1_2 => RESOURCE,
    }
}
