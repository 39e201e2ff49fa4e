//! The record copied while a hub writes it, and put back while none does. Who may do either is not decided here.

use super::{BUSY, Broken, SCHEMA_VERSION, StoreError, Verified, chain, open_to_read};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Every page in one step: one read transaction, so the copy is one instant of the record and writers go on beside it.
const ALL_PAGES: i32 = -1;
/// A file that stays locked longer than this is not copied.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// Why a copy was not made, or not put back. What was there before is there still.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The engine or the content of a record.
    #[error("{path}: {why}")]
    Store {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: StoreError,
    },
    /// The system.
    #[error("{path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// A copy never takes the place of a file.
    #[error("{0} is there already; a copy never takes the place of a file")]
    Exists(PathBuf),
    /// The record stays locked.
    #[error("{0} stayed locked for {PATIENCE:?}")]
    Locked(PathBuf),
    /// The database's own check.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// The engine's words.
        why: String,
    },
    /// The chain over its events.
    #[error("{path}: {why}")]
    Broken {
        /// Which file.
        path: PathBuf,
        /// The first event or row that does not fit.
        why: Broken,
    },
    /// The record in place knows more than the copy, and its serial numbers and sequences would be given again.
    #[error(
        "the record in place has {here} events and the copy {copy}: message codes and sequence numbers given since \
         would be given again, and phones drop what they have seen"
    )]
    Older {
        /// Events in place.
        here: u64,
        /// Events in the copy.
        copy: u64,
    },
    /// The copy is not an earlier state of the record in place.
    #[error("the copy is of another record than the one in place: they differ at event {at}")]
    Another {
        /// The first event that differs, or the copy's last.
        at: u64,
    },
}

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    /// The record that is now in place.
    pub record: Verified,
    /// Where the one before was put; none if there was none.
    pub aside: Option<PathBuf>,
}

/// Copies the record at `from`, while a hub may write it, to the new file `to`, and verifies the copy: a single file,
/// readable by its owner alone, complete on disk before it has its name.
pub fn copy(from: &Path, to: &Path) -> Result<Verified, BackupError> {
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let partial = beside(to, ".partial");
    remove(&partial)?;
    let done = write_copy(from, &partial).and_then(|()| verify(&partial));
    let named = done.and_then(|whole| {
        // A link and not a rename: it refuses if a file of that name has come meanwhile.
        std::fs::hard_link(&partial, to).map_err(at(to))?;
        sync_folder(to)?;
        Ok(whole)
    });
    remove(&partial)?;
    named
}

/// Puts the copy at `from` in the place of the record at `to`; the caller holds the record's lock. The copy is verified
/// first, the record in place is kept beside it under a name with `stamp`, and at no instant is there none. Unless
/// `older_too`, a record in place that is whole and knows more than the copy, or another history, is left as it is.
pub fn restore(from: &Path, to: &Path, stamp: &str, older_too: bool) -> Result<Restored, BackupError> {
    verify(from)?;
    let arriving = beside(to, ".arriving");
    remove(&arriving)?;
    let done = write_copy(from, &arriving).and_then(|()| {
        let record = verify(&arriving)?;
        let there = to.symlink_metadata().is_ok();
        if there && !older_too {
            compare(&arriving, record, to)?;
        }
        let aside = if there { Some(put_aside(to, stamp)?) } else { None };
        keep_owner(aside.as_deref(), &arriving)?;
        // What a former record left beside its file must never be played into this one.
        remove(&beside(to, "-wal"))?;
        remove(&beside(to, "-shm"))?;
        std::fs::rename(&arriving, to).map_err(at(to))?;
        sync_folder(to)?;
        Ok(Restored { record, aside })
    });
    if done.is_err() {
        remove(&arriving)?;
    }
    done
}

/// Whether the file at `path` is a whole record: the database's own check, its foreign keys, its schema, its chain.
pub fn verify(path: &Path) -> Result<Verified, BackupError> {
    let connection = open_to_read(path).map_err(store(path))?;
    let version = schema(&connection).map_err(store(path))?;
    if !(1..=SCHEMA_VERSION).contains(&version) {
        return Err(store(path)(StoreError::Version { found: version, known: SCHEMA_VERSION }));
    }
    let check = |sql| connection.query_row(sql, [], |row| row.get::<_, String>(0));
    let words = check("PRAGMA integrity_check").map_err(|e| store(path)(e.into()))?;
    if words != "ok" {
        return Err(BackupError::Damaged { path: path.to_owned(), why: words });
    }
    if let Ok(table) = check("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1") {
        return Err(BackupError::Damaged {
            path: path.to_owned(),
            why: format!("a row of {table} leads nowhere"),
        });
    }
    let verdict = chain::verify(&connection).map_err(store(path))?;
    verdict.map_err(|why| BackupError::Broken { path: path.to_owned(), why })
}

