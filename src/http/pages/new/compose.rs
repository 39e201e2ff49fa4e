//! From slots to a CAP document: the hazard's words, the area, the times. Every fault at once; judging the document is not done here.

use super::super::fields::{Fields, number};
use super::super::hazard::{Hazard, Hazards, Text};
use super::super::locale::Lang;
use super::super::places;
use chrono::{DateTime, Duration, NaiveTime, TimeZone as _, Utc};
use nadhir_core::area::{self, Index, Origin, Region};
use nadhir_core::cap::{self, Alert, Area, CapTime, Info, MsgType, Named, National, Ring, Scope, Version};
use nadhir_core::cbs::rules::LAYOUT;
use nadhir_core::fault::Fault;

const MUSCAT: Duration = Duration::hours(4);

/// A document from a form, or everything that is wrong with the form.
pub(super) fn compose(
    hazard: &Hazard,
    hazards: &Hazards,
    fields: &Fields,
    (index, profile): (&Index, &National),
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Vec<Fault>> {
    let mut faults = Vec::new();
    let (regions, rings) = area(fields, index, &mut faults);
    let times = times(fields, now, &mut faults);
    let range = range(hazard, fields, &mut faults);
    let (Some((from, to)), true) = (times, faults.is_empty()) else { return Err(faults) };
    let slots = |text: &str, areas: &str| {
        let mut text = text.replace("{areas}", areas);
        for (slot, value) in [
            ("{low}", range.0.to_string()),
            ("{high}", range.1.to_string()),
            ("{day}", local(from, "%d/%m")),
            ("{from}", local(from, "%H:%M")),
            ("{to}", local(to, "%H:%M")),
            ("{issued}", local(now, "%H:%M")),
        ] {
            text = text.replace(slot, &value);
        }
        text
    };
    let geocodes: Vec<Named> = regions.iter().filter_map(|region| index.geocode(&region.code)).collect();
    let sent = CapTime::muscat(now);
    // Empty: what fits. A word that is no layout is refused with the document.
    let layout: Vec<Named> = Some(fields.get("layout"))
        .filter(|word| !word.is_empty())
        .map(|word| Named::new(LAYOUT, word.to_owned()))
        .into_iter()
        .collect();
    let info = |text: &Text| {
        let areas = hazards.areas(&regions, &text.language);
        Info {
            language: Some(text.language.clone()),
            categories: vec![hazard.category],
            event: text.event.clone(),
            response_types: hazard.responses.clone(),
            urgency: hazard.urgency,
            severity: hazard.severity,
            certainty: hazard.certainty,
            audience: None,
            event_codes: vec![Named::new("OET:v1.2", hazard.event_code.clone())],
            effective: Some(sent),
            onset: (from > now).then(|| CapTime::muscat(from)),
            expires: Some(CapTime::muscat(to)),
            sender_name: Some(text.sender.clone()),
            headline: Some(slots(&text.headline, &areas)),
            description: Some(slots(&text.description, &areas)),
            instruction: Some(slots(&text.instruction, &areas)),
            web: None,
            contact: None,
            parameters: layout.clone(),
            resources: vec![],
            areas: vec![Area {
                geocodes: if rings.is_empty() { geocodes.clone() } else { vec![] },
                area_desc: areas,
                polygons: rings.clone(),
                circles: vec![],
                altitude: None,
                ceiling: None,
            }],
        }
    };
    let alert = Alert {
        version: Version::V1_2,
        identifier: identifier(profile, now),
        sender: profile.desk_sender.clone(),
        sent,
        status: hazard.status,
        msg_type: MsgType::Alert,
        source: None,
        scope: Scope::Public,
        restriction: None,
        addresses: vec![],
        codes: vec![],
        note: hazard.note.as_ref().map(|note| slots(note, "")),
        references: vec![],
        incidents: vec![],
        infos: hazard.texts.iter().map(info).collect(),
    };
    Ok(cap::write(&alert))
}

/// Two of one second differ by their milliseconds.
pub(in super::super) fn identifier(profile: &National, now: DateTime<Utc>) -> String {
    profile.identifier(0, now, now.timestamp_subsec_millis())
}

fn local(at: DateTime<Utc>, form: &str) -> String {
    (at + MUSCAT).format(form).to_string()
}

/// Regions, or a polygon; never both, never none.
fn area<'i>(fields: &Fields, index: &'i Index, faults: &mut Vec<Fault>) -> (Vec<&'i Region>, Vec<Ring>) {
    let regions = places::chosen(fields, index, faults);
    let polygon = fields.get("polygon");
    if polygon.is_empty() {
        if regions.is_empty() && faults.is_empty() {
            let words = "no region is chosen and no polygon given: no area is assumed";
            faults.push(Fault::error("form.area.none", "area", words));
        }
        return (regions, vec![]);
    }
    if !regions.is_empty() {
        let words = "regions are chosen and a polygon is given: it has to be one of the two";
        faults.push(Fault::error("form.area.both", "polygon", words));
    }
    match Ring::parse(&closed(polygon)) {
        Err(e) => {
            faults.push(Fault::error("form.polygon", "polygon", e.to_string()));
            (regions, vec![])
        }
        Ok(ring) => {
            let drawn = [Area {
                area_desc: String::new(),
                polygons: vec![ring.clone()],
                circles: vec![],
                geocodes: vec![],
                altitude: None,
                ceiling: None,
            }];
            let coverage = area::cover(&drawn, index, Origin::Desk);
            faults.extend(coverage.faults.into_iter().filter(Fault::is_error));
            let hit = coverage.governorates.iter().filter_map(|hit| index.region(&hit.code));
            (hit.collect(), vec![ring])
        }
    }
}

