//! Chains of messages: which update, cancel, ack and error speaks of which alert, and what that does to it (CAP 1.2, 3.2.1).
//!
//! Messages are taken in one by one, and one refers only to what was sent before it: so no chain is a circle. Knows no
//! store and no clock.

use super::alert::{Alert, MsgType, Reference};
use super::time::CapTime;
use crate::fault::{Fault, any_error};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

/// What a chain knows of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The triple that names it for ever.
    pub id: Reference,
    /// Its nature.
    pub msg_type: MsgType,
    /// What it speaks of.
    pub references: Vec<Reference>,
    /// When the last of its infos ends; none if none says so.
    pub expires: Option<DateTime<Utc>>,
}

/// What an admitted message does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// An alert of its own.
    Begins,
    /// It takes the place of these, which were in force.
    Replaces(Vec<Reference>),
    /// It ends these, which were in force.
    Ends(Vec<Reference>),
    /// It acknowledges or rejects these and changes none of them.
    Answers(Vec<Reference>),
}

/// A message taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// What it does.
    pub effect: Effect,
    /// What a person should know: earlier messages it leaves out, references nobody here knows.
    pub warnings: Vec<Fault>,
}

/// Where an alert or update stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing has ended it.
    InForce,
    /// Its time is over.
    Expired,
    /// This update took its place.
    Updated(Reference),
    /// This cancel ended it.
    Cancelled(Reference),
}

/// The messages taken in so far.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    messages: Vec<Message>,
    at: HashMap<Reference, usize>,
    /// By what each was ended first, as a place in `messages`.
    ended: HashMap<usize, usize>,
    /// Named by a message and not known when it came.
    awaited: HashSet<Reference>,
}

impl Reference {
    /// The triple of an alert.
    pub fn of(alert: &Alert) -> Reference {
        Reference { sender: alert.sender.clone(), identifier: alert.identifier.clone(), sent: alert.sent }
    }
}

impl fmt::Display for Reference {
    /// As CAP writes it: `sender,identifier,sent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.sender, self.identifier, self.sent)
    }
}

