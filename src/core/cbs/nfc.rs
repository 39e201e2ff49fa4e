//! Unicode's canonical composition, NFC (UAX #15), over the basic multilingual plane. Says which characters it changed.
//!
//! One spelling has one body, which a phone's second SIM compares, and a composed letter costs one unit. Hangul and the CJK
//! compatibility ideographs are left as written.

/// The character database's rows.
mod table;

use table::{BY_COMPOSED, MARKS, PAIRS, TAKEN_APART};

/// A character and its place in the text as given, from 1.
pub(super) type Placed = (char, usize);

/// Brings the characters to NFC, in place. Returns how many clusters changed, and the place of the first.
pub(super) fn compose(text: &mut Vec<Placed>) -> Option<(usize, usize)> {
    let first = text.iter().position(|(c, _)| is_special(*c))?;
    let rest = text.split_off(first.saturating_sub(1));
    let (mut changed, mut cluster) = (None, Vec::new());
    let mut ahead = rest.into_iter().peekable();
    while let Some(letter) = ahead.next() {
        cluster.clear();
        cluster.push(letter);
        while let Some(next) = ahead.next_if(|(c, _)| is_special(*c)) {
            cluster.push(next);
        }
        if cluster.len() > 1 || is_special(letter.0) {
            let normal = normal(&cluster);
            if !normal.iter().map(|(c, _)| c).eq(cluster.iter().map(|(c, _)| c)) {
                let (times, at) = changed.unwrap_or((0, letter.1));
                changed = Some((times + 1, at));
            }
            text.extend(normal);
        } else {
            text.push(letter);
        }
    }
    changed
}

/// One bit a character: whether it may change, or be changed by what stands before it. All others are left alone at once.
static SPECIAL: [u64; 1024] = {
    let mut bits = [0_u64; 1024];
    let mut i = 0;
    while i < MARKS.len() {
        let mut c = MARKS[i];
        while c <= MARKS[i + 1] {
            bits[c as usize / 64] |= 1 << (c % 64);
            c += 1;
        }
        i += 3;
    }
    i = 0;
    while i < TAKEN_APART.len() {
        bits[TAKEN_APART[i] as usize / 64] |= 1 << (TAKEN_APART[i] % 64);
        i += 3;
    }
    i = 0;
    while i < PAIRS.len() {
        bits[PAIRS[i] as usize / 64] |= 1 << (PAIRS[i] % 64);
        i += 3;
    }
    bits
};

fn is_special(c: char) -> bool {
    u16::try_from(c).is_ok_and(|c| SPECIAL[usize::from(c) / 64] >> (c % 64) & 1 == 1)
}

/// A cluster taken apart, its marks brought in order, put together again.
fn normal(cluster: &[Placed]) -> Vec<Placed> {
    let mut apart: Vec<(char, usize, u16)> = Vec::with_capacity(cluster.len() * 2);
    for (c, at) in cluster {
        take_apart(*c, *at, &mut apart);
    }
    // Each run of marks is sorted by class; a class of 0 moves nowhere and nothing moves over it.
    for run in apart.split_mut(|(_, _, class)| *class == 0) {
        run.sort_by_key(|(_, _, class)| *class);
    }
    let mut out: Vec<(char, usize, u16)> = Vec::with_capacity(apart.len());
    let mut starter: Option<usize> = None;
    for (c, at, class) in apart {
        let reached = match (starter, out.last()) {
            (Some(s), Some((_, _, before))) => s + 1 == out.len() || (*before != 0 && *before < class),
            _ => false,
        };
        let joined = starter.filter(|_| reached).and_then(|s| Some((s, composed(out[s].0, c)?)));
        if let Some((s, one)) = joined {
            out[s].0 = one;
        } else {
            if class == 0 {
                starter = Some(out.len());
            }
            out.push((c, at, class));
        }
    }
    out.into_iter().map(|(c, at, _)| (c, at)).collect()
}

