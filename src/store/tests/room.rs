//! A record with two persons and a warning that waits, and what an intruder with its file can say.

use super::*;

pub(super) const HASH: Digest = Digest([1; 32]);

pub(super) fn utc(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
}

pub(super) struct Room {
    pub(super) store: Store,
    pub(super) folder: tempfile::TempDir,
}

impl Room {
    /// A record with the persons amal and badr, and warning `wrn_1` by amal, waiting.
    pub(super) async fn new() -> Room {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("record.sqlite")).unwrap();
        for (id, token) in [("amal", 1), ("badr", 2)] {
            let person = Person { id: id.into(), name: id.to_uppercase() };
            store.add_person(person, Digest([token; 32])).await.unwrap();
        }
        let room = Room { store, folder };
        assert_eq!(room.submit("wrn_1", "2.49.0.1.512.1").await.unwrap(), Submitted::New);
        room
    }

    pub(super) async fn submit(&self, id: &str, identifier: &str) -> Result<Submitted, StoreError> {
        self.store.submit(handed_in(id, identifier)).await
    }

    pub(super) async fn approve(&self, by: &str, hash: Digest) -> Result<Ordered, StoreError> {
        let approval = Approval {
            warning: "wrn_1".into(),
            by: by.into(),
            hash,
            channel: Channel::Warning,
            messages: 2,
            operators: vec![("omantel".into(), "ord_1".into()), ("ooredoo".into(), "ord_2".into())],
            area: Digest([3; 32]),
            now: Now { utc: utc(10), tick: Duration::ZERO },
            air: |serials: &[nadhir_core::cbs::Serial]| {
                format!("<alert n=\"{}\"/>", serials.len()).into_bytes()
            },
        };
        self.store.approve(approval).await.map(|done| done.value)
    }

    /// What an intruder with the file can say; the words of the refusal, or nothing if it was taken.
    pub(super) fn say(&self, sql: &str) -> Option<String> {
        let bare = Connection::open(self.folder.path().join("record.sqlite")).unwrap();
        bare.execute_batch(sql).err().map(|e| e.to_string())
    }

    pub(super) fn refused(&self, sql: &str, words: &str) {
        let said = self.say(sql).unwrap_or_else(|| panic!("taken: {sql}"));
        assert!(said.contains(words), "{sql}: {said}");
    }
}

/// What amal hands in under that name: on air for an hour, of no other warning and no draft.
pub(super) fn handed_in(id: &str, identifier: &str) -> NewWarning {
    NewWarning {
        id: id.into(),
        author: "amal".into(),
        class: Class::Live,
        triple: ("caa".into(), identifier.into(), "2026-11-22T06:00:00+04:00".into()),
        cap: b"<alert/>".to_vec(),
        hash: HASH,
        prepared: "{}".into(),
        expires: utc(3600),
        updates: None,
        draft: None,
        at: utc(0),
    }
}

pub(super) fn receipt(id: &str, delivery: &str, operator: &str, grade: Grade) -> Receipt {
    Receipt {
        id: id.into(),
        delivery: delivery.into(),
        warning: "wrn_1".into(),
        operator: operator.into(),
        kind: Kind::Alert,
        grade,
        heard_at: utc(11),
    }
}
