//! Every link in the documents, and every pointer to one in code and alarms, leads to a file and a heading that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of the repository.
const NOT_OURS: &[&str] = &["target", "node_modules", "run", ".git"];
/// What may point into the documents by path and heading: `docs/NAME.md#heading`.
const POINTERS: &[&str] = &["rs", "yml", "toml", "sh", "html", "service"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, kinds: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if !NOT_OURS.iter().any(|other| name == *other) {
                files(&path, kinds, found);
            }
        } else if path.extension().is_some_and(|kind| kinds.iter().any(|k| kind == *k)) {
            found.push(path);
        }
    }
}

/// The document without what stands as code: blocks between fences, indented lines, and spans between backticks.
fn prose(text: &str) -> String {
    let (mut fenced, mut out) = (false, String::new());
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        if !fenced && !fence && !line.starts_with("    ") {
            for (i, part) in line.split('`').enumerate() {
                out.push_str(if i % 2 == 0 { part } else { "`" });
            }
        }
        out.push('\n');
    }
    out
}

/// The targets of `](target)`, each with its line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, rest) in text.match_indices("](").map(|(at, _)| (at, &text[at + 2..])) {
        if let Some((target, _)) = rest.split_once(')') {
            found.push((text[..at].lines().count().max(1), target.trim().to_owned()));
        }
    }
    found
}

/// The anchor of each heading, as it is made where the documents are read: lower case, punctuation gone, spaces to hyphens.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let words = line.trim_start_matches('#');
        if !fenced && words.len() < line.len() && words.starts_with(' ') {
            let kept = words.trim().to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            found.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    found
}

/// What is wrong with a link from a file in `folder`, if anything is.
fn fault(folder: &Path, own: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let there = folder.join(path);
    if !path.is_empty() && !there.exists() {
        return Some(format!("{target}: there is no such file"));
    }
    let text = if path.is_empty() { own.to_owned() } else { fs::read_to_string(&there).unwrap_or_default() };
    let missing = !anchor.is_empty() && !anchors(&text).contains(anchor);
    missing.then(|| format!("{target}: there is no such heading"))
}

fn said(path: &Path, line: usize, fault: &str) -> String {
    format!("{}:{line}: {fault}", path.strip_prefix(root()).unwrap_or(path).display())
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let (mut documents, mut faults, mut seen) = (Vec::new(), Vec::new(), 0);
    files(root(), &["md"], &mut documents);
    for path in &documents {
        let text = fs::read_to_string(path).unwrap();
        let folder = path.parent().unwrap_or(root());
        for (line, target) in links(&prose(&text)) {
            seen += 1;
            faults.extend(fault(folder, &text, &target).map(|why| said(path, line, &why)));
        }
    }
    assert!(seen > 30, "{seen} links found: the documents are not read");
    assert!(faults.is_empty(), "links that lead nowhere:\n  {}", faults.join("\n  "));
}

#[test]
fn every_pointer_into_the_documents_leads_somewhere() {
    let (mut sources, mut faults, mut seen) = (Vec::new(), Vec::new(), 0);
    files(root(), POINTERS, &mut sources);
    // These rules and those of the architecture spell pointers that lead nowhere, to be caught by.
    let rules = [root().join("tests/links.rs"), root().join("tests/architecture")];
    for path in sources.iter().filter(|path| !rules.iter().any(|rule| path.starts_with(rule))) {
        let text = fs::read_to_string(path).unwrap();
        for (at, _) in text.match_indices("docs/") {
            let end = |c: char| !(c.is_alphanumeric() || "/._-#".contains(c));
            let target = text[at..].split(end).next().unwrap_or_default().trim_end_matches('.');
            if target.contains(".md") {
                seen += 1;
                let line = text[..at].lines().count().max(1);
                faults.extend(fault(root(), "", target).map(|why| said(path, line, &why)));
            }
        }
    }
    assert!(seen > 5, "{seen} pointers found: the sources are not read");
    assert!(faults.is_empty(), "pointers that lead nowhere:\n  {}", faults.join("\n  "));
}

#[test]
fn a_bad_link_is_seen() {
    let text = "# One Thing: `here`\n\n## The record's end\n";
    let have: Vec<String> = anchors(text).into_iter().collect();
    assert_eq!(have, ["one-thing-here", "the-records-end"]);
    let rows: &[(&str, bool)] = &[
        ("#the-records-end", true),
        ("#the-record-ends", false),
        ("README.md", true),
        ("READ.md", false),
        ("README.md#licence", true),
        ("README.md#license", false),
        ("https://example.om/#x", true),
    ];
    for (target, good) in rows {
        assert_eq!(fault(root(), text, target).is_none(), *good, "{target}");
    }
    assert_eq!(links(&prose("a [b](c.md) `[x](y)`\n    [in code](z.md)\n")), [(1, "c.md".to_owned())]);
}
