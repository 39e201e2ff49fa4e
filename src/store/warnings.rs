//! Warnings as units of work: submitted; approved with serials, orders and events in one transaction; read.

use super::deliveries::Outgoing;
use super::{Committed, Lane, Store, StoreError, chain};
use chrono::{DateTime, Utc};
use nadhir_core::cbs::Class;
use nadhir_core::cbs::serial::{self, Serial, Used};
use nadhir_core::delivery::{Kind, Order};
use nadhir_core::digest::Digest;
use nadhir_core::now::Now;
use nadhir_core::warning::{Command, Event, OrderedFrom, State, Warning, decide};
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

/// What an approval brought about.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The orders, durable.
    pub orders: Vec<Order>,
    /// Serial numbers, message by message.
    pub serials: Vec<Serial>,
    /// How many codes of the class are left after it.
    pub codes_left: usize,
}

/// Everything an approval needs beyond what the record holds. `air` builds the operators' CAP from the serials.
pub struct Approval<A> {
    /// The warning.
    pub warning: String,
    /// The second person.
    pub by: String,
    /// Of what they saw.
    pub hash: Digest,
    /// How many messages, each with a serial of its own.
    pub messages: usize,
    /// Whether it may use the codes kept for Extreme.
    pub extreme: bool,
    /// Whom it goes to, and the delivery id of each.
    pub operators: Vec<(String, String)>,
    /// The digest of the area.
    pub area: Digest,
    /// The instant.
    pub now: Now,
    /// Builds the one CAP from the serials given.
    pub air: A,
}

impl Store {
    /// Keeps a new warning.
    pub async fn submit(&self, new: NewWarning) -> Result<Submitted, StoreError> {
        self.write(Lane::Urgent, move |c| submit(c, &new)).await.map(|done| done.value)
    }

    /// Approves: state, approval, serials, orders and events in one transaction. Returns after it is on disk.
    pub async fn approve<A>(&self, approval: Approval<A>) -> Result<Committed<Approved>, StoreError>
    where
        A: FnOnce(&[Serial]) -> Vec<u8> + Send + 'static,
    {
        self.write(Lane::Urgent, move |c| approve(c, approval)).await
    }

