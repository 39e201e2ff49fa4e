//! An order read, verified against what was approved, and made into a job for the session. Refusals are dead letters.

use super::cbc::{Reach, Task};
use nadhir_core::area::{self, CellList};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{BadOrder, Kind, Order};
use nadhir_core::session::{Job, Served};
use nadhir_core::warning::air::{self, BadAir};
use std::collections::{BTreeMap, BTreeSet};

/// Why an order is not carried out here. Each is an alarm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an order for here, or not the approved content.
    #[error(transparent)]
    Order(#[from] BadOrder),
    /// Its CAP carries no messages that can be put on air.
    #[error(transparent)]
    Air(#[from] BadAir),
    /// A drill's order that names a live warning: its CBC would go by the name alone.
    #[error("an order of a drill names a warning that is live here")]
    Live,
    /// Its area cannot be related to cells.
    #[error("the area of the order cannot be used: {0}")]
    Area(String),
}

impl Refusal {
    /// A stable code for the receipt.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Order(BadOrder::Form(_)) => "order.form",
            Refusal::Order(BadOrder::Version(_)) => "order.version",
            Refusal::Order(BadOrder::Operator { .. }) => "order.operator",
            Refusal::Order(BadOrder::Class { .. }) => "order.class",
            Refusal::Order(BadOrder::Cap { .. }) => "order.cap",
            Refusal::Order(BadOrder::Area { .. }) => "order.area",
            Refusal::Order(BadOrder::Envelope { .. }) => "order.envelope",
            Refusal::Order(BadOrder::Unreadable(_)) => "order.unreadable",
            Refusal::Air(_) => "order.messages",
            Refusal::Live => "order.live",
            Refusal::Area(_) => "order.shape",
        }
    }
}

/// Verifies an order and says what it asks of this operator's CBC. Which cells it reaches, and whether they are all there
/// are, is told by this one list.
pub(super) fn task(order: &Order, operator: &str, queue: Class, cells: &CellList) -> Result<Task, Refusal> {
    let alert = order.verify(operator, queue)?;
    let (messages, expected, served): (_, BTreeSet<String>, _) = match order.kind {
        Kind::Cancel => (vec![], BTreeSet::new(), BTreeMap::new()),
        Kind::Alert | Kind::Update => {
            let areas = alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
            let shape = area::shape(areas).map_err(|faults| {
                Refusal::Area(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            })?;
            let reached = cells.reached(&shape);
            let messages = air::messages(&alert)?;
            if messages.iter().any(|m| m.channel.class() != order.class) {
                return Err(BadOrder::Envelope { field: "class" }.into());
            }
            let served = served(&reached, cells);
            (messages, reached.iter().map(|(i, _)| cells.cells()[*i].key()).collect(), served)
        }
    };
    let whole = !expected.is_empty() && cells.cells().iter().all(|cell| expected.contains(&cell.key()));
    let job = Job {
        delivery: order.delivery.clone(),
        class: order.class,
        warning: order.warning.clone(),
        kind: order.kind,
        before: order.before(),
        expires: order.expires,
        extreme: messages.iter().any(|m| m.channel == nadhir_core::cbs::Channel::Emergency),
        pages: messages.iter().map(|m| m.pages.pages().len()).sum(),
        messages: messages.iter().map(|m| (m.channel.identifier(), m.serial.get(), m.pages_sha256)).collect(),
        expected,
        served,
    };
    let reach = if whole { Reach::WholeNetwork } else { Reach::Less };
    let refers = alert.references.into_iter().map(|reference| reference.identifier).collect();
    Ok(Task { order: order.clone(), job, refers, reach })
}

/// Whom the cells serve inside and outside of the area, where the list counts them: each cell's subscribers are spread
/// evenly over its sector.
fn served(reached: &[(usize, f64)], cells: &CellList) -> BTreeMap<String, Served> {
    let of = |&(i, share): &(usize, f64)| {
        let cell = &cells.cells()[i];
        let all = u32::try_from(cell.handsets?).ok()?;
        let inside = whole_persons(f64::from(all) * share).min(all);
        Some((cell.key(), Served { inside, outside: all - inside }))
    };
    reached.iter().filter_map(of).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32, not below 0")]
fn whole_persons(count: f64) -> u32 {
    count.round() as u32
}
