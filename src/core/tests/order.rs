//! An order on its way: unchanged on the wire, and refused by name when anything about it is not what was approved.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

mod oman;

use nadhir_core::cbs::Class;
use nadhir_core::delivery::{BadOrder, Kind, Order};
use nadhir_core::digest::Digest;
use oman::{EXERCISE, FLOOD, order, prepared};
use proptest::prelude::*;
use serde_json::Value;

const NOW: &str = "2026-11-22T03:00:00Z";

fn flood() -> Order {
    order(&prepared(FLOOD, NOW))
}

/// The variant's name, or `good`.
fn judged(order: &Order, operator: &str, queue: Class) -> String {
    match order.verify(operator, queue) {
        Ok(_) => "good".to_owned(),
        Err(bad) => {
            assert!(!bad.to_string().is_empty());
            format!("{bad:?}").split([' ', '(', '{']).next().unwrap().to_owned()
        }
    }
}

#[test]
fn it_is_the_same_after_the_wire() {
    for left_ms in [9_876, 0, -4_000, i64::MIN] {
        assert_eq!(Order::from_wire(&flood().to_wire(left_ms)), Ok((flood(), left_ms)));
    }
}

#[test]
fn a_form_or_a_version_that_is_not_known_is_told() {
    let with = |version: Value| {
        let mut envelope: Value = serde_json::from_slice(&flood().to_wire(1)).unwrap();
        envelope["version"] = version;
        Order::from_wire(&serde_json::to_vec(&envelope).unwrap())
    };
    assert_eq!(with(2.into()), Err(BadOrder::Version(2)));
    assert_eq!(with(0.into()), Err(BadOrder::Version(0)));
    // The version is judged first: what a newer program writes beside it may have any form.
    assert_eq!(Order::from_wire(br#"{"version":7,"order":"sealed"}"#), Err(BadOrder::Version(7)));
    for bytes in [&b""[..], b"{", b"[]", b"{}", br#"{"version":-1}"#, br#"{"version":1}"#, b"\xff\xfe"] {
        assert!(matches!(Order::from_wire(bytes), Err(BadOrder::Form(_))), "{bytes:?}");
    }
    assert!(matches!(with("1".into()), Err(BadOrder::Form(_))));
}

#[test]
fn it_is_carried_out_only_as_it_was_approved_and_where() {
    type Change = fn(&mut Order);
    let rehash = |order: &mut Order| order.cap_sha256 = Digest::of(order.cap.as_bytes());
    let moved: Change = |order| order.cap = order.cap.replace("23.12,57.62", "23.62,58.62");
    let rows: [(&str, Change, &str, Class, &str); 12] = [
        ("as it is", |_| {}, "omantel", Class::Live, "good"),
        ("on another's queue", |_| {}, "ooredoo", Class::Live, "Operator"),
        ("bound to another", |o| o.operator = "ooredoo".to_owned(), "omantel", Class::Live, "Operator"),
        ("by the drill queue", |_| {}, "omantel", Class::Drill, "Class"),
        ("said to be a drill", |o| o.class = Class::Drill, "omantel", Class::Live, "Class"),
        ("a drill's envelope", |o| o.class = Class::Drill, "omantel", Class::Drill, "Envelope"),
        ("a later end", |o| o.expires += chrono::TimeDelta::hours(1), "omantel", Class::Live, "Envelope"),
        ("other words", |o| o.cap = o.cap.replace("wadis", "roads"), "omantel", Class::Live, "Cap"),
        ("one octet more", |o| o.cap.push('\n'), "omantel", Class::Live, "Cap"),
        ("another digest", |o| o.cap_sha256 = Digest([7; 32]), "omantel", Class::Live, "Cap"),
        ("another area's digest", |o| o.area_sha256 = Some(Digest([7; 32])), "omantel", Class::Live, "Area"),
        ("no area's digest", |o| o.area_sha256 = None, "omantel", Class::Live, "Area"),
    ];
    for (what, change, operator, queue, want) in rows {
        let mut order = flood();
        change(&mut order);
        assert_eq!(judged(&order, operator, queue), want, "{what}");
    }
    // Whoever changes the CAP and its digest together still has to change the area's.
    let mut order = flood();
    let before = order.cap.clone();
    moved(&mut order);
    assert_ne!(order.cap, before);
    rehash(&mut order);
    assert_eq!(judged(&order, "omantel", Class::Live), "Area");
    order.kind = Kind::Update;
    assert_eq!(judged(&order, "omantel", Class::Live), "Area");
    // In one language alone it is as bad as in all.
    let mut order = flood();
    order.cap = order.cap.replacen("23.12,57.62", "23.62,58.62", 1);
    rehash(&mut order);
    assert_eq!(judged(&order, "omantel", Class::Live), "Area");
    order.cap = "no CAP".to_owned();
    rehash(&mut order);
    assert_eq!(judged(&order, "omantel", Class::Live), "Unreadable");
}

#[test]
fn a_drill_is_never_carried_out_as_live() {
    let drill = order(&prepared(EXERCISE, "2026-11-24T06:15:00Z"));
    assert_eq!(drill.class, Class::Drill);
    assert_eq!(judged(&drill, "omantel", Class::Drill), "good");
    assert_eq!(judged(&drill, "omantel", Class::Live), "Class");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever octet of what travels is changed: it cannot be read, is refused, or is the order it was.
    #[test]
    fn no_changed_octet_reaches_the_air(place in any::<prop::sample::Index>(), by in 1_u8..) {
        let sent = flood();
        let mut bytes = sent.to_wire(5_000);
        let at = place.index(bytes.len());
        bytes[at] ^= by;
        if let Ok((came, _)) = Order::from_wire(&bytes)
            && came.verify("omantel", Class::Live).is_ok()
        {
            prop_assert_eq!(came.cap, sent.cap);
            prop_assert_eq!(came.area_sha256, sent.area_sha256);
        }
    }
}
