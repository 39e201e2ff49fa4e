//! Characters, names, line ends, the XML declaration and instructions, as XML 1.0 spells them: what the event reader lets pass.

use std::borrow::Cow;

/// Whether a text is an XML name (2.3); letters beyond ASCII are all taken.
pub(super) fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(begins_name) && name.bytes().all(in_name)
}

/// Whether a name may begin with an octet.
pub(super) const fn begins_name(octet: u8) -> bool {
    octet.is_ascii_alphabetic() || matches!(octet, b'_' | b':') || !octet.is_ascii()
}

/// Whether an octet may stand in a name.
pub(super) const fn in_name(octet: u8) -> bool {
    begins_name(octet) || octet.is_ascii_digit() || matches!(octet, b'-' | b'.')
}

/// Whether a processing instruction, without `<?` and `?>`, has a lawful target (2.6).
pub(super) fn is_instruction(text: &str) -> bool {
    let target = text.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
    is_name(target) && !target.eq_ignore_ascii_case("xml")
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
            "encoding" => value.starts_with(|c: char| c.is_ascii_alphabetic()) && is_name(value),
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
        assert!(
            is_name("cap:alert") && is_name("إنذار") && !is_name("1a") && !is_name("a\"") && !is_name("")
        );
    }
}
