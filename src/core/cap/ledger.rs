//! Where reading stands and what was found wrong so far: path, line, column, faults. Judges nothing.

use crate::fault::{Fault, Kind, Level, Told};
use std::cell::Cell;

/// More faults than a person reads; the rest is one line.
pub(super) const MOST: usize = 200;

/// The fault book of one document.
pub(super) struct Ledger<'a> {
    places: Places<'a>,
    /// The elements reading stands in, from the root, as numbers of marks.
    open: Vec<usize>,
    faults: Vec<Fault>,
    gaps: Vec<String>,
}

/// Where each element of a document begins.
pub(super) struct Places<'a> {
    lines: Lines<'a>,
    marks: Vec<Mark<'a>>,
}

/// One element that was entered.
#[derive(Clone, Copy)]
struct Mark<'a> {
    /// The mark of the element that holds it; none for the root.
    parent: Option<usize>,
    name: &'a str,
    /// Its number among its like, from 1; none where the name cannot be repeated.
    number: Option<usize>,
    at: usize,
}

/// The lines of a text, counted on from the last one asked for.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// An octet and how many line ends stand before it.
    counted: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        Lines { text, counted: Cell::new((0, 0)) }
    }

    /// `line L, column C` of an octet, both from 1, columns in characters.
    pub(super) fn at(&self, octet: usize) -> String {
        let octets = self.text.as_bytes();
        let octet = octet.min(octets.len());
        let (from, before) = Some(self.counted.get()).filter(|(from, _)| *from <= octet).unwrap_or_default();
        // As many as a number of one octet can count at a time: so many octets are looked at at once.
        let counted = octets[from..octet].chunks(usize::from(u8::MAX));
        let ends: usize =
            counted.map(|some| usize::from(some.iter().map(|b| u8::from(*b == b'\n')).sum::<u8>())).sum();
        let ends = before + ends;
        self.counted.set((octet, ends));
        let start = octets[..octet].iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        let column = self.text.get(start..octet).map_or(0, |before| before.chars().count()) + 1;
        format!("line {}, column {column}", ends + 1)
    }
}

impl Places<'_> {
    /// The place with line and column: of the place itself or, where the fault is that it is not there, of what should hold it.
    pub(super) fn spelt(&self, place: &str) -> String {
        match self.nearest(place) {
            Some(at) => format!("{place}, {}", self.lines.at(at)),
            None => place.to_owned(),
        }
    }

    fn nearest(&self, place: &str) -> Option<usize> {
        let mut found: Option<usize> = None;
        for step in place.split('/') {
            let (name, number) = match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
                Some((name, number)) => (name, number.parse().ok()),
                None => (step, None),
            };
            let is = |mark: &Mark<'_>| mark.parent == found && mark.name == name && mark.number == number;
            let from = found.map_or(0, |parent| parent + 1);
            match self.marks.iter().skip(from).position(is) {
                Some(further) => found = Some(from + further),
                None => break,
            }
        }
        found.map(|mark| self.marks[mark].at)
    }

    /// The path of a mark.
    fn path(&self, mark: Option<usize>) -> String {
        let Some(mark) = mark.map(|mark| self.marks[mark]) else { return String::new() };
        let mut path = self.path(mark.parent);
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(mark.name);
        if let Some(number) = mark.number {
            path.extend(["[", &number.to_string(), "]"]);
        }
        path
    }
}

impl<'a> Ledger<'a> {
    pub(super) fn new(text: &'a str) -> Ledger<'a> {
        // An element takes about so many octets; what is longer is a polygon, or hostile.
        let marks = Vec::with_capacity((text.len() / 48).min(1024));
        let places = Places { lines: Lines::new(text), marks };
        Ledger { places, open: Vec::new(), faults: Vec::new(), gaps: Vec::new() }
    }

    /// Steps into an element that begins at an octet.
    pub(super) fn enter(&mut self, name: &'a str, number: Option<usize>, at: usize) {
        let parent = self.open.last().copied();
        self.open.push(self.places.marks.len());
        self.places.marks.push(Mark { parent, name, number, at });
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
        let here = self.here();
        self.book(Level::Error, code, &here, octet, message.into());
    }

    /// Books the error that ends reading; it is listed also when the list is full.
    pub(super) fn fatal(&mut self, code: &str, octet: usize, message: impl Into<Told>) {
        let place = self.place(&self.here(), octet);
        self.faults.push(Fault::error(code, place, message));
    }

    /// Books an error about an element that is not there, in the element that lacks it.
    pub(super) fn missing(&mut self, code: &str, name: &str, octet: usize, message: impl Into<Told>) {
        self.lacks(name);
        let place = format!("{}/{name}", self.here());
        self.book(Level::Error, code, &place, octet, message.into());
    }

    /// Books a warning where reading stands.
    pub(super) fn warning(&mut self, code: &str, octet: usize, message: impl Into<Told>) {
        let here = self.here();
        self.book(Level::Warning, code, &here, octet, message.into());
    }

    /// Notes that the value here could not be read and something stands in for it.
    pub(super) fn gap(&mut self) {
        let here = self.here();
        self.gaps.push(here);
    }

    /// Notes that a value that must be here was not met and something stands in for it.
    pub(super) fn lacks(&mut self, name: &str) {
        let place = format!("{}/{name}", self.here());
        self.gaps.push(place);
    }

    /// Whether more was found than is listed; reading on would find nothing to say.
    pub(super) fn full(&self) -> bool {
        self.faults.len() > MOST
    }

    /// What was found, the places whose values only stand in, and where everything is.
    pub(super) fn close(self) -> (Vec<Fault>, Vec<String>, Places<'a>) {
        (self.faults, self.gaps, self.places)
    }

    /// Lines and columns are counted only for faults that are listed: counting for all would be quadratic in hostile input.
    fn book(&mut self, level: Level, code: &str, path: &str, octet: usize, message: Told) {
        let (code, message) = match self.faults.len() {
            n if n < MOST => (code, message),
            MOST => ("cap.faults.more", more("reading stopped here")),
            _ => return,
        };
        let level = if code == "cap.faults.more" { Level::Error } else { level };
        let place = self.place(path, octet);
        self.faults.push(Fault::of(level, code, place, message));
    }

    fn place(&self, path: &str, octet: usize) -> String {
        let line = self.places.lines.at(octet);
        if path.is_empty() { line } else { format!("{path}, {line}") }
    }
}

/// That more was found than is listed, and what came of that.
pub(super) fn more(then: &str) -> Told {
    Told::new(format!("more than {MOST} faults; {then}"), [(Kind::Most, MOST.to_string())])
}
