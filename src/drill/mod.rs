//! A drill: planned with texts that cannot be live, run at a hub by two persons, told in a report that writes itself.

/// What is known of a drill after it, and what it is held against.
pub mod evidence;
/// Where reports are kept.
pub mod folder;
/// The operators' lanes as a picture.
mod lanes;
/// What a drill is: area, texts, duration; always an exercise.
pub mod plan;
/// The report as JSON and as one printable page.
pub mod report;
/// Submit, approve, watch: a drill at a hub, over its API.
pub mod run;
/// A text that opens with the word for exercise.
pub mod text;
/// The report's words in both languages.
mod words;

pub use evidence::Evidence;
pub use folder::Folder;
pub use plan::DrillPlan;
pub use report::Report;
pub use text::{DrillText, Language};
