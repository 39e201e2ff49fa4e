//! An operator's side: takes orders, keeps a ledger, speaks to the operator's CBC, sends graded receipts. Never sees the hub's record.

/// What the hub is told of its clocks.
mod beats;
/// An operator's CBC and its sites.
pub mod cbc;
/// The operator's cell list, as it changes.
mod cells;
/// What the cell list has, told to the hub.
mod counts;
/// The last look before each call that can put something on air.
mod gate;
/// An order read, verified and made into a job.
mod intake;
/// The adapter's own durable memory: orders, stages, receipts to be sent.
pub mod ledger;
/// Orders in: taken, refused, handed to the session.
mod orders;
/// Receipts out.
mod receipts;
/// The loops.
mod run;

pub use cbc::{Cbc, CbcSettings};
pub use cells::{BadList, Cells, MAY_LOSE_PERCENT, is_implausible, lost};
pub use intake::Refusal;
pub use ledger::{Ledger, LedgerError};
pub use run::{Settings, run};
