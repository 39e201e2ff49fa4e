//! The operator's cell list while the adapter runs: read again when its file changes or on a signal, once it stays as it is,
//! and swapped whole. A bad list, or one that lost more cells than is plausible, changes nothing and is an alarm.

/// One look at the file after the other.
mod sight;

use metrics::{counter, gauge};
use nadhir_core::area::{Cell, CellList};
use nadhir_core::fault::Fault;
use sight::Sight;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{error, info};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Of a hundred cells of the list in use, so many may be missing from the next one: about a third.
pub const MAY_LOSE_PERCENT: u8 = 33;

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadList {
    /// The file cannot be read.
    #[error("{path}: {why}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// It holds faults; all of them.
    #[error("{path}: {} faults: {}", .faults.len(), .faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults {
        /// Which.
        path: PathBuf,
        /// What.
        faults: Vec<Fault>,
    },
    /// It looks like half a list.
    #[error(
        "{path}: {lost} of the {of} cells in use are not in it, more than {percent} in a hundred \
         (cells_may_lose_percent): it looks like half a list. If it is meant, start the adapter anew: it takes what it finds"
    )]
    Lost {
        /// Which.
        path: PathBuf,
        /// Cells of the list in use that it does not have.
        lost: usize,
        /// Cells of the list in use.
        of: usize,
        /// What may be lost.
        percent: u8,
    },
}

/// One operator's list, to be asked for anew with every order: whoever holds one goes on with it undisturbed.
#[derive(Debug)]
pub struct Cells {
    operator: String,
    path: PathBuf,
    may_lose_percent: u8,
    current: watch::Sender<Arc<CellList>>,
}

impl Cells {
    /// Reads the list for the first time, whatever it was before.
    pub fn open(operator: &str, path: &Path) -> Result<Cells, BadList> {
        let list = parse(operator, path, std::fs::read(path))?;
        Ok(Cells {
            operator: operator.to_owned(),
            path: path.to_owned(),
            may_lose_percent: MAY_LOSE_PERCENT,
            current: watch::channel(Arc::new(list)).0,
        })
    }

    /// The list that holds now.
    pub fn list(&self) -> Arc<CellList> {
        Arc::clone(&self.current.borrow())
    }

    /// Tells of each list that takes the place of another.
    pub(super) fn swaps(&self) -> watch::Receiver<Arc<CellList>> {
        self.current.subscribe()
    }

    /// The same, with another share of cells that a new list may lack.
    #[must_use]
    pub fn that_may_lose(self, percent: u8) -> Cells {
        Cells { may_lose_percent: percent, ..self }
    }

    /// Puts a list in the place of the old one, whole; a bad one leaves the old.
    fn put(&self, bytes: std::io::Result<Vec<u8>>) -> Result<(), BadList> {
        let list = parse(&self.operator, &self.path, bytes)?;
        let (lost, of) = lost(&self.list(), &list);
        if is_implausible(lost, of, self.may_lose_percent) {
            return Err(BadList::Lost { path: self.path.clone(), lost, of, percent: self.may_lose_percent });
        }
        self.current.send_replace(Arc::new(list));
        Ok(())
    }

    /// Looks at the file for ever, and reads it again when it changed or the process is told to (SIGHUP). A file that
    /// is bad is an alarm once a change.
    pub(super) async fn keep(self: Arc<Self>) {
        let mut told = signal(SignalKind::hangup()).ok();
        let mut sight = Sight::new(&self.path);
        self.show(true);
        loop {
            let hangup = async {
                match &mut told {
                    Some(told) => told.recv().await,
                    None => std::future::pending().await,
                }
            };
            let forced = tokio::select! {
                _ = hangup => true,
                () = tokio::time::sleep(LOOK_EVERY) => false,
            };
            // A national list takes a while to read, and orders are not to wait for it.
            let looking = Arc::clone(&self);
            let looked = tokio::task::spawn_blocking(move || {
                let settled = sight.look(forced).map(|bytes| looking.put(bytes));
                (sight, settled)
            });
            let Ok((seen, settled)) = looked.await else { return };
            sight = seen;
            let Some(put) = settled else { continue };
            let outcome = match put {
                Ok(()) => {
                    info!(
                        operator = self.operator,
                        cells = self.list().cells().len(),
                        "a new cell list is in use"
                    );
                    "taken"
                }
                Err(bad) => {
                    error!(operator = self.operator, %bad, "ALARM: the new cell list is not taken; the old one stays");
                    "refused"
                }
            };
            counter!("nadhir_adapter_cell_lists_total", "operator" => self.operator.clone(), "outcome" => outcome)
                .increment(1);
            self.show(outcome == "taken");
        }
    }

