//! What lies on this machine: clock, the disk under record or ledger, the record, regions, cell lists. Opens no connection.

use super::Row;
use crate::clock::Clock;
use crate::config::{AdapterConfig, Config};
use crate::run;
use crate::store::{self, backup};
use nadhir_core::area::CellList;
use nadhir_core::cbs::{Class, serial};
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::process::Command;

/// How long wall and tick are watched side by side.
const WATCH: Duration = Duration::from_millis(250);
/// Further apart than this in that time is no rounding: somebody moves the wall clock.
const APART_MS: i64 = 20;
const TOOL_DEADLINE: Duration = Duration::from_secs(2);
/// Writes in the disk's measurement; an approval is one such write.
const WRITES: usize = 20;
/// A page of the database.
const PAGE: [u8; 4096] = [0x5a; 4096];
/// A commit that takes longer eats into the ten seconds; one that takes this long four times over spends one of them.
const SLOW_SYNC_MS: f64 = 50.0;
const BAD_SYNC_MS: f64 = 250.0;

/// Whether the wall clock runs evenly, and whether the system says that it is synchronised.
pub(super) async fn clock() -> Vec<Row> {
    let clock = Clock::start();
    let before = clock.now();
    tokio::time::sleep(WATCH).await;
    let after = clock.now();
    let wall = (after.utc - before.utc).num_milliseconds();
    let tick = i64::try_from(after.since(before.tick).as_millis()).unwrap_or(i64::MAX);
    let apart = wall - tick;
    let even =
        Row::new("clock", "wall against monotonic").figure(json!({ "apart_ms": apart, "over_ms": tick }));
    let even = if apart.abs() <= APART_MS {
        even.ok(format!("{} UTC, evenly", after.utc.format("%Y-%m-%d %H:%M:%S")))
    } else {
        let advice =
            "find out who sets the clock (date, a second time service); deadlines are safe, expiry is not";
        even.fail(format!("the wall clock moved {apart} ms against the monotonic one"), advice)
    };
    vec![even, synchronised().await]
}

async fn synchronised() -> Row {
    let row = Row::new("clock.sync", "time service");
    let advice = "run chrony or systemd-timesyncd: alerts expire by this clock";
    let mut tool = Command::new("timedatectl");
    tool.args(["show", "--property=NTPSynchronized", "--value"]).kill_on_drop(true);
    let said = match tokio::time::timeout(TOOL_DEADLINE, tool.output()).await {
        Ok(Ok(output)) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Ok(Err(_)) | Err(_) => String::new(),
    };
    match said.as_str() {
        "yes" => row.ok("synchronised"),
        "no" => row.warn("the system's clock is not synchronised", advice),
        _ => row.warn("whether the clock is synchronised cannot be told here", advice),
    }
}

/// Disk, record, regions, and each operator's cells.
pub(super) fn hub(config: &Config) -> Vec<Row> {
    let mut rows = vec![disk(&config.hub.store), record(&config.hub.store)];
    rows.extend(codes(&config.hub.store));
    rows.push(regions(config));
    rows.push(profile(config));
    for (name, own) in &config.adapter {
        rows.push(cells(name, own));
    }
    rows
}

/// The disk under the ledger, and the cells.
pub(super) fn adapter(operator: &str, own: &AdapterConfig) -> Vec<Row> {
    vec![disk(&own.ledger), cells(operator, own)]
}

/// How long the record's disk takes to keep a page.
fn disk(store: &Path) -> Row {
    let folder = store.parent().unwrap_or(Path::new("."));
    let row = Row::new("disk", folder.display().to_string());
    let mut times = match sync_times(folder) {
        Ok(times) => times,
        Err(e) => {
            return row.fail(
                format!("nothing can be written: {e}"),
                "make the folder, and give it to the service's user",
            );
        }
    };
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).saturating_sub(1)];
    let (half, most) = (at(50), at(99));
    let row = row.figure(json!({ "p50_ms": half, "p99_ms": most, "writes": times.len() }));
    let words = format!("a durable write takes {half:.1} ms, at most {most:.1} ms of {WRITES}");
    let advice = "keep the file on a local disk of its own, with power-loss protection";
    match most {
        most if most <= SLOW_SYNC_MS => row.ok(words),
        most if most <= BAD_SYNC_MS => row.warn(words, advice),
        _ => row.fail(words, advice),
    }
}

fn sync_times(folder: &Path) -> io::Result<Vec<f64>> {
    let path = folder.join(format!(".nadhir-doctor-{}", std::process::id()));
    let measured = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let mut times = Vec::with_capacity(WRITES);
        for _ in 0..WRITES {
            let start = Instant::now();
            file.write_all(&PAGE)?;
            file.sync_data()?;
            times.push((start.elapsed().as_secs_f64() * 1e5).round() / 100.0);
        }
        Ok(times)
    })();
    match std::fs::remove_file(&path) {
        Err(e) if measured.is_ok() => Err(e),
        _ => measured,
    }
}

