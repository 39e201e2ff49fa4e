//! Shipped regions, a good warning prepared on them, and its order to one operator, for tests to change.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]
#![allow(dead_code, reason = "each test target uses its part of it")]

use chrono::{DateTime, Utc};
use nadhir_core::area::{Files, Index};
use nadhir_core::cap::National;
use nadhir_core::cbs::Serial;
use nadhir_core::delivery::{Kind, Order};
use nadhir_core::digest::Digest;
use nadhir_core::warning::{Prepared, Terms, air_cap, prepare};
use std::sync::OnceLock;

pub(crate) const FLOOD: &str =
    include_str!("../../../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");
pub(crate) const EXERCISE: &str = include_str!("../../../../cap-schemas/samples/good/exercise-sohar.xml");

/// The regions as they are shipped.
pub(crate) fn index() -> &'static Index {
    static OMAN: OnceLock<Index> = OnceLock::new();
    let files = Files {
        governorates: include_bytes!("../../../../regions/governorates.json"),
        wilayat: include_bytes!("../../../../regions/wilayat.json"),
        sea: include_bytes!("../../../../regions/sea.json"),
        named: include_bytes!("../../../../regions/named.json"),
    };
    OMAN.get_or_init(|| Index::parse_all(&files).unwrap())
}

/// The national profile as it is shipped.
pub(crate) fn profile() -> &'static National {
    static OMAN: OnceLock<National> = OnceLock::new();
    OMAN.get_or_init(|| National::parse(include_bytes!("../../../../cap-schemas/oman.json")).unwrap())
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// While the flood is in force.
pub(crate) fn soon() -> DateTime<Utc> {
    at("2026-11-22T03:00:00Z")
}

pub(crate) fn prepared(cap: &str, now: &str) -> Prepared {
    prepare(cap.as_bytes(), profile(), index(), at(now), &Terms::default()).unwrap()
}

/// One serial a message, from code 40 on.
pub(crate) fn serials(prepared: &Prepared) -> Vec<Serial> {
    (40..).take(prepared.encoded.messages.len()).map(|code| Serial::new(code, 0).unwrap()).collect()
}

/// What every operator gets.
pub(crate) fn air(prepared: &Prepared, serials: &[Serial]) -> String {
    let Prepared { alert, rings, channel, encoded, .. } = prepared;
    String::from_utf8(air_cap(alert, rings, *channel, encoded, serials)).unwrap()
}

/// The order of a prepared warning to Omantel.
pub(crate) fn order(prepared: &Prepared) -> Order {
    let cap = air(prepared, &serials(prepared));
    Order {
        delivery: "ord_1".to_owned(),
        warning: "wrn_1".to_owned(),
        operator: "omantel".to_owned(),
        sequence: 1,
        class: prepared.channel.class(),
        kind: Kind::Alert,
        replaces: None,
        ends: vec![],
        cap_sha256: Digest::of(cap.as_bytes()),
        area_sha256: Some(prepared.area_sha256),
        approved_at: soon(),
        expires: prepared.expires,
        cap,
    }
}
