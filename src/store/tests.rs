//! The record against people and programs that would bend it: on a bare connection, as an intruder would come.

use super::*;
use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cbs::{Channel, Class};
use nadhir_core::delivery::{Grade, Kind, More, Receipt};
use nadhir_core::digest::Digest;
use nadhir_core::now::Now;
use nadhir_core::warning::{Event, Refused, State, Warning};
use room::{HASH, Room, handed_in, receipt, utc};
use std::time::Duration;

mod drafts;
mod ending;
mod identity;
mod intake;
mod published;
mod room;
mod told;
mod writer;

#[tokio::test]
async fn an_approval_writes_state_serials_orders_and_events_together() {
    let room = Room::new().await;
    let approved = room.approve("badr", HASH).await.unwrap();
    assert_eq!(approved.orders.iter().map(|o| o.sequence).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(approved.orders[0].cap, approved.orders[1].cap);
    assert_eq!(approved.codes_left, 1022);
    assert_eq!(room.store.codes_left(Class::Live, utc(20)).await.unwrap(), 1022);
    assert_eq!(room.store.codes_left(Class::Drill, utc(20)).await.unwrap(), 1024);
    let stored = room.store.warning("wrn_1").await.unwrap();
    assert_eq!(stored.warning.state, State::Approved { by: "badr".into(), at: utc(10) });
    assert_eq!(room.store.unsent("omantel", Class::Live, utc(20)).await.unwrap().len(), 1);
    assert_eq!(
        room.store.unsent("omantel", Class::Live, utc(3600)).await.unwrap().len(),
        0,
        "expired orders are not sent"
    );
    // persons 2, submitted 1, approved 1, ordered 1
    assert_eq!(room.store.verify().await.unwrap().unwrap().events, 5);
}

#[tokio::test]
async fn a_refused_approval_leaves_nothing_behind() {
    let room = Room::new().await;
    let before = room.store.verify().await.unwrap().unwrap();
    for (by, hash, why) in
        [("amal", HASH, Refused::OwnWarning), ("badr", Digest([9; 32]), Refused::StaleHash)]
    {
        let refused = room.approve(by, hash).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Refused(r) if *r == why), "{refused}");
    }
    // Passes `decide`, but is nobody: the trigger refuses, and the savepoint takes everything back.
    assert!(matches!(room.approve("nobody", HASH).await, Err(StoreError::Engine(_))));
    assert_eq!(room.store.verify().await.unwrap().unwrap(), before);
    assert!(room.store.orders("wrn_1").await.unwrap().is_empty());
    room.approve("badr", HASH).await.unwrap();
    let again = room.approve("badr", HASH).await.unwrap_err();
    assert!(matches!(again, StoreError::Refused(Refused::AlreadyApproved { .. })), "{again}");
}

