//! The requests seen, the newest thousand, in the order they came.

use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

const MOST_ENTRIES: usize = 1000;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    /// Counts from 1.
    number: u64,
    /// When it came, Unix milliseconds.
    at_ms: i64,
    method: String,
    path: String,
    /// `None` while it is not answered, and for ever when the connection was cut.
    status: Option<u16>,
    /// How long the answer took.
    ms: Option<u64>,
}

/// The journal of one CBC.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<(u64, VecDeque<Entry>)>);

impl Journal {
    /// Notes a request, gives its number.
    pub(crate) fn came(&self, method: &str, path: &str, at_ms: i64) -> u64 {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 += 1;
        let number = inner.0;
        if inner.1.len() >= MOST_ENTRIES {
            inner.1.pop_front();
        }
        let path = path.chars().take(200).collect();
        inner.1.push_back(Entry { number, at_ms, method: method.to_owned(), path, status: None, ms: None });
        number
    }

    /// Notes the answer to a request.
    pub(crate) fn answered(&self, number: u64, status: Option<u16>, ms: u64) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = inner.1.iter_mut().rfind(|entry| entry.number == number) {
            entry.status = status;
            entry.ms = Some(ms);
        }
    }

    /// All that is kept, oldest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_newest_thousand() {
        let journal = Journal::default();
        for k in 0..1500 {
            let number = journal.came("GET", &format!("/{k}"), k);
            journal.answered(number, Some(200), 1);
        }
        journal.answered(3, Some(500), 1);
        let entries = journal.entries();
        assert_eq!((entries.len(), entries[0].number, entries[999].path.as_str()), (1000, 501, "/1499"));
        assert!(entries.iter().all(|entry| entry.status == Some(200)));
    }
}
