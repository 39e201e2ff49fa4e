//! Where each element of a document begins: from octets to paths, lines and columns, and back. Judges nothing.

use std::cell::{Cell, RefCell};

/// Where each element of a document begins.
pub(super) struct Places<'a> {
    lines: Lines<'a>,
    /// In the order of the text: what an element holds follows it.
    marks: Vec<Mark<'a>>,
    /// The marks of the last place that was looked for, from the root: the next one is seldom far behind it.
    last: RefCell<Vec<usize>>,
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

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Places<'a> {
        // An element takes about so many octets; what is longer is a polygon, or hostile.
        let marks = Vec::with_capacity((text.len() / 48).min(1024));
        Places { lines: Lines::new(text), marks, last: RefCell::default() }
    }

    /// Notes an element, and gives the number of its mark.
    pub(super) fn mark(
        &mut self,
        parent: Option<usize>,
        name: &'a str,
        number: Option<usize>,
        at: usize,
    ) -> usize {
        self.marks.push(Mark { parent, name, number, at });
        self.marks.len() - 1
    }

    /// The path of a mark.
    pub(super) fn path(&self, mark: Option<usize>) -> String {
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

    /// A path with line and column of an octet.
    pub(super) fn at(&self, path: &str, octet: usize) -> String {
        let line = self.lines.at(octet);
        if path.is_empty() { line } else { format!("{path}, {line}") }
    }

    /// The path with line and column: of the place itself or, where the fault is that it is not there, of what should hold it.
    pub(super) fn spelt(&self, path: &str) -> String {
        self.nearest(path).map_or_else(|| path.to_owned(), |at| self.at(path, at))
    }

    fn nearest(&self, path: &str) -> Option<usize> {
        let mut last = self.last.borrow_mut();
        let mut found = None;
        for (depth, step) in path.split('/').enumerate() {
            let (name, number) = match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
                Some((name, number)) => (name, number.parse().ok()),
                None => (step, None),
            };
            let from = found.map_or(0, |parent| parent + 1);
            let near = last.get(depth).copied().filter(|near| *near >= from).unwrap_or(from);
            let seek = |range: std::ops::Range<usize>| {
                // Marks of what the parent holds follow it and name it or one another.
                let inside = self.marks[range.clone()].iter().take_while(|mark| mark.parent >= found);
                let is = |mark: &Mark<'_>| mark.parent == found && mark.name == name && mark.number == number;
                inside.into_iter().position(is).map(|further| range.start + further)
            };
            let Some(mark) = seek(near..self.marks.len()).or_else(|| seek(from..near)) else { break };
            if last.get(depth) != Some(&mark) {
                last.truncate(depth);
                last.push(mark);
            }
            found = Some(mark);
        }
        found.map(|mark| self.marks[mark].at)
    }
}

/// The lines of a text, counted on from the last place asked for.
pub(super) struct Lines<'a> {
    text: &'a str,
    last: Cell<Spot>,
}

/// An octet, and where it stands.
#[derive(Clone, Copy, Default)]
struct Spot {
    octet: usize,
    /// Line ends before it.
    lines: usize,
    /// Characters before it in its line.
    characters: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        Lines { text, last: Cell::default() }
    }

    /// `line L, column C` of an octet that begins a character, both from 1, columns in characters.
    pub(super) fn at(&self, octet: usize) -> String {
        let octet = octet.min(self.text.len());
        let last = Some(self.last.get()).filter(|last| last.octet <= octet).unwrap_or_default();
        let between = self.text.get(last.octet..octet).unwrap_or_default();
        let ends = line_ends(between.as_bytes());
        let (before, line) = match between.rfind('\n') {
            Some(end) => (0, &between[end + 1..]),
            None => (last.characters, between),
        };
        let spot = Spot { octet, lines: last.lines + ends, characters: before + line.chars().count() };
        self.last.set(spot);
        format!("line {}, column {}", spot.lines + 1, spot.characters + 1)
    }
}

fn line_ends(octets: &[u8]) -> usize {
    // As many as a number of one octet can count at a time: so many octets are looked at at once.
    let some = |some: &[u8]| usize::from(some.iter().map(|b| u8::from(*b == b'\n')).sum::<u8>());
    octets.chunks(usize::from(u8::MAX)).map(some).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// In any order, as counted from the beginning.
        #[test]
        fn lines_are_counted_on_as_from_the_beginning(text in "[a\nب]{0,60}", octets in prop::collection::vec(0..130_usize, 1..16)) {
            let lines = Lines::new(&text);
            for octet in octets.into_iter().filter(|octet| text.is_char_boundary(*octet)) {
                let before = &text[..octet];
                let line = before.split('\n').next_back().unwrap();
                let want = format!("line {}, column {}", before.split('\n').count(), line.chars().count() + 1);
                prop_assert_eq!(lines.at(octet), want, "{:?} {}", &text, octet);
            }
        }
    }

    #[test]
    fn the_nearest_element_is_found_in_any_order() {
        let mut places = Places::new("0123456789");
        let root = places.mark(None, "alert", None, 0);
        for info in 1..=2 {
            let mark = places.mark(Some(root), "info", Some(info), info);
            for area in 1..=2 {
                let area_mark = places.mark(Some(mark), "area", Some(area), info * 2 + area);
                places.mark(Some(area_mark), "areaDesc", None, info * 2 + area + 1);
            }
        }
        let check = |path: &str, want: Option<usize>| assert_eq!(places.nearest(path), want, "{path}");
        for _ in 0..2 {
            check("alert/info[2]/area[2]/areaDesc", Some(7));
            check("alert/info[1]/area[1]", Some(3));
            check("alert/info[1]/area[3]", Some(1));
            check("alert/info[1]/expires", Some(1));
            check("alert/info[2]/area[1]/polygon[1]", Some(5));
            check("alert/note", Some(0));
            check("other", None);
        }
    }
}
