//! The rows of a cell list: every field read before it gives up, so that each faulty one is named.

use super::{Cell, CellList, Finder, Rat};
use crate::cap::Point;
use crate::fault::Fault;
use std::collections::HashMap;

/// More faults than this are counted, not listed: somebody gave the wrong file.
pub(super) const LISTED: usize = 1000;

pub(super) struct Faults {
    listed: Vec<Fault>,
    more: usize,
    /// What the file counts: lines or features.
    unit: &'static str,
}

impl Faults {
    pub(super) fn of(unit: &'static str) -> Faults {
        Faults { listed: vec![], more: 0, unit }
    }

    pub(super) fn push(&mut self, code: &str, line: usize, column: &str, message: String) {
        if self.listed.len() == LISTED {
            self.more += 1;
            return;
        }
        let comma = if column.is_empty() { "" } else { ", " };
        self.listed.push(Fault::error(code, format!("{} {line}{comma}{column}", self.unit), message));
    }

    fn end(mut self) -> Result<(), Vec<Fault>> {
        if self.more > 0 {
            self.listed.push(Fault::error("cells.more", "file", format!("and {} more faults", self.more)));
        }
        if self.listed.is_empty() { Ok(()) } else { Err(self.listed) }
    }
}

pub(super) const REQUIRED: [&str; 9] =
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

/// The rows of a file being read.
pub(super) struct Lines<'a> {
    columns: Columns<'a>,
    operator: Option<&'a str>,
    faults: Faults,
    cells: Vec<Cell>,
    seen: HashMap<(u16, String, Rat, u32, u64), usize>,
}

impl<'a> Lines<'a> {
    /// Begins with the names of the columns. Of a list that names operators, the rows of others than `operator` are
    /// left out.
    pub(super) fn new(header: &[&'a str], operator: Option<&'a str>, mut faults: Faults) -> Lines<'a> {
        let columns = Columns::find(header, &mut faults);
        Lines { columns, operator, faults, cells: vec![], seen: HashMap::new() }
    }

    /// Nothing yet is wrong.
    pub(super) fn good(&self) -> bool {
        self.faults.listed.is_empty()
    }

    /// Takes a row that cannot be read at all.
    pub(super) fn bad(&mut self, code: &str, number: usize, message: String) {
        self.faults.push(code, number, "", message);
    }

    /// Reads a row, one field a column.
    pub(super) fn read(&mut self, number: usize, fields: &[&str]) {
        let mut row = Row { number, fields, columns: &self.columns, faults: &mut self.faults };
        let of = row.text("operator");
        if self.operator.is_some_and(|own| !of.is_empty() && of != own) {
            return;
        }
        let Some(cell) = row.cell() else { return };
        let key = (cell.mcc, cell.mnc.clone(), cell.rat, cell.tac_lac, cell.cell_id);
        if let Some(first) = self.seen.insert(key, number) {
            let message = format!("cell {} stands in {} {first} already", cell.key(), self.faults.unit);
            self.faults.push("cells.twice", number, "cell_id", message);
        }
        self.cells.push(cell);
    }

    /// The list, or every fault. For an operator a list without a cell is none.
    pub(super) fn end(mut self) -> Result<CellList, Vec<Fault>> {
        if let Some(own) = self.operator.filter(|_| self.good() && self.cells.is_empty()) {
            let message = format!("the list has no cell of {own}");
            self.faults.listed.push(Fault::error("cells.none", "file", message));
        }
        self.faults.end().map(|()| {
            let (cells, finder) = Finder::new(self.cells);
            CellList { cells, finder }
        })
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
        cell.centre = centre_lat?.zip(centre_lon?).map_or_else(
            || {
                let centre = cell.sector().centroid();
                Point { lat: centre.y, lon: centre.x }
            },
            |(lat, lon)| Point { lat, lon },
        );
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
