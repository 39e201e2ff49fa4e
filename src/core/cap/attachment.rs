//! A resource that carries its content: size and digest against the content (CAP 1.2, 3.2.3). Fetches nothing.

use super::alert::Resource;
use super::check::{At, Judge};
use super::sha1::sha1;
use crate::digest::hex;
use crate::fault::{Kind, Told};

/// Judges one resource; without `derefUri` there is nothing to compare.
pub(super) fn judge(resource: &Resource, place: &At<'_>, judge: &mut Judge<'_>) {
    let Some(written) = &resource.deref_uri else { return };
    let Some(content) = base64(written) else {
        judge.say("cap.resource.base64", place.the("derefUri"), "derefUri is not base64");
        return;
    };
    let length = content.len() as u64;
    if let Some(size) = resource.size.filter(|size| *size != length) {
        let why = Told::new(
            format!("size says {size} octets, derefUri holds {length}"),
            [(Kind::Found, size.to_string()), (Kind::Against, format!("derefUri {length}"))],
        );
        judge.say("cap.resource.size", place.the("size"), why);
    }
    let digest = resource.digest.as_deref().map(str::trim);
    let is = hex(&sha1(&content));
    if let Some(says) = digest.filter(|d| !d.eq_ignore_ascii_case(&is)) {
        let says: String = says.chars().take(40).collect();
        let why = Told::new(
            format!("digest says {says}, derefUri's SHA-1 is {is}"),
            [(Kind::Found, says), (Kind::Wanted, is)],
        );
        judge.say("cap.resource.digest", place.the("digest"), why);
    }
}

/// Base64 of RFC 4648, 4, padded; white space anywhere is passed over, as XML writers fold lines.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if digits.is_empty() || !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take_while(|b| **b == b'=').count();
    if padding > 2 {
        return None;
    }
    let mut octets = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in &digits[..digits.len() - padding] {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            octets.push((bits >> held & 0xFF).to_le_bytes()[0]);
        }
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_rfc_4648s() {
        let check = |text: &str, want: Option<&[u8]>| assert_eq!(base64(text).as_deref(), want, "{text}");
        check("Zg==", Some(b"f"));
        check("Zm8=", Some(b"fo"));
        check("Zm9v", Some(b"foo"));
        check("Zm9v\n  YmFy", Some(b"foobar"));
        check("/+8A", Some(&[0xFF, 0xEF, 0x00]));
        check("Zm9", None);
        check("Z===", None);
        check("Zm9-", None);
        check("", None);
    }
}