#[tokio::test]
async fn the_two_person_rule_holds_on_a_bare_connection() {
    let room = Room::new().await;
    let row = |operator: &str, class: &str, kind: &str, said: &str| {
        let body = format!(
            r#"{{"delivery":"ord_x","warning":"wrn_1","operator":"{operator}","class":"{class}","kind":"{said}","sequence":1}}"#
        );
        format!(
            "INSERT INTO outbox VALUES ('ord_x', 'wrn_1', '{operator}', '{class}', '{kind}', 1, CAST('{body}' AS BLOB), 9, NULL)"
        )
    };
    let order = |kind: &str| row("omantel", "live", kind, kind);

    room.refused(&order("alert"), "two persons");
    room.refused(&order("update"), "two persons");
    room.refused(&order("cancel"), "cancellation");
    let approval = |by: &str, hash: &str| format!("INSERT INTO approval VALUES ('wrn_1', '{by}', {hash}, 1)");
    let hash = format!("x'{HASH}'");
    room.refused(&approval("amal", &hash), "two persons");
    room.refused(&approval("badr", "zeroblob(32)"), "two persons");
    room.refused(&approval("nobody", &hash), "two persons");
    room.refused("UPDATE warning SET state = 'approved'", "approved by its approval");
    room.refused("UPDATE warning SET state = 'cancelled'", "ends by its ending");
    let ending = |kind: &str, by: &str| format!("INSERT INTO ending VALUES ('wrn_1', '{kind}', {by}, 1)");
    room.refused(&ending("cancelled", "'nobody'"), "by a person");
    room.refused(&ending("updated", "'wrn_1'"), "approved update");
    room.refused("UPDATE warning SET author = 'badr'", "does not change");
    room.refused("UPDATE warning SET cap = x'00'", "does not change");
    room.refused("DELETE FROM warning", "kept");
    room.refused("INSERT OR REPLACE INTO warning SELECT id, 'badr', class, sender, identifier, sent, cap, hash, prepared, expires_ms, submitted_ms, updates, state, draft FROM warning", "once");
    // With a real approval, an order of the other class still does not leave.
    room.approve("badr", HASH).await.unwrap();
    room.refused(&row("vodafone", "drill", "alert", "alert"), "two persons");
    // Nor one whose body says something else than the row that the rules judge.
    room.refused(&row("vodafone", "live", "alert", "cancel"), "what its row says");
    room.refused("UPDATE warning SET state = 'waiting'", "never goes back");
}

#[tokio::test]
async fn what_is_written_stays_on_a_bare_connection() {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    room.store
        .heard(receipt("r1", "ord_1", "omantel", Grade::Taken), Duration::from_millis(5))
        .await
        .unwrap();
    for table in ["person", "approval", "outbox", "receipt"] {
        let hidden = room.say(&format!("UPDATE OR REPLACE {table} SET rowid = 1")).unwrap_or_default();
        assert!(hidden.contains("no such column"), "{table} has a key that no rule watches: {hidden}");
    }
    room.refused("UPDATE person SET token_sha256 = zeroblob(32)", "kept");
    for table in ["person", "approval", "outbox", "receipt", "event"] {
        assert!(room.say(&format!("DELETE FROM {table}")).is_some(), "{table} can be emptied");
        let all = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
        assert!(room.say(&all).is_some(), "{table} can be replaced");
    }
    room.refused("UPDATE approval SET person = 'amal'", "kept");
    room.refused("UPDATE outbox SET body = x'00'", "does not change");
    room.refused("UPDATE receipt SET grade = 'on_air'", "kept");
    room.refused("UPDATE event SET body = x'00'", "append-only");
    room.refused("INSERT INTO event VALUES (99, zeroblob(32), x'00', zeroblob(32))", "chain");
    room.refused(
        "INSERT INTO event SELECT max(seq) + 1, zeroblob(32), x'00', zeroblob(32) FROM event",
        "chain",
    );
    assert!(room.store.verify().await.unwrap().is_ok());
}

#[tokio::test]
async fn the_first_event_that_was_changed_is_named() {
    // An intruder who drops the triggers first can write anything; the chain tells.
    let cases = [
        (
            "flip",
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'amal', 'emal') AS BLOB) WHERE seq = 3",
            3,
        ),
        ("drop", "DELETE FROM event WHERE seq = 2", 2),
        (
            "reorder",
            "UPDATE event SET seq = 99 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 99",
            4,
        ),
        (
            "insert",
            "INSERT INTO event SELECT 6, (SELECT hash FROM event WHERE seq = 5), body, hash FROM event WHERE seq = 5",
            6,
        ),
    ];
    for (name, sql, first_bad) in cases {
        let room = Room::new().await;
        room.approve("badr", HASH).await.unwrap();
        for trigger in ["event_fixed", "event_kept", "event_chained"] {
            assert_eq!(room.say(&format!("DROP TRIGGER {trigger}")), None);
        }
        assert_eq!(room.say(sql), None, "{name}");
        let broken = room.store.verify().await.unwrap().expect_err(name);
        assert_eq!(broken.at, Place::Event(first_bad), "{name}: {broken}");
    }
}

