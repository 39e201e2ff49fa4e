//! One page of a message: 82 octets and how many of them are text, as an order writes it, and the hash over all.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Octets of text in a page (TS 23.041, 9.4.1.2).
pub(crate) const PAGE_OCTETS: usize = 82;
/// A message has at most 15 pages: the page parameter counts in four bits (TS 23.041, 9.4.1.2.4).
pub(crate) const MOST_PAGES: usize = 15;

/// One page of a message as the order brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// The whole field, padding included.
    pub(crate) octets: [u8; PAGE_OCTETS],
    /// How many of them are text, 1 to 82.
    pub(crate) useful: u8,
}

impl Page {
    /// `<164 hex digits> <useful length>`.
    pub(crate) fn parse(value: &str) -> Option<Page> {
        let (hex, useful) = value.split_once(' ')?;
        let useful: u8 = useful.trim().parse().ok()?;
        let is_page = useful >= 1 && usize::from(useful) <= PAGE_OCTETS;
        is_page.then_some(Page { octets: octets(hex)?, useful })
    }
}

/// SHA-256 in lower-case hex over, for each page, its octets and then one octet of useful length.
pub(crate) fn hash(pages: &[Page]) -> String {
    let mut digest = Sha256::new();
    for page in pages {
        digest.update(page.octets);
        digest.update([page.useful]);
    }
    hex(&digest.finalize())
}

/// Two lower-case digits an octet.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut hex, octet| {
        let _ = write!(hex, "{octet:02x}");
        hex
    })
}

fn octets(hex: &str) -> Option<[u8; PAGE_OCTETS]> {
    let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = hex.chars().map(digit).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let octets: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { octets.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_164_digits_and_a_length() {
        let digits = "0A".repeat(82);
        let rows = [
            (format!("{digits} 82"), Some(82)),
            (format!("{} 1", digits.to_lowercase()), Some(1)),
            (format!("{digits} 0"), None),
            (format!("{digits} 83"), None),
            (format!("{digits} -1"), None),
            (digits.clone(), None),
            (format!("{digits}0 82"), None),
            (format!("{digits}00 82"), None),
            (format!("{} 82", &digits[2..]), None),
            (format!("{} 82", digits.replace('A', "g")), None),
            (String::new(), None),
        ];
        for (value, useful) in rows {
            assert_eq!(Page::parse(&value).map(|page| page.useful), useful, "{value}");
        }
    }

    #[test]
    fn hashes_octets_and_lengths() {
        assert_eq!(hash(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let page = |useful| Page { octets: [0; PAGE_OCTETS], useful };
        // 82 zero octets and 0x52, then 82 zero octets and 0x02; both sums are those of another implementation.
        assert_eq!(
            hash(&[page(82), page(2)]),
            "ec989859b096a361fc1c65692ca2733e693c2baa0929d783b33dd8a54eac71c8"
        );
    }
}
