//! Rows: a line of a cell list goes in, its faults come out.

use super::row::{LISTED, REQUIRED};
use super::*;

const HEADER: &str = "mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m";
const GOOD: &str = "422,02,4G,1001,25856257,23.6,58.5,30,600";

fn faults(csv: &str) -> Vec<String> {
    CellList::parse(csv.as_bytes())
        .err()
        .unwrap_or_default()
        .iter()
        .map(|f| format!("{} @ {}", f.code, f.place))
        .collect()
}

fn check(line: &str, want: &[&str]) {
    assert_eq!(faults(&format!("{HEADER}\n{line}\n")), want, "{line}");
}

#[test]
fn reads_the_columns_by_name_whatever_their_order() {
    let long = "operator,mcc,mnc,rat,tac_lac,cell_id,node,sector,site_lat,site_lon,cell_lat,cell_lon,azimuth,range_m,governorate,wilayat_hasc,handsets\r\n\
                omantel,422,02,5G,1301,413696001,100999,0,23.6,58.5,23.602,58.501,30,617,OM-MA,OM.MA.MT,312\r\n";
    let list = CellList::parse(long.as_bytes()).unwrap();
    let cell = &list.cells()[0];
    assert_eq!(cell.key(), "5G:1301:413696001");
    assert_eq!((cell.mcc, cell.mnc.as_str(), cell.handsets), (422, "02", Some(312)));
    assert_eq!((cell.operator.as_deref(), cell.governorate.as_deref()), (Some("omantel"), Some("OM-MA")));
    assert_eq!((cell.centre.lat, cell.centre.lon), (23.602, 58.501));
    assert!((cell.beamwidth - 120.0).abs() < f64::EPSILON);
}

#[test]
fn puts_the_centre_where_the_sector_has_it() {
    let list = CellList::parse(format!("\u{feff}{HEADER}\n422,02,4G,1001,1,23.6,58.5,90,1000\n").as_bytes())
        .unwrap();
    let centre = list.cells()[0].centre;
    // 0.5513 of the range to the east: 551.33 m of 102,064 m a degree at 23.6 north.
    assert!((centre.lat - 23.6).abs() < 1e-9, "{centre:?}");
    assert!((centre.lon - 58.5 - 551.33 / 102_064.0).abs() < 1e-7, "{centre:?}");
}

#[test]
fn names_line_and_column_of_every_fault() {
    check(GOOD, &[]);
    check("422,02,3G,1001,1,23.6,58.5,30,600", &["cells.rat @ line 2, rat"]);
    check("422,2,4G,1001,1,23.6,58.5,30,600", &["cells.range @ line 2, mnc"]);
    check("422,02,2G,1001,65536,23.6,58.5,30,600", &["cells.range @ line 2, cell_id"]);
    check("422,02,5G,16777215,68719476735,23.6,58.5,30,600", &[]);
    check("422,02,4G,1001,1,x,91,30,600", &["cells.number @ line 2, site_lat"]);
    check(
        "422,02,4G,1001,1,91,181,361,0",
        &[
            "cells.range @ line 2, site_lat",
            "cells.range @ line 2, site_lon",
            "cells.range @ line 2, azimuth",
            "cells.range @ line 2, range_m",
        ],
    );
    check(
        "422,02,4G,-1,1.5,nan,inf,,600",
        &[
            "cells.number @ line 2, tac_lac",
            "cells.number @ line 2, cell_id",
            "cells.number @ line 2, site_lat",
            "cells.number @ line 2, site_lon",
            "cells.number @ line 2, azimuth",
        ],
    );
    check("422,02,4G,1001,1", &["cells.fields @ line 2"]);
    check("422,02,\"4G\",1001,1,23.6,58.5,30,600", &["cells.quote @ line 2"]);
    check(&format!("{GOOD}\n\n{GOOD}\nx"), &["cells.twice @ line 4, cell_id", "cells.fields @ line 5"]);
}

