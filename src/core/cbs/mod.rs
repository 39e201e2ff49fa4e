//! What phones get: channels, text, alphabets, pages, languages, serial numbers, octets on the wire. Decides; sends nothing.
//!
//! A text goes down this list: judged and cleaned, spelt in an alphabet, cut into pages, laid out in messages.

/// The links and telephone numbers that may be sent.
pub mod allowed;
/// What a warning costs: units, pages, seconds on 2G.
pub mod budget;
/// The four channels Oman uses: one table for encoder, screens and docs.
pub mod channel;
/// The GSM 7 bit default alphabet and its extension table.
pub mod gsm7;
/// From a clean text to pages: the alphabet, the data coding scheme, the cuts.
pub mod lay;
/// Languages into messages: one, pairs, each.
pub mod layout;
/// One spelling for letters and their marks.
mod nfc;
/// Pages of 82 octets and the useful length of each.
pub mod page;
/// What texts are held against: the house's list, the author's choice.
pub mod rules;
/// Serial numbers, and who may have which.
pub mod serial;
/// A text fit to be broadcast, and what was changed to make it so.
pub mod text;
/// UCS-2: sixteen bits a character.
pub mod ucs2;
/// Which alert may go on which channel: the whitelist.
pub mod whitelist;
/// The octets a network element gets.
pub mod wire;

pub use allowed::Allowed;
pub use budget::{Budget, Choice, budget, choices};
pub use channel::{Channel, Class};
pub use lay::{Laid, encode_text, lay};
pub use layout::{Encoded, Layout, Message, Text, encode, texts};
pub use page::{Alphabet, Dcs, Page, Pages};
pub use rules::{Ornament, Rules};
pub use serial::Serial;
pub use text::Clean;
pub use whitelist::{Authority, Given, channel_of};
