//! XML events under guard: well-formed, no DOCTYPE, bounded depth and attributes, namespaces resolved. Knows no CAP but its namespaces.

use super::ledger::Ledger;
use super::limits::Limits;
use super::space::{Space, Spaces, split};
use super::xml::{Survey, declared, is_blank, is_instruction, is_xml_char, one_line_end, spaced};
use crate::fault::{Kind, Told};
use memchr::memchr2;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;
use std::io::BufRead as _;

/// Reading cannot go on; the reason is booked.
pub(super) struct Stop;

/// One step through the document.
pub(super) enum Step<'a> {
    /// An element begins.
    Open(Space, &'a str),
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

/// A guarded reader over a text.
pub(super) struct Scan<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    spaces: Spaces,
    survey: Survey,
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
    pub(super) fn new(text: &'a str, survey: Survey, limits: Limits) -> Scan<'a> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Scan {
            text,
            reader,
            spaces: Spaces::default(),
            survey,
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

    /// The octet after the latest step.
    pub(super) fn after(&self) -> usize {
        position(self.reader.buffer_position())
    }

    /// The attributes of the element just opened that CAP does not know.
    pub(super) fn foreign(&mut self) -> Vec<String> {
        std::mem::take(&mut self.foreign)
    }

    /// Goes one step where elements stand: white space before it says nothing and is gone past.
    pub(super) fn step(&mut self, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        self.reader.config_mut().trim_text_start = true;
        self.go(ledger)
    }

    /// Goes one step within a text: every character counts.
    pub(super) fn step_in_text(&mut self, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        self.reader.config_mut().trim_text_start = false;
        self.go(ledger)
    }

    /// Takes the text that follows the tag just opened, up to the next markup or reference, out of the reader's stream.
    ///
    /// The reader would look once more whether it is UTF-8. None where that text is not plain: the next steps tell it then.
    pub(super) fn run(&mut self) -> Option<Cow<'a, str>> {
        let at = self.after();
        let (before, rest) = self.text.as_bytes().split_at_checked(at)?;
        // The end of an empty element is still to come, and what follows is its parent's.
        if before.ends_with(b"/>") {
            return None;
        }
        let text = self.text.get(at..at + memchr2(b'<', b'&', rest)?)?;
        if self.survey.brackets && text.contains("]]>") {
            return None;
        }
        self.reader.stream().consume(text.len());
        Some(if self.survey.returns { one_line_end(Cow::Borrowed(text)) } else { Cow::Borrowed(text) })
    }

    fn go(&mut self, ledger: &mut Ledger<'a>) -> Result<Step<'a>, Stop> {
        loop {
            let from = self.after();
            let event = self.reader.read_event();
            self.at = match &event {
                Ok(Event::Start(tag)) => self.begin(tag),
                // Nobody asks where an end begins.
                Ok(Event::End(_)) => from,
                Ok(_) | Err(_) => self.past_blanks(from),
            };
            match event {
                Err(error) => return Err(self.broken(ledger, &error.to_string())),
                Ok(Event::Start(tag)) => return self.open(&tag, ledger),
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.spaces.leave(self.depth);
                    if self.signature.is_some_and(|depth| self.depth < depth) {
                        self.signature = None;
                    }
                    return Ok(Step::Close);
                }
                Ok(Event::Text(text)) => {
                    let text = text.into_inner();
                    if self.survey.brackets && text.contains(']') && text.contains("]]>") {
                        return Err(self.broken(ledger, "\"]]>\" stands in text"));
                    }
                    if self.depth > 0 {
                        return Ok(Step::Text(if self.survey.returns { one_line_end(text) } else { text }));
                    }
                    return Err(self.broken(ledger, "text stands outside the root element"));
                }
                Ok(Event::CData(text)) if self.depth > 0 => {
                    return Ok(Step::Section(one_line_end(text.into_inner())));
                }
                Ok(Event::GeneralRef(reference)) if self.depth > 0 => {
                    return self.reference(&reference, ledger);
                }
                Ok(Event::CData(_) | Event::GeneralRef(_)) => {
                    return Err(self.broken(ledger, "text stands outside the root element"));
                }
                Ok(Event::Decl(declaration)) => {
                    if self.at != 0 {
                        return Err(self.broken(ledger, "the XML declaration does not open the document"));
                    }
                    let Ok(encoding) = declared(&declaration) else {
                        return Err(self.broken(ledger, "the XML declaration is misspelt"));
                    };
                    let utf_8 = |name: &String| {
                        name.eq_ignore_ascii_case("utf-8")
                            || (name.eq_ignore_ascii_case("us-ascii") && self.text.is_ascii())
                    };
                    if let Some(name) = encoding.filter(|name| !utf_8(name)) {
                        ledger.fatal(
                            "cap.encoding",
                            self.at,
                            Told::new(
                                format!("the document declares the encoding \"{name}\"; only UTF-8 is read"),
                                [(Kind::Found, name), (Kind::Wanted, "UTF-8".to_owned())],
                            ),
                        );
                        return Err(Stop);
                    }
                }
                Ok(Event::DocType(_)) => {
                    ledger.fatal(
                        "cap.doctype",
                        self.at,
                        "a DOCTYPE is refused: it can define entities, and CAP has no use for it",
                    );
                    return Err(Stop);
                }
                Ok(Event::Eof) => return self.end(ledger),
                // Empty elements are expanded by the reader; comments and processing instructions say nothing.
                Ok(Event::PI(instruction)) if !is_instruction(&instruction) => {
                    return Err(self.broken(ledger, "a processing instruction has no lawful name"));
                }
                Ok(Event::Empty(_) | Event::Comment(_) | Event::PI(_)) => {}
            }
        }
    }

    /// Where the tag just read begins: it holds its content, brackets and, where it is empty, a slash.
    fn begin(&self, tag: &BytesStart<'a>) -> usize {
        let after = self.after();
        let slash = after.checked_sub(2).and_then(|at| self.text.as_bytes().get(at)) == Some(&b'/');
        after.saturating_sub(tag.len() + 2 + usize::from(slash))
    }

    /// Where what was read from an octet on begins, white space gone past where none is told.
    fn past_blanks(&self, from: usize) -> usize {
        if !self.reader.config().trim_text_start {
            return from;
        }
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        from + rest.iter().take_while(|octet| is_blank(**octet)).count()
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
            let why = format!("elements stand more than {most} deep");
            ledger.fatal("cap.limit.depth", self.at, Told::new(why, [(Kind::Most, most.to_string())]));
            return Err(Stop);
        }
        if self.depth == 1 {
            self.roots += 1;
            if self.roots > 1 {
                return Err(self.broken(ledger, "a second root element"));
            }
        }
        // The name as it stands in the text, after "<": it lives as long as the text does.
        let length = tag.name().into_inner().len();
        let name = self.text.get(self.at + 1..self.at + 1 + length).unwrap_or_default();
        let Some((prefix, local)) = split(name) else {
            return Err(self.broken(ledger, "an element's name is no XML name"));
        };
        self.foreign.clear();
        if tag.len() > length {
            self.attributes(tag, ledger)?;
        }
        let Some(space) = self.spaces.of(prefix) else {
            return Err(self.broken(ledger, &format!("the prefix \"{prefix}\" is not declared")));
        };
        if space == Space::Signature && self.signature.is_none() {
            self.signature = Some(self.depth);
        }
        if self.signature.is_some() || !matches!(space, Space::Cap(_)) {
            self.foreign.clear();
        }
        Ok(Step::Open(space, local))
    }

    /// Takes the namespaces a tag declares, and notes its other attributes but for hints on where a schema is.
    fn attributes(&mut self, tag: &BytesStart<'a>, ledger: &mut Ledger<'a>) -> Result<(), Stop> {
        if !spaced(tag.attributes_raw()) {
            return Err(self.broken(ledger, "no white space stands before an attribute"));
        }
        let mut seen: Vec<&str> = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            self.attributes += 1;
            if self.attributes > self.limits.attributes {
                let most = self.limits.attributes;
                let why = format!("more than {most} attributes");
                ledger.fatal(
                    "cap.limit.attributes",
                    self.at,
                    Told::new(why, [(Kind::Most, most.to_string())]),
                );
                return Err(Stop);
            }
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => return Err(self.broken(ledger, &error.to_string())),
            };
            let name = attribute.key.into_inner();
            if split(name).is_none() {
                return Err(self.broken(ledger, "an attribute's name is no XML name"));
            }
            if seen.contains(&name) {
                let why = format!("the attribute \"{name}\" stands twice in one element");
                return Err(self.broken(ledger, &why));
            }
            seen.push(name);
            let lawful =
                |value: &Cow<'_, str>| !attribute.value.contains('<') && value.chars().all(is_xml_char);
            let Some(value) = unescape(&attribute.value).ok().filter(lawful) else {
                let why = format!("the value of the attribute \"{name}\" is not well-formed");
                return Err(self.broken(ledger, &why));
            };
            if let Some(prefix) = Spaces::declares(name) {
                if let Err(why) = self.spaces.declare(prefix, &value, self.depth) {
                    return Err(self.broken(ledger, why));
                }
            } else {
                self.foreign.push(name.to_owned());
            }
        }
        for name in &self.foreign {
            let prefix = split(name).map_or("", |(prefix, _)| prefix);
            if !prefix.is_empty() && self.spaces.of(prefix).is_none() {
                return Err(self.broken(ledger, &format!("the prefix \"{prefix}\" is not declared")));
            }
        }
        let spaces = &self.spaces;
        self.foreign.retain(|name| {
            let hint = |local| matches!(local, "schemaLocation" | "noNamespaceSchemaLocation");
            !split(name)
                .is_some_and(|(prefix, local)| hint(local) && spaces.of(prefix) == Some(Space::Instance))
        });
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
                    Told::new(
                        format!("\"&{name};\" stands for nothing; write the character itself"),
                        [(Kind::Found, format!("&{name};"))],
                    ),
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
        let told = Told::new(format!("not well-formed XML: {why}"), [(Kind::Detail, why.to_owned())]);
        ledger.fatal("cap.xml", self.at, told);
        Stop
    }
}

fn position(octet: u64) -> usize {
    usize::try_from(octet).unwrap_or(usize::MAX)
}
