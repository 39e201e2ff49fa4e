//! Operators as a stand-in: cell broadcast centres, radio network and phones. Shares no code with Nadhir.

/// Numbers from a seed.
mod random;
/// Sectors and areas on a plane.
mod geometry;
/// Towns of Oman.
mod towns;
/// Cell lists, made up.
mod inventory;
/// Cell lists, read.
pub mod cells;
