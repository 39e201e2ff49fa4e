//! One message on one network: its cells, its sendings, and its state at an instant as a function of them. Owns no clock.

use crate::alphabet::Unreadable;
use crate::cells::{Cell, Rat};
use crate::frames::{Decoded, Joins, cb_data, gsm_pages, read_cb_data, read_gsm};
use crate::order::{Message, Rounds};
use crate::radio::Transmission;
use std::collections::{BTreeSet, HashMap};

/// A message with everything that happened to it.
#[derive(Debug)]
pub(crate) struct Broadcast {
    /// What is broadcast.
    pub(crate) message: Message,
    /// The alerts it came with, as `sender,identifier,sent`.
    pub(crate) alerts: Vec<String>,
    /// Indices of the cells that meet the area.
    pub(crate) targets: Vec<usize>,
    /// The sites of the CBC that ever took it.
    pub(crate) taken_at: BTreeSet<usize>,
    /// Those of them that were not told to stop it.
    pub(crate) held_at: BTreeSet<usize>,
    /// 2G cells at which the controller was told to put another message in its place.
    pub(crate) replaced_on: Vec<usize>,
    /// Each time it was sent to the cells: once, and again for every resend or replay.
    pub(crate) sendings: Vec<Sending>,
    position: HashMap<usize, usize>,
    from_2g: Reading,
    from_4g: Reading,
}

/// One sending to all its cells.
#[derive(Debug)]
pub(crate) struct Sending {
    /// When the CBC accepted it, Unix milliseconds.
    pub(crate) accepted_ms: i64,
    /// When each target, in their order, has taken it and tells the CBC that it is on air.
    pub(crate) on_air_ms: Vec<i64>,
    /// When each target's first broadcast begins: on 2G the channel may have to send other pages first.
    pub(crate) starts: Vec<i64>,
    /// Periods and counts.
    pub(crate) rounds: Rounds,
    /// The first message of the order it came with: they travel together, and a phone is paged for them once.
    pub(crate) lead: (u16, u16),
    /// Octets of those before it.
    pub(crate) octets_before: usize,
    /// When a stop ended it.
    pub(crate) stopped_ms: Option<i64>,
    /// 4G and 5G cells where a later message, sent without the concurrent indicator, took its place: when.
    pub(crate) displaced_ms: HashMap<usize, i64>,
}

/// What a phone read from the air, and whether it is what the alert says.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The text, or why there is none.
    pub(crate) text: Result<Decoded, Unreadable>,
    /// Whether the text holds the words of every language of the message.
    pub(crate) says_it: bool,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Accepted; no cell broadcasts it yet.
    Pending,
    /// At least one cell broadcasts it.
    OnAir,
    /// Stopped by a cancel or an update.
    Stopped,
    /// Its time or its last broadcast is over.
    Expired,
}

impl Broadcast {
    /// A message that has not been sent to its cells yet.
    pub(crate) fn new(message: Message, targets: Vec<usize>) -> Broadcast {
        let frames = gsm_pages(message.header, &message.pages);
        let gsm = read_gsm(&frames, Joins::Message).unwrap_or(Err(Unreadable::Frame));
        let cell_broadcast = read_cb_data(message.header, &cb_data(&message.pages));
        Broadcast {
            from_2g: Reading::of(gsm, &message),
            from_4g: Reading::of(cell_broadcast, &message),
            position: targets.iter().enumerate().map(|(position, &cell)| (cell, position)).collect(),
            alerts: Vec::new(),
            taken_at: BTreeSet::new(),
            held_at: BTreeSet::new(),
            replaced_on: Vec::new(),
            sendings: Vec::new(),
            message,
            targets,
        }
    }

    /// What phones of a radio make of it.
    pub(crate) fn reading(&self, rat: Rat) -> &Reading {
        match rat {
            Rat::Gsm => &self.from_2g,
            Rat::Lte | Rat::Nr => &self.from_4g,
        }
    }

    /// Whether an old 2G phone that gets the pages of both, in turn, still reads what this one says.
    pub(crate) fn says_it_mixed_with(&self, other: &Broadcast) -> bool {
        let (ours, others) = (&self.message, &other.message);
        let (ours, others) = (gsm_pages(ours.header, &ours.pages), gsm_pages(others.header, &others.pages));
        let turns = ours.len().max(others.len());
        let in_turn = (0..turns).flat_map(|k| ours.get(k).into_iter().chain(others.get(k)).copied());
        let frames: Vec<_> = in_turn.collect();
        let read = read_gsm(&frames, Joins::Serial).unwrap_or(Err(Unreadable::Frame));
        Reading::of(read, &self.message).says_it
    }

