//! What the ledger knows of a warning by its class: whether it is live, and what ended it before it came.

use super::{Ledger, LedgerError};
use nadhir_core::cap::{self, Limits};
use nadhir_core::delivery::{Grade, Order};
use nadhir_core::session::Named;
use rusqlite::{Connection, params};

/// The fifth schema: a class beside each warning that an order ends, and the identifier of each order's CAP.
const FIFTH: &str = "
    DROP TABLE ended;
    CREATE TABLE ended (
        class   TEXT NOT NULL,
        warning TEXT NOT NULL,
        PRIMARY KEY (class, warning)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE delivery ADD COLUMN identifier TEXT;
    CREATE INDEX delivery_identifier ON delivery (identifier) WHERE identifier IS NOT NULL;
    PRAGMA user_version = 5;";

/// Lays the fifth schema, and fills it from the orders that are there.
pub(super) fn lay(connection: &Connection) -> Result<(), LedgerError> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(FIFTH)?;
    let mut statement = transaction.prepare("SELECT body FROM delivery")?;
    for body in statement.query_map([], |row| row.get::<_, Vec<u8>>(0))? {
        let order = serde_json::from_slice(&body?).map_err(|_| LedgerError::Damaged("order"))?;
        keep(&transaction, &order)?;
    }
    drop(statement);
    Ok(transaction.commit()?)
}

/// Keeps, beside an order that is there, what its CAP is called and what it ends.
pub(super) fn keep(c: &Connection, order: &Order) -> Result<(), LedgerError> {
    let identifier = cap::read(order.cap.as_bytes(), &Limits::cap()).0.map(|alert| alert.identifier);
    c.prepare_cached("UPDATE delivery SET identifier = ?2 WHERE delivery = ?1")?
        .execute(params![order.delivery, identifier])?;
    for warning in &order.ends {
        c.prepare_cached("INSERT OR IGNORE INTO ended (class, warning) VALUES (?1, ?2)")?
            .execute([order.class.word(), warning.as_str()])?;
    }
    Ok(())
}

impl Ledger {
    /// Whether any of these is live here: a warning by its name, or an alert by the identifier of its CAP.
    pub async fn is_live(
        &self,
        warnings: Vec<String>,
        identifiers: Vec<String>,
    ) -> Result<bool, LedgerError> {
        self.run(move |c| {
            for (sql, names) in [
                ("SELECT EXISTS (SELECT 1 FROM delivery WHERE warning = ?1 AND class = 'live')", warnings),
                (
                    "SELECT EXISTS (SELECT 1 FROM delivery WHERE identifier = ?1 AND class = 'live')",
                    identifiers,
                ),
            ] {
                let mut statement = c.prepare_cached(sql)?;
                for name in names {
                    if statement.query_row([name], |row| row.get(0))? {
                        return Ok(true);
                    }
                }
            }
            Ok(false)
        })
        .await
    }

    /// What ended a warning before its order came, if anything did: a cancel or an update may overtake what it ends.
    pub async fn ended_before(&self, named: Named) -> Result<Option<Grade>, LedgerError> {
        self.run(move |c| {
            let own = [named.warning.as_str(), named.class.word()];
            let exists = |sql| c.prepare_cached(sql)?.query_row(own, |row| row.get::<_, bool>(0));
            let cancelled = exists(
                "SELECT EXISTS (SELECT 1 FROM delivery WHERE warning = ?1 AND class = ?2 AND kind = 'cancel')",
            )?;
            let replaced = exists(
                "SELECT EXISTS (SELECT 1 FROM delivery WHERE replaces = ?1 AND class = ?2)
                     OR EXISTS (SELECT 1 FROM ended WHERE warning = ?1 AND class = ?2)",
            )?;
            Ok(if cancelled { Some(Grade::Cancelled) } else { replaced.then_some(Grade::Superseded) })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::order;
    use super::*;
    use nadhir_core::cbs::Class;
    use nadhir_core::delivery::Kind;

    #[tokio::test]
    async fn what_one_class_ended_the_other_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let drill = Order {
            delivery: "ord_2".into(),
            warning: "wrn_2".into(),
            class: Class::Drill,
            kind: Kind::Update,
            replaces: Some("wrn_1".into()),
            ends: vec!["wrn_0".into()],
            ..order()
        };
        let cancel = Order { delivery: "ord_3".into(), kind: Kind::Cancel, ..drill.clone() };
        let at = order().approved_at;
        for order in [order(), drill, cancel] {
            ledger.take(order, at).await.unwrap();
        }
        for (warning, ended) in
            [("wrn_0", Grade::Superseded), ("wrn_1", Grade::Superseded), ("wrn_2", Grade::Cancelled)]
        {
            let named = |class| Named { class, warning: warning.to_owned() };
            assert_eq!(ledger.ended_before(named(Class::Drill)).await.unwrap(), Some(ended));
            assert_eq!(ledger.ended_before(named(Class::Live)).await.unwrap(), None);
        }
        assert!(ledger.is_live(vec!["wrn_2".into(), "wrn_1".into()], vec![]).await.unwrap());
        assert!(!ledger.is_live(vec!["wrn_0".into(), "wrn_2".into()], vec!["a".into()]).await.unwrap());
    }
}
