//! An operator's cell list, from CSV: one line a cell, every fault of the file at once. Questions to it live in within.rs.
//!
//! The first line names the columns, in any order; columns not named here are left alone. Required: `mcc`, `mnc`,
//! `rat` (2G, 4G or 5G), `tac_lac`, `cell_id`, `site_lat`, `site_lon`, `azimuth`, `range_m`. Optional: `operator`,
//! `cell_lat` and `cell_lon` (the centre of the cell), `handsets`, `beamwidth` (120 if absent), `governorate`,
//! `wilayat_hasc`. No field holds a comma, so quotes have no meaning and are refused.

use super::sector::Sector;
use super::within::Finder;
use crate::cap::Point;
use crate::fault::Fault;
use geo::Coord;
use std::collections::HashMap;
use std::fmt;

/// A radio technology. 3G was shut down in Oman by July 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rat {
    /// GSM.
    G2,
    /// LTE.
    G4,
    /// NR.
    G5,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Mobile country code.
    pub mcc: u16,
    /// Mobile network code as written: `02` is not `2`.
    pub mnc: String,
    /// Radio technology.
    pub rat: Rat,
    /// Location area code (2G) or tracking area code (4G, 5G).
    pub tac_lac: u32,
    /// Cell identity: 16 bits in 2G, 28 in 4G, 36 in 5G.
    pub cell_id: u64,
    /// Where the antenna stands.
    pub site: Point,
    /// The centre of the cell: `cell_lat`, `cell_lon`, or the sector's centre of area.
    pub centre: Point,
    /// Degrees clockwise from north.
    pub azimuth: f64,
    /// Metres.
    pub range_m: f64,
    /// Degrees; 360 is a whole circle.
    pub beamwidth: f64,
    /// The operator, if the file says so.
    pub operator: Option<String>,
    /// Phones the operator counts there, if the file says so.
    pub handsets: Option<u64>,
    /// ISO 3166-2 of the governorate, if the file says so.
    pub governorate: Option<String>,
    /// HASC code of the wilayat, if the file says so.
    pub wilayat_hasc: Option<String>,
}

/// The cells of a list, in rows from south to north and in each row from west to east: the order in which `within`
/// counts them, not that of the file.
#[derive(Debug, Clone)]
pub struct CellList {
    pub(crate) cells: Vec<Cell>,
    pub(crate) finder: Finder,
}

/// More faults than this are counted, not listed: somebody gave the wrong file.
const LISTED: usize = 1000;

impl CellList {
    /// Reads a list. Refused with every fault, each with its line and the name of its column.
    pub fn parse(csv: &[u8]) -> Result<CellList, Vec<Fault>> {
        let text = match std::str::from_utf8(csv) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(e) => {
                let line = csv[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
                return Err(vec![Fault::error(
                    "cells.utf8",
                    format!("line {line}"),
                    "the file is not UTF-8",
                )]);
            }
        };
        let mut lines = (1_usize..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let header: Vec<&str> =
            lines.next().map(|(_, l)| l.split(',').map(str::trim).collect()).unwrap_or_default();
        let mut faults = Faults::default();
        let columns = Columns::find(&header, &mut faults);
        if !faults.listed.is_empty() {
            return Err(faults.listed);
        }
        let mut cells = Vec::new();
        let mut seen: HashMap<(u16, &str, Rat, u64, u64), usize> = HashMap::new();
        for (number, line) in lines {
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            if fields.len() != header.len() {
                let message = format!("{} fields, but the header names {}", fields.len(), header.len());
                faults.push("cells.fields", number, "", message);
                continue;
            }
            if line.contains('"') {
                faults.push(
                    "cells.quote",
                    number,
                    "",
                    "quotes have no meaning here: write the fields plain".to_owned(),
                );
                continue;
            }
            let mut row = Row { number, fields: &fields, columns: &columns, faults: &mut faults };
            let Some(cell) = row.cell() else { continue };
            let key = (cell.mcc, row.text("mnc"), cell.rat, u64::from(cell.tac_lac), cell.cell_id);
            if let Some(first) = seen.insert(key, number) {
                let message = format!("cell {} stands in line {first} already", cell.key());
                faults.push("cells.twice", number, "cell_id", message);
            }
            cells.push(cell);
        }
        faults.end().map(|()| {
            let (cells, finder) = Finder::new(cells);
            CellList { cells, finder }
        })
    }

    /// The cells.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

impl Cell {
    /// The name of the cell towards operators: `4G:1001:25856257`.
    pub fn key(&self) -> String {
        format!("{}:{}:{}", self.rat, self.tac_lac, self.cell_id)
    }

    pub(crate) fn sector(&self) -> Sector {
        let site = Coord { x: self.site.lon, y: self.site.lat };
        Sector { site, azimuth: self.azimuth, beamwidth: self.beamwidth, range_m: self.range_m }
    }
}

impl Rat {
    /// Greatest area code and greatest cell identity: 16 bits each in 2G (TS 23.003, 4.1 and 4.3.1), 16 and 28 in 4G
    /// (19.4.2.3 and 19.6), 24 and 36 in 5G (19.4.2.3 and 19.6A).
    const fn most(self) -> (u32, u64) {
        match self {
            Rat::G2 => (0xFFFF, 0xFFFF),
            Rat::G4 => (0xFFFF, 0xFFF_FFFF),
            Rat::G5 => (0xFF_FFFF, 0xF_FFFF_FFFF),
        }
    }
}

impl fmt::Display for Rat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rat::G2 => "2G",
            Rat::G4 => "4G",
            Rat::G5 => "5G",
        })
    }
}

