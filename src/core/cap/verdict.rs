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
        let sound = |fault: &Fault| !rests_on_gap(fault, gaps.iter().chain(&reading.words));
        let rules = judge_read(&alert, profile).into_iter().filter(sound);
        faults.extend(rules.map(|mut fault| {
            if let Some(places) = &reading.places {
                fault.place = places.spelt(&fault.place);
            }
            fault
        }));
    }
    if let Some(places) = reading.places.filter(|_| reading.readable) {
        let place = |octet: usize| places.at("alert/Signature", octet - reading.mark);
        faults.extend(signature::judge(bytes, &reading.extensions, place, profile));
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
    ("effective", &["cap.expires.order"]),
    ("onset", &["cap.expires.order"]),
    ("valueName", &["oman.event_code.missing"]),
    ("value", &["oman.event_code.missing", "oman.event_code.unknown"]),
    ("altitude", &["cap.ceiling.alone", "cap.ceiling.below"]),
];

/// The same for rules that look at all blocks of a document at once.
const LOOKS_AT_ALL: &[(&str, &[&str])] = &[
    ("effective", &["oman.parity.effective"]),
    ("onset", &["oman.parity.onset"]),
    ("expires", &["oman.parity.expires"]),
    ("language", &["oman.language.missing"]),
    ("category", &["oman.parity.category"]),
    ("responseType", &["oman.parity.response"]),
    ("urgency", &["oman.parity.urgency"]),
    ("severity", &["oman.parity.severity"]),
    ("certainty", &["oman.parity.certainty"]),
    ("valueName", &["oman.parity.event_code", "oman.parity.area"]),
    ("value", &["oman.parity.event_code", "oman.parity.area"]),
    ("polygon", &["oman.parity.area"]),
    ("circle", &["oman.parity.area"]),
    ("altitude", &["oman.parity.area"]),
    ("ceiling", &["oman.parity.area"]),
];

/// Whether a rule's fault may be there only because of a stand-in, or of words where it looks for a number.
fn rests_on_gap<'g>(fault: &Fault, mut gaps: impl Iterator<Item = &'g String>) -> bool {
    let looked_at = |table: &[(&'static str, &[&str])]| -> Vec<&str> {
        table
            .iter()
            .filter(|(_, codes)| codes.contains(&fault.code.as_str()))
            .map(|(value, _)| *value)
            .collect()
    };
    let (here, all) = (looked_at(LOOKS_AT), looked_at(LOOKS_AT_ALL));
    gaps.any(|gap| {
        let looks = || {
            let (parent, leaf) = gap.rsplit_once('/').unwrap_or(("", gap));
            let leaf = leaf.split('[').next().unwrap_or_default();
            all.contains(&leaf) || (here.contains(&leaf) && is_within(&fault.place, block(parent)))
        };
        *gap == fault.place || (!(here.is_empty() && all.is_empty()) && looks())
    })
}

/// The block that a value stands in: of a pair of name and value, the one that holds the pair.
fn block(parent: &str) -> &str {
    match parent.rsplit_once('/') {
        Some((holder, pair))
            if ["eventCode[", "parameter[", "geocode["].iter().any(|p| pair.starts_with(p)) =>
        {
            holder
        }
        Some(_) | None => parent,
    }
}

fn is_within(place: &str, block: &str) -> bool {
    place.strip_prefix(block).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
