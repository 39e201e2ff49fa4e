//! Warnings as they are submitted and read.

use super::{Lane, SeenDraft, Store, StoreError, chain, drafts};
use chrono::{DateTime, Utc};
use nadhir_core::cap::Reference;
use nadhir_core::cbs::Class;
use nadhir_core::digest::Digest;
use nadhir_core::warning::{DraftCommand, Event, State, Warning};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A warning as its author submits it, prepared and checked.
#[derive(Debug, Clone)]
pub struct NewWarning {
    /// Given by the hub.
    pub id: String,
    /// The author's id.
    pub author: String,
    /// Live or drill.
    pub class: Class,
    /// The triple that names the alert for ever: sender, identifier, sent.
    pub triple: (String, String, String),
    /// The author's CAP, as it came.
    pub cap: Vec<u8>,
    /// What an approval binds.
    pub hash: Digest,
    /// What a person is shown of it, as JSON.
    pub prepared: String,
    /// Nothing goes on air from then on.
    pub expires: DateTime<Utc>,
    /// The warning it updates.
    pub updates: Option<String>,
    /// The draft that becomes it, and is no more.
    pub draft: Option<SeenDraft>,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It waits.
    New,
    /// The same author sent the same bytes before, as this warning.
    Before(String),
}

/// A warning as stored.
#[derive(Debug, Clone)]
pub struct StoredWarning {
    /// Its life.
    pub warning: Warning,
    /// Live or drill.
    pub class: Class,
    /// The author's CAP, as it came.
    pub cap: Vec<u8>,
    /// What a person is shown of it, as JSON.
    pub prepared: String,
    /// When it came.
    pub submitted_at: DateTime<Utc>,
}

impl Store {
    /// Keeps a new warning.
    pub async fn submit(&self, new: NewWarning) -> Result<Submitted, StoreError> {
        self.write(Lane::Urgent, move |c| submit(c, &new)).await.map(|done| done.value)
    }

    /// One warning.
    pub async fn warning(&self, id: &str) -> Result<StoredWarning, StoreError> {
        let id = id.to_owned();
        self.read(move |c| load(c, &id)).await
    }

