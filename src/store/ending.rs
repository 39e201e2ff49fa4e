//! How warnings end, as units of work: cancelled by one person with its orders; expired when their time is over.

use super::approving::{Ordered, in_force, orders_of, write_orders};
use super::warnings::{instant, load};
use super::{Committed, Lane, Store, StoreError, chain};
use chrono::{DateTime, Utc};
use nadhir_core::delivery::{Kind, Order};
use nadhir_core::digest::Digest;
use nadhir_core::now::Now;
use nadhir_core::warning::{Command, State, decide};
use rusqlite::{Connection, params};

/// Everything a cancel needs beyond what the record holds.
#[derive(Debug, Clone)]
pub struct Cancellation {
    /// The warning.
    pub warning: String,
    /// The one person.
    pub by: String,
    /// The CAP that says so, for everyone who was told.
    pub cap: String,
    /// A delivery id an operator; those of them are ordered from who were told.
    pub operators: Vec<(String, String)>,
    /// The instant.
    pub now: Now,
}

impl Store {
    /// Cancels: the ending, the orders to exactly those who were told, the events. Returns after it is on disk. A
    /// warning that still waits is withdrawn: nobody was told, nobody is ordered from.
    pub async fn cancel(&self, cancellation: Cancellation) -> Result<Committed<Ordered>, StoreError> {
        self.write(Lane::Urgent, move |c| cancel(c, cancellation)).await
    }

    /// Until when a warning that was approved, or anything it took the place of, may be on air.
    pub async fn on_air_until(&self, warning: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let warning = warning.to_owned();
        self.read(move |c| on_air_until(c, &warning)).await
    }

    /// Ends the warnings whose time is over. Returns their ids.
    pub async fn expire(&self, now: Now) -> Result<Vec<String>, StoreError> {
        let over = self
            .read(move |c| {
                let mut statement = c.prepare_cached(
                    "SELECT id FROM warning WHERE state IN ('waiting', 'approved') AND expires_ms <= ?1",
                )?;
                let ids = statement.query_map([now.utc.timestamp_millis()], |row| row.get(0))?;
                Ok(ids.collect::<Result<Vec<String>, _>>()?)
            })
            .await?;
        if over.is_empty() {
            return Ok(over);
        }
        self.write(Lane::Routine, move |c| expire(c, over, now)).await.map(|done| done.value)
    }
}

fn cancel(c: &Connection, cancellation: Cancellation) -> Result<Ordered, StoreError> {
    let Cancellation { warning, by, cap, operators, now } = cancellation;
    let stored = load(c, &warning)?;
    let until = on_air_until(c, &warning)?;
    let events = decide(&stored.warning, Command::Cancel { by: by.clone(), on_air_until: until }, now)?;
    let told = orders_of(c, &warning)?;
    match stored.warning.state {
        State::Expired { .. } => write_over(c, &warning, &by, now.utc)?,
        State::Waiting | State::Approved { .. } | State::Updated { .. } | State::Cancelled { .. } => {
            write(c, &warning, "cancelled", Some(&by), now.utc)?;
        }
    }
    for event in &events {
        chain::append(c, event)?;
    }
    if told.is_empty() {
        return Ok(Ordered { orders: vec![], codes_left: 0 });
    }
    let to = operators.into_iter().filter(|(name, _)| told.iter().any(|o| o.operator == *name)).collect();
    let before = stored.warning.updates;
    let order = Order {
        delivery: String::new(),
        warning,
        operator: String::new(),
        sequence: 0,
        class: stored.class,
        kind: Kind::Cancel,
        ends: before.as_deref().map(|old| in_force(c, old, now.utc)).transpose()?.unwrap_or_default(),
        replaces: before,
        cap_sha256: Digest::of(cap.as_bytes()),
        area_sha256: None,
        approved_at: now.utc,
        // An adapter carries it out as long as anything it ends may be on air.
        expires: until.unwrap_or(stored.warning.expires),
        cap,
    };
    let orders = write_orders(c, &order, to, &[])?;
    Ok(Ordered { orders, codes_left: 0 })
}

fn expire(c: &Connection, over: Vec<String>, now: Now) -> Result<Vec<String>, StoreError> {
    let mut ended = Vec::new();
    for id in over {
        // It may have been cancelled since it was looked for.
        let Ok(events) = decide(&load(c, &id)?.warning, Command::Expire, now) else { continue };
        write(c, &id, "expired", None, now.utc)?;
        for event in &events {
            chain::append(c, event)?;
        }
        ended.push(id);
    }
    Ok(ended)
}

fn on_air_until(c: &Connection, warning: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let ms: Option<i64> = c
        .prepare_cached(
            "WITH RECURSIVE chain (updates, expires_ms) AS (
                 SELECT w.updates, w.expires_ms FROM warning w JOIN approval a ON a.warning = w.id WHERE w.id = ?1
                 UNION ALL
                 SELECT w.updates, w.expires_ms FROM chain JOIN warning w ON w.id = chain.updates
             )
             SELECT max(expires_ms) FROM chain",
        )?
        .query_row([warning], |row| row.get(0))?;
    ms.map(instant).transpose()
}

/// Turns an expiry into a cancel, in the caller's transaction.
fn write_over(c: &Connection, warning: &str, by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE ending SET kind = 'cancelled', by = ?2, at_ms = ?3 WHERE warning = ?1")?
        .execute(params![warning, by, at.timestamp_millis()])?;
    c.prepare_cached("UPDATE warning SET state = 'cancelled' WHERE id = ?1")?.execute([warning])?;
    Ok(())
}

/// Writes an ending and the state that follows it, in the caller's transaction.
pub(super) fn write(
    c: &Connection,
    warning: &str,
    kind: &'static str,
    by: Option<&str>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    c.prepare_cached("INSERT INTO ending (warning, kind, by, at_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![warning, kind, by, at.timestamp_millis()])?;
    c.prepare_cached("UPDATE warning SET state = ?2 WHERE id = ?1")?.execute([warning, kind])?;
    Ok(())
}
