//! Characters, names, line ends, the XML declaration and instructions, as XML 1.0 spells them: what the event reader lets pass.

use std::borrow::Cow;

/// Whether a text is an XML name without a colon, as all but prefixed names are (2.3; Namespaces in XML 1.0, 3).
pub(super) fn is_plain_name(name: &str) -> bool {
    name.chars().next().is_some_and(begins_name) && name.chars().all(in_name)
}

/// Whether a character may begin a plain name.
const fn begins_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// Whether a character may stand in a plain name.
pub(super) const fn in_name(c: char) -> bool {
    begins_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether white space stands before every attribute but the first; the text between a tag's name and its end (3.1).
pub(super) fn spaced(attributes: &str) -> bool {
    let (mut quote, mut ended) = (None, false);
    for octet in attributes.bytes() {
        if quote.is_some() {
            ended = quote == Some(octet);
            quote = quote.filter(|_| !ended);
        } else if ended && !is_blank(octet) {
            return false;
        } else {
            ended = false;
            quote = Some(octet).filter(|octet| matches!(octet, b'"' | b'\''));
        }
    }
    true
}

/// Whether a processing instruction, without `<?` and `?>`, has a lawful target (2.6).
pub(super) fn is_instruction(text: &str) -> bool {
    let target = text.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
    is_plain_name(target) && !target.eq_ignore_ascii_case("xml")
}

/// Not an XML declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misspelt;

/// The encoding an XML declaration names, if any; the declaration without `<?` and `?>` (2.8).
pub(super) fn declared(text: &str) -> Result<Option<String>, Misspelt> {
    let mut rest = text.strip_prefix("xml").ok_or(Misspelt)?;
    let mut encoding = None;
    // Version, encoding and standalone, in this order; only the version must be there.
    for (name, must) in [("version", true), ("encoding", false), ("standalone", false)] {
        let Some((value, after)) = pseudo(rest, name) else {
            if must {
                return Err(Misspelt);
            }
            continue;
        };
        let lawful = match name {
            "version" => value.strip_prefix("1.").is_some_and(digits),
            "encoding" => value.starts_with(|c: char| c.is_ascii_alphabetic()) && is_plain_name(value),
            _ => matches!(value, "yes" | "no"),
        };
        if !lawful {
            return Err(Misspelt);
        }
        if name == "encoding" {
            encoding = Some(value.to_owned());
        }
        rest = after;
    }
    if rest.trim_ascii().is_empty() { Ok(encoding) } else { Err(Misspelt) }
}

/// White space, the name, `=`, a quoted value; gives the value and what follows.
fn pseudo<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let inner = text.trim_ascii_start();
    if inner.len() == text.len() {
        return None;
    }
    let value = inner.strip_prefix(name)?.trim_ascii_start().strip_prefix('=')?.trim_ascii_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether XML 1.0 can hold the character at all (2.2).
pub(super) fn is_xml_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => c >= ' ',
    }
}

/// What of a text must be looked at closer; most hold nothing of it, and are not searched for it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Survey {
    /// A carriage return.
    pub(super) returns: bool,
    /// A `]`, of which three characters that no text may hold would be made.
    pub(super) brackets: bool,
    /// An octet of a character that XML 1.0 cannot hold, or of one that looks like it.
    suspects: bool,
}

impl Survey {
    /// Looks at every octet once.
    pub(super) fn of(text: &str) -> Survey {
        let mut found = Survey { returns: false, brackets: false, suspects: false };
        for octet in text.as_bytes() {
            found.returns |= *octet == b'\r';
            found.brackets |= *octet == b']';
            // Controls are one octet, and U+FFFE and U+FFFF begin with EF. No branches: many octets are looked at at once.
            found.suspects |= *octet == 0xEF;
            found.suspects |= (*octet < b' ') & !is_blank(*octet);
        }
        found
    }

    /// The first character of the text that XML 1.0 cannot hold, and its octet.
    pub(super) fn stranger(self, text: &str) -> Option<(usize, char)> {
        self.suspects.then(|| text.char_indices().find(|(_, c)| !is_xml_char(*c))).flatten()
    }
}

/// Whether an octet is XML white space (2.3).
pub(super) fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\n' | b'\r')
}

/// Line ends as XML gives them to a reader: LF (2.11).
pub(super) fn one_line_end(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_in_their_one_order() {
        let check = |text: &str, want: Result<Option<&str>, Misspelt>| {
            assert_eq!(declared(text).as_ref().map(Option::as_deref), want.as_ref().copied(), "{text}");
        };
        check("xml version=\"1.0\"", Ok(None));
        check("xml version='1.0' encoding='UTF-8' ", Ok(Some("UTF-8")));
        check("xml\n version = \"1.0\" encoding=\"utf-8\" standalone=\"yes\"", Ok(Some("utf-8")));
        check("xml version=\"1.0\" standalone=\"maybe\"", Err(Misspelt));
        check("xml encoding=\"utf-8\"", Err(Misspelt));
        check("xml encoding=\"utf-8\" version=\"1.0\"", Err(Misspelt));
        check("xml version=\"1.0\"encoding=\"utf-8\"", Err(Misspelt));
        check("xml version=\"1.0\" enco&ding=\"UTF-8\"", Err(Misspelt));
        check("xml version=\"1.0\" encoding=\"UTF-8\"\"", Err(Misspelt));
        check("xml version=\"2.0\"", Err(Misspelt));
        check("xml", Err(Misspelt));
    }

    #[test]
    fn names_and_targets_are_xmls() {
        let check = |text: &str, want: bool| assert_eq!(is_instruction(text), want, "{text}");
        check("xml-stylesheet href=\"x\"", true);
        check("php", true);
        check("xm\"l version='1.0'", false);
        check("XML x", false);
        check(" x", false);
        check("", false);
        check("a:b x", false);
        check("×", false);
    }

    #[test]
    fn names_and_the_white_space_between_attributes() {
        assert!(["alert", "_a", "إنذار", "a-1.b"].iter().all(|name| is_plain_name(name)));
        assert!(
            ["", "1a", "-a", "a\"", "a:b", "×", "a×", "\u{2028}"].iter().all(|name| !is_plain_name(name))
        );
        assert!(["", " a='1'", " a='1' b='2'\n", " a='1\"' b = \"2'\" "].iter().all(|some| spaced(some)));
        assert!([" a='1'b='2'", " a=\"1\"b='2'", " a='1''"].iter().all(|some| !spaced(some)));
    }
}
