//! Nadhir: the hub, the adapters and the command line, as a library that the binary and the tests share.

/// An operator's side.
pub mod adapter;
/// The command line.
pub mod cli;
/// The process's clocks.
pub mod clock;
/// The configuration file.
pub mod config;
/// The whole way on one machine, with the simulator.
#[cfg(feature = "demo")]
pub mod demo;
/// The hub's tasks: issue, relay, collect.
pub mod dispatch;
/// What stands in the way of the ten seconds, looked for before they are needed.
pub mod doctor;
/// Drills: planned, run, reported.
pub mod drill;
/// API, pages, liveness and figures.
pub mod http;
/// What phones of operators' laboratories showed.
pub mod laboratory;
/// Persons and what they sign in with.
pub mod people;
/// Hub and adapters put together.
pub mod run;
/// The hub's durable record.
pub mod store;
/// The paths an order takes and a receipt returns by.
pub mod transport;
