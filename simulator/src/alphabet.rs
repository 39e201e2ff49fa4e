//! From octets of one page to characters: the GSM 7-bit default alphabet with its extension table, and UCS-2 (TS 23.038).

/// The GSM 7 bit default alphabet (TS 23.038, 6.2.1), position 0x1B standing for the escape.
const DEFAULT: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', 'Δ', '_', 'Φ', 'Γ',
    'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{1b}', 'Æ', 'æ', 'ß', 'É', ' ', '!', '"', '#', '¤', '%', '&', '\'',
    '(', ')', '*', '+', ',', '-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<',
    '=', '>', '?', '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'a', 'b', 'c', 'd', 'e', 'f',
    'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä',
    'ö', 'ñ', 'ü', 'à',
];

const ESCAPE: u8 = 0x1B;

/// Why a page cannot be read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// 0x1B with nothing behind it: the character was split over two pages.
    #[error("the page ends inside an escape sequence")]
    SplitEscape,
    /// A surrogate without its other half: the character was split, or is not one.
    #[error("the page holds half a surrogate pair")]
    HalfSurrogate,
    /// UCS-2 needs two octets a character.
    #[error("the page holds an odd number of octets in UCS-2")]
    OddOctets,
    /// 8-bit data is shown in the default alphabet, which has 128 positions.
    #[error("the page holds an octet over 127 in 8-bit data")]
    HighOctet,
    /// The DCS names compression or another scheme that phones do not show.
    #[error("the data coding scheme {0:#04x} is none that phones show as text")]
    Coding(u8),
    /// A frame is shorter or other than its header says.
    #[error("the frame is not laid out as TS 23.041 says")]
    Frame,
}

/// The text of packed septets; carriage returns at the end are padding.
pub(crate) fn gsm7(octets: &[u8]) -> Result<String, Unreadable> {
    characters(unpack(octets))
}

/// The text of septets that lie an octet each, as phones read 8-bit data.
pub(crate) fn gsm8(octets: &[u8]) -> Result<String, Unreadable> {
    if octets.iter().any(|&octet| octet > 0x7F) {
        return Err(Unreadable::HighOctet);
    }
    characters(octets.to_vec())
}

fn characters(mut septets: Vec<u8>) -> Result<String, Unreadable> {
    while septets.last() == Some(&0x0D) {
        septets.pop();
    }
    let (mut text, mut rest) = (String::new(), septets.into_iter());
    while let Some(septet) = rest.next() {
        if septet == ESCAPE {
            text.push(extended(rest.next().ok_or(Unreadable::SplitEscape)?));
        } else {
            text.push(DEFAULT[usize::from(septet & 0x7F)]);
        }
    }
    Ok(text)
}

/// The text of big-endian 16-bit units; carriage returns at the end are padding, a byte order mark at the head is obeyed.
pub(crate) fn ucs2(octets: &[u8]) -> Result<String, Unreadable> {
    if !octets.len().is_multiple_of(2) {
        return Err(Unreadable::OddOctets);
    }
    let units = octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let units: Vec<u16> = match units.clone().next() {
        Some(0xFEFF) => units.skip(1).collect(),
        Some(0xFFFE) => units.skip(1).map(u16::swap_bytes).collect(),
        _ => units.collect(),
    };
    let text: String =
        char::decode_utf16(units).collect::<Result<_, _>>().map_err(|_| Unreadable::HalfSurrogate)?;
    Ok(text.trim_end_matches('\r').to_owned())
}

/// The septet of a character of the default alphabet itself.
pub(crate) fn septet(c: char) -> Option<u8> {
    let at = DEFAULT.iter().position(|known| *known == c && c != char::from(ESCAPE))?;
    u8::try_from(at).ok()
}

/// Septet k lies in bits 7k to 7k + 6, counted from the low end (TS 23.038, 6.1.2.2).
fn unpack(octets: &[u8]) -> Vec<u8> {
    (0..octets.len() * 8 / 7)
        .map(|k| {
            let (octet, shift) = (k * 7 / 8, k * 7 % 8);
            let low = u16::from(octets[octet]);
            let high = octets.get(octet + 1).copied().map_or(0, u16::from);
            u8::try_from(((high << 8 | low) >> shift) & 0x7F).unwrap_or(0)
        })
        .collect()
}

/// The extension table (TS 23.038, 6.2.1.1): what it does not hold is shown from the default alphabet.
fn extended(septet: u8) -> char {
    match septet {
        0x0A => '\u{c}',
        0x14 => '^',
        0x1B => ' ',
        0x28 => '{',
        0x29 => '}',
        0x2F => '\\',
        0x3C => '[',
        0x3D => '~',
        0x3E => ']',
        0x40 => '|',
        0x65 => '€',
        other => DEFAULT[usize::from(other & 0x7F)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> =
            hex.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    fn check(decode: fn(&[u8]) -> Result<String, Unreadable>, hex: &str, expected: Result<&str, Unreadable>) {
        assert_eq!(decode(&octets(hex)), expected.map(str::to_owned), "{hex}");
    }

    #[test]
    fn reads_septets() {
        check(gsm7, "E8329BFD4697D9EC37", Ok("hellohello"));
        check(gsm7, "", Ok(""));
        // 31 D9 8C 56 B3 DD 70 = "1234567" and a spare septet of zero bits would be an "@"; CR there is padding.
        check(gsm7, "31D98C56B3DD00", Ok("1234567@"));
        check(gsm7, "31D98C56B3DD1A", Ok("1234567"));
        check(gsm7, "82ED17FC07", Ok("$Ä§¿à"));
        // The extension table; 1B 1B is a space, and 1B 41 has no entry, hence "A".
        check(gsm7, "9B3200", Ok("€@"));
        check(gsm7, "1BDEC61704", Ok("[]A"));
        check(gsm7, "9B4DB001", Ok(" A"));
        check(gsm7, "9BE086B2416D529BD7A6B70102", Ok("A^{}\\~|"));
    }

    #[test]
    fn tells_a_split_escape() {
        // 0D 1B: padding in front, an escape at the end of the page.
        check(gsm7, "8D0D", Err(Unreadable::SplitEscape));
    }

    #[test]
    fn reads_octets() {
        check(gsm8, "47534D20382D6269740D0D", Ok("GSM 8-bit"));
        check(gsm8, "1B65001B", Err(Unreadable::SplitEscape));
        check(gsm8, "1B6500", Ok("€@"));
        check(gsm8, "4180", Err(Unreadable::HighOctet));
    }

    #[test]
    fn reads_units() {
        check(ucs2, "0633064A0644", Ok("سيل"));
        check(ucs2, "0633064A0644000D000D", Ok("سيل"));
        check(ucs2, "FEFF0041", Ok("A"));
        check(ucs2, "FFFE41000D00", Ok("A"));
        check(ucs2, "092C093E0922", Ok("बाढ"));
        check(ucs2, "D83DDEA8", Ok("🚨"));
        check(ucs2, "0041D83D", Err(Unreadable::HalfSurrogate));
        check(ucs2, "DEA80041", Err(Unreadable::HalfSurrogate));
        check(ucs2, "004100", Err(Unreadable::OddOctets));
    }
}
