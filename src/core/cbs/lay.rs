//! From a clean text to pages: the cheapest alphabet that has all its characters, the data coding scheme, the cuts.

use super::gsm7::{self, Code};
use super::page::{Alphabet, Dcs, MAX_PAGES, OCTETS, Page, Pages, SEPTETS};
use super::rules::Rules;
use super::text::Clean;
use super::ucs2;
use crate::fault::Fault;

/// A text in pages, and what became of it on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// The pages.
    pub pages: Pages,
    /// The text they carry, every change made: what `pages.decode()` says.
    pub text: String,
    /// What was changed, as warnings.
    pub changes: Vec<Fault>,
}

/// A text as given, in pages. `language` is the code of its one language, or `mul` (ISO 639-2) for several; only the data
/// coding scheme depends on it. For the changes see `Clean::parse` and `lay`.
pub fn encode_text(text: &str, language: &str, rules: &Rules) -> Result<Laid, Vec<Fault>> {
    lay(&Clean::parse(text, rules)?, language).map_err(|fault| vec![fault])
}

/// A clean text in pages; the fault says by how many units it is too long.
pub fn lay(clean: &Clean, language: &str) -> Result<Laid, Fault> {
    let mut changes = clean.changes().to_vec();
    let given = clean.as_str();
    let (text, codes) = match codes(given) {
        Some(codes) => (given.to_owned(), Some(codes)),
        None => match plain(given).and_then(|plain| codes(&plain).map(|codes| (plain, codes))) {
            Some((plain, codes)) => {
                changes.push(Fault::warning(
                    "cbs.text.changed.plain",
                    "text",
                    "typographic dashes or dots became plain ones, so that the text fits GSM-7",
                ));
                (plain, Some(codes))
            }
            None => (given.to_owned(), None),
        },
    };
    let pages = match codes {
        Some(codes) => gsm7_pages(&codes, if is_english(language) { Dcs::English } else { Dcs::Gsm7 })?,
        None => ucs2_pages(&text)?,
    };
    Ok(Laid { pages, text, changes })
}

fn is_english(language: &str) -> bool {
    language.split(['-', '_']).next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}

/// The GSM-7 codes of a text; `None` at the first character without one.
fn codes(text: &str) -> Option<Vec<Code>> {
    text.chars().map(gsm7::code).collect()
}

/// The text with typographic dashes and dots written plainly; `None` if it has none.
fn plain(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .flat_map(|c| {
            let (one, rest) = match c {
                '‐' | '\u{2011}' | '‒' | '–' | '—' | '−' => ('-', ""),
                '…' => ('.', ".."),
                c => (c, ""),
            };
            std::iter::once(one).chain(rest.chars())
        })
        .collect();
    (plain != text).then_some(plain)
}

/// 93 septets a page; an escape at the 93rd place moves to the next page with what it escapes.
fn gsm7_pages(codes: &[Code], dcs: Dcs) -> Result<Pages, Fault> {
    let units = codes.iter().map(|code| code.septets()).sum();
    let mut pages = Vec::with_capacity(MAX_PAGES);
    let mut page: Vec<u8> = Vec::with_capacity(SEPTETS);
    let mut placed = 0;
    for code in codes {
        if page.len() + code.septets() > SEPTETS {
            if pages.len() + 1 == MAX_PAGES {
                return Err(too_long(Alphabet::Gsm7, units, placed));
            }
            pages.push(septet_page(&mut page));
        }
        match code {
            Code::One(septet) => page.push(*septet),
            Code::Escaped(septet) => page.extend([gsm7::ESCAPE, *septet]),
        }
        placed += code.septets();
    }
    pages.push(septet_page(&mut page));
    Ok(Pages::laid(dcs, units, pages))
}

/// Padded with carriage returns to all 93 septets, so that no spare septet reads as "@". Leaves `septets` empty.
fn septet_page(septets: &mut Vec<u8>) -> Page {
    let useful = (septets.len() * 7).div_ceil(8);
    septets.resize(SEPTETS, gsm7::CR);
    let page = Page::laid(&gsm7::pack(septets), useful);
    septets.clear();
    page
}

/// 41 characters a page, padded with U+000D.
fn ucs2_pages(text: &str) -> Result<Pages, Fault> {
    let mut octets = Vec::with_capacity(text.len());
    for c in text.chars() {
        octets.extend(ucs2::unit(c).ok_or_else(|| beyond(c))?.to_be_bytes());
    }
    let units = octets.len() / 2;
    if units > Alphabet::Ucs2.limit() {
        return Err(too_long(Alphabet::Ucs2, units, Alphabet::Ucs2.limit()));
    }
    let pages = octets.chunks(OCTETS).map(|part| {
        let padding = [0, gsm7::CR].into_iter().cycle();
        let octets: Vec<u8> = part.iter().copied().chain(padding).take(OCTETS).collect();
        Page::laid(&octets, part.len())
    });
    Ok(Pages::laid(Dcs::Ucs2, units, pages.collect()))
}

/// A clean text has none; said rather than dropped should one get here.
fn beyond(c: char) -> Fault {
    let message = format!("U+{:04X} is beyond the basic multilingual plane", u32::from(c));
    Fault::error("cbs.text.beyond_bmp", "text", message)
}

fn too_long(alphabet: Alphabet, units: usize, placed: usize) -> Fault {
    let name = match alphabet {
        Alphabet::Gsm7 => "septets in GSM-7",
        Alphabet::Ucs2 => "characters in UCS-2",
    };
    Fault::error(
        "cbs.pages.too_long",
        "text",
        format!("{units} {name}: {} more than {MAX_PAGES} pages take of it", units - placed),
    )
}
