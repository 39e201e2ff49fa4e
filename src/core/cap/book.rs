//! The faults found in a document, of each level as many as a person reads. Knows no place and no rule.

use crate::fault::{Fault, Kind, Level, Told};

/// More faults of a level than a person reads; the rest is one line.
pub(super) const MOST: usize = 200;

/// Faults in the order they were found.
#[derive(Default)]
pub(super) struct Book {
    faults: Vec<Fault>,
    errors: usize,
    warnings: usize,
}

impl Book {
    /// Books a fault, if more than [`MOST`] of its level do not stand there already; its place is spelt only then. An error
    /// is not lost among warnings, and warnings refuse nothing by their number.
    pub(super) fn say(&mut self, level: Level, code: &str, place: impl FnOnce() -> String, message: Told) {
        let (count, rest) = match level {
            Level::Error => (&mut self.errors, "cap.faults.more"),
            Level::Warning => (&mut self.warnings, "cap.warnings.more"),
        };
        *count += 1;
        if *count <= MOST {
            self.faults.push(Fault::of(level, code, place(), message));
        } else if *count == MOST + 1 {
            let most = [(Kind::Most, MOST.to_string())];
            let what = match level {
                Level::Error => "errors",
                Level::Warning => "warnings",
            };
            let why = Told::new(format!("more than {MOST} {what}; the rest is not listed"), most);
            self.faults.push(Fault::of(level, rest, place(), why));
        }
    }

    /// Books the error that ends reading, however many stand there.
    pub(super) fn last(&mut self, code: &str, place: String, message: Told) {
        self.faults.push(Fault::error(code, place, message));
    }

    /// Whether more errors were found than are listed: looking on would find nothing to say.
    pub(super) fn full(&self) -> bool {
        self.errors > MOST
    }

    /// What was found.
    pub(super) fn close(self) -> Vec<Fault> {
        self.faults
    }
}
