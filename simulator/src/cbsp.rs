//! The octets a base station controller gets: WRITE-REPLACE and KILL of CBSP (TS 48.049). Opens no connection.

use crate::frames::Header;
use crate::order::Rounds;
use crate::page::Page;

/// Message types (8.2.1).
const WRITE_REPLACE: u8 = 0x01;
const KILL: u8 = 0x04;

/// Element identifiers (8.2.3).
const PAGE: u8 = 0x01;
const OLD_SERIAL: u8 = 0x02;
const NEW_SERIAL: u8 = 0x03;
const CELL_LIST: u8 = 0x04;
const CATEGORY: u8 = 0x05;
const PERIOD: u8 = 0x06;
const BROADCASTS: u8 = 0x07;
const DCS: u8 = 0x0C;
const IDENTIFIER: u8 = 0x0E;
const CHANNEL: u8 = 0x12;
const PAGES: u8 = 0x13;

/// Cell list discriminators (8.2.3.8).
const CELL_GLOBAL_IDENTITY: u8 = 0;
const ALL_CELLS: u8 = 6;
/// High priority (8.2.3.9).
const HIGH: u8 = 0;
/// The basic channel (8.2.3.20).
const BASIC: u8 = 0;

/// Which cells of a controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cells {
    /// All it has.
    All,
    /// These, each as location area and cell identity, of one network.
    Some {
        /// Mobile country and network code, as digits: `422`, `02`.
        plmn: [&'static str; 2],
        /// Location area code and cell identity of each.
        cells: Vec<(u16, u16)>,
    },
}

/// WRITE-REPLACE (8.1.3.1): a message is broadcast; with `old`, in one step in the place of that serial.
pub(crate) fn write_replace(
    header: Header,
    old: Option<u16>,
    cells: &Cells,
    rounds: Rounds,
    pages: &[Page],
) -> Vec<u8> {
    let mut body = Vec::new();
    element(&mut body, IDENTIFIER, &header.identifier.to_be_bytes());
    element(&mut body, NEW_SERIAL, &header.serial.to_be_bytes());
    if let Some(old) = old {
        element(&mut body, OLD_SERIAL, &old.to_be_bytes());
    }
    cell_list(&mut body, cells);
    element(&mut body, CHANNEL, &[BASIC]);
    element(&mut body, CATEGORY, &[HIGH]);
    element(&mut body, PERIOD, &rounds.period_2g.to_be_bytes());
    element(&mut body, BROADCASTS, &rounds.broadcasts_2g.to_be_bytes());
    element(&mut body, PAGES, &[u8::try_from(pages.len()).unwrap_or(u8::MAX)]);
    element(&mut body, DCS, &[header.dcs]);
    for page in pages {
        element(&mut body, PAGE, &[page.useful]);
        body.extend_from_slice(&page.octets);
    }
    message(WRITE_REPLACE, &body)
}

/// KILL (8.1.3.4): a message is broadcast no more.
pub(crate) fn kill(identifier: u16, serial: u16, cells: &Cells) -> Vec<u8> {
    let mut body = Vec::new();
    element(&mut body, IDENTIFIER, &identifier.to_be_bytes());
    element(&mut body, OLD_SERIAL, &serial.to_be_bytes());
    cell_list(&mut body, cells);
    element(&mut body, CHANNEL, &[BASIC]);
    message(KILL, &body)
}

/// Type, three octets of length, elements (8.2.2).
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(0).to_be_bytes();
    [&[kind], &length[1..], body].concat()
}

fn element(body: &mut Vec<u8>, identifier: u8, octets: &[u8]) {
    body.push(identifier);
    body.extend_from_slice(octets);
}

fn cell_list(body: &mut Vec<u8>, cells: &Cells) {
    let (discriminator, list) = match cells {
        Cells::All => (ALL_CELLS, Vec::new()),
        Cells::Some { plmn, cells } => {
            let plmn = plmn_octets(plmn);
            let one =
                |(area, cell): &(u16, u16)| [&plmn[..], &area.to_be_bytes(), &cell.to_be_bytes()].concat();
            (CELL_GLOBAL_IDENTITY, cells.iter().flat_map(one).collect::<Vec<u8>>())
        }
    };
    let length = u16::try_from(1 + list.len()).unwrap_or(u16::MAX);
    element(body, CELL_LIST, &length.to_be_bytes());
    element(body, discriminator, &list);
}

/// Digits two by two, the first in the low half; a network code of two digits is filled up with ones (TS 24.008, 10.5.1.3).
fn plmn_octets([country, network]: &[&str; 2]) -> [u8; 3] {
    let digit = |text: &str, k: usize| text.as_bytes().get(k).map_or(0x0F, |digit| digit & 0x0F);
    [
        digit(country, 1) << 4 | digit(country, 0),
        digit(network, 2) << 4 | digit(country, 2),
        digit(network, 1) << 4 | digit(network, 0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Concurrent;
    use crate::page::{PAGE_OCTETS, hex};

    const HEADER: Header = Header { identifier: 4371, serial: 0x4010, dcs: 0x48 };

    #[test]
    fn is_laid_out_as_seen_on_the_wire() {
        let rounds = Rounds {
            period_2g: 30,
            broadcasts_2g: 20,
            period_s: 30,
            broadcasts: 20,
            concurrent: Concurrent::Yes,
        };
        let pages = vec![Page { octets: [0; PAGE_OCTETS], useful: 82 }; 3];
        let octets = write_replace(HEADER, None, &Cells::All, rounds, &pages);
        let head = "010001140e1113034010040001061200050006001e07001413030c48";
        assert_eq!(hex(&octets)[..head.len()], *head);
        assert_eq!(octets.len(), 4 + 0x0114);
        assert_eq!(octets[head.len() / 2..][..2], [0x01, 0x52]);
    }

    #[test]
    fn names_the_old_serial_and_the_cells() {
        let cells = Cells::Some { plmn: ["422", "02"], cells: vec![(1015, 7), (1016, 8)] };
        assert_eq!(
            hex(&kill(4371, 0x4010, &cells)),
            "0400001a0e111302401004000f0024f22003f7000724f22003f800081200"
        );
        let pages = [Page { octets: [0; PAGE_OCTETS], useful: 2 }];
        let rounds = Rounds {
            period_2g: 16,
            broadcasts_2g: 2,
            period_s: 30,
            broadcasts: 2,
            concurrent: Concurrent::Yes,
        };
        let update = write_replace(Header { serial: 0x4011, ..HEADER }, Some(0x4010), &cells, rounds, &pages);
        assert!(hex(&update).contains("0e11130340110240100400"), "{}", hex(&update));
    }
}
