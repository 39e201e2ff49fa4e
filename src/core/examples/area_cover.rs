//! Reads areas from stdin, one JSON object a line, and says which regions each hits: `area_cover REGIONS < areas`.
//! With `--cells FILE.csv` (and `--sector`) it counts the cells each area holds instead. REGIONS is a topology (.json) or GeoJSON (.geojson); with `--export` the regions come out as GeoJSON instead.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example stands outside core's wall"
)]

use nadhir_core::area::cover::cover_resolved;
use nadhir_core::area::{CellList, Index, Origin, Rule, cover, resolve};
use nadhir_core::cap::{Area, Circle, Named, Ring};
use serde_json::{Value, json};
use std::io::BufRead as _;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let path = args.first().ok_or("which regions?")?;
    let bytes = std::fs::read(path)?;
    let read = if path.ends_with(".geojson") { Index::from_geojson } else { Index::parse };
    let index = read(&bytes).map_err(|f| f.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    if args.iter().any(|a| a == "--export") {
        print!("{}", index.to_geojson());
        return Ok(());
    }
    let origin = if args.iter().any(|a| a == "--desk") { Origin::Desk } else { Origin::Inbound };
    let value = |flag: &str| args.iter().position(|a| a == flag).and_then(|i| args.get(i + 1));
    let cells = match value("--cells") {
        Some(path) => {
            let (before, csv) = (Instant::now(), std::fs::read(path)?);
            let list = CellList::parse(&csv).map_err(|f| format!("{} faults, first {}", f.len(), f[0]))?;
            eprintln!("{} cells read in {:?}", list.cells().len(), before.elapsed());
            Some(list)
        }
        None => None,
    };
    let rule = if args.iter().any(|a| a == "--sector") { Rule::Sector } else { Rule::Centroid };
    for line in std::io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let area = area(&asked)?;
        if let Some(list) = &cells {
            let shape = cover(std::slice::from_ref(&area), &index, origin).shape;
            let before = Instant::now();
            let found = list.within(&shape, rule);
            let micros = before.elapsed().as_secs_f64() * 1e6;
            println!("{}", json!({"id": asked["id"], "cells": found.len(), "micros": micros}));
            continue;
        }
        let before = Instant::now();
        let resolved = resolve(std::slice::from_ref(&area), &index, origin);
        let parsed = Instant::now();
        let hits = resolved.hits(&index);
        let micros = parsed.elapsed().as_secs_f64() * 1e6;
        let coverage = cover_resolved(resolved, &index);
        assert_eq!(hits.len(), coverage.governorates.len());
        let governorates: Vec<Value> = coverage
            .governorates
            .iter()
            .map(|h| {
                json!({"code": h.code, "overlap_km2": h.overlap_km2, "share_of_alert": h.share_of_alert,
                       "share_of_region": h.share_of_region})
            })
            .collect();
        println!(
            "{}",
            json!({"id": asked["id"], "governorates": governorates, "faults": coverage.faults, "micros": micros,
                   "resolve_micros": (parsed - before).as_secs_f64() * 1e6,
                   "whole_micros": before.elapsed().as_secs_f64() * 1e6})
        );
    }
    Ok(())
}

fn area(asked: &Value) -> Result<Area, Box<dyn std::error::Error>> {
    let list = |key: &str| asked[key].as_array().cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    Ok(Area {
        area_desc: String::new(),
        polygons: list("polygons").iter().map(|p| Ring::parse(&text(p))).collect::<Result<_, _>>()?,
        circles: list("circles").iter().map(|c| Circle::parse(&text(c))).collect::<Result<_, _>>()?,
        geocodes: list("geocodes").iter().map(|g| Named::new(text(&g["name"]), text(&g["value"]))).collect(),
        altitude: None,
        ceiling: None,
    })
}
