//! Drafts: kept, changed, thrown away, each with its event in the same transaction. What becomes a warning is in warnings.rs.

use super::warnings::instant;
use super::{Lane, Store, StoreError, chain};
use chrono::{DateTime, Utc};
use nadhir_core::digest::Digest;
use nadhir_core::warning::{Draft, DraftChanged, DraftCommand, Event, decide_draft};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// What a draft consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftKind {
    /// A CAP document, as far as it is written.
    Cap,
    /// A template and its slots, as JSON; times and texts are made when it is handed in.
    Slots,
}

impl DraftKind {
    /// The word in the store and on the API.
    pub const fn word(self) -> &'static str {
        match self {
            DraftKind::Cap => "cap",
            DraftKind::Slots => "slots",
        }
    }

    fn parse(word: &str) -> Result<DraftKind, StoreError> {
        [DraftKind::Cap, DraftKind::Slots]
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| StoreError::Damaged { what: "draft", why: word.to_owned() })
    }
}

/// What is kept as a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftContent {
    /// What the body is.
    pub kind: DraftKind,
    /// The document or the slots.
    pub body: Vec<u8>,
    /// What a list calls it, so that a list reads no document.
    pub title: Title,
}

/// A name in the two languages of the pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Title {
    /// In Arabic.
    pub ar: String,
    /// In English.
    pub en: String,
}

/// A draft in a list.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub author: String,
    /// The version.
    pub version: u64,
    /// What the body is.
    pub kind: DraftKind,
    /// When it was kept last.
    pub kept_at: DateTime<Utc>,
    /// What the list calls it; none for what a version without titles kept.
    pub title: Option<Title>,
}

/// A draft as stored.
#[derive(Debug, Clone)]
pub struct StoredDraft {
    /// Its life.
    pub draft: Draft,
    /// What the body is.
    pub kind: DraftKind,
    /// What is kept, as it came.
    pub body: Vec<u8>,
    /// When it was kept last.
    pub kept_at: DateTime<Utc>,
}

/// A draft and the version of it that a person saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDraft {
    /// Its id.
    pub id: String,
    /// The version.
    pub version: u64,
}

impl Store {
    /// Begins a draft, at version 1.
    pub async fn begin_draft(
        &self,
        id: String,
        by: &str,
        content: DraftContent,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        let work = move |c: &Connection| {
            let Draft { id: draft, version, sha256, .. } = begin(c, &id, &by, &content, at)?;
            chain::append(c, &Event::DraftKept { draft, by, version, sha256, at })
        };
        self.write(Lane::Urgent, work).await.map(|done| done.value)
    }

    /// Keeps something else in a draft's place. Returns the new version.
    pub async fn change_draft(
        &self,
        seen: SeenDraft,
        by: &str,
        content: DraftContent,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let by = by.to_owned();
        let work = move |c: &Connection| {
            let draft = load(c, &seen.id)?.draft;
            c.prepare_cached(
                "UPDATE draft SET kind = ?2, body = ?3, version = version + 1, kept_ms = ?4, title_ar = ?5, title_en = ?6
                 WHERE id = ?1",
            )?
            .execute(params![
                seen.id,
                content.kind.word(),
                content.body,
                at.timestamp_millis(),
                content.title.ar,
                content.title.en
            ])?;
            // The event tells what the row holds now; where it is refused, the row goes back with it.
            let now = load(c, &seen.id)?.draft;
            let change = DraftCommand::Change { sha256: now.sha256 };
            let event = decide_draft(&draft, change, &by, seen.version, at)?;
            event.iter().try_for_each(|event| chain::append(c, event))?;
            Ok(now.version)
        };
        self.write(Lane::Urgent, work).await.map(|done| done.value)
    }

    /// Throws a draft away.
    pub async fn drop_draft(&self, seen: SeenDraft, by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let by = by.to_owned();
        let work = move |c: &Connection| remove(c, &seen, DraftCommand::Drop, &by, at);
        self.write(Lane::Urgent, work).await.map(|done| done.value)
    }

    /// One draft.
    pub async fn draft(&self, id: &str) -> Result<StoredDraft, StoreError> {
        let id = id.to_owned();
        self.read(move |c| load(c, &id)).await
    }

    /// One draft, if it is the version that was seen: what is made of its content is made of that version alone.
    pub async fn draft_seen(&self, seen: &SeenDraft) -> Result<StoredDraft, StoreError> {
        let stored = self.draft(&seen.id).await?;
        let now = stored.draft.version;
        if now == seen.version { Ok(stored) } else { Err(DraftChanged { seen: seen.version, now }.into()) }
    }

    /// The drafts kept last, newest first, without what is in them.
    pub async fn drafts(&self, limit: u32) -> Result<Vec<DraftRow>, StoreError> {
        self.read(move |c| {
            let mut statement = c.prepare_cached(
                "SELECT id, author, version, kind, kept_ms, title_ar, title_en FROM draft
                 ORDER BY kept_ms DESC, id DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], |row| Ok(listed(row)))?;
            rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
        })
        .await
    }
}

const SELECT: &str = "SELECT id, author, kind, body, version, kept_ms FROM draft";

/// Begins a draft, in the caller's transaction, which owes the event. Returns it as it is kept.
pub(super) fn begin(
    c: &Connection,
    id: &str,
    by: &str,
    content: &DraftContent,
    at: DateTime<Utc>,
) -> Result<Draft, StoreError> {
    c.prepare_cached(
        "INSERT INTO draft (id, author, kind, body, version, kept_ms, title_ar, title_en)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7)",
    )?
    .execute(params![
        id,
        by,
        content.kind.word(),
        content.body,
        at.timestamp_millis(),
        content.title.ar,
        content.title.en
    ])?;
    Ok(load(c, id)?.draft)
}

/// Takes a draft away, in the caller's transaction: it was thrown away, or it became a warning.
pub(super) fn remove(
    c: &Connection,
    seen: &SeenDraft,
    command: DraftCommand,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let event = decide_draft(&load(c, &seen.id)?.draft, command, by, seen.version, at)?;
    c.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([&seen.id])?;
    event.iter().try_for_each(|event| chain::append(c, event))
}

fn load(c: &Connection, id: &str) -> Result<StoredDraft, StoreError> {
    let found = c
        .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
        .query_row([id], |row| Ok(stored(row)))
        .optional()?;
    found.ok_or_else(|| StoreError::NoDraft(id.to_owned()))?
}

fn listed(row: &Row<'_>) -> Result<DraftRow, StoreError> {
    let title = row.get::<_, Option<String>>(5)?.zip(row.get(6)?);
    Ok(DraftRow {
        id: row.get(0)?,
        author: row.get(1)?,
        version: row.get(2)?,
        kind: DraftKind::parse(&row.get::<_, String>(3)?)?,
        kept_at: instant(row.get(4)?)?,
        title: title.map(|(ar, en)| Title { ar, en }),
    })
}

fn stored(row: &Row<'_>) -> Result<StoredDraft, StoreError> {
    let body: Vec<u8> = row.get(3)?;
    let sha256 = Digest::of(&body);
    Ok(StoredDraft {
        draft: Draft { id: row.get(0)?, author: row.get(1)?, version: row.get(4)?, sha256 },
        kind: DraftKind::parse(&row.get::<_, String>(2)?)?,
        body,
        kept_at: instant(row.get(5)?)?,
    })
}
