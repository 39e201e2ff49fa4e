//! Bytes to one verdict: readable or not, the document, every fault of schema and rules with its place in the text.

use super::alert::Alert;
use super::check::judge_read;
use super::extension::Extension;
use super::profile::Profile;
use super::read::read_all;
use super::signature;
use crate::fault::{Fault, any_error};

/// What a document came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether it was well-formed XML within bounds to its end; hostile input is not.
    pub readable: bool,
    /// The document, where every value it needs could be read. It may still have faults: ask [`Verdict::valid`].
    pub alert: Option<Alert>,
    /// What could be read of a document that is not in `alert`.
    pub partial: Option<Partial>,
    /// Every fault: what reading found in the order of the text, then the rules.
    pub faults: Vec<Fault>,
    /// What the document holds that CAP does not have, and its signatures.
    pub extensions: Vec<Extension>,
}

/// What could be read of a broken document: for a person to look at, never to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The values that were read; at the places of `gaps` a stand-in.
    pub alert: Alert,
    /// The paths of values that were not there, not readable or not come to.
    pub gaps: Vec<String>,
}

impl Verdict {
    /// Whether the document was read and nothing refuses it.
    pub fn valid(&self) -> bool {
        self.readable && self.alert.is_some() && !any_error(&self.faults)
    }
}

/// Reads and judges a document by a profile, within the profile's bounds. Asks no clock.
pub fn verdict(bytes: &[u8], profile: Profile<'_>) -> Verdict {
    let reading = read_all(bytes, profile.limits());
    let (mut faults, gaps) = (reading.faults, reading.gaps);
    let Some(alert) = reading.alert else {
        let extensions = reading.extensions;
        return Verdict { readable: reading.readable, alert: None, partial: None, faults, extensions };
    };
    // Of a document cut short the rules would find missing what only was not come to.
    if reading.ended {
        let rules = judge_read(&alert, profile).into_iter().filter(|fault| !rests_on_gap(fault, &gaps));
        faults.extend(rules.map(|mut fault| {
            if let Some(places) = &reading.places {
                fault.place = places.spelt(&fault.place);
            }
            fault
        }));
    }
    if reading.readable {
        faults.extend(signature::judge(bytes, &reading.extensions, profile));
    }
    let (alert, partial) = if reading.readable && gaps.is_empty() {
        (Some(alert), None)
    } else {
        (None, Some(Partial { alert, gaps }))
    };
    Verdict { readable: reading.readable, alert, partial, faults, extensions: reading.extensions }
}

/// Which rules look at a value besides the one at the place of their fault. Where that value is a stand-in they are not heard.
const LOOKS_AT: &[(&str, &[&str])] = &[
    (
        "sent",
        &[
            "cap.expires.order",
            "oman.expires.long",
            "cap.references.newer",
            "oman.sent.offset",
            "oman.parity.effective",
        ],
    ),
    ("status", &["cap.info.missing", "cap.note.missing", "cap.response.assess", "oman.info.missing"]),
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
    ("language", &["oman.language.missing", "oman.language.other", "oman.language.repeated"]),
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
