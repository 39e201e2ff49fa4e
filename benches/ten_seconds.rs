//! From approval to the last operator, on loopback and over RabbitMQ, beside the floor of the same run. Judges no time.
//!
//! The hub and its three adapters run in this process, as the library puts them together; submit and approve are called
//! on the hub itself, without HTTP. Record, ledgers, broker and the operators' CBCs (simulated, over HTTP, without 2G
//! cells, whose air time would be what is measured, and with ten phones each) are the real ones.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench prints, and ends at a fault"
)]

#[path = "ten_seconds/country.rs"]
mod country;
#[path = "ten_seconds/figures.rs"]
mod figures;
#[path = "ten_seconds/floor.rs"]
mod floor;

use country::{Country, Path};
use figures::{Figures, table};
use floor::Floor;
use std::time::Duration;

const WARNINGS: usize = 500;
const BURST: usize = 50;
/// Between one warning and the next: people are not quicker.
const REST: Duration = Duration::from_millis(20);
const GRADES: [&str; 4] = ["queued", "taken", "accepted", "on_air"];

#[tokio::main]
async fn main() {
    let uri = std::env::var("NADHIR_AMQP_URL").ok();
    let count = |name: &str, most: usize| {
        std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(most).clamp(1, most)
    };
    let (warnings, burst) = (count("NADHIR_BENCH_WARNINGS", WARNINGS), count("NADHIR_BENCH_BURST", BURST));
    run(Path::Loopback, warnings, burst).await;
    match uri {
        Some(uri) => run(Path::Amqp(uri), warnings, burst).await,
        None => println!("AMQP: not measured, NADHIR_AMQP_URL is not set (make bench sets it)"),
    }
}

async fn run(path: Path, warnings: usize, burst: usize) {
    let title = match &path {
        Path::Loopback => "loopback",
        Path::Amqp(_) => "AMQP",
    };
    let country = Country::start(path.clone()).await;
    // Connections, caches and prepared statements are there before anything is counted.
    let mut floor = Floor::start(path, &country.order().await).await;

    let (mut approved, mut whole, mut least) = (vec![], vec![], vec![]);
    let mut ids = Vec::new();
    for _ in 0..warnings {
        let (id, durable, accepted) = country.issue().await;
        approved.push(durable);
        whole.push(accepted);
        ids.push(id);
        tokio::time::sleep(REST).await;
    }
    country.settled(&ids).await;
    for _ in 0..warnings {
        least.push(floor.round().await);
        tokio::time::sleep(REST).await;
    }
    let least = least.into_iter().collect::<floor::Rounds>();
    let first = country.first_heard(&ids, &GRADES);
    let complete = country.complete(&ids).await;
    let mut rows = vec![
        (format!("floor: {}", floor.words()), Figures::of(least.whole.clone())),
        ("  one transaction, five rows, on disk".to_owned(), Figures::of(least.transaction)),
    ];
    if !least.broker.is_empty() {
        rows.push(("  orders and receipts over the broker, bare".to_owned(), Figures::of(least.broker)));
    }
    rows.push(("  three CBCs answer a POST".to_owned(), Figures::of(least.post)));
    rows.push(("approve -> durable".to_owned(), Figures::of(approved)));
    rows.push(("approve -> last accepted, recorded".to_owned(), Figures::of(whole)));
    for (grade, times) in GRADES.iter().zip(first) {
        rows.push((format!("commit -> last {grade}"), Figures::of(times)));
    }
    rows.push(("commit -> last cell on air".to_owned(), Figures::of(complete)));
    let at_once = country.burst(burst).await;
    rows.push((format!("{burst} at once: approve -> last accepted"), Figures::of(at_once)));
    println!("{}", table(&format!("{title}: {warnings} warnings, one after another, 3 operators"), &rows));
    floor.stop().await;
    country.stop().await;
}
