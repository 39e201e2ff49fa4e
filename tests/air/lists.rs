//! A cell list that takes the place of another while orders are open: they are judged by the list in use.

use super::FIRST;
use super::side::Side;
use super::sites::{List, list, requests, site};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir_core::delivery::{Grade, Kind};
use nadhir_simulator::Fault;

/// Columns of a list that hold the latitude of the site and of the cell's centre.
const LATITUDES: [usize; 2] = [8, 10];

/// The same cells; every third of them that `which` names stands three degrees to the south.
fn moved(list: &[u8], which: impl Fn(&[String]) -> bool) -> Vec<u8> {
    let text = std::str::from_utf8(list).expect("UTF-8");
    let (head, rows) = text.split_once('\n').expect("a header");
    let mut seen = 0;
    let rows = rows.lines().map(|row| {
        let mut columns: Vec<String> = row.split(',').map(str::to_owned).collect();
        if which(&columns) {
            seen += 1;
            for at in LATITUDES.into_iter().filter(|_| seen % 3 == 0) {
                let north: f64 = columns[at].parse().expect("a latitude");
                columns[at] = format!("{:.5}", north - 3.0);
            }
        }
        columns.join(",") + "\n"
    });
    let rows: String = rows.collect();
    assert!(seen > 20, "{seen} cells");
    format!("{head}\n{rows}").into_bytes()
}

fn is_in_the_valley(columns: &[String]) -> bool {
    let at = |n: usize| columns[n].parse::<f64>().unwrap_or_default();
    (22.9..23.1).contains(&at(8)) && (57.2..57.4).contains(&at(9))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_air_is_judged_by_the_list_in_use() {
    let cells = list(List::Oman);
    let cbc = site(Fault::None, &cells, None).await;
    let mut side = Side::start(CbcKind::Pages, vec![cbc.url()], &cells).await;
    side.warn("wrn_1", FIRST, None).await;
    let before = loop {
        let Grade::OnAir { cells, expected, outside, .. } = side.next_on_air("wrn_1").await else { continue };
        if cells == expected {
            assert_eq!(outside, 0);
            break expected;
        }
    };
    side.relist(&moved(&cells, is_in_the_valley)).await;
    let Grade::OnAir { cells, expected, outside, .. } = side.next_on_air("wrn_1").await else {
        panic!("not on air")
    };
    assert!(expected < before, "{expected} of {before} are where the area is");
    assert_eq!((cells, outside), (expected, before - expected), "the others are on air, and outside");
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_an_area_is_the_whole_network_is_told_by_one_list() {
    let cells = list(List::AreaAlone);
    let cbc = site(Fault::Ecbe, &cells, None).await;
    let address = cbc.url();
    let at = address.trim_start_matches("http://").parse().expect("an address");
    cbc.stop().await;
    let mut side = Side::start(CbcKind::Ecbe, vec![address.clone()], &cells).await;
    side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "unknown").await;
    // As many cells as before, and a third of them somewhere else.
    side.relist(&moved(&cells, |_| true)).await;
    let _back = site(Fault::Ecbe, &cells, Some(at)).await;
    let Grade::Rejected { code, words } = side.hears("wrn_1", Kind::Alert, "rejected").await else {
        panic!("not rejected")
    };
    assert_eq!(code, "ecbe.area", "{words}");
    assert_eq!(requests(&address, "POST", "/api").await, 0, "it was not even asked");
}
