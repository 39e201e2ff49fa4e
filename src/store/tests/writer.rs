//! The writer when the database gives a transaction up: what a caller is told is what is there.

use super::super::writer::Writer;
use super::*;
use std::sync::mpsc;
use tokio::sync::oneshot;

/// A table that has no room for much.
fn full(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.execute_batch("CREATE TABLE said (name TEXT PRIMARY KEY, body BLOB) STRICT").unwrap();
    let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    connection.pragma_update(None, "max_page_count", pages).unwrap();
    connection
}

async fn say(writer: &Writer, name: &'static str, octets: i64) -> Result<(), StoreError> {
    let work = move |c: &Connection| {
        c.execute("INSERT INTO said VALUES (?1, zeroblob(?2))", rusqlite::params![name, octets])?;
        Ok(())
    };
    writer.write(Lane::Urgent, work).await.map(|done| done.value)
}

#[tokio::test]
async fn a_full_disk_takes_what_it_took_and_no_more_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.sqlite");
    let writer = Writer::start(full(&path));
    // One unit holds the writer, so that the others come as one batch behind it.
    let (begun, has_begun) = oneshot::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let hold = writer.write(Lane::Urgent, move |_| {
        begun.send(()).unwrap();
        may_go_on.recv().unwrap();
        Ok(())
    });
    let others = async {
        has_begun.await.unwrap();
        tokio::join!(
            say(&writer, "before", 1),
            say(&writer, "too large", 1 << 20),
            say(&writer, "after", 1),
            async {
                go_on.send(()).unwrap();
            }
        )
    };
    let (held, (before, large, after, ())) = tokio::join!(hold, others);
    held.unwrap();
    assert!(matches!(before, Err(StoreError::NotCommitted(_))), "lost with the transaction: {before:?}");
    assert!(matches!(large, Err(StoreError::Engine(_))), "it failed itself: {large:?}");
    after.expect("it had not run: it has a transaction of its own");
    let there = Connection::open(&path).unwrap();
    let mut statement = there.prepare("SELECT name FROM said").unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, ["after"]);
}
