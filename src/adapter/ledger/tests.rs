//! The ledger: what it keeps over a restart, and a second delivery of the same order.

use super::*;
use nadhir_core::delivery::Kind;
use nadhir_core::digest::Digest;

pub(super) fn order() -> Order {
    let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    Order {
        delivery: "ord_1".into(),
        warning: "wrn_1".into(),
        operator: "omantel".into(),
        sequence: 1,
        class: nadhir_core::cbs::Class::Live,
        kind: Kind::Alert,
        replaces: None,
        ends: vec![],
        cap_sha256: Digest([1; 32]),
        area_sha256: Some(Digest([2; 32])),
        approved_at: at,
        expires: at,
        cap: "<alert/>".into(),
    }
}

#[tokio::test]
async fn a_copy_waits_for_its_taken_receipt_only_while_that_is_not_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
    let at = order().approved_at;
    let first = ledger.take(order(), at).await.unwrap();
    assert_eq!(first, Taken { stage: Stage::Taken, again: false, receipt: 1, last: 0 });
    assert_eq!(ledger.take(order(), at).await.unwrap(), Taken { again: true, last: 1, ..first });
    ledger.sent(vec![1]).await.unwrap();
    // Nobody will confirm it a second time: a copy that waited for that would never be acknowledged.
    assert_eq!(ledger.take(order(), at).await.unwrap(), Taken { again: true, receipt: 0, last: 1, ..first });
    ledger.offer_again(10).await.unwrap();
    assert_eq!(ledger.unsent(0, 9).await.unwrap().len(), 1);
    assert_eq!(ledger.take(order(), at).await.unwrap(), Taken { again: true, last: 1, ..first });
    let other = Order { cap: "<other/>".into(), ..order() };
    assert!(matches!(ledger.take(other, at).await, Err(LedgerError::OtherBody(_))));
}

#[tokio::test]
async fn an_order_that_cannot_be_read_does_not_keep_the_others_from_going_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let ledger = Ledger::open(&path).unwrap();
    for n in 1..=3 {
        let own = Order { delivery: format!("ord_{n}"), sequence: n, ..order() };
        ledger.take(own, order().approved_at).await.unwrap();
    }
    let bare = Connection::open(&path).unwrap();
    bare.execute("UPDATE delivery SET body = x'7b00' WHERE delivery = 'ord_1'", []).unwrap();
    let open = ledger.open_orders().await.unwrap();
    let open: Vec<_> = open.iter().map(|(order, stage)| (order.delivery.as_str(), *stage)).collect();
    assert_eq!(open, [("ord_2", Stage::Taken), ("ord_3", Stage::Taken)]);
}
