//! The hash chain over the events: the hash covers stored bytes, never re-serialised JSON.

use super::StoreError;
use super::told::Told;
use nadhir_core::digest::Digest;
use nadhir_core::warning::Event;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

const ZERO: [u8; 32] = [0; 32];

/// The record is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many events it has.
    pub events: u64,
    /// The hash of the last one; a cut tail shows only against a head kept elsewhere.
    pub head: Digest,
}

/// The first event that does not fit; or, where the chain holds, the first row that is not what the events tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record is broken at {at}: {why}")]
pub struct Broken {
    /// Where.
    pub at: Place,
    /// What is wrong.
    pub why: String,
}

/// A place in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An event's number, or the number that should have come.
    Event(u64),
    /// A row of a table, by its key.
    Row {
        /// Which table.
        table: &'static str,
        /// The row's key.
        key: String,
    },
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Event(seq) => write!(f, "event {seq}"),
            Place::Row { table, key } => write!(f, "{table} {key}"),
        }
    }
}

impl Broken {
    /// The event's number, if it is an event.
    pub const fn seq(&self) -> Option<u64> {
        match self.at {
            Place::Event(seq) => Some(seq),
            Place::Row { .. } => None,
        }
    }

    /// The table and the key, if it is a row.
    pub fn row(&self) -> Option<String> {
        match self.at {
            Place::Event(_) => None,
            Place::Row { .. } => Some(self.at.to_string()),
        }
    }
}

/// SHA-256("nadhir/1" || seq || prev || body), seq as eight octets, big endian.
fn link(seq: u64, prev: &[u8; 32], body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"nadhir/1");
    hash.update(seq.to_be_bytes());
    hash.update(prev);
    hash.update(body);
    hash.finalize().into()
}

/// Appends one event, in the caller's transaction.
pub(super) fn append(connection: &Connection, event: &Event) -> Result<(), StoreError> {
    let last = connection
        .prepare_cached("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 32]>(1)?)))
        .optional()?;
    let (seq, prev) = last.map_or((1, ZERO), |(seq, hash)| (seq + 1, hash));
    let body = event.to_bytes();
    connection
        .prepare_cached("INSERT INTO event (seq, prev, body, hash) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![seq, prev, body, link(seq, &prev, &body)])?;
    Ok(())
}

/// Reads every event and names the first that was flipped, dropped, inserted or moved; then holds the tables against what
/// the events tell, and names the first row that is not that.
pub(super) fn verify(connection: &Connection) -> Result<Result<Verified, Broken>, StoreError> {
    // One state of the record, however long the reading takes beside its writer.
    let connection = connection.unchecked_transaction()?;
    let mut told = Told::default();
    let mut statement = connection.prepare("SELECT seq, prev, body, hash FROM event ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let (mut events, mut head) = (0, ZERO);
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let body: Vec<u8> = row.get(2)?;
        let broken = |why: &str| Broken { at: Place::Event(seq), why: why.to_owned() };
        let (Ok(prev), Ok(hash)) = (row.get::<_, [u8; 32]>(1), row.get::<_, [u8; 32]>(3)) else {
            return Ok(Err(broken("a hash is not 32 octets")));
        };
        if seq != events + 1 {
            let why = format!("it is missing; the next one is {seq}");
            return Ok(Err(Broken { at: Place::Event(events + 1), why }));
        }
        if prev != head {
            return Ok(Err(broken("it does not follow the one before")));
        }
        if hash != link(seq, &prev, &body) {
            return Ok(Err(broken("its content does not match its hash")));
        }
        match Event::from_bytes(&body) {
            Ok(event) => told.hear(event),
            Err(why) => return Ok(Err(broken(&format!("its content cannot be read: {why}")))),
        }
        (events, head) = (seq, hash);
    }
    if let Some(broken) = told.differs(&connection)? {
        return Ok(Err(broken));
    }
    Ok(Ok(Verified { events, head: Digest(head) }))
}
