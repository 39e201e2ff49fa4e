//! Which warnings a list shows: all that are open, cancels that may not be carried out yet, and the newest of the rest.

use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use rusqlite::params;

/// Those that are open stand in an index of their own. What is cancelled is found by its message codes: there are at
/// most 1,024 a class, each kept beyond its warning's end. Ids rise with the time of their submission.
const STANDING: &str = "
    SELECT id FROM warning WHERE state IN ('waiting', 'approved')
    UNION SELECT w.id FROM serial s JOIN warning w ON w.id = s.warning
          WHERE s.ends_ms > ?1 AND w.state = 'cancelled' AND w.expires_ms > ?1
    UNION SELECT id FROM (SELECT id FROM warning WHERE state NOT IN ('waiting', 'approved') ORDER BY id DESC LIMIT ?2)
    ORDER BY id DESC";

impl Store {
    /// The ids of all warnings that wait or are approved, of those cancelled whose time is not over, and of the newest
    /// `rest` of the others; newest first. However much is newer, nothing that is open is left out.
    pub async fn standing(&self, rest: u32, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        self.read(move |c| {
            let mut statement = c.prepare_cached(STANDING)?;
            let ids = statement.query_map(params![now.timestamp_millis(), rest], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }
}
