//! What operators tell of their cell lists, and a list that is not the CBC's own: the counts before sending, and the red lane after.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::{House, Process, run};
use common::operators::Operators;
use common::{ask, client, until};
use nadhir::clock::Clock;
use nadhir::dispatch::{self, Hub};
use nadhir::store::Store;
use nadhir::transport::loopback::Loopback;
use nadhir::transport::{Address, Queue, Transport as _};
use nadhir_core::area::{CellList, Census};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Counts, Grade, Kind, Receipt};
use nadhir_simulator::Fault;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Column of a list that holds the latitude of the site.
const SITE_LAT: usize = 8;

/// The same list, with the rows of the demonstration's valley changed; a row that becomes nothing is left out.
fn changed(list: &str, change: impl Fn(usize, &str) -> Option<String>) -> String {
    let (head, rows) = list.split_once('\n').expect("a header");
    let at = |row: &str, n: usize| row.split(',').nth(n).and_then(|cell| cell.parse::<f64>().ok());
    let valley = |row: &str| {
        at(row, SITE_LAT).is_some_and(|lat| (22.8..23.1).contains(&lat))
            && at(row, SITE_LAT + 1).is_some_and(|lon| (57.3..57.7).contains(&lon))
    };
    let mut seen = 0;
    let mut rows: Vec<String> = rows
        .lines()
        .filter_map(|row| {
            if !valley(row) {
                return Some(row.to_owned());
            }
            seen += 1;
            change(seen, row)
        })
        .collect();
    assert!(seen > 20, "{seen} cells in the valley");
    rows.insert(0, head.to_owned());
    rows.join("\n") + "\n"
}

async fn census(house: &House, hub: &Process, wanted: &Value) {
    until("the counts are those of the list", || async {
        let told = house.get(hub, "/v1/operators/omantel/census").await;
        (told.status == 200 && told.body["wilayat"] == wanted["wilayat"]).then_some(())
    })
    .await;
}

