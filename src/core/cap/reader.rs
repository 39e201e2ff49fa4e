//! One document being read: elements against their sequence, texts of leaves. Knows no element by name but the root.

use super::alert::{Alert, Version};
use super::extension::Extension;
use super::grammar::{self, Slot};
use super::ledger::Ledger;
use super::limits::Limits;
use super::scan::{Scan, Step, Stop};
use super::space::Space;
use super::xml::is_blank;
use crate::fault::{Kind, Told};
use std::borrow::Cow;

/// One document being read.
pub(super) struct Reader<'a> {
    pub(super) scan: Scan<'a>,
    pub(super) ledger: Ledger<'a>,
    pub(super) limits: Limits,
    /// Polygon points so far.
    pub(super) points: usize,
    /// Polygons, circles and geocodes so far.
    pub(super) shapes: usize,
    pub(super) version: Version,
    /// Elements that CAP does not have.
    pub(super) extensions: Vec<Extension>,
}

/// The text of an element.
pub(super) struct Leaf<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where the element begins.
    pub(super) at: usize,
    /// Whether nothing in it was lost: no unknown entity, no element.
    pub(super) known: bool,
}

impl<'a> Reader<'a> {
    /// Reads the document to its end into `alert`; it stays none where the root is not CAP's.
    pub(super) fn document(&mut self, alert: &mut Option<Alert>) -> Result<(), Stop> {
        loop {
            match self.scan.step(&mut self.ledger)? {
                Step::Open(Space::Cap(version), "alert") => {
                    self.version = version;
                    self.alert(alert)?;
                }
                Step::Open(_, name) => {
                    let whose = if name == "alert" { " of another namespace" } else { "" };
                    let why = Told::new(
                        format!("the root element is \"{name}\"{whose}, not alert of CAP 1.2 or CAP 1.1"),
                        [
                            (Kind::Found, name.to_owned()),
                            (Kind::Wanted, "alert (CAP 1.2, CAP 1.1)".to_owned()),
                        ],
                    );
                    self.ledger.error("cap.root", self.scan.at(), why);
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::End => return Ok(()),
                Step::Text(_) | Step::Section(_) | Step::Unknown | Step::Close => {}
            }
        }
    }

    /// Reads the children of the element just opened, to its end, against their sequence.
    pub(super) fn children<E: Copy>(
        &mut self,
        slots: &'static [Slot<E>],
        take: impl FnMut(&mut Self, E) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let (opened, depth) = (self.scan.at(), self.ledger.depth());
        let mut counts = [0_usize; grammar::WIDEST];
        let ended = self.sequence(slots, &mut counts, take);
        self.ledger.back(depth);
        for (slot, _) in slots.iter().zip(counts).filter(|(slot, count)| slot.must && *count == 0) {
            match ended {
                Ok(()) => {
                    self.ledger.missing("cap.element.missing", slot.name, opened, missing(slot.name));
                }
                // It may stand where reading did not come to.
                Err(Stop) => {
                    self.ledger.lacks(slot.name);
                }
            }
        }
        ended
    }

    fn sequence<E: Copy>(
        &mut self,
        slots: &'static [Slot<E>],
        counts: &mut [usize],
        mut take: impl FnMut(&mut Self, E) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let (mut furthest, mut strayed, mut signed) = (0, false, false);
        loop {
            if self.ledger.full() {
                return Err(Stop);
            }
            match self.scan.step(&mut self.ledger)? {
                Step::Section(_) if strayed => {}
                // White space comes here as a reference only; a CDATA section is text whatever it holds (XML 1.0, 3,
                // element content).
                Step::Text(text) if strayed || text.bytes().all(is_blank) => {}
                Step::Text(_) | Step::Section(_) => {
                    strayed = true;
                    self.ledger.error("cap.text.stray", self.scan.at(), "text stands between the elements");
                }
                Step::Unknown => {}
                // In the root alone (3.3.4.1).
                Step::Open(Space::Signature, name) if self.ledger.depth() == 1 => {
                    signed = true;
                    self.keep(name)?;
                }
                Step::Open(space, name) => {
                    let Some(at) = slot(slots, furthest, name).filter(|_| space == Space::Cap(self.version))
                    else {
                        self.unknown(name)?;
                        continue;
                    };
                    let slot = slots[at];
                    counts[at] += 1;
                    self.ledger.enter(slot.name, slot.many.then_some(counts[at]), self.scan.at());
                    self.attributes();
                    if signed || at < furthest {
                        self.late(slot.name, if signed { "Signature" } else { slots[furthest].name });
                    }
                    furthest = furthest.max(at);
                    if counts[at] > 1 && !slot.many {
                        self.second(slot.name)?;
                    } else {
                        take(self, slot.element)?;
                        self.ledger.leave();
                    }
                }
                Step::Close | Step::End => return Ok(()),
            }
        }
    }

    /// Books an element that has no place here, and keeps it.
    #[cold]
    fn unknown(&mut self, name: &'a str) -> Result<(), Stop> {
        self.ledger.enter(name, None, self.scan.at());
        let why = Told::new(
            format!("CAP {} knows no element \"{name}\" here", self.version),
            [(Kind::Name, name.to_owned()), (Kind::Against, format!("CAP {}", self.version))],
        );
        self.ledger.error("cap.element.unknown", self.scan.at(), why);
        self.ledger.leave();
        self.keep(name)
    }

    /// Books that an element stands after one it belongs before.
    #[cold]
    fn late(&mut self, name: &str, late: &str) {
        let why = Told::new(
            format!("{name} stands after {late}; it belongs before it"),
            [(Kind::Name, name.to_owned()), (Kind::Against, late.to_owned())],
        );
        self.ledger.error("cap.element.order", self.scan.at(), why);
    }

    /// Books an element that may stand once and stands here again, leaves it and keeps it.
    #[cold]
    fn second(&mut self, name: &str) -> Result<(), Stop> {
        let why = Told::new(
            format!("{name} stands here for the second time; one is allowed"),
            [(Kind::Name, name.to_owned()), (Kind::Most, "1".to_owned())],
        );
        self.ledger.error("cap.element.repeated", self.scan.at(), why);
        self.ledger.leave();
        self.keep(name)
    }

    /// Goes past the element just opened and notes where it stands.
    fn keep(&mut self, name: &str) -> Result<(), Stop> {
        let begins = self.scan.at();
        self.scan.skip(&mut self.ledger)?;
        let octets = begins..self.scan.after();
        self.extensions.push(Extension { within: self.ledger.here(), name: name.to_owned(), octets });
        Ok(())
    }

    /// Reads the text of the element just opened, to its end; a text that was lost, or not come to, leaves a gap.
    pub(super) fn leaf(&mut self) -> Result<Leaf<'a>, Stop> {
        let leaf = self.text();
        if leaf.as_ref().map_or(true, |leaf| !leaf.known) {
            self.ledger.gap();
        }
        leaf
    }

