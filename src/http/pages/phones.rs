//! Phones by radio, as a laboratory's model counts them: how many show it by now, how soon, how many within ten seconds.

use super::Console;
use super::frame::grouped;
use crate::dispatch::WarningView;
use crate::laboratory::{Asked, Counted, RADIOS};
use chrono::{DateTime, Utc};

/// The promise, in milliseconds.
const PROMISE: i64 = 10_000;
/// So long phones go on showing it for the first time: 2G needs its repetitions.
const GROWS: i64 = 120_000;

/// The table of one warning.
pub(super) struct Phones {
    pub(super) radios: Vec<Radio>,
    /// The operators whose laboratory answered.
    pub(super) operators: String,
    /// Whether more are to come.
    pub(super) grows: bool,
}

/// One radio.
pub(super) struct Radio {
    pub(super) name: String,
    pub(super) displayed: String,
    pub(super) within: String,
    /// Seconds of the half and of nineteen in twenty of those displayed; none before the first.
    pub(super) seconds: Option<(String, String)>,
}

/// What is known by now, at once. The laboratories are asked beside, and never while a lane is within its ten seconds:
/// the same machine answers for the CBC.
pub(super) fn of(console: &Console, view: &WarningView, now: DateTime<Utc>) -> Option<Phones> {
    let since = view.approved_at?;
    let messages: Vec<(u16, u16)> =
        view.operators.first()?.messages.iter().map(|m| (m.identifier, m.serial)).collect();
    let operators = view.operators.iter().map(|lane| lane.operator.clone()).collect();
    let asked = Asked { warning: view.warning.clone(), since, messages, operators };
    let hub = console.hub.clone();
    let busy = hub.board().is_busy(hub.clock().now());
    let counted = console.site.laboratories.counted(asked, !busy, move || hub.board().tell())?;
    Some(table(&counted, (now - since).num_milliseconds()))
}

fn table(counted: &Counted, age: i64) -> Phones {
    let row = |radio: &&'static str| {
        let all = counted.shown_ms.get(radio).map(Vec::as_slice).unwrap_or_default();
        let shown = &all[..all.partition_point(|at| *at <= age)];
        let within = shown.partition_point(|at| *at <= PROMISE);
        Radio {
            name: radio.to_uppercase(),
            displayed: count(shown.len()),
            within: count(within),
            seconds: seconds(shown, 50).zip(seconds(shown, 95)),
        }
    };
    Phones {
        radios: RADIOS.iter().map(row).collect(),
        operators: counted.operators.join(", "),
        grows: age < GROWS,
    }
}

fn count(number: usize) -> String {
    grouped(u64::try_from(number).unwrap_or(u64::MAX))
}

/// The nearest-rank percentile of sorted milliseconds, as `1.62`.
fn seconds(sorted: &[i64], percent: usize) -> Option<String> {
    let at = sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?)?;
    Some(format!("{}.{:02}", at / 1000, at % 1000 / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_counts_from_the_instant_it_shows() {
        let shown_ms = [("4g", vec![900, 1500, 2500]), ("2g", vec![9_900, 12_000])].into();
        let counted = Counted { operators: vec!["omantel".into(), "ooredoo".into()], shown_ms };
        let rows = |age| {
            let row = |r: Radio| (r.displayed, r.within, r.seconds);
            table(&counted, age).radios.into_iter().map(row).collect::<Vec<_>>()
        };
        let told = |p50: &str, p95: &str| Some((p50.to_owned(), p95.to_owned()));
        let of = |n: usize, within: usize| (n.to_string(), within.to_string());
        let is = |(displayed, within), seconds| (displayed, within, seconds);
        assert_eq!(rows(500), [is(of(0, 0), None), is(of(0, 0), None), is(of(0, 0), None)]);
        assert_eq!(rows(2000)[0], is(of(2, 2), told("0.90", "1.50")));
        let last = rows(60_000);
        assert_eq!(last[0], is(of(3, 3), told("1.50", "2.50")));
        assert_eq!(last[2], is(of(2, 1), told("9.90", "12.00")));
    }
}
