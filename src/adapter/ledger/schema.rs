//! The ledger's tables: the first schema, and each step from an older file to this program's.

use super::{LedgerError, classes, sites};
use rusqlite::Connection;

const FIRST: &str = "
    BEGIN IMMEDIATE;
    CREATE TABLE delivery (
        delivery   TEXT PRIMARY KEY,
        warning    TEXT NOT NULL,
        kind       TEXT NOT NULL CHECK (kind IN ('alert', 'update', 'cancel')),
        replaces   TEXT,
        class      TEXT NOT NULL,
        sequence   INTEGER NOT NULL,
        sha256     BLOB NOT NULL,
        body       BLOB NOT NULL,
        stage      TEXT NOT NULL CHECK (stage IN ('taken', 'submitted', 'accepted', 'on_air', 'done'))
    ) STRICT;
    CREATE INDEX delivery_warning ON delivery (warning);
    CREATE INDEX delivery_replaces ON delivery (replaces) WHERE replaces IS NOT NULL;
    CREATE INDEX delivery_sequence ON delivery (class, sequence);
    CREATE INDEX delivery_open ON delivery (stage) WHERE stage <> 'done';
    CREATE TABLE receipt (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id       TEXT NOT NULL UNIQUE,
        delivery TEXT NOT NULL,
        body     BLOB NOT NULL,
        sent     INTEGER NOT NULL DEFAULT 0 CHECK (sent IN (0, 1))
    ) STRICT;
    CREATE INDEX receipt_unsent ON receipt (position) WHERE sent = 0;
    PRAGMA user_version = 1;
    COMMIT;";

/// From one version to the next.
type Step = fn(&Connection) -> Result<(), LedgerError>;

/// Lays the tables of a new file, or brings those of an older one up.
pub(super) fn bring_up(connection: &Connection) -> Result<(), LedgerError> {
    let steps: [Step; 5] = [first, second, third, fourth, classes::lay];
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).ok().filter(|done| *done <= steps.len());
    let done = done.ok_or(LedgerError::Version(version))?;
    steps[done..].iter().try_for_each(|step| step(connection))
}

fn first(connection: &Connection) -> Result<(), LedgerError> {
    Ok(connection.execute_batch(FIRST)?)
}

/// The second schema: the sites of a CBC. An older ledger's warnings were tried at sites it does not name.
fn second(connection: &Connection) -> Result<(), LedgerError> {
    let lay = format!("BEGIN IMMEDIATE; {} PRAGMA user_version = 2; COMMIT;", sites::SCHEMA);
    Ok(connection.execute_batch(&lay)?)
}

/// The third schema: every warning that an order ends beyond its own and the last before it.
fn third(connection: &Connection) -> Result<(), LedgerError> {
    Ok(connection.execute_batch(
        "BEGIN IMMEDIATE;
         CREATE TABLE ended (warning TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
         PRAGMA user_version = 3;
         COMMIT;",
    )?)
}

/// The fourth schema: whether what is live at an ECBE site is ours for sure. An older ledger did not say, so it is not.
fn fourth(connection: &Connection) -> Result<(), LedgerError> {
    Ok(connection.execute_batch(
        "BEGIN IMMEDIATE;
         ALTER TABLE live ADD COLUMN sure INTEGER NOT NULL DEFAULT 0 CHECK (sure IN (0, 1));
         PRAGMA user_version = 4;
         COMMIT;",
    )?)
}

#[cfg(test)]
mod tests {
    use super::super::tests::order;
    use super::super::{Ledger, Live, Sure};
    use super::*;
    use nadhir_core::cbs::Class;
    use nadhir_core::delivery::{Grade, Order};
    use nadhir_core::session::Named;

    #[tokio::test]
    async fn an_older_ledger_is_brought_up_and_is_sure_of_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let old = Connection::open(&path).unwrap();
        for step in [first, second, third] {
            step(&old).unwrap();
        }
        let ends = vec!["wrn_8".to_owned()];
        let drill = Order { class: Class::Drill, ends, warning: "wrn_9".into(), ..order() };
        for order in [order(), Order { delivery: "ord_9".into(), ..drill }] {
            let body = serde_json::to_vec(&order).unwrap();
            old.execute(
                "INSERT INTO delivery VALUES (?1, ?2, 'update', NULL, ?3, 1, zeroblob(32), ?4, 'done')",
                rusqlite::params![order.delivery, order.warning, order.class.word(), body],
            )
            .unwrap();
        }
        old.execute("INSERT INTO live VALUES ('http://a', 4371, 16400, 'wrn_1', 5)", []).unwrap();
        drop(old);
        let ledger = Ledger::open(&path).unwrap();
        let live = Live { serial: 16400, warning: "wrn_1".into(), expires_ms: 5, sure: Sure::No };
        assert_eq!(ledger.live("http://a", 4371).await.unwrap(), Some(live));
        let ended = |class| ledger.ended_before(Named { class, warning: "wrn_8".into() });
        assert_eq!(ended(Class::Drill).await.unwrap(), Some(Grade::Superseded));
        assert_eq!(ended(Class::Live).await.unwrap(), None);
        let live = ledger.is_live(vec!["wrn_9".into()], vec![order().warning]);
        assert!(!live.await.unwrap(), "one is a drill's, the other is no identifier");
        drop(ledger);
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 6).unwrap();
        assert!(matches!(Ledger::open(&path), Err(LedgerError::Version(6))));
    }
}
