//! What reaches one phone in the order of time: told from the sendings it could hear, by either of its SIMs.

use crate::broadcast::Broadcast;
use crate::cells::Rat;
use crate::memory::{From, Got, Make, Memory, Reaction};
use crate::network::Network;
use crate::phones::{Phone, Presence};
use crate::random::Stream;

/// The number under which another operator's network is remembered: no mobile network code.
const ANOTHER_NETWORK: u32 = 1000;

/// A message that came in whole, and what the phone did with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival {
    /// When, Unix milliseconds.
    pub(crate) at_ms: i64,
    /// Which of the network's broadcasts.
    pub(crate) index: usize,
    /// The SIM: 0 or 1.
    sim: usize,
    /// The cell it came from.
    pub(crate) cell: usize,
}

/// Everything that comes in whole at a phone, each with what it does.
pub(crate) fn evening(network: &Network, phone: &Phone, number: u64) -> Vec<(Arrival, Reaction)> {
    let mut memory = Memory::new(phone.home, phone.make);
    let mut arrivals = arrivals(network, phone, number);
    arrivals.sort_unstable();
    if let Presence::FromAnotherOperator(after) = phone.presence {
        // The other operator broadcast the same, under the same identity: it has had all that had begun.
        let from = From { plmn: ANOTHER_NETWORK, area: 0, cell: usize::MAX };
        for broadcast in &network.broadcasts {
            if let Some(at) = broadcast.sendings.first().map(|first| first.accepted_ms + after) {
                memory.takes(got(network, phone, broadcast, (from, 0, at)));
            }
        }
    }
    arrivals
        .into_iter()
        .map(|arrival| {
            let cell = &network.cells[arrival.cell];
            let from = From { plmn: network.plmn(), area: cell.area, cell: arrival.cell };
            let broadcast = &network.broadcasts[arrival.index];
            (arrival, memory.takes(got(network, phone, broadcast, (from, arrival.sim, arrival.at_ms))))
        })
        .collect()
}

/// Whether what a phone shows of a broadcast holds the words of all its languages.
pub(crate) fn says_it(network: &Network, phone: &Phone, arrival: Arrival) -> bool {
    let (broadcast, rat) = (&network.broadcasts[arrival.index], network.cells[arrival.cell].rat);
    if rat != Rat::Gsm || phone.make != Make::Old {
        return broadcast.reading(rat).says_it;
    }
    // An old phone on 2G lays the pages of whatever has this serial into one message.
    let mixed = network.broadcasts.iter().enumerate().find(|(index, other)| {
        *index != arrival.index
            && other.message.header.serial == broadcast.message.header.serial
            && other.targets(arrival.cell)
            && other.sendings.first().is_some_and(|first| first.accepted_ms <= arrival.at_ms)
            && other.sendings.iter().any(|s| s.stopped_ms.is_none_or(|at| at > arrival.at_ms))
    });
    mixed.map_or(broadcast.reading(rat).says_it, |(_, other)| broadcast.says_it_mixed_with(other))
}

fn got<'a>(
    network: &Network,
    phone: &Phone,
    broadcast: &'a Broadcast,
    (from, sim, at_ms): (From, usize, i64),
) -> Got<'a> {
    let (identifier, serial) = broadcast.identity();
    let read = broadcast.reading(network.cells[phone.cell].rat).text.as_ref();
    Got { identifier, serial, body: read.map_or("", |read| read.text.as_str()), from, sim, at_ms }
}

/// What a phone gets whole, were it never to drop a copy.
fn arrivals(network: &Network, phone: &Phone, number: u64) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for (index, broadcast) in network.broadcasts.iter().enumerate() {
        let Some(first) = broadcast.sendings.first() else { continue };
        let here_ms = match phone.presence {
            Presence::Here => i64::MIN,
            Presence::Deaf => continue,
            Presence::SwitchedOn(after) | Presence::FromAnotherOperator(after) => first.accepted_ms + after,
        };
        let leaves_ms = phone.moves.map_or(i64::MAX, |(_, after)| first.accepted_ms + after);
        let home = (0, phone.cell, here_ms, leaves_ms);
        let moved = phone.moves.map(|(to, _)| (0, to, leaves_ms.max(here_ms), i64::MAX));
        let second = phone.second_sim.map(|cell| (1, cell, here_ms, i64::MAX));
        for (nth, sending) in (0_u64..).zip(&broadcast.sendings) {
            for (way, (sim, cell, from_ms, until_ms)) in
                (0_u64..).zip([Some(home), moved, second]).filter_map(|(way, listens)| Some((way, listens?)))
            {
                let stream = |purpose, (identifier, serial): (u16, u16)| {
                    let keys = [number, u64::from(identifier), u64::from(serial), nth, way];
                    Stream::new(network.seed, purpose, &keys)
                };
                let (mut own, mut draw) =
                    (stream("phone", sending.lead), stream("phone hears", broadcast.identity()));
                let transmitted = broadcast.transmission(sending, &network.cells, cell);
                let at = transmitted.and_then(|(transmission, end_ms)| {
                    let at = transmission.shown_at(from_ms, phone.cycle_ms, &mut own, &mut draw);
                    at.filter(|&at| at < end_ms)
                });
                arrivals.extend(at.filter(|&at| at < until_ms).map(|at_ms| Arrival {
                    at_ms,
                    index,
                    sim,
                    cell,
                }));
            }
        }
    }
    arrivals
}
