//! The adapter's durable memory: every order taken, how far it came, and every receipt until the hub's path has it.

use chrono::{DateTime, Utc};
use metrics::counter;
use nadhir_core::delivery::{Grade, Order, Receipt};
use nadhir_core::session::Stage;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::error;
use uuid::Uuid;

/// Which class knows a warning.
mod classes;
/// Its tables, from the first version to this one.
mod schema;
/// Where a warning was tried.
mod sites;

pub use sites::{Live, Sure, Tried};

/// Why the ledger cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The engine refused or failed.
    #[error("the ledger's database: {0}")]
    Engine(#[from] rusqlite::Error),
    /// The same delivery id came with another order: an alarm.
    #[error("delivery {0} came again with another content")]
    OtherBody(String),
    /// A stored value this code did not write.
    #[error("the ledger holds a {0} that cannot be read")]
    Damaged(&'static str),
    /// The task that wrote it ended early.
    #[error("the ledger is closed")]
    Closed,
    /// Another program's file.
    #[error("the ledger is of schema {0}, this program knows 1 to 5")]
    Version(i64),
}

/// An order newly or again in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How far it has come.
    pub stage: Stage,
    /// Whether it was there before.
    pub again: bool,
    /// The position of its `taken` receipt; 0 if that is confirmed already.
    pub receipt: u64,
    /// The highest sequence of its class before it; 0 before the first.
    pub last: u64,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    connection: Arc<Mutex<Connection>>,
}

