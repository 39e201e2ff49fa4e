//! Ends of warnings: cancelled, withdrawn, over; and of an update that was shorter than what it took the place of.

use super::*;

/// `wrn_1` until 3600, approved; its update `wrn_2` until 500.
async fn shortened() -> Room {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    let update = NewWarning {
        triple: ("caa".into(), "2.49.0.1.512.2".into(), "2026-11-22T06:01:00+04:00".into()),
        cap: b"<alert>shorter</alert>".to_vec(),
        expires: utc(500),
        updates: Some("wrn_1".into()),
        at: utc(60),
        ..handed_in("wrn_2", "")
    };
    room.store.submit(update).await.unwrap();
    room
}

async fn approve_update(room: &Room) {
    let approval = Approval {
        warning: "wrn_2".into(),
        by: "badr".into(),
        hash: HASH,
        channel: Channel::Warning,
        messages: 1,
        operators: vec![("omantel".into(), "ord_3".into()), ("vodafone".into(), "ord_4".into())],
        area: Digest([3; 32]),
        now: at(70),
        air: |_: &[nadhir_core::cbs::Serial]| b"<alert/>".to_vec(),
    };
    room.store.approve(approval).await.unwrap();
}

fn at(second: i64) -> Now {
    Now { utc: utc(second), tick: Duration::ZERO }
}

async fn cancel(room: &Room, warning: &str, second: i64) -> Result<Ordered, StoreError> {
    let cancellation = Cancellation {
        warning: warning.into(),
        by: "badr".into(),
        cap: "<alert/>".into(),
        operators: ["omantel", "ooredoo", "vodafone"].map(|o| (o.to_owned(), format!("can_{o}"))).into(),
        now: at(second),
    };
    room.store.cancel(cancellation).await.map(|done| done.value)
}

#[tokio::test]
async fn a_cancel_reaches_exactly_who_was_told_once() {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    let orders = cancel(&room, "wrn_1", 20).await.unwrap().orders;
    let told: Vec<_> = orders.iter().map(|o| (o.operator.as_str(), o.sequence, o.kind)).collect();
    assert_eq!(told, [("omantel", 2, Kind::Cancel), ("ooredoo", 2, Kind::Cancel)]);
    let again = cancel(&room, "wrn_1", 20).await.unwrap_err();
    assert!(matches!(again, StoreError::Refused(Refused::Over("cancelled"))), "{again}");
    let state = room.store.warning("wrn_1").await.unwrap().warning.state;
    assert_eq!(state, State::Cancelled { by: "badr".into(), at: utc(20) });
    room.refused("UPDATE ending SET by = 'amal'", "kept");
    room.refused("DELETE FROM ending", "kept");
}

#[tokio::test]
async fn a_warning_that_waits_is_withdrawn_and_cannot_be_approved() {
    let room = Room::new().await;
    assert!(cancel(&room, "wrn_1", 20).await.unwrap().orders.is_empty());
    let late = room.approve("badr", HASH).await.unwrap_err();
    assert!(matches!(late, StoreError::Refused(Refused::Over("cancelled"))), "{late}");
}

#[tokio::test]
async fn what_is_over_expires_once_and_the_rest_stays() {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    assert!(room.store.expire(at(3599)).await.unwrap().is_empty());
    assert_eq!(room.store.expire(at(3600)).await.unwrap(), ["wrn_1"]);
    assert!(room.store.expire(at(3601)).await.unwrap().is_empty());
    assert!(cancel(&room, "wrn_1", 20).await.is_err());
}

#[tokio::test]
async fn an_update_that_expired_is_cancelled_while_what_it_took_the_place_of_may_be_on_air() {
    let room = shortened().await;
    approve_update(&room).await;
    assert_eq!(room.store.expire(at(500)).await.unwrap(), ["wrn_2"]);
    room.refused("UPDATE warning SET state = 'cancelled' WHERE id = 'wrn_2'", "ends by its ending");
    let order = |c: &str| format!("UPDATE ending SET kind = 'cancelled', by = '{c}' WHERE warning = 'wrn_2'");
    room.refused(&order("nobody"), "cancelled by a person");
    room.refused("UPDATE ending SET kind = 'cancelled', by = 'badr' WHERE warning = 'wrn_1'", "kept");

    let over = cancel(&room, "wrn_1", 600).await.unwrap_err();
    assert!(matches!(over, StoreError::Refused(Refused::Over("updated"))), "{over}");
    let orders = cancel(&room, "wrn_2", 600).await.unwrap().orders;
    let told: Vec<_> = orders.iter().map(|o| (o.operator.as_str(), o.kind, o.before())).collect();
    assert_eq!(told, [("omantel", Kind::Cancel, vec!["wrn_1".to_owned()])], "who was told of the update");
    assert_eq!(orders[0].expires, utc(3600), "carried out as long as what it ends may be on air");
    assert_eq!(room.store.unsent("omantel", Class::Live, utc(600)).await.unwrap().len(), 1);
    let state = room.store.warning("wrn_2").await.unwrap().warning.state;
    assert_eq!(state, State::Cancelled { by: "badr".into(), at: utc(600) });
    room.refused(&order("amal"), "kept");
    room.refused("UPDATE warning SET state = 'expired' WHERE id = 'wrn_2'", "never goes back");
    let again = cancel(&room, "wrn_2", 601).await.unwrap_err();
    assert!(matches!(again, StoreError::Refused(Refused::Over("cancelled"))), "{again}");
}

#[tokio::test]
async fn nothing_is_cancelled_when_the_longest_of_its_chain_is_over_or_it_never_went_out() {
    let room = shortened().await;
    approve_update(&room).await;
    room.store.expire(at(500)).await.unwrap();
    let over = cancel(&room, "wrn_2", 3600).await.unwrap_err();
    assert!(matches!(over, StoreError::Refused(Refused::Over("expired"))), "{over}");

    let room = shortened().await;
    room.store.expire(at(500)).await.unwrap();
    let over = cancel(&room, "wrn_2", 600).await.unwrap_err();
    assert!(matches!(over, StoreError::Refused(Refused::Over("expired"))), "{over}");
    room.refused("UPDATE ending SET kind = 'cancelled', by = 'badr' WHERE warning = 'wrn_2'", "kept");
    assert_eq!(cancel(&room, "wrn_1", 600).await.unwrap().orders.len(), 2, "what it did not replace goes on");
}
