//! What the public may read: alerts that were approved and whose time is not over, the cancels of them, and approvals in the record's order.

use super::warnings::instant;
use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::Order;
use nadhir_core::warning::Event;
use rusqlite::{Connection, OptionalExtension as _, Row};

/// An alert that was told to everybody.
#[derive(Debug, Clone)]
pub struct Published {
    /// The warning.
    pub id: String,
    /// Live or drill.
    pub class: Class,
    /// The author's CAP, as it came.
    pub cap: Vec<u8>,
    /// When the second person approved it.
    pub at: DateTime<Utc>,
    /// When its time is over.
    pub expires: DateTime<Utc>,
    /// When it ended before that.
    pub ended: Option<DateTime<Utc>>,
    /// The CAP that cancelled it, as operators got it.
    pub cancel: Option<String>,
}

/// An approval in the record.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The warning.
    pub warning: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The author's CAP, as it came.
    pub cap: Vec<u8>,
}

/// The approvals of one piece of the record.
#[derive(Debug, Clone)]
pub struct Approvals {
    /// In the record's order.
    pub approvals: Vec<Approved>,
    /// The last place that was looked at: the next piece begins after it.
    pub until: u64,
    /// Whether the record goes on.
    pub more: bool,
}

/// So many events are a piece. Few of them are approvals: most tell of orders and receipts.
const PIECE: u64 = 1024;
/// And so many documents, of 256 kB at most.
const DOCUMENTS: usize = 64;

const COLUMNS: &str = "SELECT w.id, w.class, w.cap, a.at_ms, w.expires_ms, e.at_ms,
           (SELECT o.body FROM outbox o WHERE o.warning = w.id AND o.kind = 'cancel' LIMIT 1)
    FROM warning w JOIN approval a ON a.warning = w.id LEFT JOIN ending e ON e.warning = w.id";

impl Store {
    /// What was approved and whose time is not over, newest first; and when that last changed.
    pub async fn published(&self, now: DateTime<Utc>) -> Result<(Vec<Published>, DateTime<Utc>), StoreError> {
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!(
                "{COLUMNS} WHERE w.expires_ms > ?1 ORDER BY a.at_ms DESC, w.id DESC"
            ))?;
            let rows = statement.query_map([now.timestamp_millis()], |row| Ok(read(row)))?;
            let published = rows.map(|row| row?).collect::<Result<Vec<_>, _>>()?;
            Ok((published, changed(c, now)?))
        })
        .await
    }

    /// One warning, if it was ever approved.
    pub async fn published_one(&self, id: &str) -> Result<Option<Published>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!("{COLUMNS} WHERE w.id = ?1"))?;
            statement.query_row([id], |row| Ok(read(row))).optional()?.transpose()
        })
        .await
    }

    /// The approvals of the next piece of the record, in its order. One piece is a bounded read, however long the record.
    pub async fn approvals_after(&self, seq: u64) -> Result<Approvals, StoreError> {
        self.read(move |c| {
            let last = "SELECT coalesce(max(seq), 0) FROM event";
            let end: u64 = c.prepare_cached(last)?.query_row([], |row| row.get(0))?;
            let until = end.min(seq.saturating_add(PIECE));
            let mut statement = c.prepare_cached(
                "SELECT seq, body FROM event WHERE seq > ?1 AND seq <= ?2
                 AND instr(body, CAST('\"event\":\"approved\"' AS BLOB)) > 0 ORDER BY seq",
            )?;
            let mut rows = statement.query([seq, until])?;
            let (mut approvals, mut until) = (Vec::new(), until);
            while let Some(row) = rows.next()? {
                if approvals.len() == DOCUMENTS {
                    // The piece ends before this one.
                    until = row.get::<_, u64>(0)? - 1;
                    break;
                }
                let event = Event::from_bytes(&row.get::<_, Vec<u8>>(1)?)
                    .map_err(|e| StoreError::Damaged { what: "event", why: e.to_string() })?;
                if let Event::Approved { warning, at, .. } = event {
                    let cap = c
                        .prepare_cached("SELECT cap FROM warning WHERE id = ?1")?
                        .query_row([&warning], |row| row.get(0))?;
                    approvals.push(Approved { warning, at, cap });
                }
            }
            Ok(Approvals { approvals, until, more: until < end })
        })
        .await
    }
}

fn read(row: &Row<'_>) -> Result<Published, StoreError> {
    let class: String = row.get(1)?;
    let cancel = row.get::<_, Option<Vec<u8>>>(6)?.map(|body| {
        serde_json::from_slice::<Order>(&body)
            .map(|order| order.cap)
            .map_err(|e| StoreError::Damaged { what: "order", why: e.to_string() })
    });
    Ok(Published {
        id: row.get(0)?,
        class: Class::parse(&class).ok_or(StoreError::Damaged { what: "class", why: class })?,
        cap: row.get(2)?,
        at: instant(row.get(3)?)?,
        expires: instant(row.get(4)?)?,
        ended: row.get::<_, Option<i64>>(5)?.map(instant).transpose()?,
        cancel: cancel.transpose()?,
    })
}

/// The last approval, ending, or end of time of what was approved.
fn changed(c: &Connection, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let ms: Option<i64> = c
        .prepare_cached(
            "SELECT max(ms) FROM (SELECT max(at_ms) AS ms FROM approval UNION ALL SELECT max(at_ms) FROM ending
             UNION ALL SELECT max(w.expires_ms) FROM warning w JOIN approval a ON a.warning = w.id WHERE w.expires_ms <= ?1)",
        )?
        .query_row([now.timestamp_millis()], |row| row.get(0))?;
    instant(ms.unwrap_or(0))
}
