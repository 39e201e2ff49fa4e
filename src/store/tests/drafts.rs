//! Drafts in the record, a record of the version before them, and a writer that is gone.

use super::*;
use nadhir_core::warning::{Draft, DraftChanged};

fn seen(version: u64) -> SeenDraft {
    SeenDraft { id: "drf_1".into(), version }
}

fn cap(text: &str) -> DraftContent {
    let title = Title { ar: format!("ar {text}"), en: format!("en {text}") };
    DraftContent { kind: DraftKind::Cap, body: text.as_bytes().to_vec(), title }
}

pub(super) async fn events(room: &Room) -> Vec<Event> {
    let read = |c: &Connection| {
        let mut statement = c.prepare("SELECT body FROM event ORDER BY seq")?;
        let bodies = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
        Ok(bodies)
    };
    let bodies = room.store.read(read).await.unwrap();
    bodies.iter().map(|body| Event::from_bytes(body).unwrap()).collect()
}

/// The draft as the events tell it.
async fn folded(room: &Room) -> Option<Draft> {
    let events = events(room).await;
    let begun = events.iter().find_map(Draft::begun)?;
    events.iter().try_fold(begun, Draft::apply)
}

#[tokio::test]
async fn a_draft_changes_from_the_version_seen_and_the_events_tell_the_same() {
    let room = Room::new().await;
    room.store.begin_draft("drf_1".into(), "amal", cap("one"), utc(1)).await.unwrap();
    assert_eq!(room.store.change_draft(seen(1), "badr", cap("two"), utc(2)).await.unwrap(), 2);
    let before = room.store.verify().await.unwrap().unwrap();
    let late = room.store.change_draft(seen(1), "amal", cap("three"), utc(3)).await.unwrap_err();
    assert!(matches!(late, StoreError::DraftChanged(DraftChanged { seen: 1, now: 2 })), "{late}");
    let late = room.store.drop_draft(seen(1), "amal", utc(3)).await.unwrap_err();
    assert!(matches!(late, StoreError::DraftChanged(_)), "{late}");
    assert_eq!(room.store.verify().await.unwrap().unwrap(), before, "what is refused leaves nothing");

    let stored = room.store.draft("drf_1").await.unwrap();
    assert_eq!((&*stored.body, &*stored.draft.author, stored.kept_at), (&b"two"[..], "amal", utc(2)));
    assert_eq!(folded(&room).await, Some(stored.draft));
    let rows = room.store.drafts(9).await.unwrap();
    let told = rows.iter().map(|row| (row.version, row.title.clone().unwrap().en)).collect::<Vec<_>>();
    assert_eq!(told, [(2, "en two".to_owned())], "a list tells what is kept now");
    assert!(room.store.draft_seen(&seen(2)).await.is_ok());
    for version in [1, 3] {
        // What another version held is no ground to hand this one in, nor is one that is still to come.
        let other = room.store.draft_seen(&seen(version)).await.unwrap_err();
        assert!(matches!(other, StoreError::DraftChanged(DraftChanged { now: 2, .. })), "{other}");
    }
    room.store.drop_draft(seen(2), "badr", utc(4)).await.unwrap();
    assert_eq!(folded(&room).await, None);
    assert!(matches!(room.store.draft("drf_1").await, Err(StoreError::NoDraft(_))));
    assert!(room.store.drafts(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_draft_that_is_handed_in_is_no_draft_any_more_or_nothing_happens() {
    let room = Room::new().await;
    let hand_in = |id: &str, identifier: &str, draft: SeenDraft| NewWarning {
        draft: Some(draft),
        at: utc(5),
        ..handed_in(id, identifier)
    };
    room.store.begin_draft("drf_1".into(), "amal", cap("one"), utc(1)).await.unwrap();
    let late = room.store.submit(hand_in("wrn_7", "7", seen(2))).await.unwrap_err();
    assert!(matches!(late, StoreError::DraftChanged(_)), "{late}");
    assert!(room.store.warning("wrn_7").await.is_err());

    assert_eq!(room.store.submit(hand_in("wrn_7", "7", seen(1))).await.unwrap(), Submitted::New);
    assert_eq!(folded(&room).await, None);
    // Twice: the same document is the same warning, another one of a draft that is gone is refused.
    let again = room.store.submit(hand_in("wrn_8", "7", seen(1))).await.unwrap();
    assert_eq!(again, Submitted::Before("wrn_7".into()));
    let gone = room.store.submit(hand_in("wrn_9", "9", seen(1))).await.unwrap_err();
    assert!(matches!(gone, StoreError::NoDraft(_)), "{gone}");
}

/// Begins, changes and drops drafts as if alone with the file; what is refused is refused.
async fn busy(store: Store, by: &'static str) {
    for n in 0..48 {
        let id = format!("drf_{}", n % 4);
        let content = cap(&format!("{by} {n}"));
        match store.draft(&id).await {
            Err(_) => drop(store.begin_draft(id, by, content, utc(n)).await),
            Ok(stored) => {
                let seen = SeenDraft { id, version: stored.draft.version };
                tokio::task::yield_now().await;
                if n % 7 == 6 {
                    drop(store.drop_draft(seen, by, utc(n)).await);
                } else {
                    drop(store.change_draft(seen, by, content, utc(n)).await);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_events_of_two_writers_fold_to_the_table() {
    let room = Room::new().await;
    let other = Store::open(room.store.path()).unwrap();
    let (amal, badr) = (room.store.clone(), other.clone());
    let both = [tokio::spawn(busy(amal, "amal")), tokio::spawn(busy(badr, "badr"))];
    for one in both {
        one.await.unwrap();
    }
    let mut told = std::collections::BTreeMap::<String, Draft>::new();
    let events = events(&room).await;
    for event in &events {
        told = told.into_iter().filter_map(|(id, draft)| Some((id, draft.apply(event)?))).collect();
        told.extend(Draft::begun(event).map(|draft| (draft.id.clone(), draft)));
    }
    let rows = other.drafts(99).await.unwrap();
    assert!(events.len() > 60 && !rows.is_empty(), "{} events, {} drafts", events.len(), rows.len());
    let mut kept = std::collections::BTreeMap::new();
    for row in rows {
        kept.insert(row.id.clone(), other.draft(&row.id).await.unwrap().draft);
    }
    assert_eq!(told, kept);
    room.store.verify().await.unwrap().unwrap();
}

#[tokio::test]
async fn what_a_draft_may_not_become_on_a_bare_connection() {
    let room = Room::new().await;
    room.store.begin_draft("drf_1".into(), "amal", cap("one"), utc(1)).await.unwrap();
    let nobody = room.store.begin_draft("drf_2".into(), "nobody", cap("one"), utc(1)).await;
    assert!(matches!(nobody, Err(StoreError::Engine(_))), "{nobody:?}");
    room.refused("UPDATE draft SET author = 'badr', version = 2", "keeps its author");
    room.refused("UPDATE draft SET body = x'00'", "version by version");
    room.refused("INSERT INTO draft VALUES ('drf_3', 'amal', 'cap', x'00', 2, 0, '', '')", "version 1");
    room.refused("INSERT INTO draft VALUES ('drf_3', 'nobody', 'cap', x'00', 1, 0, '', '')", "by a person");
}

#[tokio::test]
async fn a_record_from_before_there_were_drafts_is_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.sqlite");
    Connection::open(&path).unwrap().execute_batch(SCHEMA[0]).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(backup::schema_of(&path).unwrap(), (SCHEMA_VERSION, SCHEMA_VERSION));
    assert!(store.drafts(9).await.unwrap().is_empty());
    drop(store);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    assert!(
        matches!(Store::open(&path), Err(StoreError::Version { found, known: SCHEMA_VERSION }) if found == SCHEMA_VERSION + 1)
    );
}

#[tokio::test]
async fn a_writer_that_panics_is_told_and_nobody_waits_for_it() {
    let room = Room::new().await;
    room.store.can_write().unwrap();
    let broken =
        |_: &Connection| -> Result<(), StoreError> { std::panic::resume_unwind(Box::new("on purpose")) };
    let lost = room.store.write(Lane::Routine, broken).await;
    assert!(matches!(lost, Err(StoreError::Closed)), "{lost:?}");
    assert!(matches!(room.submit("wrn_2", "2").await, Err(StoreError::Closed)));
    assert!(matches!(room.store.can_write(), Err(StoreError::Closed)));
    assert!(room.store.warning("wrn_1").await.is_ok(), "what is written can still be read");
}

#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "that is what is tried: the other reader does not wait for it")]
async fn the_pages_read_while_the_hubs_reader_is_held() {
    let room = Room::new().await;
    let held = room.store.reader.clone();
    let held = held.lock().unwrap();
    let aside = room.store.aside();
    assert_eq!(aside.newest(1).await.unwrap(), ["wrn_1"]);
    drop(held);
}