#[derive(Default)]
struct Faults {
    listed: Vec<Fault>,
    more: usize,
}

impl Faults {
    fn push(&mut self, code: &str, line: usize, column: &str, message: String) {
        if self.listed.len() == LISTED {
            self.more += 1;
            return;
        }
        let comma = if column.is_empty() { "" } else { ", " };
        self.listed.push(Fault::error(code, format!("line {line}{comma}{column}"), message));
    }

    fn end(mut self) -> Result<(), Vec<Fault>> {
        if self.more > 0 {
            self.listed.push(Fault::error("cells.more", "file", format!("and {} more faults", self.more)));
        }
        if self.listed.is_empty() { Ok(()) } else { Err(self.listed) }
    }
}

const REQUIRED: [&str; 9] =
    ["mcc", "mnc", "rat", "tac_lac", "cell_id", "site_lat", "site_lon", "azimuth", "range_m"];

/// Where each column is.
struct Columns<'a>(HashMap<&'a str, usize>);

impl<'a> Columns<'a> {
    fn find(header: &[&'a str], faults: &mut Faults) -> Columns<'a> {
        let mut columns = HashMap::new();
        for (at, name) in header.iter().enumerate() {
            if columns.insert(*name, at).is_some() {
                faults.push("cells.column.twice", 1, name, "the column is named twice".to_owned());
            }
        }
        for name in REQUIRED.into_iter().filter(|name| !columns.contains_key(name)) {
            faults.push("cells.column.missing", 1, name, format!("the column \"{name}\" is missing"));
        }
        for (one, other) in [("cell_lat", "cell_lon"), ("cell_lon", "cell_lat")] {
            if columns.contains_key(one) && !columns.contains_key(other) {
                faults.push(
                    "cells.column.missing",
                    1,
                    other,
                    format!("\"{one}\" makes no sense without \"{other}\""),
                );
            }
        }
        Columns(columns)
    }
}

/// One line being read.
struct Row<'a, 'f> {
    number: usize,
    fields: &'f [&'a str],
    columns: &'f Columns<'f>,
    faults: &'f mut Faults,
}

impl<'a> Row<'a, '_> {
    /// The field of a column, empty if there is no such column.
    fn text(&self, column: &str) -> &'a str {
        self.columns.0.get(column).map_or("", |&at| self.fields[at])
    }

    /// Reads every field before it gives up, so that each faulty one is named.
    fn cell(&mut self) -> Option<Cell> {
        let rat = self.rat();
        let (most_area, most_id) = rat.unwrap_or(Rat::G5).most();
        let mcc = self.whole("mcc", 999);
        let mnc = self.whole("mnc", 999).filter(|_| self.is_network_code());
        let tac_lac = self.whole("tac_lac", most_area.into());
        let cell_id = self.whole("cell_id", most_id);
        let (lat, lon) = (self.decimal("site_lat", -90.0, 90.0), self.decimal("site_lon", -180.0, 180.0));
        let azimuth = self.decimal("azimuth", 0.0, 360.0);
        let range_m = self.decimal("range_m", 1.0, 100_000.0);
        let beamwidth = self.or("beamwidth", |row| row.decimal("beamwidth", 1.0, 360.0));
        let handsets = self.or("handsets", |row| row.whole("handsets", u64::from(u32::MAX)));
        let centre_lat = self.or("cell_lat", |row| row.decimal("cell_lat", -90.0, 90.0));
        let centre_lon = self.or("cell_lon", |row| row.decimal("cell_lon", -180.0, 180.0));
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        mnc?;
        let mut cell = Cell {
            mcc: u16::try_from(mcc?).ok()?,
            mnc: self.text("mnc").to_owned(),
            rat: rat?,
            tac_lac: u32::try_from(tac_lac?).ok()?,
            cell_id: cell_id?,
            site: Point { lat: lat?, lon: lon? },
            centre: Point { lat: 0.0, lon: 0.0 },
            azimuth: azimuth?,
            range_m: range_m?,
            beamwidth: beamwidth?.unwrap_or(120.0),
            operator: optional(self.text("operator")),
            handsets: handsets?,
            governorate: optional(self.text("governorate")),
            wilayat_hasc: optional(self.text("wilayat_hasc")),
        };
        cell.centre = match centre_lat?.zip(centre_lon?) {
            Some((lat, lon)) => Point { lat, lon },
            None => {
                let centre = cell.sector().centroid();
                Point { lat: centre.y, lon: centre.x }
            }
        };
        Some(cell)
    }

    /// Nothing if the field is empty or absent, else what `read` makes of it; the outer `None` is a fault.
    #[expect(clippy::option_option, reason = "a fault, an absent field and a value are three cases")]
    fn or<T>(&mut self, column: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.text(column).is_empty() { Some(None) } else { read(self).map(Some) }
    }

    fn rat(&mut self) -> Option<Rat> {
        match self.text("rat") {
            "2G" => Some(Rat::G2),
            "4G" => Some(Rat::G4),
            "5G" => Some(Rat::G5),
            other => self.fault("cells.rat", "rat", format!("\"{}\" is none of 2G, 4G, 5G", short(other))),
        }
    }

    fn is_network_code(&mut self) -> bool {
        let text = self.text("mnc");
        let good = matches!(text.len(), 2 | 3);
        if !good {
            self.fault::<()>(
                "cells.range",
                "mnc",
                format!("\"{}\": a network code has two or three digits", short(text)),
            );
        }
        good
    }

    fn whole(&mut self, column: &str, most: u64) -> Option<u64> {
        let text = self.text(column);
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u64>() {
            _ if !digits => {
                self.fault("cells.number", column, format!("\"{}\" is no whole number", short(text)))
            }
            Ok(n) if n <= most => Some(n),
            Ok(_) | Err(_) => {
                self.fault("cells.range", column, format!("{} is not from 0 to {most}", short(text)))
            }
        }
    }

    fn decimal(&mut self, column: &str, least: f64, most: f64) -> Option<f64> {
        let text = self.text(column);
        let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.'));
        match text.parse::<f64>() {
            Ok(n) if plain && (least..=most).contains(&n) => Some(n),
            Ok(_) if plain => {
                self.fault("cells.range", column, format!("{} is not from {least} to {most}", short(text)))
            }
            Ok(_) | Err(_) => self.fault("cells.number", column, format!("\"{}\" is no number", short(text))),
        }
    }

    fn fault<T>(&mut self, code: &str, column: &str, message: String) -> Option<T> {
        self.faults.push(code, self.number, column, message);
        None
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
