//! Bytes to one verdict: readable or not, the document, every fault of schema and rules with its place in the text.

use super::alert::Alert;
use super::check::check;
use super::ledger::Lines;
use super::limits::Limits;
use super::locate::locate;
use super::profile::Profile;
use super::read::{read_all, text};
use crate::fault::{Fault, any_error};
use std::collections::BTreeSet;

/// What a document came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether it was well-formed XML within bounds to its end; hostile input is not.
    pub readable: bool,
    /// The document, where every value it needs could be read. It may still have faults: ask [`Verdict::valid`].
    pub alert: Option<Alert>,
    /// Every fault: what reading found in the order of the text, then the rules.
    pub faults: Vec<Fault>,
}

impl Verdict {
    /// Whether the document was read and nothing refuses it.
    pub fn valid(&self) -> bool {
        self.readable && self.alert.is_some() && !any_error(&self.faults)
    }
}

/// Reads and judges a document by a profile, within the profile's bounds. Asks no clock.
pub fn verdict(bytes: &[u8], profile: Profile) -> Verdict {
    let limits = Limits::of(profile);
    let reading = read_all(bytes, limits);
    let mut faults = reading.faults;
    if let Some(alert) = &reading.alert {
        let rules = check(alert, profile).into_iter().filter(|fault| !rests_on_gap(fault, &reading.gaps));
        faults.extend(placed(rules.collect(), text(bytes, limits).unwrap_or_default()));
    }
    let alert = reading.alert.filter(|_| reading.readable && reading.gaps.is_empty());
    Verdict { readable: reading.readable, alert, faults }
}

/// Which rules look at a value besides the one at the place of their fault. Where that value is a stand-in they are not heard.
const LOOKS_AT: &[(&str, &[&str])] = &[
    ("sent", &["cap.expires.order", "oman.expires.long", "cap.references.newer", "oman.sent.offset"]),
    ("status", &["cap.note.missing", "cap.response.assess", "oman.info.missing"]),
    ("msgType", &["cap.references.missing", "cap.info.missing", "cap.note.missing", "oman.info.missing"]),
    (
        "scope",
        &[
            "cap.addresses.missing",
            "cap.restriction.missing",
            "cap.restriction.unused",
            "cap.response.assess",
        ],
    ),
    ("references", &["cap.references.missing"]),
    ("effective", &["cap.expires.order", "oman.parity.effective"]),
    ("onset", &["cap.expires.order", "oman.parity.onset"]),
    ("expires", &["oman.parity.expires"]),
    (
        "language",
        &["oman.arabic.missing", "oman.english.missing", "oman.language.other", "oman.language.repeated"],
    ),
    ("category", &["oman.parity.category"]),
    ("responseType", &["oman.parity.response"]),
    ("urgency", &["oman.parity.urgency"]),
    ("severity", &["oman.parity.severity"]),
    ("certainty", &["oman.parity.certainty"]),
    ("valueName", &["oman.parity.event_code", "oman.parity.area", "oman.event_code.missing"]),
    ("value", &["oman.parity.event_code", "oman.parity.area", "oman.event_code.unknown"]),
    ("polygon", &["oman.parity.area"]),
    ("circle", &["oman.parity.area"]),
    ("altitude", &["oman.parity.area", "cap.ceiling.alone", "cap.ceiling.below"]),
    ("ceiling", &["oman.parity.area"]),
];

fn rests_on_gap(fault: &Fault, gaps: &[String]) -> bool {
    gaps.iter().any(|gap| {
        let leaf = gap.rsplit('/').next().unwrap_or_default();
        let name = leaf.split('[').next().unwrap_or_default();
        *gap == fault.place
            || LOOKS_AT.iter().any(|(value, codes)| *value == name && codes.contains(&fault.code.as_str()))
    })
}

/// Adds line and column: of the place itself or, where the fault is that it is not there, of what should hold it.
fn placed(faults: Vec<Fault>, text: &str) -> Vec<Fault> {
    if faults.is_empty() {
        return faults;
    }
    let places: BTreeSet<String> =
        faults.iter().flat_map(|f| ancestry(&f.place)).map(ToOwned::to_owned).collect();
    let found = locate(text, &places);
    let lines = Lines::new(text);
    faults
        .into_iter()
        .map(|mut fault| {
            let at = ancestry(&fault.place).find_map(|place| found.get(place));
            if let Some(at) = at {
                fault.place = format!("{}, {}", fault.place, lines.at(*at));
            }
            fault
        })
        .collect()
}

/// The place, and what holds it, up to the root.
fn ancestry(place: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(place), |place| place.rsplit_once('/').map(|(parent, _)| parent))
}