#[test]
fn names_missing_columns_and_wrong_files() {
    assert_eq!(faults("").len(), REQUIRED.len());
    assert_eq!(
        faults("mcc,mcc,mnc,rat,tac_lac,cell_id,site_lat,site_lon,azimuth,range_m,cell_lat"),
        ["cells.column.twice @ line 1, mcc", "cells.column.missing @ line 1, cell_lon",]
    );
    assert_eq!(CellList::parse(b"mcc\n\xff").unwrap_err()[0].place, "line 2");
    let many = format!("{HEADER}\n{}", "x\n".repeat(LISTED + 5));
    let faults = CellList::parse(many.as_bytes()).unwrap_err();
    assert_eq!((faults.len(), faults[LISTED].code.as_str()), (LISTED + 1, "cells.more"));
    assert!(CellList::parse(HEADER.as_bytes()).unwrap().cells().is_empty());
}

#[test]
fn a_geojson_says_the_same_as_the_csv_and_its_faults_are_features() {
    let feature = |point: &str, properties: &str| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":{point}}},"properties":{properties}}}"#
        )
    };
    let file = |features: &[String]| {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    };
    let good =
        r#"{"mcc":422,"mnc":"02","rat":"4G","tac_lac":1001,"cell_id":25856257,"azimuth":30,"range_m":600}"#;
    let csv = CellList::parse(format!("{HEADER}\n{GOOD}\n").as_bytes()).unwrap();
    let json = CellList::parse(file(&[feature("[58.5,23.6]", good)]).as_bytes()).unwrap();
    assert_eq!(json.cells(), csv.cells());
    let bad = good.replace("4G", "3G").replace("600", "0");
    let bad = file(&[feature("[58.5]", good), feature("[58.5,93.6]", &bad)]);
    assert_eq!(
        faults(&bad),
        [
            "cells.geometry @ feature 1, geometry",
            "cells.rat @ feature 2, rat",
            "cells.range @ feature 2, site_lat",
            "cells.range @ feature 2, range_m"
        ]
    );
    assert_eq!(faults("{"), ["cells.json @ line 1, column 1"]);
}

#[test]
fn an_operator_takes_its_own_rows_and_refuses_a_list_without_any() {
    let csv = format!("operator,{HEADER}\nomantel,{GOOD}\nooredoo,{GOOD}\n");
    assert_eq!(CellList::read(csv.as_bytes(), "omantel").unwrap().cells().len(), 1);
    let none = CellList::read(csv.as_bytes(), "vodafone").unwrap_err();
    assert_eq!(none[0].code, "cells.none");
    // Without names the list is whoever's it is given as.
    assert_eq!(
        CellList::read(format!("{HEADER}\n{GOOD}\n").as_bytes(), "vodafone").unwrap().cells().len(),
        1
    );
}

#[test]
fn a_new_list_is_compared_cell_by_cell_and_place_by_place() {
    use crate::area::Index;
    let regions = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"iso_3166_2":"OM-MA"},
        "geometry":{"type":"Polygon","coordinates":[[[58,23],[59,23],[59,24],[58,24],[58,23]]]}}]}"#;
    let index = Index::from_geojson(regions.as_bytes()).unwrap();
    let header = format!("{HEADER},handsets");
    let list = |rows: &str| CellList::parse(format!("{header}\n{rows}").as_bytes()).unwrap();
    let old = list(
        "422,02,4G,1,1,23.6,58.5,30,600,10\n422,02,4G,1,2,23.6,58.5,350,600,20\n422,02,4G,1,3,23.6,58.5,0,600,30\n",
    );
    let new = list(
        "422,02,4G,1,2,23.6,58.5,10,700,20\n422,02,4G,1,3,23.6,58.5,0,600,35\n422,02,4G,1,4,28.0,58.5,0,600,40\n",
    );
    let changes = changes(&old, &new, &index);
    assert_eq!((changes.added, changes.lost), (vec!["4G:1:4".to_owned()], vec!["4G:1:1".to_owned()]));
    assert_eq!(changes.outside, ["4G:1:4"]);
    // Subscribers come and go; that moves no cell.
    let [moved] = &changes.moved[..] else { panic!("{:?}", changes.moved) };
    assert_eq!(
        (moved.cell.as_str(), moved.metres, moved.turned, moved.reach_m),
        ("4G:1:2", 0.0, 20.0, 100.0)
    );
    let count = |census: &crate::area::Census| {
        let own = census.wilayat("OM-MA");
        (own.cells, own.subscribers, census.outside.cells, census.outside.subscribers)
    };
    assert_eq!((count(&changes.before), count(&changes.after)), ((3, 60, 0, 0), (2, 55, 1, 40)));
}
