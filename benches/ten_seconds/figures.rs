//! Times as a table: p50, p99, the longest, and how many times the first row's they are.

use std::fmt::Write as _;
use std::time::Duration;

/// What is told of a series of times.
pub(crate) struct Figures {
    p50: Duration,
    p99: Duration,
    max: Duration,
    of: usize,
}

impl Figures {
    /// Of a series; nearest rank.
    pub(crate) fn of(mut times: Vec<Duration>) -> Figures {
        times.sort_unstable();
        let at = |share: usize| {
            let rank = (times.len() * share).div_ceil(100).max(1);
            times.get(rank - 1).copied().unwrap_or_default()
        };
        Figures { p50: at(50), p99: at(99), max: at(100), of: times.len() }
    }
}

/// The rows under a title, each held against the first.
pub(crate) fn table(title: &str, rows: &[(String, Figures)]) -> String {
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    let mut text = format!(
        "\n{title}\n{:<56} {:>9} {:>9} {:>9} {:>6} {:>12}\n",
        "ms", "p50", "p99", "max", "of", "p50 / floor"
    );
    let floor = rows.first().map_or(f64::NAN, |(_, first)| ms(first.p50));
    for (what, figures) in rows {
        let Figures { p50, p99, max, of } = figures;
        let (p50, p99, max) = (ms(*p50), ms(*p99), ms(*max));
        let _ = writeln!(text, "{what:<56} {p50:>9.2} {p99:>9.2} {max:>9.2} {of:>6} {:>11.1}x", p50 / floor);
    }
    text
}
