//! Alerts of other authorities as they came, each with its draft and its event in one transaction. None is a warning or orders anything.

use super::drafts::begin;
use super::warnings::instant;
use super::{DraftContent, Lane, Store, StoreError, chain};
use chrono::{DateTime, Utc};
use nadhir_core::cap::chain::Message;
use nadhir_core::cap::{self, CapTime, Limits, MsgType, Reference};
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

/// An alert that came, as lists and chains need it.
#[derive(Debug, Clone)]
pub struct CameMessage {
    /// Given by the hub.
    pub id: String,
    /// Who brought it, by id.
    pub by: String,
    /// When it came.
    pub at: DateTime<Utc>,
    /// Its name, its nature, what it speaks of and when it ends.
    pub message: Message,
}

impl Store {
    /// Keeps an alert that came and the draft made of it, by id and content. Refused, both, if the same message - sender,
    /// identifier, instant - was seen before. An identifier that its sender gives twice is a fault of form, and may be of
    /// two warnings: both are kept, and [`Store::namesakes`] tells of it.
    pub async fn take_in(
        &self,
        came: Came,
        message: Message,
        draft: Option<(String, DraftContent)>,
    ) -> Result<(), StoreError> {
        let work = move |c: &Connection| {
            let named = message.id;
            let sent = named.sent.utc().timestamp_millis();
            let speaks_of: Vec<String> = message.references.iter().map(ToString::to_string).collect();
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
                "INSERT INTO intake (id, by, sender, identifier, sent_ms, cap, at_ms, sent, msg_type, named, expires_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                came.id,
                came.by,
                named.sender,
                named.identifier,
                sent,
                came.cap,
                came.at.timestamp_millis(),
                named.sent.to_string(),
                message.msg_type.word(),
                speaks_of.join(" "),
                message.expires.map(|at| at.timestamp_millis())
            ])?;
            let keep = |(draft, content): (String, DraftContent)| {
                let kept = begin(c, &draft, &came.by, &content, came.at)?;
                Ok::<_, StoreError>(DraftMade { draft, sha256: kept.sha256 })
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

    /// The newest of one sender, or of all, newest first. What a version kept that did not note what a message says is
    /// read from its octets, by the reader's thread.
    pub async fn came_from(&self, sender: Option<&str>, limit: u32) -> Result<Vec<CameMessage>, StoreError> {
        let sender = sender.map(str::to_owned);
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!(
                "{MESSAGES} WHERE ?1 IS NULL OR sender = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?2"
            ))?;
            let rows = statement.query_map(params![sender, limit], |row| Ok(message(row)))?;
            rows.map(|row| row?).collect()
        })
        .await
    }

    /// Other messages that came with the same sender and identifier: those of another instant, newest first.
    pub async fn namesakes(&self, named: &Reference, limit: u32) -> Result<Vec<CameMessage>, StoreError> {
        let named = named.clone();
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!(
                "{MESSAGES} WHERE sender = ?1 AND identifier = ?2 AND sent_ms <> ?3
                 ORDER BY at_ms DESC, id DESC LIMIT ?4"
            ))?;
            let sent = named.sent.utc().timestamp_millis();
            let rows = statement
                .query_map(params![named.sender, named.identifier, sent, limit], |row| Ok(message(row)))?;
            rows.map(|row| row?).collect()
        })
        .await
    }
}

/// What [`message`] reads.
const MESSAGES: &str = "SELECT id, by, at_ms, sender, identifier, sent, msg_type, named, expires_ms,
                               CASE WHEN msg_type IS NULL THEN cap END
                        FROM intake";

fn read(row: &Row<'_>) -> Result<Came, StoreError> {
    Ok(Came { id: row.get(0)?, by: row.get(1)?, cap: row.get(2)?, at: instant(row.get(3)?)? })
}

fn message(row: &Row<'_>) -> Result<CameMessage, StoreError> {
    let id: String = row.get(0)?;
    let damaged = |why: String| StoreError::Damaged { what: "intake", why };
    let message = if let Some(cap) = row.get::<_, Option<Vec<u8>>>(9)? {
        let alert = cap::read(&cap, &Limits::cap()).0;
        Message::of(&alert.ok_or_else(|| damaged(id.clone()))?)
    } else {
        let time = |text: &str| CapTime::parse(text).map_err(|_| damaged(format!("{id}: {text}")));
        let word: String = row.get(6)?;
        let named: String = row.get(7)?;
        let triple = |text: &str| {
            let mut parts = text.split(',').map(str::to_owned);
            let (Some(sender), Some(identifier), Some(sent)) = (parts.next(), parts.next(), parts.next())
            else {
                return Err(damaged(format!("{id}: {text}")));
            };
            Ok(Reference { sender, identifier, sent: time(&sent)? })
        };
        Message {
            id: Reference {
                sender: row.get(3)?,
                identifier: row.get(4)?,
                sent: time(&row.get::<_, String>(5)?)?,
            },
            msg_type: MsgType::parse(&word).ok_or_else(|| damaged(format!("{id}: {word}")))?,
            references: named.split(' ').filter(|t| !t.is_empty()).map(triple).collect::<Result<_, _>>()?,
            expires: row.get::<_, Option<i64>>(8)?.map(instant).transpose()?,
        }
    };
    Ok(CameMessage { id, by: row.get(1)?, at: instant(row.get(2)?)?, message })
}
