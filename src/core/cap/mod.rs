//! CAP 1.2 (OASIS; ITU-T X.1303bis) as types, and the two functions between types and bytes. Knows no Oman but through a profile.

/// The document: alert, info, resource, area.
pub mod alert;
/// Polygons and circles, latitude first.
pub mod shape;
/// CAP's form of date and time.
pub mod time;
/// A closed table of words a field may hold.
mod words;

pub use alert::{
    Alert, Area, Category, Certainty, Info, MsgType, Named, Reference, Resource, ResponseType, Scope,
    Severity, Status, Urgency, Version,
};
pub use shape::{Circle, Point, Ring};
pub use time::CapTime;
