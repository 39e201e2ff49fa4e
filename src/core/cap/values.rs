//! The value of one element: a word, a time, a number, a list, a shape. Says what is wrong with it; knows no parent.

use super::alert::{Reference, Version};
use super::reader::Reader;
use super::scan::Stop;
use super::shape::{Circle, Point, Ring};
use super::time::CapTime;
use super::uri::is_uri;
use crate::fault::{Kind, Told};
use std::fmt::Display;

impl Reader<'_> {
    /// `xs:string`: every character counts.
    pub(super) fn string(&mut self) -> Result<String, Stop> {
        Ok(self.leaf()?.text.into_owned())
    }

    /// `xs:anyURI`: white space around it is no part of it.
    pub(super) fn uri(&mut self) -> Result<String, Stop> {
        let leaf = self.leaf()?;
        let uri = trim(&leaf.text);
        if !is_uri(uri) {
            let why = not(shown(uri), "an address");
            self.wrong(leaf.known, "cap.value.uri", leaf.at, why);
        }
        Ok(uri.to_owned())
    }

    /// An enumeration on `xs:string`: exactly one of the words. On a fault, `stand_in` and a gap.
    pub(super) fn word<T: Copy + Display>(
        &mut self,
        parse: fn(&str) -> Option<T>,
        all: &[T],
        stand_in: T,
    ) -> Result<T, Stop> {
        let leaf = self.leaf()?;
        if let Some(word) = parse(&leaf.text) {
            return Ok(word);
        }
        let words: Vec<String> = all.iter().map(ToString::to_string).collect();
        let shown = shown(&leaf.text);
        let (why, wanted) = match parse(trim(&leaf.text)) {
            Some(word) => {
                (format!("\"{shown}\" has white space around it; write {word} alone"), word.to_string())
            }
            None => (format!("\"{shown}\" is none of {}", words.join(", ")), words.join(", ")),
        };
        let why = Told::new(why, [(Kind::Found, shown), (Kind::Wanted, wanted)]);
        self.wrong(leaf.known, "cap.value.word", leaf.at, why);
        Ok(stand_in)
    }

    /// A date and time in CAP's form.
    pub(super) fn time(&mut self) -> Result<Option<CapTime>, Stop> {
        let leaf = self.leaf()?;
        let text = trim(&leaf.text);
        match CapTime::parse(text) {
            Ok(time) => {
                if text.ends_with("+00:00") {
                    let why = format!("UTC is written -00:00 in CAP, not +00:00: \"{text}\"");
                    let found = [(Kind::Found, text.to_owned()), (Kind::Wanted, "-00:00".to_owned())];
                    self.ledger.warning("cap.time.plus_zero", leaf.at, Told::new(why, found));
                }
                Ok(Some(time))
            }
            Err(bad) => {
                let shown = shown(text);
                self.wrong(
                    leaf.known,
                    "cap.value.time",
                    leaf.at,
                    Told::new(
                        format!("\"{shown}\" is not a CAP time: {bad}"),
                        [(Kind::Found, shown), (Kind::Wanted, bad.form().to_owned())],
                    ),
                );
                Ok(None)
            }
        }
    }

    /// `xs:language` with the default en-US for an empty element; `und`, a language not determined, stands in for what is none.
    pub(super) fn language(&mut self) -> Result<Option<String>, Stop> {
        let leaf = self.leaf()?;
        let text = trim(&leaf.text);
        if leaf.text.is_empty() && leaf.known {
            return Ok(None);
        }
        if !is_language(text) {
            let why = not(shown(text), "a language code such as ar-OM");
            self.wrong(leaf.known, "cap.value.language", leaf.at, why);
            return Ok(Some("und".to_owned()));
        }
        Ok(Some(text.to_owned()))
    }

    /// `xs:integer` that is a size in octets.
    pub(super) fn size(&mut self) -> Result<Option<u64>, Stop> {
        let leaf = self.leaf()?;
        let text = trim(&leaf.text);
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            self.wrong(leaf.known, "cap.value.number", leaf.at, not(shown(text), "a number of octets"));
            return Ok(None);
        }
        let size = digits.parse().ok().filter(|size| *size == 0 || !text.starts_with('-'));
        if size.is_none() {
            // A number by the schema, and the size of nothing.
            self.ledger.warning("cap.value.size", leaf.at, not(shown(text), "the size of any file"));
        }
        Ok(size)
    }

    /// `xs:decimal`; a string in CAP 1.1, where what is no number is only warned of.
    pub(super) fn decimal(&mut self) -> Result<Option<f64>, Stop> {
        let leaf = self.leaf()?;
        let text = trim(&leaf.text);
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let plain = unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && unsigned.bytes().any(|b| b.is_ascii_digit());
        let number = plain.then(|| text.parse::<f64>().ok()).flatten().filter(|n| n.is_finite());
        if number.is_none() {
            let why = not(shown(text), "a decimal number of feet");
            match self.version {
                Version::V1_1 => {
                    self.ledger.warning("cap.value.feet", leaf.at, why);
                    self.ledger.words();
                }
                Version::V1_2 => self.wrong(leaf.known, "cap.value.number", leaf.at, why),
            }
        }
        Ok(number)
    }

    /// Items separated by white space; an item with white space in it stands in double quotes.
    pub(super) fn list(&mut self) -> Result<Vec<String>, Stop> {
        let leaf = self.leaf()?;
        let mut items = Vec::new();
        let mut rest = trim(&leaf.text);
        while !rest.is_empty() {
            let (item, after) = if let Some(quoted) = rest.strip_prefix('"') {
                quoted.split_once('"').unwrap_or_else(|| {
                    self.ledger.warning("cap.list.quote", leaf.at, "a double quote opens and does not close");
                    (quoted, "")
                })
            } else {
                rest.split_once(is_space).unwrap_or((rest, ""))
            };
            items.push(item.to_owned());
            rest = trim(after);
        }
        Ok(items)
    }

    /// `sender,identifier,sent` triples separated by white space.
    pub(super) fn references(&mut self) -> Result<Vec<Reference>, Stop> {
        let leaf = self.leaf()?;
        let mut references = Vec::new();
        for triple in leaf.text.split(is_space).filter(|t| !t.is_empty()) {
            let parts: Vec<&str> = triple.split(',').collect();
            match parts[..] {
                [sender, identifier, sent] if !sender.is_empty() && !identifier.is_empty() => {
                    match CapTime::parse(sent) {
                        Ok(sent) => references.push(Reference {
                            sender: sender.to_owned(),
                            identifier: identifier.to_owned(),
                            sent,
                        }),
                        Err(bad) => {
                            let found = shown(sent);
                            let why = Told::new(
                                format!("the time \"{found}\" of a reference is not a CAP time: {bad}"),
                                [(Kind::Found, found), (Kind::Wanted, bad.form().to_owned())],
                            );
                            self.wrong(true, "cap.references.form", leaf.at, why);
                        }
                    }
                }
                _ => {
                    let (found, form) = (shown(triple), "sender,identifier,sent");
                    let why = Told::new(
                        format!("\"{found}\" is not \"{form}\""),
                        [(Kind::Found, found), (Kind::Wanted, form.to_owned())],
                    );
                    self.wrong(true, "cap.references.form", leaf.at, why);
                }
            }
        }
        if trim(&leaf.text).is_empty() && leaf.known {
            self.ledger.warning("cap.references.empty", leaf.at, "references is there and holds nothing");
        }
        Ok(references)
    }

    /// A polygon, its points counted against the bound of the document.
    pub(super) fn ring(&mut self) -> Result<Ring, Stop> {
        let leaf = self.leaf()?;
        match Ring::parse(&leaf.text) {
            Ok(ring) => {
                self.points += ring.points.len();
                if self.points > self.limits.points {
                    let most = self.limits.points;
                    let why = Told::new(
                        format!("more than {most} polygon points in the document"),
                        [(Kind::Most, most.to_string())],
                    );
                    self.ledger.fatal("cap.limit.points", leaf.at, why);
                    return Err(Stop);
                }
                Ok(ring)
            }
            Err(bad) => {
                self.wrong(leaf.known, "cap.polygon.form", leaf.at, bad.told());
                Ok(Ring { points: Vec::new() })
            }
        }
    }

    /// A circle.
    pub(super) fn circle(&mut self) -> Result<Circle, Stop> {
        let leaf = self.leaf()?;
        match Circle::parse(&leaf.text) {
            Ok(circle) => Ok(circle),
            Err(bad) => {
                self.wrong(leaf.known, "cap.circle.form", leaf.at, bad.told());
                Ok(Circle { centre: Point { lat: 0.0, lon: 0.0 }, radius_km: 0.0 })
            }
        }
    }

    /// Books a value that cannot be taken, unless what is wrong with it is booked already, and the gap it leaves.
    fn wrong(&mut self, known: bool, code: &str, at: usize, why: Told) {
        if known {
            self.ledger.error(code, at, why);
        }
        self.ledger.gap();
    }
}

/// Whether a text has the form of a language code (XML Schema part 2, 3.3.3).
pub(super) fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    (1..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && subtags.all(|t| (1..=8).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric()))
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// That a value is not what stands there.
fn not(found: String, what: &str) -> Told {
    Told::new(format!("\"{found}\" is not {what}"), [(Kind::Found, found)])
}

/// The head of a text, for a message.
fn shown(text: &str) -> String {
    let mut head: String = text.chars().take(40).collect();
    if head.len() < text.len() {
        head.push('…');
    }
    head
}
