//! The octets on the air of each radio, both ways: cut from a message's pages, and read back as a phone reads them.

use crate::alphabet::{Unreadable, gsm7, gsm8, ucs2};
use crate::coding::Coding;
use crate::page::{MOST_PAGES, PAGE_OCTETS, Page};

/// What identifies and codes a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Header {
    /// Message identifier: the channel.
    pub(crate) identifier: u16,
    /// Serial number: scope, message code, update number.
    pub(crate) serial: u16,
    /// Data coding scheme.
    pub(crate) dcs: u8,
}

/// What a phone makes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The identification it read from the air.
    pub(crate) header: Header,
    /// The text of all pages.
    pub(crate) text: String,
    /// The language prefix, where the coding has one.
    pub(crate) language: Option<String>,
}

/// The 2G frames: 88 octets a page (TS 23.041, 9.4.1.2).
pub(crate) fn gsm_pages(header: Header, pages: &[Page]) -> Vec<[u8; 88]> {
    let total = u8::try_from(pages.len()).unwrap_or(u8::MAX) & 0x0F;
    (1_u8..)
        .zip(pages)
        .map(|(number, page)| {
            let mut frame = [0; 88];
            frame[0..2].copy_from_slice(&header.serial.to_be_bytes());
            frame[2..4].copy_from_slice(&header.identifier.to_be_bytes());
            frame[4] = header.dcs;
            frame[5] = number << 4 | total;
            frame[6..].copy_from_slice(&page.octets);
            frame
        })
        .collect()
}

/// The CB data of 4G and 5G: the number of pages, then 82 octets and their useful length each (TS 23.041, 9.4.2.2.5).
pub(crate) fn cb_data(pages: &[Page]) -> Vec<u8> {
    let mut data = vec![u8::try_from(pages.len()).unwrap_or(u8::MAX)];
    for page in pages {
        data.extend_from_slice(&page.octets);
        data.push(page.useful);
    }
    data
}

/// Which pages a 2G phone lays into one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joins {
    /// Those of one serial, identifier and coding scheme.
    Message,
    /// Those of one serial: the identifier was ignored until June 2024.
    Serial,
}

/// A 2G phone's reading: the pages in whatever order they came; `None` until the last is there.
pub(crate) fn read_gsm(frames: &[[u8; 88]], joins: Joins) -> Option<Result<Decoded, Unreadable>> {
    let first = frames.first()?;
    let header = Header {
        serial: u16::from_be_bytes([first[0], first[1]]),
        identifier: u16::from_be_bytes([first[2], first[3]]),
        dcs: first[4],
    };
    let total = usize::from(first[5] & 0x0F);
    let mut pages: Vec<Option<&[u8]>> = vec![None; total];
    let same = match joins {
        Joins::Message => 5,
        Joins::Serial => 2,
    };
    for frame in frames.iter().filter(|frame| frame[..same] == first[..same]) {
        let number = usize::from(frame[5] >> 4);
        if let Some(page) = number.checked_sub(1).and_then(|index| pages.get_mut(index)) {
            *page = Some(&frame[6..]);
        }
    }
    let pages: Vec<&[u8]> = pages.into_iter().collect::<Option<_>>()?;
    Some(if pages.is_empty() { Err(Unreadable::Frame) } else { assemble(header, &pages) })
}

/// A 4G or 5G phone's reading of the CB data that the system information brought.
pub(crate) fn read_cb_data(header: Header, data: &[u8]) -> Result<Decoded, Unreadable> {
    let (&count, rest) = data.split_first().ok_or(Unreadable::Frame)?;
    let count = usize::from(count);
    if !(1..=MOST_PAGES).contains(&count) || rest.len() != count * (PAGE_OCTETS + 1) {
        return Err(Unreadable::Frame);
    }
    let pages: Vec<&[u8]> = rest
        .chunks_exact(PAGE_OCTETS + 1)
        .map(|page| page.get(..usize::from(page[PAGE_OCTETS])).filter(|page| page.len() <= PAGE_OCTETS))
        .collect::<Option<_>>()
        .ok_or(Unreadable::Frame)?;
    assemble(header, &pages)
}

/// Each page is read alone, its padding dropped, and the texts are laid end to end.
fn assemble(header: Header, pages: &[&[u8]]) -> Result<Decoded, Unreadable> {
    let coding = Coding::of(header.dcs)?;
    let (mut text, mut language) = (String::new(), None);
    for page in pages {
        let (prefix, words) = read_page(coding, page)?;
        language = language.or(prefix);
        text.push_str(&words);
    }
    Ok(Decoded { header, text, language })
}

