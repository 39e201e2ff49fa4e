//! What a network's CBC tells its base station controller, frame by frame as CBSP: the 2G cells' part of every sending and stop.

use super::Network;
use crate::broadcast::Broadcast;
use crate::cbsp::{Cells, kill, write_replace};
use crate::cells::Rat;
use crate::inventory::{MCC, mnc};
use crate::order::Rounds;

/// More frames than any test needs; later ones are not kept.
const MOST_FRAMES: usize = 4096;

/// One frame, as it goes over TCP.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Unix milliseconds.
    pub(crate) at_ms: i64,
    /// The octets of one CBSP message.
    pub(crate) octets: Vec<u8>,
}

impl Network {
    /// Writes a message to the controller, in the place of another where that is named.
    pub(super) fn write_to_bsc(&mut self, index: usize, old: Option<u16>, rounds: Rounds, at_ms: i64) {
        let Some(broadcast) = self.broadcasts.get(index) else { return };
        let Some(cells) = self.on_2g(&broadcast.targets) else { return };
        let message = &broadcast.message;
        let octets = write_replace(message.header, old, &cells, rounds, &message.pages);
        self.keep(Frame { at_ms, octets });
    }

    /// Stops a message at the controller, but for the cells where another has taken its place.
    pub(super) fn kill_at_bsc(&mut self, index: usize, at_ms: i64) {
        let Some(broadcast) = self.broadcasts.get(index) else { return };
        let left: Vec<usize> =
            broadcast.targets.iter().copied().filter(|cell| !broadcast.replaced_on.contains(cell)).collect();
        let Some(cells) = self.on_2g(&left) else { return };
        let (identifier, serial) = broadcast.identity();
        self.keep(Frame { at_ms, octets: kill(identifier, serial, &cells) });
    }

    /// The message that a new one of an update takes the place of: the first of the alerts referred to that is on the same
    /// channel, still runs, and has not been replaced. CBSP does it in one step.
    pub(super) fn to_be_replaced(&self, references: &[String], new: &Broadcast) -> Option<usize> {
        self.broadcasts.iter().position(|old| {
            old.alerts.iter().any(|alert| references.contains(alert))
                && old.message.header.identifier == new.message.header.identifier
                && old.identity() != new.identity()
                && old.sendings.iter().any(|sending| sending.stopped_ms.is_none())
                && old.replaced_on.is_empty()
        })
    }

    /// The 2G cells among these; `None` if there are none.
    fn on_2g(&self, targets: &[usize]) -> Option<Cells> {
        let of_2g = |&&cell: &&usize| self.cells[cell].rat == Rat::Gsm;
        let cells: Vec<usize> = targets.iter().filter(of_2g).copied().collect();
        if cells.is_empty() {
            return None;
        }
        if cells.len() == self.cells.iter().filter(|cell| cell.rat == Rat::Gsm).count() {
            return Some(Cells::All);
        }
        let number = |cell: usize| {
            let cell = &self.cells[cell];
            (u16::try_from(cell.area).unwrap_or(u16::MAX), u16::try_from(cell.id).unwrap_or(u16::MAX))
        };
        let cells = cells.into_iter().map(number).collect();
        Some(Cells::Some { plmn: [MCC, mnc(&self.operator).unwrap_or_default()], cells })
    }

    fn keep(&mut self, frame: Frame) {
        if self.bsc.len() < MOST_FRAMES {
            self.bsc.push(frame);
        }
    }
}