/// A ring ends where it began; people leave the last point out.
fn closed(text: &str) -> String {
    let points: Vec<&str> = text.split_whitespace().collect();
    match (points.first(), points.last()) {
        (Some(first), Some(last)) if first != last => format!("{} {first}", points.join(" ")),
        _ => points.join(" "),
    }
}

/// From and to, in Muscat's time: the from that is nearest to now, and the to after it.
fn times(
    fields: &Fields,
    now: DateTime<Utc>,
    faults: &mut Vec<Fault>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let mut clock = |name: &'static str| {
        let time = NaiveTime::parse_from_str(fields.get(name), "%H:%M").ok();
        if time.is_none() {
            faults.push(Fault::error("form.time", name, "a time is written 06:30"));
        }
        time
    };
    let (from, to) = (clock("from"), clock("to"));
    let (from, to) = (from?, to?);
    let today = (now + MUSCAT).date_naive();
    let at = |days: i64, time: NaiveTime| {
        Utc.from_utc_datetime(&(today + Duration::days(days)).and_time(time)) - MUSCAT
    };
    let from = (-1..=1).map(|day| at(day, from)).min_by_key(|at| (*at - now).abs())?;
    let to = (-1..=2).map(|day| at(day, to)).find(|at| *at > from)?;
    Some((from, to))
}

