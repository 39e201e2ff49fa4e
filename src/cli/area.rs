//! `nadhir area cover|cells`: where an area is.

use super::exit::{Exit, Failure};
use super::lines;
use crate::run;
use clap::{Subcommand, ValueEnum};
use nadhir_core::area::{self, CellList, Hit, Index, Layer, Origin, Rule};
use nadhir_core::cap::{Area, Circle, Named, Ring};
use nadhir_core::fault::{Fault, any_error};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Instant;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Which governorates areas cover: one JSON object a line on stdin, {"id","polygons","circles","geocodes"}.
    Cover {
        /// One object a line (the only form so far).
        #[arg(long, required = true)]
        jsonl: bool,
        /// Whose area it is: the desk's own is refused where another authority's is repaired.
        #[arg(long, value_enum, default_value_t = OriginArg::Inbound)]
        origin: OriginArg,
        /// A GeoJSON with `iso_3166_2` properties in the place of the built-in governorates.
        #[arg(long)]
        regions: Option<PathBuf>,
    },
    /// How many cells of an operator's list areas hold.
    Cells {
        /// One object a line (the only form so far).
        #[arg(long, required = true)]
        jsonl: bool,
        /// The operator's cell list, CSV.
        #[arg(long)]
        cells: PathBuf,
        /// `sector` is what delivery uses; `centroid` counts.
        #[arg(long, value_enum, default_value_t = RuleArg::Centroid)]
        rule: RuleArg,
        /// The cells' keys as well.
        #[arg(long)]
        list: bool,
    },
    /// The areas of a CAP file as GeoJSON.
    Geojson {
        /// A CAP file; `-` is stdin.
        file: PathBuf,
    },
    /// The shapes of a GeoJSON file, one area a line, as `cover` and `cells` read them.
    FromGeojson {
        /// A GeoJSON file; `-` is stdin.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum OriginArg {
    Desk,
    Inbound,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RuleArg {
    Centroid,
    Sector,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    polygons: Vec<String>,
    #[serde(default)]
    circles: Vec<String>,
    #[serde(default)]
    geocodes: Vec<Geocode>,
}

#[derive(Deserialize)]
struct Geocode {
    #[serde(alias = "valueName")]
    name: String,
    value: String,
}

pub(super) fn run(verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Geojson { file } => super::exchange::geojson(&file),
        Verb::FromGeojson { file } => super::exchange::from_geojson(&file),
        Verb::Cover { origin, regions, .. } => {
            let origin = match origin {
                OriginArg::Desk => Origin::Desk,
                OriginArg::Inbound => Origin::Inbound,
            };
            let index = run::regions(regions.as_deref())?;
            each(|request| cover(request, &index, origin))
        }
        Verb::Cells { cells, rule, list, .. } => {
            let rule = match rule {
                RuleArg::Centroid => Rule::Centroid,
                RuleArg::Sector => Rule::Sector,
            };
            let index = run::regions(None)?;
            let cells = CellList::parse(&run::read(&cells)?)
                .map_err(|faults| run::CannotRun::Faults { path: cells, faults })?;
            each(|request| count(request, &index, &cells, rule, list))
        }
    }
}

/// Answers every line; exit 4 if an area of any line was refused.
fn each(mut answer: impl FnMut(&Request) -> (Value, bool)) -> Result<Exit, Failure> {
    let mut refused = 0;
    let unread = lines::answer(|request: Request| {
        let (value, bad) = answer(&request);
        refused += usize::from(bad);
        value
    })?;
    Ok(if unread + refused == 0 { Exit::Ok } else { Exit::Area })
}

fn cover(request: &Request, index: &Index, origin: Origin) -> (Value, bool) {
    let (area, mut faults) = area_of(request);
    let areas = std::slice::from_ref(&area);
    let start = Instant::now();
    let resolved = area::resolve(areas, index, origin);
    let hits = resolved.hits(index);
    let micros = start.elapsed().as_secs_f64() * 1e6;
    // The wilayat as well: the same decision taken further, so both together.
    let wilayat = resolved.hits_in(index, Layer::Wilayat);
    let both = start.elapsed().as_secs_f64() * 1e6;
    let coverage = area::cover(areas, index, origin);
    debug_assert_eq!(hits.len(), coverage.governorates.len());
    debug_assert_eq!(wilayat.len(), coverage.wilayat.len());
    faults.extend(coverage.faults);
    let bad = any_error(&faults);
    let value = json!({
        "id": request.id, "governorates": shares(&coverage.governorates), "wilayat": shares(&coverage.wilayat),
        "sea": shares(&coverage.sea), "faults": faults, "micros": tenths(micros), "micros_wilayat": tenths(both),
    });
    (value, bad)
}

fn shares(hits: &[Hit]) -> Vec<Value> {
    let share = |hit: &Hit| {
        json!({
            "code": hit.code,
            "overlap_km2": hit.overlap_km2,
            "share_of_alert": hit.share_of_alert,
            "share_of_region": hit.share_of_region,
        })
    };
    hits.iter().map(share).collect()
}

fn tenths(micros: f64) -> f64 {
    (micros * 10.0).round() / 10.0
}

fn count(request: &Request, index: &Index, cells: &CellList, rule: Rule, list: bool) -> (Value, bool) {
    let (area, mut faults) = area_of(request);
    let coverage = area::cover(std::slice::from_ref(&area), index, Origin::Inbound);
    // Cells are asked for wherever the area is; only an area that is none is refused here.
    faults.extend(coverage.faults.into_iter().filter(|f| coverage.shape.0.is_empty() && f.is_error()));
    let start = Instant::now();
    let within = cells.within(&coverage.shape, rule);
    let micros = start.elapsed().as_secs_f64() * 1e6;
    let bad = any_error(&faults);
    let mut value = json!({ "id": request.id, "cells": within.len(), "micros": tenths(micros) });
    if list {
        value["ids"] = within.iter().map(|i| Value::String(cells.cells()[*i].key())).collect();
    }
    if !faults.is_empty() {
        value["faults"] = json!(faults);
    }
    (value, bad)
}

/// The area of a line; what cannot be read is a fault, and the rest still counts.
fn area_of(request: &Request) -> (Area, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut area = Area {
        area_desc: String::new(),
        polygons: vec![],
        circles: vec![],
        geocodes: request.geocodes.iter().map(|g| Named::new(&g.name, &g.value)).collect(),
        altitude: None,
        ceiling: None,
    };
    for (i, text) in request.polygons.iter().enumerate() {
        match Ring::parse(text) {
            Ok(ring) => area.polygons.push(ring),
            Err(e) => faults.push(Fault::error("area.polygon.form", format!("polygons[{i}]"), e.to_string())),
        }
    }
    for (i, text) in request.circles.iter().enumerate() {
        match Circle::parse(text) {
            Ok(circle) => area.circles.push(circle),
            Err(e) => faults.push(Fault::error("area.circle.form", format!("circles[{i}]"), e.to_string())),
        }
    }
    (area, faults)
}
