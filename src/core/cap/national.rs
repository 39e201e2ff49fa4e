//! The national profile read from its table, JSON; a damaged table is refused with all its faults. The types are in `profile`.

use super::alert::{Category, Status};
use super::codes;
use super::limits::Limits;
use super::profile::{National, Parameter, Term};
use super::standard::is_name_character;
use crate::fault::{Fault, Level};
use chrono::Duration;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl National {
    /// Reads the table of `cap-schemas/oman.json`, or every fault of it; a fault's place is a path in the JSON.
    pub fn parse(table: &[u8]) -> Result<National, Vec<Fault>> {
        let value: Value = serde_json::from_slice(table)
            .map_err(|e| vec![Fault::error("profile.json", "profile", format!("not JSON: {e}"))])?;
        let mut faults = Vec::new();
        let Some(mut root) = Fields::open(&value, "profile", &mut faults) else { return Err(faults) };
        let national = National {
            name: root.text("name"),
            identifier_arc: root.text("identifierArc"),
            senders: root.each("senders", |v| v.as_str().map(str::to_owned)),
            desk_sender: root.text("deskSender"),
            drill_sender: root.text("drillSender"),
            offsets: root.each("offsetsMinutes", |v| v.as_i64().and_then(Duration::try_minutes)),
            languages_required: root.terms("languagesRequired"),
            languages_accepted: root.terms("languagesAccepted"),
            categories: root.each("categories", |v| v.as_str().and_then(Category::parse)),
            event_domain: root.text("eventDomain"),
            event_list: root.text("eventList"),
            events: root.terms("events"),
            parameter_prefix: root.text("parameterPrefix"),
            parameters: root.each("parameters", parameter),
            headline_characters: root.number("headlineCharacters"),
            polygon_points: root.number("polygonPoints"),
            life: root.minutes("expiresMinutes"),
            sent_ahead: root.minutes("sentAheadMinutes"),
            limits: root.limits(),
            levels: root.levels(),
        };
        root.close();
        national.sense(&mut faults);
        if faults.is_empty() { Ok(national) } else { Err(faults) }
    }

    /// What is lawful field by field and makes no profile all the same.
    fn sense(&self, faults: &mut Vec<Fault>) {
        let mut say = |place: &str, why: String| {
            faults.push(Fault::error("profile.value", format!("profile/{place}"), why));
        };
        if !self.identifier_arc.is_empty() && !self.identifier_arc.ends_with('.') {
            say("identifierArc", "the arc ends in a dot; an authority follows it".to_owned());
        }
        for (field, sender) in [("deskSender", &self.desk_sender), ("drillSender", &self.drill_sender)] {
            if !sender.is_empty() && !self.senders.contains(sender) {
                say(field, format!("\"{sender}\" is not among the senders"));
            }
        }
        let lawful = |name: &str| name.chars().all(is_name_character);
        if !lawful(&self.identifier_arc) {
            say("identifierArc", "an identifier holds no space, comma, < or &".to_owned());
        }
        if let Some(sender) = self.senders.iter().find(|sender| sender.is_empty() || !lawful(sender)) {
            say("senders", format!("\"{sender}\": a sender holds no space, comma, < or &"));
        }
        if self.languages_required.is_empty() {
            say("languagesRequired", "no language is required: nobody would be sure to be told".to_owned());
        }
        if (1..4).contains(&self.polygon_points) {
            say("polygonPoints", "a polygon has four points at least".to_owned());
        }
        if !self.event_list.starts_with(&self.event_domain) {
            say("eventList", format!("the list's name begins with its domain, \"{}\"", self.event_domain));
        }
        let spoken = self.languages_required.iter().chain(&self.languages_accepted);
        for (i, language) in spoken.enumerate() {
            if language.code.is_empty() || !language.code.bytes().all(|b| b.is_ascii_lowercase()) {
                say("languagesRequired", format!("\"{}\" is no primary subtag, such as ar", language.code));
            }
            let earlier = self.languages_required.iter().chain(&self.languages_accepted).take(i);
            if earlier.into_iter().any(|other| other.code == language.code) {
                say("languagesAccepted", format!("\"{}\" is listed twice", language.code));
            }
        }
        for code in codes::all() {
            if code.level.is_none()
                && !self.levels.contains_key(code.code)
                && !code.code.starts_with("clock.")
            {
                say("levels", format!("{} has no level", code.code));
            }
        }
        for (code, level) in &self.levels {
            match codes::find(code) {
                None => say("levels", format!("\"{code}\" is no code of a fault")),
                Some(known) if known.level > Some(*level) => {
                    say("levels", format!("{code} is an error by the standard and cannot weigh less here"));
                }
                // One area, one time and one event are broadcast for all languages.
                Some(_) if code.starts_with("oman.parity.") && *level != Level::Error => {
                    say("levels", format!("{code}: languages that differ are always refused"));
                }
                Some(_) => {}
            }
        }
        let most = Limits::cap();
        let own = self.limits;
        if own.octets > most.octets || own.points > most.points || own.depth > most.depth {
            say("limits", "more than is read of any CAP document".to_owned());
        }
    }
}