    fn show(&self, good: bool) {
        let cells = u32::try_from(self.list().cells().len()).unwrap_or(u32::MAX);
        gauge!("nadhir_adapter_cells", "operator" => self.operator.clone()).set(cells);
        gauge!("nadhir_adapter_cell_list_good", "operator" => self.operator.clone()).set(if good {
            1.0
        } else {
            0.0
        });
    }
}

/// How many cells of a list are not in the next one, and how many it has.
pub fn lost(old: &CellList, new: &CellList) -> (usize, usize) {
    let kept: HashSet<String> = new.cells().iter().map(Cell::key).collect();
    (old.cells().iter().filter(|cell| !kept.contains(&cell.key())).count(), old.cells().len())
}

/// Whether so many of so many are more than may be lost while the adapter runs.
pub fn is_implausible(lost: usize, of: usize, may_lose_percent: u8) -> bool {
    lost * 100 > of * usize::from(may_lose_percent)
}

fn parse(operator: &str, path: &Path, bytes: std::io::Result<Vec<u8>>) -> Result<CellList, BadList> {
    let bytes = bytes.map_err(|e| BadList::Unreadable { path: path.to_owned(), why: e.to_string() })?;
    CellList::read(&bytes, operator).map_err(|faults| BadList::Faults { path: path.to_owned(), faults })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m\n";

    fn rows(cells: std::ops::Range<u32>) -> String {
        let row = |cell: u32| format!("422,02,4G,1,{cell},23.6,58.5,30,600\n");
        format!("{HEAD}{}", cells.map(row).collect::<String>())
    }

    fn opened(rows: &str) -> (tempfile::TempDir, Cells) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.csv");
        std::fs::write(&path, rows).unwrap();
        let cells = Cells::open("omantel", &path).unwrap();
        (folder, cells)
    }

    #[test]
    fn a_new_list_takes_the_place_of_the_old_whole_and_a_bad_one_none() {
        let (_folder, cells) = opened(&rows(0..1));
        let before = cells.list();
        let bad = rows(0..1).replace("23.6", "93.6").replace("600", "much");
        let Err(BadList::Faults { faults, .. }) = cells.put(Ok(bad.into_bytes())) else {
            panic!("a bad list was taken")
        };
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert_eq!(cells.list().cells(), before.cells());
        cells.put(Ok(rows(0..2).into_bytes())).unwrap();
        assert_eq!((cells.list().cells().len(), before.cells().len()), (2, 1));
        let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert!(matches!(cells.put(Err(gone)), Err(BadList::Unreadable { .. })));
        assert_eq!(cells.list().cells().len(), 2);
    }

    #[test]
    fn a_list_that_lost_more_than_a_third_of_the_one_in_use_is_refused_unless_that_is_allowed() {
        let (_folder, cells) = opened(&rows(0..100));
        // As many as before, and others: what counts is what is missing.
        for half in [rows(0..66), rows(50..150)] {
            let refused = cells.put(Ok(half.into_bytes())).unwrap_err();
            assert!(matches!(refused, BadList::Lost { of: 100, percent: 33, .. }), "{refused}");
            assert!(refused.to_string().contains("start the adapter anew"), "{refused}");
        }
        assert_eq!(cells.list().cells().len(), 100);
        cells.put(Ok(rows(33..100).into_bytes())).unwrap();
        assert_eq!(cells.list().cells().len(), 67);
        let cells = cells.that_may_lose(100);
        cells.put(Ok(rows(33..34).into_bytes())).unwrap();
        assert_eq!(cells.list().cells().len(), 1);
    }

    #[tokio::test]
    async fn a_running_adapter_sees_the_file_change() {
        let (folder, cells) = opened(&rows(0..1));
        let cells = Arc::new(cells);
        let seen = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            std::fs::write(folder.path().join("cells.csv"), rows(0..2)).unwrap();
            while cells.list().cells().len() < 2 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! { () = Arc::clone(&cells).keep() => {}, () = seen => {} }
        assert_eq!(cells.list().cells().len(), 2);
    }
}