    /// One warning.
    pub async fn warning(&self, id: &str) -> Result<StoredWarning, StoreError> {
        let id = id.to_owned();
        self.read(move |c| load(c, &id)).await
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

fn submit(c: &Connection, new: &NewWarning) -> Result<Submitted, StoreError> {
    let (sender, identifier, sent) = &new.triple;
    let before: Option<(String, String, Vec<u8>)> = c
        .prepare_cached(
            "SELECT id, author, cap FROM warning WHERE sender = ?1 AND identifier = ?2 AND sent = ?3",
        )?
        .query_row([sender, identifier, sent], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((warning, author, cap)) = before {
        return if author == new.author && cap == new.cap {
            Ok(Submitted::Before(warning))
        } else {
            Err(StoreError::Replayed { warning })
        };
    }
    c.prepare_cached(
        "INSERT INTO warning (id, author, class, sender, identifier, sent, cap, hash, prepared, expires_ms, submitted_ms, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'waiting')",
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
        new.at.timestamp_millis()
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
            at: new.at,
        },
    )?;
    Ok(Submitted::New)
}

fn approve<A: FnOnce(&[Serial]) -> Vec<u8>>(
    c: &Connection,
    approval: Approval<A>,
) -> Result<Approved, StoreError> {
    let stored = load(c, &approval.warning)?;
    let (now, class) = (approval.now, stored.class);
    let command = Command::Approve { by: approval.by.clone(), hash: approval.hash };
    let events = decide(&stored.warning, command, now)?;

    c.prepare_cached("INSERT INTO approval (warning, person, hash, at_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![approval.warning, approval.by, approval.hash.0, now.utc.timestamp_millis()])?;
    c.prepare_cached("UPDATE warning SET state = 'approved' WHERE id = ?1")?.execute([&approval.warning])?;

    let mut used = used_codes(c, class)?;
    let serials = serial::allocate(&used, approval.messages, approval.extreme, now.utc)?;
    let ends = stored.warning.expires;
    for serial in &serials {
        used.give(*serial, ends);
        c.prepare_cached(
            "INSERT INTO serial (class, code, update_number, ends_ms, warning) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (class, code) DO UPDATE SET update_number = excluded.update_number,
                 ends_ms = max(ends_ms, excluded.ends_ms), warning = excluded.warning",
        )?
        .execute(params![
            class.word(),
            serial.code(),
            serial.update(),
            ends.timestamp_millis(),
            approval.warning
        ])?;
    }

    let cap = String::from_utf8((approval.air)(&serials))
        .map_err(|e| StoreError::Damaged { what: "CAP", why: e.to_string() })?;
    let mut orders = Vec::with_capacity(approval.operators.len());
    for (operator, delivery) in approval.operators {
        let order = Order {
            delivery,
            warning: approval.warning.clone(),
            sequence: next_sequence(c, &operator, class)?,
            operator,
            class,
            kind: Kind::Alert,
            cap_sha256: Digest::of(cap.as_bytes()),
            area_sha256: Some(approval.area),
            approved_at: now.utc,
            expires: ends,
            cap: cap.clone(),
        };
        Outgoing::write(c, &order)?;
        orders.push(order);
    }

    for event in &events {
        chain::append(c, event)?;
    }
    let ordered = orders.iter().map(|o| OrderedFrom {
        operator: o.operator.clone(),
        delivery: o.delivery.clone(),
        sequence: o.sequence,
    });
    chain::append(
        c,
        &Event::Ordered {
            warning: approval.warning,
            serials: serials.iter().map(|s| s.get()).collect(),
            cap_sha256: Digest::of(cap.as_bytes()),
            orders: ordered.collect(),
        },
    )?;
    let codes_left = used.remaining(now.utc);
    Ok(Approved { orders, serials, codes_left })
}

/// The codes of a class that were ever given out.
fn used_codes(c: &Connection, class: Class) -> Result<Used, StoreError> {
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

/// The next number in one operator's queue: gap-free, given in the transaction that writes the order.
fn next_sequence(c: &Connection, operator: &str, class: Class) -> Result<u64, StoreError> {
    let next = c
        .prepare_cached(
            "SELECT coalesce(max(sequence), 0) + 1 FROM outbox WHERE operator = ?1 AND class = ?2",
        )?
        .query_row([operator, class.word()], |row| row.get(0))?;
    Ok(next)
}

fn load(c: &Connection, id: &str) -> Result<StoredWarning, StoreError> {
    let found = c
        .prepare_cached(
            "SELECT w.author, w.class, w.cap, w.hash, w.prepared, w.expires_ms, w.submitted_ms, a.person, a.at_ms
             FROM warning w LEFT JOIN approval a ON a.warning = w.id WHERE w.id = ?1",
        )?
        .query_row([id], |row| Ok(stored(id, row)))
        .optional()?;
    found.ok_or_else(|| StoreError::NoWarning(id.to_owned()))?
}

fn stored(id: &str, row: &Row<'_>) -> Result<StoredWarning, StoreError> {
    let by: Option<String> = row.get(7)?;
    let state = match by {
        None => State::Waiting,
        Some(by) => State::Approved { by, at: instant(row.get(8)?)? },
    };
    let warning = Warning {
        id: id.to_owned(),
        author: row.get(0)?,
        hash: Digest(row.get(3)?),
        expires: instant(row.get(5)?)?,
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

fn class_of(word: &str) -> Result<Class, StoreError> {
    Class::parse(word).ok_or_else(|| StoreError::Damaged { what: "class", why: word.to_owned() })
}

/// Milliseconds since 1970 as an instant.
pub(super) fn instant(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms)
        .ok_or_else(|| StoreError::Damaged { what: "time", why: format!("{ms} ms") })
}
