//! The life of a warning: what an author sends in, what an approval binds, what leaves for the operators.

/// The one CAP that every operator gets.
pub mod air;
/// What refuses a document by itself.
mod alone;
/// Series and numbers as people know them.
pub mod bulletin;
/// What is not handed in yet.
pub mod draft;
/// What happened, as the record keeps it.
pub mod event;
/// The words that a drill's texts open with.
pub mod exercise;
/// The manners of other authorities.
pub mod foreign;
/// An alert of another authority as a draft.
pub mod intake;
/// Command in, events out; events folded into state.
pub mod life;
/// From the author's CAP to what can be approved.
pub mod prepare;
/// The areas of such an alert.
mod reshape;
/// The texts of such an alert.
mod texts;
/// What of such a document is clear, and what is a gap.
mod understood;

pub use air::{air_cap, cancel_cap};
pub use alone::alone;
pub use draft::{Draft, DraftChanged, DraftCommand, decide_draft};
pub use event::{BadEvent, DraftMade, Event, OrderedFrom};
pub use intake::{Intake, Loss, Own, intake};
pub use life::{Command, Refused, State, Warning, decide};
pub use prepare::{Prepared, Refusal, Terms, prepare};
