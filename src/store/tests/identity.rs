//! One message is one warning, however the offset of its time is written: for the store, and on a bare connection.

use super::*;

fn sent_at(id: &str, sent: &str) -> NewWarning {
    let identifier = "2.49.0.1.512.1";
    NewWarning { triple: ("caa".into(), identifier.into(), sent.into()), ..handed_in(id, identifier) }
}

#[tokio::test]
async fn one_instant_is_one_message_whatever_its_offset() {
    let room = Room::new().await;
    let before = room.store.verify().await.unwrap().unwrap();
    for sent in ["2026-11-22T02:00:00-00:00", "2026-11-22T07:30:00+05:30", "2026-11-21T23:00:00-03:00"] {
        let mut again = sent_at("wrn_2", sent);
        again.cap = b"<alert />".to_vec();
        let again = room.store.submit(again).await;
        assert!(matches!(&again, Err(StoreError::Replayed { warning }) if warning == "wrn_1"), "{again:?}");
        room.refused(
            &format!(
                "INSERT INTO warning SELECT 'wrn_3', author, class, sender, identifier, '{sent}', cap, hash, prepared, \
                 expires_ms, submitted_ms, updates, state, draft FROM warning"
            ),
            "once",
        );
    }
    room.refused(
        "INSERT INTO warning SELECT 'wrn_3', author, class, sender, identifier, 'today', cap, hash, prepared, \
         expires_ms, submitted_ms, updates, state, draft FROM warning",
        "once",
    );
    // A second later it is another message, and wants another identifier.
    let later = room.store.submit(sent_at("wrn_2", "2026-11-22T02:00:01-00:00")).await;
    let Err(StoreError::NameTaken { by, sent }) = &later else { panic!("{later:?}") };
    assert_eq!((&**by, &**sent), ("wrn_1", "2026-11-22T06:00:00+04:00"));
    assert_eq!(room.store.verify().await.unwrap().unwrap(), before, "what is refused leaves nothing");
    let mut named = sent_at("wrn_2", "2026-11-22T02:00:01-00:00");
    named.triple.1 = "2.49.0.1.512.2".into();
    assert_eq!(room.store.submit(named).await.unwrap(), Submitted::New);
}
