//! Drills as their reports need them: who signed, and which drill went before.

use super::warnings::instant;
use super::{Person, Store, StoreError};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};

/// The two persons of a drill that was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillSigned {
    /// Who handed it in.
    pub author: Person,
    /// Who approved it.
    pub approver: Person,
    /// When.
    pub at: DateTime<Utc>,
}

const SIGNED: &str = "SELECT w.id, p.id, p.name, q.id, q.name, a.at_ms
    FROM approval a JOIN warning w ON w.id = a.warning JOIN person p ON p.id = w.author JOIN person q ON q.id = a.person
    WHERE w.class = 'drill'";

impl Store {
    /// Who signed a drill; nothing if it is none, or was never approved.
    pub async fn drill_signed(&self, id: &str) -> Result<Option<DrillSigned>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!("{SIGNED} AND w.id = ?1"))?;
            let row = statement.query_row([id], read).optional()?;
            row.map(|row| signed(row).map(|(_, signed)| signed)).transpose()
        })
        .await
    }

    /// The drill that was approved before this one, with who signed it.
    pub async fn drill_before(&self, id: &str) -> Result<Option<(String, DrillSigned)>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let sql = format!(
                "{SIGNED} AND (a.at_ms, w.id) < (SELECT at_ms, warning FROM approval WHERE warning = ?1)
                 ORDER BY a.at_ms DESC, w.id DESC LIMIT 1"
            );
            c.prepare_cached(&sql)?.query_row([id], read).optional()?.map(signed).transpose()
        })
        .await
    }
}

type Columns = (String, Person, Person, i64);

fn read(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let person = |at: usize| Ok::<_, rusqlite::Error>(Person { id: row.get(at)?, name: row.get(at + 1)? });
    Ok((row.get(0)?, person(1)?, person(3)?, row.get(5)?))
}

fn signed((id, author, approver, at_ms): Columns) -> Result<(String, DrillSigned), StoreError> {
    Ok((id, DrillSigned { author, approver, at: instant(at_ms)? }))
}
