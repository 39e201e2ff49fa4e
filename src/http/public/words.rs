//! The words of feeds, cards and prints, in the two languages of all of them, and how a moment is written.

use axum::http::Uri;
use chrono::{DateTime, Utc};
use nadhir_core::area::{Labels, Region};
use nadhir_core::cap::{Alert, CapTime, Info};
use nadhir_core::warning::bulletin::Bulletin;

/// What stands around a text.
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) dir: &'static str,
    pub(super) labels: Labels,
    pub(super) author: &'static str,
    pub(super) in_force: &'static str,
    pub(super) exercises: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) ended: &'static str,
    pub(super) exercise: &'static str,
    pub(super) simulated: &'static str,
    pub(super) fonts: &'static str,
    pub(super) issued: &'static str,
    pub(super) until: &'static str,
    /// What clock the moments are of, and its name with the offset: the sign stays before its digits in Arabic too.
    pub(super) clock: &'static str,
    pub(super) zone: &'static str,
    pub(super) place: &'static str,
    pub(super) by: &'static str,
    pub(super) comma: &'static str,
}

const AR: Words = Words {
    lang: "ar",
    dir: "rtl",
    labels: Labels::Arabic,
    author: "نذير",
    in_force: "التحذيرات السارية في عُمان",
    exercises: "التمارين الجارية في عُمان",
    cancelled: "ألغي",
    ended: "انتهى قبل موعده",
    exercise: "تمرين: لا خطر",
    simulated: "مشغلون افتراضيون: لم يصل شيء إلى أي هاتف",
    fonts: "'Noto Naskh Arabic','Noto Sans Arabic','Noto Sans',system-ui,sans-serif",
    issued: "صدر",
    until: "سارٍ حتى",
    clock: "التوقيت",
    zone: "توقيت عُمان (\u{2066}+04:00\u{2069})",
    place: "المكان",
    by: "الجهة",
    comma: "، ",
};

const EN: Words = Words {
    lang: "en",
    dir: "ltr",
    labels: Labels::English,
    author: "Nadhir",
    in_force: "Warnings in force in Oman",
    exercises: "Exercises under way in Oman",
    cancelled: "Cancelled",
    ended: "Ended before its time",
    exercise: "EXERCISE: no danger",
    simulated: "Simulated operators: nothing reached a phone",
    fonts: "'Noto Sans','Noto Sans Arabic',system-ui,sans-serif",
    issued: "Issued",
    until: "In force until",
    clock: "Times",
    zone: "Oman time (+04:00)",
    place: "Where",
    by: "By",
    comma: ", ",
};

impl Words {
    /// `?lang=en` is English; anything else is Arabic.
    pub(super) fn asked(uri: &Uri) -> &'static Words {
        let english = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "lang=en"));
        if english { &EN } else { &AR }
    }

    /// The info in this language, or the first.
    pub(super) fn info<'a>(&self, alert: &'a Alert) -> Option<&'a Info> {
        alert.info_in(self.lang)
    }

    /// `Warning 3/2026`
    pub(super) fn bulletin(&self, bulletin: Bulletin) -> String {
        let series = match self.labels {
            Labels::Arabic => bulletin.series.ar(),
            Labels::English => bulletin.series.en(),
        };
        format!("{series} {}/{}", bulletin.number, bulletin.year)
    }

    pub(super) fn region<'a>(&self, region: &'a Region) -> &'a str {
        match self.labels {
            Labels::Arabic => &region.name.ar,
            Labels::English => &region.name.en,
        }
    }
}

/// `2026-11-22 06:30` in Muscat.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    CapTime::muscat(at).to_string().get(..16).unwrap_or_default().replace('T', " ")
}
