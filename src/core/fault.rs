//! What is wrong with something that came in: a stable code, a level, a place and words a person can use.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a fault weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth saying; does not make the input invalid.
    Warning,
    /// The input is refused.
    Error,
}

/// One fault of an input. Faults are collected, never thrown one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Stable, dotted, lower case: `cap.expires.missing`. Scripts and translations hang on it.
    pub code: String,
    /// Whether it refuses the input.
    pub level: Level,
    /// Where: a path such as `alert/info[2]/area[1]/polygon[1]`, with line and column where the input has lines.
    pub place: String,
    /// What is wrong and, where it can be said, what to do.
    pub message: String,
}

impl Fault {
    /// A fault that refuses the input.
    pub fn error(code: &str, place: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { code: code.to_owned(), level: Level::Error, place: place.into(), message: message.into() }
    }

    /// A fault worth saying that refuses nothing.
    pub fn warning(code: &str, place: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { code: code.to_owned(), level: Level::Warning, place: place.into(), message: message.into() }
    }

    /// The path of its place, without line and column.
    pub fn path(&self) -> &str {
        let path = self.place.rsplit_once("line ").map_or(self.place.as_str(), |(path, _)| path);
        if self.spot().is_some() { path.trim_end_matches(", ") } else { &self.place }
    }

    /// Line and column of its place, both from 1, columns in characters; none where the input has no lines.
    pub fn spot(&self) -> Option<(usize, usize)> {
        let (_, spot) = self.place.rsplit_once("line ")?;
        let (line, column) = spot.split_once(", column ")?;
        Some((line.parse().ok()?, column.parse().ok()?))
    }

    /// Whether it refuses the input.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Warning => "warning",
            Level::Error => "error",
        };
        write!(f, "{level} [{}] {}: {}", self.code, self.place, self.message)
    }
}

/// Whether any of the faults refuses the input.
pub fn any_error(faults: &[Fault]) -> bool {
    faults.iter().any(Fault::is_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_gives_its_path_and_its_spot() {
        let check = |place: &str, path: &str, spot: Option<(usize, usize)>| {
            let fault = Fault::error("x", place, "y");
            assert_eq!((fault.path(), fault.spot()), (path, spot), "{place}");
        };
        check("alert/info[2]/event, line 12, column 3", "alert/info[2]/event", Some((12, 3)));
        check("line 1, column 1", "", Some((1, 1)));
        check("alert/sent", "alert/sent", None);
        check("line", "line", None);
        check("the line above, column 3", "the line above, column 3", None);
    }
}
