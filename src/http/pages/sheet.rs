//! What a person has to see of a warning: texts as phones show them, the budget, who is hit, the map, the faults.

use super::Console;
use super::frame::{grouped, moment};
use super::locale::Lang;
use super::reach::{CensusRow, HitRow, Reach, census, reach};
use crate::dispatch::PARTICIPANTS;
use chrono::{DateTime, Utc};
use nadhir_core::area::{self, Frame, Labels, Map, Origin, picture};
use nadhir_core::cap::{self, Limits};
use nadhir_core::fault::Fault;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many drawings are kept; a warning's never changes.
const KEPT: usize = 64;

/// The sheet of one warning.
pub(super) struct Sheet {
    pub(super) headline: String,
    pub(super) class: String,
    pub(super) title_ar: String,
    pub(super) title_en: String,
    pub(super) identifier: u64,
    pub(super) until: String,
    pub(super) hash: String,
    pub(super) area_sha256: String,
    pub(super) phones: Vec<Phone>,
    pub(super) layouts: Vec<LayoutRow>,
    pub(super) faults: Vec<FaultRow>,
    /// Each operator's cells where it reaches.
    pub(super) census: Vec<CensusRow>,
    pub(super) drawn: Arc<Drawn>,
}

/// One message.
pub(super) struct Phone {
    pub(super) paragraphs: Vec<String>,
    pub(super) pages: u64,
    pub(super) units: u64,
    pub(super) limit: u64,
    pub(super) dcs: u64,
    pub(super) seconds: String,
    pub(super) languages: String,
}

/// What one layout costs.
pub(super) struct LayoutRow {
    pub(super) word: String,
    pub(super) chosen: bool,
    /// Seconds on 2G until each message can be read, in the order of sending; none if it cannot be had.
    pub(super) seconds: Vec<String>,
}

/// One fault, in the page's language where it has words for it.
pub(super) struct FaultRow {
    pub(super) code: String,
    pub(super) place: String,
    pub(super) words: String,
    /// Whether the words are the program's own, in English.
    pub(super) english: bool,
    pub(super) error: bool,
}

/// What is drawn from the document itself.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) hits: Vec<HitRow>,
    pub(super) people: String,
    /// By which operators count their cells in it, and whether it reaches the sea.
    places: Vec<String>,
    sea: bool,
    pub(super) km2: String,
    pub(super) map: String,
    pub(super) severity: &'static str,
    /// In the page's language, or the first.
    pub(super) event: String,
    /// The operators that a drill names; nothing where all take part.
    pub(super) participants: Option<String>,
}

/// Drawings by the warning's hash and the page's language.
#[derive(Default)]
pub(super) struct Drawings(Mutex<HashMap<(String, Lang), Arc<Drawn>>>);

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The headline in the page's language, or the first.
pub(super) fn headline(summary: &Value, lang: Lang) -> String {
    let all = summary["headlines"].as_array().map(Vec::as_slice).unwrap_or_default();
    let own = all.iter().find(|pair| pair[0] == lang.code()).or(all.first());
    own.map(|pair| text(&pair[1])).unwrap_or_default()
}

pub(super) fn expires(summary: &Value) -> Option<DateTime<Utc>> {
    summary["expires"].as_str().and_then(|text| text.parse().ok())
}

/// Faults as rows.
pub(super) fn rows(faults: &[Fault], lang: Lang) -> Vec<FaultRow> {
    let row = |fault: &Fault| {
        let own = lang.of_fault(fault);
        FaultRow {
            code: fault.code.clone(),
            place: fault.place.clone(),
            english: own.is_none(),
            words: own.unwrap_or_else(|| fault.message.clone()),
            error: fault.is_error(),
        }
    };
    faults.iter().map(row).collect()
}

