//! What a document built in memory must hold to be written as CAP and read back. Documents that were read hold it.

use super::alert::{Alert, Area, Info, Named, Resource, ResponseType, Version};
use super::check::Judge;
use super::reader::missing;
use super::uri::is_uri;
use super::values::{is_language, is_space, trim};
use super::xml::is_xml_char;
use crate::fault::{Kind, Told};

/// Judges every value that the types alone do not keep in its form.
pub(super) fn judge(alert: &Alert, judge: &mut Judge<'_>) {
    texts(alert, judge);
    let torn = |part: &str| part.is_empty() || part.contains(is_space) || part.contains(',');
    if alert.references.iter().any(|r| torn(&r.sender) || torn(&r.identifier)) {
        let why = "a reference's sender and identifier hold no space and no comma, and are not empty";
        judge.say("cap.references.form", "alert/references", why);
    }
    for (i, info) in alert.infos.iter().enumerate() {
        let place = format!("alert/info[{}]", i + 1);
        codes(alert.version, info, &place, judge);
        for (i, resource) in info.resources.iter().enumerate() {
            file(alert.version, resource, &format!("{place}/resource[{}]", i + 1), judge);
        }
        for (i, area) in info.areas.iter().enumerate() {
            numbers(area, &format!("{place}/area[{}]", i + 1), judge);
        }
    }
}

fn codes(version: Version, info: &Info, place: &str, judge: &mut Judge<'_>) {
    if info.categories.is_empty() {
        judge.say("cap.element.missing", format!("{place}/category"), missing("category"));
    }
    if info.language.as_deref().is_some_and(|l| !is_language(l)) {
        judge.say("cap.value.language", format!("{place}/language"), "not a language code such as ar-OM");
    }
    if info.web.as_deref().is_some_and(|w| !is_uri(w) || trim(w) != w) {
        judge.say("cap.value.uri", format!("{place}/web"), "not an address");
    }
    let newer = |r: &ResponseType| matches!(r, ResponseType::Avoid | ResponseType::AllClear);
    if let Some(at) = info.response_types.iter().position(newer).filter(|_| version == Version::V1_1) {
        let place = format!("{place}/responseType[{}]", at + 1);
        judge.say("cap.value.word", place, "CAP 1.1 has no such response type");
    }
}

fn file(version: Version, resource: &Resource, place: &str, judge: &mut Judge<'_>) {
    if version == Version::V1_2 && resource.mime_type.is_none() {
        judge.say("cap.element.missing", format!("{place}/mimeType"), missing("mimeType"));
    }
    if resource.uri.as_deref().is_some_and(|u| !is_uri(u) || trim(u) != u) {
        judge.say("cap.value.uri", format!("{place}/uri"), "not an address");
    }
}

fn numbers(area: &Area, place: &str, judge: &mut Judge<'_>) {
    for (name, value) in [("altitude", area.altitude), ("ceiling", area.ceiling)] {
        if value.is_some_and(|v| !v.is_finite()) {
            judge.say("cap.value.number", format!("{place}/{name}"), "not a decimal number of feet");
        }
    }
    if let Some(at) = area.circles.iter().position(|c| !c.radius_km.is_finite()) {
        judge.say("cap.circle.form", format!("{place}/circle[{}]", at + 1), "the radius is not a number");
    }
}

/// Says every text with a character XML cannot hold.
fn texts(alert: &Alert, judge: &mut Judge<'_>) {
    let mut text = |place: String, value: &str| {
        if let Some(c) = value.chars().find(|c| !is_xml_char(*c)) {
            let point = u32::from(c);
            let found = format!("U+{point:04X}");
            let why = Told::new(format!("XML cannot hold the character {found}"), [(Kind::Found, found)]);
            judge.say("cap.text.characters", place, why);
        }
    };
    let at = |name: &str| format!("alert/{name}");
    text(at("identifier"), &alert.identifier);
    text(at("sender"), &alert.sender);
    for (name, value) in
        [("source", &alert.source), ("restriction", &alert.restriction), ("note", &alert.note)]
    {
        text(at(name), value.as_deref().unwrap_or_default());
    }
    for (name, list) in
        [("addresses", &alert.addresses), ("code", &alert.codes), ("incidents", &alert.incidents)]
    {
        for item in list {
            text(at(name), item);
        }
    }
    for reference in &alert.references {
        text(at("references"), &reference.sender);
        text(at("references"), &reference.identifier);
    }
    for (i, info) in alert.infos.iter().enumerate() {
        let at = |name: &str| format!("alert/info[{}]/{name}", i + 1);
        text(at("event"), &info.event);
        for (name, value) in [
            ("audience", &info.audience),
            ("senderName", &info.sender_name),
            ("headline", &info.headline),
            ("description", &info.description),
            ("instruction", &info.instruction),
            ("web", &info.web),
            ("contact", &info.contact),
        ] {
            text(at(name), value.as_deref().unwrap_or_default());
        }
        let mut pairs = |name: &str, pairs: &[Named]| {
            for (i, pair) in pairs.iter().enumerate() {
                let place = at(&format!("{name}[{}]", i + 1));
                text(format!("{place}/valueName"), &pair.name);
                text(format!("{place}/value"), &pair.value);
            }
        };
        pairs("eventCode", &info.event_codes);
        pairs("parameter", &info.parameters);
        for (i, area) in info.areas.iter().enumerate() {
            pairs(&format!("area[{}]/geocode", i + 1), &area.geocodes);
        }
        for (i, area) in info.areas.iter().enumerate() {
            text(at(&format!("area[{}]/areaDesc", i + 1)), &area.area_desc);
        }
        for (i, resource) in info.resources.iter().enumerate() {
            let at = |name: &str| at(&format!("resource[{}]/{name}", i + 1));
            text(at("resourceDesc"), &resource.resource_desc);
            for (name, value) in [
                ("mimeType", &resource.mime_type),
                ("uri", &resource.uri),
                ("derefUri", &resource.deref_uri),
                ("digest", &resource.digest),
            ] {
                text(at(name), value.as_deref().unwrap_or_default());
            }
        }
    }
}
