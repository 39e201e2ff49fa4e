//! Which texts of a foreign alert a draft takes, and in whose event terms.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

#[path = "oman/mod.rs"]
mod oman;

use nadhir_core::cap::{Alert, CapTime, Named, National};
use nadhir_core::warning::{Intake, Own, intake};

const METEOALARM: &str = include_str!("foreign/meteoalarm.xml");
const WMO: &str = include_str!("foreign/wmo-composer.xml");

fn taken(cap: &str, profile: &National) -> Intake {
    let own = Own {
        identifier: "2.49.0.1.512.0.20261122063000.7".to_owned(),
        sender: "alerts@caa.example.om".to_owned(),
        sent: CapTime::parse("2026-11-22T06:30:00+04:00").unwrap(),
    };
    intake(cap.as_bytes(), &own, profile, oman::index(), oman::at("2026-11-22T02:30:00Z"))
}

fn draft(intake: &Intake) -> &Alert {
    intake.draft.as_ref().unwrap()
}

/// The neighbour's alert with its Arabic info once for each severity, their headlines numbered; without an element where
/// none is given.
fn in_arabic(severities: &[&str]) -> String {
    let (begin, end) = (WMO.rfind("  <info>").unwrap(), WMO.rfind("</alert>").unwrap());
    let arabic = |(n, severity): (usize, &&str)| {
        let element =
            if severity.is_empty() { String::new() } else { format!("<severity>{severity}</severity>") };
        WMO[begin..end]
            .replace("<severity>Severe</severity>", &element)
            .replace("قرب الحدود</headline>", &format!("{n}</headline>"))
    };
    let infos: String = severities.iter().enumerate().map(arabic).collect();
    format!("{}{infos}</alert>", &WMO[..begin])
}

#[test]
fn a_text_whose_severity_cannot_be_read_is_not_taken_for_the_lightest() {
    for (severities, taken_one) in [
        (&["extreme", "Minor"][..], 0),
        (&["Minor", "extreme"], 1),
        (&["Extreme", "", "Severe"], 1),
        (&["Minor", "extreme", "severe"], 1),
    ] {
        let taken = taken(&in_arabic(severities), oman::profile());
        let arabic = &draft(&taken).infos[0];
        let headline = arabic.headline.clone().unwrap();
        assert!(headline.ends_with(&taken_one.to_string()), "{severities:?}: {headline}");
        assert!(taken.summary.is_none(), "{severities:?}: a person has to say how severe it is");
        // Of each of the others it is told that it was not compared.
        let left: Vec<_> = taken.losses.iter().filter(|l| l.code == "loss.uncompared").collect();
        let places: Vec<&str> = left.iter().map(|l| l.place.as_str()).collect();
        let others = (0..severities.len()).filter(|n| *n != taken_one);
        let want: Vec<String> = others.map(|n| format!("alert/info[{}]", n + 2)).collect();
        assert_eq!(places, want, "{severities:?}: {:?}", taken.losses);
        assert!(left.iter().all(|l| l.message.contains("cannot be compared")), "{left:?}");
        assert!(!taken.losses.iter().any(|l| l.code == "loss.info"), "{severities:?}: {:?}", taken.losses);
    }
    // Where all can be read, they are compared.
    let compared = taken(&in_arabic(&["Minor", "Severe"]), oman::profile());
    assert!(draft(&compared).infos[0].headline.clone().unwrap().ends_with('1'));
    let losses: Vec<_> = compared.losses.iter().map(|l| (l.code, l.place.as_str())).collect();
    assert!(losses.contains(&("loss.info", "alert/info[2]")), "{losses:?}");
    // Nobody is as severe as Unknown, or more so.
    let unknown = taken(&in_arabic(&["Minor", "Unknown"]), oman::profile());
    let left = unknown.losses.iter().find(|l| l.code == "loss.info").unwrap();
    assert!(left.place == "alert/info[3]" && left.message.ends_with("is Unknown"), "{left:?}");
}

#[test]
fn an_event_term_is_one_of_the_profiles_own_list() {
    let mut next = oman::profile().clone();
    next.event_list = "OET:v1.3".to_owned();
    let codes = |cap: &str| draft(&taken(cap, &next)).infos[0].event_codes.clone();
    assert_eq!(codes(METEOALARM), [Named::new("OET:v1.3", "OET-159")]);
    // A term of an older list is a term of this one, where this one has it; that it was renamed is said.
    assert_eq!(codes(WMO), [Named::new("OET:v1.3", "OET-079")]);
    let renamed = taken(WMO, &next);
    assert!(renamed.summary.is_some(), "{:?}", renamed.draft_faults);
    assert_eq!(renamed.losses.iter().filter(|l| l.code == "changed.event_code").count(), 2);
    // A term that it has not stays as it came, for a person to see.
    next.events.retain(|term| term.code != "OET-079");
    let unknown = taken(WMO, &next);
    assert_eq!(draft(&unknown).infos[0].event_codes, [Named::new("OET:v1.2", "OET-079")]);
    assert!(unknown.draft_faults.iter().any(|f| f.code == "oman.event_code.missing"));
}
