//! The end of an update that was shorter than what it took the place of: an operator that refused it is still on air.

use super::*;

/// `wrn_1` until 3600, approved; its update `wrn_2` until 500.
async fn shortened() -> Room {
    let room = Room::new().await;
    room.approve("badr", HASH).await.unwrap();
    let update = NewWarning {
        id: "wrn_2".into(),
        author: "amal".into(),
        class: Class::Live,
        triple: ("caa".into(), "2.49.0.1.512.2".into(), "2026-11-22T06:01:00+04:00".into()),
        cap: b"<alert>shorter</alert>".to_vec(),
        hash: HASH,
        prepared: "{}".into(),
        expires: utc(500),
        updates: Some("wrn_1".into()),
        draft: None,
        at: utc(60),
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
