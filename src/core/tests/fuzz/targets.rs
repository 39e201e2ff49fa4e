//! What is fed: each target takes octets, uses what reads them as the service does, and says what the answer was made of.
#![expect(clippy::disallowed_methods, reason = "the corpus is files")]

use super::oman;
use nadhir_core::area::{self, Origin, exchange};
use nadhir_core::cap::chain::{Effect, Message};
use nadhir_core::cap::{self, Area, CapTime, Chains, Circle, MsgType, Profile, Reference, Ring};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Counts, Order, Receipt};
use nadhir_core::digest::Digest;
use nadhir_core::fault::Fault;
use nadhir_core::warning::air;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Something that reads what others send.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Answers with a number that is the same for the same kind of answer.
    pub(crate) feed: fn(&[u8]) -> u64,
    /// Words of its language.
    pub(crate) words: &'static [&'static str],
}

const XML: &[&str] = &[
    "<info>",
    "</info>",
    "<area>",
    "</area>",
    "<polygon>",
    "</polygon>",
    "<!DOCTYPE a>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "&x;",
    "&#0;",
    "alert",
    "references",
    "language",
    "expires",
    "xmlns:x=\"u\"",
    "<x/>",
    "2026-11-22T06:30:00+04:00",
    "Z",
    "\u{feff}",
    "Update",
    "Cancel",
    "a,b,2026-11-22T06:30:00+04:00",
    "<?xml",
    "?>",
    "'",
    "\"",
    "\u{0}",
];

pub(crate) const READ: Target = Target { name: "read", feed: read, words: XML };

pub(crate) const POLYGON: Target = Target {
    name: "polygon",
    feed: polygon,
    words: &[
        "23.1,57.2",
        " ",
        "\n",
        "polygon",
        "circle",
        "coordinates",
        "[57,23]",
        "[[",
        "]]",
        ",",
        "90,180",
        "23,57 23,57",
        "{",
        "}",
        "null",
    ],
};

pub(crate) const REFERENCES: Target = Target {
    name: "references",
    feed: references,
    words: &[
        "A",
        "U",
        "C",
        "K",
        "E",
        "\n",
        " ",
        "a,m1,",
        "a,m2,",
        "2026-11-22T06:30:00+04:00",
        "2026-11-22T02:30:00-00:00",
        ",",
    ],
};

pub(crate) const ORDER: Target = Target { name: "order", feed: order, words: XML };

pub(crate) const RECEIPT: Target = Target {
    name: "receipt",
    feed: receipt,
    words: &[
        "version", "receipt", "grade", "on_air", "accepted", "unknown", "kind", "cells", "null", "{", "}",
        "[", "]", ":", "\\u0000", "true",
    ],
};

/// The files of a target's folder; for `read` and `order` the samples as well.
pub(crate) fn corpus(name: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("tests/fuzz/corpus").join(name)];
    if ["read", "order"].contains(&name) {
        folders.extend(["good", "bad"].map(|kind| root.join("../../cap-schemas/samples").join(kind)));
        folders.push(root.join("tests/foreign"));
    }
    let mut files: Vec<_> = folders
        .iter()
        .filter_map(|f| std::fs::read_dir(f).ok())
        .flatten()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let mut corpus: Vec<Vec<u8>> = files.iter().map(|f| std::fs::read(f).unwrap()).collect();
    // Long published documents are for the benches; here they would only make every input slow.
    corpus.retain(|file| file.len() <= 32_000);
    match name {
        "read" => corpus.push(far_apart()),
        "polygon" => corpus.push(to_and_fro()),
        "order" => {
            let prepared = oman::prepared(oman::FLOOD, "2026-11-22T03:00:00Z");
            let order = oman::order(&prepared);
            corpus.extend([order.to_wire(9_000), order.cap.into_bytes()]);
        }
        _ => {}
    }
    corpus
}

/// A ring that runs between two places thousands of times: every side lies on every other. For inbound areas, by its length.
fn to_and_fro() -> Vec<u8> {
    format!("22.9,57.4 {}22.9,57.4;1,1", "23.1,57.6 23.1,57 ".repeat(9_000)).into_bytes()
}

/// As many elements on one line as fit, and behind them as many faults of reading and of the rules as are listed: what it
/// costs to say where each one is.
fn far_apart() -> Vec<u8> {
    let area = |polygon: &str| format!("<area><areaDesc>d</areaDesc>{}</area>", polygon.repeat(8));
    let areas = [area("<polygon>x</polygon>"), area("<polygon>1,1</polygon>")].map(|area| area.repeat(26));
    let (head, rest) = oman::FLOOD.split_at(oman::FLOOD.find("<info>").unwrap());
    let rest = rest.replacen("<area>", &format!("{}<area>", areas.concat()), 1);
    let codes = "<code/>".repeat((250_000 - head.len() - rest.len()) / 7);
    [head, &codes, &rest].concat().replace('\n', "").into_bytes()
}

/// The same for the same codes, whatever their order and number.
fn kind(of: impl IntoIterator<Item = Fault>, more: impl Hash) -> u64 {
    let codes: BTreeSet<String> = of.into_iter().map(|fault| fault.code).collect();
    let mut hasher = DefaultHasher::new();
    (codes, more).hash(&mut hasher);
    hasher.finish()
}

fn read(input: &[u8]) -> u64 {
    // As one request does it: by one profile.
    let profile = if input.len().is_multiple_of(2) { Profile::Cap } else { Profile::Oman(oman::profile()) };
    let verdict = cap::verdict(input, profile);
    assert!(verdict.readable || !verdict.valid());
    if let Some(alert) = verdict.alert.as_ref().filter(|_| verdict.valid()) {
        let (again, faults) = cap::read(&cap::write(alert), &cap::Limits::cap());
        assert_eq!(again.as_ref(), Some(alert), "what is written is read back: {faults:?}");
    }
    kind(verdict.faults, (verdict.readable, verdict.alert.is_some(), profile.word()))
}

