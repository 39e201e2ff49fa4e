//! `nadhir adapter cells --dry-run`: what a new cell list would change, before it takes the place of the old one.

use super::exit::{Exit, Failure};
use super::{ConfigArgs, print};
use crate::adapter::{MAY_LOSE_PERCENT, is_implausible, lost};
use crate::run::{self, CannotRun};
use clap::Args;
use nadhir_core::area::cells::{Changes, changes};
use nadhir_core::area::{CellList, Index, Layer};
use nadhir_core::fault::Fault;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Keys of a kind that the table names; the JSON names all.
const NAMED: usize = 10;

#[derive(Args)]
pub(super) struct Cells {
    #[command(flatten)]
    config: ConfigArgs,
    /// Changes nothing and says what would change (the only form: a running adapter reads its file by itself).
    #[arg(long, required = true)]
    dry_run: bool,
    /// The operator.
    #[arg(long)]
    operator: String,
    /// The new list, CSV or GeoJSON.
    #[arg(long)]
    new: PathBuf,
    /// The old list; if absent, the one of the configuration's `[adapter.NAME]`.
    #[arg(long)]
    old: Option<PathBuf>,
    /// JSON on stdout.
    #[arg(long)]
    json: bool,
}

/// Exit 1 if a running adapter would not take the new list: for a fault, or for what it lacks.
pub(super) fn run(args: &Cells) -> Result<Exit, Failure> {
    let (old, may_lose) = if let Some(path) = &args.old {
        (path.clone(), MAY_LOSE_PERCENT)
    } else {
        let config = args.config.read()?;
        let own = config.adapter.get(&args.operator);
        let own = own.ok_or_else(|| CannotRun::NoAdapter(args.operator.clone()))?;
        (own.cells.clone(), own.cells_may_lose_percent)
    };
    let old = list(&old, &args.operator)?.map_err(|faults| CannotRun::Faults { path: old, faults })?;
    let index = run::regions(None)?;
    match list(&args.new, &args.operator)? {
        Ok(new) => {
            let changes = changes(&old, &new, &index);
            let sizes = (old.cells().len(), new.cells().len());
            let (missing, of) = lost(&old, &new);
            let refused = is_implausible(missing, of, may_lose);
            if args.json {
                let mut json = as_json(&args.operator, sizes, &changes, &index);
                json["taken_while_running"] = Value::Bool(!refused);
                print(&json.to_string())?;
            } else {
                as_table(sizes, &changes, &index).iter().try_for_each(|line| print(line))?;
            }
            if refused {
                eprintln!(
                    "A running adapter does not take it: {missing} of {of} cells are lost, more than {may_lose} in a hundred \
                     (cells_may_lose_percent). If that is meant, put it in place and start the adapter anew: at its start it \
                     takes the list it finds."
                );
                return Ok(Exit::Failure);
            }
            Ok(Exit::Ok)
        }
        Err(faults) => {
            if args.json {
                print(&json!({ "operator": args.operator, "good": false, "faults": faults }).to_string())?;
            } else {
                print(&format!(
                    "{}: {} faults; this list would not be taken",
                    args.new.display(),
                    faults.len()
                ))?;
                faults.iter().try_for_each(|fault| print(&format!("  {fault}")))?;
            }
            Ok(Exit::Failure)
        }
    }
}

fn list(path: &Path, operator: &str) -> Result<Result<CellList, Vec<Fault>>, CannotRun> {
    Ok(CellList::read(&run::read(path)?, operator))
}

fn as_json(operator: &str, (before, after): (usize, usize), changes: &Changes, index: &Index) -> Value {
    let moved: Vec<Value> = changes
        .moved
        .iter()
        .map(|m| json!({ "cell": m.cell, "metres": m.metres, "turned": m.turned, "reach_m": m.reach_m }))
        .collect();
    let wilayat: Vec<Value> = places(changes)
        .map(|code| {
            let (was, is) = (changes.before.wilayat(code), changes.after.wilayat(code));
            json!({
                "code": code, "name_en": name(code, index), "cells_before": was.cells, "cells_after": is.cells,
                "subscribers_before": was.subscribers, "subscribers_after": is.subscribers,
            })
        })
        .collect();
    let beside = |of: &nadhir_core::area::Census| json!({ "sea": of.sea, "outside": of.outside });
    json!({
        "operator": operator, "good": true, "faults": [], "cells_before": before, "cells_after": after,
        "added": changes.added, "moved": moved, "lost": changes.lost, "outside": changes.outside,
        "wilayat": wilayat, "before": beside(&changes.before), "after": beside(&changes.after),
    })
}

fn as_table((before, after): (usize, usize), changes: &Changes, index: &Index) -> Vec<String> {
    let moved: Vec<String> = changes
        .moved
        .iter()
        .map(|m| {
            format!("{} ({:.0} m, turned {:.0}°, reach {:+.0} m)", m.cell, m.metres, m.turned, m.reach_m)
        })
        .collect();
    let mut lines = vec![format!("cells: {before} before, {after} after")];
    for (what, keys) in [
        ("added", &changes.added),
        ("moved", &moved),
        ("lost", &changes.lost),
        ("outside Oman", &changes.outside),
    ] {
        lines.push(format!("{what}: {}", keys.len()));
        lines.extend(keys.iter().take(NAMED).map(|key| format!("  {key}")));
        if keys.len() > NAMED {
            lines.push(format!("  and {} more (--json names all)", keys.len() - NAMED));
        }
    }
    lines.push(format!("{:<12} {:>16} {:>24}  wilayat", "", "cells", "subscribers"));
    let row = |code: &str, was: (u64, u64), is: (u64, u64), name: &str| {
        let mark = if is.0 == 0 && was.0 > 0 { "  NO CELL LEFT" } else { "" };
        format!("{code:<12} {:>7} {:>8} {:>11} {:>12}  {name}{mark}", was.0, is.0, was.1, is.1)
    };
    lines.extend(places(changes).map(|code| {
        let (was, is) = (changes.before.wilayat(code), changes.after.wilayat(code));
        row(code, (was.cells, was.subscribers), (is.cells, is.subscribers), name(code, index))
    }));
    let (was, is) = (&changes.before, &changes.after);
    for (what, was, is) in [("sea", &was.sea, &is.sea), ("outside", &was.outside, &is.outside)] {
        lines.push(row(what, (was.cells, was.subscribers), (is.cells, is.subscribers), ""));
    }
    lines
}

/// Every place that either list has a cell in, the old list's first.
fn places(changes: &Changes) -> impl Iterator<Item = &str> {
    let new = changes.after.wilayat.iter().filter(|c| changes.before.wilayat(&c.code).cells == 0);
    changes.before.wilayat.iter().chain(new).map(|count| count.code.as_str())
}

fn name<'a>(code: &str, index: &'a Index) -> &'a str {
    let place = index.find(code, &[Layer::Wilayat, Layer::Governorate]);
    place.map_or("", |place| index.at(place).name.en.as_str())
}
