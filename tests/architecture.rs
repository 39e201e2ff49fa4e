//! The plan of the house, kept: what each part may name, how long a file may be, what may not stand in it. The rules are in architecture/.

#[path = "architecture/proof.rs"]
mod proof;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use rules::Room;
use source::{Source, files};
use std::path::Path;
use std::sync::OnceLock;

/// The rooms of the service and whom each may import; from the world down to the meaning. All may import nadhir_core.
const ROOMS: &[Room] = &[
    ("clock", ""),
    ("keys", ""),
    ("laboratory", ""),
    ("people", "store"),
    ("store", ""),
    ("transport", ""),
    ("adapter", "clock keys transport"),
    ("dispatch", "clock keys people store transport"),
    ("drill", "adapter clock dispatch keys people store transport"),
    ("http", "adapter clock dispatch drill keys laboratory people store transport"),
    // Each room owns its settings; config reads the file and hands them out.
    ("config", "adapter dispatch drill http keys laboratory people store transport"),
    ("run", "adapter clock config dispatch drill http keys laboratory people store transport"),
    ("doctor", "clock config run store"),
    ("demo", "adapter clock config dispatch drill http keys people run store transport"),
    ("cli", "adapter clock config demo dispatch doctor drill http keys people run store transport"),
];

/// The same inside nadhir-core.
const CORE_ROOMS: &[Room] = &[
    ("digest", ""),
    ("fault", ""),
    ("now", ""),
    ("cap", "digest fault now"),
    ("area", "cap digest fault now"),
    ("cbs", "cap digest fault now"),
    ("delivery", "area cap cbs digest fault now"),
    ("warning", "area cap cbs delivery digest fault now"),
    ("session", "area cap cbs delivery digest fault now"),
];

/// What core is built from.
const CORE_CRATES: &[&str] =
    &["chrono", "geo", "memchr", "quick-xml", "rstar", "serde", "serde_json", "sha2", "thiserror", "uuid"];

/// What core never names.
const CORE_NEVER: &[(&str, &str)] = &[
    ("std::net", "core knows no socket"),
    ("std::fs", "files come in as bytes"),
    ("std::env", "settings come in as arguments"),
    ("std::process", "core starts nothing"),
    ("std::thread", "core never waits"),
    ("SystemTime", "the instant is an argument"),
    ("Instant", "the instant is an argument"),
    ("Utc::now", "the instant is an argument"),
    ("Local::now", "the instant is an argument"),
    ("Uuid::new_v4", "identities come in as arguments"),
    ("Uuid::now_v7", "identities come in as arguments"),
    ("include_str", "the root embeds, core is handed bytes"),
    ("include_bytes", "the root embeds, core is handed bytes"),
    ("tokio::", "core runs nothing"),
    ("rand::", "core draws nothing"),
    ("getrandom::", "core draws nothing"),
];

/// What the service names in src/clock.rs alone, so that a test can stand where the clock stands.
const WALL_CLOCK: &[(&str, &str)] = &[
    ("Utc::now", "the wall clock is read in src/clock.rs"),
    ("Local::now", "the wall clock is read in src/clock.rs"),
    ("SystemTime::now", "the wall clock is read in src/clock.rs"),
];

/// What the simulator never names: its decoder is evidence because it is not ours.
const SIMULATOR_NEVER: &[(&str, &str)] = &[
    ("nadhir::", "the simulator shares no code with what it judges"),
    ("nadhir_core", "the simulator shares no code with what it judges"),
    ("nadhir_amqp", "the simulator is reached over HTTP"),
];

/// Files that may exceed 400 lines, and why.
const LONG: &[(&str, &str)] = &[];

