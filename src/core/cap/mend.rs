//! What a foreign document says clearly in a form that CAP does not have, written as CAP has it: a time, a padded word.
//!
//! Nothing is guessed and nothing is lost. What came stays as it came; the mended octets are for a draft alone.

use super::time::CapTime;
use super::values::trim;
use crate::fault::Fault;
use std::ops::Range;

/// One value that was written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The path of its element.
    pub path: String,
    /// As it came.
    pub was: String,
    /// As it is read.
    pub now: String,
    /// What was changed: a time, or the white space around a word.
    pub what: Value,
}

/// The kind of a value that was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// `Z` became `-00:00`, or a fraction of a second was cut.
    Time,
    /// White space around a word of a table was left out.
    Word,
}

/// The octets with every value mended that can be, by the faults that reading them gave; none where nothing can be.
pub fn mend(bytes: &[u8], faults: &[Fault]) -> Option<(Vec<u8>, Vec<Mended>)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut spots = Spots { text: &text[mark..], last: (1, 1, 0) };
    // A list of references has one fault for each of them: it is looked at once.
    let mut seen = Vec::new();
    let mut edits: Vec<(Range<usize>, Mended)> = Vec::new();
    for fault in faults {
        let mended: fn(&str) -> Option<String> = match fault.code.as_str() {
            "cap.value.time" => |was| time(trim(was)),
            "cap.references.form" => references,
            "cap.value.word" => |was| Some(trim(was).to_owned()),
            _ => continue,
        };
        let what = if fault.code == "cap.value.word" { Value::Word } else { Value::Time };
        let at = fault.spot().and_then(|spot| spots.octet(spot));
        let Some(range) = at.and_then(|at| content(text, at + mark)) else { continue };
        if seen.contains(&range.start) {
            continue;
        }
        seen.push(range.start);
        let was = &text[range.clone()];
        if let Some(now) = mended(was).filter(|now| now != was) {
            let (path, was) = (fault.path().to_owned(), was.to_owned());
            edits.push((range, Mended { path, was, now, what }));
        }
    }
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut from) = (Vec::with_capacity(bytes.len()), 0);
    for (range, mended) in &edits {
        out.extend_from_slice(&bytes[from..range.start]);
        out.extend_from_slice(mended.now.as_bytes());
        from = range.end;
    }
    out.extend_from_slice(&bytes[from..]);
    Some((out, edits.into_iter().map(|(_, mended)| mended).collect()))
}

/// The same instant as CAP writes it: no fraction, UTC as -00:00.
fn time(text: &str) -> Option<String> {
    let (head, rest) = text.split_at_checked(19)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            Some(zone).filter(|zone| zone.len() < fraction.len())?
        }
        None => rest,
    };
    let zone = if rest.eq_ignore_ascii_case("z") { "-00:00" } else { rest };
    let now = format!("{head}{zone}");
    CapTime::parse(&now).is_ok().then_some(now)
}

/// The triples, the times in them mended; what cannot be is left as it is.
fn references(text: &str) -> Option<String> {
    let triple = |triple: &str| {
        let (named, sent) = triple.rsplit_once(',')?;
        Some(format!("{named},{}", time(sent)?))
    };
    let mut mended = false;
    let triples: Vec<String> = text
        .split_ascii_whitespace()
        .map(|came| {
            let now = triple(came).unwrap_or_else(|| came.to_owned());
            mended |= now != came;
            now
        })
        .collect();
    mended.then(|| triples.join(" "))
}

/// Lines and columns of a text as octets, counted on from the last one asked for: faults come in the order of the text.
struct Spots<'a> {
    text: &'a str,
    /// Line, column and octet.
    last: (usize, usize, usize),
}

impl Spots<'_> {
    fn octet(&mut self, (line, column): (usize, usize)) -> Option<usize> {
        if (line, column) < (self.last.0, self.last.1) {
            self.last = (1, 1, 0);
        }
        let (mut at_line, mut at_column, mut octet) = self.last;
        while at_line < line {
            octet += self.text[octet..].find('\n')? + 1;
            (at_line, at_column) = (at_line + 1, 1);
        }
        octet += self.text[octet..].char_indices().nth(column.checked_sub(at_column)?)?.0;
        self.last = (line, column, octet);
        Some(octet)
    }
}

/// The text of the element that begins at an octet; none if it holds more than plain text.
fn content(text: &str, at: usize) -> Option<Range<usize>> {
    let tag = &text[at..];
    let begin = tag.starts_with('<').then(|| tag.find('>')).flatten()?;
    let inside = tag[begin + 1..].find('<')? + begin + 1;
    let plain =
        !tag[..begin].ends_with('/') && tag[inside..].starts_with("</") && !tag[begin..inside].contains('&');
    plain.then_some(at + begin + 1..at + inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_mended_where_the_instant_is_told() {
        let check = |text: &str, want: Option<&str>| assert_eq!(time(text).as_deref(), want, "{text}");
        check("2026-11-22T06:30:00Z", Some("2026-11-22T06:30:00-00:00"));
        check("2026-11-22T06:30:00.123z", Some("2026-11-22T06:30:00-00:00"));
        check("2026-11-22T06:30:00.5+05:30", Some("2026-11-22T06:30:00+05:30"));
        check("2026-11-22T06:30:00", None);
        check("2026-11-22T06:30:00.", None);
        check("2026-13-22T06:30:00Z", None);
        check("soon", None);
        check("\u{663}026-11-22T06:30:0Z", None);
    }

    #[test]
    fn every_value_is_found_where_it_stands() {
        let cap = "\u{feff}<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n<identifier>ع</identifier><sender>s</sender>\
            <sent>2026-11-22T06:30:00Z</sent><status> Actual</status>\n<msgType>Alert\n</msgType><scope>Public</scope>\
            <references>a,b,2026-11-22T06:00:00Z a,c,2026-11-22T06:00:00Z</references></alert>";
        let faults = super::super::read(cap.as_bytes(), &super::super::Limits::cap()).1;
        let (bytes, mended) = mend(cap.as_bytes(), &faults).unwrap();
        let paths: Vec<&str> = mended.iter().map(|m| m.path.as_str()).collect();
        assert_eq!(paths, ["alert/sent", "alert/status", "alert/msgType", "alert/references"]);
        let (alert, left) = super::super::read(&bytes, &super::super::Limits::cap());
        assert_eq!((alert.unwrap().references.len(), left), (2, vec![]));
        assert_eq!(mend(&bytes, &[]), None);
    }

    #[test]
    fn references_are_mended_one_by_one() {
        let check = |text: &str, want: Option<&str>| assert_eq!(references(text).as_deref(), want, "{text}");
        check("a,b,2026-11-22T06:30:00Z\n x", Some("a,b,2026-11-22T06:30:00-00:00 x"));
        check("a,b,2026-11-22T06:30:00-00:00 x", None);
    }
}
