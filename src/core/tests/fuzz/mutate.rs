//! Input from input: octets turned, pieces cut, doubled, swapped with another's, numbers and words replaced. The same at every run.

/// Draws from a seed (splitmix64).
pub(crate) struct Mutator(u64);

/// What numbers become.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "90",
    "90.0000001",
    "-180",
    "1e309",
    "1e-400",
    "9999999999999999999999",
    "0.1",
    "NaN",
    "+4",
    "179.9999999",
    "1e20",
    "00",
    "2147483648",
];

impl Mutator {
    pub(crate) fn new(seed: u64) -> Mutator {
        Mutator(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`, and 0 of nothing.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.draw() >> 1).unwrap() % n.max(1)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A piece of `input`: mostly short, sometimes most of it.
    fn piece(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let from = self.below(input.len() + 1);
        let most = if self.below(4) == 0 { input.len() } else { 48 };
        let to = (from + self.below(most + 1)).min(input.len());
        from..to
    }

    /// One to eight changes of an input of the pool.
    pub(crate) fn next(&mut self, pool: &[Vec<u8>], words: &[&str], most: usize) -> Vec<u8> {
        let mut input = self.one_of(pool).clone();
        for _ in 0..=self.below(8) {
            self.change(&mut input, pool, words);
        }
        if self.below(200) == 0 {
            self.grow(&mut input, most);
        }
        input.truncate(most);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, pool: &[Vec<u8>], words: &[&str]) {
        let piece = self.piece(input);
        match self.below(9) {
            0 => {
                if let Some(octet) = input.get_mut(piece.start) {
                    *octet = u8::try_from(self.draw() & 0xff).unwrap();
                }
            }
            1 => drop(input.drain(piece)),
            2 => {
                let copy = input[piece.clone()].to_vec();
                input.splice(piece.start..piece.start, copy);
            }
            3 => {
                let other = self.one_of(pool);
                let theirs = other[self.piece(other)].to_vec();
                input.splice(piece, theirs);
            }
            4 => {
                let word = (*self.one_of(words)).to_owned();
                input.splice(piece.start..piece.start, word.into_bytes());
            }
            5 => self.number(input, piece.start),
            6 => self.tag(input, piece.start, words),
            7 => {
                let there = self.below(input.len() + 1);
                let moved: Vec<u8> = input.drain(piece).collect();
                let there = there.min(input.len());
                input.splice(there..there, moved);
            }
            _ => input.truncate(piece.end),
        }
    }

    /// The next number from here on becomes another.
    fn number(&mut self, input: &mut Vec<u8>, from: usize) {
        let is = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'-');
        let Some(start) = input.iter().skip(from).position(is).map(|at| at + from) else { return };
        let end = input.iter().skip(start).position(|b| !is(b)).map_or(input.len(), |at| at + start);
        let other = (*self.one_of(NUMBERS)).to_owned();
        input.splice(start..end, other.into_bytes());
    }

    /// What stands between the next two angles or quotes becomes a word.
    fn tag(&mut self, input: &mut Vec<u8>, from: usize, words: &[&str]) {
        let mark = |b: &u8| matches!(b, b'<' | b'>' | b'"' | b' ');
        let Some(start) = input.iter().skip(from).position(mark).map(|at| at + from + 1) else { return };
        let Some(end) = input.iter().skip(start).position(mark).map(|at| at + start) else { return };
        let other = (*self.one_of(words)).to_owned();
        input.splice(start..end, other.into_bytes());
    }

    /// A piece again and again, until the input is as long as it may be.
    fn grow(&mut self, input: &mut Vec<u8>, most: usize) {
        let piece = self.piece(input);
        let (at, copy) = (piece.end, input[piece].to_vec());
        if copy.is_empty() {
            return;
        }
        let times = most.saturating_sub(input.len()) / copy.len();
        let times = self.below(times + 1);
        input.splice(at..at, copy.repeat(times));
    }
}
