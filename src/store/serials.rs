//! The codes of serial numbers in the record: what was given out, and how many are left. Which to give is `cbs::serial`'s.

use super::warnings::instant;
use super::{Store, StoreError, open_to_read};
use chrono::{DateTime, Utc};
use nadhir_core::cbs::Class;
use nadhir_core::cbs::serial::{Serial, Used};
use rusqlite::{Connection, params};
use std::path::Path;

impl Store {
    /// How many codes of a class are left now.
    pub async fn codes_left(&self, class: Class, now: DateTime<Utc>) -> Result<usize, StoreError> {
        self.read(move |c| Ok(used(c, class)?.remaining(now))).await
    }
}

/// How many codes of a class are left, in a file that no hub need have open.
pub fn codes_left(path: &Path, class: Class, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(used(&open_to_read(path)?, class)?.remaining(now))
}

/// Keeps one serial until its end.
pub(super) fn keep(
    c: &Connection,
    class: Class,
    serial: Serial,
    ends: DateTime<Utc>,
    warning: &str,
) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO serial (class, code, update_number, ends_ms, warning) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (class, code) DO UPDATE SET update_number = excluded.update_number,
             ends_ms = max(ends_ms, excluded.ends_ms), warning = excluded.warning",
    )?
    .execute(params![class.word(), serial.code(), serial.update(), ends.timestamp_millis(), warning])?;
    Ok(())
}

/// The codes of a class that were ever given out.
pub(super) fn used(c: &Connection, class: Class) -> Result<Used, StoreError> {
    let mut used = Used::new(class, []);
    let mut statement =
        c.prepare_cached("SELECT code, update_number, ends_ms FROM serial WHERE class = ?1")?;
    let mut rows = statement.query([class.word()])?;
    while let Some(row) = rows.next()? {
        let serial = Serial::new(row.get(0)?, row.get(1)?)
            .ok_or_else(|| StoreError::Damaged { what: "serial", why: "out of range".to_owned() })?;
        used.give(serial, instant(row.get(2)?)?);
    }
    Ok(used)
}
