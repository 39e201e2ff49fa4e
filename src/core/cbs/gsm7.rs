//! The GSM 7 bit default alphabet with its extension table (TS 23.038, 6.2.1), and septets in octets (6.1.2). Knows no page.

/// The escape to the extension table.
pub const ESCAPE: u8 = 0x1B;
/// Carriage return: the padding of a page.
pub const CR: u8 = 0x0D;

/// TS 23.038, 6.2.1: the character of each septet. At 0x1B stands the escape, which is no character: a no-break space,
/// as phones show one that is followed by nothing they know.
const DEFAULT: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', //
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{A0}', 'Æ', 'æ', 'ß', 'É', //
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', //
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', //
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', //
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', //
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', //
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// TS 23.038, 6.2.1.1: what follows an escape. The page break 0x0A is left out: it is a control and never sent.
const EXTENSION: [(u8, char); 9] = [
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// How a character is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// In one septet.
    One(u8),
    /// In two: the escape and this one. They are never parted.
    Escaped(u8),
}

impl Code {
    /// Septets: 1 or 2.
    pub const fn septets(self) -> usize {
        match self {
            Code::One(_) => 1,
            Code::Escaped(_) => 2,
        }
    }
}

/// No code, in the table of the ASCII half.
const ABSENT: u8 = 0xFF;

/// Septets of U+0000 to U+007F, turned round once at compile time; most texts stay in this half.
const ASCII: [u8; 128] = {
    let mut table = [ABSENT; 128];
    let mut septet: u8 = 0;
    while septet < 128 {
        let c = DEFAULT[septet as usize] as u32;
        if c < 128 {
            table[c as usize] = septet;
        }
        septet += 1;
    }
    table
};

/// The code of a character; `None` if the alphabet has none.
pub fn code(c: char) -> Option<Code> {
    if let Ok(ascii) = u8::try_from(c)
        && ascii < 128
        && ASCII[usize::from(ascii)] != ABSENT
    {
        return Some(Code::One(ASCII[usize::from(ascii)]));
    }
    if let Some((septet, _)) = EXTENSION.iter().find(|(_, known)| *known == c) {
        return Some(Code::Escaped(*septet));
    }
    // The no-break space stands in for the escape and cannot be written.
    if c.is_ascii() || c == '\u{A0}' {
        return None;
    }
    DEFAULT.iter().position(|known| *known == c).and_then(|at| u8::try_from(at).ok()).map(Code::One)
}

/// Septets in octets, the first in the lowest bits; unused bits of the last octet are 0.
pub fn pack(septets: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity((septets.len() * 7).div_ceil(8));
    let (mut held, mut bits) = (0_u16, 0_u32);
    for septet in septets {
        held |= u16::from(septet & 0x7F) << bits;
        bits += 7;
        if bits >= 8 {
            octets.push(held.to_le_bytes()[0]);
            held >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        octets.push(held.to_le_bytes()[0]);
    }
    octets
}

/// As many septets as the octets hold, the spare bits of the last octet left aside: 82 octets hold 93.
pub fn unpack(octets: &[u8]) -> Vec<u8> {
    let mut septets = Vec::with_capacity(octets.len() * 8 / 7);
    let (mut held, mut bits) = (0_u16, 0_u32);
    for octet in octets {
        held |= u16::from(*octet) << bits;
        bits += 8;
        while bits >= 7 {
            septets.push(held.to_le_bytes()[0] & 0x7F);
            held >>= 7;
            bits -= 7;
        }
    }
    septets
}

/// The text of septets. An escape before a septet that the extension table lacks falls back to the default table (6.2.1.1).
pub fn decode(septets: &[u8]) -> String {
    let mut text = String::with_capacity(septets.len());
    let mut escaped = false;
    for septet in septets {
        let septet = septet & 0x7F;
        if septet == ESCAPE && !escaped {
            escaped = true;
            continue;
        }
        let known = EXTENSION.iter().find(|(code, _)| escaped && *code == septet).map(|(_, c)| *c);
        text.push(known.unwrap_or(DEFAULT[usize::from(septet)]));
        escaped = false;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_both_tables_comes_back() {
        for septet in (0..128).filter(|s| *s != ESCAPE) {
            let c = DEFAULT[usize::from(septet)];
            assert_eq!(code(c), Some(Code::One(septet)), "{c:?}");
            assert_eq!(decode(&[septet]), c.to_string());
        }
        for (septet, c) in EXTENSION {
            assert_eq!(code(c), Some(Code::Escaped(septet)));
            assert_eq!(decode(&[ESCAPE, septet]), c.to_string());
        }
    }

    #[test]
    fn what_is_in_neither_table_has_no_code() {
        for c in ['`', '\t', '\u{1B}', '\u{A0}', 'ç', '‘', 'ع', '\u{0}', '\u{FFFD}'] {
            assert_eq!(code(c), None, "{c:?}");
        }
    }

    #[test]
    fn septets_come_back_from_octets() {
        for n in 0..200_u8 {
            let septets: Vec<u8> = (0..n).map(|i| i.wrapping_mul(37) & 0x7F).collect();
            let octets = pack(&septets);
            assert_eq!(octets.len(), (septets.len() * 7).div_ceil(8));
            assert_eq!(&unpack(&octets)[..septets.len()], septets);
        }
    }
}
