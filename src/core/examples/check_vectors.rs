//! Compares encoder and preview with byte vectors of other implementations: `check_vectors FOLDER`, with gsm7.json,
//! cb_pages.json and sib.json in it. Ends with 1 at the first file that disagrees or is missing, every disagreement told.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its lines are its result")]
#![expect(clippy::disallowed_methods, reason = "an example stands outside the wall and reads files")]

use nadhir_core::cbs::page::{OCTETS, Page};
use nadhir_core::cbs::{Alphabet, Rules, encode_text, gsm7, ucs2, wire};
use nadhir_core::digest::unhex;
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;

/// What came of a file.
#[derive(Default)]
struct Tally {
    compared: usize,
    set_aside: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn compare(&mut self, what: &str, got: &str, want: &str) {
        self.compared += 1;
        if got != want {
            self.wrong.push(format!("{what}: {got:?} instead of {want:?}"));
        }
    }
}

/// Compares one vector.
type Judge = fn(&Value, &mut Tally);

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: check_vectors FOLDER");
        return ExitCode::from(2);
    };
    // Given the whole folder of reference data, the vectors are a part of it.
    let folder = Path::new(&folder);
    let folder = if folder.join("vectors").is_dir() { folder.join("vectors") } else { folder.to_owned() };
    let mut ok = true;
    let judges: [(&str, Judge); 3] =
        [("gsm7.json", septets), ("cb_pages.json", pages), ("sib.json", cb_data)];
    for (name, judge) in judges {
        let mut tally = Tally::default();
        match read(&folder.join(name)) {
            Ok(vectors) => vectors.iter().for_each(|vector| judge(vector, &mut tally)),
            Err(words) => tally.wrong.push(words),
        }
        if tally.compared == 0 {
            tally.wrong.push("nothing was compared".to_owned());
        }
        println!("{name}: {} compared, {} disagree", tally.compared, tally.wrong.len());
        tally.set_aside.iter().for_each(|line| println!("  set aside: {line}"));
        tally.wrong.iter().for_each(|line| println!("  WRONG {line}"));
        ok &= tally.wrong.is_empty();
    }
    if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(path: &Path) -> Result<Vec<Value>, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
}

fn word<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_default()
}

