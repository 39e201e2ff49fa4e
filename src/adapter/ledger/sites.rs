//! What the ledger knows of sites: where a warning was ever tried, and what an ECBE site broadcasts under an identifier.

use super::{Ledger, LedgerError};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

pub(super) const SCHEMA: &str = "
    CREATE TABLE tried (
        warning TEXT NOT NULL,
        site    TEXT NOT NULL,
        holds   INTEGER NOT NULL CHECK (holds IN (0, 1)),
        PRIMARY KEY (warning, site)
    ) STRICT;
    CREATE TABLE live (
        site       TEXT NOT NULL,
        identifier INTEGER NOT NULL,
        serial     INTEGER NOT NULL,
        warning    TEXT NOT NULL,
        expires_ms INTEGER NOT NULL,
        PRIMARY KEY (site, identifier)
    ) STRICT;";

/// A site at which a warning was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its address.
    pub site: String,
    /// Whether it may hold the warning. Not where no connection was ever made: nothing is there to be stopped, though it is
    /// told to all the same.
    pub may_hold: bool,
}

/// Whether an ECBE site said that it took a message: what it has under the identifier may else be another system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// It answered 2xx to this very message.
    Yes,
    /// It was sent, and that was not heard.
    No,
}

/// What this adapter last put on an ECBE site under an identifier, and did not take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Its serial.
    pub serial: u16,
    /// Its warning.
    pub warning: String,
    /// When that ends: Unix milliseconds.
    pub expires_ms: i64,
    /// Whether it is ours for sure.
    pub sure: Sure,
}

impl Live {
    /// Whether both are the same message, whatever is known of it.
    pub fn is(&self, other: &Live) -> bool {
        self.serial == other.serial && self.warning == other.warning
    }

    /// Whether its time is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.expires_ms <= now.timestamp_millis()
    }
}

impl Ledger {
    /// Before a warning is submitted to a site: from now on the site may hold it. Says whether that was so already.
    pub async fn trying(&self, warning: &str, site: &str) -> Result<bool, LedgerError> {
        let (warning, site) = (warning.to_owned(), site.to_owned());
        self.run(move |c| {
            let held: Option<bool> = c
                .prepare_cached("SELECT holds FROM tried WHERE warning = ?1 AND site = ?2")?
                .query_row([&warning, &site], |row| row.get(0))
                .optional()?;
            if held != Some(true) {
                let sql = "INSERT INTO tried (warning, site, holds) VALUES (?1, ?2, 1)
                           ON CONFLICT (warning, site) DO UPDATE SET holds = 1";
                c.prepare_cached(sql)?.execute([&warning, &site])?;
            }
            Ok(held == Some(true))
        })
        .await
    }

    /// The first try of a warning at a site certainly never reached it.
    pub async fn never_reached(&self, warning: &str, site: &str) -> Result<(), LedgerError> {
        let key = [warning.to_owned(), site.to_owned()];
        self.run(move |c| {
            c.prepare_cached("UPDATE tried SET holds = 0 WHERE warning = ?1 AND site = ?2")?.execute(key)?;
            Ok(())
        })
        .await
    }

    /// Every site at which one of these warnings was ever tried.
    pub async fn tried(&self, warnings: Vec<String>) -> Result<Vec<Tried>, LedgerError> {
        self.run(move |c| {
            let mut statement = c.prepare_cached("SELECT site, holds FROM tried WHERE warning = ?1")?;
            let mut found: Vec<Tried> = Vec::new();
            for warning in warnings {
                let rows = statement
                    .query_map([warning], |row| Ok(Tried { site: row.get(0)?, may_hold: row.get(1)? }))?;
                for tried in rows {
                    let tried = tried?;
                    match found.iter_mut().find(|known| known.site == tried.site) {
                        Some(known) => known.may_hold |= tried.may_hold,
                        None => found.push(tried),
                    }
                }
            }
            Ok(found)
        })
        .await
    }

    /// What is live at an ECBE site under an identifier, as far as this adapter put it there.
    pub async fn live(&self, site: &str, identifier: u16) -> Result<Option<Live>, LedgerError> {
        let site = site.to_owned();
        self.run(move |c| {
            let sql =
                "SELECT serial, warning, expires_ms, sure FROM live WHERE site = ?1 AND identifier = ?2";
            let read = |row: &rusqlite::Row<'_>| {
                let sure = if row.get(3)? { Sure::Yes } else { Sure::No };
                Ok(Live { serial: row.get(0)?, warning: row.get(1)?, expires_ms: row.get(2)?, sure })
            };
            Ok(c.prepare_cached(sql)?.query_row(params![site, identifier], read).optional()?)
        })
        .await
    }

    /// Keeps what is live under an identifier; `None`: it was taken away.
    pub async fn set_live(&self, site: &str, identifier: u16, live: Option<Live>) -> Result<(), LedgerError> {
        let site = site.to_owned();
        self.run(move |c| {
            match live {
                Some(Live { serial, warning, expires_ms, sure }) => c
                    .prepare_cached("INSERT OR REPLACE INTO live VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                    .execute(params![site, identifier, serial, warning, expires_ms, sure == Sure::Yes])?,
                None => c
                    .prepare_cached("DELETE FROM live WHERE site = ?1 AND identifier = ?2")?
                    .execute(params![site, identifier])?,
            };
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn remembers_every_site_that_may_hold_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        assert!(!ledger.trying("wrn_1", "http://a").await.unwrap());
        ledger.never_reached("wrn_1", "http://a").await.unwrap();
        assert!(!ledger.trying("wrn_1", "http://b").await.unwrap());
        assert!(ledger.trying("wrn_1", "http://b").await.unwrap());
        let tried = |site: &str, may_hold| Tried { site: site.to_owned(), may_hold };
        let both = [tried("http://a", false), tried("http://b", true)];
        assert_eq!(ledger.tried(vec!["wrn_1".to_owned(), "wrn_2".to_owned()]).await.unwrap(), both);
        ledger.trying("wrn_2", "http://a").await.unwrap();
        assert!(ledger.tried(vec!["wrn_1".to_owned(), "wrn_2".to_owned()]).await.unwrap()[0].may_hold);
        assert_eq!(ledger.tried(vec!["wrn_3".to_owned()]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn remembers_what_is_live_under_an_identifier() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let live = |serial, warning: &str, sure| {
            Some(Live { serial, warning: warning.to_owned(), expires_ms: 5, sure })
        };
        assert_eq!(ledger.live("http://a", 4371).await.unwrap(), None);
        ledger.set_live("http://a", 4371, live(0x4010, "wrn_1", Sure::No)).await.unwrap();
        ledger.set_live("http://a", 4371, live(0x4020, "wrn_2", Sure::Yes)).await.unwrap();
        assert_eq!(ledger.live("http://a", 4371).await.unwrap(), live(0x4020, "wrn_2", Sure::Yes));
        assert_eq!(ledger.live("http://b", 4371).await.unwrap(), None);
        ledger.set_live("http://a", 4371, None).await.unwrap();
        assert_eq!(ledger.live("http://a", 4371).await.unwrap(), None);
    }
}