/// Every Rust file of the workspace, read once.
fn rust() -> &'static [Source] {
    static FILES: OnceLock<Vec<Source>> = OnceLock::new();
    FILES.get_or_init(|| {
        let rust = |path: &str| path.rsplit('.').next() == Some("rs");
        let tops = ["src", "simulator", "tests", "benches"];
        let found: Vec<Source> = tops.iter().flat_map(|top| files(root(), top, &rust)).collect();
        assert!(found.len() > 10, "{} files found under {}", found.len(), root().display());
        found
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> Source {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    Source::new(path, &text)
}

/// Core's own files, without its tests and examples.
fn core(file: &Source) -> bool {
    let beside = ["/tests/", "/examples/", "/benches/", "/tests.rs", "/fixtures.rs"];
    file.path.starts_with("src/core/") && !beside.iter().any(|b| file.path.contains(b))
}

fn hold(rule: &str, faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{rule}\n  {}", faults.join("\n  "));
}

/// Holds every Rust file that `which` picks to a rule.
fn each(rule: &str, which: impl Fn(&Source) -> bool, faults: impl Fn(&Source) -> Vec<String>) {
    hold(rule, rust().iter().filter(|file| which(file)).flat_map(faults));
}

/// The same, but for the files that are compiled only for tests.
fn each_shipped(rule: &str, which: impl Fn(&Source) -> bool, faults: impl Fn(&Source) -> Vec<String>) {
    let tests: Vec<String> = rust().iter().flat_map(Source::test_modules).collect();
    each(rule, |f| which(f) && !tests.contains(&f.path), faults);
}

fn all(_: &Source) -> bool {
    true
}

#[test]
fn every_file_opens_with_its_job() {
    each("every file opens with its one job", all, rules::first_line);
}

#[test]
fn every_file_is_named_after_what_it_holds() {
    each("a file is named after what it holds", all, rules::file_name);
}

#[test]
fn a_list_of_rooms_does_nothing_itself() {
    let lists = |f: &Source| ["src/lib.rs", "src/core/lib.rs"].contains(&f.path.as_str());
    each("lib.rs is a reading order", lists, rules::lists_only);
}

#[test]
fn nothing_is_left_over() {
    each("nothing unfinished is kept", all, rules::leftovers);
}

#[test]
fn core_is_built_from_a_closed_list_of_crates() {
    let manifest = read("src/core/Cargo.toml");
    assert!(!rules::dependencies(&manifest.text, "dependencies").is_empty());
    hold("core's wall is its manifest", rules::wall(&manifest, "dependencies", CORE_CRATES));
    hold("core's wall is its manifest", rules::wall(&manifest, "build-dependencies", &[]));
}

#[test]
fn core_opens_nothing_and_asks_no_clock() {
    each_shipped("core decides and does not do", core, |f| rules::names_none(f, CORE_NEVER));
}

#[test]
fn the_wall_clock_is_read_in_one_place() {
    let service = |f: &Source| f.path.starts_with("src/") && f.path != "src/clock.rs";
    each_shipped("the wall clock is read in one place", service, |f| rules::names_none(f, WALL_CLOCK));
}

#[test]
fn lapin_lives_in_amqp_alone() {
    each("lapin lives in src/amqp", all, |f| rules::lives_in(f, "lapin", &["src/amqp/"]));
    for manifest in ["Cargo.toml", "src/core/Cargo.toml", "simulator/Cargo.toml"].map(read) {
        let named = rules::dependencies(&manifest.text, "dependencies").contains(&"lapin".to_owned());
        assert!(!named, "{} names lapin: it lives in src/amqp", manifest.path);
    }
}

#[test]
fn the_simulator_shares_no_code() {
    let simulator = |f: &Source| f.path.starts_with("simulator/");
    each("the simulator's decoder is evidence", simulator, |f| rules::names_none(f, SIMULATOR_NEVER));
    let manifest = read("simulator/Cargo.toml").text;
    let ours = rules::dependencies(&manifest, "dependencies").into_iter().find(|d| d.starts_with("nadhir"));
    assert_eq!(ours, None, "simulator/Cargo.toml depends on what it judges");
}

#[test]
fn the_simulator_is_named_by_the_demo_and_by_tests_alone() {
    let places = ["simulator/", "src/demo", "tests/", "benches/"];
    each("the hub never knows its operators are simulated", all, |f| {
        rules::lives_in(f, "nadhir_simulator", &places)
    });
}

#[test]
fn imports_run_from_the_world_to_the_meaning() {
    hold("the plan is sound", rules::order_is_sound(ROOMS));
    let service = |f: &Source| !f.path.starts_with("src/core/") && !f.path.starts_with("src/amqp/");
    each_shipped("imports run one way", service, |f| rules::import_order(f, "src/", ROOMS));
}

#[test]
fn imports_in_core_run_one_way() {
    hold("the plan of core is sound", rules::order_is_sound(CORE_ROOMS));
    each_shipped("imports in core run one way", core, |f| rules::import_order(f, "src/core/", CORE_ROOMS));
}

#[test]
fn files_are_short() {
    let files: Vec<(String, usize)> = rust().iter().map(|f| (f.path.clone(), f.lines())).collect();
    hold("a file has one noun", rules::lengths(&files, LONG));
}

#[test]
fn nothing_reaches_outside_the_repository() {
    let kinds =
        [".rs", ".md", ".toml", ".sh", ".py", ".json", ".yml", ".xml", ".html", ".css", ".ts", ".service"];
    let wanted = |path: &str| {
        let text = kinds.iter().any(|kind| path.ends_with(kind)) || ["Makefile", ".ci/run"].contains(&path);
        // The comparison with reference data is the one thing that may, and these rules spell the word.
        text && !path.starts_with("tests/reference/") && !path.starts_with("tests/architecture")
    };
    hold("the repository stands alone", files(root(), "", &wanted).iter().flat_map(rules::outside));
}

#[test]
fn the_tree_holds_nothing_that_is_banned() {
    let deny = read("deny.toml").text;
    assert!(deny.contains("{ crate = \"openssl-sys\""), "deny.toml has lost its bans");
    hold("a build needs Rust and a C compiler", rules::banned(&deny, &read("Cargo.lock").text));
}

#[test]
fn every_crate_keeps_the_lints() {
    for manifest in
        ["Cargo.toml", "src/core/Cargo.toml", "src/amqp/Cargo.toml", "simulator/Cargo.toml"].map(read)
    {
        assert!(
            manifest.text.contains("\n[lints]\nworkspace = true\n"),
            "{}: leaves the lints",
            manifest.path
        );
    }
}