#[tokio::test]
async fn a_receipt_is_heard_once_and_only_from_whom_it_was_ordered() {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    let taken = receipt("r1", "ord_1", "omantel", Grade::Taken);
    let after = Duration::from_millis(5);
    assert_eq!(room.store.heard(taken.clone(), after).await.unwrap(), Heard::New);
    assert_eq!(room.store.heard(taken, after).await.unwrap(), Heard::Before);
    for bad in [
        receipt("r1", "ord_1", "omantel", Grade::Accepted { more: More::Expected }),
        receipt("r2", "ord_1", "ooredoo", Grade::Taken),
        receipt("r3", "ord_9", "omantel", Grade::Taken),
    ] {
        let refused = room.store.heard(bad, after).await.unwrap_err();
        assert!(matches!(refused, StoreError::BadReceipt { .. }), "{refused}");
    }
    assert_eq!(room.store.receipts("wrn_1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_alert_is_the_same_warning_and_another_content_is_refused() {
    let room = Room::new().await;
    assert_eq!(room.submit("wrn_2", "2.49.0.1.512.1").await.unwrap(), Submitted::Before("wrn_1".into()));
    let other = NewWarning {
        author: "badr".into(),
        cap: b"<alert>other</alert>".to_vec(),
        ..handed_in("wrn_3", "2.49.0.1.512.1")
    };
    assert!(matches!(room.store.submit(other).await, Err(StoreError::Replayed { .. })));
}

#[tokio::test]
async fn the_tables_are_the_fold_of_the_events() {
    let room = Room::new().await;
    room.submit("wrn_2", "2.49.0.1.512.2").await.unwrap();
    room.approve("badr", HASH).await.unwrap();
    room.store.queued(receipt("r0", "ord_1", "omantel", Grade::Queued), Duration::ZERO).await.unwrap();
    room.store
        .heard(receipt("r1", "ord_1", "omantel", Grade::Taken), Duration::from_millis(5))
        .await
        .unwrap();
    let bodies: Vec<Vec<u8>> = room
        .store
        .read(|c| {
            let mut statement = c.prepare("SELECT body FROM event ORDER BY seq")?;
            let rows = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
        .unwrap();
    let events: Vec<Event> = bodies.iter().map(|b| Event::from_bytes(b).unwrap()).collect();
    for id in ["wrn_1", "wrn_2"] {
        let begun = events.iter().find_map(|e| Warning::begun(e).filter(|w| w.id == id)).unwrap();
        let folded = events.iter().fold(begun, Warning::apply);
        assert_eq!(folded, room.store.warning(id).await.unwrap().warning);
    }
    let heard = events.iter().filter(|e| matches!(e, Event::Heard { .. })).count();
    assert_eq!(heard, room.store.receipts("wrn_1").await.unwrap().len());
}

#[tokio::test]
async fn codes_given_out_rest_for_a_day_after_the_end_and_survive_a_restart() {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    let given = |c: &Connection| {
        let mut statement = c.prepare("SELECT code FROM serial ORDER BY code")?;
        let codes = statement.query_map([], |row| row.get::<_, u16>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(codes)
    };
    let first = room.store.read(given).await.unwrap();
    let path = room.folder.path().join("record.sqlite");
    let again = Store::open(&path).unwrap();
    drop(room.store);
    let new = NewWarning { expires: utc(7200), ..handed_in("wrn_9", "9") };
    again.submit(new).await.unwrap();
    let approval = Approval {
        warning: "wrn_9".into(),
        by: "badr".into(),
        hash: HASH,
        channel: Channel::Warning,
        messages: 2,
        operators: vec![],
        area: Digest([3; 32]),
        now: Now { utc: utc(0) + TimeDelta::minutes(1), tick: Duration::ZERO },
        air: |_: &[nadhir_core::cbs::Serial]| b"<alert/>".to_vec(),
    };
    again.approve(approval).await.unwrap();
    let both = again.read(given).await.unwrap();
    assert_eq!((first.len(), both.len()), (2, 4), "{first:?} {both:?}");
}
