//! What is known of a drill after it: the report.json, versioned; read back, it is what the next drill is compared with.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The version this code writes.
pub const VERSION: u32 = 1;

/// Everything a report says. Field by field in docs/drill-report.md.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The form's version.
    pub version: u32,
    /// The drill's id: that of its warning.
    pub drill: String,
    /// Its name.
    pub name: String,
    /// `tabletop`, `network` or `public`.
    pub mode: String,
    /// Message identifier: 4381.
    pub identifier: u16,
    /// Always `drill`.
    pub class: String,
    /// When.
    pub when: When,
    /// Who.
    pub who: Who,
    /// Where.
    pub area: AreaTold,
    /// The headline of each language, by its code.
    pub headlines: Vec<(String, String)>,
    /// What was broadcast.
    pub messages: Vec<Message>,
    /// The promise.
    pub deadline_ms: u64,
    /// One an operator. Times run from the commit of the second approval.
    pub operators: Vec<Lane>,
    /// When the last operator was on air; null while one is not.
    pub slowest_ms: Option<f64>,
    /// Every operator on air, in the area alone, within the deadline.
    pub met: bool,
    /// Cells of all operators.
    pub cells: Cells,
    /// Phones of the simulator; null where nobody counts phones.
    pub phones: Option<Phones>,
    /// What was made to go wrong on purpose.
    pub injects: Vec<Inject>,
    /// The record of the hub.
    pub record: Record,
    /// The drill before, if there is one in the same folder.
    pub last: Option<Last>,
}

/// Instants, UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct When {
    /// Handed in.
    pub submitted_at: DateTime<Utc>,
    /// Approved: zero of all times.
    pub approved_at: DateTime<Utc>,
    /// Nothing is broadcast from then on.
    pub expires: DateTime<Utc>,
    /// When this was written.
    pub reported_at: DateTime<Utc>,
}

/// Two persons, and those who took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Who {
    /// Handed it in.
    pub author: Person,
    /// Approved it.
    pub approver: Person,
    /// The operators.
    pub participants: Vec<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As it stands in the record.
    pub id: String,
    /// If it is known here: the record holds none.
    pub name: Option<String>,
}

/// The area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaTold {
    /// What every operator was held to.
    pub sha256: String,
    /// The governorates.
    pub governorates: Vec<Governorate>,
    /// People who live there, where all are known.
    pub people: Option<u64>,
}

/// A governorate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Governorate {
    /// ISO 3166-2.
    pub code: String,
    /// Its name in Arabic.
    pub name_ar: String,
    /// Its name in English.
    pub name_en: String,
    /// Its people.
    pub people: Option<u64>,
    /// The year they were counted.
    pub people_year: Option<u16>,
}

/// One message as phones decode it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its languages.
    pub languages: Vec<String>,
    /// Serial number.
    pub serial: Option<u16>,
    /// Data coding scheme.
    pub dcs: u8,
    /// Pages of 82 octets.
    pub pages: usize,
    /// Characters (UCS-2) or septets (GSM-7).
    pub units: usize,
    /// The text.
    pub text: String,
}

/// One operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Which.
    pub operator: String,
    /// The furthest grade heard.
    pub state: String,
    /// When the path had the order.
    pub queued_ms: Option<f64>,
    /// When the adapter had it durably.
    pub taken_ms: Option<f64>,
    /// When the CBC accepted it.
    pub accepted_ms: Option<f64>,
    /// Whether that is all its CBC ever tells.
    #[serde(default)]
    pub accepted_is_final: bool,
    /// When the first cells were reported on air.
    pub on_air_ms: Option<f64>,
    /// Cells reported and expected.
    pub cells_on_air: Option<u64>,
    /// Cells expected.
    pub cells_total: Option<u64>,
    /// Whether it needed a person.
    pub red: bool,
    /// Why, or what is unknown.
    pub reason: Option<String>,
}

impl Lane {
    /// Whether it was on air in time (accepted, where its CBC tells no more) and nothing is wrong with it.
    pub fn met(&self, deadline_ms: u64) -> bool {
        let kept = match (self.accepted_is_final, self.cells_on_air) {
            (true, None) => self.accepted_ms,
            (true | false, cells) => self.on_air_ms.filter(|_| cells.is_some_and(|n| n > 0)),
        };
        !self.red && kept.is_some_and(|ms| ms <= deadline_ms as f64)
    }
}

/// Cells, summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cells {
    /// Reported and expected.
    pub on_air: u64,
    /// Expected; null where an operator has not told how many it expects.
    pub total: Option<u64>,
}

/// Phones, summed over the operators.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Phones {
    /// Listened in the area.
    pub in_area: u64,
    /// Showed it.
    pub displayed: u64,
    /// Showed one twice.
    pub twice: u64,
    /// Rang outside the area.
    pub outside: u64,
    /// Showed what cannot be read.
    pub unreadable: u64,
    /// By radio.
    pub by_radio: Vec<Radio>,
}

/// Phones of one radio.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Radio {
    /// `2g`, `4g`, `5g`.
    pub radio: String,
    /// Listened in the area.
    pub in_area: u64,
    /// Showed it.
    pub displayed: u64,
    /// Half of them had it by then.
    pub p50_ms: Option<i64>,
    /// 95 of 100.
    pub p95_ms: Option<i64>,
    /// Within ten seconds.
    pub within_10s: u64,
}

/// What was made to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inject {
    /// What.
    pub fault: String,
    /// At whom.
    pub operator: String,
}

/// The hub's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Whether its chain holds.
    pub verified: bool,
    /// Events it has.
    pub events: Option<u64>,
    /// The hash of the last.
    pub head: Option<String>,
}

/// The drill before this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Last {
    /// Its id.
    pub drill: String,
    /// When it was approved.
    pub approved_at: DateTime<Utc>,
    /// Its area.
    pub codes: Vec<String>,
    /// Whether it was met.
    pub met: bool,
    /// Its slowest operator.
    pub slowest_ms: Option<f64>,
    /// Its cells.
    pub cells: Cells,
    /// Phones that showed it.
    pub displayed: Option<u64>,
}

impl Evidence {
    /// What the next drill is compared with.
    pub fn as_last(&self) -> Last {
        Last {
            drill: self.drill.clone(),
            approved_at: self.when.approved_at,
            codes: self.area.governorates.iter().map(|g| g.code.clone()).collect(),
            met: self.met,
            slowest_ms: self.slowest_ms,
            cells: self.cells,
            displayed: self.phones.as_ref().map(|p| p.displayed),
        }
    }
}
