//! Rows that no event tells of, or tells of otherwise: written by whoever has the file and knows the rules of its tables.

use super::*;
use nadhir_core::delivery::Order;

/// `wrn_1` approved, its order to Omantel queued and taken; `wrn_2` waiting.
async fn record() -> Room {
    let room = Room::new().await;
    room.submit("wrn_2", "2.49.0.1.512.2").await.unwrap();
    room.approve("badr", HASH).await.unwrap();
    room.store.queued(receipt("r0", "ord_1", "omantel", Grade::Queued), Duration::ZERO).await.unwrap();
    let air = Grade::OnAir { cells: 3, expected: 4, outside: 0, people: None };
    for (id, grade) in [("r1", Grade::Taken), ("r2", air)] {
        let heard = receipt(id, "ord_1", "omantel", grade);
        room.store.heard(heard, Duration::from_millis(5)).await.unwrap();
    }
    room
}

/// An approval and an order of `wrn_2`, as the tables' rules ask for them, and no event.
fn made_up() -> String {
    let body = r#"{"delivery":"ord_x","warning":"wrn_2","operator":"omantel","class":"live","kind":"alert","sequence":2}"#;
    format!(
        "INSERT INTO approval VALUES ('wrn_2', 'badr', x'{HASH}', 9);
         UPDATE warning SET state = 'approved' WHERE id = 'wrn_2';
         INSERT INTO outbox VALUES ('ord_x', 'wrn_2', 'omantel', 'live', 'alert', 2, CAST('{body}' AS BLOB), 9, NULL)"
    )
}

#[tokio::test]
async fn the_first_row_that_no_event_tells_of_is_named() {
    let whole = record().await;
    whole.store.verify().await.unwrap().unwrap();
    let made_up = made_up();
    let untold = "no event tells of it";
    let another = "it is not what the events tell of it";
    let gone = "an event tells of it, and it is not there";
    let cases = [
        // What the tables' own rules let a stranger write.
        ("person zaid", untold, "", "INSERT INTO person VALUES ('zaid', 'ZAID', zeroblob(32))"),
        ("warning wrn_2", another, "", made_up.as_str()),
        (
            "approval wrn_2",
            untold,
            "",
            "INSERT INTO approval SELECT 'wrn_2', person, hash, at_ms FROM approval",
        ),
        ("ending wrn_2", untold, "", "INSERT INTO ending VALUES ('wrn_2', 'expired', NULL, 9)"),
        ("outbox ord_2", another, "", "UPDATE outbox SET queued_ms = 9 WHERE delivery = 'ord_2'"),
        (
            "receipt r9",
            untold,
            "",
            "INSERT INTO receipt SELECT 'r9', delivery, body, grade, 1 FROM receipt WHERE id = 'r1'",
        ),
        // And what one may write who drops them first.
        (
            "warning wrn_1",
            another,
            "warning_content_fixed",
            "UPDATE warning SET cap = x'00' WHERE id = 'wrn_1'",
        ),
        ("warning wrn_1", gone, "warning_kept", "DELETE FROM warning WHERE id = 'wrn_1'"),
        ("approval wrn_1", another, "approval_fixed", "UPDATE approval SET person = 'amal'"),
        ("approval wrn_1", gone, "approval_kept", "DELETE FROM approval"),
        (
            "outbox ord_1",
            another,
            "outbox_fixed",
            "UPDATE outbox SET operator = 'vodafone' WHERE delivery = 'ord_1'",
        ),
        ("outbox ord_2", gone, "outbox_kept", "DELETE FROM outbox WHERE delivery = 'ord_2'"),
        (
            "outbox ord_1",
            another,
            "outbox_fixed",
            "UPDATE outbox SET body = CAST(replace(CAST(body AS TEXT), '<alert n', '<other n') AS BLOB)",
        ),
        ("receipt r1", another, "receipt_fixed", "UPDATE receipt SET grade = 'on_air' WHERE id = 'r1'"),
        (
            "receipt r2",
            another,
            "receipt_fixed",
            "UPDATE receipt SET body = CAST(replace(CAST(body AS TEXT), '\"cells\":3', '\"cells\":4') AS BLOB)",
        ),
        ("receipt r0", gone, "receipt_kept", "DELETE FROM receipt WHERE id = 'r0'"),
    ];
    for (place, why, trigger, sql) in cases {
        let room = record().await;
        if !trigger.is_empty() {
            assert_eq!(room.say(&format!("DROP TRIGGER {trigger}")), None);
        }
        assert_eq!(room.say(&format!("PRAGMA foreign_keys = 0; {sql}")), None, "{place}");
        let broken = room.store.verify().await.unwrap().expect_err(place);
        assert_eq!((broken.row().as_deref(), broken.why.as_str()), (Some(place), why));
        assert_eq!(broken.seq(), None);
    }
}

#[tokio::test]
async fn an_order_is_sent_as_an_event_names_it_and_not_otherwise() {
    let room = record().await;
    let named = room.store.orders("wrn_1").await.unwrap();
    assert_eq!(named.len(), 2);
    for outgoing in &named {
        assert!(room.store.is_ordered(&outgoing.order).await.unwrap());
    }
    let order = &named[0].order;
    let cap = "<other/>".to_owned();
    for stranger in [
        Order { delivery: "ord_x".into(), ..order.clone() },
        Order { operator: "ooredoo".into(), ..order.clone() },
        Order { warning: "wrn_2".into(), ..order.clone() },
        Order { sequence: 2, ..order.clone() },
        Order { kind: Kind::Cancel, ..order.clone() },
        Order { cap: cap.clone(), ..order.clone() },
        Order { cap_sha256: Digest::of(cap.as_bytes()), cap, ..order.clone() },
    ] {
        assert!(!room.store.is_ordered(&stranger).await.unwrap(), "{stranger:?}");
    }
    // Nor does an event that nobody can read keep an order back.
    let unreadable = r#"INSERT INTO event SELECT seq + 1, hash, CAST('"event":"ordered" ord_1' AS BLOB), zeroblob(32)
                        FROM event ORDER BY seq DESC LIMIT 1"#;
    assert_eq!(room.say(unreadable), None);
    assert!(room.store.is_ordered(order).await.unwrap());
}

#[tokio::test]
async fn the_event_of_an_order_is_found_by_its_index() {
    let room = record().await;
    let plan = |c: &Connection| {
        let mut statement = c.prepare(&format!("EXPLAIN QUERY PLAN {}", deliveries::NAMES))?;
        let steps = statement.query_map(["ord_1"], |row| row.get::<_, String>(3))?;
        Ok(steps.collect::<Result<Vec<_>, _>>()?)
    };
    let plan = room.store.read(plan).await.unwrap();
    assert!(plan.iter().any(|step| step.contains("event_ordered")), "{plan:?}");
}