    /// Whether a cell is one of its targets.
    pub(crate) fn targets(&self, cell: usize) -> bool {
        self.position.contains_key(&cell)
    }

    /// What a cell transmits in a sending, with the instant at which it ends; `None` when the cell is no target.
    pub(crate) fn transmission(
        &self,
        sending: &Sending,
        cells: &[Cell],
        cell: usize,
    ) -> Option<(Transmission, i64)> {
        let start_ms = *sending.starts.get(*self.position.get(&cell)?)?;
        let rat = cells.get(cell)?.rat;
        let transmission = Transmission {
            rat,
            start_ms,
            pages: self.message.pages.len(),
            octets_before: sending.octets_before,
            rounds: sending.rounds,
        };
        let end =
            transmission.end_ms().min(self.message.expires_ms).min(sending.stopped_ms.unwrap_or(i64::MAX));
        let end = end.min(sending.displaced_ms.get(&cell).copied().unwrap_or(i64::MAX));
        Some((transmission, end))
    }

    /// The cells that broadcast it at an instant.
    pub(crate) fn cells_at(&self, cells: &[Cell], now_ms: i64) -> Vec<usize> {
        let on_air = |&(position, cell): &(usize, usize)| {
            self.sendings.iter().any(|sending| {
                let from = sending.on_air_ms.get(position).copied().unwrap_or(i64::MAX);
                self.transmission(sending, cells, cell).is_some_and(|(_, end)| (from..end).contains(&now_ms))
            })
        };
        self.targets.iter().copied().enumerate().filter(on_air).map(|(_, cell)| cell).collect()
    }

    /// Its state at an instant.
    pub(crate) fn state(&self, cells: &[Cell], now_ms: i64) -> State {
        let live = |sending: &&Sending| sending.stopped_ms.is_none_or(|stopped| stopped > now_ms);
        if !self.sendings.iter().any(|sending| live(&sending)) {
            return State::Stopped;
        }
        if !self.cells_at(cells, now_ms).is_empty() {
            return State::OnAir;
        }
        let to_come =
            self.sendings.iter().filter(live).any(|sending| {
                self.targets.is_empty() || sending.on_air_ms.iter().any(|&from| from > now_ms)
            });
        if to_come && now_ms < self.message.expires_ms { State::Pending } else { State::Expired }
    }

    /// A later message took its place at these cells.
    pub(crate) fn displace(&mut self, cells: &[usize], now_ms: i64) {
        for sending in &mut self.sendings {
            for &cell in cells.iter().filter(|cell| self.position.contains_key(cell)) {
                sending.displaced_ms.entry(cell).or_insert(now_ms);
            }
        }
    }

    /// Ends every sending that still runs.
    pub(crate) fn stop(&mut self, now_ms: i64) {
        for sending in &mut self.sendings {
            sending.stopped_ms.get_or_insert(now_ms);
        }
    }
}

impl Reading {
    fn of(text: Result<Decoded, Unreadable>, message: &Message) -> Reading {
        let says_it = text.as_ref().is_ok_and(|read| {
            let shown = letters(&read.text);
            read.header == message.header
                && message.words.iter().all(|(_, words)| shown.contains(&letters(words)))
        });
        Reading { text, says_it }
    }
}

/// Letters and digits alone, digits as Latin ones: what may differ between an alert's words and a phone's is left out.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).map(latin_digit).collect()
}

fn latin_digit(c: char) -> char {
    let from = [0x0660_u32, 0x06F0, 0x0966];
    let digit = from.iter().find_map(|&zero| u32::from(c).checked_sub(zero).filter(|&digit| digit < 10));
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_letters_and_digits() {
        assert_eq!(letters("تحذير ٣٠-٦٠ مم\r\n"), letters("تحذير 30–60 مم"));
        assert_eq!(letters("Flash flood, ۱۲:३०"), "Flashflood1230");
        assert_ne!(letters("Nizwa"), letters("Nizva"));
    }
}
