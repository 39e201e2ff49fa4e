//! One source file as the rules see it: text, code without words, the paths it names. Judges nothing.

use std::fs;
use std::path::Path;

/// A file of the repository, its path relative to the root and written with `/`.
pub(crate) struct Source {
    pub(crate) path: String,
    /// Every octet as it stands.
    pub(crate) text: String,
    /// Code and comments; what string literals hold is blank.
    pub(crate) prose: String,
    /// Code alone: comments, string literals and what is compiled only for tests are blank. Lines stay where they were.
    pub(crate) code: String,
}

/// A path named in the code, its `use` braces written out, and the line it stands in.
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let kinds = kinds(text.as_bytes());
        let prose = keep(text, &kinds, |k| k != Kind::Literal);
        let code = without_tests(&keep(text, &kinds, |k| k == Kind::Code));
        Source { path: path.into(), text: text.into(), prose, code }
    }

    /// Every path the code names.
    pub(crate) fn paths(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut done = 0;
        for (at, word) in words(&self.code) {
            let within = self.code[..at]
                .strip_suffix("::")
                .is_some_and(|b| b.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
            if at < done || within {
                continue;
            }
            let line = line_of(&self.code, at);
            let rest = &self.code[at + word.len()..];
            if word == "use" && rest.starts_with(char::is_whitespace) {
                let tree = rest.split(';').next().unwrap_or(rest);
                done = at + word.len() + tree.len();
                let mut each = Vec::new();
                expand(&[], tree, &mut each);
                found.extend(each.into_iter().map(|segments| Named { line, segments }));
            } else {
                found.push(Named { line, segments: path_at(&self.code[at..]) });
            }
        }
        found
    }

    /// The files of modules that this file declares for tests alone: `#[cfg(test)] mod fixtures;`.
    pub(crate) fn test_modules(&self) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let inside = match name {
            "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
            _ => self.path.trim_end_matches(".rs").to_owned(),
        };
        let declared = self.text.split("#[cfg(test)]").skip(1).filter_map(|rest| {
            let rest = rest.trim_start();
            let item = rest.strip_prefix("pub(crate) ").or(rest.strip_prefix("pub(super) ")).unwrap_or(rest);
            let (module, _) = item.strip_prefix("mod ")?.split_once(';')?;
            (!module.contains('{')).then_some(module)
        });
        declared.flat_map(|m| [format!("{inside}/{m}.rs"), format!("{inside}/{m}/mod.rs")]).collect()
    }

    pub(crate) fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

