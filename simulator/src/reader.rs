//! What a phone reads from the octets on the air, for whoever checks an encoder: no network, no duplicates, no screen.

use crate::frames::{Decoded, Header, Joins, read_cb_data, read_gsm};

/// What a phone makes of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Message identifier.
    pub identifier: u16,
    /// Serial number.
    pub serial: u16,
    /// The text of all pages.
    pub text: String,
}

/// A 2G phone's reading of frames of 88 octets, in whatever order they came; `None` until the last page is there.
///
/// # Errors
/// Why the pages cannot be read, in words.
pub fn on_2g(frames: &[[u8; 88]]) -> Option<Result<Read, String>> {
    read_gsm(frames, Joins::Message).map(|read| read.map(Read::from).map_err(|e| e.to_string()))
}

/// A 4G or 5G phone's reading of CB data under this identifier, serial number and data coding scheme.
///
/// # Errors
/// Why the pages cannot be read, in words.
pub fn on_4g(identifier: u16, serial: u16, dcs: u8, data: &[u8]) -> Result<Read, String> {
    read_cb_data(Header { identifier, serial, dcs }, data).map(Read::from).map_err(|e| e.to_string())
}

impl From<Decoded> for Read {
    fn from(decoded: Decoded) -> Read {
        let Header { identifier, serial, dcs: _ } = decoded.header;
        Read { identifier, serial, text: decoded.text }
    }
}
