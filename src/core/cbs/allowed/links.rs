//! Web and mail addresses in a text, as phones find them: by a scheme, `www.`, an `@`, a path, or a top-level name after a dot.

use super::top_level::is_top_level;
use std::ops::Range;

/// Whatever reads as a web or mail address, in its order, as octets of the text.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    // A link without one of these is none; most texts have them only where sentences end.
    if !text.contains(['.', '@', '/']) {
        return vec![];
    }
    let mut found = Vec::new();
    for piece in pieces(text) {
        let mut at = piece.start;
        while let Some(host) = host(text, at..piece.end) {
            at = host.end;
            if let Some(link) = link(text, &host, piece.end) {
                at = link.end;
                found.push(link);
            }
        }
    }
    found
}

/// What ends a word that could be a link.
const ENDS: &str = ",;\"'!|<>()[]{}،؛؟۔।॥«»“”„‘’…、。";

/// What stands between white space, quotation marks, brackets and the signs that end a clause.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |c: char| !is_common(c) && (c.is_whitespace() || ENDS.contains(c));
    text.split(ends).filter(|piece| piece.contains(['.', '@', '/'])).map(|piece| {
        let at = piece.as_ptr().addr() - text.as_ptr().addr();
        at..at + piece.len()
    })
}

/// Letters, marks and digits of the scripts that most texts are written in.
fn is_common(c: char) -> bool {
    matches!(c, '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{620}'..='\u{669}' | '\u{66E}'..='\u{6D3}')
        || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{DFF}')
}

/// The first run within, that may be a host with somebody's name before it.
fn host(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let part = &text[within.clone()];
    let from = part.find(is_of_host)?;
    let length = part[from..].find(|c: char| !is_of_host(c)).unwrap_or(part.len() - from);
    Some(within.start + from..within.start + from + length)
}

/// Letters and digits of every script with their marks, and what stands between the labels of a host.
fn is_of_host(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '\u{300}'..='\u{36F}' | '\u{900}'..='\u{DFF}')
}

/// The link that a host belongs to: its scheme before it, its port and path after it. `None` if it reads as none.
fn link(text: &str, host: &Range<usize>, end: usize) -> Option<Range<usize>> {
    let trimmed = text[host.clone()].trim_matches(['.', '-', '_']);
    let start = trimmed.as_ptr().addr() - text.as_ptr().addr();
    let after = start + trimmed.len();
    let before = &text[..start];
    let scheme = scheme(before);
    let name = trimmed.to_lowercase();
    let server = name.rsplit('@').next().unwrap_or(&name);
    let is_path = |rest: &str| rest.len() > 1 && rest.starts_with('/') && !rest.starts_with("//");
    let reads_as_link = !name.is_empty()
        && (scheme.is_some()
            || server.starts_with("www.") && server.len() > 4
            || is_address(server)
            || is_host(server)
                && (name.contains('@')
                    || is_top_level(server.rsplit('.').next().unwrap_or_default())
                    || is_path(&text[after..end])));
    reads_as_link.then(|| {
        let rest = text[after..end].trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let is_part = rest.starts_with(['/', '?', '#'])
            || rest.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
        scheme.unwrap_or(start)..if is_part { after + rest.len() } else { after }
    })
}

/// Where the scheme begins that stands directly before a host: `https://`, or `hxxp://`.
fn scheme(before: &str) -> Option<usize> {
    let name = before.strip_suffix("://")?;
    Some(name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')).len())
}

/// Labels of letters, digits, hyphens and marks with dots between, the last of at least two letters.
pub(super) fn is_host(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| is_of_host(c) && c != '@');
    let (host, top) = text.rsplit_once('.').unwrap_or_default();
    let is_name = |top: &str| {
        top.chars().count() >= 2 && !top.contains(|c: char| c.is_numeric() || matches!(c, '-' | '_'))
    };
    host.split('.').all(is_label) && is_label(top) && (is_name(top) || top.starts_with("xn--"))
}

/// Four numbers below 256 with dots between: an address on the Internet.
fn is_address(text: &str) -> bool {
    let mut parts = 0;
    text.split('.').all(|part| {
        parts += 1;
        part.len() <= 3 && part.parse::<u8>().is_ok()
    }) && parts == 4
}
