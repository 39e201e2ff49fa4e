//! UCS-2: one character of the basic multilingual plane in two octets, the high one first (TS 23.038, 6.2.3). Knows no page.

/// A character as one unit; `None` beyond the basic multilingual plane.
pub fn unit(c: char) -> Option<u16> {
    u16::try_from(u32::from(c)).ok()
}

/// The text of octets, two by two. A lone surrogate, which no lawful page holds, is shown as U+FFFD; an odd last octet is
/// left aside.
pub fn decode(octets: &[u8]) -> String {
    let units = octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