    fn text(&mut self) -> Result<Leaf<'a>, Stop> {
        let at = self.scan.at();
        let mut leaf = Leaf { text: self.scan.run().unwrap_or_default(), at, known: true };
        loop {
            if self.ledger.full() {
                return Err(Stop);
            }
            match self.scan.step_in_text(&mut self.ledger)? {
                Step::Text(text) | Step::Section(text) => {
                    if leaf.text.is_empty() {
                        leaf.text = text;
                    } else {
                        leaf.text.to_mut().push_str(&text);
                    }
                }
                Step::Unknown => leaf.known = false,
                Step::Open(_, name) => {
                    leaf.known = false;
                    let why = Told::new(
                        format!("\"{name}\" stands where only text may stand"),
                        [(Kind::Name, name.to_owned())],
                    );
                    self.ledger.error("cap.element.child", self.scan.at(), why);
                    self.keep(name)?;
                }
                Step::Close | Step::End => return Ok(leaf),
            }
        }
    }

    /// Books the attributes of the element just entered: CAP has none.
    pub(super) fn attributes(&mut self) {
        for name in self.scan.foreign() {
            let why = Told::new(format!("CAP knows no attribute \"{name}\""), [(Kind::Name, name.clone())]);
            self.ledger.error("cap.attribute.unknown", self.scan.at(), why);
        }
    }

    /// Stops reading when there are `most` already.
    pub(super) fn bounded(&mut self, count: usize, most: usize, code: &str, what: &str) -> Result<(), Stop> {
        if count < most {
            return Ok(());
        }
        let why = Told::new(format!("more than {most} {what}"), [(Kind::Most, most.to_string())]);
        self.ledger.fatal(code, self.scan.at(), why);
        Err(Stop)
    }
}

/// That an element is not there.
pub(super) fn missing(name: &str) -> Told {
    Told::new(format!("{name} is missing; the standard demands it"), [(Kind::Name, name.to_owned())])
}

/// The slot of a name: in a lawful document the furthest one reached or one soon after it.
fn slot<E>(slots: &[Slot<E>], furthest: usize, name: &str) -> Option<usize> {
    let is = |s: &Slot<E>| s.name == name;
    let (before, after) = slots.split_at(furthest);
    after.iter().position(is).map(|at| furthest + at).or_else(|| before.iter().position(is))
}
