//! The rules as functions from a file to its faults, each in words that name file, line and rule. The plan they are held to is not here.

use crate::source::{Named, Source};

/// A part of a crate, and the parts it may name with spaces between them.
pub(crate) type Room = (&'static str, &'static str);

/// The first line says the file's one job: `//! ` and a sentence, no placeholder.
pub(crate) fn first_line(file: &Source) -> Vec<String> {
    let first = file.text.lines().next().unwrap_or_default();
    let job = first.strip_prefix("//! ").unwrap_or_default();
    let empty = ["to come", "placeholder", "todo", "tbd"];
    let fault = if job.is_empty() {
        "opens without a `//! ` line that says its job"
    } else if job.split_whitespace().count() < 3 || job.len() < 16 {
        "opens with a line too short to say a job"
    } else if empty.iter().any(|word| job.to_lowercase().contains(word)) {
        "opens with a promise in place of a job"
    } else {
        return Vec::new();
    };
    vec![format!("{}:1: {fault}: {first:?}", file.path)]
}

/// A file is named after what it holds.
pub(crate) fn file_name(file: &Source) -> Vec<String> {
    let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    let vague = ["utils", "util", "helpers", "helper", "misc", "common", "stuff"];
    if vague.contains(&stem) { vec![format!("{}: a name that says nothing", file.path)] } else { Vec::new() }
}

/// `lib.rs` is a reading order: it declares and hands on, and does nothing itself.
pub(crate) fn lists_only(file: &Source) -> Vec<String> {
    let does = ["fn ", "struct ", "enum ", "impl ", "trait "];
    at_lines(&file.code, &does)
        .map(|(n, word)| format!("{}:{n}: lib.rs only lists; `{word}` lives in a file of its own", file.path))
        .collect()
}

/// Nothing unfinished stands in the code or in its comments.
pub(crate) fn leftovers(file: &Source) -> Vec<String> {
    let unfinished = ["todo!", "unimplemented!", "dbg!", "#[ignore", "FIXME", "XXX"];
    at_lines(&file.prose, &unfinished)
        .map(|(n, word)| format!("{}:{n}: {word} is left over", file.path))
        .collect()
}

/// No file reaches for a folder beside the repository.
pub(crate) fn outside(file: &Source) -> Vec<String> {
    at_lines(&file.text, &["shared/"])
        .map(|(n, word)| format!("{}:{n}: {word} lies outside the repository", file.path))
        .collect()
}

/// The file names none of `paths` (each with its reason): `std::fs` anywhere in a path, `rand::` as a crate.
pub(crate) fn names_none(file: &Source, paths: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for Named { line, segments } in file.paths() {
        let whole = format!("::{}::", segments.join("::"));
        for (path, why) in paths {
            let hit = match path.strip_suffix("::") {
                Some(name) => segments.len() > 1 && segments[0] == name,
                None => whole.contains(&format!("::{path}::")),
            };
            if hit {
                faults.push(format!("{}:{line}: names {path}: {why}", file.path));
            }
        }
    }
    faults
}

/// A crate is named only in files whose path begins with one of `places`.
pub(crate) fn lives_in(file: &Source, name: &str, places: &[&str]) -> Vec<String> {
    if places.iter().any(|place| file.path.starts_with(place)) {
        return Vec::new();
    }
    let elsewhere = format!("it is named only in {}", places.join(", "));
    let named = |n: &Named| n.segments.iter().any(|s| s == name);
    let lines = file.paths().into_iter().filter(named).map(|n| n.line);
    lines.map(|n| format!("{}:{n}: names {name}: {elsewhere}", file.path)).collect()
}

/// A file of the crate under `top` names only those rooms of its crate that `rooms` allows its own room.
pub(crate) fn import_order(file: &Source, top: &str, rooms: &[Room]) -> Vec<String> {
    let Some(inside) = file.path.strip_prefix(top).and_then(|p| p.strip_suffix(".rs")) else {
        return Vec::new();
    };
    let mut module: Vec<&str> = inside.split('/').collect();
    module.pop_if(|last| *last == "mod");
    let own = module[0];
    if ["lib", "main"].contains(&own) {
        return Vec::new();
    }
    let Some((_, may)) = rooms.iter().find(|(name, _)| *name == own) else {
        return vec![format!(
            "{}: the plan has no room {own}; give it a line, with whom it may import",
            file.path
        )];
    };
    let strays = file.paths().into_iter().filter_map(|named| {
        let room = room_of(&named.segments, module.len())?;
        let known = rooms.iter().any(|(name, _)| *name == room);
        (known && room != own && !may.split(' ').any(|m| m == room)).then_some((named.line, room))
    });
    strays.map(|(n, room)| format!("{}:{n}: {own} may not import {room}", file.path)).collect()
}

