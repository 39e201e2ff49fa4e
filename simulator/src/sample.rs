//! A sample alert for tests: Arabic and English in one message, Hindi and Urdu in another, changed field by field.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// An alert to be written as CAP 1.2.
pub(crate) struct Sample {
    pub(crate) identifier: String,
    pub(crate) status: &'static str,
    pub(crate) msg_type: &'static str,
    pub(crate) references: String,
    pub(crate) code: &'static str,
    pub(crate) expires_ms: i64,
    pub(crate) polygons: Vec<String>,
    pub(crate) messages: Vec<SampleMessage>,
    /// The `n` of every `k/n`.
    pub(crate) of: usize,
}

/// One message of it.
pub(crate) struct SampleMessage {
    pub(crate) identifier: u32,
    pub(crate) serial: u32,
    pub(crate) dcs: u32,
    pub(crate) pages: Vec<String>,
    /// The hash of the pages unless given.
    pub(crate) sha256: Option<String>,
    pub(crate) languages: Vec<(&'static str, &'static str)>,
}

/// Around Nizwa and Bahla.
pub(crate) const NIZWA: &str = "22.80,57.20 22.80,57.75 23.15,57.75 23.15,57.20 22.80,57.20";

impl Sample {
    /// A Severe warning for Nizwa until then.
    pub(crate) fn new(expires_ms: i64) -> Sample {
        let message = |serial, words, languages| SampleMessage {
            identifier: 4371,
            serial,
            dcs: 0x48,
            pages: ucs2_pages(words),
            sha256: None,
            languages,
        };
        Sample {
            identifier: "2.49.0.1.512.0.2026.1".to_owned(),
            status: "Actual",
            msg_type: "Alert",
            references: String::new(),
            code: "nadhir-order-1",
            expires_ms,
            polygons: vec![NIZWA.to_owned()],
            messages: vec![
                message(0x4010, "سيل\n\nFlood", vec![("ar", "سيل"), ("en", "Flood")]),
                message(0x4020, "बाढ़\n\nسیلاب", vec![("hi", "बाढ़"), ("ur", "سیلاب")]),
            ],
            of: 2,
        }
    }

    /// `sender,identifier,sent`.
    pub(crate) fn reference(&self) -> String {
        format!("caa@example.om,{},2026-11-22T05:00:00+04:00", self.identifier)
    }

    /// The document.
    pub(crate) fn document(&self) -> String {
        let polygon = |polygon: &String| format!("<polygon>{polygon}</polygon>");
        let areas = self.polygons.iter().map(polygon).collect::<Vec<_>>().concat();
        let mut infos = Vec::new();
        for (number, message) in (1..).zip(&self.messages) {
            for (index, (language, headline)) in message.languages.iter().enumerate() {
                let mut parameters = parameter("nadhir:message", &format!("{number}/{}", self.of));
                if index == 0 {
                    parameters += &message.parameters();
                }
                infos.push(format!(
                    "<info><language>{language}</language><category>Met</category><event>Flash flood</event>\
                     <urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>\
                     <expires>{}</expires><headline>{headline}</headline>{parameters}\
                     <area><areaDesc>Nizwa</areaDesc>{areas}</area></info>",
                    DateTime::<Utc>::from_timestamp_millis(self.expires_ms).unwrap_or_default().to_rfc3339(),
                ));
            }
        }
        let infos = infos.concat();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\
             <identifier>{}</identifier><sender>caa@example.om</sender><sent>2026-11-22T05:00:00+04:00</sent>\
             <status>{}</status><msgType>{}</msgType><scope>Public</scope><code>{}</code>\
             <references>{}</references>{infos}</alert>",
            self.identifier, self.status, self.msg_type, self.code, self.references
        )
    }

    /// A cancel of this alert.
    pub(crate) fn cancel(&self) -> String {
        let mut cancel = Sample::new(self.expires_ms);
        cancel.identifier = format!("{}.cancel", self.identifier);
        cancel.msg_type = "Cancel";
        cancel.references = self.reference();
        cancel.messages.clear();
        cancel.document()
    }
}

impl SampleMessage {
    fn parameters(&self) -> String {
        let mut digest = Sha256::new();
        for page in &self.pages {
            let (hex, useful) = page.split_once(' ').unwrap_or((page, "0"));
            let octets: Vec<u8> = (0..hex.len() / 2)
                .map(|k| u8::from_str_radix(&hex[2 * k..2 * k + 2], 16).unwrap_or(0))
                .collect();
            digest.update(octets);
            digest.update([useful.parse::<u8>().unwrap_or(0)]);
        }
        let computed =
            digest.finalize().iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().concat();
        let pages = self.pages.iter().map(|page| parameter("nadhir:page", page)).collect::<Vec<_>>().concat();
        parameter("nadhir:identifier", &self.identifier.to_string())
            + &parameter("nadhir:serial", &self.serial.to_string())
            + &parameter("nadhir:dcs", &self.dcs.to_string())
            + &pages
            + &parameter("nadhir:pages-sha256", self.sha256.as_ref().unwrap_or(&computed))
    }
}

/// Pages of UCS-2, 41 units each, padded with carriage returns.
pub(crate) fn ucs2_pages(text: &str) -> Vec<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    units
        .chunks(41)
        .map(|units| {
            let padded = units.iter().copied().chain(std::iter::repeat(0x0D)).take(41);
            let hex = padded.map(|unit| format!("{unit:04x}")).collect::<Vec<_>>().concat();
            format!("{hex} {}", 2 * units.len())
        })
        .collect()
}

fn parameter(name: &str, value: &str) -> String {
    format!("<parameter><valueName>{name}</valueName><value>{value}</value></parameter>")
}
