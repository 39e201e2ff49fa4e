//! The rows against the events: what the tables say has to be what the events tell, row by row.

use super::StoreError;
use super::chain::{Broken, Place};
use nadhir_core::delivery::{Grade, Kind, Order, Receipt};
use nadhir_core::digest::Digest;
use nadhir_core::warning::{Event, State};
use rusqlite::{Connection, Row};
use std::collections::{BTreeMap, BTreeSet};

/// What the events tell of each table, by the key of its rows.
#[derive(Default)]
pub(super) struct Told {
    /// Events tell no more of a person than the id.
    persons: BTreeMap<String, String>,
    warnings: BTreeMap<String, Submission>,
    approvals: BTreeMap<String, Approval>,
    endings: BTreeMap<String, Ending>,
    orders: BTreeMap<String, Ordered>,
    receipts: BTreeMap<String, Heard>,
    /// Deliveries, and when a path had them: Unix milliseconds.
    queued: BTreeSet<(String, i64)>,
}

/// Instants are Unix milliseconds, as the tables keep them.
#[derive(PartialEq)]
struct Submission {
    author: String,
    class: String,
    cap_sha256: Digest,
    hash: Digest,
    expires: i64,
    updates: Option<String>,
    at: i64,
    state: String,
}

#[derive(PartialEq)]
struct Ending {
    kind: String,
    by: Option<String>,
    at: i64,
}

#[derive(PartialEq)]
struct Approval {
    by: String,
    hash: Digest,
    at: i64,
}

#[derive(PartialEq)]
struct Ordered {
    warning: String,
    operator: String,
    kind: Kind,
    sequence: u64,
    cap_sha256: Digest,
}

#[derive(PartialEq)]
struct Heard {
    warning: String,
    delivery: String,
    operator: String,
    grade: Grade,
    at: i64,
}

impl Told {
    /// Takes the next event in.
    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::PersonAdded { person } => drop(self.persons.insert(person.clone(), person)),
            Event::Submitted { warning, author, class, cap_sha256, hash, expires, updates, at, .. } => {
                let submission = Submission {
                    author,
                    class: class.word().to_owned(),
                    cap_sha256,
                    hash,
                    expires: expires.timestamp_millis(),
                    updates,
                    at: at.timestamp_millis(),
                    state: State::Waiting.word().to_owned(),
                };
                self.warnings.insert(warning, submission);
            }
            Event::Approved { warning, by, hash, at } => {
                self.stand(&warning, State::Approved { by: by.clone(), at });
                self.approvals.insert(warning, Approval { by, hash, at: at.timestamp_millis() });
            }
            Event::Updated { warning, by, at } => self.stand(&warning, State::Updated { by, at }),
            Event::Cancelled { warning, by, at } => self.stand(&warning, State::Cancelled { by, at }),
            Event::Expired { warning, at } => self.stand(&warning, State::Expired { at }),
            Event::Ordered { warning, kind, cap_sha256, orders, .. } => {
                self.orders.extend(orders.into_iter().map(|order| {
                    let (warning, operator, sequence) = (warning.clone(), order.operator, order.sequence);
                    (order.delivery, Ordered { warning, operator, kind, sequence, cap_sha256 })
                }));
            }
            Event::Heard { warning, receipt, delivery, operator, grade, heard_at } => {
                let at = heard_at.timestamp_millis();
                if grade == Grade::Queued {
                    self.queued.insert((delivery.clone(), at));
                }
                self.receipts.insert(receipt, Heard { warning, delivery, operator, grade, at });
            }
            // Drafts come and go, and what came in is kept beside the warnings.
            Event::DraftKept { .. } | Event::DraftDropped { .. } | Event::CameIn { .. } => {}
        }
    }

    /// A warning's state, and its ending if it is one: an expiry may be followed by a cancel.
    fn stand(&mut self, warning: &str, state: State) {
        let kind = state.word().to_owned();
        if let Some(submission) = self.warnings.get_mut(warning) {
            submission.state.clone_from(&kind);
        }
        let (by, at) = match state {
            State::Waiting | State::Approved { .. } => return,
            State::Updated { by, at } | State::Cancelled { by, at } => (Some(by), at),
            State::Expired { at } => (None, at),
        };
        self.endings.insert(warning.to_owned(), Ending { kind, by, at: at.timestamp_millis() });
    }

    /// The first row that no event tells of, or tells of otherwise, or that is gone.
    pub(super) fn differs(self, c: &Connection) -> Result<Option<Broken>, StoreError> {
        let Told { persons, warnings, approvals, endings, orders, receipts, queued } = self;
        let of_warning: BTreeMap<String, OfWarning> = warnings
            .iter()
            .map(|(id, w)| {
                let (class, expires, updates) = (w.class.clone(), w.expires, w.updates.clone());
                (id.clone(), OfWarning { class, expires, updates })
            })
            .collect();
        let order = |row: &Row<'_>| ordered(row, &of_warning, &queued);
        let tables: [&dyn Fn() -> Result<Option<Broken>, StoreError>; 6] = [
            &|| hold(c, "person", "SELECT id FROM person ORDER BY id", &persons, |row| row.get(0).map(Some)),
            &|| hold(c, "warning", WARNINGS, &warnings, submission),
            &|| hold(c, "approval", APPROVALS, &approvals, approval),
            &|| hold(c, "ending", ENDINGS, &endings, ending),
            &|| hold(c, "outbox", ORDERS, &orders, order),
            &|| hold(c, "receipt", RECEIPTS, &receipts, heard),
        ];
        tables.iter().find_map(|table| table().transpose()).transpose()
    }
}