impl Message {
    /// What a chain needs of an alert.
    pub fn of(alert: &Alert) -> Message {
        let ends: Option<Vec<_>> = alert.infos.iter().map(|info| info.expires.map(CapTime::utc)).collect();
        Message {
            id: Reference::of(alert),
            msg_type: alert.msg_type,
            references: alert.references.clone(),
            expires: ends.and_then(|ends| ends.into_iter().max()),
        }
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl Chains {
    /// Takes a message in, or says every reason why not; then nothing has changed.
    ///
    /// Refused: a triple that was seen before (`chain.replayed`), a reference to itself, to what was sent later or in a
    /// circle, an update or cancel by another sender, and one that names nothing in force. References are compared as
    /// triples, the time as an instant.
    pub fn admit(&mut self, mut message: Message, now: DateTime<Utc>) -> Result<Admitted, Vec<Fault>> {
        // Named twice is named.
        let mut named = HashSet::new();
        message.references.retain(|reference| named.insert(reference.clone()));
        let mut faults = self.form(&message);
        let effect = self.effect(&message, now, &mut faults);
        if any_error(&faults) {
            return Err(faults);
        }
        self.take(message, &effect);
        Ok(Admitted { effect, warnings: faults })
    }

    /// Keeps a message that the record took in before: judged then, not again. What it names of what is kept, it ends.
    pub fn keep(&mut self, message: Message) {
        let known: Vec<Reference> =
            message.references.iter().filter(|r| self.at.contains_key(r)).cloned().collect();
        let effect = match message.msg_type {
            MsgType::Alert => Effect::Begins,
            MsgType::Update => Effect::Replaces(known),
            MsgType::Cancel => Effect::Ends(known),
            MsgType::Ack | MsgType::Error => Effect::Answers(known),
        };
        self.take(message, &effect);
    }

    /// Where an alert or update stands; none for what was never taken in, and for what only answers.
    pub fn standing(&self, id: &Reference, now: DateTime<Utc>) -> Option<Standing> {
        let at = *self.at.get(id)?;
        let message = self.messages.get(at).filter(|m| m.msg_type.warns())?;
        let ender = self.ended.get(&at).and_then(|by| self.messages.get(*by));
        Some(match ender.map(|by| (by.msg_type, by.id.clone())) {
            Some((MsgType::Cancel, by)) => Standing::Cancelled(by),
            Some((MsgType::Alert | MsgType::Update | MsgType::Ack | MsgType::Error, by)) => {
                Standing::Updated(by)
            }
            None if message.is_over(now) => Standing::Expired,
            None => Standing::InForce,
        })
    }

    /// What an update or cancel of `heads` has to name (CAP 1.2, 3.2.1: all earlier messages that have not expired): the
    /// heads first, then what they took the place of, newest first. Whoever missed the newest still knows an older one.
    pub fn owed(&self, heads: &[Reference], now: DateTime<Utc>) -> Vec<Reference> {
        let mut named = HashSet::new();
        let open = |id: &&Reference| self.message(id).is_none_or(|m| m.msg_type.warns() && !m.is_over(now));
        let mut owed: Vec<Reference> =
            heads.iter().filter(open).filter(|head| named.insert(*head)).cloned().collect();
        let mut earlier: Vec<&Message> =
            self.earlier(heads).into_iter().filter(|m| m.msg_type.warns() && !m.is_over(now)).collect();
        earlier.sort_by(|a, b| b.id.sent.cmp(&a.id.sent).then_with(|| b.id.identifier.cmp(&a.id.identifier)));
        owed.extend(earlier.into_iter().map(|m| &m.id).filter(|id| named.insert(*id)).cloned());
        owed
    }

    /// Who acknowledged a message and who rejected it, in the order they came.
    pub fn answers<'a>(&'a self, id: &'a Reference) -> impl Iterator<Item = &'a Message> {
        let answers = |m: &&Message| match m.msg_type {
            MsgType::Ack | MsgType::Error => m.references.contains(id),
            MsgType::Alert | MsgType::Update | MsgType::Cancel => false,
        };
        self.messages.iter().filter(answers)
    }

    fn take(&mut self, message: Message, effect: &Effect) {
        let place = self.messages.len();
        if let Effect::Replaces(named) | Effect::Ends(named) = effect {
            for at in named.iter().filter_map(|id| self.at.get(id)) {
                self.ended.entry(*at).or_insert(place);
            }
        }
        self.awaited.extend(message.references.iter().filter(|r| !self.at.contains_key(r)).cloned());
        self.at.insert(message.id.clone(), place);
        self.messages.push(message);
    }

    fn message(&self, id: &Reference) -> Option<&Message> {
        self.at.get(id).and_then(|at| self.messages.get(*at))
    }

    /// Everything that `heads` speak of, and what that speaks of, the heads left out.
    fn earlier(&self, heads: &[Reference]) -> Vec<&Message> {
        let mut seen: BTreeSet<usize> = heads.iter().filter_map(|id| self.at.get(id).copied()).collect();
        let mut next: Vec<usize> = seen.iter().copied().collect();
        let mut found = Vec::new();
        while let Some(message) = next.pop().and_then(|at| self.messages.get(at)) {
            for at in message.references.iter().filter_map(|id| self.at.get(id).copied()) {
                if seen.insert(at) {
                    next.push(at);
                    found.extend(self.messages.get(at));
                }
            }
        }
        found
    }

    /// Whether `from`, or what it speaks of, speaks of `to`.
    fn leads_to(&self, from: &Reference, to: &Reference) -> bool {
        let own = self.message(from).into_iter();
        own.chain(self.earlier(std::slice::from_ref(from))).any(|m| m.references.contains(to))
    }

    /// What is wrong with the message whatever it does.
    fn form(&self, message: &Message) -> Vec<Fault> {
        let mut faults = Vec::new();
        // Only what was named before it came can close a circle.
        let awaited = self.awaited.contains(&message.id);
        if self.at.contains_key(&message.id) {
            let why = format!("{} was seen before: a message is taken once", message.id);
            faults.push(Fault::error("chain.replayed", "alert/identifier", why));
        }
        for (n, reference) in (1..).zip(&message.references) {
            let place = format!("alert/references[{n}]");
            if reference.sender == message.id.sender && reference.identifier == message.id.identifier {
                faults.push(Fault::error("chain.reference.self", place, "the message refers to itself"));
            } else if reference.sent > message.id.sent {
                let why = format!("{reference} was sent after the message that refers to it");
                faults.push(Fault::error("chain.reference.future", place, why));
            } else if awaited && self.leads_to(reference, &message.id) {
                let why = format!("{reference} refers to this message: the references go in a circle");
                faults.push(Fault::error("chain.reference.circle", place, why));
            }
        }
        faults
    }

    fn effect(&self, message: &Message, now: DateTime<Utc>, faults: &mut Vec<Fault>) -> Effect {
        let place = "alert/references";
        let unknown: Vec<String> =
            message.references.iter().filter(|r| !self.at.contains_key(r)).map(ToString::to_string).collect();
        if !unknown.is_empty() {
            let why = format!("nobody here knows {}", unknown.join(" "));
            faults.push(Fault::warning("chain.reference.unknown", place, why));
        }
        let known: Vec<&Reference> = message.references.iter().filter(|r| self.at.contains_key(r)).collect();
        match message.msg_type {
            MsgType::Alert => return Effect::Begins,
            MsgType::Ack | MsgType::Error => {
                if known.is_empty() {
                    let why = "it answers nothing that is known here";
                    faults.push(Fault::error("chain.unknown", place, why));
                }
                return Effect::Answers(known.into_iter().cloned().collect());
            }
            MsgType::Update | MsgType::Cancel => {}
        }
        if known.is_empty() {
            let why = "it names nothing that is known here: nothing was changed";
            faults.push(Fault::error("chain.unknown", place, why));
        }
        for other in known.iter().filter(|r| r.sender != message.id.sender) {
            let why = format!("{} is {}'s: only its own sender updates or cancels it", other, other.sender);
            faults.push(Fault::error("chain.sender", place, why));
        }
        let open: Vec<Reference> = known
            .iter()
            .filter(|id| self.standing(id, now) == Some(Standing::InForce))
            .map(|id| (*id).clone())
            .collect();
        if open.is_empty() && !known.is_empty() {
            let why = "nothing that it names is in force any more";
            faults.push(Fault::error("chain.over", place, why));
        }
        let named: HashSet<&Reference> = message.references.iter().collect();
        let left_out: Vec<String> =
            self.owed(&open, now).iter().filter(|id| !named.contains(id)).map(ToString::to_string).collect();
        if !left_out.is_empty() {
            let why = format!("earlier messages that have not expired are not named: {}", left_out.join(" "));
            faults.push(Fault::warning("chain.reference.incomplete", place, why));
        }
        if message.msg_type == MsgType::Cancel { Effect::Ends(open) } else { Effect::Replaces(open) }
    }
}