/// Packed septets, both ways.
fn septets(vector: &Value, tally: &mut Tally) {
    let (id, text, octets) = (word(vector, "id"), word(vector, "text"), word(vector, "hex"));
    let Some(bytes) = unhex(octets) else {
        tally.wrong.push(format!("{id}: not hexadecimal"));
        return;
    };
    let count = |name: &str| vector[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let skip = count("skip_septets");
    let unpacked = gsm7::unpack(&bytes);
    let body = unpacked.get(skip..count("septets")).unwrap_or_default();
    tally.compare(&format!("{id}, read"), &gsm7::decode(body), text);
    let codes: Option<Vec<gsm7::Code>> = text.chars().map(gsm7::code).collect();
    let written: Vec<u8> = unpacked
        .iter()
        .take(skip)
        .copied()
        .chain(codes.unwrap_or_default().into_iter().flat_map(|code| match code {
            gsm7::Code::One(septet) => vec![septet],
            gsm7::Code::Escaped(septet) => vec![gsm7::ESCAPE, septet],
        }))
        .collect();
    tally.compare(&format!("{id}, written"), &nadhir_core::digest::hex(&gsm7::pack(&written)), octets);
}

/// The alphabet of a data coding scheme met in the vectors, and octets of language prefix on each page (TS 23.038, 5).
fn scheme(dcs: u8) -> Option<(Alphabet, usize)> {
    match dcs {
        0x00..=0x0F | 0x20 | 0x24 | 0x40 => Some((Alphabet::Gsm7, 0)),
        0x10 => Some((Alphabet::Gsm7, 3)),
        0x11 => Some((Alphabet::Ucs2, 2)),
        // 0x21-0x23, Hebrew, Arabic, Russian: GSM-7 to phones before 2024, UCS-2 since. Read here, never sent.
        0x21..=0x23 | 0x48 => Some((Alphabet::Ucs2, 0)),
        _ => None,
    }
}

/// What a page says, through the decoders that the preview uses. A prefix of three septets leaves three bits over, so a
/// prefixed GSM-7 page is unpacked whole and its first septets dropped.
fn said(octets: &[u8], dcs: u8) -> Option<String> {
    let (alphabet, prefix) = scheme(dcs)?;
    let text = match alphabet {
        Alphabet::Gsm7 => gsm7::decode(gsm7::unpack(octets).get(prefix..)?),
        Alphabet::Ucs2 => ucs2::decode(octets.get(prefix..)?),
    };
    Some(text.trim_end_matches('\r').to_owned())
}

/// 2G pages and UMTS messages to text.
fn pages(vector: &Value, tally: &mut Tally) {
    let id = word(vector, "id");
    let Some(want) = vector["expect"]["text"].as_str() else {
        tally.set_aside.push(format!("{id}: expects no text"));
        return;
    };
    let pdus: Vec<Vec<u8>> = vector["pdus"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|pdu| unhex(pdu.as_str().unwrap_or_default()))
        .collect();
    let mut text = String::new();
    let mut dcs = None;
    for pdu in &pdus {
        let umts = word(vector, "format") == "umts";
        // 2G: serial 2, identifier 2, scheme 1, page 1, octets. UMTS: type 1, identifier 2, serial 2, scheme 1, CB data.
        let at = if umts { 5 } else { 4 };
        let (Some(scheme), Some(rest)) = (pdu.get(at).copied(), pdu.get(6..)) else {
            tally.wrong.push(format!("{id}: too short"));
            return;
        };
        dcs = Some(scheme);
        let part = if umts { said_of_cb_data(rest, scheme) } else { said(rest, scheme) };
        let Some(part) = part else {
            tally.set_aside.push(format!("{id}: scheme 0x{scheme:02X} is neither sent nor previewed"));
            return;
        };
        text.push_str(&part);
    }
    tally.compare(&format!("{id}, read"), &text, want);
    // Where the scheme is one that is sent, or 0x40, which spells alike, the same text must give the same octets.
    let whole: Vec<&[u8]> = match (word(vector, "format"), pdus.as_slice()) {
        ("gsm", [pdu]) if pdu.len() == wire::GSM_PAGE => vec![&pdu[6..]],
        ("umts", [pdu]) if pdu.len() == 7 + OCTETS + 1 => vec![&pdu[7..7 + OCTETS]],
        _ => Vec::new(),
    };
    if let ([octets], Some((_, 0))) = (whole.as_slice(), dcs.and_then(scheme)) {
        written(id, want, octets, None, tally);
    }
}

fn said_of_cb_data(data: &[u8], dcs: u8) -> Option<String> {
    let (count, pages) = data.split_first()?;
    pages
        .chunks(OCTETS + 1)
        .take(usize::from(*count))
        .map(|page| {
            let (octets, useful) = (page.get(..OCTETS)?, *page.get(OCTETS)?);
            said(octets.get(..usize::from(useful))?, dcs)
        })
        .collect()
}

/// CB data to text, and text to the same octets.
fn cb_data(vector: &Value, tally: &mut Tally) {
    let (id, text) = (word(vector, "id"), word(vector, "text"));
    let dcs = vector["dcs"].as_u64().and_then(|dcs| u8::try_from(dcs).ok()).unwrap_or(u8::MAX);
    let data = unhex(word(vector, "cbdata")).unwrap_or_default();
    tally.compare(&format!("{id}, read"), &said_of_cb_data(&data, dcs).unwrap_or_default(), text);
    if data.len() == 1 + OCTETS + 1 && scheme(dcs).is_some_and(|(_, prefix)| prefix == 0) {
        written(id, text, &data[1..=OCTETS], data.last().copied(), tally);
    }
}

/// A text of one page gives these octets, and this useful length where it is told.
fn written(id: &str, text: &str, octets: &[u8], useful: Option<u8>, tally: &mut Tally) {
    let pages = encode_text(text, "en", &Rules::default())
        .map(|laid| laid.pages.pages().to_vec())
        .unwrap_or_default();
    let got = |page: &Page| {
        let useful = if useful.is_some() { format!(" {}", page.useful()) } else { String::new() };
        nadhir_core::digest::hex(page.octets()) + &useful
    };
    let want = nadhir_core::digest::hex(octets) + &useful.map(|n| format!(" {n}")).unwrap_or_default();
    tally.compare(&format!("{id}, written"), &pages.iter().map(got).collect::<Vec<_>>().join("|"), &want);
}
