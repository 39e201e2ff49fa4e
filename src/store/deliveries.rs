//! The outbox as the relay sees it, and receipts as the collector brings them. A receipt is written once.

use super::warnings::instant;
use super::{Lane, Store, StoreError, chain};
use chrono::{DateTime, Utc};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Order, Receipt};
use nadhir_core::digest::Digest;
use nadhir_core::warning::{Event, OrderedFrom};
use rusqlite::{Connection, OptionalExtension, Params, Statement, params};
use std::time::Duration;

/// An order on its way.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The order, whole.
    pub order: Order,
    /// When a path took it, if one did.
    pub queued_at: Option<DateTime<Utc>>,
}

/// What became of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was news.
    New,
    /// The same receipt was heard before.
    Before,
}

/// A receipt, and when the hub heard it.
#[derive(Debug, Clone)]
pub struct HeardReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// Since the commit of the approval, by the hub's clock.
    pub after: Duration,
}

impl Outgoing {
    /// Writes an order to the outbox, in the caller's transaction.
    pub(super) fn write(c: &Connection, order: &Order) -> Result<(), StoreError> {
        let body = serde_json::to_vec(order)
            .map_err(|e| StoreError::Damaged { what: "order", why: e.to_string() })?;
        c.prepare_cached(
            "INSERT INTO outbox (delivery, warning, operator, class, kind, sequence, body, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            order.delivery,
            order.warning,
            order.operator,
            order.class.word(),
            order.kind.word(),
            order.sequence,
            body,
            order.expires.timestamp_millis()
        ])?;
        Ok(())
    }

    /// Reads rows of `body, queued_ms`.
    pub(super) fn read_all(
        statement: &mut Statement<'_>,
        params: impl Params,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let rows = statement
            .query_map(params, |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<i64>>(1)?)))?;
        rows.map(|row| {
            let (body, queued_ms) = row?;
            let order = serde_json::from_slice(&body)
                .map_err(|e| StoreError::Damaged { what: "order", why: e.to_string() })?;
            Ok(Outgoing { order, queued_at: queued_ms.map(instant).transpose()? })
        })
        .collect()
    }
}

impl Store {
    /// Orders of one operator and class that no path has taken.
    pub async fn unsent(
        &self,
        operator: &str,
        class: Class,
        now: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>, StoreError> {
        self.outgoing("queued_ms IS NULL", operator, class, now).await
    }

    /// Orders of one operator and class that a path took, but of which nothing has been heard from the operator itself.
    /// After a start they are sent again: a path that lives in memory has forgotten them, and an adapter drops a copy.
    pub async fn untaken(
        &self,
        operator: &str,
        class: Class,
        now: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let untaken = "queued_ms IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.delivery = o.delivery AND r.grade <> 'queued')";
        self.outgoing(untaken, operator, class, now).await
    }

    /// Those that are `so`, in their order. Neither what is over nor what has ended meanwhile: a cancelled or updated alert
    /// does not leave after its end.
    async fn outgoing(
        &self,
        so: &'static str,
        operator: &str,
        class: Class,
        now: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let operator = operator.to_owned();
        self.read(move |c| {
            let mut statement = c.prepare_cached(&format!(
                "SELECT body, queued_ms FROM outbox o
                 WHERE operator = ?1 AND class = ?3 AND {so} AND (kind = 'cancel' OR expires_ms > ?2
                   AND NOT EXISTS (SELECT 1 FROM ending e WHERE e.warning = o.warning))
                 ORDER BY sequence"
            ))?;
            Outgoing::read_all(&mut statement, params![operator, now.timestamp_millis(), class.word()])
        })
        .await
    }

    /// Whether an event of the record names this order, and the CAP it carries. The rules of the outbox ask for rows,
    /// which a stranger with the file may write as well.
    pub async fn is_ordered(&self, order: &Order) -> Result<bool, StoreError> {
        let order = order.clone();
        self.read(move |c| is_ordered(c, &order)).await
    }

    /// The orders of one warning.
    pub async fn orders(&self, warning: &str) -> Result<Vec<Outgoing>, StoreError> {
        let warning = warning.to_owned();
        self.read(move |c| {
            let sql = "SELECT body, queued_ms FROM outbox WHERE warning = ?1 ORDER BY operator, sequence";
            let mut statement = c.prepare_cached(sql)?;
            Outgoing::read_all(&mut statement, [warning])
        })
        .await
    }

    /// Marks an order as taken by a path, with the hub's own `queued` receipt, in one transaction.
    pub async fn queued(&self, receipt: Receipt, after: Duration) -> Result<Heard, StoreError> {
        let work = move |c: &Connection| {
            c.prepare_cached("UPDATE outbox SET queued_ms = ?2 WHERE delivery = ?1 AND queued_ms IS NULL")?
                .execute(params![receipt.delivery, receipt.heard_at.timestamp_millis()])?;
            hear(c, &receipt, after)
        };
        self.write(Lane::Routine, work).await.map(|done| done.value)
    }

    /// Keeps a receipt, once.
    pub async fn heard(&self, receipt: Receipt, after: Duration) -> Result<Heard, StoreError> {
        self.write(Lane::Routine, move |c| hear(c, &receipt, after)).await.map(|done| done.value)
    }

    /// All receipts of one warning, in the order heard.
    pub async fn receipts(&self, warning: &str) -> Result<Vec<HeardReceipt>, StoreError> {
        let warning = warning.to_owned();
        self.read(move |c| {
            let mut statement = c.prepare_cached(
                "SELECT r.body, r.after_ms FROM receipt r JOIN outbox o ON o.delivery = r.delivery
                 WHERE o.warning = ?1 ORDER BY r.after_ms, r.id",
            )?;
            let rows = statement
                .query_map([warning], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, f64>(1)?)))?;
            rows.map(|row| {
                let (body, after_ms) = row?;
                let receipt = Receipt::from_wire(&body)
                    .map_err(|e| StoreError::Damaged { what: "receipt", why: e.to_string() })?;
                Ok(HeardReceipt { receipt, after: Duration::from_secs_f64(after_ms.max(0.0) / 1000.0) })
            })
            .collect()
        })
        .await
    }
}

