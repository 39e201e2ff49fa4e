//! Numbers that look random and are the same for the same seed: SplitMix64 behind an FNV-1a key. Knows no clock and no entropy.

/// A stream of numbers that belongs to one thing, named by its key.
#[derive(Debug, Clone)]
pub(crate) struct Stream(u64);

impl Stream {
    /// The stream of `purpose` under `seed`, told apart by `keys`: equal arguments give equal numbers.
    pub(crate) fn new(seed: u64, purpose: &str, keys: &[u64]) -> Stream {
        let octets = keys.iter().flat_map(|key| key.to_le_bytes());
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for octet in purpose.bytes().chain(octets) {
            hash = (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3);
        }
        Stream(hash)
    }

    /// The next 64 bits (Steele, Lea, Flood 2014).
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 inclusive to 1 exclusive, of 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A whole number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// Milliseconds from `from` inclusive to `to` exclusive.
    pub(crate) fn millis(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to.saturating_sub(from)).unwrap_or(0);
        from.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// Whether something of this probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_first_numbers_of_state_zero() {
        let mut stream = Stream(0);
        let first = [stream.bits(), stream.bits(), stream.bits()];
        assert_eq!(first, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn is_equal_for_equal_keys_and_other_for_others() {
        let first = |seed, purpose, keys: &[u64]| Stream::new(seed, purpose, keys).bits();
        assert_eq!(first(1, "site", &[2, 3]), first(1, "site", &[2, 3]));
        for other in [first(2, "site", &[2, 3]), first(1, "cell", &[2, 3]), first(1, "site", &[3, 2])] {
            assert_ne!(first(1, "site", &[2, 3]), other);
        }
    }

    #[test]
    fn stays_inside_its_bounds() {
        let mut stream = Stream::new(7, "bounds", &[]);
        for _ in 0..10_000 {
            assert!((0.0..1.0).contains(&stream.unit()));
            assert!(stream.below(3) < 3);
            assert!((50..300).contains(&stream.millis(50, 300)));
        }
        assert_eq!((stream.below(0), stream.millis(5, 5)), (0, 5));
    }
}