fn read_page(coding: Coding, octets: &[u8]) -> Result<(Option<String>, String), Unreadable> {
    match coding {
        Coding::Gsm7 => Ok((None, gsm7(octets)?)),
        Coding::Gsm8 => Ok((None, gsm8(octets)?)),
        Coding::Ucs2 => Ok((None, ucs2(octets)?)),
        Coding::Gsm7WithLanguage => {
            let all = gsm7(octets)?;
            let mut characters = all.chars();
            let language = characters.by_ref().take(3).filter(|&c| c != '\r').collect();
            Ok((Some(language), characters.collect()))
        }
        Coding::Ucs2WithLanguage => {
            let (prefix, units) = octets.split_at_checked(2).ok_or(Unreadable::Frame)?;
            Ok((Some(gsm7(prefix)?), ucs2(units)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header = Header { identifier: 4371, serial: 0x4010, dcs: 0x48 };

    fn page(hex: &str, padding: &[u8]) -> Page {
        let digits: Vec<u8> =
            hex.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
        let text: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        let mut octets = [0; PAGE_OCTETS];
        for (place, octet) in octets.iter_mut().zip(text.iter().chain(padding.iter().cycle())) {
            *place = *octet;
        }
        Page { octets, useful: u8::try_from(text.len()).unwrap() }
    }

    /// The same text must come out of both radios.
    fn check(dcs: u8, pages: &[Page], expected: Result<(&str, Option<&str>), Unreadable>) {
        let header = Header { dcs, ..HEADER };
        let expected = expected.map(|(text, language)| Decoded {
            header,
            text: text.to_owned(),
            language: language.map(str::to_owned),
        });
        assert_eq!(
            read_gsm(&gsm_pages(header, pages), Joins::Message),
            Some(expected.clone()),
            "2G, {dcs:#04x}"
        );
        assert_eq!(read_cb_data(header, &cb_data(pages)), expected, "4G and 5G, {dcs:#04x}");
    }

    #[test]
    fn reads_the_same_from_every_radio() {
        let carriage_returns = [0x00, 0x0D];
        let arabic = [page("0633064A0644", &carriage_returns), page("0020062E0637 0631", &carriage_returns)];
        check(0x48, &arabic, Ok(("سيل خطر", None)));
        // DCS 0x11: "ar" in two septets (61 39), then units.
        check(0x11, &[page("6139 0633064A0644", &carriage_returns)], Ok(("سيل", Some("ar"))));
        // DCS 0x44: 8-bit data; 0x90: a user data header.
        check(0x44, &[page("47534D", &[0x0D])], Ok(("GSM", None)));
        check(0x90, &[page("0041", &carriage_returns)], Err(Unreadable::Coding(0x90)));
        check(0x48, &[page("0041D83D", &carriage_returns)], Err(Unreadable::HalfSurrogate));
    }

    #[test]
    fn reads_a_page_of_septets_as_another_decoder_packed_it() {
        let hex = "41d071da0491cbe6709d4d0785d97074585ca683dae5f93c7c2e83ee693a1a340ecbe5e9f0b90c9297e975b91b04\
                   0f93c969f7b9d168341a8d46a3d168341a8d46a3d168341a8d46a3d168341a8d46a3d100";
        let text = "A GSM default alphabet message with carriage return padding";
        check(0x01, &[page(hex, &[])], Ok((text, None)));
        // DCS 0x10: "en", a carriage return, "Hi", three carriage returns to fill the seventh octet.
        let padding = [0x8D, 0x46, 0xA3, 0xD1, 0x68, 0x34, 0x1A];
        check(0x10, &[page("657703996E341A", &padding)], Ok(("Hi", Some("en"))));
    }

    #[test]
    fn lays_the_octets_out_as_the_standard_says() {
        let pages = [page("0633", &[0x00, 0x0D]), page("0644", &[0x00, 0x0D])];
        let frames = gsm_pages(HEADER, &pages);
        assert_eq!(frames[1][..8], [0x40, 0x10, 0x11, 0x13, 0x48, 0x22, 0x06, 0x44]);
        let data = cb_data(&pages);
        assert_eq!((data.len(), data[0], data[1], data[83], data[166]), (1 + 2 * 83, 2, 0x06, 2, 2));
    }

    #[test]
    fn waits_for_the_last_page_in_any_order() {
        let pages = [page("0041", &[0x00, 0x0D]), page("0042", &[0x00, 0x0D]), page("0043", &[0x00, 0x0D])];
        let mut frames = gsm_pages(HEADER, &pages);
        frames.reverse();
        assert_eq!(read_gsm(&frames[..2], Joins::Message), None);
        assert_eq!(read_gsm(&frames, Joins::Message).unwrap().unwrap().text, "ABC");
        assert_eq!(read_gsm(&[], Joins::Message), None);
    }

    #[test]
    fn an_old_phone_mixes_the_pages_of_one_serial() {
        let pages = |words: [&str; 2]| words.map(|hex| page(hex, &[0x00, 0x0D]));
        let (ours, others) = (pages(["0041", "0042"]), pages(["0058", "0059"]));
        let other = Header { identifier: 4370, ..HEADER };
        let (ours, others) = (gsm_pages(HEADER, &ours), gsm_pages(other, &others));
        let on_air = [ours[0], others[0], ours[1], others[1]];
        let text = |joins| read_gsm(&on_air, joins).unwrap().unwrap().text;
        assert_eq!((text(Joins::Message).as_str(), text(Joins::Serial).as_str()), ("AB", "XY"));
    }

    #[test]
    fn refuses_frames_that_lie_about_themselves() {
        let data = cb_data(&[page("0041", &[0x00, 0x0D])]);
        let lies: [Vec<u8>; 5] = [vec![], vec![0], vec![2; 84], data[..80].to_vec(), {
            let mut long = data.clone();
            long[83] = 83;
            long
        }];
        for lie in lies {
            assert_eq!(read_cb_data(HEADER, &lie), Err(Unreadable::Frame), "{lie:?}");
        }
        let mut none = gsm_pages(HEADER, &[page("0041", &[0x00, 0x0D])]);
        none[0][5] = 0x10;
        assert_eq!(read_gsm(&none, Joins::Message), Some(Err(Unreadable::Frame)));
    }

    proptest::proptest! {
        /// Whatever octets come, a phone reads them or tells why not.
        #[test]
        fn never_panics(dcs: u8, octets in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = read_cb_data(Header { dcs, ..HEADER }, &octets);
            let mut frame = [dcs; 88];
            frame.iter_mut().zip(&octets).for_each(|(to, from)| *to = *from);
            let _ = read_gsm(&[frame], Joins::Serial);
            let _ = (gsm7(&octets), ucs2(&octets));
        }
    }
}
