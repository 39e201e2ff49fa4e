//! What an alert asks to be broadcast: its messages, checked against channels, page hash, area and time. Knows no cells.

use crate::cap::{Alert, Info};
use crate::channels::provisioned;
use crate::frames::Header;
use crate::geometry::Ring;
use crate::own;
use crate::page::{self, MOST_PAGES, Page};
use crate::refusal::Fault;
use chrono::DateTime;
use serde::Deserialize;

/// The tag in `code` that says which parameters an order carries.
const FORM: &str = "nadhir-order-1";

/// How often a message is repeated: the query of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Rounds {
    /// 2G: from one broadcast to the next, in units of 1.883 s, 1 to 1,024 (TS 23.041, 9.3.8).
    pub(crate) period_2g: u16,
    /// 2G: how many broadcasts.
    pub(crate) broadcasts_2g: u16,
    /// 4G and 5G: from one broadcast to the next, in seconds, 1 to 4,095 (TS 36.413, 9.2.1.48).
    pub(crate) period_s: u16,
    /// 4G and 5G: how many broadcasts.
    pub(crate) broadcasts: u16,
    /// 4G and 5G: whether it is broadcast beside what is on air already.
    #[serde(default)]
    pub(crate) concurrent: Concurrent,
}

/// The Concurrent Warning Message Indicator (TS 36.413, 9.2.1.79; TS 38.413, 9.3.1.46).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Concurrent {
    /// Present: beside whatever the cell broadcasts.
    Yes,
    /// Absent: the cell replaces whatever it broadcasts (TS 36.413, 8.12.1.2).
    #[default]
    No,
}

/// One message to be broadcast.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// Identifier, serial and coding.
    pub(crate) header: Header,
    /// Its pages.
    pub(crate) pages: Vec<Page>,
    /// Lower-case hex over 82 octets and one octet of useful length a page.
    pub(crate) pages_sha256: String,
    /// The languages it carries, each with words that a phone's text must hold.
    pub(crate) words: Vec<(String, String)>,
    /// Where: the union of these.
    pub(crate) area: Vec<Ring>,
    /// Until when, Unix milliseconds.
    pub(crate) expires_ms: i64,
}

impl Rounds {
    /// What is out of range.
    pub(crate) fn faults(self) -> Vec<Fault> {
        let rows = [
            ("period_2g", self.period_2g, 1024),
            ("broadcasts_2g", self.broadcasts_2g, u16::MAX),
            ("period_s", self.period_s, 4095),
            ("broadcasts", self.broadcasts, u16::MAX),
        ];
        rows.into_iter()
            .filter(|&(_, value, most)| !(1..=most).contains(&value))
            .map(|(name, value, most)| {
                Fault::new("rounds.range", format!("{name} is {value}, not from 1 to {most}"))
            })
            .collect()
    }
}

/// Who makes the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoder {
    /// The order brings them.
    Order,
    /// The CBC, on the channel and under the serial it is told.
    Own,
    /// The CBC, on the channel of the standard's table.
    PlainTable,
}

/// The messages of an alert.
///
/// # Errors
/// Every reason not to broadcast it; `expired` stands first.
pub(crate) fn messages(alert: &Alert, encoder: Encoder, now_ms: i64) -> Result<Vec<Message>, Vec<Fault>> {
    let mut faults = Vec::new();
    let expires_ms = expiry(alert, now_ms, &mut faults);
    if !alert.codes.iter().any(|code| code == FORM) {
        faults.push(Fault::new("order.form", format!("no code says {FORM}: the parameters are not known")));
    }
    let area = alert.infos.first().map(|info| info.polygons.clone()).unwrap_or_default();
    if area.is_empty() {
        faults.push(Fault::new(
            "area.missing",
            "no polygon and no circle: a warning is never sent everywhere by default",
        ));
    }
    if alert.infos.iter().any(|info| info.polygons != area) {
        faults.push(Fault::new("area.differs", "the languages of one alert name different areas"));
    }
    let groups = by_message(alert, &mut faults);
    let messages: Vec<Message> = groups
        .iter()
        .filter_map(|infos| match encoder {
            Encoder::Order => message(infos, &alert.status, &mut faults),
            Encoder::Own | Encoder::PlainTable => own_message(infos, encoder, &alert.status, &mut faults),
        })
        .map(|message| Message { area: area.clone(), expires_ms, ..message })
        .collect();
    for (index, message) in messages.iter().enumerate() {
        let identity = |other: &Message| (other.header.identifier, other.header.serial);
        if messages[..index].iter().any(|other| identity(other) == identity(message)) {
            faults.push(Fault::new(
                "serial.twice",
                format!("serial {} is given to two messages", message.header.serial),
            ));
        }
    }
    if faults.is_empty() { Ok(messages) } else { Err(faults) }
}

fn expiry(alert: &Alert, now_ms: i64, faults: &mut Vec<Fault>) -> i64 {
    let mut earliest = i64::MAX;
    for (number, info) in (1..).zip(&alert.infos) {
        match DateTime::parse_from_rfc3339(&info.expires) {
            Ok(time) => earliest = earliest.min(time.timestamp_millis()),
            Err(_) => faults.push(Fault::new(
                "expires.form",
                format!("info[{number}]/expires \"{:.40}\" is no time", info.expires),
            )),
        }
    }
    if earliest <= now_ms {
        faults.insert(0, Fault::new("expired", "the alert has expired: it is not broadcast"));
    }
    earliest
}

