//! `nadhir regions check|export|draw`: whether the regions are whole, what they are, how they look.

use super::exit::{Exit, Failure};
use super::print;
use crate::run::{self, CannotRun};
use clap::{Args, Subcommand, ValueEnum};
use nadhir_core::area::{
    self, CellList, Files, Frame, Index, Labels, Layer, Map, OURS, Origin, Region, Rule, overlaps, picture,
};
use nadhir_core::cap::{Area, Circle, Named, Point, Ring};
use nadhir_core::fault::{Fault, any_error};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Verifies regions - gaps, overlaps, what lies in what, sums - and prints a table; ends with 1 if they are damaged.
    Check {
        /// A GeoJSON of governorates, or a folder with governorates.json, wilayat.json, sea.json and named.json;
        /// the built-in ones if left out.
        path: Option<PathBuf>,
        /// JSON on stdout.
        #[arg(long)]
        json: bool,
    },
    /// A layer of the built-in regions as GeoJSON.
    Export {
        /// Which.
        #[arg(long, value_enum, default_value_t = LayerArg::Governorates)]
        layer: LayerArg,
        /// JSON on stdout (GeoJSON either way).
        #[arg(long)]
        json: bool,
    },
    /// An area on a map, as SVG: what it hits is filled, cells are dots; no tiles, no network.
    Draw(Draw),
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LayerArg {
    Governorates,
    Wilayat,
    Sea,
    Named,
}

#[derive(Args)]
pub(super) struct Draw {
    /// Codes of governorates, wilayat, belts of sea or named areas, commas between: `OM-BJ,OM-BS-SHR,al-hajar`.
    #[arg(long, value_delimiter = ',')]
    area: Vec<String>,
    /// A ring as CAP writes it: "lat,lon lat,lon ...".
    #[arg(long)]
    polygon: Vec<String>,
    /// A circle as CAP writes it: "lat,lon km".
    #[arg(long)]
    circle: Vec<String>,
    /// An operator's cell list: the cells that the area holds become dots.
    #[arg(long)]
    cells: Option<PathBuf>,
    /// The language of the names.
    #[arg(long, value_enum, default_value_t = LanguageArg::Ar)]
    language: LanguageArg,
    /// The whole country, not what is hit alone.
    #[arg(long)]
    country: bool,
    /// By governorates, not by wilayat.
    #[arg(long)]
    governorates: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LanguageArg {
    Ar,
    En,
}

pub(super) fn run(verb: &Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Check { path, json } => check(path.as_deref(), *json),
        Verb::Export { layer, .. } => {
            let layer = match layer {
                LayerArg::Governorates => Layer::Governorate,
                LayerArg::Wilayat => Layer::Wilayat,
                LayerArg::Sea => Layer::Sea,
                LayerArg::Named => Layer::Named,
            };
            print(&run::regions(None)?.layer_to_geojson(layer))?;
            Ok(Exit::Ok)
        }
        Verb::Draw(draw) => self::draw(draw),
    }
}

fn check(path: Option<&Path>, as_json: bool) -> Result<Exit, Failure> {
    let read = match path {
        None => Index::parse_all(&run::REGIONS),
        Some(folder) if folder.is_dir() => {
            let file = |name: &str| run::read(&folder.join(name));
            let (governorates, wilayat) = (file("governorates.json")?, file("wilayat.json")?);
            let (sea, named) = (file("sea.json")?, file("named.json")?);
            Index::parse_all(&Files {
                governorates: &governorates,
                wilayat: &wilayat,
                sea: &sea,
                named: &named,
            })
        }
        Some(file) => Index::from_geojson(&run::read(file)?),
    };
    let (index, mut faults) = match read {
        Ok(index) => (Some(index), vec![]),
        Err(faults) => (None, faults),
    };
    faults.extend(index.iter().flat_map(overlaps));
    if as_json {
        let rows = |layer| index.iter().flat_map(|i| i.layer(layer)).map(row).collect::<Vec<Value>>();
        print(
            &json!({
                "regions": rows(Layer::Governorate), "wilayat": rows(Layer::Wilayat), "sea": rows(Layer::Sea),
                "named": rows(Layer::Named), "faults": faults,
            })
            .to_string(),
        )?;
    } else {
        if let Some(index) = &index {
            table(index)?;
        }
        for fault in &faults {
            print(&fault.to_string())?;
        }
    }
    if any_error(&faults) {
        let about = path.map_or_else(|| "the built-in regions".to_owned(), |p| p.display().to_string());
        return Err(Failure::new(Exit::Failure, format!("{about}: {} faults; not used", faults.len())));
    }
    Ok(Exit::Ok)
}

