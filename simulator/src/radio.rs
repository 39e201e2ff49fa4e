//! When a phone has the whole of a message: the radio interface as a model, one draw at a time. Knows no phone and no clock.
//!
//! What is from a standard says so; what is assumed says so. docs/simulator.md has the whole in words.

use crate::cells::Rat;
use crate::order::Rounds;
use crate::random::Stream;

/// A page on the 2G broadcast channel: eight multiframes of 51 frames, 8 x 51 x 120/26 ms = 1,883 ms (TS 45.002).
pub(crate) const CBCH_SLOT_MS: i64 = 1883;
/// From the head of a page to its end: it is four blocks (TS 44.012, 3.1), a block in each of the first four of the eight
/// multiframes (TS 45.002, 6.5.4: TB 0 to 3; the other four are the extended channel's), and a block lasts four frames:
/// (3 x 51 + 4) x 120/26 ms = 725 ms.
pub(crate) const CBCH_PAGE_MS: i64 = 725;

/// A block of the broadcast channel that a 2G phone does not get: assumed.
const GSM_LOSS: f64 = 0.008;
/// A paging indication, or a segment of system information, that a 4G or 5G phone does not get: assumed.
const LOSS: f64 = 0.005;
/// From the last octet to the screen: assumed.
const DISPLAY_MS: (i64, i64) = (200, 900);
/// Reading the scheduling information before the warning's own block: every 80 ms in 4G, 20 to 160 ms in 5G; assumed.
const SCHEDULING_MS: (i64, i64) = (20, 100);
/// No phone listens to more rounds than this: what fifty rounds did not bring, the model gives up.
const MOST_ROUNDS: u16 = 50;

/// What a cell sends: from when, how much, how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transmission {
    /// The cell's technology.
    pub(crate) rat: Rat,
    /// Start of the first broadcast, Unix milliseconds.
    pub(crate) start_ms: i64,
    /// Pages of the message.
    pub(crate) pages: usize,
    /// Octets of the messages of the same order before it: 4G and 5G send their segments first.
    pub(crate) octets_before: usize,
    /// Periods and counts.
    pub(crate) rounds: Rounds,
}

impl Transmission {
    /// From one broadcast to the next; on 2G never shorter than the pages take.
    pub(crate) fn period_ms(&self) -> i64 {
        match self.rat {
            Rat::Gsm => i64::from(self.rounds.period_2g).max(count(self.pages)) * CBCH_SLOT_MS,
            Rat::Lte | Rat::Nr => i64::from(self.rounds.period_s) * 1000,
        }
    }

    /// The end of the last broadcast.
    pub(crate) fn end_ms(&self) -> i64 {
        self.start_ms + i64::from(self.broadcasts()) * self.period_ms()
    }

    /// When a phone that listens from `from_ms` shows the message: `None` if no round brings all of it.
    ///
    /// `cycle_ms` is the phone's paging cycle in 4G and 5G. `own` draws what the messages of one order have in common at
    /// one phone: how long it takes to show anything, and when it is paged. `draw` is the message's.
    pub(crate) fn shown_at(
        &self,
        from_ms: i64,
        cycle_ms: i64,
        own: &mut Stream,
        draw: &mut Stream,
    ) -> Option<i64> {
        let display = own.millis(DISPLAY_MS.0, DISPLAY_MS.1);
        let whole = match self.rat {
            Rat::Gsm => self.all_pages(from_ms, draw),
            Rat::Lte => self.all_segments(from_ms, cycle_ms, &LTE, own, draw),
            Rat::Nr => self.all_segments(from_ms, cycle_ms, &NR, own, draw),
        };
        whole.map(|at| at + display)
    }

    fn broadcasts(&self) -> u16 {
        match self.rat {
            Rat::Gsm => self.rounds.broadcasts_2g,
            Rat::Lte | Rat::Nr => self.rounds.broadcasts,
        }
    }

