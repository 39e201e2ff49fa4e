//! A resource: the form of what it says of itself, and size and digest against the content it carries (CAP 1.2, 3.2.3). Fetches nothing.

use super::alert::Resource;
use super::check::{At, Judge};
use super::sha1::sha1;
use super::standard::absolute;
use crate::digest::hex;
use crate::fault::{Kind, Told};

/// Judges one resource; what it carries is compared only where there is a `derefUri`.
pub(super) fn judge(resource: &Resource, place: &At<'_>, judge: &mut Judge<'_>) {
    if resource.resource_desc.trim().is_empty() {
        judge.say("cap.resource.undescribed", place.the("resourceDesc"), "the file is not told in words");
    }
    if let Some(kind) = resource.mime_type.as_deref().map(str::trim).filter(|kind| !is_media_type(kind)) {
        let found: String = kind.chars().take(80).collect();
        let why = Told::new(
            format!("\"{found}\" is no media type: type/subtype, such as image/png"),
            [(Kind::Found, found), (Kind::Wanted, "type/subtype".to_owned())],
        );
        judge.say("cap.resource.mime", place.the("mimeType"), why);
    }
    if resource.uri.as_deref().is_some_and(|uri| !absolute(uri)) && resource.deref_uri.is_none() {
        let why = "without derefUri, uri is a full address, such as https://example.om/map.png";
        judge.say("cap.resource.uri", place.the("uri"), why);
    }
    let digest = resource.digest.as_deref().map(str::trim);
    let formed = digest.is_none_or(is_sha1);
    if let Some(says) = digest.filter(|_| !formed) {
        let found: String = says.chars().take(80).collect();
        let why = Told::new(
            format!("\"{found}\" is no SHA-1: 40 hexadecimal digits"),
            [(Kind::Found, found), (Kind::Wanted, "[0-9a-f]{40}".to_owned())],
        );
        judge.say("cap.resource.digest_form", place.the("digest"), why);
    }
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
    let is = hex(&sha1(&content));
    if let Some(says) = digest.filter(|d| formed && !d.eq_ignore_ascii_case(&is)) {
        let says: String = says.chars().take(40).collect();
        let why = Told::new(
            format!("digest says {says}, derefUri's SHA-1 is {is}"),
            [(Kind::Found, says), (Kind::Wanted, is)],
        );
        judge.say("cap.resource.digest", place.the("digest"), why);
    }
}

/// The form of SHA-1, in hexadecimal.
fn is_sha1(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `type/subtype`, each a token of RFC 2045, 5.1; parameters may follow a semicolon.
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        let special = |b: u8| br#"()<>@,;:\"/[]?="#.contains(&b);
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !special(b))
    };
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    essence.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
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
    fn a_media_type_is_rfc_2045s() {
        for good in ["image/png", "application/vnd.geo+json", "text/plain; charset=utf-8", "text/plain ;x=y"]
        {
            assert!(is_media_type(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "image",
            "image/",
            "/png",
            "image/png/x",
            "image /png",
            "hello there",
            "صورة/png",
            ";a/b",
        ] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }

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
