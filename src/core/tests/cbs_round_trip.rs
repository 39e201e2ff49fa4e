//! 100,000 generated texts in nine languages and mixed: what the encoder writes, a phone that knows only the standard reads.
//! `NADHIR_ROUND_TRIPS=1000000` makes it a million.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

mod phone;

use nadhir_core::cbs::{Alphabet, Rules, encode_text, wire};

/// Letters and marks each language is made of. Marks that compose with a letter before them are left out, and no two vowel marks
/// follow each other, whose order NFC may change: every text must come back exactly as it went in.
const LANGUAGES: [(&str, &str); 10] = [
    ("ar", "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئًٌٍَُِّْ،؛؟0123456789:"),
    ("en", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?'\"()-/@#%&*+=<>_"),
    ("hi", "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािीुूेैोौं्।0123456789"),
    ("ur", "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےآأؤئ۔،0123456789\u{200C}"),
    ("bn", "অআইঈউঊএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহিীুূেৈৌোংঃ্।0123456789"),
    ("ml", "അആഇഈഉഊഎഏഐഒകഖഗഘചഛജടഡണതഥദധനപഫബഭമയരലവശഷസഹളഴറിീുൂെേൈൊോംൻർൽൾ്0123456789\u{200D}"),
    ("fa", "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءآئ،؛؟0123456789\u{200C}"),
    ("tl", "abcdefghijklmnñopqrstuvwxyzABDEGHIKLMNÑOPRSTUWY0123456789.,:!?-"),
    ("sw", "abcdefghijklmnoprstuvwyzABCDEFGHIJKLMNOPRSTUVWYZ0123456789.,:!?'"),
    // Every second character costs two septets: escapes fall on every place of a page.
    ("en", "^{}\\~|[]€aeiou€[]{}ÄÖÑÜäöñüàèéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¡¿§¤£¥$@"),
];

/// SplitMix64 (Steele, Lea, Flood 2014): a fixed seed makes the same texts for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    /// Words of one language and single separators between, never one at the end.
    fn text(&mut self, letters: &[char], characters: usize) -> String {
        let mut text = String::with_capacity(characters * 3);
        let mut since_gap = 0;
        for i in 0..characters {
            since_gap += 1;
            if since_gap > 1 && i + 1 < characters && self.roll(6) == 0 {
                text.push(if self.roll(8) == 0 { '\n' } else { ' ' });
                since_gap = 0;
            } else {
                let mark = |c: char| ('\u{64B}'..='\u{652}').contains(&c);
                let mut letter = letters[self.roll(letters.len())];
                while mark(letter) && text.ends_with(mark) {
                    letter = letters[self.roll(letters.len())];
                }
                text.push(letter);
            }
        }
        text
    }
}

#[expect(clippy::disallowed_methods, reason = "the length of this test is its runner's choice")]
fn round_trips() -> usize {
    std::env::var("NADHIR_ROUND_TRIPS").map_or(100_000, |n| n.parse().unwrap())
}

#[test]
fn every_generated_text_is_read_as_it_was_written() {
    let letters: Vec<Vec<char>> = LANGUAGES.iter().map(|(_, l)| l.chars().collect()).collect();
    let mut dice = Dice(0x4E41_4448_4952);
    let (mut fitted, mut refused, mut tappable, mut paged) = (0, 0, 0, [0_usize; 16]);
    let rules = Rules::default();
    for i in 0..round_trips() {
        // Most are short, for speed; one in fifty runs up to and over fifteen pages.
        let most = if i % 50 == 0 { 1_450 } else { 60 };
        let length = 1 + dice.roll(most);
        let (language, text) = if i % 11 == 10 {
            let mut parts = Vec::new();
            for _ in 0..4 {
                let language = dice.roll(LANGUAGES.len());
                parts.push(dice.text(&letters[language], length / 4 + 1));
            }
            ("mul", parts.join("\n\n"))
        } else {
            let at = i % LANGUAGES.len();
            (LANGUAGES[at].0, dice.text(&letters[at], length))
        };
        match encode_text(&text, language, &rules).map(|laid| laid.pages) {
            Ok(pages) => {
                let octets: Vec<[u8; 82]> = pages.pages().iter().map(|p| *p.octets()).collect();
                let dcs = pages.dcs().octet();
                assert_eq!(phone::on_2g(dcs, &octets), text, "text {i}, 2G");
                assert_eq!(phone::on_4g(dcs, &wire::cb_data(&pages)), text, "text {i}, 4G");
                assert_eq!(pages.decode(), text, "text {i}: the preview");
                fitted += 1;
                paged[octets.len()] += 1;
            }
            // Letters fall now and then into what reads as a link or a telephone number.
            Err(faults)
                if faults
                    .iter()
                    .all(|f| ["cbs.text.link", "cbs.text.telephone"].contains(&f.code.as_str())) =>
            {
                tappable += 1;
            }
            Err(faults) => {
                assert_eq!(faults.len(), 1, "text {i}: {faults:?}");
                assert_eq!(faults[0].code, "cbs.pages.too_long", "text {i}");
                assert!(text.chars().count() > Alphabet::Ucs2.limit(), "text {i} was refused and fits");
                refused += 1;
            }
        }
    }
    assert!(tappable * 100 < fitted, "{tappable} of {fitted} read as links or numbers");
    assert!(
        fitted > refused && refused > 0 && paged[1..].iter().all(|n| *n > 0),
        "every number of pages was met: {paged:?}"
    );
}
