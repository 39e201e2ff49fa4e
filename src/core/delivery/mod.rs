//! From the hub to one operator and back: orders, receipts, the tally against the clock, what is due next.

/// How far an adapter's clock and the hub's are apart.
pub mod clocks;
/// What an operator's cell list has, by wilayat.
pub mod counts;
/// What the hub has to do next about a lane.
pub mod due;
/// The order to one operator, as bytes and back.
pub mod order;
/// What an operator's adapter reports, graded.
pub mod receipt;
/// One lane an operator: what was heard when, and whether it is red.
pub mod tally;

pub use clocks::{AdapterClock, Beat};
pub use counts::{BadCounts, Counts};
pub use due::{Do, due};
pub use order::{BadOrder, Kind, Order};
pub use receipt::{BadReceipt, Grade, More, People, Receipt};
pub use tally::{Air, Cause, DEADLINE, Lane, Red, Tally};
