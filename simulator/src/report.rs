//! What the phones of a network showed, and when: every phone's evening told from the sendings it could hear.

use crate::broadcast::{Broadcast, Sending};
use crate::cells::{Cell, Rat};
use crate::channels::is_shown;
use crate::geometry::covers;
use crate::network::Network;
use crate::phones::{Memory, Phone, Reaction};
use crate::random::Stream;
use serde::Serialize;

/// The promise: ten seconds.
const PROMISE_MS: i64 = 10_000;

/// What the phones did, counted in phones unless it says otherwise.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// Phones that can receive and listened to a targeted cell when the first sending began.
    in_area: usize,
    /// Of those, the ones that showed at least one message.
    displayed: usize,
    /// Of those, the ones that showed every message sent to their cell on a channel that phones show.
    every_message: usize,
    /// Phones that showed the same identifier and serial again.
    twice: usize,
    /// Phones that rang from a cell that does not meet the area of the message.
    outside: usize,
    /// Phones that showed a text that cannot be decoded or lacks words of the alert.
    unreadable: usize,
    /// Phones that moved into the area later and showed a message there; in none of the figures above.
    entered: usize,
    /// Of those displayed, the ones that lie outside the polygon, in a sector that meets it.
    spill_over: usize,
    /// Messages, not phones, dropped as copies.
    copies_dropped: usize,
    /// The same by radio.
    by_radio: ByRadio,
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
    /// When each phone showed its first message, sorted; sums over several operators need them all.
    #[serde(rename = "times_ms")]
    first_ms: Vec<i64>,
}

/// A message that came in whole: when, which, from which cell.
type Arrival = (i64, usize, usize);

/// Counts what phones showed, or will show until expiry, from `since_ms` on: of the messages named, or of all if none is.
pub(crate) fn report(network: &Network, since_ms: i64, only: &[(u16, u16)]) -> Report {
    let named = |index: usize| only.is_empty() || only.contains(&network.broadcasts[index].identity());
    let recent: Vec<usize> = (0..network.broadcasts.len())
        .filter(|&index| named(index))
        .filter(|&index| {
            network.broadcasts[index].sendings.iter().any(|sending| sending.accepted_ms >= since_ms)
        })
        .collect();
    let mut report = Report::default();
    for (number, phone) in network.phones.iter().enumerate().filter(|(_, phone)| phone.able) {
        let home = |&&index: &&usize| network.broadcasts[index].targets(phone.cell);
        let aimed = recent.iter().filter(home).count();
        let reaches = |cell| (0..network.broadcasts.len()).any(|n| named(n) && network.broadcasts[n].targets(cell));
        if aimed > 0 || phone.moves.is_some_and(|(to, _)| reaches(to)) || reaches(phone.cell) {
            let number = u64::try_from(number).unwrap_or(0);
            // What a phone drops as a copy is of the same identity: other messages make no difference.
            let arrivals = arrivals(network, phone, number, &named);
            report.add(network, phone, &recent, aimed, arrivals, since_ms);
        }
    }
    for radio in [&mut report.by_radio.gsm, &mut report.by_radio.lte, &mut report.by_radio.nr] {
        radio.first_ms.sort_unstable();
        radio.p50_ms = percentile(&radio.first_ms, 50);
        radio.p95_ms = percentile(&radio.first_ms, 95);
        radio.within_10s = radio.first_ms.partition_point(|&at| at <= PROMISE_MS);
    }
    report
}