fn polygon(input: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(input);
    let mut areas = Vec::new();
    let mut faults = Vec::new();
    match exchange::from_geojson(input) {
        Ok((read, said)) => {
            let out = exchange::to_geojson(&read, oman::index()).to_string();
            assert!(
                exchange::from_geojson(out.as_bytes()).is_ok() || read.iter().any(|a| a.polygons.is_empty())
            );
            areas = read;
            faults.extend(said);
        }
        Err(said) => faults.extend(said),
    }
    let mut area = Area {
        area_desc: String::new(),
        polygons: vec![],
        circles: vec![],
        geocodes: vec![],
        altitude: None,
        ceiling: None,
    };
    for line in text.split(';').take(8) {
        area.polygons.extend(Ring::parse(line).ok().filter(|ring| !ring.points.is_empty()));
        area.circles.extend(Circle::parse(line).ok());
    }
    areas.push(area);
    // As one request does it: by one origin, for one order.
    let origin = if input.len().is_multiple_of(2) { Origin::Desk } else { Origin::Inbound };
    let coverage = area::cover(&areas, oman::index(), origin);
    for ring in coverage.polygons_for_air(1_000) {
        assert!(ring.points.len() <= 1_000 && ring.points.first() == ring.points.last());
    }
    faults.extend(coverage.faults);
    kind(faults, areas.len())
}

/// A message a line: its type, its triple, what it names.
fn references(input: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(input);
    let triple = |text: &str| {
        let mut parts = text.splitn(3, ',');
        let (sender, identifier) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Reference { sender, identifier, sent: CapTime::parse(parts.next()?).ok()? })
    };
    let mut chains = Chains::default();
    let mut faults = Vec::new();
    let mut did = BTreeSet::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let msg_type = match words.next() {
            Some("A") => MsgType::Alert,
            Some("U") => MsgType::Update,
            Some("C") => MsgType::Cancel,
            Some("K") => MsgType::Ack,
            Some("E") => MsgType::Error,
            _ => continue,
        };
        let Some(id) = words.next().and_then(triple) else { continue };
        let (now, references) = (id.sent.utc(), words.filter_map(triple).collect());
        let expires = now.checked_add_signed(chrono::Duration::hours(3));
        match chains.admit(Message { id: id.clone(), msg_type, references, expires }, now) {
            Ok(admitted) => {
                did.insert(match admitted.effect {
                    Effect::Begins => 1,
                    Effect::Replaces(_) => 2,
                    Effect::Ends(_) => 3,
                    Effect::Answers(_) => 4,
                });
                faults.extend(admitted.warnings);
                assert_eq!(
                    chains.owed(std::slice::from_ref(&id), now).first().map(|r| *r == id),
                    match msg_type {
                        MsgType::Alert | MsgType::Update => Some(true),
                        MsgType::Cancel | MsgType::Ack | MsgType::Error =>
                            chains.owed(&[id], now).first().map(|_| false),
                    }
                );
            }
            Err(refused) => faults.extend(refused),
        }
    }
    kind(faults, did)
}

fn order(input: &[u8]) -> u64 {
    let mut said = Vec::new();
    let mut orders: Vec<Order> = Vec::new();
    match Order::from_wire(input) {
        Ok((order, left)) => {
            assert_eq!(Order::from_wire(&order.to_wire(left)), Ok((order.clone(), left)));
            orders.push(order);
        }
        Err(e) => said.push(word(&format!("{e:?}"))),
    }
    // The same octets as the CAP of an order whose digests are right: what stands behind the digests is fed too.
    if let Ok(cap) = std::str::from_utf8(input) {
        let area = cap::read(input, &cap::Limits::cap())
            .0
            .and_then(|a| a.infos.first().map(|i| area::digest(&i.areas)));
        orders.push(Order { cap: cap.to_owned(), area_sha256: area, ..template() });
    }
    for mut order in orders {
        said.push(
            order
                .verify("omantel", order.class)
                .map_or_else(|e| word(&format!("{e:?}")), |_| "good".to_owned()),
        );
        order.cap_sha256 = Digest::of(order.cap.as_bytes());
        match order.verify("omantel", Class::Live) {
            Ok(alert) => said.push(
                air::messages(&alert).map_or_else(|e| word(&format!("{e:?}")), |m| m.len().to_string()),
            ),
            Err(e) => said.push(word(&format!("{e:?}"))),
        }
    }
    kind([], said)
}

fn template() -> Order {
    static ORDER: std::sync::OnceLock<Order> = std::sync::OnceLock::new();
    ORDER.get_or_init(|| oman::order(&oman::prepared(oman::FLOOD, "2026-11-22T03:00:00Z"))).clone()
}

fn receipt(input: &[u8]) -> u64 {
    if let Some(Ok(counts)) = Counts::from_wire(input) {
        assert_eq!(Counts::from_wire(&counts.to_wire()), Some(Ok(counts)));
    }
    match Receipt::from_wire(input) {
        Ok(receipt) => {
            assert_eq!(Receipt::from_wire(&receipt.to_wire()), Ok(receipt.clone()));
            kind([], receipt.grade.word())
        }
        // The words without the place: line and column are no new kind.
        Err(e) => {
            kind([], e.to_string().chars().filter(|c| !c.is_ascii_digit()).take(40).collect::<String>())
        }
    }
}

/// The name of a case.
fn word(debug: &str) -> String {
    debug.chars().take_while(char::is_ascii_alphanumeric).collect()
}
