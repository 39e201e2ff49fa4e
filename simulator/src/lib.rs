//! Operators as a stand-in: cell broadcast centres, radio network and phones. Shares no code with Nadhir.
//!
//! Read downwards: from numbers, places and octets to the network, its phones, and the HTTP in front of them.

/// Numbers from a seed.
mod random;

/// Sectors and areas on a plane.
mod geometry;

/// Areas, ready to be asked often.
mod outline;

/// Towns of Oman.
mod towns;

/// Where land is.
mod land;

/// Cell lists, made up.
mod inventory;

/// Cell lists, read.
pub mod cells;

/// Characters of a page.
mod alphabet;

/// Data coding schemes.
mod coding;

/// A page as an order writes it.
mod page;

/// Octets on the air.
mod frames;

/// A phone's reading of octets, for whoever checks an encoder.
pub mod reader;

/// Octets between CBC and base station controller.
mod cbsp;

/// The channels of Oman.
pub mod channels;

/// Why a request is refused.
mod refusal;

/// XML, within limits.
mod tree;

/// A CAP alert.
mod cap;

/// A CBC's own pages.
mod own;

/// The messages an alert asks for.
mod order;

/// The radio interface, modelled.
mod radio;

/// What phones remember.
mod memory;

/// Phones.
mod phones;

/// A message on a network.
mod broadcast;

/// One network.
mod network;

/// What reaches one phone.
mod evening;

/// What phones showed.
mod report;

/// What is wrong on purpose.
pub mod fault;

/// Requests seen.
mod journal;

/// Connections that can be cut.
mod line;

/// The CBC's interface.
mod cbc;

/// The interface of another kind of CBC.
mod ecbe;

/// The simulation's interface.
mod sim;

/// One operator, running.
mod operator;

#[cfg(test)]
mod sample;

pub use fault::Fault;
pub use operator::{Operator, Settings, StartError};
