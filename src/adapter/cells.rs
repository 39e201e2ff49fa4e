//! The operator's cell list while the adapter runs: read again when its file changes or on a signal, swapped whole. A bad
//! list changes nothing and is an alarm.

use metrics::{counter, gauge};
use nadhir_core::area::CellList;
use nadhir_core::fault::Fault;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{error, info};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

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
}

/// One operator's list, to be asked for anew with every order: whoever holds one goes on with it undisturbed.
#[derive(Debug)]
pub struct Cells {
    operator: String,
    path: PathBuf,
    current: watch::Sender<Arc<CellList>>,
}

/// What tells one state of a file from another.
type Stamp = Option<(SystemTime, u64)>;

impl Cells {
    /// Reads the list for the first time.
    pub fn open(operator: &str, path: &Path) -> Result<Cells, BadList> {
        let list = read(operator, path)?;
        Ok(Cells {
            operator: operator.to_owned(),
            path: path.to_owned(),
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

    /// Reads the file again and puts its list in the place of the old one, whole; a bad one leaves the old.
    pub fn reload(&self) -> Result<(), BadList> {
        let list = Arc::new(read(&self.operator, &self.path)?);
        self.current.send_replace(list);
        Ok(())
    }

    /// Looks at the file for ever, and reads it again when it changed or the process is told to (SIGHUP). A file that
    /// is bad is an alarm once a change.
    pub(super) async fn keep(self: Arc<Self>) {
        let mut told = signal(SignalKind::hangup()).ok();
        let mut seen = stamp(&self.path);
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
            let now = stamp(&self.path);
            if !forced && now == seen {
                continue;
            }
            seen = now;
            // A national list takes a while to read, and orders are not to wait for it.
            let reading = Arc::clone(&self);
            let read = tokio::task::spawn_blocking(move || reading.reload()).await;
            let Ok(read) = read else { return };
            let outcome = match read {
                Ok(()) => {
                    info!(
                        operator = self.operator,
                        cells = self.list().cells().len(),
                        "a new cell list is in use"
                    );
                    "taken"
                }
                Err(bad) => {
                    error!(operator = self.operator, %bad, "ALARM: the new cell list cannot be used; the old one stays");
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

fn read(operator: &str, path: &Path) -> Result<CellList, BadList> {
    let bytes =
        std::fs::read(path).map_err(|e| BadList::Unreadable { path: path.to_owned(), why: e.to_string() })?;
    CellList::read(&bytes, operator).map_err(|faults| BadList::Faults { path: path.to_owned(), faults })
}

fn stamp(path: &Path) -> Stamp {
    let file = std::fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m\n422,02,4G,1,7,23.6,58.5,30,600\n";

    #[test]
    fn a_new_list_takes_the_place_of_the_old_whole_and_a_bad_one_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.csv");
        std::fs::write(&path, GOOD).unwrap();
        let cells = Cells::open("omantel", &path).unwrap();
        let before = cells.list();

        std::fs::write(&path, GOOD.replace("23.6", "93.6").replace("600", "much")).unwrap();
        let Err(BadList::Faults { faults, .. }) = cells.reload() else { panic!("a bad list was taken") };
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert_eq!(cells.list().cells(), before.cells());

        std::fs::write(&path, format!("{GOOD}422,02,4G,1,8,23.6,58.5,150,600\n")).unwrap();
        cells.reload().unwrap();
        assert_eq!((cells.list().cells().len(), before.cells().len()), (2, 1));

        std::fs::remove_file(&path).unwrap();
        assert!(matches!(cells.reload(), Err(BadList::Unreadable { .. })));
        assert_eq!(cells.list().cells().len(), 2);
    }

    #[tokio::test]
    async fn a_running_adapter_sees_the_file_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.csv");
        std::fs::write(&path, GOOD).unwrap();
        let cells = Arc::new(Cells::open("omantel", &path).unwrap());
        let seen = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            std::fs::write(&path, format!("{GOOD}422,02,4G,1,8,23.6,58.5,150,600\n")).unwrap();
            while cells.list().cells().len() < 2 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! { () = Arc::clone(&cells).keep() => {}, () = seen => {} }
        assert_eq!(cells.list().cells().len(), 2);
    }
}
