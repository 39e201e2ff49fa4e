//! The one CAP that every operator gets: what the author wrote, with the resolved area and the messages octet by octet.

use crate::cap::{self, Alert, Area, CapTime, MsgType, Named, Reference, Ring, Version};
use crate::cbs::{Channel, Encoded, Page, Pages, Serial};
use crate::digest::{Digest, hex, unhex};
use crate::fault::Fault;

/// The `code` that names this form.
pub const CODE: &str = "nadhir-order-1";
/// Which message of how many carries this info's language: `1/2`.
const MESSAGE: &str = "nadhir:message";
/// Message identifier, decimal. This and what follows stand in the first info of each message.
const IDENTIFIER: &str = "nadhir:identifier";
/// Serial number, decimal.
const SERIAL: &str = "nadhir:serial";
/// Data coding scheme, decimal.
const DCS: &str = "nadhir:dcs";
/// One a page, in order: 164 hexadecimal digits, a space, the useful length.
const PAGE: &str = "nadhir:page";
/// SHA-256 over each page's 82 octets and its useful length.
const PAGES_SHA256: &str = "nadhir:pages-sha256";

/// Written here and by no author: an order says what was approved and nothing else.
const RESERVED: [&str; 6] = [MESSAGE, IDENTIFIER, SERIAL, DCS, PAGE, PAGES_SHA256];

/// One message as an order's CAP carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AirMessage {
    /// Where it is broadcast.
    pub channel: Channel,
    /// Its serial number.
    pub serial: Serial,
    /// Its pages.
    pub pages: Pages,
    /// The digest the CBC has to echo.
    pub pages_sha256: Digest,
    /// The languages it carries.
    pub languages: Vec<String>,
}

/// Why an order's CAP cannot go on air.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAir {
    /// Not this form.
    #[error("the CAP does not say {CODE}: its form is unknown here")]
    Form,
    /// A parameter is missing or cannot be read.
    #[error("info[{info}]: {name} is missing or cannot be read")]
    Parameter {
        /// From 1.
        info: usize,
        /// Which.
        name: &'static str,
    },
    /// No message at all.
    #[error("the CAP carries no message")]
    None,
    /// The pages are not those that were approved.
    #[error("message {0}: the digest of its pages is not the one named")]
    Pages(usize),
}

/// Faults of an author's document that speaks for the order which will be made of it.
pub fn reserved(alert: &Alert) -> Vec<Fault> {
    let mut faults = Vec::new();
    if alert.codes.iter().any(|code| code == CODE) {
        let words = format!("{CODE} is the code of an order, which is made from a document and is none");
        faults.push(Fault::error("warning.reserved.code", "alert/code", words));
    }
    for (i, info) in alert.infos.iter().enumerate() {
        for parameter in info.parameters.iter().filter(|p| RESERVED.contains(&p.name.as_str())) {
            let words = format!("{} is written by the encoder: leave it out", parameter.name);
            faults.push(Fault::error(
                "warning.reserved.parameter",
                format!("alert/info[{}]/parameter", i + 1),
                words,
            ));
        }
    }
    faults
}

/// The area as operators get it: the resolved polygons, under each language's own words.
pub fn air_area(areas: &[Area], rings: &[Ring]) -> Vec<Area> {
    let words: Vec<&str> = areas.iter().map(|area| area.area_desc.as_str()).collect();
    vec![Area {
        area_desc: words.join("; "),
        polygons: rings.to_vec(),
        circles: vec![],
        geocodes: vec![],
        altitude: None,
        ceiling: None,
    }]
}

