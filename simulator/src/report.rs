//! What the phones of a network showed, and when: counted over every phone's evening.

use crate::cells::Rat;
use crate::channels::{Home, is_shown};
use crate::evening::{Arrival, evening, says_it};
use crate::geometry::covers;
use crate::memory::Reaction;
use crate::network::Network;
use crate::phones::{Phone, Presence};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// The promise: ten seconds.
const PROMISE_MS: i64 = 10_000;

/// What the phones did, counted in phones unless it says otherwise.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// Phones that can receive and listened to a targeted cell when the first sending began.
    in_area: usize,
    /// Of those, the ones that showed at least one message.
    displayed: usize,
    /// Of those, the ones that showed every message sent to their cell on a channel that they show.
    every_message: usize,
    /// Phones that showed the same identifier and serial again.
    twice: usize,
    /// Phones that rang from a cell that does not meet the area of the message.
    outside: usize,
    /// Phones that showed a text that cannot be decoded or lacks words of the alert.
    unreadable: usize,
    /// Phones that moved into the area later and showed a message there, or heard it by their second SIM alone; in none
    /// of the figures of the area.
    entered: usize,
    /// Of those displayed, the ones that lie outside the polygon, in a sector that meets it.
    spill_over: usize,
    /// Messages, not phones, dropped as copies.
    copies_dropped: usize,
    /// Messages, not phones, that an old phone dropped because it takes the update it holds for newer.
    taken_as_old: usize,
    /// What stands uppermost on the phones displayed: the languages of the newest message, in their order.
    on_top: BTreeMap<String, usize>,
    /// Of those in the area, the roamers.
    roamers: Group,
    /// Of all who can receive, those with a second SIM that listens here too.
    second_sim: Group,
    /// Phones of the area that were switched on during the broadcast; in none of the figures above.
    switched_on: Group,
    /// Phones that came to the area's cells from another operator during the broadcast, where they had the same messages:
    /// they ring again. In none of the figures above.
    from_another_operator: Group,
    /// The same by radio.
    by_radio: ByRadio,
}

/// Some of the phones.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Group {
    in_area: usize,
    displayed: usize,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct ByRadio {
    #[serde(rename = "2g")]
    gsm: Radio,
    #[serde(rename = "4g")]
    lte: Radio,
    #[serde(rename = "5g")]
    nr: Radio,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Radio {
    in_area: usize,
    displayed: usize,
    p50_ms: Option<i64>,
    p95_ms: Option<i64>,
    within_10s: usize,
    /// The languages of the message that each phone showed first.
    first: BTreeMap<String, usize>,
    /// When each phone showed its first message, sorted; sums over several operators need them all.
    #[serde(rename = "times_ms")]
    first_ms: Vec<i64>,
}

/// Counts what phones showed, or will show until expiry, from `since_ms` on: of the messages named, or of all if none is.
pub(crate) fn report(network: &Network, since_ms: i64, only: &[(u16, u16)]) -> Report {
    let named = |index: usize| only.is_empty() || only.contains(&network.broadcasts[index].identity());
    let recent: Vec<usize> = (0..network.broadcasts.len())
        .filter(|&index| named(index))
        .filter(|&index| {
            network.broadcasts[index].sendings.iter().any(|sending| sending.accepted_ms >= since_ms)
        })
        .collect();
    let mut counting =
        Counting { network, recent, since_ms, report: Report::default(), meets: HashMap::new() };
    for (number, phone) in (0_u64..).zip(&network.phones) {
        let cells = [Some(phone.cell), phone.moves.map(|(to, _)| to), phone.second_sim];
        let reaches =
            |cell| (0..network.broadcasts.len()).any(|n| named(n) && network.broadcasts[n].targets(cell));
        if phone.presence != Presence::Deaf && cells.into_iter().flatten().any(reaches) {
            // All of its evening: what it dropped may be a copy of what is not named.
            let mut evening = evening(network, phone, number);
            evening.retain(|(arrival, _)| named(arrival.index));
            counting.add(phone, &evening);
        }
    }
    let mut report = counting.report;
    for radio in [&mut report.by_radio.gsm, &mut report.by_radio.lte, &mut report.by_radio.nr] {
        radio.first_ms.sort_unstable();
        radio.p50_ms = percentile(&radio.first_ms, 50);
        radio.p95_ms = percentile(&radio.first_ms, 95);
        radio.within_10s = radio.first_ms.partition_point(|&at| at <= PROMISE_MS);
    }
    report
}

struct Counting<'a> {
    network: &'a Network,
    /// The broadcasts with a sending since the instant.
    recent: Vec<usize>,
    since_ms: i64,
    report: Report,
    /// Whether a cell meets a broadcast's area: asked again from the polygon, not from the list of targets.
    meets: HashMap<(usize, usize), bool>,
}

