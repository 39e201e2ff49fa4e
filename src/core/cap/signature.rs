//! The form of an XML Signature: enveloped, and of nothing but the message (CAP 1.2, 3.3.4.1). Verifies none.

use super::extension::Extension;
use super::profile::Profile;
use crate::fault::{Fault, Kind, Told};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Signatures looked at: a message has one, seldom two.
const MOST: usize = 8;

/// Judges each signature of a document that was read to its end. The message goes on whatever is said of its signature.
pub(super) fn judge(
    bytes: &[u8],
    extensions: &[Extension],
    place: impl Fn(usize) -> String,
    profile: Profile<'_>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    // One in the place of CAP's own is the root's child; any other was refused where it stands.
    let signatures = extensions.iter().filter(|e| e.name == "Signature" && e.within == "alert").take(MOST);
    for (at, octets) in signatures.filter_map(|e| Some((e.octets.start, bytes.get(e.octets.clone())?))) {
        let mut say = |code: &str, why: Told| {
            faults.extend(profile.level(code).map(|level| Fault::of(level, code, place(at), why)));
        };
        let found = Found::of(octets);
        if let Some(uri) = found.elsewhere {
            let why =
                format!("the signature is of \"{uri}\" and not of this message: a Reference has URI=\"\"");
            say(
                "cap.signature.reference",
                Told::new(why, [(Kind::Found, uri), (Kind::Wanted, "URI=\"\"".to_owned())]),
            );
        }
        if found.object {
            say(
                "cap.signature.object",
                "the signature carries an Object: it envelops what no reader of CAP reads".into(),
            );
        }
    }
    faults
}

/// What is found in a signature.
#[derive(Default)]
struct Found {
    /// The first `Reference` of the signature's own that is of something else than the document.
    elsewhere: Option<String>,
    /// Whether it holds an `Object`.
    object: bool,
}

impl Found {
    fn of(octets: &[u8]) -> Found {
        let (mut found, mut depth, mut info) = (Found::default(), 0_usize, false);
        let mut reader = Reader::from_reader(octets);
        reader.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(tag)) => {
                    match (depth, tag.local_name().as_ref()) {
                        (1, "Object") => found.object = true,
                        (1, "SignedInfo") => info = true,
                        (2, "Reference") if info => found.refers(&tag),
                        _ => {}
                    }
                    depth += 1;
                }
                Ok(Event::End(_)) => {
                    depth = depth.saturating_sub(1);
                    info &= depth > 1;
                }
                Ok(Event::Eof) | Err(_) => return found,
                Ok(_) => {}
            }
        }
    }

    fn refers(&mut self, reference: &BytesStart<'_>) {
        let uri = reference.try_get_attribute("URI").ok().flatten();
        let uri = uri.map(|uri| uri.value.chars().take(80).collect::<String>());
        // One without a URI is of what sender and reader have agreed on elsewhere.
        if uri.as_deref() != Some("") && self.elsewhere.is_none() {
            self.elsewhere = Some(uri.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_the_document_and_of_nothing_else() {
        let check = |inner: &str, elsewhere: Option<&str>, object: bool| {
            for (open, close) in [("<Signature>", "</Signature>"), ("<ds:Signature>", "</ds:Signature>")] {
                let prefix = if open.contains(':') { "ds:" } else { "" };
                let inner = inner.replace("</", "\u{1}").replace('<', &format!("<{prefix}"));
                let inner = inner.replace('\u{1}', &format!("</{prefix}"));
                let found = Found::of(format!("{open}{inner}{close}").as_bytes());
                assert_eq!((found.elsewhere.as_deref(), found.object), (elsewhere, object), "{inner}");
            }
        };
        check("<SignedInfo><Reference URI=\"\"><Transforms/></Reference></SignedInfo>", None, false);
        check("<SignedInfo><Reference URI=''/></SignedInfo>", None, false);
        check("<SignedInfo><Reference URI=\"#a\"/></SignedInfo>", Some("#a"), false);
        check("<SignedInfo><Reference/></SignedInfo>", Some(""), false);
        check(
            "<SignedInfo><Reference URI=\"\"/><Reference URI=\"http://a/b\"/></SignedInfo>",
            Some("http://a/b"),
            false,
        );
        check("<SignedInfo><Reference URI=\"\"/></SignedInfo><Object/>", None, true);
        // What an Object holds signs nothing; it is told already.
        check("<SignedInfo/><Object><Manifest><Reference URI=\"#a\"/></Manifest></Object>", None, true);
        check("<KeyInfo><RetrievalMethod URI=\"#k\"/></KeyInfo>", None, false);
    }
}