    /// The warning that carries this alert: sender, identifier, and the instant of its time, whatever its offset.
    pub async fn by_triple(&self, named: &Reference) -> Result<Option<String>, StoreError> {
        let named = named.clone();
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!("SELECT id {NAMED}"))?;
            let named = params![named.sender, named.identifier, named.sent.to_string()];
            Ok(statement.query_row(named, |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Whether a message may be named so: an identifier is unique for its sender (CAP 1.2, 3.2.1). The same triple again
    /// is no other message, and is judged by whoever takes it.
    pub async fn name_is_free(&self, named: &Reference) -> Result<(), StoreError> {
        let named = named.clone();
        self.read(move |c| name_is_free(c, &named.sender, &named.identifier, &named.sent.to_string())).await
    }

    /// The draft that became a warning; none if there was none, or it is not known.
    pub async fn draft_of(&self, warning: &str) -> Result<Option<String>, StoreError> {
        let warning = warning.to_owned();
        self.read(move |c| {
            let mut statement = c.prepare_cached("SELECT draft FROM warning WHERE id = ?1")?;
            Ok(statement.query_row([warning], |row| row.get(0)).optional()?.flatten())
        })
        .await
    }

    /// The ids of the newest warnings, newest first.
    pub async fn newest(&self, limit: u32) -> Result<Vec<String>, StoreError> {
        self.read(move |c| {
            let mut statement =
                c.prepare_cached("SELECT id FROM warning ORDER BY submitted_ms DESC, id DESC LIMIT ?1")?;
            let ids = statement.query_map([limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(ids)
        })
        .await
    }
}

/// The warning of one message: its time as an instant. The rows of one sender's identifier are few, and found by index.
const NAMED: &str = "FROM warning WHERE sender = ?1 AND identifier = ?2 AND unixepoch(sent) = unixepoch(?3) ORDER BY id LIMIT 1";

/// Refused: the same sender and identifier of another instant.
fn name_is_free(c: &Connection, sender: &str, identifier: &str, sent: &str) -> Result<(), StoreError> {
    let taken: Option<(String, String)> = c
        .prepare_cached(
            "SELECT id, sent FROM warning
             WHERE sender = ?1 AND identifier = ?2 AND unixepoch(sent) <> unixepoch(?3) ORDER BY id LIMIT 1",
        )?
        .query_row([sender, identifier, sent], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match taken {
        Some((by, sent)) => Err(StoreError::NameTaken { by, sent }),
        None => Ok(()),
    }
}

fn submit(c: &Connection, new: &NewWarning) -> Result<Submitted, StoreError> {
    let (sender, identifier, sent) = &new.triple;
    let before: Option<(String, String, Vec<u8>)> = c
        .prepare_cached(&format!("SELECT id, author, cap {NAMED}"))?
        .query_row([sender, identifier, sent], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((warning, author, cap)) = before {
        return if author == new.author && cap == new.cap {
            Ok(Submitted::Before(warning))
        } else {
            Err(StoreError::Replayed { warning })
        };
    }
    name_is_free(c, sender, identifier, sent)?;
    if let Some(draft) = &new.draft {
        drafts::remove(c, draft, DraftCommand::HandIn, &new.author, new.at)?;
    }
    c.prepare_cached(
        "INSERT INTO warning (id, author, class, sender, identifier, sent, cap, hash, prepared, expires_ms, submitted_ms,
                              updates, draft, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'waiting')",
    )?
    .execute(params![
        new.id,
        new.author,
        new.class.word(),
        sender,
        identifier,
        sent,
        new.cap,
        new.hash.0,
        new.prepared,
        new.expires.timestamp_millis(),
        new.at.timestamp_millis(),
        new.updates,
        new.draft.as_ref().map(|draft| &draft.id)
    ])?;
    chain::append(
        c,
        &Event::Submitted {
            warning: new.id.clone(),
            author: new.author.clone(),
            class: new.class,
            cap_sha256: Digest::of(&new.cap),
            hash: new.hash,
            expires: new.expires,
            updates: new.updates.clone(),
            draft: new.draft.as_ref().map(|draft| draft.id.clone()),
            at: new.at,
        },
    )?;
    Ok(Submitted::New)
}

/// A warning and its life, in the caller's transaction.
pub(super) fn load(c: &Connection, id: &str) -> Result<StoredWarning, StoreError> {
    let found = c
        .prepare_cached(
            "SELECT w.author, w.class, w.cap, w.hash, w.prepared, w.expires_ms, w.submitted_ms, w.updates,
                    a.person, a.at_ms, e.kind, e.by, e.at_ms
             FROM warning w LEFT JOIN approval a ON a.warning = w.id LEFT JOIN ending e ON e.warning = w.id
             WHERE w.id = ?1",
        )?
        .query_row([id], |row| Ok(stored(id, row)))
        .optional()?;
    found.ok_or_else(|| StoreError::NoWarning(id.to_owned()))?
}

fn stored(id: &str, row: &Row<'_>) -> Result<StoredWarning, StoreError> {
    let state = state(row)?;
    let warning = Warning {
        id: id.to_owned(),
        author: row.get(0)?,
        hash: Digest(row.get(3)?),
        expires: instant(row.get(5)?)?,
        updates: row.get(7)?,
        state,
    };
    Ok(StoredWarning {
        warning,
        class: class_of(&row.get::<_, String>(1)?)?,
        cap: row.get(2)?,
        prepared: row.get(4)?,
        submitted_at: instant(row.get(6)?)?,
    })
}

/// Where it stands, told by its approval and its ending.
fn state(row: &Row<'_>) -> Result<State, StoreError> {
    let ending: Option<String> = row.get(10)?;
    let (by, at) = match &ending {
        Some(_) => (row.get::<_, Option<String>>(11)?, row.get::<_, Option<i64>>(12)?),
        None => (row.get::<_, Option<String>>(8)?, row.get::<_, Option<i64>>(9)?),
    };
    let Some(at) = at.map(instant).transpose()? else { return Ok(State::Waiting) };
    let by = by.unwrap_or_default();
    match ending.as_deref() {
        None => Ok(State::Approved { by, at }),
        Some("updated") => Ok(State::Updated { by, at }),
        Some("cancelled") => Ok(State::Cancelled { by, at }),
        Some("expired") => Ok(State::Expired { at }),
        Some(other) => Err(StoreError::Damaged { what: "ending", why: other.to_owned() }),
    }
}

fn class_of(word: &str) -> Result<Class, StoreError> {
    Class::parse(word).ok_or_else(|| StoreError::Damaged { what: "class", why: word.to_owned() })
}

/// Milliseconds since 1970 as an instant.
pub(super) fn instant(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms)
        .ok_or_else(|| StoreError::Damaged { what: "time", why: format!("{ms} ms") })
}
