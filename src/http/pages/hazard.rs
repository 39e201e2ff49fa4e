//! Hazards as data: the fixed words of a warning in four languages with slots in braces. What they mean stands in console/hazards/.

use super::locale::{BrokenWords, Lang};
use nadhir_core::area::Region;
use nadhir_core::cap::{Category, Certainty, ResponseType, Severity, Status, Urgency};
use serde::Deserialize;
use std::collections::BTreeMap;

const FILES: [&str; 3] = [
    include_str!("../../../console/hazards/wadi-flood.toml"),
    include_str!("../../../console/hazards/tropical-cyclone.toml"),
    include_str!("../../../console/hazards/exercise.toml"),
];
const NAMES: &str = include_str!("../../../console/hazards/names.toml");

/// All hazards, in the order in which they are offered.
pub(super) struct Hazards {
    all: Vec<Hazard>,
    /// By language, then by region.
    names: BTreeMap<String, BTreeMap<String, String>>,
}

/// Words for the page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Both {
    ar: String,
    en: String,
}

impl Both {
    pub(super) fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ar => &self.ar,
            Lang::En => &self.en,
        }
    }
}

/// One hazard.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hazard {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) note: Option<String>,
    pub(super) event_code: String,
    pub(super) category: Category,
    pub(super) responses: Vec<ResponseType>,
    pub(super) urgency: Urgency,
    pub(super) severity: Severity,
    pub(super) certainty: Certainty,
    /// How long it lasts unless told otherwise.
    pub(super) hours: i64,
    pub(super) name: Both,
    pub(super) hint: Both,
    pub(super) range: Option<Range>,
    #[serde(rename = "text")]
    pub(super) texts: Vec<Text>,
}

/// A slot of two numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Range {
    pub(super) unit: Both,
    pub(super) label: Both,
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) most: u64,
}

/// The words of one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    pub(super) language: String,
    pub(super) event: String,
    pub(super) sender: String,
    pub(super) headline: String,
    pub(super) description: String,
    pub(super) instruction: String,
}

impl Hazard {
    pub(super) fn is_drill(&self) -> bool {
        self.status == Status::Exercise
    }

    pub(super) fn class(&self) -> &'static str {
        if self.is_drill() { "drill" } else { "live" }
    }
}

impl Hazards {
    /// Those that come with the program. No hub starts on a broken file (`whole`), so all are there.
    pub(super) fn built_in() -> Hazards {
        Hazards::read(&FILES, NAMES).unwrap_or_else(|_| Hazards { all: vec![], names: BTreeMap::new() })
    }

    /// Whether every file is a template.
    pub(super) fn whole() -> Result<(), BrokenWords> {
        Hazards::read(&FILES, NAMES).map(|_| ())
    }

    fn read(files: &[&str], names: &str) -> Result<Hazards, BrokenWords> {
        let broken = |file: String, e: toml::de::Error| {
            let why = e.to_string().trim_end().replace('\n', " ");
            BrokenWords { file: format!("hazards/{file}"), why }
        };
        let all = (1..).zip(files).map(|(n, file)| {
            toml::from_str(file).map_err(|e| broken(format!("(the {n}. of {})", files.len()), e))
        });
        Ok(Hazards {
            all: all.collect::<Result<_, _>>()?,
            names: toml::from_str(names).map_err(|e| broken("names.toml".to_owned(), e))?,
        })
    }

    pub(super) fn all(&self) -> &[Hazard] {
        &self.all
    }

    pub(super) fn get(&self, id: &str) -> Option<&Hazard> {
        self.all.iter().find(|hazard| hazard.id == id)
    }

    /// The names of regions in a language of CAP, one after the other.
    pub(super) fn areas(&self, regions: &[&Region], language: &str) -> String {
        let primary = language.split('-').next().unwrap_or_default();
        let own = self.names.get(primary);
        let name = |region: &Region| match primary {
            "ar" => region.name.ar.clone(),
            _ => own.and_then(|names| names.get(&region.code)).unwrap_or(&region.name.en).clone(),
        };
        let comma = if matches!(primary, "ar" | "ur") { "، " } else { ", " };
        regions.iter().map(|region| name(region)).collect::<Vec<_>>().join(comma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_hazard_in_four_languages() {
        for file in FILES {
            let hazard: Hazard = toml::from_str(file).unwrap();
            let languages: Vec<&str> = hazard.texts.iter().map(|text| text.language.as_str()).collect();
            assert_eq!(languages, ["ar-OM", "en-OM", "hi", "ur"], "{}", hazard.id);
        }
        assert_eq!(Hazards::built_in().all().len(), FILES.len());
        Hazards::whole().unwrap();
        let broken = FILES[1].replacen("event_code", "event_cod", 1);
        let told =
            Hazards::read(&[FILES[0], &broken], NAMES).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(told.contains("the 2. of 2") && told.contains("event_cod"), "{told}");
        let names: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(NAMES).unwrap();
        assert!(names.values().all(|names| names.len() == 11));
    }
}