fn row(region: &Region) -> Value {
    json!({
        "code": region.code, "governorate": region.governorate, "name_en": region.name.en,
        "name_ar": region.name.ar, "area_km2": region.area_km2.round(), "parts": region.shape.0.len(),
        "population": region.population.as_ref().map(|p| p.count),
        "approximate": region.border == area::Border::Approximate,
    })
}

fn table(index: &Index) -> Result<(), Failure> {
    for layer in Layer::ALL {
        let regions = index.layer(layer);
        if regions.is_empty() {
            continue;
        }
        let people = |r: &Region| r.population.as_ref().map_or(0, |p| p.count);
        let (km2, sum) =
            (regions.iter().map(|r| r.area_km2).sum::<f64>(), regions.iter().map(people).sum::<u64>());
        print(&match layer {
            Layer::Governorate | Layer::Wilayat => {
                format!("{}: {}, {km2:.0} km2, {sum} people", layer.words(), regions.len())
            }
            Layer::Sea => format!("{}: {}, {km2:.0} km2", layer.words(), regions.len()),
            Layer::Named => format!("{}: {}", layer.words(), regions.len()),
        })?;
        for r in regions {
            let mark = if r.border == area::Border::Approximate { "  approximate" } else { "" };
            let people = r.population.as_ref().map(|p| p.count.to_string()).unwrap_or_default();
            print(&format!(
                "  {:<20} {:>8.0} km2 {:>3} parts {people:>9}  {} / {}{mark}",
                r.code,
                r.area_km2,
                r.shape.0.len(),
                r.name.en,
                r.name.ar
            ))?;
        }
    }
    Ok(())
}

fn draw(args: &Draw) -> Result<Exit, Failure> {
    let index = run::regions(None)?;
    let mut faults = Vec::new();
    let mut area = Area {
        area_desc: String::new(),
        polygons: vec![],
        circles: vec![],
        geocodes: vec![],
        altitude: None,
        ceiling: None,
    };
    for code in &args.area {
        area.geocodes.push(index.geocode(code.trim()).unwrap_or_else(|| Named::new(OURS, code.trim())));
    }
    for text in &args.polygon {
        match Ring::parse(text) {
            Ok(ring) => area.polygons.push(ring),
            Err(e) => faults.push(Fault::error("area.polygon.form", "--polygon", e.to_string())),
        }
    }
    for text in &args.circle {
        match Circle::parse(text) {
            Ok(circle) => area.circles.push(circle),
            Err(e) => faults.push(Fault::error("area.circle.form", "--circle", e.to_string())),
        }
    }
    let any = !(args.area.is_empty() && args.polygon.is_empty() && args.circle.is_empty());
    let coverage = area::cover(std::slice::from_ref(&area), &index, Origin::Inbound);
    faults.extend(coverage.faults.iter().filter(|f| any && f.is_error()).cloned());
    if any_error(&faults) {
        let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return Err(Failure::new(Exit::Area, words.join("; ")));
    }
    let hit: Vec<String> = if args.governorates || args.country {
        coverage.governorates.iter().chain(&coverage.sea).map(|hit| hit.code.clone()).collect()
    } else {
        area::filled(&coverage, &index)
    };
    let cells = match &args.cells {
        Some(path) => {
            let list = CellList::parse(&run::read(path)?)
                .map_err(|faults| CannotRun::Faults { path: path.clone(), faults })?;
            let within = list.within(&coverage.shape, Rule::Sector);
            within.into_iter().map(|i| list.cells()[i].site).collect::<Vec<Point>>()
        }
        None => vec![],
    };
    let labels = match args.language {
        LanguageArg::Ar => Labels::Arabic,
        LanguageArg::En => Labels::English,
    };
    let frame = if args.country { Frame::Country } else { Frame::Hit };
    let shape = any.then_some(&coverage.shape);
    print(&picture(&Map { index: &index, hit: &hit, shape, cells: &cells, labels, frame }))?;
    Ok(Exit::Ok)
}
