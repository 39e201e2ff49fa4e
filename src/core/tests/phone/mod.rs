//! A phone's decoder, written from TS 23.038 and TS 23.041 alone: shares no table and no line with the encoder it judges.

#![expect(clippy::expect_used, reason = "a test whose input is broken must fail")]

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

/// The text a phone shows for pages of one message: each page alone, carriage returns at its end dropped.
pub(crate) fn read(dcs: u8, pages: &[[u8; 82]]) -> String {
    pages.iter().map(|page| read_page(dcs, page)).collect()
}

fn read_page(dcs: u8, page: &[u8; 82]) -> String {
    let text = match dcs {
        0x00..=0x0F => septets_to_text(page),
        0x48 => {
            let mut text = String::new();
            for i in 0..41 {
                let unit = u32::from(page[2 * i]) * 256 + u32::from(page[2 * i + 1]);
                text.push(char::from_u32(unit).expect("no surrogates on a page"));
            }
            text
        }
        other => panic!("a phone makes nothing sure of DCS {other:#04x}"),
    };
    text.trim_end_matches('\r').to_owned()
}

/// 93 septets of 82 octets, bit by bit.
fn septets_to_text(page: &[u8; 82]) -> String {
    let bit = |n: usize| page[n / 8] >> (n % 8) & 1;
    let mut text = String::new();
    let mut escaped = false;
    for septet in 0..93 {
        let code = (0..7).fold(0_usize, |code, b| code | usize::from(bit(septet * 7 + b)) << b);
        let printed = PRINTED[code % 16].chars().nth(code / 16).expect("eight columns");
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
            (false, _) => printed,
        };
        escaped = c == '\u{F}';
        if !escaped {
            text.push(c);
        }
    }
    assert!(!escaped, "a page ends in an escape");
    text
}
