//! Operators as a stand-in: cell broadcast centres, radio network and phones. Shares no code with Nadhir.

/// Characters of a page.
mod alphabet;
/// A CAP alert.
mod cap;
/// Cell lists, read.
pub mod cells;
/// The channels of Oman.
mod channels;
/// Data coding schemes.
mod coding;
/// Octets on the air.
mod frames;
/// Sectors and areas on a plane.
mod geometry;
/// Cell lists, made up.
mod inventory;
/// The messages an alert asks for.
mod order;
/// Phones.
mod phones;
/// The radio interface, modelled.
mod radio;
/// Numbers from a seed.
mod random;
/// Why a request is refused.
mod refusal;
#[cfg(test)]
mod sample;
/// Towns of Oman.
mod towns;
/// XML, within limits.
mod tree;
