//! One input at a time, watched: a panic names its input, a hang ends the process, the long round holds time and memory.
#![expect(
    clippy::disallowed_methods,
    reason = "a harness measures, reads its settings and keeps what failed"
)]
#![expect(clippy::print_stderr, reason = "a round that takes minutes says what it did")]

use peak_alloc::PeakAlloc;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// An input that takes longer hangs.
const HANG: Duration = Duration::from_secs(60);
/// The bound of the long round.
const QUICK: Duration = Duration::from_millis(50);
/// Of memory, beside what the harness itself holds.
const SMALL: usize = 64 << 20;

/// How long it goes on.
#[derive(Clone, Copy)]
pub(crate) enum Round {
    /// A number of inputs, nothing measured.
    Plain,
    /// So long, and every input measured.
    Long(Duration),
}

impl Round {
    /// As `NADHIR_FUZZ_SECONDS` says.
    pub(crate) fn told() -> Round {
        match std::env::var("NADHIR_FUZZ_SECONDS") {
            Ok(seconds) => Round::Long(Duration::from_secs(seconds.parse().unwrap())),
            Err(_) => Round::Plain,
        }
    }
}

/// Watches one target.
pub(crate) struct Meter {
    name: &'static str,
    round: Round,
    began: Instant,
    inputs: usize,
    slowest: Duration,
    largest: usize,
    watch: Sender<Watched>,
}

/// What the watchdog hears.
enum Watched {
    Begins(Vec<u8>),
    Ends,
}

impl Meter {
    pub(crate) fn start(name: &'static str, round: Round) -> Meter {
        let (watch, heard) = channel();
        std::thread::spawn(move || {
            let mut under_way = None;
            loop {
                match heard.recv_timeout(HANG) {
                    Ok(Watched::Begins(input)) => under_way = Some(input),
                    Ok(Watched::Ends) => under_way = None,
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some(input) = &under_way {
                            eprintln!("{name}: hangs for {HANG:?} on {}", kept(name, input).display());
                            std::process::abort();
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        let (began, slowest) = (Instant::now(), Duration::ZERO);
        Meter { name, round, began, inputs: 0, slowest, largest: 0, watch }
    }

    /// The longest input: a plain run is a check, no search.
    pub(crate) fn most(&self, most: usize) -> usize {
        match self.round {
            Round::Plain => most / 16,
            Round::Long(_) => most,
        }
    }

    pub(crate) fn goes_on(&self, inputs: usize) -> bool {
        match self.round {
            Round::Plain => self.inputs < inputs,
            Round::Long(span) => self.began.elapsed() < span,
        }
    }

    /// Feeds one input, and says what it did.
    pub(crate) fn run(&mut self, input: &[u8], feed: fn(&[u8]) -> u64) -> u64 {
        self.inputs += 1;
        let _ = self.watch.send(Watched::Begins(input.to_vec()));
        let once = || {
            PEAK.reset_peak_usage();
            let before = PEAK.current_usage();
            let began = Instant::now();
            let did = catch_unwind(AssertUnwindSafe(|| feed(input)));
            (did, began.elapsed(), PEAK.peak_usage().saturating_sub(before))
        };
        let (mut did, mut took, held) = once();
        // Others work on this machine: an input is slow if it is slow three times.
        for _ in 0..2 {
            if took > QUICK && matches!(self.round, Round::Long(_)) {
                let again = once();
                (did, took) = (again.0, took.min(again.1));
            }
        }
        let _ = self.watch.send(Watched::Ends);
        let did = match did {
            Ok(did) => did,
            Err(panic) => {
                eprintln!("{}: panics on {}", self.name, kept(self.name, input).display());
                resume_unwind(panic)
            }
        };
        self.slowest = self.slowest.max(took);
        self.largest = self.largest.max(held);
        if matches!(self.round, Round::Long(_)) {
            let slow = took > QUICK || held > SMALL;
            assert!(
                !slow,
                "{}: {took:?} and {held} octets on {}",
                self.name,
                kept(self.name, input).display()
            );
        }
        did
    }

    pub(crate) fn tell(&self, kinds: usize) {
        let megabytes = self.largest >> 20;
        let (name, inputs, slowest, took) = (self.name, self.inputs, self.slowest, self.began.elapsed());
        eprintln!(
            "{name}: {inputs} inputs in {took:.0?}, {kinds} kinds of answer, slowest {slowest:.1?}, most memory {megabytes} MB"
        );
    }
}

/// Where an input that failed is kept.
fn kept(name: &str, input: &[u8]) -> PathBuf {
    let digest = nadhir_core::digest::Digest::of(input).to_string();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}-{}", &digest[..12]));
    std::fs::write(&path, input).unwrap();
    path
}
