//! An approval as one unit of work: state, approval, serials, orders and events, all or nothing.

use super::deliveries::Outgoing;
use super::warnings::load;
use super::{Committed, Lane, Store, StoreError, chain, ending, serials};
use chrono::{DateTime, Utc};
use nadhir_core::cap::{self, Limits};
use nadhir_core::cbs::serial::{self, Ask, Serial};
use nadhir_core::cbs::{Channel, Class};
use nadhir_core::delivery::{Kind, Order};
use nadhir_core::digest::Digest;
use nadhir_core::now::Now;
use nadhir_core::warning::{Command, Event, OrderedFrom, air, decide};
use rusqlite::{Connection, params};

/// What an approval or a cancel brought about.
#[derive(Debug, Clone)]
pub struct Ordered {
    /// The orders, durable.
    pub orders: Vec<Order>,
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
    /// Where it is broadcast.
    pub channel: Channel,
    /// How many messages, each with a serial of its own.
    pub messages: usize,
    /// Whom it goes to, and the delivery id of each. An update goes to those of them alone who were told before.
    pub operators: Vec<(String, String)>,
    /// The digest of the area.
    pub area: Digest,
    /// The instant.
    pub now: Now,
    /// Builds the one CAP from the serials given.
    pub air: A,
}

impl Store {
    /// Approves. Returns after it is on disk.
    pub async fn approve<A>(&self, approval: Approval<A>) -> Result<Committed<Ordered>, StoreError>
    where
        A: FnOnce(&[Serial]) -> Vec<u8> + Send + 'static,
    {
        self.write(Lane::Urgent, move |c| approve(c, approval)).await
    }
}

fn approve<A: FnOnce(&[Serial]) -> Vec<u8>>(
    c: &Connection,
    approval: Approval<A>,
) -> Result<Ordered, StoreError> {
    let stored = load(c, &approval.warning)?;
    let (now, class) = (approval.now, stored.class);
    let old = stored.warning.updates.clone();
    let predecessor = old.as_deref().map(|id| load(c, id)).transpose()?.map(|old| Box::new(old.warning));
    let command = Command::Approve { by: approval.by.clone(), hash: approval.hash, predecessor };
    let events = decide(&stored.warning, command, now)?;

    c.prepare_cached("INSERT INTO approval (warning, person, hash, at_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![approval.warning, approval.by, approval.hash.0, now.utc.timestamp_millis()])?;
    c.prepare_cached("UPDATE warning SET state = 'approved' WHERE id = ?1")?.execute([&approval.warning])?;
    let told = old.as_deref().map(|id| orders_of(c, id)).transpose()?;
    if let Some(old) = &old {
        ending::write(c, old, "updated", Some(&approval.warning), now.utc)?;
    }

    let mut used = serials::used(c, class)?;
    let serials = serial::allocate(&used, &ask(&approval, told.as_deref()), now.utc)?;
    let ends = stored.warning.expires;
    for serial in &serials {
        used.give(*serial, ends);
        serials::keep(c, class, *serial, ends, &approval.warning)?;
    }

    let cap = String::from_utf8((approval.air)(&serials))
        .map_err(|e| StoreError::Damaged { what: "CAP", why: e.to_string() })?;
    let reached =
        |operator: &str| told.as_ref().is_none_or(|told| told.iter().any(|o| o.operator == operator));
    let to: Vec<_> = approval.operators.into_iter().filter(|(operator, _)| reached(operator)).collect();
    let order = Order {
        delivery: String::new(),
        warning: approval.warning,
        operator: String::new(),
        sequence: 0,
        class,
        kind: if old.is_some() { Kind::Update } else { Kind::Alert },
        ends: old.as_deref().map(|old| in_force(c, old, now.utc)).transpose()?.unwrap_or_default(),
        replaces: old,
        cap_sha256: Digest::of(cap.as_bytes()),
        area_sha256: Some(approval.area),
        approved_at: now.utc,
        expires: ends,
        cap,
    };
    for event in &events {
        chain::append(c, event)?;
    }
    let orders = write_orders(c, &order, to, &serials)?;
    Ok(Ordered { orders, codes_left: used.remaining(now.utc) })
}

/// Which serials are asked for: an update names the messages it takes the place of.
fn ask<A>(approval: &Approval<A>, told: Option<&[Order]>) -> Ask {
    let before = told.and_then(<[Order]>::first).and_then(|order| {
        let (alert, _) = cap::read(order.cap.as_bytes(), &Limits::cap());
        air::messages(&alert?).ok()
    });
    Ask {
        channel: approval.channel,
        messages: approval.messages,
        before: before.into_iter().flatten().map(|message| (message.channel, message.serial)).collect(),
    }
}

/// Writes one order an operator, from a pattern, and the event that names them all.
pub(super) fn write_orders(
    c: &Connection,
    pattern: &Order,
    to: Vec<(String, String)>,
    serials: &[Serial],
) -> Result<Vec<Order>, StoreError> {
    let mut orders = Vec::with_capacity(to.len());
    for (operator, delivery) in to {
        let sequence = next_sequence(c, &operator, pattern.class)?;
        let order = Order { delivery, sequence, operator, ..pattern.clone() };
        Outgoing::write(c, &order)?;
        orders.push(order);
    }
    let ordered = orders.iter().map(|o| OrderedFrom {
        operator: o.operator.clone(),
        delivery: o.delivery.clone(),
        sequence: o.sequence,
    });
    let event = Event::Ordered {
        warning: pattern.warning.clone(),
        kind: pattern.kind,
        serials: serials.iter().map(|s| s.get()).collect(),
        cap_sha256: pattern.cap_sha256,
        orders: ordered.collect(),
    };
    chain::append(c, &event)?;
    Ok(orders)
}

/// The alert or update orders of a warning: who was told.
pub(super) fn orders_of(c: &Connection, warning: &str) -> Result<Vec<Order>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT body, queued_ms FROM outbox WHERE warning = ?1 AND kind <> 'cancel' ORDER BY operator",
    )?;
    let outgoing = Outgoing::read_all(&mut statement, [warning])?;
    Ok(outgoing.into_iter().map(|o| o.order).collect())
}

/// A warning and all before it in its chain whose time is not over, newest first: what an end of it has to reach.
pub(super) fn in_force(c: &Connection, warning: &str, at: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let mut statement = c.prepare_cached(
        "WITH RECURSIVE chain (id, updates, expires_ms, age) AS (
             SELECT id, updates, expires_ms, 0 FROM warning WHERE id = ?1
             UNION ALL
             SELECT w.id, w.updates, w.expires_ms, age + 1 FROM chain JOIN warning w ON w.id = chain.updates
         )
         SELECT id FROM chain WHERE expires_ms > ?2 ORDER BY age",
    )?;
    let ids = statement.query_map(params![warning, at.timestamp_millis()], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
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
