//! Alerts of other authorities as they came, each with its draft and its event in one transaction. None is a warning or orders anything.

use super::drafts::begin;
use super::warnings::instant;
use super::{DraftKind, Lane, Store, StoreError, chain};
use chrono::{DateTime, Utc};
use nadhir_core::cap::Reference;
use nadhir_core::digest::Digest;
use nadhir_core::warning::{DraftMade, Event};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// An alert as it came.
#[derive(Debug, Clone)]
pub struct Came {
    /// Given by the hub.
    pub id: String,
    /// Who brought it, by id.
    pub by: String,
    /// Its octets.
    pub cap: Vec<u8>,
    /// When it came.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Keeps an alert that came and the draft made of it, by id and CAP. Refused, both, if the same message - sender,
    /// identifier, instant - was seen before.
    pub async fn take_in(
        &self,
        came: Came,
        named: Reference,
        draft: Option<(String, Vec<u8>)>,
    ) -> Result<(), StoreError> {
        let work = move |c: &Connection| {
            let sent = named.sent.utc().timestamp_millis();
            let before: Option<String> = c
                .prepare_cached(
                    "SELECT id FROM intake WHERE sender = ?1 AND identifier = ?2 AND sent_ms = ?3",
                )?
                .query_row(params![named.sender, named.identifier, sent], |row| row.get(0))
                .optional()?;
            if let Some(intake) = before {
                return Err(StoreError::CameBefore { intake });
            }
            c.prepare_cached(
                "INSERT INTO intake (id, by, sender, identifier, sent_ms, cap, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                came.id,
                came.by,
                named.sender,
                named.identifier,
                sent,
                came.cap,
                came.at.timestamp_millis()
            ])?;
            let keep = |(draft, body): (String, Vec<u8>)| {
                let sha256 = begin(c, &draft, &came.by, (DraftKind::Cap, &body), came.at)?;
                Ok::<_, StoreError>(DraftMade { draft, sha256 })
            };
            let event = Event::CameIn {
                intake: came.id,
                original: named.to_string(),
                sha256: Digest::of(&came.cap),
                draft: draft.map(keep).transpose()?,
                by: came.by,
                at: came.at,
            };
            chain::append(c, &event)
        };
        self.write(Lane::Urgent, work).await.map(|done| done.value)
    }

    /// One of them; none if there is no such.
    pub async fn came(&self, id: &str) -> Result<Option<Came>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let mut statement = c.prepare_cached("SELECT id, by, cap, at_ms FROM intake WHERE id = ?1")?;
            statement.query_row([id], |row| Ok(read(row))).optional()?.transpose()
        })
        .await
    }

    /// The newest of one sender, or of all, newest first.
    pub async fn came_from(&self, sender: Option<&str>, limit: u32) -> Result<Vec<Came>, StoreError> {
        let sender = sender.map(str::to_owned);
        self.read(move |c| {
            let mut statement = c.prepare_cached(
                "SELECT id, by, cap, at_ms FROM intake WHERE ?1 IS NULL OR sender = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?2",
            )?;
            let rows = statement.query_map(params![sender, limit], |row| Ok(read(row)))?;
            rows.map(|row| row?).collect()
        })
        .await
    }
}

fn read(row: &Row<'_>) -> Result<Came, StoreError> {
    Ok(Came { id: row.get(0)?, by: row.get(1)?, cap: row.get(2)?, at: instant(row.get(3)?)? })
}
