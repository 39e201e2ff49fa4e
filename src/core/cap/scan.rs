//! XML events under guard: well-formed, no DOCTYPE, bounded depth and attributes, namespaces resolved. Knows no CAP but its namespaces.

use super::Version;
use super::ledger::Ledger;
use super::limits::Limits;
use super::xml::{blank, declared, is_instruction, is_name, is_xml_char, one_line_end};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{PrefixDeclaration, ResolveResult};
use quick_xml::reader::NsReader;
use std::borrow::Cow;

/// Reading cannot go on; the reason is booked.
pub(super) struct Stop;

/// Whose name an element bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// CAP, of this version.
    Cap(Version),
    /// XML Signature.
    Signature,
    /// Any other, or none.
    Other,
}

/// One step through the document.
pub(super) enum Step<'a> {
    /// An element begins.
    Open(Space, String),
    /// Text or a resolved reference.
    Text(Cow<'a, str>),
    /// A CDATA section.
    Section(Cow<'a, str>),
    /// A reference that stands for nothing known; booked already.
    Unknown,
    /// The innermost element ends.
    Close,
    /// The document ends.
    End,
}

/// The namespace of CAP 1.1.
pub(super) const CAP_1_1: &str = "urn:oasis:names:tc:emergency:cap:1.1";
/// The namespace of CAP 1.2.
pub(super) const CAP_1_2: &str = "urn:oasis:names:tc:emergency:cap:1.2";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A guarded reader over a text.
pub(super) struct Scan<'a> {
    reader: NsReader<&'a [u8]>,
    limits: Limits,
    depth: usize,
    attributes: usize,
    roots: usize,
    /// The depth of the signature reading is in; its attributes are its own affair.
    signature: Option<usize>,
    /// Attributes of the latest element that CAP does not know.
    foreign: Vec<String>,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, limits: Limits) -> Scan<'a> {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Scan {
            reader,
            limits,
            depth: 0,
            attributes: 0,
            roots: 0,
            signature: None,
            foreign: Vec::new(),
            at: 0,
        }
    }

    /// The octet where the latest step begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The attributes of the element just opened that CAP does not know.
    pub(super) fn foreign(&mut self) -> Vec<String> {
        std::mem::take(&mut self.foreign)
    }

    /// Goes one step, booking what is wrong on the way.
    pub(super) fn step(&mut self, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        loop {
            self.at = position(self.reader.buffer_position());
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.broken(ledger, &error.to_string())),
            };
            match event {
                Event::Start(tag) => return self.open(&tag, ledger),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.signature.is_some_and(|depth| self.depth < depth) {
                        self.signature = None;
                    }
                    return Ok(Step::Close);
                }
                Event::Text(text) => {
                    let text = text.into_inner();
                    if text.contains("]]>") {
                        return Err(self.broken(ledger, "\"]]>\" stands in text"));
                    }
                    if self.depth > 0 {
                        return Ok(Step::Text(one_line_end(text)));
                    }
                    if !blank(&text) {
                        return Err(self.broken(ledger, "text stands outside the root element"));
                    }
                }
                Event::CData(text) if self.depth > 0 => {
                    return Ok(Step::Section(one_line_end(text.into_inner())));
                }
                Event::GeneralRef(reference) if self.depth > 0 => return self.reference(&reference, ledger),
                Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(self.broken(ledger, "text stands outside the root element"));
                }
                Event::Decl(declaration) => {
                    if self.at != 0 {
                        return Err(self.broken(ledger, "the XML declaration does not open the document"));
                    }
                    let Ok(encoding) = declared(&declaration) else {
                        return Err(self.broken(ledger, "the XML declaration is misspelt"));
                    };
                    let utf_8 = |name: &String| {
                        ["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known))
                    };
                    if let Some(name) = encoding.filter(|name| !utf_8(name)) {
                        ledger.fatal(
                            "cap.encoding",
                            self.at,
                            format!("the document declares the encoding \"{name}\"; only UTF-8 is read"),
                        );
                        return Err(Stop);
                    }
                }
                Event::DocType(_) => {
                    ledger.fatal(
                        "cap.doctype",
                        self.at,
                        "a DOCTYPE is refused: it can define entities, and CAP has no use for it",
                    );
                    return Err(Stop);
                }
                Event::Eof => return self.end(ledger),
                // Empty elements are expanded by the reader; comments and processing instructions say nothing.
                Event::PI(instruction) if !is_instruction(&instruction) => {
                    return Err(self.broken(ledger, "a processing instruction has no lawful name"));
                }
                Event::Empty(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
    }

    /// Goes past the element just opened, with all it holds.
    pub(super) fn skip(&mut self, ledger: &mut Ledger<'a>) -> Result<(), Stop> {
        let mut open = 1_usize;
        while open > 0 {
            match self.step(ledger)? {
                Step::Open(..) => open += 1,
                Step::Close => open -= 1,
                Step::Text(_) | Step::Section(_) | Step::Unknown | Step::End => {}
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: &BytesStart<'a>, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            let most = self.limits.depth;
            ledger.fatal("cap.limit.depth", self.at, format!("elements stand more than {most} deep"));
            return Err(Stop);
        }
        if self.depth == 1 {
            self.roots += 1;
            if self.roots > 1 {
                return Err(self.broken(ledger, "a second root element"));
            }
        }
        let (space, local) = self.reader.resolver().resolve_element(tag.name());
        let name = local.into_inner().to_owned();
        if !is_name(tag.name().into_inner()) {
            return Err(self.broken(ledger, "an element's name is no XML name"));
        }
        let space = match space {
            ResolveResult::Bound(uri) => match uri.into_inner() {
                CAP_1_2 => Space::Cap(Version::V1_2),
                CAP_1_1 => Space::Cap(Version::V1_1),
                SIGNATURE => Space::Signature,
                _ => Space::Other,
            },
            ResolveResult::Unbound => Space::Other,
            ResolveResult::Unknown(prefix) => {
                return Err(self.broken(ledger, &format!("the prefix \"{prefix}\" is not declared")));
            }
        };
        if space == Space::Signature && self.signature.is_none() {
            self.signature = Some(self.depth);
        }
        self.attributes(tag, space, ledger)?;
        Ok(Step::Open(space, name))
    }

    fn attributes(
        &mut self,
        tag: &BytesStart<'a>,
        space: Space,
        ledger: &mut Ledger<'a>,
    ) -> Result<(), Stop> {
        self.foreign.clear();
        let mut seen: Vec<&str> = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            self.attributes += 1;
            if self.attributes > self.limits.attributes {
                let most = self.limits.attributes;
                ledger.fatal("cap.limit.attributes", self.at, format!("more than {most} attributes"));
                return Err(Stop);
            }
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => return Err(self.broken(ledger, &error.to_string())),
            };
            let name = attribute.key.into_inner();
            if !is_name(name) {
                return Err(self.broken(ledger, "an attribute's name is no XML name"));
            }
            if seen.contains(&name) {
                return Err(
                    self.broken(ledger, &format!("the attribute \"{name}\" stands twice in one element"))
                );
            }
            seen.push(name);
            if attribute.value.contains('<') || unescape(&attribute.value).is_err() {
                return Err(
                    self.broken(ledger, &format!("the value of the attribute \"{name}\" is not well-formed"))
                );
            }
            let declaration = matches!(
                attribute.key.as_namespace_binding(),
                Some(PrefixDeclaration::Default | PrefixDeclaration::Named(_))
            );
            if declaration || self.signature.is_some() || !matches!(space, Space::Cap(_)) {
                continue;
            }
            let (owner, local) = self.reader.resolver().resolve_attribute(attribute.key);
            let hint = matches!(owner, ResolveResult::Bound(uri) if uri.into_inner() == INSTANCE)
                && matches!(local.into_inner(), "schemaLocation" | "noNamespaceSchemaLocation");
            if !hint {
                self.foreign.push(name.to_owned());
            }
        }
        Ok(())
    }

    fn reference(&self, reference: &BytesRef<'a>, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        let known = match reference.resolve_char_ref() {
            Ok(Some(c)) => is_xml_char(c).then(|| Cow::Owned(c.to_string())),
            Ok(None) => match &**reference {
                "lt" => Some(Cow::Borrowed("<")),
                "gt" => Some(Cow::Borrowed(">")),
                "amp" => Some(Cow::Borrowed("&")),
                "apos" => Some(Cow::Borrowed("'")),
                "quot" => Some(Cow::Borrowed("\"")),
                _ => None,
            },
            Err(error) => return Err(self.broken(ledger, &error.to_string())),
        };
        Ok(known.map_or_else(
            || {
                let name: String = reference.chars().take(40).collect();
                ledger.error(
                    "cap.entity.unknown",
                    self.at,
                    format!("\"&{name};\" stands for nothing; write the character itself"),
                );
                Step::Unknown
            },
            Step::Text,
        ))
    }

    fn end(&self, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        match (self.depth, self.roots) {
            (0, 0) => Err(self.broken(ledger, "there is no element at all")),
            (0, _) => Ok(Step::End),
            _ => Err(self.broken(ledger, "the document ends before its elements do")),
        }
    }

    fn broken(&self, ledger: &mut Ledger<'a>, why: &str) -> Stop {
        ledger.fatal("cap.xml", self.at, format!("not well-formed XML: {why}"));
        Stop
    }
}

fn position(octet: u64) -> usize {
    usize::try_from(octet).unwrap_or(usize::MAX)
}
