//! The octets a network element gets: 2G pages and the CB data of 4G and 5G. Numbers are written as given: which may be
//! given is decided by `Channel` and `Serial`.

use super::page::{Dcs, OCTETS, Page, Pages};

/// Octets of a page on the 2G cell broadcast channel (TS 23.041, 9.4.1.1).
pub const GSM_PAGE: usize = 6 + OCTETS;

/// A message in both wire forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// One of 88 octets a page, for 2G.
    pub gsm_pages: Vec<[u8; GSM_PAGE]>,
    /// For 4G and 5G.
    pub cb_data: Vec<u8>,
}

/// Both wire forms of a message.
pub fn forms(pages: &Pages, serial: u16, identifier: u16) -> Forms {
    let total = pages.pages().len();
    let gsm_pages = pages
        .pages()
        .iter()
        .enumerate()
        .map(|(i, page)| gsm_page(serial, identifier, pages.dcs(), i + 1, total, page))
        .collect();
    Forms { gsm_pages, cb_data: cb_data(pages) }
}

/// One 2G page: serial number, message identifier, data coding scheme, page parameter (page << 4 | total), 82 octets
/// (TS 23.041, 9.4.1.2). `number` counts from 1; both counts are 1 to 15 and only four bits of each are written.
pub fn gsm_page(
    serial: u16,
    identifier: u16,
    dcs: Dcs,
    number: usize,
    total: usize,
    page: &Page,
) -> [u8; GSM_PAGE] {
    let low = |n: usize| n.to_le_bytes()[0] & 0x0F;
    let mut octets = [0; GSM_PAGE];
    octets[..2].copy_from_slice(&serial.to_be_bytes());
    octets[2..4].copy_from_slice(&identifier.to_be_bytes());
    octets[4] = dcs.octet();
    octets[5] = low(number) << 4 | low(total);
    octets[6..].copy_from_slice(page.octets());
    octets
}

/// CB data: the number of pages, then 82 octets and the useful length of each (TS 23.041, 9.4.2.2.5). At most 1,246 octets.
pub fn cb_data(pages: &Pages) -> Vec<u8> {
    let pages = pages.pages();
    let mut data = Vec::with_capacity(1 + pages.len() * (OCTETS + 1));
    data.push(pages.len().to_le_bytes()[0]);
    for page in pages {
        data.extend_from_slice(page.octets());
        data.push(page.useful());
    }
    data
}
