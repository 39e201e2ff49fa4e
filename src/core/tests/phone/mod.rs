//! A phone's decoder, written from TS 23.038 and TS 23.041 alone: shares no table and no line with the encoder it judges.

#![expect(clippy::expect_used, reason = "a test whose input is broken must fail")]

use std::sync::LazyLock;

/// TS 23.038, 6.2.1, as it is printed: a row is b4-b1, a column b7-b5. `\u{F}` stands for the escape.
const PRINTED: [&str; 16] = [
    "@Δ 0¡P¿p",
    "£_!1AQaq",
    "$Φ\"2BRbr",
    "¥Γ#3CScs",
    "èΛ¤4DTdt",
    "éΩ%5EUeu",
    "ùΠ&6FVfv",
    "ìΨ'7GWgw",
    "òΣ(8HXhx",
    "ÇΘ)9IYiy",
    "\nΞ*:JZjz",
    "Ø\u{F}+;KÄkä",
    "øÆ,<LÖlö",
    "\ræ-=MÑmñ",
    "Åß.>NÜnü",
    "åÉ/?O§oà",
];

/// The same by code: column after column.
static TABLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let rows: Vec<Vec<char>> = PRINTED.iter().map(|row| row.chars().collect()).collect();
    (0..128).map(|code| rows[code % 16][code / 16]).collect()
});

/// What a phone on 2G shows for the pages of one message: each page alone and whole, carriage returns at its end dropped.
pub(crate) fn on_2g(dcs: u8, pages: &[[u8; 82]]) -> String {
    pages.iter().map(|page| page_to_text(dcs, page)).collect()
}

/// What a phone on 4G or 5G shows for CB data: of each page as many octets as its useful length says.
pub(crate) fn on_4g(dcs: u8, data: &[u8]) -> String {
    assert_eq!(data.len(), 1 + 83 * usize::from(data[0]));
    data[1..].chunks(83).map(|page| page_to_text(dcs, &page[..usize::from(page[82])])).collect()
}

fn page_to_text(dcs: u8, octets: &[u8]) -> String {
    let text = match dcs {
        0x00..=0x0F => septets_to_text(octets),
        0x48 => octets
            .chunks(2)
            .map(|pair| char::from_u32(u32::from(pair[0]) * 256 + u32::from(pair[1])).expect("no surrogates"))
            .collect(),
        other => panic!("a phone makes nothing sure of DCS {other:#04x}"),
    };
    text.trim_end_matches('\r').to_owned()
}

/// As many septets as there are in the octets, bit by bit.
fn septets_to_text(octets: &[u8]) -> String {
    let bit = |n: usize| octets[n / 8] >> (n % 8) & 1;
    let mut text = String::new();
    let mut escaped = false;
    for septet in 0..octets.len() * 8 / 7 {
        let code = (0..7).fold(0_usize, |code, b| code | usize::from(bit(septet * 7 + b)) << b);
        let c = match (escaped, code) {
            (true, 0x14) => '^',
            (true, 0x28) => '{',
            (true, 0x29) => '}',
            (true, 0x2F) => '\\',
            (true, 0x3C) => '[',
            (true, 0x3D) => '~',
            (true, 0x3E) => ']',
            (true, 0x40) => '|',
            (true, 0x65) => '€',
            (true, _) => panic!("an escape before {code:#04x}"),
            (false, _) => TABLE[code],
        };
        escaped = c == '\u{F}';
        if !escaped {
            text.push(c);
        }
    }
    assert!(!escaped, "a page ends in an escape");
    text
}
