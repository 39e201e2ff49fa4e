//! One document being read: elements against their sequence, texts of leaves. Knows no element by name but the root.

use super::alert::{Alert, Version};
use super::grammar::{self, Slot};
use super::ledger::Ledger;
use super::limits::Limits;
use super::scan::{Scan, Space, Step, Stop};
use super::xml::blank;

/// One document being read.
pub(super) struct Reader<'a> {
    pub(super) scan: Scan<'a>,
    pub(super) ledger: Ledger<'a>,
    pub(super) limits: Limits,
    /// Polygon points so far.
    pub(super) points: usize,
    pub(super) version: Version,
}

/// The text of an element.
pub(super) struct Leaf {
    pub(super) text: String,
    /// Where the element begins.
    pub(super) at: usize,
    /// Whether nothing in it was lost: no unknown entity, no element.
    pub(super) known: bool,
}

impl Reader<'_> {
    /// Reads the document to its end; none where the root is not CAP's.
    pub(super) fn document(&mut self) -> Result<Option<Alert>, Stop> {
        let mut alert = None;
        loop {
            match self.scan.step(&mut self.ledger)? {
                Step::Open(Space::Cap(version), name) if name == "alert" => {
                    self.version = version;
                    alert = Some(self.alert()?);
                }
                Step::Open(_, name) => {
                    let why = format!("the root element is \"{name}\", not alert of CAP 1.2 or CAP 1.1");
                    self.ledger.error("cap.root", self.scan.at(), why);
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::End => return Ok(alert),
                Step::Text(_) | Step::Section(_) | Step::Unknown | Step::Close => {}
            }
        }
    }

    /// Reads the children of the element just opened, to its end, against their sequence.
    pub(super) fn children(
        &mut self,
        slots: &'static [Slot],
        mut take: impl FnMut(&mut Self, &'static str) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let opened = self.scan.at();
        let mut counts = vec![0_usize; slots.len()];
        let mut furthest = 0;
        let mut strayed = false;
        let mut signed = false;
        loop {
            if self.ledger.full() {
                return Err(Stop);
            }
            match self.scan.step(&mut self.ledger)? {
                // A CDATA section is text whatever it holds (XML 1.0, 3, element content).
                Step::Section(_) if strayed => {}
                Step::Text(text) if strayed || blank(&text) => {}
                Step::Text(_) | Step::Section(_) => {
                    strayed = true;
                    self.ledger.error("cap.text.stray", self.scan.at(), "text stands between the elements");
                }
                Step::Unknown => {}
                Step::Open(Space::Signature, _) if slots == grammar::ALERT => {
                    signed = true;
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::Open(space, name) => {
                    let ours = space == Space::Cap(self.version);
                    let Some(at) = slots.iter().position(|s| ours && s.name == name) else {
                        self.ledger.enter(&name, None);
                        let why = format!("CAP {} knows no element \"{name}\" here", self.version);
                        self.ledger.error("cap.element.unknown", self.scan.at(), why);
                        self.scan.skip(&mut self.ledger)?;
                        self.ledger.leave();
                        continue;
                    };
                    let slot = slots[at];
                    counts[at] += 1;
                    self.ledger.enter(slot.name, slot.many.then_some(counts[at]));
                    self.attributes();
                    if signed || at < furthest {
                        let late = if signed { "the signature" } else { slots[furthest].name };
                        let why = format!("{} stands after {late}; it belongs before it", slot.name);
                        self.ledger.error("cap.element.order", self.scan.at(), why);
                    }
                    furthest = furthest.max(at);
                    if counts[at] > 1 && !slot.many {
                        let why = format!("{} stands here for the second time; one is allowed", slot.name);
                        self.ledger.error("cap.element.repeated", self.scan.at(), why);
                        self.scan.skip(&mut self.ledger)?;
                    } else {
                        take(self, slot.name)?;
                    }
                    self.ledger.leave();
                }
                Step::Close | Step::End => break,
            }
        }
        for (slot, count) in slots.iter().zip(counts) {
            if slot.must && count == 0 {
                let why = format!("{} is missing; the standard demands it", slot.name);
                self.ledger.missing("cap.element.missing", slot.name, opened, why);
            }
        }
        Ok(())
    }

    /// Reads the text of the element just opened, to its end.
    pub(super) fn leaf(&mut self) -> Result<Leaf, Stop> {
        let mut leaf = Leaf { text: String::new(), at: self.scan.at(), known: true };
        loop {
            if self.ledger.full() {
                return Err(Stop);
            }
            match self.scan.step(&mut self.ledger)? {
                Step::Text(text) | Step::Section(text) => leaf.text.push_str(&text),
                Step::Unknown => leaf.known = false,
                Step::Open(_, name) => {
                    leaf.known = false;
                    let why = format!("\"{name}\" stands where only text may stand");
                    self.ledger.error("cap.element.child", self.scan.at(), why);
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::Close | Step::End => break,
            }
        }
        if !leaf.known {
            self.ledger.gap();
        }
        Ok(leaf)
    }

    /// Books the attributes of the element just entered: CAP has none.
    pub(super) fn attributes(&mut self) {
        for name in self.scan.foreign() {
            let why = format!("CAP knows no attribute \"{name}\"");
            self.ledger.error("cap.attribute.unknown", self.scan.at(), why);
        }
    }

    /// Stops reading when there are `most` already.
    pub(super) fn bounded(&mut self, count: usize, most: usize, code: &str, what: &str) -> Result<(), Stop> {
        if count < most {
            return Ok(());
        }
        self.ledger.fatal(code, self.scan.at(), format!("more than {most} {what}"));
        Err(Stop)
    }
}
