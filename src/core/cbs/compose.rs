//! Canonical composition (Unicode NFC) of the pairs that the languages of the house need; other scripts stay as written.
//!
//! Adjacent pairs only: marks are not reordered. It saves units, and one spelling has one body on a phone's second SIM.

/// (letter, mark, composed), from the Unicode Character Database's canonical decompositions.
const PAIRS: [(char, char, char); 69] = [
    // Arabic, Urdu, Farsi: all eight compositions of the Arabic block.
    ('\u{0627}', '\u{0653}', '\u{0622}'),
    ('\u{0627}', '\u{0654}', '\u{0623}'),
    ('\u{0648}', '\u{0654}', '\u{0624}'),
    ('\u{0627}', '\u{0655}', '\u{0625}'),
    ('\u{064A}', '\u{0654}', '\u{0626}'),
    ('\u{06D5}', '\u{0654}', '\u{06C0}'),
    ('\u{06C1}', '\u{0654}', '\u{06C2}'),
    ('\u{06D2}', '\u{0654}', '\u{06D3}'),
    // Devanagari, Bengali, Malayalam: those that NFC composes.
    ('\u{0928}', '\u{093C}', '\u{0929}'),
    ('\u{0930}', '\u{093C}', '\u{0931}'),
    ('\u{0933}', '\u{093C}', '\u{0934}'),
    ('\u{09C7}', '\u{09BE}', '\u{09CB}'),
    ('\u{09C7}', '\u{09D7}', '\u{09CC}'),
    ('\u{0D46}', '\u{0D3E}', '\u{0D4A}'),
    ('\u{0D47}', '\u{0D3E}', '\u{0D4B}'),
    ('\u{0D46}', '\u{0D57}', '\u{0D4C}'),
    // Latin-1.
    ('A', '\u{0300}', 'À'),
    ('A', '\u{0301}', 'Á'),
    ('A', '\u{0302}', 'Â'),
    ('A', '\u{0303}', 'Ã'),
    ('A', '\u{0308}', 'Ä'),
    ('A', '\u{030A}', 'Å'),
    ('C', '\u{0327}', 'Ç'),
    ('E', '\u{0300}', 'È'),
    ('E', '\u{0301}', 'É'),
    ('E', '\u{0302}', 'Ê'),
    ('E', '\u{0308}', 'Ë'),
    ('I', '\u{0300}', 'Ì'),
    ('I', '\u{0301}', 'Í'),
    ('I', '\u{0302}', 'Î'),
    ('I', '\u{0308}', 'Ï'),
    ('N', '\u{0303}', 'Ñ'),
    ('O', '\u{0300}', 'Ò'),
    ('O', '\u{0301}', 'Ó'),
    ('O', '\u{0302}', 'Ô'),
    ('O', '\u{0303}', 'Õ'),
    ('O', '\u{0308}', 'Ö'),
    ('U', '\u{0300}', 'Ù'),
    ('U', '\u{0301}', 'Ú'),
    ('U', '\u{0302}', 'Û'),
    ('U', '\u{0308}', 'Ü'),
    ('Y', '\u{0301}', 'Ý'),
    ('a', '\u{0300}', 'à'),
    ('a', '\u{0301}', 'á'),
    ('a', '\u{0302}', 'â'),
    ('a', '\u{0303}', 'ã'),
    ('a', '\u{0308}', 'ä'),
    ('a', '\u{030A}', 'å'),
    ('c', '\u{0327}', 'ç'),
    ('e', '\u{0300}', 'è'),
    ('e', '\u{0301}', 'é'),
    ('e', '\u{0302}', 'ê'),
    ('e', '\u{0308}', 'ë'),
    ('i', '\u{0300}', 'ì'),
    ('i', '\u{0301}', 'í'),
    ('i', '\u{0302}', 'î'),
    ('i', '\u{0308}', 'ï'),
    ('n', '\u{0303}', 'ñ'),
    ('o', '\u{0300}', 'ò'),
    ('o', '\u{0301}', 'ó'),
    ('o', '\u{0302}', 'ô'),
    ('o', '\u{0303}', 'õ'),
    ('o', '\u{0308}', 'ö'),
    ('u', '\u{0300}', 'ù'),
    ('u', '\u{0301}', 'ú'),
    ('u', '\u{0302}', 'û'),
    ('u', '\u{0308}', 'ü'),
    ('y', '\u{0301}', 'ý'),
    ('y', '\u{0308}', 'ÿ'),
];

/// The composed letter of a letter and the mark after it, if there is one.
pub(super) fn compose(letter: char, mark: char) -> Option<char> {
    // Nothing below U+0300 is a mark: most texts never search the table.
    if mark < '\u{0300}' {
        return None;
    }
    PAIRS.iter().find(|(l, m, _)| *l == letter && *m == mark).map(|(_, _, composed)| *composed)
}
