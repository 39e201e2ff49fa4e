//! CAP 1.2 (OASIS; ITU-T X.1303bis) as types, and the functions between types and bytes. Knows no Oman but through a profile.

/// The document: alert, info, resource, area.
pub mod alert;
/// Polygons and circles, latitude first.
pub mod shape;
/// CAP's form of date and time.
pub mod time;
/// A closed table of words a field may hold.
mod words;

/// Faults, as many as a person reads.
mod book;
/// The content models: which element stands where, and how often.
mod grammar;
/// Where reading stands and what was found there.
mod ledger;
/// How much is read before a document is refused.
pub mod limits;
/// Where everything stands, in words.
mod places;
/// XML events under guard.
mod scan;
/// Namespaces.
mod space;
/// XML's characters, names and declaration.
mod xml;

/// The blocks of the document.
mod blocks;
/// What is not CAP's, kept.
mod extension;
/// Bytes to a document and its faults.
pub mod read;
/// One document being read.
mod reader;
/// Addresses.
mod uri;
/// The values of single elements.
mod values;
/// A document to bytes.
pub mod write;

/// Every fault code with its level, its clause, and its words in two languages.
pub mod codes;
/// The national profile from its table.
mod national;
/// The profiles a document is judged by.
pub mod profile;

/// A resource against the content it carries.
mod attachment;
/// Chains of alert, update, cancel, ack and error.
pub mod chain;
/// All rules, by profile.
pub mod check;
/// The rules that need a clock.
pub mod clock;
/// Whether a ring crosses itself.
mod crossing;
/// What is said clearly in another form.
mod mend;
/// The rules Oman adds.
mod oman;
/// What all languages of an alert must say alike.
mod parity;
/// SHA-1, for `digest`.
mod sha1;
/// The form of a signature.
mod signature;
/// The rules of the standard's text.
mod standard;
/// Bytes to one verdict.
pub mod verdict;
/// What a built document must hold to be written.
mod writable;

pub use alert::{
    Alert, Area, Category, Certainty, Info, MsgType, Named, Reference, Resource, ResponseType, Scope,
    Severity, Status, Urgency, Version,
};
pub use chain::Chains;
pub use check::check;
pub use clock::still_current;
pub use extension::Extension;
pub use limits::Limits;
pub use mend::{Mended, Value, mend};
pub use profile::{National, Profile};
pub use read::read;
pub use shape::{Circle, Point, Ring};
pub use time::CapTime;
pub use verdict::{Partial, Verdict, verdict};
pub use write::write;
