//! An operator's cell list: the rows of its CSV, read with all faults at once. Which cells an area meets is geometry's.

use crate::geometry::{Place, Wedge};
use std::collections::HashSet;

pub use crate::inventory::generate;

/// The header of a cell list.
pub const HEADER: &str = "operator,mcc,mnc,rat,tac_lac,cell_id,node,sector,site_lat,site_lon,cell_lat,cell_lon,azimuth,range_m,governorate,wilayat_hasc,handsets";

/// No list tells more faults than this.
const MOST_FAULTS: usize = 20;

/// A radio access technology; 3G was shut down in Oman in July 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rat {
    /// GSM.
    Gsm,
    /// LTE.
    Lte,
    /// NR.
    Nr,
}

impl Rat {
    /// Every technology, oldest first.
    pub const ALL: [Rat; 3] = [Rat::Gsm, Rat::Lte, Rat::Nr];

    /// As cell lists write it: `2G`, `4G`, `5G`.
    pub fn name(self) -> &'static str {
        match self {
            Rat::Gsm => "2G",
            Rat::Lte => "4G",
            Rat::Nr => "5G",
        }
    }

    fn parse(text: &str) -> Option<Rat> {
        Rat::ALL.into_iter().find(|rat| rat.name() == text)
    }
}

/// One cell of an operator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Its technology.
    pub(crate) rat: Rat,
    /// Tracking or location area code.
    pub(crate) area: u32,
    /// Cell identity.
    pub(crate) id: u64,
    /// `rat:tac_lac:cell_id`, the name it has in every answer.
    pub(crate) key: String,
    /// What it covers.
    pub(crate) wedge: Wedge,
    /// Phones it usually serves: the weight when phones are spread.
    pub(crate) handsets: u32,
}

/// The cells of `operator` in a list; rows of others are left out.
///
/// # Errors
/// Every fault of the list, at most twenty, as `line 12: azimuth "x" is not ...`.
pub(crate) fn read(csv: &[u8], operator: &str) -> Result<Vec<Cell>, Vec<String>> {
    let text =
        std::str::from_utf8(csv).map_err(|error| vec![format!("the cell list is not UTF-8: {error}")])?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header: Vec<&str> =
        lines.next().map(|(_, line)| line.split(',').map(str::trim).collect()).unwrap_or_default();
    let mut faults: Vec<String> = HEADER
        .split(',')
        .filter(|name| !header.contains(name))
        .map(|name| format!("line 1: the column {name} is missing"))
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let (mut cells, mut keys) = (Vec::new(), HashSet::new());
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let row = Row { header: &header, fields: line.split(',').map(str::trim).collect() };
        if row.text("operator") != operator {
            continue;
        }
        match row.cell() {
            Ok(cell) if !keys.insert(cell.key.clone()) => {
                faults.push(format!("line {}: {} stands twice", number + 1, cell.key));
            }
            Ok(cell) => cells.push(cell),
            Err(faults_of_row) => {
                faults.extend(faults_of_row.into_iter().map(|fault| format!("line {}: {fault}", number + 1)));
            }
        }
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if faults.is_empty() && cells.is_empty() {
        faults.push(format!("the list holds no cell of {operator}"));
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(cells) } else { Err(faults) }
}

struct Row<'a> {
    header: &'a [&'a str],
    fields: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn text(&self, name: &str) -> &'a str {
        let column = self.header.iter().position(|column| *column == name);
        column.and_then(|column| self.fields.get(column)).copied().unwrap_or_default()
    }

    fn number(&self, name: &str, from: f64, to: f64, faults: &mut Vec<String>) -> f64 {
        let text = self.text(name);
        match text.parse::<f64>() {
            Ok(number) if (from..=to).contains(&number) => number,
            _ => {
                faults.push(format!("{name} \"{text}\" is not a number from {from} to {to}"));
                from
            }
        }
    }

    fn whole<T: std::str::FromStr + Default>(&self, name: &str, faults: &mut Vec<String>) -> T {
        let text = self.text(name);
        text.parse().unwrap_or_else(|_| {
            faults.push(format!("{name} \"{text}\" is not a whole number in its range"));
            T::default()
        })
    }

    fn cell(&self) -> Result<Cell, Vec<String>> {
        let mut faults = Vec::new();
        if self.fields.len() != self.header.len() {
            faults.push(format!("{} fields where the header has {}", self.fields.len(), self.header.len()));
            return Err(faults);
        }
        let rat = Rat::parse(self.text("rat")).unwrap_or_else(|| {
            faults.push(format!("rat \"{}\" is none of 2G, 4G, 5G", self.text("rat")));
            Rat::Lte
        });
        let area: u32 = self.whole("tac_lac", &mut faults);
        let id: u64 = self.whole("cell_id", &mut faults);
        let site = Place {
            lat: self.number("site_lat", -90.0, 90.0, &mut faults),
            lon: self.number("site_lon", -180.0, 180.0, &mut faults),
        };
        let azimuth = self.number("azimuth", 0.0, 360.0, &mut faults);
        let range_m = self.number("range_m", 1.0, 200_000.0, &mut faults);
        let handsets = self.whole("handsets", &mut faults);
        let key = format!("{}:{area}:{id}", rat.name());
        if faults.is_empty() {
            Ok(Cell { rat, area, id, key, wedge: Wedge { site, azimuth, range_m }, handsets })
        } else {
            Err(faults)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "omantel,422,02,4G,1001,25856257,101001,0,22.93,57.53,22.94,57.53,0,2500,OM-DA,OM.DA.NI,40";

    fn check(rows: &[&str], expected: Result<usize, &[&str]>) {
        let list = format!("{HEADER}\n{}\n", rows.join("\r\n"));
        match (read(list.as_bytes(), "omantel"), expected) {
            (Ok(cells), Ok(count)) => assert_eq!(cells.len(), count),
            (Err(faults), Err(words)) => {
                assert_eq!(faults.len(), words.len(), "{faults:?}");
                for (fault, words) in faults.iter().zip(words) {
                    assert!(fault.contains(words), "{fault:?} says nothing of {words:?}");
                }
            }
            (found, expected) => panic!("{found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn reads_rows_and_names_every_fault() {
        check(&[GOOD], Ok(1));
        check(&[GOOD, "", &GOOD.replace("omantel", "ooredoo")], Ok(1));
        check(&[GOOD, GOOD], Err(&["line 3: 4G:1001:25856257 stands twice"]));
        check(&[&GOOD.replace("omantel", "vodafone")], Err(&["no cell of omantel"]));
        check(&[&GOOD.replace("4G", "3G").replace(",2500,", ",0,")], Err(&["rat \"3G\"", "range_m \"0\""]));
        check(
            &[&GOOD.replace("22.93", "NaN"), &GOOD.replace("57.53", "257")],
            Err(&["site_lat", "site_lon"]),
        );
        check(&[&GOOD[..40]], Err(&["fields where the header has 17"]));
    }

    #[test]
    fn refuses_what_is_no_list() {
        assert_eq!(read(b"\xff\xfe", "omantel").map_err(|faults| faults.len()), Err(1));
        assert_eq!(read(b"", "omantel").map_err(|faults| faults.len()), Err(17));
    }

    #[test]
    fn names_the_cell_by_rat_area_and_id() {
        let cells = read(format!("{HEADER}\n{GOOD}").as_bytes(), "omantel").unwrap();
        assert_eq!((cells[0].key.as_str(), cells[0].handsets), ("4G:1001:25856257", 40));
    }
}
