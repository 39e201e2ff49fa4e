//! The hub's durable record: tables with their constraints, hash-chained events, the outbox. Knows no transport and no HTTP.

/// Approvals.
mod approving;
/// The record copied while it is written, and put back.
pub mod backup;
/// The hash chain over the events.
pub mod chain;
/// Orders waiting for a path, and receipts heard.
mod deliveries;
/// What is not handed in yet.
mod drafts;
/// Drills as their reports need them.
mod drills;
/// Cancels and expiry.
mod ending;
mod error;
/// Alerts of other authorities.
mod intake;
/// Persons and their credentials.
mod persons;
/// What the public may read.
mod published;
/// The codes of serial numbers.
mod serials;
/// What lists show.
mod standing;
/// The rows against the events.
mod told;
/// Warnings: submitted, approved, read.
mod warnings;
mod writer;

pub use approving::{Approval, Ordered};
pub use chain::{Broken, Place, Verified};
pub use deliveries::{Heard, HeardReceipt, Outgoing};
pub use drafts::{DraftContent, DraftKind, DraftRow, SeenDraft, StoredDraft, Title};
pub use drills::DrillSigned;
pub use ending::Cancellation;
pub use error::StoreError;
pub use intake::{Came, CameMessage};
pub use persons::Person;
pub use published::{Approvals, Approved, Published};
pub use serials::codes_left;
pub use warnings::{NewWarning, StoredWarning, Submitted};
pub use writer::{Committed, Lane};

use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use writer::Writer;

/// What each version of the file adds to the one before.
const SCHEMA: [&str; 7] = [
    include_str!("schema.sql"),
    include_str!("drafts.sql"),
    include_str!("intake.sql"),
    include_str!("identity.sql"),
    include_str!("ending.sql"),
    include_str!("ordered.sql"),
    include_str!("origin.sql"),
];
const SCHEMA_VERSION: i64 = 7;
/// Another process may hold the file for a moment (a backup); longer than this is an error.
const BUSY: Duration = Duration::from_secs(2);

/// The record of one hub. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    /// Of whoever holds this: the hub's tasks, or the pages.
    reader: Arc<Mutex<Connection>>,
    /// Of the pages.
    aside: Arc<Mutex<Connection>>,
    path: PathBuf,
}

impl Store {
    /// Opens the record, and lays its tables if the file is new. Every commit reaches the disk before it is believed
    /// (WAL, synchronous = FULL).
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let missing = usize::try_from(version).ok().and_then(|have| SCHEMA.get(have..));
        match missing {
            Some([]) => {}
            Some(steps) => connection.execute_batch(&format!("BEGIN IMMEDIATE;{}COMMIT;", steps.concat()))?,
            None => return Err(StoreError::Version { found: version, known: SCHEMA_VERSION }),
        }
        let (reader, aside) = (open_to_read(path)?, open_to_read(path)?);
        Ok(Store {
            writer: Arc::new(Writer::start(connection)),
            reader: Arc::new(Mutex::new(reader)),
            aside: Arc::new(Mutex::new(aside)),
            path: path.to_owned(),
        })
    }

    /// The same record, read by the connection of the pages: their reads never make an order or an approval wait.
    #[must_use]
    pub fn aside(&self) -> Store {
        Store { reader: Arc::clone(&self.aside), ..self.clone() }
    }

    /// Whether anything can still be written.
    pub fn can_write(&self) -> Result<(), StoreError> {
        if self.writer.is_alive() { Ok(()) } else { Err(StoreError::Closed) }
    }

    /// The file of the record.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs one whole unit of work in the writer's next transaction. Returns after the commit is on disk.
    async fn write<T, F>(&self, lane: Lane, work: F) -> Result<Committed<T>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.write(lane, work).await
    }

    /// Runs one read beside the writer.
    async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let reader = Arc::clone(&self.reader);
        tokio::task::spawn_blocking(move || work(&reader.lock().unwrap_or_else(PoisonError::into_inner)))
            .await
            .map_err(|_| StoreError::Closed)?
    }

    /// Reads the whole record, verifies the chain and holds the tables against it, on a connection of its own: the relay's reads never wait for it.
    pub async fn verify(&self) -> Result<Result<Verified, Broken>, StoreError> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || verify_file(&path)).await.map_err(|_| StoreError::Closed)?
    }
}

/// Verifies the record in a file that no hub need have open.
pub fn verify_file(path: &Path) -> Result<Result<Verified, Broken>, StoreError> {
    chain::verify(&open_to_read(path)?)
}

fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.busy_timeout(BUSY)?;
    Ok(reader)
}

#[cfg(test)]
mod tests;
