//! The profiles a document can be judged by, and the figures of Oman's. Figures only; the rules are in `standard` and `oman`.

use super::words::words;
use chrono::Duration;

words! {
    /// By whose rules a document is judged.
    Profile {
        /// What OASIS CAP 1.2 demands of anybody.
        Cap = "cap",
        /// What Oman's cell broadcast demands on top.
        Oman = "oman",
    }
}

/// Languages an alert for Oman must have, as primary subtags.
pub const LANGUAGES_REQUIRED: &[(&str, &str)] = &[("ar", "Arabic"), ("en", "English")];

/// Languages it may have as well.
pub const LANGUAGES_ACCEPTED: &[(&str, &str)] = &[("hi", "Hindi"), ("ur", "Urdu")];

/// Characters of a headline (CAP 1.2, 3.2.2 headline, for devices with small displays): 160.
pub const HEADLINE_CHARACTERS: usize = 160;

/// Points of a polygon drawn at a desk, the closing one included. Simplify outward beyond.
pub const POLYGON_POINTS: usize = 100;

/// How long after `sent` a broadcast may expire: 24 h, since phones drop a repeated message for that long and codes are scarce.
pub const BROADCAST_LIFE: Duration = Duration::hours(24);

/// How far ahead of our clock `sent` may lie before it is refused: 5 min, more than clocks drift and less than a plan.
pub const SENT_AHEAD: Duration = Duration::minutes(5);

/// The WMO alerting-authority arc for Oman; an authority, a time and a number follow.
pub const IDENTIFIER_ARC: &str = "2.49.0.1.512.";

/// How the domain of an OASIS event term begins; the current list is `OET:v1.2`.
pub const EVENT_DOMAIN: &str = "OET";

/// The terms of the OASIS event terms list v1.2 that Oman's hazards use.
pub const EVENT_TERMS: &[(&str, &str)] = &[
    ("OET-051", "cyclone"),
    ("OET-058", "dense fog"),
    ("OET-066", "dust storm"),
    ("OET-079", "flash flood"),
    ("OET-098", "heat"),
    ("OET-100", "high seas"),
    ("OET-159", "rain"),
    ("OET-189", "storm surge"),
    ("OET-194", "thunderstorm"),
    ("OET-202", "tropical storm"),
    ("OET-203", "tsunami"),
];