impl Report {
    fn add(
        &mut self,
        network: &Network,
        phone: &Phone,
        recent: &[usize],
        aimed: usize,
        arrivals: Vec<Arrival>,
        since_ms: i64,
    ) {
        let mut memory = Memory::default();
        let (mut all, mut shown) = (Vec::new(), Vec::new());
        for (at, index, cell) in arrivals {
            let (identifier, serial) = network.broadcasts[index].identity();
            match memory.takes(identifier, serial, cell, at) {
                Reaction::Shows => {
                    all.push(index);
                    if at >= since_ms {
                        shown.push((at, index, cell));
                    }
                }
                Reaction::DropsCopy => self.copies_dropped += usize::from(at >= since_ms),
                Reaction::KeepsQuiet => {}
            }
        }
        self.twice += usize::from((1..all.len()).any(|k| all[..k].contains(&all[k])));
        let rang_outside =
            |&(_, index, cell): &Arrival| !meets(&network.broadcasts[index], &network.cells[cell]);
        self.outside += usize::from(shown.iter().any(rang_outside));
        let garbled =
            |&(_, index, cell): &Arrival| !network.broadcasts[index].reading(network.cells[cell].rat).says_it;
        self.unreadable += usize::from(shown.iter().any(garbled));
        if aimed == 0 {
            self.entered += usize::from(!shown.is_empty());
            return;
        }
        let radio = match network.cells[phone.cell].rat {
            Rat::Gsm => &mut self.by_radio.gsm,
            Rat::Lte => &mut self.by_radio.lte,
            Rat::Nr => &mut self.by_radio.nr,
        };
        self.in_area += 1;
        radio.in_area += 1;
        if let Some(&(first, index, _)) = shown.first() {
            self.displayed += 1;
            radio.displayed += 1;
            radio.first_ms.push(first.saturating_sub(since_ms));
            let lies_inside =
                network.broadcasts[index].message.area.iter().any(|ring| covers(ring, phone.place));
            self.spill_over += usize::from(!lies_inside);
            let expected = |&&index: &&usize| {
                let broadcast = &network.broadcasts[index];
                broadcast.targets(phone.cell) && is_shown(broadcast.message.header.identifier)
            };
            let has_all = recent
                .iter()
                .filter(expected)
                .all(|&index| shown.iter().any(|&(_, other, _)| other == index));
            self.every_message += usize::from(has_all);
        }
    }
}

/// What a phone gets whole, in the order of time, were it never to drop a copy.
fn arrivals(network: &Network, phone: &Phone, number: u64, named: &impl Fn(usize) -> bool) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for (index, broadcast) in network.broadcasts.iter().enumerate().filter(|(index, _)| named(*index)) {
        let Some(first) = broadcast.sendings.first() else { continue };
        let leaves_ms = phone.moves.map_or(i64::MAX, |(_, after)| first.accepted_ms + after);
        let stays = [(phone.cell, i64::MIN, leaves_ms)];
        let moved = phone.moves.map(|(to, _)| (to, leaves_ms, i64::MAX));
        for (nth, sending) in (0_u64..).zip(&broadcast.sendings) {
            for (cell, from_ms, until_ms) in stays.into_iter().chain(moved) {
                let (identifier, serial) = broadcast.identity();
                let keys =
                    [number, u64::from(identifier), u64::from(serial), nth, u64::from(cell != phone.cell)];
                let mut draw = Stream::new(network.seed, "phone hears", &keys);
                let at = hears(network, broadcast, sending, phone, (cell, from_ms), &mut draw);
                arrivals.extend(at.filter(|&at| at < until_ms).map(|at| (at, index, cell)));
            }
        }
    }
    arrivals.sort_unstable();
    arrivals
}

fn hears(
    network: &Network,
    broadcast: &Broadcast,
    sending: &Sending,
    phone: &Phone,
    (cell, from_ms): (usize, i64),
    draw: &mut Stream,
) -> Option<i64> {
    let (transmission, end_ms) = broadcast.transmission(sending, &network.cells, cell)?;
    transmission.shown_at(from_ms, phone.cycle_ms, draw).filter(|&at| at < end_ms)
}

/// Asked again from the polygon, not from the list of targets.
fn meets(broadcast: &Broadcast, cell: &Cell) -> bool {
    broadcast.message.area.iter().any(|ring| cell.wedge.meets(ring))
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
