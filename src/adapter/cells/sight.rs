//! A file looked at from time to time: a new state of it counts once two looks in a row have seen the same. Reads no list.

use nadhir_core::digest::Digest;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What tells one state of a file from another without reading it: when it was written, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

/// A file, and what was seen of it.
#[derive(Debug)]
pub(super) struct Sight {
    path: PathBuf,
    /// The state that counts.
    settled: Stamp,
    /// A state that was seen once: a file that is being copied shows another one at the next look.
    once: Option<(Stamp, Option<Digest>)>,
}

impl Sight {
    /// The state that it has now counts.
    pub(super) fn new(path: &Path) -> Sight {
        Sight { path: path.to_owned(), settled: stamp(path), once: None }
    }

    /// Looks once. Its bytes, or why they cannot be read, if a new state of it counts from now on; `forced`: even one that
    /// seems to be the old.
    pub(super) fn look(&mut self, forced: bool) -> Option<io::Result<Vec<u8>>> {
        let stamp = stamp(&self.path);
        if self.once.is_none() && !forced && stamp == self.settled {
            return None;
        }
        let bytes = std::fs::read(&self.path);
        let state = (stamp, bytes.as_deref().ok().map(Digest::of));
        if self.once.as_ref() != Some(&state) {
            self.once = Some(state);
            return None;
        }
        (self.once, self.settled) = (None, stamp);
        Some(bytes)
    }
}

fn stamp(path: &Path) -> Stamp {
    let file = std::fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_state_counts_at_the_second_look_that_sees_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.csv");
        let write = |text: &str| std::fs::write(&path, text).unwrap();
        write("one\n");
        let mut sight = Sight::new(&path);
        let mut look = |forced: bool| sight.look(forced).map(Result::ok);
        assert_eq!(look(false), None, "as it was");
        write("one\ntwo\nth");
        assert_eq!(look(false), None, "half of it, seen once");
        write("one\ntwo\nthree\n");
        assert_eq!(look(false), None, "the whole of it, seen once");
        assert_eq!(look(false), Some(Some(b"one\ntwo\nthree\n".to_vec())));
        assert_eq!(look(false), None, "it is the one that counts");
        assert_eq!((look(true), look(false).is_some()), (None, true), "told to, it looks twice as well");
        std::fs::remove_file(&path).unwrap();
        assert_eq!((look(false), look(false)), (None, Some(None)));
        assert_eq!(look(false), None, "told once");
    }

    #[test]
    fn the_same_length_and_time_with_other_bytes_is_another_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.csv");
        let at = SystemTime::UNIX_EPOCH;
        let write = |text: &str| {
            std::fs::write(&path, text).unwrap();
            std::fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
        };
        write("one\n");
        let mut sight = Sight::new(&path);
        write("two..\n");
        assert!(sight.look(false).is_none());
        write("three\n");
        assert!(sight.look(false).is_none());
        assert_eq!(sight.look(false).and_then(Result::ok), Some(b"three\n".to_vec()));
    }
}
