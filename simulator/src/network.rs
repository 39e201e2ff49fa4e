//! One operator's network: takes messages, sends them to the cells of their area, stops them. Time comes in as an argument.

use crate::broadcast::{Broadcast, Sending};
use crate::cells::{Cell, Rat};
use crate::geometry::Ring;
use crate::inventory::mnc;
use crate::order::{Concurrent, Message, Rounds};
use crate::outline::Outline;
use crate::phones::{Phone, spread};
use crate::radio::{CBCH_SLOT_MS, octets, to_the_cell_ms};
use crate::random::Stream;
use crate::refusal::{Fault, Refusal};
use axum::http::StatusCode;
use serde::Serialize;
use std::collections::HashMap;

/// What its base station controller is told.
mod bsc;
/// What each site of its CBC holds.
mod sites;

pub(crate) use bsc::Frame;
pub(crate) use sites::Stopped;

/// A message's identifier and serial number.
pub(crate) type Identity = (u16, u16);

/// More messages than any test needs; the CBC then refuses.
const MOST_MESSAGES: usize = 4096;
/// Resends beyond this change nothing on the air.
const MOST_SENDINGS: usize = 128;

/// Cells, phones, and all messages since the start.
#[derive(Debug)]
pub(crate) struct Network {
    /// The operator's name.
    pub(crate) operator: String,
    /// Its cells.
    pub(crate) cells: Vec<Cell>,
    /// Its phones.
    pub(crate) phones: Vec<Phone>,
    /// Every draw hangs on it.
    pub(crate) seed: u64,
    /// In the order they came.
    pub(crate) broadcasts: Vec<Broadcast>,
    /// What its base station controller was told.
    pub(crate) bsc: Vec<Frame>,
    /// Until when each 2G cell's channel is taken by first rounds.
    channel_taken_ms: HashMap<usize, i64>,
    /// Sites of its CBC.
    sites: usize,
}

/// Phones of an area.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Census {
    /// All that can receive.
    pub(crate) in_area: usize,
    #[serde(rename = "2g")]
    gsm: usize,
    #[serde(rename = "4g")]
    lte: usize,
    #[serde(rename = "5g")]
    nr: usize,
}

/// How a message is sent.
#[derive(Debug, Clone, Copy)]
struct Manner {
    rounds: Rounds,
    lead: Identity,
    octets_before: usize,
}

impl Manner {
    fn of(sending: &Sending) -> Manner {
        Manner { rounds: sending.rounds, lead: sending.lead, octets_before: sending.octets_before }
    }
}

impl Broadcast {
    /// Identifier and serial number.
    pub(crate) fn identity(&self) -> Identity {
        (self.message.header.identifier, self.message.header.serial)
    }
}

impl Network {
    /// A network that broadcasts nothing yet.
    pub(crate) fn new(operator: &str, cells: Vec<Cell>, phones: usize, seed: u64) -> Network {
        let phones = spread(&cells, phones, seed);
        Network {
            operator: operator.to_owned(),
            cells,
            phones,
            seed,
            broadcasts: Vec::new(),
            bsc: Vec::new(),
            channel_taken_ms: HashMap::new(),
            sites: 0,
        }
    }

    /// Its mobile network code.
    pub(crate) fn plmn(&self) -> u32 {
        mnc(&self.operator).and_then(|mnc| mnc.parse().ok()).unwrap_or(0)
    }

    /// How many phones that can receive listen to a cell that meets one of the polygons, by radio.
    pub(crate) fn census(&self, rings: &[Ring]) -> Census {
        let area = Outline::new(rings);
        let inside: Vec<bool> = self.cells.iter().map(|cell| area.meets(&cell.wedge)).collect();
        let mut census = Census::default();
        for phone in self.phones.iter().filter(|phone| phone.can_receive() && inside[phone.cell]) {
            census.in_area += 1;
            *match self.cells[phone.cell].rat {
                Rat::Gsm => &mut census.gsm,
                Rat::Lte => &mut census.lte,
                Rat::Nr => &mut census.nr,
            } += 1;
        }
        census
    }

    /// The message of an identity.
    pub(crate) fn find(&self, identity: Identity) -> Option<&Broadcast> {
        self.broadcasts.iter().find(|broadcast| broadcast.identity() == identity)
    }

