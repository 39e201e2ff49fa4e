//! Where reading stands and what was found wrong there so far, and what could not be read. Judges nothing.

use super::book::Book;
use super::places::Places;
use crate::fault::{Fault, Level, Told};

/// The ledger of one document being read.
pub(super) struct Ledger<'a> {
    places: Places<'a>,
    /// The elements reading stands in, from the root, as numbers of marks.
    open: Vec<usize>,
    book: Book,
    gaps: Vec<String>,
    words: Vec<String>,
}

/// What reading left in its ledger.
pub(super) struct Closed<'a> {
    /// What was found.
    pub(super) faults: Vec<Fault>,
    /// The places whose values only stand in for what could not be read.
    pub(super) gaps: Vec<String>,
    /// The places whose values are lawful and only words: an altitude of CAP 1.1 that is no number.
    pub(super) words: Vec<String>,
    /// Where everything stands.
    pub(super) places: Places<'a>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(text: &'a str) -> Ledger<'a> {
        Ledger {
            places: Places::new(text),
            open: Vec::with_capacity(8),
            book: Book::default(),
            gaps: Vec::new(),
            words: Vec::new(),
        }
    }

    /// Steps into an element that begins at an octet.
    pub(super) fn enter(&mut self, name: &'a str, number: Option<usize>, at: usize) {
        let mark = self.places.mark(self.open.last().copied(), name, number, at);
        self.open.push(mark);
    }

    /// Steps out of it.
    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    /// How many elements reading stands in.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Steps out of all elements that are deeper, after reading stopped in one.
    pub(super) fn back(&mut self, depth: usize) {
        self.open.truncate(depth);
    }

    /// The path, without line and column.
    pub(super) fn here(&self) -> String {
        self.places.path(self.open.last().copied())
    }

    /// Books an error where reading stands.
    pub(super) fn error(&mut self, code: &str, octet: usize, message: impl Into<Told>) {
        self.say(Level::Error, code, octet, message.into());
    }

    /// Books a warning where reading stands.
    pub(super) fn warning(&mut self, code: &str, octet: usize, message: impl Into<Told>) {
        self.say(Level::Warning, code, octet, message.into());
    }

    /// Books the error that ends reading.
    pub(super) fn fatal(&mut self, code: &str, octet: usize, message: impl Into<Told>) {
        self.book.last(code, self.places.at(&self.here(), octet), message.into());
    }

    /// Books an error about an element that is not there, in the element that lacks it.
    pub(super) fn missing(&mut self, code: &str, name: &str, octet: usize, message: impl Into<Told>) {
        let place = self.lacks(name);
        self.book.say(Level::Error, code, || self.places.at(&place, octet), message.into());
    }

    /// Notes that the value here could not be read and something stands in for it.
    pub(super) fn gap(&mut self) {
        let here = self.here();
        self.gaps.push(here);
    }

    /// Notes that a value that must be here was not met and something stands in for it; gives its place.
    pub(super) fn lacks(&mut self, name: &str) -> String {
        let place = format!("{}/{name}", self.here());
        self.gaps.push(place.clone());
        place
    }

    /// Notes that the value here is lawful and only words.
    pub(super) fn words(&mut self) {
        let here = self.here();
        self.words.push(here);
    }

    /// Whether more errors were found than are listed; reading on would find nothing to say.
    pub(super) fn full(&self) -> bool {
        self.book.full()
    }

    pub(super) fn close(self) -> Closed<'a> {
        let Ledger { places, book, gaps, words, open: _ } = self;
        Closed { faults: book.close(), gaps, words, places }
    }

    /// Places are spelt only for faults that are listed: spelling all would be quadratic in hostile input.
    fn say(&mut self, level: Level, code: &str, octet: usize, message: Told) {
        let (places, open) = (&self.places, self.open.last().copied());
        self.book.say(level, code, || places.at(&places.path(open), octet), message);
    }
}