/// The infos of message 1, of message 2, and so on, by `nadhir:message` = `k/n`.
fn by_message<'a>(alert: &'a Alert, faults: &mut Vec<Fault>) -> Vec<Vec<&'a Info>> {
    let mut groups: Vec<Vec<&Info>> = Vec::new();
    let mut total = None;
    for (number, info) in (1..).zip(&alert.infos) {
        let value = info.values("nadhir:message").next().unwrap_or_default();
        let parsed = value
            .split_once('/')
            .and_then(|(k, n)| Some((k.parse::<usize>().ok()?, n.parse::<usize>().ok()?)));
        match parsed {
            Some((k, n)) if (1..=n).contains(&k) && n <= 16 && *total.get_or_insert(n) == n => {
                groups.resize_with(n, Vec::new);
                groups[k - 1].push(info);
            }
            _ => faults.push(Fault::new(
                "order.message",
                format!("info[{number}]: nadhir:message \"{value:.20}\" is no \"k/n\" that fits the others"),
            )),
        }
    }
    if groups.is_empty() && faults.is_empty() {
        faults.push(Fault::new("order.message", "no info carries a message"));
    }
    for (number, _) in (1..).zip(&groups).filter(|(_, group)| group.is_empty()) {
        faults.push(Fault::new("order.message", format!("message {number} carries no language")));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn message(infos: &[&Info], status: &str, faults: &mut Vec<Fault>) -> Option<Message> {
    let first = infos.first()?;
    let before = faults.len();
    let identifier = number(first, "nadhir:identifier", u32::from(u16::MAX), faults);
    let serial = number(first, "nadhir:serial", u32::from(u16::MAX), faults);
    let dcs = number(first, "nadhir:dcs", u32::from(u8::MAX), faults);
    let header = Header {
        identifier: u16::try_from(identifier).unwrap_or(0),
        serial: u16::try_from(serial).unwrap_or(0),
        dcs: u8::try_from(dcs).unwrap_or(0),
    };
    provisioned_for(header.identifier, status, faults);
    let pages: Vec<Page> = first.values("nadhir:page").filter_map(|value| read_page(value, faults)).collect();
    if !(1..=MOST_PAGES).contains(&pages.len()) {
        faults.push(Fault::new(
            "pages.count",
            format!("{} readable pages, not from 1 to {MOST_PAGES}", pages.len()),
        ));
    }
    let pages_sha256 = page::hash(&pages);
    if first.values("nadhir:pages-sha256").ne([pages_sha256.as_str()]) {
        faults.push(Fault::new(
            "pages.hash",
            format!("the pages hash to {pages_sha256}, which is not what the alert says"),
        ));
    }
    let message =
        Message { header, pages, pages_sha256, words: words(infos), area: Vec::new(), expires_ms: 0 };
    (faults.len() == before).then_some(message)
}

/// A message of the CBC's own making: pages and their digest in the order are not looked at.
fn own_message(infos: &[&Info], encoder: Encoder, status: &str, faults: &mut Vec<Fault>) -> Option<Message> {
    let first = infos.first()?;
    let before = faults.len();
    let told = number(first, "nadhir:identifier", u32::from(u16::MAX), faults);
    let serial = number(first, "nadhir:serial", u32::from(u16::MAX), faults);
    let identifier = match encoder {
        Encoder::Order | Encoder::Own => u16::try_from(told).unwrap_or(0),
        Encoder::PlainTable => own::plain_channel(first),
    };
    if encoder == Encoder::Own {
        provisioned_for(identifier, status, faults);
    }
    let (dcs, pages) = own::encode(infos);
    let header = Header { identifier, serial: u16::try_from(serial).unwrap_or(0), dcs };
    let pages_sha256 = page::hash(&pages);
    let message =
        Message { header, pages, pages_sha256, words: words(infos), area: Vec::new(), expires_ms: 0 };
    (faults.len() == before).then_some(message)
}

fn words(infos: &[&Info]) -> Vec<(String, String)> {
    let said = |info: &&Info| {
        let said = info.values("nadhir:text").find(|text| !text.is_empty()).unwrap_or(&info.headline);
        (info.language.clone(), said.to_owned())
    };
    infos.iter().map(said).collect()
}

fn provisioned_for(identifier: u16, status: &str, faults: &mut Vec<Fault>) {
    match provisioned(identifier) {
        Some(channel) if channel.status == status => {}
        Some(channel) => faults.push(Fault::new(
            "channel.status",
            format!(
                "channel {} is for status {}, and this is {status:.20}",
                channel.identifier, channel.status
            ),
        )),
        None => faults.push(Fault::new(
            "channel.unprovisioned",
            format!("channel {identifier} is not provisioned here"),
        )),
    }
}

fn number(info: &Info, name: &str, most: u32, faults: &mut Vec<Fault>) -> u32 {
    let mut values = info.values(name);
    match (values.next().and_then(|value| value.parse::<u32>().ok()), values.next()) {
        (Some(value), None) if value <= most => value,
        _ => {
            faults.push(Fault::new(
                "order.number",
                format!("{name} must be there once, a whole number up to {most}"),
            ));
            0
        }
    }
}

fn read_page(value: &str, faults: &mut Vec<Fault>) -> Option<Page> {
    let page = Page::parse(value);
    if page.is_none() {
        let words =
            format!("nadhir:page \"{value:.20}...\" is not 164 hex digits and a useful length of 1 to 82");
        faults.push(Fault::new("pages.form", words));
    }
    page
}

#[cfg(test)]
mod tests;
