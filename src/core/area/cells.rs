//! An operator's cell list, from CSV or GeoJSON: a line or a feature a cell, every fault of the file at once. Questions to
//! it live in within.rs.
//!
//! The first line names the columns, in any order; columns not named here are left alone. Required: `mcc`, `mnc`,
//! `rat` (2G, 4G or 5G), `tac_lac`, `cell_id`, `site_lat`, `site_lon`, `azimuth`, `range_m`. Optional: `operator`,
//! `cell_lat` and `cell_lon` (the centre of the cell), `handsets`, `beamwidth` (120 if absent), `governorate`,
//! `wilayat_hasc`. No field holds a comma, so quotes have no meaning and are refused. A GeoJSON has point features with
//! properties of the same names; the point is the site.

use super::sector::Sector;
use super::within::Finder;
use crate::cap::Point;
use crate::fault::Fault;
use geo::Coord;
use row::{Faults, Lines};
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

impl CellList {
    /// Reads one operator's list, CSV or GeoJSON: of rows that name an operator, those of others are left out. Refused
    /// with every fault, or if no cell is left.
    pub fn read(bytes: &[u8], operator: &str) -> Result<CellList, Vec<Fault>> {
        CellList::of(bytes, Some(operator))
    }

    /// Reads a list, whoever's the cells are. Refused with every fault, each with its line and the name of its column.
    pub fn parse(bytes: &[u8]) -> Result<CellList, Vec<Fault>> {
        CellList::of(bytes, None)
    }

    fn of(bytes: &[u8], operator: Option<&str>) -> Result<CellList, Vec<Fault>> {
        if bytes.trim_ascii_start().first() == Some(&b'{') {
            return features::parse(bytes, operator);
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(e) => {
                let line = bytes[..e.valid_up_to()].split(|b| *b == b'\n').count();
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
        let mut rows = Lines::new(&header, operator, Faults::of("line"));
        if !rows.good() {
            return rows.end();
        }
        for (number, line) in lines {
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            if fields.len() != header.len() {
                let message = format!("{} fields, but the header names {}", fields.len(), header.len());
                rows.bad("cells.fields", number, message);
            } else if line.contains('"') {
                let message = "quotes have no meaning here: write the fields plain".to_owned();
                rows.bad("cells.quote", number, message);
            } else {
                rows.read(number, &fields);
            }
        }
        rows.end()
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

/// What a new list changes.
mod compare;
/// Lists in GeoJSON.
mod features;
/// Reads one line.
mod row;

pub use compare::{Change, Changes, changes};
#[cfg(test)]
mod tests;