/// The schema version of the record at `path`, and the one this program writes.
pub fn schema_of(path: &Path) -> Result<(i64, i64), StoreError> {
    Ok((schema(&open_to_read(path)?)?, SCHEMA_VERSION))
}

fn schema(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// The page copy, then everything on disk.
fn write_copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let owner_alone = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    drop(owner_alone.map_err(at(to))?);
    let source = open_to_read(from).map_err(store(from))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let engine = |e: rusqlite::Error| store(to)(e.into());
    let mut target = Connection::open_with_flags(to, flags).map_err(engine)?;
    let start = Instant::now();
    {
        let backup = Backup::new(&source, &mut target).map_err(engine)?;
        loop {
            match backup.step(ALL_PAGES).map_err(|e| store(from)(e.into()))? {
                StepResult::Done => break,
                _ if start.elapsed() > PATIENCE => return Err(BackupError::Locked(from.to_owned())),
                _ => std::thread::sleep(PAUSE),
            }
        }
    }
    // The copy came with the mark of a write-ahead log; without it, it is one file that can be carried away.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(engine)?;
    target.close().map_err(|(_, e)| engine(e))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(at(to))
}

/// Refuses a copy that is behind the record in place, or of another one. A record that is not whole may be replaced.
fn compare(copy: &Path, record: Verified, place: &Path) -> Result<(), BackupError> {
    let Ok(here) = verify(place) else { return Ok(()) };
    let hash = |path: &Path, seq: u64| -> Option<Vec<u8>> {
        let connection = open_to_read(path).ok()?;
        connection.query_row("SELECT hash FROM event WHERE seq = ?1", [seq], |row| row.get(0)).ok()
    };
    let common = here.events.min(record.events);
    if common > 0 && hash(copy, common) != hash(place, common) {
        // Chains that differ once differ ever after: the first difference is found by halving.
        let (mut same, mut differs) = (0, common);
        while differs - same > 1 {
            let middle = same + (differs - same) / 2;
            if hash(copy, middle) == hash(place, middle) { same = middle } else { differs = middle }
        }
        return Err(BackupError::Another { at: differs });
    }
    if here.events > record.events {
        return Err(BackupError::Older { here: here.events, copy: record.events });
    }
    Ok(())
}

/// Gives the record in place a second name, its log folded into it first where it can be.
fn put_aside(place: &Path, stamp: &str) -> Result<PathBuf, BackupError> {
    let aside = beside(place, &format!(".before-{stamp}"));
    let folded = Connection::open(place).and_then(|c| {
        c.busy_timeout(BUSY)?;
        c.pragma_update(None, "journal_mode", "DELETE")
    });
    // A damaged record's log is evidence too, and goes with it.
    if folded.is_err() {
        for tail in ["-wal", "-shm"] {
            let (old, new) = (beside(place, tail), beside(&aside, tail));
            match std::fs::rename(&old, &new) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(at(&old)(e)),
                _ => {}
            }
        }
    }
    std::fs::hard_link(place, &aside).map_err(at(&aside))?;
    Ok(aside)
}

/// Whoever puts the copy back, the hub's own user goes on reading it.
fn keep_owner(was: Option<&Path>, now: &Path) -> Result<(), BackupError> {
    let Some(was) = was else { return Ok(()) };
    let [was, is] = [was, now].map(|path| std::fs::metadata(path).map_err(at(path)));
    let (was, is) = (was?, is?);
    if (was.uid(), was.gid()) == (is.uid(), is.gid()) {
        return Ok(());
    }
    std::os::unix::fs::chown(now, Some(was.uid()), Some(was.gid())).map_err(at(now))
}

fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(tail);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(at(path)(e)),
        _ => Ok(()),
    }
}

/// A name is on disk when its folder is.
fn sync_folder(path: &Path) -> Result<(), BackupError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|file| file.sync_all()).map_err(at(folder))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |why| BackupError::File { path, why }
}

fn store(path: &Path) -> impl FnOnce(StoreError) -> BackupError {
    let path = path.to_owned();
    move |why| BackupError::Store { path, why }
}
