//! Where reading stands and what was found wrong so far: path, line, column, faults. Judges nothing.

use crate::fault::{Fault, Level};
use std::cell::OnceCell;

/// More faults than a person reads; the rest is one line.
pub(super) const MOST: usize = 200;

/// The fault book of one document.
pub(super) struct Ledger<'a> {
    lines: Lines<'a>,
    path: Vec<Step>,
    faults: Vec<Fault>,
    gaps: Vec<String>,
}

/// One element on the way from the root.
struct Step {
    name: String,
    /// Its number among its like, from 1; none where the name cannot be repeated.
    number: Option<usize>,
}

/// Lines of a text, found once, when the first place is asked for.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: OnceCell<Vec<usize>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        Lines { text, starts: OnceCell::new() }
    }

    /// `line L, column C` of an octet, both from 1, columns in characters.
    pub(super) fn at(&self, octet: usize) -> String {
        let starts = self.starts.get_or_init(|| {
            let after_breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
            std::iter::once(0).chain(after_breaks).collect()
        });
        let line = starts.partition_point(|start| *start <= octet);
        let start = line.checked_sub(1).and_then(|l| starts.get(l)).copied().unwrap_or(0);
        let column = self.text.get(start..octet).map_or(0, |before| before.chars().count()) + 1;
        format!("line {line}, column {column}")
    }
}

impl<'a> Ledger<'a> {
    pub(super) fn new(text: &'a str) -> Ledger<'a> {
        Ledger { lines: Lines::new(text), path: Vec::new(), faults: Vec::new(), gaps: Vec::new() }
    }

    /// Steps into an element.
    pub(super) fn enter(&mut self, name: &str, number: Option<usize>) {
        self.path.push(Step { name: name.to_owned(), number });
    }

    /// Steps out of it.
    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// The path, without line and column.
    pub(super) fn here(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            if !place.is_empty() {
                place.push('/');
            }
            place.push_str(&step.name);
            if let Some(number) = step.number {
                place.extend(["[", &number.to_string(), "]"]);
            }
        }
        place
    }

    /// Books an error where reading stands.
    pub(super) fn error(&mut self, code: &str, octet: usize, message: impl Into<String>) {
        let here = self.here();
        self.book(Level::Error, code, &here, octet, message.into());
    }

    /// Books the error that ends reading; it is listed also when the list is full.
    pub(super) fn fatal(&mut self, code: &str, octet: usize, message: impl Into<String>) {
        let place = self.place(&self.here(), octet);
        self.faults.push(Fault::error(code, place, message));
    }

    /// Books an error about an element that is not there, in the element that lacks it.
    pub(super) fn missing(&mut self, code: &str, name: &str, octet: usize, message: impl Into<String>) {
        let place = format!("{}/{name}", self.here());
        self.gaps.push(place.clone());
        self.book(Level::Error, code, &place, octet, message.into());
    }

    /// Books a warning where reading stands.
    pub(super) fn warning(&mut self, code: &str, octet: usize, message: impl Into<String>) {
        let here = self.here();
        self.book(Level::Warning, code, &here, octet, message.into());
    }

    /// Notes that the value here could not be read and something stands in for it.
    pub(super) fn gap(&mut self) {
        let here = self.here();
        self.gaps.push(here);
    }

    /// Whether more was found than is listed; reading on would find nothing to say.
    pub(super) fn full(&self) -> bool {
        self.faults.len() > MOST
    }

    /// What was found, and the places whose values only stand in.
    pub(super) fn close(self) -> (Vec<Fault>, Vec<String>) {
        (self.faults, self.gaps)
    }

    /// Lines and columns are counted only for faults that are listed: counting for all would be quadratic in hostile input.
    fn book(&mut self, level: Level, code: &str, path: &str, octet: usize, message: String) {
        let (code, message) = match self.faults.len() {
            n if n < MOST => (code, message),
            MOST => ("cap.faults.more", format!("more than {MOST} faults; reading stopped here")),
            _ => return,
        };
        let level = if code == "cap.faults.more" { Level::Error } else { level };
        let place = self.place(path, octet);
        self.faults.push(Fault { code: code.to_owned(), level, place, message });
    }

    fn place(&self, path: &str, octet: usize) -> String {
        let line = self.lines.at(octet);
        if path.is_empty() { line } else { format!("{path}, {line}") }
    }
}