fn range(hazard: &Hazard, fields: &Fields, faults: &mut Vec<Fault>) -> (u64, u64) {
    let Some(range) = &hazard.range else { return (0, 0) };
    match (number(fields.get("low")), number(fields.get("high"))) {
        (Some(low), Some(high)) if low <= high && high <= range.most => (low, high),
        _ => {
            let words = format!(
                "two whole numbers, the smaller first, at most {} {}",
                range.most,
                range.unit.of(Lang::En)
            );
            faults.push(Fault::error("form.range", "low", words));
            (0, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nadhir_core::cbs;
    use nadhir_core::warning::{Terms, prepare};

    const NOW: &str = "2026-11-22T02:30:00Z";

    fn index() -> Index {
        Index::parse_all(&crate::run::REGIONS).unwrap()
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields::new(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    fn check(hazard: &str, pairs: &[(&str, &str)]) -> Result<Vec<u8>, Vec<String>> {
        let (index, profile) = (index(), crate::run::profile().unwrap());
        let hazards = Hazards::built_in();
        let now = NOW.parse().unwrap();
        let mut all = vec![("low", "30"), ("high", "60"), ("from", "06:30"), ("to", "12:30")];
        all.retain(|(key, _)| !pairs.iter().any(|(other, _)| other == key));
        all.extend(pairs);
        compose(hazards.get(hazard).unwrap(), &hazards, &fields(&all), (&index, &profile), now)
            .map_err(|faults| faults.into_iter().map(|f| f.code).collect())
    }

    #[test]
    fn every_hazard_can_be_broadcast_as_it_is_composed() {
        for hazard in Hazards::built_in().all() {
            for areas in
                [&[("area", "OM-DA")][..], &[("area", "OM-DA"), ("area", "OM-ZA")], &[("areas", "dakh")]]
            {
                let cap = check(&hazard.id, areas).unwrap();
                let prepared = prepare(
                    &cap,
                    &crate::run::profile().unwrap(),
                    &index(),
                    NOW.parse().unwrap(),
                    &Terms::default(),
                )
                .unwrap_or_else(|refusal| panic!("{}: {:?}", hazard.id, refusal.faults));
                let messages = prepared.encoded.messages.len();
                assert!(messages <= 2, "{}: {messages} messages, more than pairs", hazard.id);
                assert_eq!(prepared.channel.class().word(), hazard.class());
            }
        }
    }

    /// Four pages are what 2G brings in ten seconds; the two governorates have the longest Arabic names.
    #[test]
    fn a_language_each_brings_the_arabic_of_two_governorates_to_2g_in_time() {
        for hazard in Hazards::built_in().all() {
            let areas = [("area", "OM-BS"), ("area", "OM-SJ"), ("layout", "each")];
            let cap = check(&hazard.id, &areas).unwrap();
            let alert = cap::read(&cap, &cap::Limits::cap()).0.unwrap();
            let rules = cbs::Rules::of(&alert, &cbs::Allowed::default()).unwrap();
            let encoded = cbs::encode(&cbs::texts(&alert).unwrap(), &rules).unwrap();
            assert_eq!(encoded.messages[0].languages, ["ar"], "{}", hazard.id);
            let warnings = cbs::budget(&encoded).warnings;
            assert!(warnings.is_empty(), "{}: {warnings:?}", hazard.id);
        }
    }

    #[test]
    fn every_fault_of_the_form_at_once() {
        let faults = |pairs: &[(&str, &str)]| check("wadi-flood", pairs).unwrap_err();
        assert_eq!(faults(&[]), ["form.area.none"]);
        assert_eq!(
            faults(&[("areas", "Atlantis"), ("low", "9"), ("high", "8"), ("from", "x")]),
            ["form.area.unknown", "form.time", "form.range"]
        );
        assert_eq!(faults(&[("areas", "batinah")]), ["form.area.several"]);
        assert_eq!(
            faults(&[("area", "OM-DA"), ("polygon", "22.9,57.2 22.9,57.5 22.7,57.5")]),
            ["form.area.both"]
        );
        assert_eq!(faults(&[("polygon", "north")]), ["form.polygon"]);
        assert_eq!(
            faults(&[("polygon", "25.1,55.1 25.3,55.1 25.3,55.4 25.1,55.4")]),
            ["area.no_region"],
            "Dubai"
        );
    }

    #[test]
    fn times_are_the_nearest_and_the_next() {
        let at = |from: &str, to: &str| {
            let cap = check("wadi-flood", &[("area", "OM-DA"), ("from", from), ("to", to)]).unwrap();
            let (alert, _) = cap::read(&cap, &cap::Limits::cap());
            alert.unwrap().infos[0].expires.unwrap().to_string()
        };
        assert_eq!(at("06:30", "12:30"), "2026-11-22T12:30:00+04:00");
        assert_eq!(at("06:30", "02:00"), "2026-11-23T02:00:00+04:00", "the next day");
        assert_eq!(at("23:50", "08:00"), "2026-11-22T08:00:00+04:00", "since yesterday evening");
    }
}