/// A JSON object whose fields are taken one by one; what is missing, wrong or left over is a fault.
struct Fields<'a> {
    map: &'a Map<String, Value>,
    place: &'static str,
    taken: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Fields<'a> {
    fn open(value: &'a Value, place: &'static str, faults: &'a mut Vec<Fault>) -> Option<Fields<'a>> {
        let Some(map) = value.as_object() else {
            faults.push(Fault::error("profile.value", place, "not an object"));
            return None;
        };
        Some(Fields { map, place, taken: Vec::new(), faults })
    }

    fn close(self) {
        for name in self.map.keys().filter(|name| !self.taken.contains(&name.as_str())) {
            let place = format!("{}/{name}", self.place);
            self.faults.push(Fault::error("profile.unknown", place, "no field of that name is known"));
        }
    }

    fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.taken.push(name);
        let value = self.map.get(name);
        if value.is_none() {
            let place = format!("{}/{name}", self.place);
            self.faults.push(Fault::error("profile.missing", place, "the field is missing"));
        }
        value
    }

    fn wrong(&mut self, place: &str, wants: &str) {
        let place = format!("{}/{place}", self.place);
        self.faults.push(Fault::error("profile.value", place, format!("not {wants}")));
    }

    fn text(&mut self, name: &'static str) -> String {
        let Some(value) = self.take(name) else { return String::new() };
        let text = value.as_str().unwrap_or_default().to_owned();
        if text.is_empty() {
            self.wrong(name, "a text");
        }
        text
    }

    fn number(&mut self, name: &'static str) -> usize {
        let Some(value) = self.take(name) else { return 0 };
        let number = value.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        if number == 0 {
            self.wrong(name, "a number above 0");
        }
        number
    }

    fn minutes(&mut self, name: &'static str) -> Duration {
        let minutes = i64::try_from(self.number(name)).unwrap_or(i64::MAX);
        Duration::try_minutes(minutes).unwrap_or_else(|| {
            self.wrong(name, "a number of minutes");
            Duration::zero()
        })
    }

    fn each<T>(&mut self, name: &'static str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
        let Some(value) = self.take(name) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.wrong(name, "a list");
            return Vec::new();
        };
        let mut read_ones = Vec::new();
        for (i, item) in items.iter().enumerate() {
            match read(item) {
                Some(one) => read_ones.push(one),
                None => self.wrong(&format!("{name}[{}]", i + 1), &format!("an item of {name}: {item}")),
            }
        }
        read_ones
    }

    fn terms(&mut self, name: &'static str) -> Vec<Term> {
        self.each(name, |value| {
            let text = |key: &str| value[key].as_str().filter(|t| !t.is_empty()).map(str::to_owned);
            Some(Term { code: text("code")?, en: text("en")?, ar: text("ar")? })
        })
    }

    fn limits(&mut self) -> Limits {
        let mut limits = Limits::cap();
        let Some(value) = self.take("limits") else { return limits };
        let Some(mut fields) = Fields::open(value, "profile/limits", self.faults) else { return limits };
        limits = Limits {
            octets: fields.number("octets"),
            points: fields.number("points"),
            infos: fields.number("infos"),
            areas: fields.number("areas"),
            polygons: fields.number("polygons"),
            shapes: fields.number("shapes"),
            depth: fields.number("depth"),
            attributes: fields.number("attributes"),
        };
        fields.close();
        limits
    }

    fn levels(&mut self) -> BTreeMap<String, Level> {
        let Some(value) = self.take("levels") else { return BTreeMap::new() };
        let Some(map) = value.as_object() else {
            self.wrong("levels", "an object of codes and levels");
            return BTreeMap::new();
        };
        let mut levels = BTreeMap::new();
        for (code, level) in map {
            match level.as_str() {
                Some("error") => drop(levels.insert(code.clone(), Level::Error)),
                Some("warning") => drop(levels.insert(code.clone(), Level::Warning)),
                _ => self.wrong(&format!("levels/{code}"), "\"error\" or \"warning\""),
            }
        }
        levels
    }
}

fn parameter(value: &Value) -> Option<Parameter> {
    let statuses = value["statuses"].as_array()?;
    Some(Parameter {
        name: value["name"].as_str()?.to_owned(),
        value: match &value["value"] {
            Value::Null => None,
            given => Some(given.as_str()?.to_owned()),
        },
        statuses: statuses.iter().map(|s| s.as_str().and_then(Status::parse)).collect::<Option<_>>()?,
    })
}
