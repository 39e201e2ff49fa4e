//! What came from others in the record: the alert, its draft and one event, together or not at all.

use super::drafts::events;
use super::*;
use nadhir_core::cap::chain::Message;
use nadhir_core::cap::{self, CapTime, Limits, MsgType, Reference};
use nadhir_core::warning::Draft;

fn reference(identifier: &str, sent: &str) -> Reference {
    Reference { sender: "imd".into(), identifier: identifier.into(), sent: CapTime::parse(sent).unwrap() }
}

fn message(identifier: &str) -> Message {
    Message {
        id: reference(identifier, "2026-11-22T07:00:00+05:30"),
        msg_type: MsgType::Update,
        references: vec![
            reference("0", "2026-11-22T01:00:00-00:00"),
            reference("a\u{a0}b", "2026-11-22T06:00:00+05:30"),
        ],
        expires: Some(utc(60)),
    }
}

async fn take_in(room: &Room, id: &str, identifier: &str, draft: Option<&str>) -> Result<(), StoreError> {
    let came = Came { id: id.into(), by: "amal".into(), cap: b"<theirs/>".to_vec(), at: utc(1) };
    let content =
        || DraftContent { kind: DraftKind::Cap, body: b"<ours/>".to_vec(), title: Title::default() };
    room.store.take_in(came, message(identifier), draft.map(|id| (id.to_owned(), content()))).await
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

#[tokio::test]
async fn a_name_that_comes_again_with_another_time_is_kept_and_found() {
    let room = Room::new().await;
    take_in(&room, "int_1", "1", Some("drf_1")).await.unwrap();
    let mut again = message("1");
    again.id.sent = CapTime::parse("2026-11-22T07:30:00+05:30").unwrap();
    let came = Came { id: "int_2".into(), by: "amal".into(), cap: b"<more/>".to_vec(), at: utc(2) };
    room.store.take_in(came, again.clone(), None).await.unwrap();
    take_in(&room, "int_3", "2", None).await.unwrap();

    let others = async |of: Reference, limit| {
        let others = room.store.namesakes(&of, limit).await.unwrap();
        others.into_iter().map(|came| (came.id, came.message)).collect::<Vec<_>>()
    };
    assert_eq!(others(message("1").id, 9).await, [("int_2".to_owned(), again.clone())]);
    assert_eq!(others(again.id.clone(), 9).await, [("int_1".to_owned(), message("1"))]);
    assert_eq!(others(message("2").id, 9).await, [], "another identifier is another name");
    let of_another = Reference { sender: "other".into(), ..message("1").id };
    assert_eq!(others(of_another, 9).await, [], "and so is another sender's");
    let third = reference("1", "2026-11-22T08:00:00+05:30");
    assert_eq!(others(third, 1).await, [("int_2".to_owned(), again)], "the newest first");
}

#[tokio::test]
async fn what_a_message_says_is_noted_and_read_where_an_older_version_did_not_note_it() {
    let room = Room::new().await;
    take_in(&room, "int_1", "1", None).await.unwrap();
    let sample = include_str!("../../../cap-schemas/samples/good/wadi-flood-update.xml");
    let row = format!(
        "INSERT INTO intake (id, by, sender, identifier, sent_ms, cap, at_ms) VALUES ('int_0', 'badr', 'x', 'y', 0, '{}', 9)",
        sample.replace('\'', "''")
    );
    assert_eq!(room.say(&row.replace("'<?xml", "CAST('<?xml").replace("', 9)", "' AS BLOB), 9)")), None);
    let came = room.store.came_from(None, 9).await.unwrap();
    let told: Vec<_> = came.iter().map(|came| (came.id.as_str(), came.message.clone())).collect();
    let (alert, _) = cap::read(sample.as_bytes(), &Limits::cap());
    assert_eq!(told, [("int_1", message("1")), ("int_0", Message::of(&alert.unwrap()))]);
    let offset = came[0].message.id.to_string();
    assert!(offset.ends_with("+05:30"), "as its sender wrote it: {offset}");
    assert_eq!(room.store.came_from(Some("imd"), 9).await.unwrap().len(), 1);
}
