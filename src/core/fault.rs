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
    /// What is wrong and, where it can be said, what to do. In English.
    pub message: String,
    /// What the message tells of this very input, apart from its words: for whoever tells the fault in another language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub particulars: Vec<Particular>,
}

/// One thing that is told of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particular {
    /// What it is to the fault.
    pub kind: Kind,
    /// As the input has it, or as it should be: no words of a language.
    pub value: String,
}

/// What a particular is to its fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What stands there.
    Found,
    /// What may stand there.
    Wanted,
    /// How much there may be.
    Most,
    /// What it was held against.
    Against,
    /// The name of what it is about.
    Name,
    /// Where in the value.
    Near,
    /// More, in English: an XML reader's own words.
    Detail,
}

/// A message with its particulars; a text alone has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    message: String,
    particulars: Vec<Particular>,
}

impl Told {
    /// The particulars in the order in which they are to be told.
    pub fn new<const N: usize>(message: impl Into<String>, particulars: [(Kind, String); N]) -> Told {
        let particulars = particulars.into_iter().map(|(kind, value)| Particular { kind, value }).collect();
        Told { message: message.into(), particulars }
    }
}

impl From<&str> for Told {
    fn from(message: &str) -> Told {
        Told::new(message, [])
    }
}

impl From<String> for Told {
    fn from(message: String) -> Told {
        Told::new(message, [])
    }
}

impl Fault {
    /// A fault that refuses the input.
    pub fn error(code: &str, place: impl Into<String>, message: impl Into<Told>) -> Fault {
        Fault::of(Level::Error, code, place, message)
    }

    /// A fault worth saying that refuses nothing.
    pub fn warning(code: &str, place: impl Into<String>, message: impl Into<Told>) -> Fault {
        Fault::of(Level::Warning, code, place, message)
    }

    /// A fault of a level.
    pub fn of(level: Level, code: &str, place: impl Into<String>, message: impl Into<Told>) -> Fault {
        let Told { message, particulars } = message.into();
        Fault { code: code.to_owned(), level, place: place.into(), message, particulars }
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
