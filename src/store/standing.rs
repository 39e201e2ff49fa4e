//! Which warnings a list shows: all that are open, cancels that may not be carried out yet, and the newest of the rest.

use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use rusqlite::params;

/// No step reads the whole table. Those that are open stand in an index of their own, which has to be named. What is
/// cancelled is found by its message codes: there are at most 1,024 a class, each kept beyond its warning's end. The rest
/// are those with an ending. Ids rise with the time of their submission.
const STANDING: &str = "
    SELECT id FROM warning INDEXED BY warning_open WHERE state IN ('waiting', 'approved')
    UNION SELECT w.id FROM serial s JOIN ending e ON e.warning = s.warning JOIN warning w ON w.id = s.warning
          WHERE s.ends_ms > ?1 AND e.kind = 'cancelled' AND w.expires_ms > ?1
    UNION SELECT warning FROM (SELECT warning FROM ending ORDER BY warning DESC LIMIT ?2)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_step_reads_every_warning_there_ever_was() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("record.sqlite")).unwrap();
        let plan: Vec<String> = store
            .read(|c| {
                let mut statement = c.prepare(&format!("EXPLAIN QUERY PLAN {STANDING}"))?;
                let rows = statement.query_map(params![0, 50], |row| row.get("detail"))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
            .unwrap();
        let of_warnings: Vec<&String> =
            plan.iter().filter(|step| step.split(' ').any(|word| word == "warning" || word == "w")).collect();
        let open = "SCAN warning USING INDEX warning_open";
        assert_eq!(of_warnings, [open, "SEARCH w USING PRIMARY KEY (id=?)"], "{plan:?}");
    }
}
