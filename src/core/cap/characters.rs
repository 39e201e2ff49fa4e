//! Characters that XML cannot hold, in a document that was never XML. Read documents have none.

use super::alert::{Alert, Named};
use super::check::Judge;
use super::scan::is_xml_char;

/// Judges every text of the document.
pub(super) fn judge(alert: &Alert, judge: &mut Judge) {
    let mut text = |place: String, value: &str| {
        if let Some(c) = value.chars().find(|c| !is_xml_char(*c)) {
            let point = u32::from(c);
            judge.say("cap.text.characters", place, format!("XML cannot hold the character U+{point:04X}"));
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
            text(at(&format!("resource[{}]", i + 1)), &resource.resource_desc);
        }
    }
}