impl Counting<'_> {
    fn add(&mut self, phone: &Phone, evening: &[(Arrival, Reaction)]) {
        let (mut all, mut shown) = (Vec::new(), Vec::new());
        for &(arrival, reaction) in evening {
            let counts = arrival.at_ms >= self.since_ms;
            match reaction {
                Reaction::Shows => {
                    all.push(arrival.index);
                    if counts {
                        shown.push(arrival);
                    }
                }
                Reaction::DropsCopy => self.report.copies_dropped += usize::from(counts),
                Reaction::DropsOlder => self.report.taken_as_old += usize::from(counts),
                Reaction::KeepsQuiet => {}
            }
        }
        self.report.twice += usize::from((1..all.len()).any(|k| all[..k].contains(&all[k])));
        self.report.outside += usize::from(shown.iter().any(|&arrival| !self.meets(arrival)));
        let garbled = |&arrival: &Arrival| !says_it(self.network, phone, arrival);
        self.report.unreadable += usize::from(shown.iter().any(garbled));
        let aimed = self.recent.iter().any(|&index| self.network.broadcasts[index].targets(phone.cell));
        match (aimed, phone.presence) {
            (_, Presence::Deaf) | (false, Presence::FromAnotherOperator(_) | Presence::SwitchedOn(_)) => {}
            (false, Presence::Here) => self.report.entered += usize::from(!shown.is_empty()),
            (true, Presence::SwitchedOn(_)) => self.report.switched_on.add(&shown),
            (true, Presence::FromAnotherOperator(_)) => self.report.from_another_operator.add(&shown),
            (true, Presence::Here) => self.add_in_area(phone, &shown),
        }
    }

    fn add_in_area(&mut self, phone: &Phone, shown: &[Arrival]) {
        let network = self.network;
        let report = &mut self.report;
        report.in_area += 1;
        if phone.home == Home::Abroad {
            report.roamers.add(shown);
        }
        if phone.second_sim.is_some() {
            report.second_sim.add(shown);
        }
        let radio = match network.cells[phone.cell].rat {
            Rat::Gsm => &mut report.by_radio.gsm,
            Rat::Lte => &mut report.by_radio.lte,
            Rat::Nr => &mut report.by_radio.nr,
        };
        radio.in_area += 1;
        let (Some(first), Some(newest)) = (shown.first(), shown.last()) else { return };
        let languages = |arrival: &Arrival| {
            let words = &network.broadcasts[arrival.index].message.words;
            let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
            words.iter().map(|(language, _)| primary(language)).collect::<Vec<_>>().join("+")
        };
        report.displayed += 1;
        radio.displayed += 1;
        radio.first_ms.push(first.at_ms.saturating_sub(self.since_ms));
        *radio.first.entry(languages(first)).or_default() += 1;
        *report.on_top.entry(languages(newest)).or_default() += 1;
        let area = &network.broadcasts[first.index].message.area;
        report.spill_over += usize::from(!area.iter().any(|ring| covers(ring, phone.place)));
        let expected = |&&index: &&usize| {
            let broadcast = &network.broadcasts[index];
            broadcast.targets(phone.cell) && is_shown(broadcast.message.header.identifier, phone.home)
        };
        let has_all =
            self.recent.iter().filter(expected).all(|&index| shown.iter().any(|s| s.index == index));
        report.every_message += usize::from(has_all);
    }

    fn meets(&mut self, arrival: Arrival) -> bool {
        let (index, cell) = (arrival.index, arrival.cell);
        *self.meets.entry((index, cell)).or_insert_with(|| {
            let wedge = &self.network.cells[cell].wedge;
            self.network.broadcasts[index].message.area.iter().any(|ring| wedge.meets(ring))
        })
    }
}

impl Group {
    fn add(&mut self, shown: &[Arrival]) {
        self.in_area += 1;
        self.displayed += usize::from(!shown.is_empty());
    }
}

/// The nearest-rank percentile of sorted numbers.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_nearest_rank() {
        let hundred: Vec<i64> = (1..=100).collect();
        let rows: [(&[i64], usize, Option<i64>); 5] = [
            (&[], 50, None),
            (&[7], 95, Some(7)),
            (&[1, 2], 50, Some(1)),
            (&hundred, 50, Some(50)),
            (&hundred, 95, Some(95)),
        ];
        for (sorted, percent, expected) in rows {
            assert_eq!(percentile(sorted, percent), expected);
        }
    }
}
