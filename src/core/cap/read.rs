//! Bytes to a CAP document: one pass, every fault with its place. Judges the schema; the rules of the text are in `standard` and `oman`.

use super::alert::{Alert, Version};
use super::extension::Extension;
use super::ledger::{Closed, Ledger};
use super::limits::Limits;
use super::places::{Lines, Places};
use super::reader::Reader;
use super::scan::Scan;
use super::xml::Survey;
use crate::fault::{Fault, Kind, Told};

/// Reads a CAP 1.2 document, or 1.1 by its namespace.
///
/// The document comes back only when every value it needs was readable, so nothing in it is invented; the faults come back
/// in any case, in the order of the text, each with its path, line and column. A document with a fault of level `error`
/// is not lawful CAP, also when it comes back. The standard's rules beyond its schema are [`super::check()`]'s, and what a
/// broken document still gives is [`super::verdict()`]'s.
pub fn read(bytes: &[u8], limits: &Limits) -> (Option<Alert>, Vec<Fault>) {
    let reading = read_all(bytes, *limits);
    let alert = reading.alert.filter(|_| reading.readable && reading.gaps.is_empty());
    (alert, reading.faults)
}

/// All that one pass gives.
pub(super) struct Reading<'a> {
    /// The document as far as it was read; where it has gaps, stand-ins fill them.
    pub(super) alert: Option<Alert>,
    /// Paths of values that only stand in for what could not be read.
    pub(super) gaps: Vec<String>,
    /// Paths of values that are lawful and only words: an altitude of CAP 1.1 that is no number.
    pub(super) words: Vec<String>,
    /// What was found.
    pub(super) faults: Vec<Fault>,
    /// Whether it was read to its end.
    pub(super) ended: bool,
    /// Whether it was XML within bounds to its end, every reference known.
    pub(super) readable: bool,
    /// What is not CAP's.
    pub(super) extensions: Vec<Extension>,
    /// Octets of a byte order mark before the text.
    pub(super) mark: usize,
    /// Where everything stands; none where there is no text.
    pub(super) places: Option<Places<'a>>,
}

/// Reads all there is, gaps filled, so that the rules can say their faults as well.
pub(super) fn read_all(bytes: &[u8], limits: Limits) -> Reading<'_> {
    let (text, survey) = match text(bytes, limits) {
        Ok(text) => text,
        Err(fault) => {
            return Reading {
                alert: None,
                gaps: Vec::new(),
                words: Vec::new(),
                faults: vec![fault],
                ended: false,
                readable: false,
                extensions: Vec::new(),
                mark: 0,
                places: None,
            };
        }
    };
    let mut reader = Reader {
        scan: Scan::new(text, survey, limits),
        ledger: Ledger::new(text),
        limits,
        points: 0,
        shapes: 0,
        version: Version::V1_2,
        extensions: Vec::new(),
    };
    let mut alert = None;
    let ended = reader.document(&mut alert).is_ok();
    let mut extensions = reader.extensions;
    let mark = bytes.len() - text.len();
    for extension in &mut extensions {
        extension.octets = extension.octets.start + mark..extension.octets.end + mark;
    }
    let Closed { faults, gaps, words, places } = reader.ledger.close();
    let readable = ended && !faults.iter().any(|f| f.code == "cap.entity.unknown");
    Reading { alert, gaps, words, faults, ended, readable, extensions, mark, places: Some(places) }
}

/// UTF-8 within bounds, without its byte order mark, and what there is in it.
fn text(bytes: &[u8], limits: Limits) -> Result<(&str, Survey), Fault> {
    let first = "line 1, column 1";
    if bytes.len() > limits.octets {
        let (has, most) = (bytes.len(), limits.octets);
        return Err(Fault::error(
            "cap.limit.octets",
            first,
            Told::new(
                format!("{has} octets; at most {most} are read"),
                [(Kind::Found, has.to_string()), (Kind::Most, most.to_string())],
            ),
        ));
    }
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]) {
        let found = [(Kind::Found, "UTF-16".to_owned()), (Kind::Wanted, "UTF-8".to_owned())];
        let why = Told::new("the document is UTF-16; only UTF-8 is read", found);
        return Err(Fault::error("cap.encoding", first, why));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|bad| {
        let before = String::from_utf8_lossy(&bytes[..bad.valid_up_to()]).into_owned();
        let place = Lines::new(&before).at(before.len());
        Fault::error("cap.encoding", place, "an octet here is not UTF-8; only UTF-8 is read")
    })?;
    let survey = Survey::of(text);
    match survey.stranger(text) {
        None => Ok((text, survey)),
        Some((at, c)) => {
            let place = Lines::new(text).at(at);
            let point = u32::from(c);
            let found = format!("U+{point:04X}");
            let why = Told::new(format!("XML cannot hold the character {found}"), [(Kind::Found, found)]);
            Err(Fault::error("cap.xml", place, why))
        }
    }
}
