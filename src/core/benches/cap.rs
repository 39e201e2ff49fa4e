//! Files a second on one thread: bare XML events, our reading, our whole verdict, xmllint; and the longest polygon. Judges no time.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends at a fault")]
#![expect(clippy::disallowed_methods, reason = "a bench reads a clock, files, and runs xmllint")]

use nadhir_core::cap::{Limits, Profile, read, verdict};
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A row is measured for about this long, in rounds over all files; the fastest tenth of the rounds counts, so that what else the machine does does not.
const LONG: Duration = Duration::from_secs(2);
/// What is promised, in files a second and core.
const FLOOR: f64 = 30_000.0;
/// What is promised for the longest polygon seen in the wild, rounded up.
const POINTS: i32 = 40_000;
const POLYGON: Duration = Duration::from_millis(5);

/// `cargo bench --bench cap -- polygon` measures the polygons alone.
fn main() {
    if std::env::args().any(|argument| argument == "polygon") {
        return polygons();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("NADHIR_REFERENCE").map_or_else(|| root.join("../shared"), PathBuf::from);
    for (name, folders) in [
        ("the project's samples", vec!["cap-schemas/samples/good".into(), "cap-schemas/samples/bad".into()]),
        ("published alerts", vec![shared.join("cap/samples")]),
    ] {
        let folders: Vec<PathBuf> = folders.iter().map(|f: &PathBuf| root.join(f)).collect();
        let files = files(&folders);
        if files.is_empty() {
            println!("\n{name}: none here");
        } else {
            corpus(name, &files, &root.join("cap-schemas/cap-1.2.xsd"));
        }
    }
    polygons();
}

/// Files of 1 to 64 kB.
fn files(folders: &[PathBuf]) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<(PathBuf, Vec<u8>)> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    files.retain(|(_, bytes)| (1_000..=64_000).contains(&bytes.len()));
    files.sort();
    files
}

fn corpus(name: &str, files: &[(PathBuf, Vec<u8>)], schema: &Path) {
    let octets: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("\n{name}: {} files, {} octets each on average", files.len(), octets / files.len());
    let bare = rate(files, events);
    row("quick-xml, bare events", bare, bare);
    row("cap::read: reading and schema", rate(files, |bytes| read(bytes, &Limits::cap()).1.len()), bare);
    let whole = rate(files, |bytes| verdict(bytes, Profile::Cap).faults.len());
    row("cap::verdict: reading, schema, rules", whole, bare);
    match xmllint(files, schema) {
        Some(theirs) => row("xmllint: reading and schema", theirs, bare),
        None => println!("  xmllint is not here"),
    }
    let met = if whole >= FLOOR { "met" } else { "NOT met" };
    println!("  promised {FLOOR} a second and core, reading, schema and rules: {met}");
}

fn row(what: &str, rate: f64, bare: f64) {
    println!("  {what:<40} {rate:>9.0} a second   {:>5.2} of bare events", rate / bare);
}

/// Files a second, by the fastest rounds.
fn rate(files: &[(PathBuf, Vec<u8>)], mut work: impl FnMut(&[u8]) -> usize) -> f64 {
    let (began, mut rounds) = (Instant::now(), Vec::new());
    while began.elapsed() < LONG || rounds.len() < 4 {
        let round = Instant::now();
        for (_, bytes) in files {
            black_box(work(black_box(bytes)));
        }
        rounds.push(round.elapsed());
    }
    rounds.sort_unstable();
    let fastest = &rounds[..rounds.len().div_ceil(10)];
    (files.len() * fastest.len()) as f64 / fastest.iter().sum::<Duration>().as_secs_f64()
}

fn events(bytes: &[u8]) -> usize {
    let Ok(text) = std::str::from_utf8(bytes) else { return 0 };
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    while !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)) {
        count += 1;
    }
    count
}

/// What more files cost xmllint in one call: its start and its reading of the schema are not counted.
fn xmllint(files: &[(PathBuf, Vec<u8>)], schema: &Path) -> Option<f64> {
    let time = |times: usize| {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--schema"]).arg(schema);
        for _ in 0..times {
            command.args(files.iter().map(|(path, _)| path));
        }
        let began = Instant::now();
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok().map(|_| began.elapsed())
    };
    let fastest = |times: usize| (0..3).filter_map(|_| time(times)).min();
    let (few, many) = (fastest(1)?, fastest(41)?);
    Some((files.len() * 40) as f64 / many.checked_sub(few)?.as_secs_f64())
}

fn polygons() {
    println!("\na polygon of {POINTS} points, cap::verdict under profile cap");
    let at = |i: i32| f64::from(i) / f64::from(POINTS) * std::f64::consts::TAU;
    let smooth = |i: i32| (20.0 + at(i).sin(), 57.0 + at(i).cos());
    // A coast: bays within bays, still simple since the radius is a function of the angle.
    let coast = |i: i32| {
        let radius = 1.0 + [7.0, 61.0, 977.0].iter().map(|n| (at(i) * n).sin() / (n + 5.0)).sum::<f64>();
        (20.0 + radius * at(i).sin(), 57.0 + radius * at(i).cos())
    };
    let comb = |i: i32| match i {
        i if i < POINTS - 2 => (f64::from(i) / 1_000.0, if i % 2 == 0 { 50.0 } else { 60.0 }),
        i if i == POINTS - 2 => (f64::from(POINTS) / 1_000.0, 61.0),
        _ => (-1.0, 61.0),
    };
    let shapes: [(&str, Shape<'_>); 3] = [("smooth", &smooth), ("a coast", &coast), ("a comb", &comb)];
    for (name, shape) in shapes {
        let document = document(shape);
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..60 {
            let began = Instant::now();
            black_box(verdict(black_box(document.as_bytes()), Profile::Cap));
            times.push(began.elapsed());
        }
        times.sort_unstable();
        let best = times[times.len() / 10];
        let met = if best <= POLYGON { "met" } else { "NOT met" };
        println!(
            "  {name:<10} {:>8.2} ms   promised {} ms: {met}",
            best.as_secs_f64() * 1e3,
            POLYGON.as_millis()
        );
    }
}

/// The points of a ring, latitude first.
type Shape<'a> = &'a dyn Fn(i32) -> (f64, f64);

fn document(shape: Shape<'_>) -> String {
    let mut points: Vec<String> =
        (0..POINTS - 1).map(shape).map(|(lat, lon)| format!("{lat:.6},{lon:.6}")).collect();
    points.push(points[0].clone());
    format!(
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>i</identifier><sender>s</sender>\
         <sent>2026-11-22T06:30:00+04:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>\
         <info><category>Met</category><event>e</event><urgency>Immediate</urgency><severity>Extreme</severity>\
         <certainty>Observed</certainty><expires>2026-11-22T12:30:00+04:00</expires><area><areaDesc>a</areaDesc>\
         <polygon>{}</polygon></area></info></alert>",
        points.join(" ")
    )
}