    /// Takes an alert's messages and sends them to their cells after `delay_ms`; a message that is here already is sent again.
    /// `replaces` names the alerts an update takes the place of.
    ///
    /// # Errors
    /// 409 when an identity belongs to another body, 507 when the CBC is full; then none of them is sent.
    pub(crate) fn take(
        &mut self,
        alert: &str,
        replaces: &[String],
        messages: Vec<Message>,
        rounds: Rounds,
        now_ms: i64,
        delay_ms: i64,
    ) -> Result<(), Refusal> {
        let other = |message: &&Message| {
            self.find((message.header.identifier, message.header.serial))
                .is_some_and(|here| here.message != **message)
        };
        let taken: Vec<Fault> = messages
            .iter()
            .filter(other)
            .map(|message| {
                let Message { header, .. } = message;
                Fault::new(
                    "serial.taken",
                    format!("{} with serial {} is here with another body", header.identifier, header.serial),
                )
            })
            .collect();
        if !taken.is_empty() {
            return Err(Refusal {
                status: StatusCode::CONFLICT,
                title: "the serial number is taken",
                faults: taken,
            });
        }
        if self.broadcasts.len() + messages.len() > MOST_MESSAGES {
            let fault =
                Fault::new("full", format!("the CBC holds {MOST_MESSAGES} messages and takes no more"));
            return Err(Refusal::of(StatusCode::INSUFFICIENT_STORAGE, "the CBC is full", fault));
        }
        let lead = messages.first().map_or((0, 0), |first| (first.header.identifier, first.header.serial));
        let mut octets_before = 0;
        for message in messages {
            let own_octets = octets(message.pages.len());
            let identity = (message.header.identifier, message.header.serial);
            let index =
                self.broadcasts.iter().position(|broadcast| broadcast.identity() == identity).unwrap_or_else(
                    || {
                        // The messages of an alert have one area: it is asked for once.
                        let same = |broadcast: &&Broadcast| broadcast.message.area == message.area;
                        let before = self.broadcasts.iter().rfind(same);
                        let targets =
                            before.map_or_else(|| self.cells_of(&message.area), |sent| sent.targets.clone());
                        self.broadcasts.push(Broadcast::new(message, targets));
                        self.broadcasts.len() - 1
                    },
                );
            if !self.broadcasts[index].alerts.iter().any(|known| known == alert) {
                self.broadcasts[index].alerts.push(alert.to_owned());
            }
            self.make_room(index, replaces, rounds, now_ms.saturating_add(delay_ms));
            self.send(index, &Manner { rounds, lead, octets_before }, now_ms, delay_ms);
            octets_before += own_octets;
        }
        Ok(())
    }

    /// Indices of the cells whose wedge meets the area.
    fn cells_of(&self, area: &[Ring]) -> Vec<usize> {
        let area = Outline::new(area);
        let meets = |(_, cell): &(usize, &Cell)| area.meets(&cell.wedge);
        self.cells.iter().enumerate().filter(meets).map(|(index, _)| index).collect()
    }

    /// Tells the controller, which replaces what an update follows in one step; and without the concurrent indicator a 4G or
    /// 5G cell drops what it broadcasts.
    fn make_room(&mut self, index: usize, replaces: &[String], rounds: Rounds, at_ms: i64) {
        let old = self.to_be_replaced(replaces, &self.broadcasts[index]);
        let old_serial = old.map(|old| self.broadcasts[old].message.header.serial);
        self.write_to_bsc(index, old_serial, rounds, at_ms);
        let cells = self.broadcasts[index].targets.clone();
        if let Some(old) = old {
            self.broadcasts[old].replaced_on.clone_from(&cells);
        }
        if rounds.concurrent == Concurrent::No {
            let new_radio: Vec<usize> =
                cells.into_iter().filter(|&cell| self.cells[cell].rat != Rat::Gsm).collect();
            for (other, broadcast) in self.broadcasts.iter_mut().enumerate() {
                if other != index {
                    broadcast.displace(&new_radio, at_ms);
                }
            }
        }
    }

    fn send(&mut self, index: usize, manner: &Manner, now_ms: i64, delay_ms: i64) {
        let &Manner { rounds, lead, octets_before } = manner;
        let Some(broadcast) = self.broadcasts.get_mut(index) else { return };
        if broadcast.sendings.len() >= MOST_SENDINGS {
            return;
        }
        let nth = u64::try_from(broadcast.sendings.len()).unwrap_or(0);
        let is_first = broadcast.sendings.is_empty();
        let air_ms = i64::try_from(broadcast.message.pages.len()).unwrap_or(0) * CBCH_SLOT_MS;
        let (mut on_air_ms, mut starts) = (Vec::new(), Vec::new());
        for &cell in &broadcast.targets {
            let rat = self.cells[cell].rat;
            let number = u64::try_from(cell).unwrap_or(0);
            let (identifier, serial) = lead;
            let mut draw =
                Stream::new(self.seed, "to the cell", &[number, identifier.into(), serial.into(), nth]);
            let mut start = now_ms.saturating_add(delay_ms) + to_the_cell_ms(rat, &mut draw);
            on_air_ms.push(start);
            if rat == Rat::Gsm {
                // The channel is one for all messages: a new one waits for a slot, and for the first rounds of those before.
                start += draw.millis(0, CBCH_SLOT_MS);
                let taken = self.channel_taken_ms.entry(cell).or_insert(0);
                start = start.max(*taken);
                if is_first {
                    *taken = start + air_ms;
                }
            }
            starts.push(start);
        }
        let accepted_ms = now_ms;
        let stopped_ms = None;
        broadcast.sendings.push(Sending {
            accepted_ms,
            on_air_ms,
            starts,
            rounds,
            lead,
            octets_before,
            stopped_ms,
            displaced_ms: HashMap::new(),
        });
    }
}

#[cfg(test)]
mod tests;
