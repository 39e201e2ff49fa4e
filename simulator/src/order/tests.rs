//! What the simulator understands of an order, and what it refuses.

use super::*;
use crate::cap;
use crate::sample::Sample;

const NOW: i64 = 1_795_000_000_000;

fn check(change: impl FnOnce(&mut Sample), expected: &[&str]) {
    let mut sample = Sample::new(NOW + 3_600_000);
    change(&mut sample);
    let alert = cap::read(sample.document().as_bytes()).expect("the sample is readable");
    let found = messages(&alert, Encoder::Order, NOW).err().unwrap_or_default();
    let codes: Vec<&str> = found.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, expected, "{found:?}");
}

#[test]
fn takes_a_whole_alert() {
    let alert = cap::read(Sample::new(NOW + 1).document().as_bytes()).unwrap();
    let found = messages(&alert, Encoder::Order, NOW).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].header, Header { identifier: 4371, serial: 0x4010, dcs: 0x48 });
    assert_eq!(found[0].words, [("ar".to_owned(), "سيل".to_owned()), ("en".to_owned(), "Flood".to_owned())]);
    assert_eq!((found[0].pages.len(), found[1].header.serial, found[1].area.len()), (1, 0x4020, 1));
}

#[test]
fn names_every_reason_against_it() {
    check(|_| {}, &[]);
    check(|sample| sample.expires_ms = NOW, &["expired"]);
    check(|sample| sample.code = "nadhir-order-2", &["order.form"]);
    check(|sample| sample.polygons.clear(), &["area.missing"]);
    check(|sample| sample.status = "Test", &["channel.status", "channel.status"]);
    check(|sample| sample.status = "Exercise", &["channel.status", "channel.status"]);
    check(|sample| sample.messages[0].identifier = 4375, &["channel.unprovisioned"]);
    check(|sample| sample.messages[1].serial = 0x4010, &["serial.twice"]);
    check(|sample| sample.messages[0].serial = 70_000, &["order.number"]);
    check(|sample| sample.messages[1].sha256 = Some("00".repeat(32)), &["pages.hash"]);
    check(
        |sample| sample.messages[0].pages = vec!["0041 2".to_owned()],
        &["pages.form", "pages.count", "pages.hash"],
    );
    check(|sample| sample.messages[0].pages = vec![], &["pages.count"]);
    check(|sample| sample.of = 3, &["order.message"]);
    check(
        |sample| {
            sample.expires_ms = NOW - 1;
            sample.polygons.clear();
            sample.messages[0].identifier = 919;
        },
        &["expired", "area.missing", "channel.unprovisioned"],
    );
}

#[test]
fn bounds_the_rounds() {
    let rounds = Rounds {
        period_2g: 16,
        broadcasts_2g: 40,
        period_s: 30,
        broadcasts: 40,
        concurrent: Concurrent::Yes,
    };
    assert_eq!(rounds.faults(), []);
    let wrong = Rounds {
        period_2g: 1025,
        broadcasts_2g: 0,
        period_s: 4096,
        broadcasts: 0,
        concurrent: Concurrent::Yes,
    };
    assert_eq!(wrong.faults().len(), 4);
}
