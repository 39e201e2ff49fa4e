//! How the command ends: codes that scripts rely on, and words for people.

use std::fmt;
use std::process::ExitCode;

/// The list at the end of `--help`.
pub(super) const HELP: &str = "Exit codes: 0 ok, 1 failure, 2 usage, 3 invalid CAP, 4 area, 5 not allowed, \
                               6 partly delivered, 7 too late, 8 peer unreachable";

/// The code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Ok = 0,
    Failure = 1,
    Usage = 2,
    InvalidCap = 3,
    Area = 4,
    NotAllowed = 5,
    Partly = 6,
    TooLate = 7,
    Unreachable = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A command that could not do its work.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    words: String,
}

impl Failure {
    pub(super) fn new(exit: Exit, words: impl Into<String>) -> Failure {
        Failure { exit, words: words.into() }
    }

    /// Nobody reads any more.
    pub(super) fn quiet() -> Failure {
        Failure::new(Exit::Ok, "the output was closed")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl From<crate::run::CannotRun> for Failure {
    fn from(e: crate::run::CannotRun) -> Failure {
        Failure::new(Exit::Failure, e.to_string())
    }
}

impl From<crate::config::BadConfig> for Failure {
    fn from(e: crate::config::BadConfig) -> Failure {
        Failure::new(Exit::Usage, e.to_string())
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(e: crate::store::StoreError) -> Failure {
        Failure::new(Exit::Failure, e.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(e: serde_json::Error) -> Failure {
        Failure::new(Exit::Failure, e.to_string())
    }
}
