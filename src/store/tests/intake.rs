//! What came from others in the record: the alert, its draft and one event, together or not at all.

use super::drafts::events;
use super::*;
use nadhir_core::cap::{CapTime, Reference};
use nadhir_core::warning::Draft;

async fn take_in(room: &Room, id: &str, identifier: &str, draft: Option<&str>) -> Result<(), StoreError> {
    let came = Came { id: id.into(), by: "amal".into(), cap: b"<theirs/>".to_vec(), at: utc(1) };
    let named =
        Reference { sender: "imd".into(), identifier: identifier.into(), sent: CapTime::muscat(utc(0)) };
    room.store.take_in(came, named, draft.map(|id| (id.to_owned(), b"<ours/>".to_vec()))).await
}

#[tokio::test]
async fn an_alert_that_comes_is_one_event_with_its_draft_or_nothing_happens() {
    let room = Room::new().await;
    let before = room.store.verify().await.unwrap().unwrap().events;
    take_in(&room, "int_1", "1", Some("drf_1")).await.unwrap();
    let told = events(&room).await;
    assert_eq!(told.len() as u64, before + 1, "{told:?}");
    let stored = room.store.draft("drf_1").await.unwrap();
    assert_eq!((&*stored.body, stored.kind), (&b"<ours/>"[..], DraftKind::Cap));
    assert_eq!(told.last().and_then(Draft::begun), Some(stored.draft), "the record tells the same");
    let Some(Event::CameIn { intake, by, original, sha256, .. }) = told.last() else { panic!("{told:?}") };
    assert_eq!((&**intake, &**by, *sha256), ("int_1", "amal", Digest::of(b"<theirs/>")));
    assert!(original.starts_with("imd,1,"), "{original}");

    let whole = room.store.verify().await.unwrap().unwrap();
    let again = take_in(&room, "int_2", "1", Some("drf_2")).await.unwrap_err();
    assert!(matches!(&again, StoreError::CameBefore { intake } if intake == "int_1"), "{again}");
    // The draft cannot be kept, for there is one of that id: the alert is not kept either, and may come again.
    assert!(matches!(take_in(&room, "int_2", "2", Some("drf_1")).await, Err(StoreError::Engine(_))));
    assert!(room.store.came("int_2").await.unwrap().is_none());
    assert_eq!(room.store.verify().await.unwrap().unwrap(), whole, "what is refused leaves nothing");
    take_in(&room, "int_2", "2", None).await.unwrap();
    assert_eq!(room.store.drafts(9).await.unwrap().len(), 1, "what warns of nothing is no draft");
}