/// Whether the record is whole and of a schema that this program writes.
fn record(path: &Path) -> Row {
    let row = Row::new("record", path.display().to_string());
    if matches!(File::open(path), Err(e) if e.kind() == io::ErrorKind::NotFound) {
        return row.warn("there is none yet", "add two persons (nadhir person add), or restore a copy");
    }
    let mend =
        "keep the file as it is, and restore the last copy: docs/runbook.md#the-record-does-not-verify";
    let (found, known) = match backup::schema_of(path) {
        Ok(both) => both,
        Err(e) => return row.fail(e.to_string(), mend),
    };
    if found != known {
        let words = format!("it is of schema {found}, this program writes {known}");
        return row.fail(
            words,
            "use the program that wrote it, or the one whose notes say that it reads this schema",
        );
    }
    match store::verify_file(path) {
        Err(e) => row.fail(e.to_string(), mend),
        Ok(Err(broken)) => row
            .figure(json!({ "broken_at": broken.seq(), "broken_row": broken.row() }))
            .fail(broken.to_string(), mend),
        Ok(Ok(whole)) => {
            let figure = json!({ "schema": found, "events": whole.events, "head": whole.head });
            row.figure(figure).ok(format!("whole: schema {found}, {} events", whole.events))
        }
    }
}

/// How many message codes are left; nothing is said of a record that cannot be read, which is told already.
fn codes(path: &Path) -> Option<Row> {
    let now = Clock::start().now().utc;
    let live = store::codes_left(path, Class::Live, now).ok()?;
    let drill = store::codes_left(path, Class::Drill, now).ok()?;
    let row = Row::new("codes", path.display().to_string()).figure(json!({ "live": live, "drill": drill }));
    let words = format!("{live} message codes are left for live warnings, {drill} for drills, of 1,024");
    Some(if live.min(drill) <= serial::ALARM {
        row.warn(
            words,
            "codes come back 24 h after the end of a warning: docs/runbook.md#message-codes-run-out",
        )
    } else {
        row.ok(words)
    })
}

fn profile(config: &Config) -> Row {
    let about = config.hub.profile.clone().unwrap_or_else(|| PathBuf::from("built in"));
    let row = Row::new("profile", about.display().to_string());
    let national = match run::profile_of(config.hub.profile.as_deref()) {
        Ok(national) => national,
        Err(e) => {
            return row
                .fail(e.to_string(), "correct the file, or leave hub.profile out for the built-in one");
        }
    };
    let senders = national.senders.len();
    let row = row.figure(json!({ "profile": national.name, "senders": senders }));
    let words = format!("{}, {senders} senders", national.name);
    if config.hub.profile.is_none() {
        return row.warn(
            format!("{words}; they are examples"),
            "name the country's own senders in a table of its own: hub.profile",
        );
    }
    row.ok(words)
}

fn regions(config: &Config) -> Row {
    let about = config.hub.regions.clone().unwrap_or_else(|| PathBuf::from("built in"));
    let row = Row::new("regions", about.display().to_string());
    let index = match run::regions(config.hub.regions.as_deref()) {
        Ok(index) => index,
        Err(e) => {
            return row
                .fail(e.to_string(), "correct the file, or leave hub.regions out for the built-in ones");
        }
    };
    let counts: Vec<u64> =
        index.regions().iter().filter_map(|region| region.population.as_ref()).map(|p| p.count).collect();
    let people: u64 = counts.iter().sum();
    let (all, with) = (index.regions().len(), counts.len());
    let row = row.figure(json!({ "regions": all, "people": people }));
    let words = format!("{all} regions, {people} people");
    if with == all {
        row.ok(words)
    } else {
        let without = all - with;
        row.warn(
            format!("{words}; {without} without a population"),
            "approvers will see no number of people for them",
        )
    }
}

fn cells(operator: &str, own: &AdapterConfig) -> Row {
    let row = Row::new("cells", operator);
    let advice = "ask the operator for a new export; its columns are those of `nadhir-simulator cells`";
    let parsed = run::read(&own.cells).map_err(|e| e.to_string()).and_then(|csv| {
        CellList::read(&csv, operator).map_err(|faults| {
            let first: Vec<String> = faults.iter().take(3).map(ToString::to_string).collect();
            format!("{}: {} faults: {}", own.cells.display(), faults.len(), first.join("; "))
        })
    });
    match parsed {
        Err(words) => row.fail(words, advice),
        Ok(list) => {
            let cells = list.cells().len();
            row.figure(json!({ "cells": cells })).ok(format!("{cells} cells"))
        }
    }
}