    fn round_starts(&self) -> impl Iterator<Item = i64> + use<> {
        let (start, period) = (self.start_ms, self.period_ms());
        (0..self.broadcasts().min(MOST_ROUNDS)).map(move |round| start + i64::from(round) * period)
    }

    /// 2G: a page a slot, in turn; the phone keeps the pages it got and waits for the others in the next round.
    fn all_pages(&self, from_ms: i64, draw: &mut Stream) -> Option<i64> {
        let mut missing: Vec<i64> = (0..count(self.pages)).collect();
        for start in self.round_starts() {
            let mut last = None;
            missing.retain(|page| {
                let slot = start + page * CBCH_SLOT_MS;
                let got = slot >= from_ms && !draw.chance(GSM_LOSS);
                if got {
                    last = Some(slot + CBCH_PAGE_MS);
                }
                !got
            });
            if missing.is_empty() {
                return last;
            }
        }
        None
    }

    /// 4G and 5G: paged once a round within its cycle, the phone collects the segments, which come round and round.
    fn all_segments(
        &self,
        from_ms: i64,
        cycle_ms: i64,
        system: &SystemInformation,
        own: &mut Stream,
        draw: &mut Stream,
    ) -> Option<i64> {
        let segments = octets(self.pages).div_ceil(system.segment_octets);
        let turn_ms = count(self.octets_before.div_ceil(system.segment_octets)) * system.window_ms;
        for start in self.round_starts().filter(|&start| start >= from_ms) {
            let (lost, wait_ms) = (own.chance(LOSS), own.millis(0, cycle_ms));
            if lost {
                continue;
            }
            let ready = start + wait_ms + own.millis(SCHEDULING_MS.0, SCHEDULING_MS.1) + turn_ms;
            let windows = (start + self.period_ms() - ready) / system.window_ms;
            let first_window = ready + own.millis(0, system.window_ms);
            let mut got = vec![false; segments];
            let phase = usize::try_from(draw.below(u64::try_from(segments).unwrap_or(1))).unwrap_or(0);
            for (window, segment) in (0..windows).zip((0..segments).cycle().skip(phase)) {
                got[segment] |= !draw.chance(LOSS);
                if got.iter().all(|&got| got) {
                    return Some(first_window + window * system.window_ms);
                }
            }
        }
        None
    }
}

/// How the system information block with the warning is cut and scheduled.
struct SystemInformation {
    /// Octets of the message a segment: what one system information message holds, less its own fields.
    segment_octets: usize,
    /// From one segment to the next: the si-Periodicity an operator chose.
    window_ms: i64,
}

/// SIB12: at most 2,216 bits a message with DCI format 1A (TS 36.331, 5.2.1.1), hence 277 octets; 256 and rf32 are assumed.
const LTE: SystemInformation = SystemInformation { segment_octets: 256, window_ms: 320 };
/// SIB8: at most 2,976 bits a message (TS 38.331, 5.2.1), hence 372 octets; 350 and rf16 are assumed.
const NR: SystemInformation = SystemInformation { segment_octets: 350, window_ms: 160 };

/// From the CBC's acceptance to the cell's first broadcast, through MME, AMF or BSC: assumed, 50 to 300 ms.
pub(crate) fn to_the_cell_ms(rat: Rat, draw: &mut Stream) -> i64 {
    match rat {
        Rat::Gsm => draw.millis(100, 300),
        Rat::Lte => draw.millis(60, 220),
        Rat::Nr => draw.millis(50, 180),
    }
}

/// Octets of the CB data of so many pages (TS 23.041, 9.4.2.2.5).
pub(crate) fn octets(pages: usize) -> usize {
    1 + 83 * pages
}