fn counted(list: &str) -> Value {
    let list = CellList::read(list.as_bytes(), "omantel").expect("a good list");
    json!(Census::of(&list, &nadhir::run::regions(None).expect("regions")))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_knows_what_each_list_has_and_hears_of_a_new_one() {
    let operators = Operators::none();
    let house = House::new(&operators).await;
    let oda = house.person("Oda (operator: omantel)").await;
    let hub = house.serve().await;
    let first = &operators.cells["omantel"];
    let wanted = counted(first);
    assert!(wanted["wilayat"].as_array().is_some_and(|all| all.len() > 50), "{wanted}");
    census(&house, &hub, &wanted).await;

    let second = changed(first, |n, row| (n % 2 == 0).then(|| row.to_owned()));
    assert_ne!(counted(&second)["wilayat"], wanted["wilayat"]);
    std::fs::write(house.path("omantel.csv"), &second).expect("written");
    census(&house, &hub, &counted(&second)).await;

    assert_eq!(house.get(&hub, "/v1/operators/etisalat/census").await.status, 404);
    let sees = async |name: &str| {
        let request = client().get(hub.api(&format!("/v1/operators/{name}/census"))).bearer_auth(&oda);
        ask(request).await.status
    };
    assert_eq!((sees("omantel").await, sees("ooredoo").await), (200, 403));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_looks_like_half_a_list_is_told_before_it_is_put_in_place() {
    let operators = Operators::none();
    let house = House::new(&operators).await;
    let list = &operators.cells["omantel"];
    let rows = list.lines().count() - 1;
    let new = house.path("new.csv").display().to_string();
    let config = house.config();
    let asked = async |kept: usize, more: &[&str]| {
        let part: String = list.lines().take(kept + 1).flat_map(|line| [line, "\n"]).collect();
        std::fs::write(&new, part).expect("written");
        let mut words = vec!["adapter", "cells", "--dry-run", "--operator", "omantel"];
        words.extend(["--config", &config, "--new", &new]);
        words.extend(more);
        run(&words, b"").await
    };
    let verdict = async |kept: usize| {
        let told = asked(kept, &["--json"]).await;
        (told.code, told.json["taken_while_running"].clone())
    };
    assert_eq!(verdict(rows * 7 / 10).await, (0, json!(true)));
    assert_eq!(verdict(rows / 2).await, (1, json!(false)));
    let told = asked(rows / 2, &[]).await;
    assert!(told.code == 1 && told.words.contains("start the adapter anew"), "{told:?}");
    // The operator's own share decides.
    let text = std::fs::read_to_string(house.path("nadhir.toml")).expect("readable");
    let own = text.replace("cells_may_lose_percent = 33", "cells_may_lose_percent = 60");
    assert_ne!(own, text);
    std::fs::write(house.path("nadhir.toml"), own).expect("written");
    assert_eq!(verdict(rows / 2).await, (0, json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_of_the_cbc_outside_of_the_operators_list_turn_its_lane_red() {
    let operators = Operators::start("", Fault::None).await;
    let house = House::new(&operators).await;
    // By the operator's list some sites of the valley stand 330 km to the south. Its CBC knows better, and rings there.
    let moved = changed(&operators.cells["omantel"], |n, row| {
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        for lat in [SITE_LAT, SITE_LAT + 2] {
            let north: f64 = cells[lat].parse().expect("a latitude");
            cells[lat] = if n % 3 == 0 { format!("{:.5}", north - 3.0) } else { cells[lat].clone() };
        }
        Some(cells.join(","))
    });
    std::fs::write(house.path("omantel.csv"), moved).expect("written");
    let hub = house.serve().await;
    let id = house.issue(&hub).await;
    let red = until("omantel is red", || async {
        let lane = house.lane(&hub, &id, "omantel").await;
        (lane["red"] == true).then_some(lane)
    })
    .await;
    assert_eq!(red["cause"], "outside", "{red}");
    for name in ["ooredoo", "vodafone"] {
        let good = house.wait_for(&hub, &id, name, "on_air").await;
        assert_eq!(good["red"], false, "{good}");
        let people = &good["people"];
        assert!(people["rung_inside"].as_u64() > Some(0) && people["missed_inside"] == 0, "{good}");
    }
    assert_eq!(house.view(&hub, &id).await["met"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_census_to_be_used_is_a_dead_letter() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = Loopback::default();
    let hub = Hub::new(dispatch::Settings {
        store: Store::open(&folder.path().join("record.sqlite")).expect("a record"),
        index: nadhir::run::regions(None).expect("regions").into(),
        profile: nadhir::run::profile().expect("the profile"),
        transport: Arc::new(path.clone()),
        operators: ["omantel", "ooredoo"].map(str::to_owned).to_vec(),
        clock: Clock::start(),
        classes: vec![Class::Drill],
        house: dispatch::House::default(),
    });
    let stop = CancellationToken::new();
    let (running, stopped) = (hub.clone(), stop.clone());
    let task = tokio::spawn(async move { running.run(stopped).await });
    let told = |operator: &str| Counts {
        operator: operator.to_owned(),
        counted_at: chrono::DateTime::UNIX_EPOCH,
        census: Census::default(),
    };
    let newer = br#"{"version":2,"census":{"operator":"omantel","cells_by":"hour"}}"#.to_vec();
    let receipt = Receipt {
        id: "rcp_1".to_owned(),
        delivery: "ord_1".to_owned(),
        warning: "wrn_1".to_owned(),
        operator: "ooredoo".to_owned(),
        kind: Kind::Alert,
        grade: Grade::Taken,
        heard_at: chrono::DateTime::UNIX_EPOCH,
    };
    // The last two speak for another operator than the one whose address they came by.
    let others = [told("ooredoo").to_wire(), receipt.to_wire()];
    let mut dead = vec![newer, told("etisalat").to_wire(), b"census".to_vec()];
    dead.extend(others);
    for body in dead.iter().chain([&told("omantel").to_wire()]) {
        let to = Address::Census { operator: "omantel".to_owned() };
        path.send(to, "x".to_owned(), body.clone(), Duration::from_secs(1)).await.expect("sent");
    }
    until("the last is kept", || async { hub.told().of("omantel") }).await;
    let letters = until("the others are dead", || async {
        Some(path.dead_letters(&Queue::Receipts)).filter(|all| all.len() == dead.len())
    })
    .await;
    assert!(dead.iter().all(|body| letters.contains(body)));
    assert!(hub.told().of("etisalat").is_none() && hub.told().of("ooredoo").is_none());
    stop.cancel();
    task.await.expect("it ends").expect("told to");
}
