//! The profiles a document can be judged by: the standard alone, or a national table on top. The rules are in `standard` and `oman`.

use super::alert::{Category, Status};
use super::codes;
use super::limits::Limits;
use super::time::CapTime;
use crate::fault::Level;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;

/// By whose rules a document is judged.
#[derive(Debug, Clone, Copy)]
pub enum Profile<'a> {
    /// What OASIS CAP 1.2 demands of anybody.
    Cap,
    /// What Oman's cell broadcast demands on top.
    Oman(&'a National),
}

/// Oman's profile as its table says it; [`National::parse`] is the one way to one.
#[derive(Debug, Clone, PartialEq)]
pub struct National {
    /// The name of the profile and its version.
    pub name: String,
    /// The WMO alerting-authority arc; an authority, a time and a number follow. Ends in a dot.
    pub identifier_arc: String,
    /// Who may send, as written in `sender`.
    pub senders: Vec<String>,
    /// The sender of what the desk writes here: one of them.
    pub desk_sender: String,
    /// The sender of drills: one of them.
    pub drill_sender: String,
    /// Offsets from UTC that `sent` may be written with.
    pub offsets: Vec<Duration>,
    /// Languages every alert has, as primary subtags.
    pub languages_required: Vec<Term>,
    /// Languages it may have as well.
    pub languages_accepted: Vec<Term>,
    /// Categories a warning may be of.
    pub categories: Vec<Category>,
    /// How the `valueName` of an event term begins, whatever the version of its list.
    pub event_domain: String,
    /// The `valueName` of the list in use: `OET:v1.2`.
    pub event_list: String,
    /// The event terms in use.
    pub events: Vec<Term>,
    /// How the names of this system's own parameters begin.
    pub parameter_prefix: String,
    /// Parameters with a meaning here.
    pub parameters: Vec<Parameter>,
    /// Characters of a headline at most.
    pub headline_characters: usize,
    /// Points of a polygon at most, the closing one included.
    pub polygon_points: usize,
    /// How long after `sent` an alert may expire.
    pub life: Duration,
    /// How far ahead of our clock `sent` may lie: more than clocks drift, less than a plan.
    pub sent_ahead: Duration,
    /// How much is read.
    pub limits: Limits,
    /// The levels that differ from the standard's, and those of the profile's own codes.
    pub levels: BTreeMap<String, Level>,
}

/// A code with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The code.
    pub code: String,
    /// In English.
    pub en: String,
    /// In Arabic.
    pub ar: String,
}

/// One lawful use of a parameter; a parameter named in the table has no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its `valueName`.
    pub name: String,
    /// Its `value`; none: any.
    pub value: Option<String>,
    /// The statuses of an alert it may stand in.
    pub statuses: Vec<Status>,
}

/// Characters of a headline (CAP 1.2, 3.2.2 headline, for devices with small displays).
const HEADLINE_CHARACTERS: usize = 160;
/// Points of a polygon that validators put up with.
const POLYGON_POINTS: usize = 100;

impl National {
    /// An identifier under the country's arc: the authority, the time of sending to the second by Oman's clock, as `sent`
    /// is written, and a number that tells apart what is sent within one.
    pub fn identifier(&self, authority: u32, at: DateTime<Utc>, number: u32) -> String {
        let digits: String = CapTime::muscat(at).to_string().chars().filter(char::is_ascii_digit).collect();
        // Year to second; what follows is the offset.
        format!("{}{authority}.{}.{number}", self.identifier_arc, &digits[..14])
    }
}

impl Profile<'_> {
    /// The word for it on a command line.
    pub const fn word(self) -> &'static str {
        match self {
            Profile::Cap => "cap",
            Profile::Oman(_) => "oman",
        }
    }

    /// The level of a code; none where the profile does not judge it.
    pub fn level(self, code: &str) -> Option<Level> {
        let standard = codes::find(code).and_then(|c| c.level);
        match self {
            Profile::Cap => standard,
            Profile::Oman(national) => national.levels.get(code).copied().or(standard),
        }
    }

    /// How much of a document is read.
    pub const fn limits(self) -> Limits {
        match self {
            Profile::Cap => Limits::cap(),
            Profile::Oman(national) => national.limits,
        }
    }

    /// Characters of a headline at most.
    pub(super) const fn headline_characters(self) -> usize {
        match self {
            Profile::Cap => HEADLINE_CHARACTERS,
            Profile::Oman(national) => national.headline_characters,
        }
    }

    /// Points of a polygon at most.
    pub(super) const fn polygon_points(self) -> usize {
        match self {
            Profile::Cap => POLYGON_POINTS,
            Profile::Oman(national) => national.polygon_points,
        }
    }
}
