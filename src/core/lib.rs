//! Everything Nadhir decides, and nothing it does: no socket, no file, no clock, no randomness.
//!
//! Data flows down this list; imports run the other way, from the world to the meaning.

/// Regions, cells, the coverage of an alert's area.
pub mod area;
/// The CAP 1.2 document as types; read, written, judged by the standard and by a profile.
pub mod cap;
/// Channels, alphabets, pages, serial numbers, wire forms of cell broadcast.
pub mod cbs;
/// Orders to operators, receipts from them, the tally against the clock.
pub mod delivery;
/// SHA-256 digests and hexadecimal.
pub mod digest;
/// What is wrong with something that came in: a code, a level, a place, words.
pub mod fault;
/// The instant, as an argument: the wall clock for expiry, a monotonic tick for deadlines.
pub mod now;
/// One operator's adapter as a state machine.
pub mod session;
/// The life of a warning: prepared, waiting, approved; what an approval binds.
pub mod warning;
