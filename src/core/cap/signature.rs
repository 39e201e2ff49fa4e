//! The form of an XML Signature: enveloped, and of nothing but the message (CAP 1.2, 3.3.4.1). Verifies none.

use super::extension::Extension;
use super::profile::Profile;
use crate::fault::{Fault, Kind, Told};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Signatures looked at: a message has one, seldom two; to say where each stands costs a walk to it.
const MOST: usize = 8;

/// Judges each signature of a document that was read to its end. The message goes on whatever is said of its signature.
pub(super) fn judge(bytes: &[u8], extensions: &[Extension], profile: Profile<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    // One in the place of CAP's own is the root's child; any other was refused where it stands.
    let signatures = extensions.iter().filter(|e| e.name == "Signature" && e.within == "alert").take(MOST);
    for (place, octets) in
        signatures.filter_map(|e| Some((place(bytes, e.octets.start), bytes.get(e.octets.clone())?)))
    {
        let mut say = |code: &str, why: Told| {
            faults.extend(profile.level(code).map(|level| Fault::of(level, code, place.clone(), why)));
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
        let (mut found, mut path) = (Found::default(), Vec::new());
        let mut reader = Reader::from_reader(octets);
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    found.note(&path, &tag);
                    path.push(tag.local_name().as_ref().to_owned());
                }
                Ok(Event::Empty(tag)) => found.note(&path, &tag),
                Ok(Event::End(_)) => drop(path.pop()),
                Ok(Event::Eof) | Err(_) => return found,
                Ok(_) => {}
            }
        }
    }

    fn note(&mut self, path: &[String], tag: &BytesStart<'_>) {
        let within: Vec<&str> = path.iter().map(String::as_str).collect();
        match (within.as_slice(), tag.local_name().as_ref()) {
            (["Signature"], "Object") => self.object = true,
            (["Signature", "SignedInfo"], "Reference") => {
                let uri = tag.try_get_attribute("URI").ok().flatten();
                let uri = uri.map(|uri| uri.value.chars().take(80).collect::<String>());
                // One without a URI is of what sender and reader have agreed on elsewhere.
                let elsewhere = uri.as_deref() != Some("");
                if elsewhere && self.elsewhere.is_none() {
                    self.elsewhere = Some(uri.unwrap_or_default());
                }
            }
            _ => {}
        }
    }
}

/// A place by line and column, as those of other faults.
fn place(bytes: &[u8], at: usize) -> String {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.matches('\n').count() + 1;
    let column =
        before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{FEFF}').chars().count() + 1;
    format!("alert/Signature, line {line}, column {column}")
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
