//! Bytes to a CAP document: one pass, every fault with its place. Judges the schema; the rules of the text are in `standard` and `oman`.

use super::alert::{Alert, Version};
use super::ledger::{Ledger, Lines};
use super::limits::Limits;
use super::reader::Reader;
use super::scan::{Scan, Stop};
use super::xml::is_xml_char;
use crate::fault::Fault;

/// Reads a CAP 1.2 document, or 1.1 by its namespace.
///
/// The document comes back only when every value it needs was readable, so nothing in it is invented; the faults come back
/// in any case, in the order of the text, each with its path, line and column. A document with a fault of level `error`
/// is not lawful CAP, also when it comes back. The standard's rules beyond its schema are [`super::check()`]'s.
pub fn read(bytes: &[u8], limits: &Limits) -> (Option<Alert>, Vec<Fault>) {
    let reading = read_all(bytes, *limits);
    let alert = reading.alert.filter(|_| reading.readable && reading.gaps.is_empty());
    (alert, reading.faults)
}

/// All that one pass gives.
pub(super) struct Reading {
    /// The document; where it has gaps, stand-ins fill them.
    pub(super) alert: Option<Alert>,
    /// Paths of values that only stand in for what could not be read.
    pub(super) gaps: Vec<String>,
    /// What was found.
    pub(super) faults: Vec<Fault>,
    /// Whether it was XML within bounds to its end.
    pub(super) readable: bool,
}

/// Reads all there is, gaps filled, so that the rules can say their faults as well.
pub(super) fn read_all(bytes: &[u8], limits: Limits) -> Reading {
    let text = match text(bytes, limits) {
        Ok(text) => text,
        Err(fault) => return Reading { alert: None, gaps: Vec::new(), faults: vec![fault], readable: false },
    };
    let mut reader = Reader {
        scan: Scan::new(text, limits),
        ledger: Ledger::new(text),
        limits,
        points: 0,
        version: Version::V1_2,
    };
    let (alert, ended) = match reader.document() {
        Ok(alert) => (alert, true),
        Err(Stop) => (None, false),
    };
    let (faults, gaps) = reader.ledger.close();
    let readable = ended && !faults.iter().any(|f| f.code == "cap.entity.unknown");
    Reading { alert, gaps, faults, readable }
}

/// UTF-8 within bounds, without its byte order mark.
pub(super) fn text(bytes: &[u8], limits: Limits) -> Result<&str, Fault> {
    let first = "line 1, column 1";
    if bytes.len() > limits.octets {
        let (has, most) = (bytes.len(), limits.octets);
        return Err(Fault::error(
            "cap.limit.octets",
            first,
            format!("{has} octets; at most {most} are read"),
        ));
    }
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]) {
        return Err(Fault::error("cap.encoding", first, "the document is UTF-16; only UTF-8 is read"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|bad| {
        let before = String::from_utf8_lossy(&bytes[..bad.valid_up_to()]).into_owned();
        let place = Lines::new(&before).at(before.len());
        Fault::error("cap.encoding", place, "an octet here is not UTF-8; only UTF-8 is read")
    })?;
    match text.char_indices().find(|(_, c)| !is_xml_char(*c)) {
        None => Ok(text),
        Some((at, c)) => {
            let place = Lines::new(text).at(at);
            let point = u32::from(c);
            Err(Fault::error("cap.xml", place, format!("XML cannot hold the character U+{point:04X}")))
        }
    }
}
