//! Pages of 82 octets with their useful length, and the data coding scheme over them (TS 23.041, 9.4.1 and 9.4.2.2.5).
//!
//! What a page says when it is decoded alone, as phones do. How a text is cut is lay.rs's.

use super::{gsm7, ucs2};
use crate::digest::Digest;
use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// Octets of a page (TS 23.041, 9.4.1).
pub const OCTETS: usize = 82;
/// Pages of a message at most: the page parameter has four bits and 0 is not used (TS 23.041, 9.4.1.2.4).
pub const MAX_PAGES: usize = 15;
/// 82 octets of 8 bits in septets: floor(656 / 7) = 93.
pub const SEPTETS: usize = OCTETS * 8 / 7;
/// 82 octets, two a character: 41.
pub const UNITS: usize = OCTETS / 2;

/// How the characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Alphabet {
    /// The GSM 7 bit default alphabet: 93 septets a page.
    Gsm7,
    /// UCS-2: 41 characters a page.
    Ucs2,
}

impl Alphabet {
    /// Units a page holds: 93 septets or 41 characters.
    pub const fn per_page(self) -> usize {
        match self {
            Alphabet::Gsm7 => SEPTETS,
            Alphabet::Ucs2 => UNITS,
        }
    }

    /// Units fifteen pages hold: 1,395 or 615.
    pub const fn limit(self) -> usize {
        self.per_page() * MAX_PAGES
    }
}

/// A data coding scheme (TS 23.038, 5) that every phone reads right. The others cannot be written down: phones took
/// 0x21-0x23 for GSM-7, and may hide what 0x10 and 0x11 mark as a foreign language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Dcs {
    /// 0x01: GSM-7, English.
    English,
    /// 0x0F: GSM-7, language unspecified.
    Gsm7,
    /// 0x48: UCS-2, general data coding, no message class.
    Ucs2,
}

impl Dcs {
    /// The octet on the wire.
    pub const fn octet(self) -> u8 {
        match self {
            Dcs::English => 0x01,
            Dcs::Gsm7 => 0x0F,
            Dcs::Ucs2 => 0x48,
        }
    }

    /// The scheme of an octet, if it is one of the three.
    pub fn from_octet(octet: u8) -> Option<Dcs> {
        [Dcs::English, Dcs::Gsm7, Dcs::Ucs2].into_iter().find(|dcs| dcs.octet() == octet)
    }

    /// The alphabet it announces.
    pub const fn alphabet(self) -> Alphabet {
        match self {
            Dcs::English | Dcs::Gsm7 => Alphabet::Gsm7,
            Dcs::Ucs2 => Alphabet::Ucs2,
        }
    }
}

impl From<Dcs> for u8 {
    fn from(dcs: Dcs) -> u8 {
        dcs.octet()
    }
}

impl TryFrom<u8> for Dcs {
    type Error = String;

    fn try_from(octet: u8) -> Result<Dcs, String> {
        Dcs::from_octet(octet)
            .ok_or_else(|| format!("0x{octet:02X} is not a data coding scheme that is sent"))
    }
}

/// One page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Page {
    octets: [u8; OCTETS],
    useful: u8,
}

impl Page {
    /// A page of which the first `useful` octets (1 to 82) carry text.
    pub fn new(octets: [u8; OCTETS], useful: u8) -> Option<Page> {
        (1..=OCTETS).contains(&usize::from(useful)).then_some(Page { octets, useful })
    }

    /// For lay.rs, which fills pages to the brim: the first 82 of `octets`.
    pub(super) fn laid(octets: &[u8], useful: usize) -> Page {
        let mut page = Page { octets: [0; OCTETS], useful: 0 };
        for (place, octet) in page.octets.iter_mut().zip(octets) {
            *place = *octet;
        }
        page.useful = u8::try_from(useful.min(OCTETS)).unwrap_or(u8::MAX);
        page
    }

    /// All 82 octets, the padding included.
    pub const fn octets(&self) -> &[u8; OCTETS] {
        &self.octets
    }

    /// How many of them carry text: the "CBS-Message-Information-Length" (TS 23.041, 9.4.2.2.5).
    pub const fn useful(&self) -> u8 {
        self.useful
    }

    /// What this page says by itself: all 82 octets decoded, carriage returns at the end dropped.
    pub fn decode(&self, alphabet: Alphabet) -> String {
        let mut text = match alphabet {
            Alphabet::Gsm7 => gsm7::decode(&gsm7::unpack(&self.octets)),
            Alphabet::Ucs2 => ucs2::decode(&self.octets),
        };
        text.truncate(text.trim_end_matches('\r').len());
        text
    }
}

/// The pages of one message: 1 to 15 under one data coding scheme.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pages {
    dcs: Dcs,
    units: usize,
    list: Vec<Page>,
}

impl Pages {
    /// Pages that came from elsewhere, such as the parameters of an order; the count of units is read back from them.
    pub fn read(dcs: u8, pages: Vec<Page>) -> Result<Pages, Vec<Fault>> {
        let mut faults = Vec::new();
        let known = Dcs::from_octet(dcs);
        if known.is_none() {
            faults.push(Fault::error(
                "cbs.pages.dcs",
                "dcs",
                format!("0x{dcs:02X} is not a data coding scheme that is sent: 0x01, 0x0F or 0x48"),
            ));
        }
        if !(1..=MAX_PAGES).contains(&pages.len()) {
            faults.push(Fault::error(
                "cbs.pages.count",
                "pages",
                format!("{} pages: a message has 1 to {MAX_PAGES}", pages.len()),
            ));
        }
        match known {
            Some(dcs) if faults.is_empty() => {
                let units = pages.iter().map(|page| units_of(page, dcs.alphabet())).sum();
                Ok(Pages { dcs, units, list: pages })
            }
            Some(_) | None => Err(faults),
        }
    }

    /// For lay.rs, which counts while it cuts.
    pub(super) fn laid(dcs: Dcs, units: usize, pages: Vec<Page>) -> Pages {
        Pages { dcs, units, list: pages }
    }

    /// The data coding scheme.
    pub const fn dcs(&self) -> Dcs {
        self.dcs
    }

    /// The alphabet.
    pub const fn alphabet(&self) -> Alphabet {
        self.dcs.alphabet()
    }

    /// Units of text, padding not counted: septets or UCS-2 characters.
    pub const fn units(&self) -> usize {
        self.units
    }

    /// The pages in their order.
    pub fn pages(&self) -> &[Page] {
        &self.list
    }

    /// SHA-256 over each page's 82 octets followed by one octet of useful length.
    pub fn sha256(&self) -> Digest {
        let mut bytes = Vec::with_capacity(self.list.len() * (OCTETS + 1));
        for page in &self.list {
            bytes.extend_from_slice(&page.octets);
            bytes.push(page.useful);
        }
        Digest::of(&bytes)
    }

    /// What a phone shows: each page decoded alone, one after the other.
    pub fn decode(&self) -> String {
        self.list.iter().map(|page| page.decode(self.alphabet())).collect()
    }
}

/// Units of text of a page: what is left when the carriage returns at its end are gone.
fn units_of(page: &Page, alphabet: Alphabet) -> usize {
    match alphabet {
        Alphabet::Gsm7 => {
            let septets = gsm7::unpack(&page.octets);
            septets.iter().rposition(|s| *s != gsm7::CR).map_or(0, |last| last + 1)
        }
        Alphabet::Ucs2 => page.decode(alphabet).encode_utf16().count(),
    }
}
