//! What a drill is: an area of whole regions, drill texts, half an hour. The alert made of it is an exercise by construction.

use super::text::{DrillText, Language};
use crate::dispatch::PARTICIPANTS;
use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::area::{Index, Layer, Region};
use nadhir_core::cap::{
    self, Alert, Area, CapTime, Category, Certainty, Info, MsgType, Named, National, ResponseType, Scope,
    Severity, Status, Urgency, Version,
};
use nadhir_core::fault::Fault;

/// How long a drill is in force: long enough for 2G's repetitions, short enough to be forgotten.
pub const LASTS: TimeDelta = TimeDelta::minutes(30);
/// What an exercise without a name says of itself.
pub(super) const UNNAMED: &str = "EXERCISE";
/// The authority of drills under the country's arc; warnings are 0's.
const DRILLS: u32 = 9;
/// So many names fit a text; more are counted.
const NAMES: usize = 2;

/// A drill that can be run. It holds drill texts alone, and an area that is known.
#[derive(Debug, Clone)]
pub struct DrillPlan {
    name: String,
    codes: Vec<String>,
    geocodes: Vec<Named>,
    texts: Vec<DrillText>,
    operators: Vec<String>,
}

/// The regions a drill names - governorates, wilayat, sea, named areas -, or every one that is not known or given twice.
pub fn area<'a>(index: &'a Index, codes: &[String]) -> Result<Vec<&'a Region>, Vec<Fault>> {
    let (mut faults, mut regions): (Vec<Fault>, Vec<&Region>) = (Vec::new(), Vec::new());
    if codes.is_empty() {
        let message = "a drill names its regions; none is assumed";
        faults.push(Fault::error("area.none", "area", message));
    }
    for (n, code) in (1..).zip(codes) {
        let place = format!("area[{n}]");
        match index.find(code, &Layer::ALL).map(|place| index.at(place)) {
            None => {
                let known: Vec<&str> = index.regions().iter().map(|r| r.code.as_str()).collect();
                let message = format!(
                    "\"{code}\" is no governorate ({}), wilayat, sea or named area known here",
                    known.join(", ")
                );
                faults.push(Fault::error("area.code.unknown", place, message));
            }
            Some(region) if regions.iter().any(|r| r.code == region.code) => {
                faults.push(Fault::error("area.code.twice", place, format!("{code} is named twice")));
            }
            Some(region) => regions.push(region),
        }
    }
    if faults.is_empty() { Ok(regions) } else { Err(faults) }
}