/// Every file under `below` (a folder or a file, relative to `root`) whose path `wanted` accepts, in order.
pub(crate) fn files(root: &Path, below: &str, wanted: &dyn Fn(&str) -> bool) -> Vec<Source> {
    let mut found = Vec::new();
    walk(root, Path::new(below), wanted, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, below: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if ["target", ".git", "node_modules", "run"].iter().any(|skip| name == *skip) {
            continue;
        }
        let path = below.join(&name);
        if entry.path().is_dir() {
            walk(root, &path, wanted, found);
            continue;
        }
        let shown = path.to_string_lossy().replace('\\', "/");
        if wanted(&shown)
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push(Source::new(&shown, &text));
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// What each octet belongs to.
fn kinds(b: &[u8]) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(b.len());
    while kinds.len() < b.len() {
        let at = kinds.len();
        let rest = &b[at..];
        let (length, kind) = if rest.starts_with(b"//") {
            (rest.iter().position(|c| *c == b'\n').unwrap_or(rest.len()), Kind::Comment)
        } else if rest.starts_with(b"/*") {
            (block_comment(rest), Kind::Comment)
        } else if let Some(length) = literal(rest, at > 0 && is_word(b[at - 1])) {
            (length, Kind::Literal)
        } else {
            (1, Kind::Code)
        };
        kinds.resize((at + length).min(b.len()), kind);
    }
    kinds
}

fn block_comment(b: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < b.len() {
        match &b[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of the string or character literal that `b` opens with; a lifetime is none.
fn literal(b: &[u8], inside_word: bool) -> Option<usize> {
    if b[0] == b'"' {
        return Some(quoted(b, b'"'));
    }
    if b[0] == b'\'' {
        let escaped = b.get(1) == Some(&b'\\');
        let close = b.iter().skip(2).take(4).position(|c| *c == b'\'');
        let one = std::str::from_utf8(&b[1..]).map_or(0, |s| s.chars().next().map_or(0, char::len_utf8));
        return match (escaped, close) {
            (true, _) => Some(quoted(b, b'\'')),
            (false, Some(found)) if found + 1 == one => Some(found + 3),
            (false, _) => None,
        };
    }
    let prefix = b.iter().take_while(|c| matches!(c, b'r' | b'b' | b'c')).count();
    if prefix == 0 || inside_word || !b[..prefix].contains(&b'r') {
        return None;
    }
    let hashes = b[prefix..].iter().take_while(|c| **c == b'#').count();
    if b.get(prefix + hashes) != Some(&b'"') {
        return None;
    }
    let open = prefix + hashes + 1;
    let end: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let close = b[open..].windows(end.len()).position(|w| w == end);
    Some(close.map_or(b.len(), |found| open + found + end.len()))
}

fn quoted(b: &[u8], mark: u8) -> usize {
    let mut at = 1;
    while at < b.len() && b[at] != mark {
        at += if b[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn keep(text: &str, kinds: &[Kind], wanted: impl Fn(Kind) -> bool) -> String {
    let octet = |(b, k): (u8, &Kind)| if b == b'\n' || wanted(*k) { b } else { b' ' };
    String::from_utf8_lossy(&text.bytes().zip(kinds).map(octet).collect::<Vec<u8>>()).into_owned()
}

/// Blanks each item behind `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut left = code.to_owned();
    while let Some(start) = ["#[cfg(test)]", "#[cfg(all(test"].iter().filter_map(|m| left.find(m)).min() {
        let mut depth = 0;
        let mut end = left.len();
        for (at, c) in left[start..].char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            if depth == 0 && matches!(c, '}' | ';') {
                end = start + at + 1;
                break;
            }
        }
        let blank: String = left[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        left.replace_range(start..end, &blank);
    }
    left
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// Each identifier or number and where it starts.
fn words(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        if !piece.is_empty() {
            found.push((at, piece));
        }
        at += piece.len();
        at += code[at..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

/// The path that `code` opens with: `a::b::c`.
fn path_at(code: &str) -> Vec<String> {
    let end = code.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(code.len());
    code[..end].split("::").map(|s| s.trim_matches(':').to_owned()).filter(|s| !s.is_empty()).collect()
}

/// Writes out the braces of a `use`: `a::{b, c::{self, d}}` is `a::b`, `a::c`, `a::c::d`.
fn expand(before: &[String], tree: &str, found: &mut Vec<Vec<String>>) {
    let (mut depth, mut start) = (0, 0);
    let mut branches = Vec::new();
    for (at, c) in tree.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 && c == ',' {
            branches.push(&tree[start..at]);
            start = at + 1;
        }
    }
    branches.push(&tree[start..]);
    for branch in branches.iter().map(|b| b.trim()).filter(|b| !b.is_empty()) {
        let (head, inner) = branch.split_once('{').map_or((branch, None), |(h, i)| (h, Some(i)));
        let named = head.split(" as ").next().unwrap_or(head);
        let steps = named.split("::").map(str::trim).filter(|s| !s.is_empty() && *s != "self");
        let path: Vec<String> = before.iter().cloned().chain(steps.map(str::to_owned)).collect();
        match inner {
            Some(inner) => expand(&path, inner.trim_end().strip_suffix('}').unwrap_or(inner), found),
            None => found.push(path),
        }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
