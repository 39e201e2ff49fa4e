//! What the session must know of an order: whom it warns, until when, and what it ends. Knows no CAP.

use crate::cbs::Class;
use crate::delivery::{Grade, Kind, People};
use crate::digest::Digest;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A warning as an order means it: a drill's order never means a live warning, whatever name it bears.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named {
    /// Of the order.
    pub class: Class,
    /// Its name.
    pub warning: String,
}

/// What the machine must know of an order that the adapter has verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The delivery's name.
    pub delivery: String,
    /// Live or drill.
    pub class: Class,
    /// The warning it belongs to.
    pub warning: String,
    /// What it asks for. A cancel has no messages and no cells.
    pub kind: Kind,
    /// The warnings before this one in its chain, newest first.
    pub before: Vec<String>,
    /// Nothing goes on air from this instant on.
    pub expires: DateTime<Utc>,
    /// Whether a message that may already be on air is submitted again when nobody can tell (Extreme only).
    pub extreme: bool,
    /// How many pages all its messages have together.
    pub pages: usize,
    /// What the CBC must have: identifier, serial, pages.
    pub messages: Vec<(u16, u16, Digest)>,
    /// The cells expected, from the operator's own list.
    pub expected: BTreeSet<String>,
    /// Whom the expected cells serve, by the operator's own list; empty where it counts nobody.
    pub served: BTreeMap<String, Served>,
}

/// Subscribers of one cell, the share of its sector inside the area and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Inside the area.
    pub inside: u32,
    /// Outside of it.
    pub outside: u32,
}

impl Job {
    /// Whom the cells on air reach, and whom they miss; `None` where nobody is counted.
    pub(super) fn people(&self, on_air: &BTreeSet<String>) -> Option<People> {
        (!self.served.is_empty()).then(|| {
            let mut people = People::default();
            for (cell, served) in &self.served {
                if on_air.contains(cell) {
                    people.rung_inside += u64::from(served.inside);
                    people.rung_outside += u64::from(served.outside);
                } else {
                    people.missed_inside += u64::from(served.inside);
                }
            }
            people
        })
    }

    /// The warning it belongs to.
    pub fn named(&self) -> Named {
        self.of_its_class(&self.warning)
    }

    /// The warnings this one ends, and what becomes of a delivery of them that never went out: all that it took the place
    /// of, however far back, since what lies between may have been refused here or may never have come.
    pub fn ends(&self) -> Vec<(Named, Grade)> {
        let before =
            |grade: Grade| self.before.iter().map(move |old| (self.of_its_class(old), grade.clone()));
        match self.kind {
            Kind::Alert => vec![],
            Kind::Update => before(Grade::Superseded).collect(),
            Kind::Cancel => {
                let own = (self.named(), Grade::Cancelled);
                [own].into_iter().chain(before(Grade::Cancelled)).collect()
            }
        }
    }

    fn of_its_class(&self, warning: &str) -> Named {
        Named { class: self.class, warning: warning.to_owned() }
    }
}