fn take_apart(c: char, at: usize, apart: &mut Vec<(char, usize, u16)>) {
    let parts = u16::try_from(c).ok().and_then(decomposed);
    match parts {
        Some((first, second)) => {
            take_apart(first, at, apart);
            if let Some(second) = second {
                take_apart(second, at, apart);
            }
        }
        None => apart.push((c, at, class(c))),
    }
}

fn rows(table: &[u16]) -> &[[u16; 3]] {
    table.as_chunks().0
}

fn character(unit: u16) -> Option<char> {
    char::from_u32(u32::from(unit)).filter(|c| *c != '\0')
}

fn decomposed(c: u16) -> Option<(char, Option<char>)> {
    if let Ok(row) = rows(&TAKEN_APART).binary_search_by_key(&c, |row| row[0]) {
        let [_, first, second] = rows(&TAKEN_APART)[row];
        return Some((character(first)?, character(second)));
    }
    let pairs = rows(&PAIRS);
    let at = BY_COMPOSED.binary_search_by_key(&c, |row| pairs[usize::from(*row)][2]).ok()?;
    let [second, first, _] = pairs[usize::from(BY_COMPOSED[at])];
    Some((character(first)?, character(second)))
}

fn composed(letter: char, mark: char) -> Option<char> {
    let key = (u16::try_from(mark).ok()?, u16::try_from(letter).ok()?);
    let row = rows(&PAIRS).binary_search_by_key(&key, |[mark, letter, _]| (*mark, *letter)).ok()?;
    character(rows(&PAIRS)[row][2])
}

/// The canonical combining class: 0 for what stands by itself.
fn class(c: char) -> u16 {
    let Ok(c) = u16::try_from(c) else { return 0 };
    let after = rows(&MARKS).partition_point(|[first, ..]| *first <= c);
    let run = after.checked_sub(1).map(|at| rows(&MARKS)[at]);
    run.filter(|[_, last, _]| c <= *last).map_or(0, |[_, _, class]| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str, changed: Option<(usize, usize)>) {
        let mut placed: Vec<Placed> = text.chars().zip(1..).collect();
        assert_eq!(compose(&mut placed), changed, "{text:?}");
        assert_eq!(placed.iter().map(|(c, _)| c).collect::<String>(), want, "{text:?}");
    }

    #[test]
    fn letters_and_marks_have_one_spelling() {
        check("Flood 16:40", "Flood 16:40", None);
        check("man\u{303}ana", "mañana", Some((1, 3)));
        check("ا\u{653}ا\u{654}و\u{654}ا\u{655}ي\u{654}", "آأؤإئ", Some((5, 1)));
        // Shadda (33) stands behind fatha (30), whichever was typed first.
        check("ش\u{651}\u{64E}", "ش\u{64E}\u{651}", Some((1, 1)));
        check("ش\u{64E}\u{651}", "ش\u{64E}\u{651}", None);
        // Hamza (230) is reached over a kasra (32), and not over another of its class.
        check("ا\u{650}\u{654}", "أ\u{650}", Some((1, 1)));
        check("ا\u{653}\u{654}", "آ\u{654}", Some((1, 1)));
        check("\u{654}ا", "\u{654}ا", None);
        // Devanagari and Bengali letters with a nukta are taken apart, three are put together.
        check("\u{958}ा\u{9DC}", "\u{915}\u{93C}ा\u{9A1}\u{9BC}", Some((2, 1)));
        check("\u{928}\u{93C}", "\u{929}", Some((1, 1)));
        check("\u{9C7}\u{9BE} \u{D46}\u{D3E}", "\u{9CB} \u{D4A}", Some((2, 1)));
        check("\u{212B} \u{2126} \u{37E}", "Å Ω ;", Some((3, 1)));
        check("e\u{323}\u{302}\u{301}", "ệ\u{301}", Some((1, 1)));
        check("é\u{323}", "ẹ\u{301}", Some((1, 1)));
    }
}
