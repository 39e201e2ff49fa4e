//! The folder that keeps reports: the newest as report.json and report.html, earlier ones under their drill's id. Never overwrites another's file.

use super::evidence::{Evidence, Last, VERSION};
use std::path::{Path, PathBuf};

/// The newest report.
const JSON: &str = "report.json";
const HTML: &str = "report.html";
/// A report is a few kilobytes; more is not read.
const MOST: u64 = 4 << 20;

/// Why the folder cannot keep a report.
#[derive(Debug, thiserror::Error)]
pub enum CannotKeep {
    /// A file or the folder.
    #[error("{path}: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Something else has the name.
    #[error("{0} is no report of a drill, and is not overwritten: choose another folder")]
    NotOurs(PathBuf),
}

/// A folder that was looked at before the drill, so that no drill is run whose report cannot be kept.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The newest report, to be set aside.
    newest: Option<Evidence>,
}

/// The two files of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The page.
    pub html: PathBuf,
    /// The evidence.
    pub json: PathBuf,
}

impl Folder {
    /// Makes the folder if need be, tries that it can be written, and reads the newest report.
    pub fn open(path: &Path) -> Result<Folder, CannotKeep> {
        std::fs::create_dir_all(path).map_err(|e| file(path, &e))?;
        let trial = path.join(".nadhir-drill");
        std::fs::write(&trial, b"").map_err(|e| file(&trial, &e))?;
        std::fs::remove_file(&trial).map_err(|e| file(&trial, &e))?;
        let json = path.join(JSON);
        let newest = match std::fs::metadata(&json) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => return Err(file(&json, &e)),
            Ok(data) if data.len() > MOST => return Err(CannotKeep::NotOurs(json)),
            Ok(_) => {
                let bytes = std::fs::read(&json).map_err(|e| file(&json, &e))?;
                match serde_json::from_slice::<Evidence>(&bytes) {
                    Ok(evidence) if evidence.version == VERSION && plain(&evidence.drill) => Some(evidence),
                    Ok(_) | Err(_) => return Err(CannotKeep::NotOurs(json)),
                }
            }
        };
        let html = path.join(HTML);
        if newest.is_none() && html.exists() {
            return Err(CannotKeep::NotOurs(html));
        }
        Ok(Folder { path: path.to_owned(), newest })
    }

    /// The drill before.
    pub fn last(&self) -> Option<Last> {
        self.newest.as_ref().map(Evidence::as_last)
    }

    /// Sets the earlier report aside under its drill's id and writes the new one.
    pub fn keep(&self, json: &[u8], html: &[u8]) -> Result<Kept, CannotKeep> {
        let kept = Kept { html: self.path.join(HTML), json: self.path.join(JSON) };
        if let Some(before) = &self.newest {
            for (from, kind) in [(&kept.json, "json"), (&kept.html, "html")] {
                let to = self.path.join(format!("report-{}.{kind}", before.drill));
                match std::fs::rename(from, &to) {
                    Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(file(from, &e)),
                    Ok(()) | Err(_) => {}
                }
            }
        }
        for (path, bytes) in [(&kept.html, html), (&kept.json, json)] {
            // Whole or not at all: a reader never meets half a report.
            let half = path.with_extension("half");
            std::fs::write(&half, bytes).map_err(|e| file(&half, &e))?;
            std::fs::rename(&half, path).map_err(|e| file(path, &e))?;
        }
        Ok(kept)
    }
}

/// Whether an id can be part of a file's name.
fn plain(id: &str) -> bool {
    !id.is_empty() && id.len() <= 80 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn file(path: &Path, e: &std::io::Error) -> CannotKeep {
    CannotKeep::File { path: path.to_owned(), why: e.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, good: bool) {
        assert_eq!(plain(id), good, "{id}");
    }

    #[test]
    fn an_id_names_a_file_of_this_folder_and_no_other() {
        check("wrn_01a20203-7823-7499-8902-30bffe5494de", true);
        check("", false);
        check("../report", false);
        check("a/b", false);
        check("a.b", false);
        check("تمرين", false);
        check(&"a".repeat(81), false);
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [(JSON, "{}"), (JSON, "not json"), (HTML, "<p>mine")] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            assert!(
                matches!(Folder::open(folder.path()), Err(CannotKeep::NotOurs(p)) if p == path),
                "{text}"
            );
            std::fs::remove_file(&path).unwrap();
        }
        let empty = Folder::open(folder.path()).unwrap();
        assert_eq!(empty.last(), None);
        let kept = empty.keep(b"{}", b"<p>").unwrap();
        assert_eq!(std::fs::read(kept.json).unwrap(), b"{}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no half file is left");
        assert!(matches!(Folder::open(&folder.path().join(HTML)), Err(CannotKeep::File { .. })));
    }
}