impl DrillPlan {
    /// A drill of its own texts. Every fault at once: of the area, and of languages that are missing or come twice.
    pub fn new(
        index: &Index,
        name: &str,
        codes: &[String],
        texts: Vec<DrillText>,
    ) -> Result<DrillPlan, Vec<Fault>> {
        let (regions, mut faults) = match area(index, codes) {
            Ok(regions) => (regions, vec![]),
            Err(faults) => (vec![], faults),
        };
        for language in [Language::Arabic, Language::English] {
            if !texts.iter().any(|t| t.language() == language) {
                let message = format!("a drill speaks {}", language.code());
                faults.push(Fault::error("drill.text.missing", "text", message));
            }
        }
        for (n, text) in texts.iter().enumerate() {
            if texts[..n].iter().any(|t| t.language() == text.language()) {
                let message = format!("{} has a text already", text.language().code());
                faults.push(Fault::error("drill.text.twice", format!("text[{}]", n + 1), message));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let codes: Vec<String> = regions.iter().map(|r| r.code.clone()).collect();
        let geocodes = codes.iter().filter_map(|code| index.geocode(code)).collect();
        Ok(DrillPlan { name: name.to_owned(), codes, geocodes, texts, operators: vec![] })
    }

    /// The same for some operators alone; none named: for all.
    #[must_use]
    pub fn with(self, operators: Vec<String>) -> DrillPlan {
        DrillPlan { operators, ..self }
    }

    /// The usual drill: the usual texts in four languages.
    pub fn usual(
        index: &Index,
        name: &str,
        codes: &[String],
        at: DateTime<Utc>,
    ) -> Result<DrillPlan, Vec<Fault>> {
        let texts = DrillPlan::usual_texts(&area(index, codes)?, at)?;
        DrillPlan::new(index, name, codes, texts)
    }

    /// What it is, when, that there is no danger, in four languages. The time is in the text, for a second SIM drops a
    /// body it has shown within a day.
    pub fn usual_texts(regions: &[&Region], at: DateTime<Utc>) -> Result<Vec<DrillText>, Vec<Fault>> {
        let local = CapTime::muscat(at).to_string();
        let part = |range: std::ops::Range<usize>| local.get(range).unwrap_or_default();
        let when = format!("{}/{} {}", part(8..10), part(5..7), part(11..16));
        let (ar, en) = (names(regions, "، ", |r| &r.name.ar), names(regions, ", ", |r| &r.name.en));
        let n = regions.len();
        let words: Result<Vec<DrillText>, Fault> = [
            (
                Language::Arabic,
                format!("تمرين: اختبار منظومة الإنذار، {}", ar.clone().unwrap_or(format!("{n} محافظات"))),
                format!("تمرين فقط، {when}. لا يوجد خطر."),
                "لا يلزم أي إجراء.",
            ),
            (
                Language::English,
                format!(
                    "EXERCISE: test of the warning system, {}",
                    en.clone().unwrap_or(format!("{n} governorates"))
                ),
                format!("Exercise only, {when}. There is no danger."),
                "Nothing to do.",
            ),
            (
                Language::Hindi,
                format!("अभ्यास: चेतावनी प्रणाली की जाँच, {}", en.unwrap_or(format!("{n} प्रांत"))),
                format!("केवल अभ्यास, {when}। कोई ख़तरा नहीं।"),
                "कुछ करना नहीं है।",
            ),
            (
                Language::Urdu,
                format!("مشق: انتباہی نظام کی جانچ، {}", ar.unwrap_or(format!("{n} گورنریاں"))),
                format!("صرف مشق، {when}۔ کوئی خطرہ نہیں۔"),
                "کچھ کرنا نہیں ہے۔",
            ),
        ]
        .into_iter()
        .map(|(language, headline, description, instruction)| {
            DrillText::parse(language, &headline, &description, instruction)
        })
        .collect();
        words.map_err(|fault| vec![fault])
    }

    /// The name of the drill.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its regions, by their codes.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Its texts.
    pub fn texts(&self) -> &[DrillText] {
        &self.texts
    }

    /// The alert of this drill. Its status is Exercise whatever the texts say; and its severity is Minor, for which no
    /// live channel exists, so that not even another status would make a live warning of it.
    pub fn alert(&self, profile: &National, at: DateTime<Utc>) -> Alert {
        let (begin, end) = (CapTime::muscat(at), CapTime::muscat(at + LASTS));
        Alert {
            version: Version::V1_2,
            // Two drills of one second are two.
            identifier: profile.identifier(DRILLS, at, at.timestamp_subsec_millis()),
            sender: profile.drill_sender.clone(),
            sent: begin,
            status: Status::Exercise,
            msg_type: MsgType::Alert,
            source: None,
            scope: Scope::Public,
            restriction: None,
            addresses: vec![],
            codes: vec![],
            note: Some(if self.name.trim().is_empty() { UNNAMED } else { &self.name }.to_owned()),
            references: vec![],
            incidents: vec![],
            infos: self.texts.iter().map(|text| self.info(text, begin, end)).collect(),
        }
    }

    /// The same as bytes.
    pub fn cap(&self, profile: &National, at: DateTime<Utc>) -> Vec<u8> {
        cap::write(&self.alert(profile, at))
    }

    fn participants(&self) -> Vec<Named> {
        let names = self.operators.join(" ");
        if names.is_empty() { vec![] } else { vec![Named::new(PARTICIPANTS, names)] }
    }

    fn info(&self, text: &DrillText, begin: CapTime, end: CapTime) -> Info {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        Info {
            language: Some(text.language().code().to_owned()),
            categories: vec![Category::Safety],
            event: text.language().exercise().to_owned(),
            response_types: vec![ResponseType::None],
            urgency: Urgency::Future,
            severity: Severity::Minor,
            certainty: Certainty::Unlikely,
            audience: None,
            event_codes: vec![Named::new("OET:v1.2", "OET-079")],
            effective: Some(begin),
            onset: None,
            expires: Some(end),
            sender_name: Some(sender_name(text.language()).to_owned()),
            headline: Some(text.headline().to_owned()),
            description: given(text.description()),
            instruction: given(text.instruction()),
            web: None,
            contact: None,
            parameters: self.participants(),
            resources: vec![],
            areas: vec![Area {
                area_desc: self.codes.join(", "),
                polygons: vec![],
                circles: vec![],
                geocodes: self.geocodes.clone(),
                altitude: None,
                ceiling: None,
            }],
        }
    }
}

const fn sender_name(language: Language) -> &'static str {
    match language {
        Language::Arabic => "هيئة تنظيم الاتصالات",
        Language::English => "Telecommunications Regulatory Authority",
        Language::Hindi => "दूरसंचार नियामक प्राधिकरण, ओमान",
        Language::Urdu => "ٹیلی کام ریگولیٹری اتھارٹی، عمان",
    }
}

/// The names, if they are few.
fn names(regions: &[&Region], comma: &str, name: impl Fn(&Region) -> &str) -> Option<String> {
    (regions.len() <= NAMES).then(|| regions.iter().map(|r| name(r)).collect::<Vec<_>>().join(comma))
}

#[cfg(test)]
mod tests;