/// The bytes for every operator. `serials` are one a message, in order.
pub fn air_cap(
    alert: &Alert,
    rings: &[Ring],
    channel: Channel,
    encoded: &Encoded,
    serials: &[Serial],
) -> Vec<u8> {
    let mut air = alert.clone();
    air.version = Version::V1_2;
    air.codes.push(CODE.to_owned());
    let total = encoded.messages.len();
    let mut told = vec![false; total];
    for info in &mut air.infos {
        for file in &mut info.resources {
            // CAP 1.1 lets a file go without, CAP 1.2 does not; of unknown octets this is the type (RFC 2046, 4.5.1).
            file.mime_type.get_or_insert_with(|| "application/octet-stream".to_owned());
        }
        info.areas = air_area(&info.areas, rings);
        info.parameters.retain(|p| !RESERVED.contains(&p.name.as_str()));
        let language = info.primary_language();
        let carrying = encoded.messages.iter().zip(serials).enumerate();
        for (i, (message, serial)) in carrying.filter(|(_, (m, _))| m.languages.contains(&language)) {
            info.parameters.push(Named::new(MESSAGE, format!("{}/{total}", i + 1)));
            if !std::mem::replace(&mut told[i], true) {
                info.parameters.push(Named::new(IDENTIFIER, channel.identifier().to_string()));
                info.parameters.push(Named::new(SERIAL, serial.get().to_string()));
                info.parameters.push(Named::new(DCS, message.pages.dcs().octet().to_string()));
                for page in message.pages.pages() {
                    info.parameters
                        .push(Named::new(PAGE, format!("{} {}", hex(page.octets()), page.useful())));
                }
                info.parameters.push(Named::new(PAGES_SHA256, message.pages.sha256().to_string()));
            }
        }
    }
    cap::write(&air)
}

/// The bytes that tell every operator to stop a warning: a Cancel that names it, without info and without area.
/// `alert` is what was sent; `named` are it and what it took the place of, one after the other: an operator that never
/// got the update still has those. `identifier` is the cancel's own.
pub fn cancel_cap(alert: &Alert, named: Vec<Reference>, identifier: String, sent: CapTime) -> Vec<u8> {
    cap::write(&Alert {
        version: Version::V1_2,
        identifier,
        sent,
        msg_type: MsgType::Cancel,
        codes: vec![CODE.to_owned()],
        note: None,
        references: named,
        infos: vec![],
        ..alert.clone()
    })
}

/// Reads the messages back out of an order's CAP and holds each against its digest.
pub fn messages(alert: &Alert) -> Result<Vec<AirMessage>, BadAir> {
    if !alert.codes.iter().any(|code| code == CODE) {
        return Err(BadAir::Form);
    }
    let mut messages: Vec<AirMessage> = Vec::new();
    for (i, info) in alert.infos.iter().enumerate() {
        let missing = |name| BadAir::Parameter { info: i + 1, name };
        let text = |name| info.parameter(name).ok_or(missing(name));
        let (number, _) = text(MESSAGE)?.split_once('/').ok_or(missing(MESSAGE))?;
        let number: usize = number.parse().map_err(|_| missing(MESSAGE))?;
        if let Some(known) = number.checked_sub(1).and_then(|at| messages.get_mut(at)) {
            known.languages.push(info.primary_language());
            continue;
        }
        if number != messages.len() + 1 {
            return Err(missing(MESSAGE));
        }
        let identifier =
            text(IDENTIFIER)?.parse().ok().and_then(Channel::from_identifier).ok_or(missing(IDENTIFIER))?;
        let serial = text(SERIAL)?.parse().ok().and_then(Serial::from_u16).ok_or(missing(SERIAL))?;
        let dcs = text(DCS)?.parse().map_err(|_| missing(DCS))?;
        let pages: Option<Vec<Page>> =
            info.parameters.iter().filter(|p| p.name == PAGE).map(|p| page(&p.value)).collect();
        let pages = Pages::read(dcs, pages.ok_or(missing(PAGE))?).map_err(|_| missing(PAGE))?;
        let named = Digest::parse(text(PAGES_SHA256)?).ok_or(missing(PAGES_SHA256))?;
        if pages.sha256() != named {
            return Err(BadAir::Pages(number));
        }
        messages.push(AirMessage {
            channel: identifier,
            serial,
            pages,
            pages_sha256: named,
            languages: vec![info.primary_language()],
        });
    }
    if messages.is_empty() { Err(BadAir::None) } else { Ok(messages) }
}

fn page(text: &str) -> Option<Page> {
    let (octets, useful) = text.split_once(' ')?;
    Page::new(unhex(octets)?.try_into().ok()?, useful.parse().ok()?)
}
