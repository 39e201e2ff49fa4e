//! The series of a bulletin as people in Oman know them: bayan (statement), tanbih (alert), tahdhir (warning), each numbered through the year.
//!
//! No table of the meteorological authority is public: which severity opens which series is ours, and is to be confirmed.

use crate::cap::{Alert, CapTime, ResponseType, Severity, Status};
use std::collections::HashMap;

/// A series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// بيان, a statement: Minor, Unknown, and every all-clear.
    Bayan,
    /// تنبيه, an alert: Moderate.
    Tanbih,
    /// تحذير, a warning: Severe and Extreme.
    Tahdhir,
}

impl Series {
    /// The series of an alert, by its first info.
    pub fn of(alert: &Alert) -> Series {
        let Some(info) = alert.infos.first() else { return Series::Bayan };
        if info.response_types.contains(&ResponseType::AllClear) {
            return Series::Bayan;
        }
        match info.severity {
            Severity::Extreme | Severity::Severe => Series::Tahdhir,
            Severity::Moderate => Series::Tanbih,
            Severity::Minor | Severity::Unknown => Series::Bayan,
        }
    }

    /// Its name in Arabic.
    pub const fn ar(self) -> &'static str {
        match self {
            Series::Bayan => "بيان",
            Series::Tanbih => "تنبيه",
            Series::Tahdhir => "تحذير",
        }
    }

    /// Its name in English.
    pub const fn en(self) -> &'static str {
        match self {
            Series::Bayan => "Statement",
            Series::Tanbih => "Alert",
            Series::Tahdhir => "Warning",
        }
    }
}

/// A bulletin's place in its series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulletin {
    /// Which series.
    pub series: Series,
    /// From 1, in Muscat's year.
    pub number: u32,
    /// That year.
    pub year: i32,
}

/// Counts bulletins in the order of the record. Exercises have numbers of their own.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    last: HashMap<(i32, bool, Series), u32>,
}

impl Numbers {
    /// The number of the next bulletin, approved at `at`.
    pub fn next(&mut self, alert: &Alert, at: CapTime) -> Bulletin {
        let series = Series::of(alert);
        let year = at.to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or_default();
        let number = self.last.entry((year, alert.status == Status::Actual, series)).or_default();
        *number += 1;
        Bulletin { series, number: *number, year }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cap::{Limits, read};

    fn alert(file: &[u8]) -> Alert {
        read(file, &Limits::cap()).0.unwrap()
    }

    #[test]
    fn each_series_counts_its_own_year_in_muscat() {
        let flood = alert(include_bytes!("../../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml"));
        let clear = alert(include_bytes!("../../../cap-schemas/samples/good/wadi-flood-all-clear.xml"));
        let drill = alert(include_bytes!("../../../cap-schemas/samples/good/exercise-sohar.xml"));
        let mut numbers = Numbers::default();
        let at = |text: &str| CapTime::muscat(text.parse().unwrap());
        for (alert, when, want) in [
            (&flood, "2026-11-22T03:00:00Z", (Series::Tahdhir, 1, 2026)),
            (&clear, "2026-11-22T04:00:00Z", (Series::Bayan, 1, 2026)),
            (&flood, "2026-12-31T19:59:59Z", (Series::Tahdhir, 2, 2026)),
            // Midnight of Muscat.
            (&flood, "2026-12-31T20:00:00Z", (Series::Tahdhir, 1, 2027)),
            (&drill, "2026-12-31T20:00:00Z", (Series::of(&drill), 1, 2027)),
        ] {
            let got = numbers.next(alert, at(when));
            assert_eq!((got.series, got.number, got.year), want, "{when}");
        }
    }
}