fn count(pages: usize) -> i64 {
    i64::try_from(pages).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Concurrent;

    const ROUNDS: Rounds = Rounds {
        period_2g: 16,
        broadcasts_2g: 40,
        period_s: 30,
        broadcasts: 40,
        concurrent: Concurrent::Yes,
    };

    /// The share of 4,000 phones that show a message of so many pages, and the first, middle and last delay.
    fn crowd(rat: Rat, pages: usize, rounds: Rounds, from_ms: i64) -> (f64, i64, i64, i64) {
        let transmission = Transmission { rat, start_ms: 1000, pages, octets_before: 0, rounds };
        let shown = |phone| {
            let (mut own, mut draw) = (Stream::new(9, "own", &[phone]), Stream::new(9, "crowd", &[phone]));
            transmission.shown_at(from_ms, 1280, &mut own, &mut draw)
        };
        let mut delays: Vec<i64> = (0..4000).filter_map(shown).map(|at| at - 1000).collect();
        delays.sort_unstable();
        (delays.len() as f64 / 4000.0, delays[0], delays[delays.len() / 2], delays[delays.len() - 1])
    }

    #[test]
    fn needs_every_page_on_2g() {
        for pages in [1, 5, 15] {
            let (share, first, middle, _) = crowd(Rat::Gsm, pages, ROUNDS, 0);
            let air = (count(pages) - 1) * CBCH_SLOT_MS + CBCH_PAGE_MS;
            assert!(share > 0.999, "{pages} pages reach {share}");
            assert!(first >= air + DISPLAY_MS.0, "{pages} pages in {first} ms");
            assert!(middle < air + CBCH_SLOT_MS + DISPLAY_MS.1, "{pages} pages in {middle} ms");
        }
        let once = Rounds { broadcasts_2g: 1, ..ROUNDS };
        let (share, ..) = crowd(Rat::Gsm, 15, once, 0);
        let expected = (1.0 - GSM_LOSS).powi(15);
        assert!((share - expected).abs() < 0.02, "one round of 15 pages reaches {share}, not {expected}");
    }

    #[test]
    fn takes_a_paging_cycle_and_the_segments_on_4g_and_5g() {
        for (rat, system) in [(Rat::Lte, LTE), (Rat::Nr, NR)] {
            for pages in [1, 5, 15] {
                let (share, first, middle, _) = crowd(rat, pages, ROUNDS, 0);
                let segments = count(octets(pages).div_ceil(system.segment_octets));
                assert!(share > 0.999, "{rat:?} reaches {share}");
                assert!(first >= (segments - 1) * system.window_ms + DISPLAY_MS.0, "{rat:?} in {first} ms");
                assert!(middle < segments * system.window_ms + 1280 + 1000, "{rat:?} in {middle} ms");
            }
            let (share, ..) = crowd(rat, 5, Rounds { broadcasts: 1, ..ROUNDS }, 0);
            assert!((share - (1.0 - LOSS)).abs() < 0.005, "one round on {rat:?} reaches {share}");
        }
    }

    #[test]
    fn brings_it_to_who_comes_later_in_a_later_round() {
        for (rat, period) in [(Rat::Gsm, 16 * CBCH_SLOT_MS), (Rat::Lte, 30_000), (Rat::Nr, 30_000)] {
            let (share, first, ..) = crowd(rat, 5, ROUNDS, 12_000);
            assert!(share > 0.999 && first >= period, "{rat:?}: {share}, {first} ms");
            let transmission = Transmission { rat, start_ms: 0, pages: 5, octets_before: 0, rounds: ROUNDS };
            let after = transmission.end_ms();
            let (mut own, mut draw) = (Stream::new(1, "own", &[]), Stream::new(1, "late", &[]));
            assert_eq!(transmission.shown_at(after, 1280, &mut own, &mut draw), None);
        }
    }

    #[test]
    fn never_repeats_faster_than_2g_can_send() {
        let short = Rounds { period_2g: 1, ..ROUNDS };
        let transmission =
            Transmission { rat: Rat::Gsm, start_ms: 0, pages: 15, octets_before: 0, rounds: short };
        assert_eq!(transmission.period_ms(), 15 * CBCH_SLOT_MS);
    }
}