/// Newest first: what is sent was ordered just now, as a rule. The words are those of the index over these events.
pub(super) const NAMES: &str =
    "SELECT body FROM event WHERE instr(body, CAST('\"event\":\"ordered\"' AS BLOB)) > 0
                     AND instr(body, CAST(?1 AS BLOB)) > 0 ORDER BY seq DESC";

fn is_ordered(c: &Connection, sent: &Order) -> Result<bool, StoreError> {
    let carried = Digest::of(sent.cap.as_bytes());
    let mut statement = c.prepare_cached(NAMES)?;
    let mut rows = statement.query([&sent.delivery])?;
    while let Some(row) = rows.next()? {
        // One that cannot be read names nothing, and holds nothing up: a verification tells of it.
        let Ok(Event::Ordered { warning, kind, cap_sha256, orders, .. }) =
            Event::from_bytes(&row.get::<_, Vec<u8>>(0)?)
        else {
            continue;
        };
        let named = OrderedFrom {
            operator: sent.operator.clone(),
            delivery: sent.delivery.clone(),
            sequence: sent.sequence,
        };
        if warning == sent.warning
            && kind == sent.kind
            && cap_sha256 == sent.cap_sha256
            && cap_sha256 == carried
            && orders.contains(&named)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn hear(c: &Connection, receipt: &Receipt, after: Duration) -> Result<Heard, StoreError> {
    let body = receipt.to_wire();
    let bad = |why: &str| StoreError::BadReceipt { id: receipt.id.clone(), why: why.to_owned() };
    let before: Option<Vec<u8>> = c
        .prepare_cached("SELECT body FROM receipt WHERE id = ?1")?
        .query_row([&receipt.id], |row| row.get(0))
        .optional()?;
    match before {
        Some(before) if before == body => return Ok(Heard::Before),
        Some(_) => return Err(bad("the same id was heard before with another content")),
        None => {}
    }
    let ordered: bool = c
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE delivery = ?1 AND operator = ?2 AND warning = ?3)",
        )?
        .query_row([&receipt.delivery, &receipt.operator, &receipt.warning], |row| row.get(0))?;
    if !ordered {
        return Err(bad("it speaks of a delivery that was not ordered from this operator"));
    }
    c.prepare_cached(
        "INSERT INTO receipt (id, delivery, body, grade, after_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        receipt.id,
        receipt.delivery,
        body,
        receipt.grade.word(),
        after.as_secs_f64() * 1000.0
    ])?;
    chain::append(
        c,
        &Event::Heard {
            warning: receipt.warning.clone(),
            receipt: receipt.id.clone(),
            delivery: receipt.delivery.clone(),
            operator: receipt.operator.clone(),
            grade: receipt.grade.clone(),
            heard_at: receipt.heard_at,
        },
    )?;
    Ok(Heard::New)
}