/// The sheet of a summary and the document it is of.
pub(super) fn sheet(console: &Console, lang: Lang, summary: &Value, cap: &[u8]) -> Sheet {
    let mut faults: Vec<Fault> = serde_json::from_value(summary["warnings"].clone()).unwrap_or_default();
    faults.extend(late(summary));
    let drawn = console.drawings.of(console, lang, &text(&summary["hash"]), cap);
    // Of a live warning that names some, all are told all the same.
    let drill = summary["class"] == "drill";
    let participants = drawn.participants.as_deref().filter(|_| drill);
    Sheet {
        headline: headline(summary, lang),
        class: text(&summary["class"]),
        title_ar: text(&summary["title"][0]),
        title_en: text(&summary["title"][1]),
        identifier: number(&summary["identifier"]),
        until: expires(summary).map(moment).unwrap_or_default(),
        hash: text(&summary["hash"]),
        area_sha256: text(&summary["area_sha256"]),
        phones: phones(summary),
        layouts: layouts(summary),
        faults: rows(&faults, lang),
        census: census(console, &drawn.places, drawn.sea, participants),
        drawn,
    }
}

/// The messages as phones show them, each with its cost.
pub(super) fn phones(summary: &Value) -> Vec<Phone> {
    let messages = summary["messages"].as_array().into_iter().flatten();
    let costs = summary["budget"]["messages"].as_array().into_iter().flatten();
    let phone = |(message, cost): (&Value, &Value)| Phone {
        paragraphs: text(&message["text"]).split("\n\n").map(str::to_owned).collect(),
        pages: number(&message["pages"]),
        units: number(&message["units"]),
        limit: number(&cost["limit"]),
        dcs: number(&message["dcs"]),
        seconds: seconds(number(&cost["ms_2g"])),
        languages: message["languages"]
            .as_array()
            .map(|all| all.iter().map(text).collect::<Vec<_>>().join(" "))
            .unwrap_or_default(),
    };
    messages.zip(costs).map(phone).collect()
}

/// What each layout would cost.
pub(super) fn layouts(summary: &Value) -> Vec<LayoutRow> {
    let layout = |choice: &Value| LayoutRow {
        word: text(&choice["layout"]),
        chosen: choice["layout"] == summary["layout"],
        seconds: choice["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|message| seconds(number(&message["ms_2g"])))
            .collect(),
    };
    summary["layouts"].as_array().into_iter().flatten().map(layout).collect()
}

/// What the author should know of the cost.
pub(super) fn late(summary: &Value) -> Vec<Fault> {
    serde_json::from_value(summary["budget"]["warnings"].clone()).unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// `28.2`
fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms % 1000 / 100)
}

impl Drawings {
    fn of(&self, console: &Console, lang: Lang, hash: &str, cap: &[u8]) -> Arc<Drawn> {
        let key = (hash.to_owned(), lang);
        let kept = |drawings: &Drawings| {
            drawings.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
        };
        if let Some(drawn) = kept(self) {
            return drawn;
        }
        let drawn = Arc::new(draw(console, lang, cap));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(key, Arc::clone(&drawn));
        drawn
    }
}

fn draw(console: &Console, lang: Lang, cap: &[u8]) -> Drawn {
    let (Some(alert), _) = cap::read(cap, &Limits::cap()) else { return Drawn::default() };
    let index = console.hub.index();
    let areas = alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
    let coverage = area::cover(areas, index, Origin::Desk);
    let Reach { hits, people, places, sea } = reach(&coverage, index, lang);
    let own = alert.info_in(lang.code());
    let labels = match lang {
        Lang::Ar => Labels::Arabic,
        Lang::En => Labels::English,
    };
    let filled = area::filled(&coverage, index);
    let map =
        Map { index, hit: &filled, shape: Some(&coverage.shape), cells: &[], labels, frame: Frame::Hit };
    Drawn {
        people: grouped(people),
        km2: grouped(rounded(coverage.area_km2)),
        map: picture(&map),
        severity: alert.infos.first().map_or("Unknown", |info| info.severity.word()),
        participants: own.and_then(|info| info.parameter(PARTICIPANTS)).map(str::to_owned),
        event: own.map(|info| info.event.clone()).unwrap_or_default(),
        hits,
        places,
        sea,
    }
}

/// Whole square kilometres.
fn rounded(km2: f64) -> u64 {
    format!("{km2:.0}").parse().unwrap_or_default()
}

pub(super) fn name(region: &nadhir_core::area::Region, lang: Lang) -> &str {
    match lang {
        Lang::Ar => &region.name.ar,
        Lang::En => &region.name.en,
    }
}
