//! A drill: planned with texts that cannot be live, run at a hub by two persons, told in a report that writes itself.

/// What is known of a drill after it, and what it is held against.
pub mod evidence;
/// Where reports are kept.
pub mod folder;
/// The operators' lanes as a picture.
mod lanes;
/// Who takes part.
pub mod mode;
/// Simulated phones, counted.
pub mod phones;
/// What a drill is: area, texts, duration; always an exercise.
pub mod plan;
/// The report as JSON and as one printable page.
pub mod report;
/// The evidence from the hub's own record.
pub mod review;
/// Submit, approve, watch: a drill at a hub, over its API.
pub mod run;
/// What a hub says of a drill, in the form of the report.
pub mod tell;
/// A text that opens with the word for exercise.
pub mod text;
/// What somebody asks for, from a form or as JSON.
pub mod wanted;
/// The report's words in both languages.
mod words;

pub use evidence::Evidence;
pub use folder::Folder;
pub use mode::Mode;
pub use plan::DrillPlan;
pub use report::Report;
pub use review::{NoReport, review};
pub use text::{DrillText, Language};
pub use wanted::Wanted;
