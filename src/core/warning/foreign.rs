//! Whose manner an alert is written in, and what its event codes mean as OASIS event terms. Tables; nothing is guessed.

use crate::cap::{Alert, Named};

/// The manner of an authority, told by what only it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// FEMA's IPAWS and the weather service behind it: `code` IPAWSv1.0, or a SAME event code.
    Ipaws,
    /// MeteoAlarm: the parameters `awareness_level` and `awareness_type`.
    MeteoAlarm,
    /// The Canadian profile: `code` profile:CAP-CP.
    CapCp,
    /// The Australian profile: `code` or event codes of CAP-AU.
    CapAu,
    /// WMO's composer and whoever else writes under the WMO arc.
    Wmo,
    /// None of these.
    Other,
}

impl Manner {
    /// The first that fits.
    pub fn of(alert: &Alert) -> Manner {
        let code = |start: &str| alert.codes.iter().any(|code| code.trim().starts_with(start));
        let mut infos = alert.infos.iter();
        let event = |start: &str| {
            alert.infos.iter().flat_map(|info| &info.event_codes).any(|code| code.name.starts_with(start))
        };
        if code("IPAWS") || event("SAME") {
            Manner::Ipaws
        } else if code("profile:CAP-CP") || event("profile:CAP-CP") {
            Manner::CapCp
        } else if code("profile:CAP-AU") || event("https://govshare.gov.au") || event("AUeventLocation") {
            Manner::CapAu
        } else if infos.any(|info| info.parameter("awareness_type").is_some()) {
            Manner::MeteoAlarm
        } else if alert.identifier.starts_with("2.49.0.") || alert.identifier.starts_with("urn:oid:2.49.0.") {
            Manner::Wmo
        } else {
            Manner::Other
        }
    }
}

/// What another list's code means in the OASIS event terms list: list, code, term. Only where both name one thing.
const MEANS: &[(&str, &str, &str)] = &[
    // SAME: 47 CFR 11.31(e), and its watches.
    ("SAME", "FFW", "OET-079"),
    ("SAME", "FFA", "OET-079"),
    ("SAME", "HUW", "OET-051"),
    ("SAME", "HUA", "OET-051"),
    ("SAME", "TRW", "OET-202"),
    ("SAME", "TRA", "OET-202"),
    ("SAME", "SVR", "OET-194"),
    ("SAME", "SVA", "OET-194"),
    ("SAME", "DSW", "OET-066"),
    ("SAME", "TSW", "OET-203"),
    ("SAME", "TSA", "OET-203"),
    ("SAME", "SSW", "OET-189"),
    ("SAME", "SSA", "OET-189"),
    // MeteoAlarm: the number before the semicolon.
    ("awareness_type", "3", "OET-194"),
    ("awareness_type", "4", "OET-058"),
    ("awareness_type", "5", "OET-098"),
    ("awareness_type", "10", "OET-159"),
    // CAP-CP event list.
    ("profile:CAP-CP:Event", "thunderstorm", "OET-194"),
    ("profile:CAP-CP:Event", "rainfall", "OET-159"),
    ("profile:CAP-CP:Event", "tsunami", "OET-203"),
];

/// The OASIS event term that a code or parameter of another list stands for; none where the table has none.
pub fn term(code: &Named) -> Option<&'static str> {
    let value = code.value.split(';').next().unwrap_or_default().trim();
    MEANS
        .iter()
        .find(|(list, word, _)| code.name.starts_with(list) && value == *word)
        .map(|(_, _, term)| *term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_told_only_where_the_table_has_it() {
        for (name, value, want) in [
            ("SAME", "FFW", Some("OET-079")),
            ("SAME", "TOR", None),
            ("awareness_type", "10; Rain", Some("OET-159")),
            ("awareness_type", "1; Wind", None),
            ("profile:CAP-CP:Event:0.4", "thunderstorm", Some("OET-194")),
            ("elsewhere", "FFW", None),
        ] {
            assert_eq!(term(&Named::new(name, value)), want, "{name} {value}");
        }
    }

    #[test]
    fn every_term_is_one_of_oman() {
        for (list, code, term) in MEANS {
            let known = crate::cap::profile::EVENT_TERMS.iter().any(|(known, _)| known == term);
            assert!(known, "{list} {code} {term}");
        }
    }
}
