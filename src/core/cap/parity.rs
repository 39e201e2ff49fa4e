//! Languages of one alert tell of one event: what all of them must say alike. What is translated is not held.

use super::alert::{Alert, Area, Info};
use super::check::{At, Judge};
use crate::fault::{Kind, Told};

/// Holds each language against the first.
pub(super) fn judge(alert: &Alert, judge: &mut Judge<'_>) {
    let Some((first, others)) = alert.infos.split_first() else { return };
    for (i, other) in others.iter().enumerate() {
        let mut same = |same: bool, code: &str, name: &'static str| {
            if !same {
                let why = Told::new(
                    format!("{name} differs from info[1]; all languages tell of one event"),
                    [(Kind::Name, name.to_owned()), (Kind::Against, "info[1]".to_owned())],
                );
                judge.say(code, At::ALERT.nth("info", i + 1).the(name), why);
            }
        };
        same(set(&other.categories) == set(&first.categories), "oman.parity.category", "category");
        same(
            set(&other.response_types) == set(&first.response_types),
            "oman.parity.response",
            "responseType",
        );
        same(other.urgency == first.urgency, "oman.parity.urgency", "urgency");
        same(other.severity == first.severity, "oman.parity.severity", "severity");
        same(other.certainty == first.certainty, "oman.parity.certainty", "certainty");
        let codes = |info: &Info| {
            let mut codes: Vec<_> =
                info.event_codes.iter().map(|c| (c.name.clone(), c.value.clone())).collect();
            codes.sort();
            codes
        };
        same(codes(other) == codes(first), "oman.parity.event_code", "eventCode");
        // Without one, it holds from the time of sending (3.2.2 effective).
        let effective = |info: &Info| info.effective.unwrap_or(alert.sent);
        same(effective(other) == effective(first), "oman.parity.effective", "effective");
        same(other.onset == first.onset, "oman.parity.onset", "onset");
        same(other.expires == first.expires, "oman.parity.expires", "expires");
        same(same_areas(&first.areas, &other.areas), "oman.parity.area", "area");
    }
}

/// Whether two languages name the same areas, in whatever order. Descriptions are translated; shapes and codes are not.
fn same_areas(first: &[Area], other: &[Area]) -> bool {
    let alike = |a: &Area, b: &Area| {
        a.polygons == b.polygons
            && a.circles == b.circles
            && a.geocodes == b.geocodes
            && a.altitude == b.altitude
            && a.ceiling == b.ceiling
    };
    if first.len() != other.len() {
        return false;
    }
    // Most write them in one order. Each area of the first then answers for one of the other.
    let mut left: Vec<&Area> = other.iter().collect();
    first.iter().all(|area| {
        let at = left.iter().position(|candidate| alike(area, candidate));
        at.map(|at| left.remove(at)).is_some()
    })
}

fn set<T: Ord + Copy>(items: &[T]) -> std::collections::BTreeSet<T> {
    items.iter().copied().collect()
}