impl Ledger {
    /// Opens it, and lays its tables if the file is new. Every commit reaches the disk before it is believed.
    pub fn open(path: &Path) -> Result<Ledger, LedgerError> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        schema::bring_up(&connection)?;
        Ok(Ledger { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Takes an order: the order and its `taken` receipt in one transaction. A copy changes nothing.
    pub async fn take(&self, order: Order, at: DateTime<Utc>) -> Result<Taken, LedgerError> {
        self.run(move |c| take(c, &order, at)).await
    }

    /// Keeps the stage of a delivery and the receipts that go with it, in one transaction.
    pub async fn keep(
        &self,
        stages: Vec<(String, Stage)>,
        receipts: Vec<Receipt>,
    ) -> Result<(), LedgerError> {
        self.run(move |c| {
            let transaction = c.transaction()?;
            for (delivery, stage) in stages {
                transaction
                    .prepare_cached("UPDATE delivery SET stage = ?2 WHERE delivery = ?1")?
                    .execute([delivery.as_str(), stage.word()])?;
            }
            for receipt in receipts {
                write_receipt(&transaction, &receipt)?;
            }
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Orders that are not done, oldest first: what to go on with after a restart. One that cannot be read stays as it is:
    /// it does not keep the others from the air.
    pub async fn open_orders(&self) -> Result<Vec<(Order, Stage)>, LedgerError> {
        self.run(|c| {
            let mut statement =
                c.prepare("SELECT delivery, body, stage FROM delivery WHERE stage <> 'done' ORDER BY rowid")?;
            let rows = statement.query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, String>(2)?))
            })?;
            let mut open = Vec::new();
            for row in rows {
                let (delivery, body, stage) = row?;
                let order = serde_json::from_slice::<Order>(&body).map_err(|e| e.to_string());
                let stage = Stage::parse(&stage).ok_or_else(|| format!("no stage: {stage}"));
                match order.and_then(|order| Ok((order, stage?))) {
                    Ok(whole) => open.push(whole),
                    Err(why) => {
                        counter!("nadhir_adapter_orders_unreadable_total").increment(1);
                        error!(
                            delivery,
                            why, "ALARM: an order of the ledger cannot be read and is left as it is"
                        );
                    }
                }
            }
            Ok(open)
        })
        .await
    }

    /// Receipts beyond a position that are not yet confirmed, oldest first: position, receipt.
    pub async fn unsent(&self, beyond: u64, limit: usize) -> Result<Vec<(u64, Receipt)>, LedgerError> {
        self.run(move |c| {
            let mut statement = c.prepare_cached(
                "SELECT position, body FROM receipt WHERE sent = 0 AND position > ?1 ORDER BY position LIMIT ?2",
            )?;
            let rows =
                statement
                .query_map(params![beyond, limit], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
            rows.map(|row| {
                let (position, body) = row?;
                Ok((position, Receipt::from_wire(&body).map_err(|_| LedgerError::Damaged("receipt"))?))
            })
            .collect()
        })
        .await
    }

    /// Marks receipts as confirmed by the path. The marks reach the disk with the next commit that has to: if they are
    /// lost, the same receipts are sent again and the hub drops the copies.
    pub async fn sent(&self, positions: Vec<u64>) -> Result<(), LedgerError> {
        self.run(move |c| {
            c.pragma_update(None, "synchronous", "NORMAL")?;
            let marked = mark(c, &positions);
            c.pragma_update(None, "synchronous", "FULL")?;
            marked
        })
        .await
    }

    /// Takes the newest receipts as unsent: for a path that forgot what it had confirmed.
    pub async fn offer_again(&self, newest: u32) -> Result<(), LedgerError> {
        self.run(move |c| {
            let sql = "UPDATE receipt SET sent = 0 WHERE position > (SELECT max(position) FROM receipt) - ?1";
            c.execute(sql, [newest])?;
            Ok(())
        })
        .await
    }

    async fn run<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, LedgerError> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        tokio::task::spawn_blocking(move || {
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await
        .map_err(|_| LedgerError::Closed)?
    }
}

/// A receipt of an order, stamped now, under a new id.
pub(super) fn receipt(order: &Order, grade: Grade, at: DateTime<Utc>) -> Receipt {
    Receipt {
        id: format!("rcp_{}", Uuid::now_v7()),
        delivery: order.delivery.clone(),
        warning: order.warning.clone(),
        operator: order.operator.clone(),
        kind: order.kind,
        grade,
        heard_at: at,
    }
}

fn take(c: &mut Connection, order: &Order, at: DateTime<Utc>) -> Result<Taken, LedgerError> {
    let body = serde_json::to_vec(order).map_err(|_| LedgerError::Damaged("order"))?;
    let digest = nadhir_core::digest::Digest::of(&body);
    let transaction = c.transaction()?;
    let before: Option<([u8; 32], String)> = transaction
        .prepare_cached("SELECT sha256, stage FROM delivery WHERE delivery = ?1")?
        .query_row([&order.delivery], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let last = transaction
        .prepare_cached("SELECT coalesce(max(sequence), 0) FROM delivery WHERE class = ?1")?
        .query_row([order.class.word()], |row| row.get(0))?;
    if let Some((sha256, stage)) = before {
        if sha256 != digest.0 {
            return Err(LedgerError::OtherBody(order.delivery.clone()));
        }
        let first =
            "SELECT iif(sent, 0, position) FROM receipt WHERE delivery = ?1 ORDER BY position LIMIT 1";
        let receipt = transaction.prepare_cached(first)?.query_row([&order.delivery], |row| row.get(0))?;
        return Ok(Taken {
            stage: Stage::parse(&stage).ok_or(LedgerError::Damaged("stage"))?,
            again: true,
            receipt,
            last,
        });
    }
    transaction
        .prepare_cached(
            "INSERT INTO delivery (delivery, warning, kind, replaces, class, sequence, sha256, body, stage)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'taken')",
        )?
        .execute(params![
            order.delivery,
            order.warning,
            order.kind.word(),
            order.replaces,
            order.class.word(),
            order.sequence,
            digest.0,
            body
        ])?;
    classes::keep(&transaction, order)?;
    write_receipt(&transaction, &receipt(order, Grade::Taken, at))?;
    let receipt =
        u64::try_from(transaction.last_insert_rowid()).map_err(|_| LedgerError::Damaged("position"))?;
    transaction.commit()?;
    Ok(Taken { stage: Stage::Taken, again: false, receipt, last })
}

fn mark(c: &mut Connection, positions: &[u64]) -> Result<(), LedgerError> {
    let transaction = c.transaction()?;
    for position in positions {
        transaction.prepare_cached("UPDATE receipt SET sent = 1 WHERE position = ?1")?.execute([position])?;
    }
    Ok(transaction.commit()?)
}

fn write_receipt(c: &Connection, receipt: &Receipt) -> Result<(), LedgerError> {
    c.prepare_cached("INSERT INTO receipt (id, delivery, body) VALUES (?1, ?2, ?3)")?.execute(params![
        receipt.id,
        receipt.delivery,
        receipt.to_wire()
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests;
