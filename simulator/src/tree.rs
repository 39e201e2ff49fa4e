//! A document of the CAP 1.2 namespace as a tree of elements and text, within limits. Knows no element by name.

use crate::refusal::Fault;
use quick_xml::NsReader;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::{Namespace, ResolveResult};

const CAP_1_2: &str = "urn:oasis:names:tc:emergency:cap:1.2";
/// CAP needs four levels; a signature needs a few more.
const MOST_LEVELS: usize = 16;
/// 32 languages of 64 areas and their parameters stay far below.
const MOST_ELEMENTS: usize = 50_000;

/// An element, with the text that stands directly in it and its children of the same namespace.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Its local name.
    pub(crate) name: String,
    /// Its own text, entities resolved.
    pub(crate) text: String,
    /// Its children, in order; those of other namespaces (a signature) are left out.
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The children of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of this name without the white space around it; empty when there is none.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.children.iter().find(|child| child.name == name).map_or("", |child| child.text.trim())
    }
}

/// The root of a document.
///
/// # Errors
/// `xml.*`: not UTF-8, not well-formed, with a DOCTYPE or an entity of its own, too deep, too many elements, or not of CAP 1.2.
pub(crate) fn parse(bytes: &[u8]) -> Result<Element, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::new("xml.utf8", format!("the body is not UTF-8: {error}")))?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    // The open elements with whether they are CAP's; the outermost one collects the root.
    let mut open: Vec<(Element, bool)> = vec![(Element::default(), true)];
    let mut count = 0_usize;
    loop {
        let at = reader.buffer_position();
        let broken = |words: String| Fault::new("xml.broken", format!("at octet {at}: {words}"));
        let (space, event) = reader.read_resolved_event().map_err(|error| broken(error.to_string()))?;
        let is_cap = matches!(space, ResolveResult::Bound(Namespace(uri)) if uri == CAP_1_2);
        match event {
            Event::Start(start) => {
                count += 1;
                let name = start.local_name().as_ref().to_owned();
                open.push((Element { name, ..Element::default() }, is_cap));
            }
            Event::Empty(start) => {
                count += 1;
                let name = start.local_name().as_ref().to_owned();
                close(&mut open, (Element { name, ..Element::default() }, is_cap));
            }
            Event::End(_) => {
                if let Some(closed) = open.pop() {
                    close(&mut open, closed);
                }
            }
            Event::Text(words) => write(&mut open, &words.xml10_content()),
            Event::CData(words) => write(&mut open, &words.xml10_content()),
            Event::GeneralRef(reference) => write(
                &mut open,
                &resolve(&reference).ok_or_else(|| {
                    Fault::new(
                        "xml.entity",
                        format!("at octet {at}: &{}; is no entity of XML itself", reference.as_ref() as &str),
                    )
                })?,
            ),
            Event::DocType(_) => {
                return Err(Fault::new("xml.doctype", "a document type declaration is refused".to_owned()));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
        if open.len() > MOST_LEVELS + 1 || count > MOST_ELEMENTS {
            let words = format!("more than {MOST_LEVELS} levels or {MOST_ELEMENTS} elements");
            return Err(Fault::new("xml.limits", words));
        }
    }
    match open.pop() {
        Some((mut outermost, _))
            if open.is_empty() && outermost.children.len() == 1 && outermost.text.trim().is_empty() =>
        {
            outermost.children.pop().ok_or_else(|| Fault::new("xml.broken", "no element".to_owned()))
        }
        _ => Err(Fault::new("xml.root", format!("one whole element of the namespace {CAP_1_2} is expected"))),
    }
}

fn close(open: &mut [(Element, bool)], (element, is_cap): (Element, bool)) {
    if let Some((parent, _)) = open.last_mut().filter(|_| is_cap) {
        parent.children.push(element);
    }
}

fn write(open: &mut [(Element, bool)], words: &str) {
    if let Some((element, _)) = open.last_mut() {
        element.text.push_str(words);
    }
}

fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().map(String::from);
    }
    let resolved = match reference.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(resolved.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(inside: &str) -> String {
        format!("<alert xmlns='{CAP_1_2}'>{inside}</alert>")
    }

    fn check(document: &str, expected: Result<&str, &str>) {
        let found = parse(document.as_bytes());
        let found = found.as_ref().map(|root| root.text_of("note")).map_err(|fault| fault.code);
        assert_eq!(found, expected, "{document:.120}");
    }

    #[test]
    fn reads_text_and_leaves_other_namespaces_out() {
        check(&alert("<note> a &amp; b &#x633; <![CDATA[<c>]]> </note>"), Ok("a & b س <c>"));
        check(
            &alert("<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><note>x</note></Signature>"),
            Ok(""),
        );
        check(&alert("<x:note xmlns:x='urn:other'>x</x:note><note>y</note>"), Ok("y"));
        check(
            &format!(
                "\u{feff}<?xml version='1.0'?><!-- c --><c:alert xmlns:c='{CAP_1_2}'><c:note>z</c:note></c:alert>\n"
            ),
            Ok("z"),
        );
        check(&alert("<note/>"), Ok(""));
    }

    #[test]
    fn refuses_what_is_hostile_or_broken() {
        check(
            &format!("<!DOCTYPE alert [<!ENTITY a \"b\">]>{}", alert("<note>&a;</note>")),
            Err("xml.doctype"),
        );
        check(&alert("<note>&bomb;</note>"), Err("xml.entity"));
        check(&alert("<note>&#0;</note>"), Err("xml.entity"));
        check(&alert("<note>"), Err("xml.broken"));
        check(&format!("<alert xmlns='{CAP_1_2}'><note>"), Err("xml.root"));
        check("<alert><note>x</note></alert>", Err("xml.root"));
        check("", Err("xml.root"));
        check("words", Err("xml.root"));
        check(&format!("{0}{0}", alert("")), Err("xml.root"));
        check(&alert(&"<a>".repeat(40)), Err("xml.limits"));
        check(&alert(&"<a/>".repeat(60_000)), Err("xml.limits"));
        assert_eq!(parse(b"\xff\xfe<").map_err(|fault| fault.code).err(), Some("xml.utf8"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(parts in proptest::collection::vec(
            proptest::prop_oneof!["<[a-z]{1,3}>", "</[a-z]{1,3}>", "&[#a-z0-9]{0,4};?", "<!\\[CDATA\\[", "\\]\\]>", "<!--", "-->", "\\PC{0,3}"],
            0..30,
        )) {
            let _ = parse(alert(&parts.concat()).as_bytes());
            let _ = parse(parts.concat().as_bytes());
        }
    }
}
