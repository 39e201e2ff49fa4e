//! What each pure step costs, alone and on one thread: p50 and p99 over about a second each. Judges no time.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends at a fault")]

use chrono::{DateTime, Utc};
use nadhir::demo::warning;
use nadhir_core::area::{self, CellList, Index, Origin, Rule};
use nadhir_core::cap::{self, Limits, Profile};
use nadhir_core::cbs::{self, Class, serial};
use nadhir_core::delivery::{Kind, Order};
use nadhir_core::digest::Digest;
use nadhir_core::warning::{air_cap, prepare};
use nadhir_simulator::cells;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A step is repeated for about this long.
const LONG: Duration = Duration::from_secs(1);
const MOST: usize = 1_000_000;

fn main() {
    let now = Utc::now();
    let bytes = warning(None, now);
    let index = Index::parse(nadhir::run::GOVERNORATES).unwrap();
    let profile = nadhir::run::profile().unwrap();
    let alert = cap::read(&bytes, &Limits::cap()).0.unwrap();
    let areas = alert.infos[0].areas.clone();
    let rules = cbs::Rules::default();
    let texts = cbs::texts(&alert).unwrap();
    let terms = prepare::Terms::default();
    let prepared = prepare::prepare(&bytes, &profile, &index, now, &terms).unwrap();
    let used = serial::Used::new(Class::Live, []);
    let ask =
        serial::Ask { channel: prepared.channel, messages: prepared.encoded.messages.len(), before: vec![] };
    let serials = serial::allocate(&used, &ask, now).unwrap();
    let order = order(&prepared, &serials, now);
    let wire = order.to_wire(10_000);
    let list = CellList::parse(cells::generate("omantel", 7).as_bytes()).unwrap();
    let shape = area::shape(&areas).unwrap();

    println!(
        "\nsteps, alone and on one thread\n{:<52} {:>10} {:>10} {:>9}",
        "microseconds", "p50", "p99", "of"
    );
    measure(&format!("cap::verdict, Oman, {} octets", bytes.len()), || {
        cap::verdict(&bytes, Profile::Oman(&profile))
    });
    measure("area: which governorates (hits)", || area::resolve(&areas, &index, Origin::Desk).hits(&index));
    measure("area::cover, whole", || area::cover(&areas, &index, Origin::Desk));
    measure("cbs::encode, four languages", || cbs::encode(&texts, &rules));
    measure("cbs::choices, four languages, three layouts", || cbs::choices(&texts, &rules));
    measure("serial::allocate, an empty day", || serial::allocate(&used, &ask, now));
    measure("warning::prepare, whole", || prepare::prepare(&bytes, &profile, &index, now, &terms));
    measure("warning::air_cap", || {
        air_cap(&prepared.alert, &prepared.rings, prepared.channel, &prepared.encoded, &serials)
    });
    measure(&format!("Order::to_wire, {} octets", wire.len()), || order.to_wire(10_000));
    measure("Order::from_wire", || Order::from_wire(&wire));
    measure("Order::verify", || order.verify("omantel", Class::Live));
    measure(&format!("cells within the area, of {}", list.cells().len()), || {
        list.within(&shape, Rule::Sector)
    });
}

fn order(prepared: &prepare::Prepared, serials: &[serial::Serial], now: DateTime<Utc>) -> Order {
    let cap = air_cap(&prepared.alert, &prepared.rings, prepared.channel, &prepared.encoded, serials);
    let cap = String::from_utf8(cap).unwrap();
    Order {
        delivery: "ord_bench".to_owned(),
        warning: "wrn_bench".to_owned(),
        operator: "omantel".to_owned(),
        sequence: 1,
        class: Class::Live,
        kind: Kind::Alert,
        replaces: None,
        ends: vec![],
        cap_sha256: Digest::of(cap.as_bytes()),
        area_sha256: Some(prepared.area_sha256),
        approved_at: now,
        expires: prepared.expires,
        cap,
    }
}

fn measure<T>(what: &str, mut step: impl FnMut() -> T) {
    for _ in 0..3 {
        black_box(step());
    }
    let (began, mut times) = (Instant::now(), Vec::new());
    while began.elapsed() < LONG && times.len() < MOST {
        let before = Instant::now();
        black_box(step());
        times.push(before.elapsed());
    }
    times.sort_unstable();
    let micros = |share: usize| {
        let rank = (times.len() * share).div_ceil(100).max(1);
        times[rank - 1].as_secs_f64() * 1e6
    };
    println!("{what:<52} {:>10.1} {:>10.1} {:>9}", micros(50), micros(99), times.len());
}
