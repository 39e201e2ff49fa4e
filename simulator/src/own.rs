//! A CBC that encodes by itself: its own choice of words, alphabet and pages, and where it is not provisioned for Oman the
//! standard's table of channels. What phones make of it is frames.rs's, as of any other page.

use crate::alphabet::septet;
use crate::cap::Info;
use crate::page::{MOST_PAGES, PAGE_OCTETS, Page};

/// Characters of UCS-2 in a page.
const UNITS: usize = PAGE_OCTETS / 2;
/// Septets in a page.
const SEPTETS: usize = 93;
const CARRIAGE_RETURN: u8 = 0x0D;

/// What it makes of the languages of one message: a coding scheme and pages. Of a text that is too long the end is left out.
pub(crate) fn encode(infos: &[&Info]) -> (u8, Vec<Page>) {
    let text = infos.iter().map(|info| words(info)).collect::<Vec<_>>().join("\n");
    if let Some(septets) = text.chars().map(septet).collect::<Option<Vec<u8>>>() {
        (0x01, septets.chunks(SEPTETS).take(MOST_PAGES).map(packed).collect())
    } else {
        let units: Vec<u16> = text.encode_utf16().collect();
        (0x48, units.chunks(UNITS).take(MOST_PAGES).map(spelt).collect())
    }
}

/// The channel of the standard's table for Presidential and Extreme, Severe and the rest (TS 23.041, 9.4.1.2.2): Omani
/// phones show 4371 of them alone.
pub(crate) fn plain_channel(info: &Info) -> u16 {
    let [severity, urgency, certainty] = [&info.severity, &info.urgency, &info.certainty].map(String::as_str);
    let first = match severity {
        "Extreme" => 4371,
        "Severe" => 4375,
        _ => return 4379,
    };
    let later = if urgency == "Immediate" { 0 } else { 2 };
    first + later + u16::from(certainty != "Observed")
}

fn words(info: &Info) -> String {
    if let Some(text) = info.values("nadhir:text").find(|text| !text.is_empty()) {
        text.to_owned()
    } else {
        let parts = [&info.headline, &info.description, &info.instruction];
        parts.map(String::as_str).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

fn spelt(units: &[u16]) -> Page {
    let padded = units.iter().copied().chain(std::iter::repeat(u16::from(CARRIAGE_RETURN)));
    let mut octets = [0; PAGE_OCTETS];
    for (pair, unit) in octets.as_chunks_mut::<2>().0.iter_mut().zip(padded) {
        *pair = unit.to_be_bytes();
    }
    Page { octets, useful: u8::try_from(2 * units.len()).unwrap_or(82) }
}

/// Septet k lies in bits 7k to 7k + 6, counted from the low end (TS 23.038, 6.1.2.2).
fn packed(septets: &[u8]) -> Page {
    let mut octets = [0; PAGE_OCTETS];
    let padded = septets.iter().copied().chain(std::iter::repeat(CARRIAGE_RETURN)).take(SEPTETS);
    for (k, septet) in padded.enumerate() {
        let (octet, shift) = (k * 7 / 8, k * 7 % 8);
        let [low, high] = (u16::from(septet) << shift).to_le_bytes();
        octets[octet] |= low;
        if let Some(next) = octets.get_mut(octet + 1) {
            *next |= high;
        }
    }
    // A septet that would end in the last octet's spare bits is padding: the useful length counts whole octets.
    Page { octets, useful: u8::try_from((septets.len() * 7).div_ceil(8)).unwrap_or(82) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::{Header, Joins, cb_data, gsm_pages, read_cb_data, read_gsm};

    fn info(headline: &str) -> Info {
        Info {
            language: "en".to_owned(),
            headline: headline.to_owned(),
            description: "Leave the wadi.".to_owned(),
            instruction: String::new(),
            severity: "Severe".to_owned(),
            urgency: "Expected".to_owned(),
            certainty: "Likely".to_owned(),
            expires: String::new(),
            parameters: vec![],
            polygons: vec![],
        }
    }

    fn check(headline: &str, dcs: u8, pages: usize) {
        let info = info(headline);
        let (found, encoded) = encode(&[&info]);
        assert_eq!((found, encoded.len()), (dcs, pages), "{headline}");
        let header = Header { identifier: 4371, serial: 0x4010, dcs };
        let text = format!("{headline}\nLeave the wadi.");
        let read = read_gsm(&gsm_pages(header, &encoded), Joins::Message).unwrap().unwrap();
        assert_eq!(read.text, text);
        assert_eq!(read_cb_data(header, &cb_data(&encoded)).unwrap().text, text);
    }

    #[test]
    fn is_read_by_phones() {
        check("Flash flood", 0x01, 1);
        check(&"A flood of eight: ".repeat(20), 0x01, 5);
        check("سيل في وادي بهلاء", 0x48, 1);
        check(&"سيل في وادي بهلاء ".repeat(10), 0x48, 5);
    }

    #[test]
    fn takes_the_channel_of_the_standard() {
        let with = |severity: &str, urgency: &str, certainty: &str| {
            let mut info = info("x");
            (info.severity, info.urgency, info.certainty) =
                (severity.to_owned(), urgency.to_owned(), certainty.to_owned());
            plain_channel(&info)
        };
        assert_eq!(with("Extreme", "Immediate", "Observed"), 4371);
        assert_eq!(with("Extreme", "Expected", "Likely"), 4374);
        assert_eq!(with("Severe", "Immediate", "Observed"), 4375);
        assert_eq!(with("Severe", "Expected", "Likely"), 4378);
        assert_eq!(with("Moderate", "Expected", "Likely"), 4379);
    }
}
