//! A CAP document to bytes: the order of the standard, one form only, so equal documents are equal octets. Judges nothing.

use super::alert::{Alert, Area, Info, Named, Resource, Version};
use super::space::{CAP_1_1, CAP_1_2};
use super::xml::is_xml_char;
use std::fmt::Display;

/// Writes the document as UTF-8 XML in the namespace of its version, two spaces a level, LF at line ends.
///
/// Reading the bytes gives the document back. A character that XML cannot hold is written as U+FFFD; `check` refuses it earlier.
pub fn write(alert: &Alert) -> Vec<u8> {
    let mut out = Out { xml: String::with_capacity(4096), depth: 0 };
    out.xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"");
    out.xml.push_str(match alert.version {
        Version::V1_1 => CAP_1_1,
        Version::V1_2 => CAP_1_2,
    });
    out.xml.push_str("\">\n");
    out.depth = 1;
    out.alert(alert);
    out.xml.push_str("</alert>\n");
    out.xml.into_bytes()
}

struct Out {
    xml: String,
    depth: usize,
}

impl Out {
    fn alert(&mut self, alert: &Alert) {
        self.leaf("identifier", &alert.identifier);
        self.leaf("sender", &alert.sender);
        self.leaf("sent", alert.sent);
        self.leaf("status", alert.status);
        self.leaf("msgType", alert.msg_type);
        self.leaves("source", alert.source.as_ref());
        self.leaf("scope", alert.scope);
        self.leaves("restriction", alert.restriction.as_ref());
        self.list("addresses", &alert.addresses);
        self.leaves("code", &alert.codes);
        self.leaves("note", alert.note.as_ref());
        if !alert.references.is_empty() {
            let triples: Vec<String> = alert
                .references
                .iter()
                .map(|r| format!("{},{},{}", r.sender, r.identifier, r.sent))
                .collect();
            self.leaf("references", triples.join(" "));
        }
        self.list("incidents", &alert.incidents);
        for info in &alert.infos {
            self.within("info", |out| out.info(info));
        }
    }

    fn info(&mut self, info: &Info) {
        self.leaves("language", info.language.as_ref());
        self.leaves("category", &info.categories);
        self.leaf("event", &info.event);
        self.leaves("responseType", &info.response_types);
        self.leaf("urgency", info.urgency);
        self.leaf("severity", info.severity);
        self.leaf("certainty", info.certainty);
        self.leaves("audience", info.audience.as_ref());
        self.named("eventCode", &info.event_codes);
        self.leaves("effective", info.effective);
        self.leaves("onset", info.onset);
        self.leaves("expires", info.expires);
        self.leaves("senderName", info.sender_name.as_ref());
        self.leaves("headline", info.headline.as_ref());
        self.leaves("description", info.description.as_ref());
        self.leaves("instruction", info.instruction.as_ref());
        self.leaves("web", info.web.as_ref());
        self.leaves("contact", info.contact.as_ref());
        self.named("parameter", &info.parameters);
        for resource in &info.resources {
            self.within("resource", |out| out.resource(resource));
        }
        for area in &info.areas {
            self.within("area", |out| out.area(area));
        }
    }

    fn resource(&mut self, resource: &Resource) {
        self.leaf("resourceDesc", &resource.resource_desc);
        self.leaves("mimeType", resource.mime_type.as_ref());
        self.leaves("size", resource.size);
        self.leaves("uri", resource.uri.as_ref());
        self.leaves("derefUri", resource.deref_uri.as_ref());
        self.leaves("digest", resource.digest.as_ref());
    }

    fn area(&mut self, area: &Area) {
        self.leaf("areaDesc", &area.area_desc);
        self.leaves("polygon", &area.polygons);
        self.leaves("circle", &area.circles);
        self.named("geocode", &area.geocodes);
        self.leaves("altitude", area.altitude);
        self.leaves("ceiling", area.ceiling);
    }

    fn named(&mut self, name: &str, pairs: &[Named]) {
        for pair in pairs {
            self.within(name, |out| {
                out.leaf("valueName", &pair.name);
                out.leaf("value", &pair.value);
            });
        }
    }

    fn list(&mut self, name: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let quoted = |item: &String| {
            let bare = !item.is_empty() && !item.starts_with('"') && !item.contains([' ', '\t', '\n', '\r']);
            if bare { item.clone() } else { format!("\"{item}\"") }
        };
        self.leaf(name, items.iter().map(quoted).collect::<Vec<_>>().join(" "));
    }

    fn leaves<T: Display>(&mut self, name: &str, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.leaf(name, value);
        }
    }

    fn leaf(&mut self, name: &str, value: impl Display) {
        self.indent();
        self.xml.extend(["<", name, ">"]);
        for c in value.to_string().chars() {
            match c {
                '&' => self.xml.push_str("&amp;"),
                '<' => self.xml.push_str("&lt;"),
                '>' => self.xml.push_str("&gt;"),
                // A bare CR would come back as LF.
                '\r' => self.xml.push_str("&#13;"),
                c if is_xml_char(c) => self.xml.push(c),
                _ => self.xml.push('\u{FFFD}'),
            }
        }
        self.xml.extend(["</", name, ">\n"]);
    }

    fn within(&mut self, name: &str, body: impl FnOnce(&mut Out)) {
        self.indent();
        self.xml.extend(["<", name, ">\n"]);
        self.depth += 1;
        body(self);
        self.depth -= 1;
        self.indent();
        self.xml.extend(["</", name, ">\n"]);
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.xml.push_str("  ");
        }
    }
}
