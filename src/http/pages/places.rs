//! The regions a form offers, layer by layer, and those that it names: ticked by code, or typed by the beginning of a name.

use super::fields::Fields;
use super::frame::grouped;
use super::locale::Lang;
use super::sheet::name;
use nadhir_core::area::{Index, Layer, Place, Region};
use nadhir_core::fault::Fault;

/// The regions of one layer.
pub(super) struct Group {
    /// The layer's word, of which each language has its own.
    pub(super) word: &'static str,
    pub(super) choices: Vec<Choice>,
    /// Governorates always lie open; the others where one of them is chosen.
    pub(super) shut: bool,
}

/// A region to choose.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) other: String,
    /// What is typed for it: its name, or its code where a coarser region has the name.
    pub(super) typed: String,
    /// How many people live there; of a wilayat the governorate before it.
    pub(super) beside: String,
    pub(super) chosen: bool,
}

impl Group {
    /// Whether its list is one to open.
    pub(super) fn is_folded(&self) -> bool {
        self.word != Layer::Governorate.words()
    }
}

/// Every region, with those that the form has chosen.
pub(super) fn groups(index: &Index, lang: Lang, fields: &Fields) -> Vec<Group> {
    let group = |layer: Layer| {
        let choices: Vec<Choice> =
            index.layer(layer).iter().map(|region| choice(index, lang, fields, layer, region)).collect();
        let shut = layer != Layer::Governorate && !choices.iter().any(|choice| choice.chosen);
        Group { word: layer.words(), choices, shut }
    };
    Layer::ALL.into_iter().map(group).filter(|group| !group.choices.is_empty()).collect()
}

fn choice(index: &Index, lang: Lang, fields: &Fields, layer: Layer, region: &Region) -> Choice {
    let own = name(region, lang);
    let means = matches!(named(index, own).as_slice(), [only] if only.code == region.code);
    let people = || region.population.as_ref().map(|p| grouped(p.count)).unwrap_or_default();
    let governorate = region.governorate.as_deref().and_then(|code| index.region(code));
    Choice {
        code: region.code.clone(),
        name: own.to_owned(),
        other: name(region, lang.other()).to_owned(),
        typed: if means { own } else { &region.code }.to_owned(),
        beside: match layer {
            Layer::Governorate => people(),
            Layer::Wilayat => {
                governorate.map(|g| format!("{} · {}", name(g, lang), people())).unwrap_or_default()
            }
            Layer::Sea | Layer::Named => String::new(),
        },
        chosen: fields.all("area").any(|code| code == region.code),
    }
}

/// The regions that a form names, each once, the coarse before the fine; a name that is none, or several, is a fault.
pub(super) fn chosen<'i>(fields: &Fields, index: &'i Index, faults: &mut Vec<Fault>) -> Vec<&'i Region> {
    let mut chosen: Vec<Place> = Vec::new();
    let mut say = |code: &str, words: String| faults.push(Fault::error(code, "areas", words));
    for code in fields.all("area") {
        match index.find(code, &Layer::ALL) {
            Some(place) => chosen.push(place),
            None => say("form.area.unknown", format!("\"{code}\" is the code of no region")),
        }
    }
    let typed = fields.get("areas").split([',', '،', ';', '\n']).map(str::trim).filter(|t| !t.is_empty());
    for text in typed {
        match named(index, text).as_slice() {
            [region] => chosen.extend(index.find(&region.code, &Layer::ALL)),
            [] => say(
                "form.area.unknown",
                format!("\"{text}\" is no governorate, no wilayat and no named area"),
            ),
            several => {
                let all: Vec<String> =
                    several.iter().map(|r| format!("{} ({})", r.name.en, r.code)).collect();
                say("form.area.several", format!("\"{text}\" may be {}", all.join(" or ")));
            }
        }
    }
    chosen.sort_by_key(|place| (place.layer, index.at(*place).code.as_str()));
    chosen.dedup();
    chosen.into_iter().map(|place| index.at(place)).collect()
}

/// The regions that a text means: by code or whole name the coarsest; else by the beginning of a name, the article
/// apart: the governorates, or where none begins so all that do.
fn named<'i>(index: &'i Index, text: &str) -> Vec<&'i Region> {
    let wanted = text.to_lowercase();
    let begins = |name: &str| {
        let name = name.to_lowercase();
        let bare = name.split_once(' ').map(|(_, rest)| rest);
        name.starts_with(&wanted)
            || bare.is_some_and(|rest| rest.starts_with(&wanted))
            || name.strip_prefix("ال").is_some_and(|rest| rest.starts_with(&wanted))
    };
    let is = |r: &&Region| {
        r.code.eq_ignore_ascii_case(text) || r.name.en.to_lowercase() == wanted || r.name.ar == text
    };
    let all = || Layer::ALL.into_iter().flat_map(|layer| index.layer(layer));
    if let Some(region) = all().find(is) {
        return vec![region];
    }
    let begun = |r: &&Region| begins(&r.name.en) || begins(&r.name.ar);
    let governorates: Vec<&Region> = index.regions().iter().filter(begun).collect();
    if governorates.is_empty() { all().filter(begun).collect() } else { governorates }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index::parse_all(&crate::run::REGIONS).unwrap()
    }

    fn check(pairs: &[(&str, &str)], wanted: Result<&[&str], &str>) {
        let fields = Fields::new(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
        let (index, mut faults) = (index(), Vec::new());
        let codes: Vec<&str> = chosen(&fields, &index, &mut faults).iter().map(|r| r.code.as_str()).collect();
        match wanted {
            Ok(wanted) => assert_eq!((codes.as_slice(), faults.as_slice()), (wanted, &[][..]), "{pairs:?}"),
            Err(code) => assert_eq!(faults.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), [code]),
        }
    }

    #[test]
    fn a_region_of_any_layer_is_ticked_or_typed() {
        check(&[("areas", "nizwa، بهلاء")], Ok(&["OM-DA-BHL", "OM-DA-NZW"]));
        check(&[("areas", "dakh")], Ok(&["OM-DA"]));
        check(&[("areas", "seeb")], Ok(&["OM-MA-SIB"]));
        check(&[("areas", "khareef"), ("area", "OM-ZU-SEA")], Ok(&["OM-ZU-SEA", "dhofar-khareef-hills"]));
        // A governorate and a wilayat have this name: the coarser one is meant, the other has its code.
        check(&[("areas", "Muscat")], Ok(&["OM-MA"]));
        check(&[("areas", "om-ma-mct"), ("area", "OM-MA-MCT")], Ok(&["OM-MA-MCT"]));
        check(&[("areas", "batinah")], Err("form.area.several"));
        check(&[("areas", "Atlantis")], Err("form.area.unknown"));
        check(&[("area", "OM-XX")], Err("form.area.unknown"));
    }

    #[test]
    fn what_is_offered_to_be_typed_means_what_it_stands_for() {
        let index = index();
        for lang in [Lang::Ar, Lang::En] {
            for choice in groups(&index, lang, &Fields::new(vec![])).iter().flat_map(|g| &g.choices) {
                let meant: Vec<&str> = named(&index, &choice.typed).iter().map(|r| r.code.as_str()).collect();
                assert_eq!(meant, [choice.code.as_str()], "{}", choice.typed);
            }
        }
    }
}
