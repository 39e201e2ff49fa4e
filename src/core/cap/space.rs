//! Which namespace a prefix stands for, element by element (Namespaces in XML 1.0). Of all namespaces it tells apart those CAP is written in.

use super::Version;
use super::xml::{in_name, is_plain_name};

/// Whose name an element or attribute bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// CAP, of this version.
    Cap(Version),
    /// XML Signature.
    Signature,
    /// XML Schema's hints on where a schema is.
    Instance,
    /// Any other, or none.
    Other,
}

/// The namespace of CAP 1.1.
pub(super) const CAP_1_1: &str = "urn:oasis:names:tc:emergency:cap:1.1";
/// The namespace of CAP 1.2.
pub(super) const CAP_1_2: &str = "urn:oasis:names:tc:emergency:cap:1.2";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The declarations in force, the innermost last.
#[derive(Default)]
pub(super) struct Spaces {
    bound: Vec<Binding>,
}

struct Binding {
    /// Empty for the default namespace.
    prefix: String,
    space: Space,
    /// How deep the element stands that declares it.
    depth: usize,
}

impl Spaces {
    /// The prefix an attribute of that name declares, if it declares one; empty for the default namespace.
    pub(super) fn declares(attribute: &str) -> Option<&str> {
        match attribute.strip_prefix("xmlns") {
            Some("") => Some(""),
            Some(rest) => rest.strip_prefix(':'),
            None => None,
        }
    }

    /// Takes a declaration of an element `depth` deep, or says why it is none.
    pub(super) fn declare(&mut self, prefix: &str, name: &str, depth: usize) -> Result<(), &'static str> {
        if prefix == "xmlns" || name == XMLNS || (prefix == "xml") != (name == XML) {
            return Err("a namespace declaration takes a name that is reserved");
        }
        if name.is_empty() && !prefix.is_empty() {
            return Err("a namespace declaration gives its prefix no namespace");
        }
        let space = match name {
            CAP_1_2 => Space::Cap(Version::V1_2),
            CAP_1_1 => Space::Cap(Version::V1_1),
            SIGNATURE => Space::Signature,
            INSTANCE => Space::Instance,
            _ => Space::Other,
        };
        self.bound.push(Binding { prefix: prefix.to_owned(), space, depth });
        Ok(())
    }

    /// Forgets what elements deeper than `depth` declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bound.last().is_some_and(|binding| binding.depth > depth) {
            self.bound.pop();
        }
    }

    /// What a prefix stands for; none where it is not declared.
    pub(super) fn of(&self, prefix: &str) -> Option<Space> {
        // Most names have no prefix, and comparing nothing with nothing is a call all the same.
        let is = |binding: &&Binding| {
            binding.prefix.len() == prefix.len() && (prefix.is_empty() || binding.prefix == prefix)
        };
        let declared = self.bound.iter().rev().find(is).map(|binding| binding.space);
        declared.or_else(|| matches!(prefix, "" | "xml").then_some(Space::Other))
    }
}

/// Prefix and local name; the prefix is empty where there is none. None where it is no name (Namespaces in XML 1.0, 4).
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    let octets = name.as_bytes();
    let found = octets.iter().fold(0, |found, octet| found | KINDS[usize::from(*octet)]);
    if found == 0 && octets.first().is_some_and(u8::is_ascii_alphabetic) {
        return Some(("", name));
    }
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let prefixed = prefix.len() + local.len() < name.len();
    (is_plain_name(local) && (!prefixed || is_plain_name(prefix))).then_some((prefix, local))
}

/// 0 for an octet that may stand in a name and says nothing; names, which are short, are gone through without a branch.
const KINDS: [u8; 256] = {
    let mut kinds = [1; 256];
    let mut octet = 0_u8;
    while octet < 128 {
        if in_name(octet as char) {
            kinds[octet as usize] = 0;
        }
        octet += 1;
    }
    kinds
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_declaration_holds_until_its_element_ends() {
        let mut spaces = Spaces::default();
        assert_eq!(
            (spaces.of(""), spaces.of("c"), spaces.of("xml")),
            (Some(Space::Other), None, Some(Space::Other))
        );
        spaces.declare("c", CAP_1_2, 1).unwrap();
        spaces.declare("", CAP_1_1, 1).unwrap();
        spaces.declare("", "", 2).unwrap();
        assert_eq!((spaces.of(""), spaces.of("c")), (Some(Space::Other), Some(Space::Cap(Version::V1_2))));
        spaces.leave(1);
        assert_eq!(spaces.of(""), Some(Space::Cap(Version::V1_1)));
        spaces.leave(0);
        assert_eq!((spaces.of(""), spaces.of("c")), (Some(Space::Other), None));
    }

    #[test]
    fn reserved_names_are_not_taken() {
        let check = |prefix: &str, name: &str, good: bool| {
            assert_eq!(Spaces::default().declare(prefix, name, 1).is_ok(), good, "{prefix} {name}");
        };
        check("xml", XML, true);
        check("xml", "urn:x", false);
        check("a", XML, false);
        check("", XML, false);
        check("xmlns", "urn:x", false);
        check("a", XMLNS, false);
        check("a", "", false);
        check("", "", true);
        assert_eq!(
            ["xmlns", "xmlns:a", "xmlnsa", "a:xmlns", "x"].map(Spaces::declares),
            [Some(""), Some("a"), None, None, None]
        );
    }
}
