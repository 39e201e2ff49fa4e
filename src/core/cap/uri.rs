//! Whether a text can be an address: a URI reference (RFC 3986, 4.1). Fetches nothing.

/// Whether a text can be an address at all. What no address may hold, space and characters beyond ASCII among it, is taken
/// as if escaped, as XML Schema's `anyURI` has it (part 2, 3.2.17); brackets too in a fragment, where they mean nothing else.
pub(super) fn is_uri(text: &str) -> bool {
    let (body, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (hierarchy, query) = body.split_once('?').unwrap_or((body, ""));
    let (scheme, rest) = scheme(hierarchy);
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    // A first segment with a colon would be a scheme (4.2).
    let first = path.split('/').next().unwrap_or_default();
    (scheme.is_some() || !first.contains(':'))
        && is_authority(authority)
        && ![path, query].iter().any(|part| part.contains(['[', ']']))
        && !fragment.contains('#')
        && escaped(text)
}

/// The scheme, where there is one, and what follows it (3.1).
fn scheme(text: &str) -> (Option<&str>, &str) {
    let lawful = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    };
    match text.split_once(':') {
        Some((scheme, rest)) if lawful(scheme) => (Some(scheme), rest),
        Some(_) | None => (None, text),
    }
}

/// A user, a host and a port (3.2); a colon has a port after it.
fn is_authority(text: &str) -> bool {
    let (user, place) = text.split_once('@').unwrap_or(("", text));
    let (host, port) = match place.strip_prefix('[').and_then(|literal| literal.split_once(']')) {
        Some((_, rest)) => ("", rest),
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    let port = port
        .strip_prefix(':')
        .map_or(port.is_empty(), |port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    port && ![user, host].iter().any(|part| part.contains(['[', ']', '@']))
}

/// Whether every `%` has two digits after it (2.1).
fn escaped(text: &str) -> bool {
    let mut escapes = text.split('%').skip(1);
    escapes.all(|e| e.len() >= 2 && e.bytes().take(2).all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_what_is_none() {
        let check = |text: &str, want: bool| assert_eq!(is_uri(text), want, "{text}");
        for address in [
            "",
            "https://alerts.example.om/now",
            "https://a:b@example.om:8080/x?y=//#z",
            "http://[2001:db8::1]:80/x",
            "http://[::1]",
            "mailto:desk@example.om",
            "urn:oasis:names:tc",
            "../map one.png",
            "a/b:c",
            "/x",
            "//example.om",
            "https://مثال.عمان/الآن",
            "x?a:b",
            "#top",
            "x#[1]",
        ] {
            check(address, true);
        }
        for none in [
            "https://:",
            "http://example.om:/",
            "http://example.om:8o/",
            "//::1",
            "http://[::1",
            "http://[::1]x",
            "http://a]/",
            "http://a/[b]",
            "x?[",
            "a#b#c",
            "%4",
            "%zz",
            "1a:b",
            ":a",
        ] {
            check(none, false);
        }
    }
}