/// What an order takes from its warning.
struct OfWarning {
    class: String,
    expires: i64,
    updates: Option<String>,
}

const WARNINGS: &str =
    "SELECT id, author, class, cap, hash, expires_ms, updates, submitted_ms, state FROM warning ORDER BY id";
const APPROVALS: &str = "SELECT warning, person, hash, at_ms FROM approval ORDER BY warning";
const ENDINGS: &str = "SELECT warning, kind, by, at_ms FROM ending ORDER BY warning";
const ORDERS: &str = "SELECT delivery, warning, operator, class, kind, sequence, body, expires_ms, queued_ms
                      FROM outbox ORDER BY delivery";
const RECEIPTS: &str = "SELECT id, delivery, body, grade FROM receipt ORDER BY id";

/// Holds one table against what is told of it, both in the order of the key, which is the first column. `read` answers
/// nothing for a row that does not agree with itself.
fn hold<T: PartialEq>(
    c: &Connection,
    table: &'static str,
    sql: &str,
    told: &BTreeMap<String, T>,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> Result<Option<Broken>, StoreError> {
    let broken = |key: &str, why: &str| {
        Ok(Some(Broken { at: Place::Row { table, key: key.to_owned() }, why: why.to_owned() }))
    };
    let gone = "an event tells of it, and it is not there";
    let mut statement = c.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut told = told.iter();
    while let Some(row) = rows.next()? {
        let key: String = row.get(0)?;
        match told.next() {
            Some((next, _)) if *next < key => return broken(next, gone),
            Some((next, tells)) if *next == key => {
                if read(row)?.as_ref() != Some(tells) {
                    return broken(&key, "it is not what the events tell of it");
                }
            }
            Some(_) | None => return broken(&key, "no event tells of it"),
        }
    }
    told.next().map_or(Ok(None), |(next, _)| broken(next, gone))
}

fn submission(row: &Row<'_>) -> rusqlite::Result<Option<Submission>> {
    Ok(Some(Submission {
        author: row.get(1)?,
        class: row.get(2)?,
        cap_sha256: Digest::of(&row.get::<_, Vec<u8>>(3)?),
        hash: Digest(row.get(4)?),
        expires: row.get(5)?,
        updates: row.get(6)?,
        at: row.get(7)?,
        state: row.get(8)?,
    }))
}

fn approval(row: &Row<'_>) -> rusqlite::Result<Option<Approval>> {
    Ok(Some(Approval { by: row.get(1)?, hash: Digest(row.get(2)?), at: row.get(3)? }))
}

fn ending(row: &Row<'_>) -> rusqlite::Result<Option<Ending>> {
    Ok(Some(Ending { kind: row.get(1)?, by: row.get(2)?, at: row.get(3)? }))
}

/// An order as its body says it, if its row says the same, and the warning and the receipts of it too.
fn ordered(
    row: &Row<'_>,
    warnings: &BTreeMap<String, OfWarning>,
    queued: &BTreeSet<(String, i64)>,
) -> rusqlite::Result<Option<Ordered>> {
    let Ok(order) = serde_json::from_slice::<Order>(&row.get::<_, Vec<u8>>(6)?) else { return Ok(None) };
    let Some(warning) = warnings.get(&order.warning) else { return Ok(None) };
    let cap_sha256 = Digest::of(order.cap.as_bytes());
    let taken: Option<i64> = row.get(8)?;
    let says_one = row.get::<_, String>(0)? == order.delivery
        && row.get::<_, String>(1)? == order.warning
        && row.get::<_, String>(2)? == order.operator
        && row.get::<_, String>(3)? == order.class.word()
        && row.get::<_, String>(4)? == order.kind.word()
        && row.get::<_, u64>(5)? == order.sequence
        && row.get::<_, i64>(7)? == order.expires.timestamp_millis()
        && order.class.word() == warning.class
        && order.replaces == warning.updates
        && (order.kind == Kind::Cancel || order.expires.timestamp_millis() == warning.expires)
        && order.cap_sha256 == cap_sha256
        && taken.is_none_or(|at| queued.contains(&(order.delivery.clone(), at)));
    let Order { warning, operator, kind, sequence, .. } = order;
    Ok(says_one.then_some(Ordered { warning, operator, kind, sequence, cap_sha256 }))
}

fn heard(row: &Row<'_>) -> rusqlite::Result<Option<Heard>> {
    let Ok(receipt) = Receipt::from_wire(&row.get::<_, Vec<u8>>(2)?) else { return Ok(None) };
    let says_one = row.get::<_, String>(0)? == receipt.id
        && row.get::<_, String>(1)? == receipt.delivery
        && row.get::<_, String>(3)? == receipt.grade.word();
    let Receipt { warning, delivery, operator, grade, heard_at, .. } = receipt;
    Ok(says_one.then(|| Heard { warning, delivery, operator, grade, at: heard_at.timestamp_millis() }))
}