/// The room a path leads to, read from a module `depth` below the crate: by `crate::`, or by as many `super::`.
fn room_of(path: &[String], depth: usize) -> Option<String> {
    let supers = path.iter().take_while(|s| *s == "super").count();
    let climbs = path.first().is_some_and(|s| s == "crate") || (supers > 0 && supers >= depth);
    if climbs { path.get(supers.max(1)).cloned() } else { None }
}

/// The rooms of a plan form no circle, and none may import one that is not there.
pub(crate) fn order_is_sound(rooms: &[Room]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut settled: Vec<&str> = Vec::new();
    for (name, may) in rooms {
        for other in may.split_whitespace().filter(|o| !rooms.iter().any(|(n, _)| n == o)) {
            faults.push(format!("{name} may import {other}, which the plan does not have"));
        }
    }
    while let Some((name, _)) = rooms
        .iter()
        .find(|(n, may)| !settled.contains(n) && may.split_whitespace().all(|m| settled.contains(&m)))
    {
        settled.push(name);
    }
    let circle: Vec<&str> = rooms.iter().map(|(n, _)| *n).filter(|n| !settled.contains(n)).collect();
    if faults.is_empty() && !circle.is_empty() {
        faults.push(format!("a circle among {}", circle.join(", ")));
    }
    faults
}

/// The rulers of length: half of all files within 150 lines, nine in ten within 300, none over 400 but by name.
pub(crate) fn lengths(files: &[(String, usize)], long: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, lines) in files.iter().filter(|(_, lines)| *lines > 400) {
        if !long.iter().any(|(name, _)| name == path) {
            faults.push(format!("{path}: {lines} lines, more than 400: is there a second noun in it?"));
        }
    }
    for (name, _) in long {
        if !files.iter().any(|(path, lines)| path == name && *lines > 400) {
            faults.push(format!("{name}: excused from its length without need"));
        }
    }
    let over = |limit| files.iter().filter(move |(_, lines)| *lines > limit).map(|(p, l)| format!("{p} {l}"));
    for (limit, share, words) in [(300, 10, "one in ten"), (150, 2, "half")] {
        let found: Vec<String> = over(limit).collect();
        if found.len() * share > files.len() {
            faults.push(format!(
                "more than {words} of {} files exceed {limit} lines: {}",
                files.len(),
                found.join(", ")
            ));
        }
    }
    faults
}

/// The names under `[section]` of a manifest.
pub(crate) fn dependencies(manifest: &str, section: &str) -> Vec<String> {
    let heading = format!("[{section}]");
    let body =
        manifest.lines().skip_while(|l| l.trim() != heading).skip(1).take_while(|l| !l.starts_with('['));
    body.filter(|l| l.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|l| l.split(['=', '.', ' ']).next().map(str::to_owned))
        .collect()
}

/// Whatever is named in a section of a manifest and is not in `allowed`.
pub(crate) fn wall(manifest: &Source, section: &str, allowed: &[&str]) -> Vec<String> {
    let names = dependencies(&manifest.text, section).into_iter().filter(|n| !allowed.contains(&n.as_str()));
    names.map(|n| format!("{}: [{section}] names {n}, which is beyond the wall", manifest.path)).collect()
}

/// What `deny.toml` bans and the lock file holds all the same.
pub(crate) fn banned(deny: &str, lock: &str) -> Vec<String> {
    let bans = deny.lines().filter_map(|l| l.trim().strip_prefix("{ crate = \"")?.split('"').next());
    bans.filter(|ban| lock.lines().any(|l| l == format!("name = \"{ban}\"")))
        .map(|ban| format!("Cargo.lock: holds {ban}, which deny.toml bans"))
        .collect()
}

/// Each line of `text` that holds one of `words`, with that word.
fn at_lines<'a>(text: &'a str, words: &'a [&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
    let hits = |line: &'a str| words.iter().filter(move |w| holds(line, w)).copied();
    text.lines().enumerate().flat_map(move |(n, line)| hits(line).map(move |w| (n + 1, w)))
}

/// Whether `line` holds `word`, not as the end of a longer word.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            || !word.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}
