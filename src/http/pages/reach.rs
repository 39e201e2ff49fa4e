//! Whom a warning reaches: the regions it hits with their people, and each operator's cells there. Draws nothing.

use super::Console;
use super::frame::{grouped, moment};
use super::locale::Lang;
use super::sheet::name;
use nadhir_core::area::census::Count;
use nadhir_core::area::{Coverage, Hit, Index, Layer, Region};
use serde_json::Value;

/// One region that is hit.
pub(super) struct HitRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) people: String,
    pub(super) share: String,
    /// Whether it is a wilayat of the governorate above.
    pub(super) within: bool,
}

/// What is hit, and by which places operators count their cells in it.
#[derive(Default)]
pub(super) struct Reach {
    pub(super) hits: Vec<HitRow>,
    /// People of the wilayat that are hit; of the governorates where no wilayat are known.
    pub(super) people: u64,
    /// Codes of those.
    pub(super) places: Vec<String>,
    pub(super) sea: bool,
}

/// One operator's cells in the places that are hit.
pub(super) struct CensusRow {
    pub(super) operator: String,
    /// Nothing while the operator has not told.
    pub(super) told: Option<Told>,
}

/// What an operator told.
pub(super) struct Told {
    pub(super) cells: String,
    /// Empty where the list counts no subscribers.
    pub(super) subscribers: String,
    /// Cells over the sea, where the warning reaches the sea.
    pub(super) at_sea: Option<String>,
    pub(super) at: String,
}

/// What an area reaches. A governorate hit in part is followed by its wilayat that are hit.
pub(super) fn reach(coverage: &Coverage, index: &Index, lang: Lang) -> Reach {
    let mut reach = Reach { sea: !coverage.sea.is_empty(), ..Reach::default() };
    for hit in &coverage.governorates {
        let Some(region) = index.region(&hit.code) else { continue };
        let all = index.layer(Layer::Wilayat).iter().filter(|w| w.governorate.as_ref() == Some(&region.code));
        let of = |w: &Region| coverage.wilayat.iter().find(|hit| hit.code == w.code);
        let (count, own): (usize, Vec<(&Region, &Hit)>) =
            (all.clone().count(), all.filter_map(|w| Some((w, of(w)?))).collect());
        let live = if own.is_empty() { people(region) } else { own.iter().map(|(w, _)| people(w)).sum() };
        reach.people += live;
        reach.hits.push(row(region, hit, lang, grouped(live), false));
        if own.is_empty() {
            reach.places.push(region.code.clone());
        } else if own.len() < count {
            reach.hits.extend(own.iter().map(|(w, hit)| row(w, hit, lang, grouped(people(w)), true)));
        }
        reach.places.extend(own.iter().map(|(w, _)| w.code.clone()));
    }
    for hit in &coverage.sea {
        let belt = index.find(&hit.code, &[Layer::Sea]).map(|place| index.at(place));
        reach.hits.extend(belt.map(|belt| row(belt, hit, lang, "–".to_owned(), false)));
    }
    reach
}

/// People of what a summary says is hit: of its wilayat where it names them, else of its governorates.
pub(super) fn people_of(summary: &Value, index: &Index) -> u64 {
    let named = |layer: &str| summary[layer].as_array().map(Vec::as_slice);
    let wilayat = named("wilayat").map(|codes| (codes, Layer::Wilayat));
    let (codes, layer) =
        wilayat.unwrap_or_else(|| (named("governorates").unwrap_or_default(), Layer::Governorate));
    let places = codes.iter().filter_map(|code| index.find(code.as_str()?, &[layer]));
    places.map(|place| people(index.at(place))).sum()
}

/// Cells in the places that are hit of each operator that takes part, as its adapter last told; where none is named, of all.
pub(super) fn census(
    console: &Console,
    places: &[String],
    sea: bool,
    participants: Option<&str>,
) -> Vec<CensusRow> {
    let takes_part =
        |name: &&String| participants.is_none_or(|named| named.split_whitespace().any(|own| own == *name));
    let row = |operator: &String| CensusRow {
        operator: operator.clone(),
        told: console.hub.told().of(operator).map(|heard| {
            let census = &heard.counts.census;
            let sum =
                |of: fn(&Count) -> u64| places.iter().map(|code| of(&census.wilayat(code))).sum::<u64>();
            let counts_people = census.wilayat.iter().any(|count| count.subscribers > 0);
            Told {
                cells: grouped(sum(|count| count.cells)),
                subscribers: if counts_people {
                    grouped(sum(|count| count.subscribers))
                } else {
                    String::new()
                },
                at_sea: sea.then(|| grouped(census.sea.cells)),
                at: moment(heard.counts.counted_at),
            }
        }),
    };
    console.hub.operators().iter().filter(takes_part).map(row).collect()
}

fn people(region: &Region) -> u64 {
    region.population.as_ref().map_or(0, |population| population.count)
}

fn row(region: &Region, hit: &Hit, lang: Lang, people: String, within: bool) -> HitRow {
    HitRow {
        code: region.code.clone(),
        name: name(region, lang).to_owned(),
        people,
        share: format!("{:.0}", (hit.share_of_region * 100.0).max(1.0)),
        within,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nadhir_core::area::{Origin, cover};
    use nadhir_core::cap::{Area, Named, Ring};
    use serde_json::json;

    fn reached(codes: &[(&str, &str)], polygon: Option<&str>) -> Reach {
        let index = Index::parse_all(&crate::run::REGIONS).unwrap();
        let area = Area {
            area_desc: String::new(),
            polygons: polygon.map(|text| Ring::parse(text).unwrap()).into_iter().collect(),
            circles: vec![],
            geocodes: codes.iter().map(|(name, code)| Named::new(*name, *code)).collect(),
            altitude: None,
            ceiling: None,
        };
        reach(&cover(&[area], &index, Origin::Desk), &index, Lang::En)
    }

    #[test]
    fn people_are_those_of_the_wilayat_that_are_hit() {
        let index = Index::parse_all(&crate::run::REGIONS).unwrap();
        let count = |code: &str| people(index.at(index.find(code, &Layer::ALL).unwrap()));

        let whole = reached(&[("ISO3166-2", "OM-DA")], None);
        assert_eq!((whole.hits.len(), whole.people, whole.places.len()), (1, count("OM-DA"), 9));

        let one = reached(&[("NADHIR-AREA", "OM-DA-NZW")], None);
        let codes: Vec<(&str, bool)> = one.hits.iter().map(|hit| (hit.code.as_str(), hit.within)).collect();
        assert_eq!(codes, [("OM-DA", false), ("OM-DA-NZW", true)]);
        assert_eq!((one.people, one.places.as_slice()), (count("OM-DA-NZW"), &["OM-DA-NZW".to_owned()][..]));
        assert!(one.people < count("OM-DA"));

        let water = reached(&[("NADHIR-AREA", "OM-MA-SEA")], None);
        assert_eq!((water.people, water.places.len(), water.sea), (0, 0, true));
        assert_eq!(water.hits[0].code, "OM-MA-SEA");
    }

    #[test]
    fn a_summary_without_wilayat_counts_its_governorates() {
        let index = Index::parse_all(&crate::run::REGIONS).unwrap();
        let count = |summary: Value| people_of(&summary, &index);
        let old = count(json!({ "governorates": ["OM-DA"] }));
        let new = count(json!({ "governorates": ["OM-DA"], "wilayat": ["OM-DA-NZW"] }));
        assert!(0 < new && new < old, "{new} of {old}");
        assert_eq!(count(json!({ "governorates": ["OM-MA"], "wilayat": [] })), 0, "over water alone");
    }
}
