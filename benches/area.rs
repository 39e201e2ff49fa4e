//! What an area's answers cost - regions, cells - beside the usual ways, in the same run and on one thread. Judges no time.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends at a fault")]

use geo::algorithm::relate::PreparedGeometry;
use geo::{BoundingRect, Contains, MultiPolygon, Point, Polygon, Relate};
use nadhir::run::regions;
use nadhir_core::area::{self, CellList, Index, Layer, Origin, Rule};
use nadhir_core::cap::{self, Ring};
use nadhir_simulator::cells;
use rstar::{AABB, RTree};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A question is asked for about this long.
const LONG: Duration = Duration::from_millis(700);
/// Alerts of a kind.
const ALERTS: u32 = 200;
/// Corners of an alert.
const CORNERS: u32 = 200;

fn main() {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("\nareas; the machine's load: {}", load.trim());
    let index = regions(None).unwrap();
    decide(&index);
    for (count, seeds) in [(60_000, 1..20), (200_000, 1..60)] {
        find(count, seeds, &index);
    }
}

/// Which regions: ours whole (from the points as CAP has them, repair and all), and geo's prepared relate alone.
fn decide(index: &Index) {
    for (kind, least) in [("round", 0.8), ("spiked", 0.15)] {
        println!("\nregions, {ALERTS} {kind} alerts of {CORNERS} corners{:>19} {:>10}", "p50 us", "p99 us");
        for (size, km) in [("local, 10 km", 10.0), ("regional, 50 km", 50.0), ("wide, 200 km", 200.0)] {
            let alerts: Vec<_> = (0..ALERTS).map(|n| vec![alert(n, km, least)]).collect();
            let governorates = measure(&format!("{size}: governorates"), &alerts, |areas| {
                area::resolve(areas, index, Origin::Inbound).hits(index).len()
            });
            let both = measure(&format!("{size}: governorates and wilayat"), &alerts, |areas| {
                let resolved = area::resolve(areas, index, Origin::Inbound);
                resolved.hits(index).len() + resolved.hits_in(index, Layer::Wilayat).len()
            });
            let ready: Vec<_> =
                alerts.iter().map(|areas| area::resolve(areas, index, Origin::Inbound)).collect();
            measure(&format!("{size}: governorates, rings ready"), &ready, |ready| ready.hits(index).len());
            let shapes: Vec<_> = alerts.iter().map(|areas| area::shape(areas).unwrap()).collect();
            for (what, layers, ours) in [
                ("governorates", &[Layer::Governorate][..], governorates),
                ("and wilayat", &[Layer::Governorate, Layer::Wilayat], both),
            ] {
                let regions = layers.iter().flat_map(|layer| index.layer(*layer));
                let ready: Vec<_> = regions.map(|r| PreparedGeometry::from(&r.shape)).collect();
                let theirs = measure(&format!("{size}: geo's prepared relate, {what}"), &shapes, |shape| {
                    let shape = PreparedGeometry::from(shape);
                    ready.iter().filter(|region| region.relate(&shape).matches("T********").unwrap()).count()
                });
                ratio(theirs / ours);
            }
        }
    }
}

/// Which cells: ours, and rstar's box with geo's `contains`.
fn find(count: usize, seeds: std::ops::Range<u64>, index: &Index) {
    let list = CellList::parse(national(count, seeds).as_bytes()).unwrap();
    let points = list.cells().iter().map(|c| [c.centre.lon, c.centre.lat]).collect();
    let tree: RTree<[f64; 2]> = RTree::bulk_load(points);
    println!(
        "\ncells, {} of them, round alerts of {CORNERS} corners{:>15} {:>10}",
        list.cells().len(),
        "p50 us",
        "p99 us"
    );
    for (size, km) in [("local, 10 km", 10.0), ("regional, 50 km", 50.0), ("wide, 200 km", 200.0)] {
        let shapes: Vec<MultiPolygon<f64>> =
            (0..ALERTS).map(|n| area::cover(&[alert(n, km, 0.8)], index, Origin::Inbound).shape).collect();
        let ours =
            measure(&format!("{size}: centroid"), &shapes, |shape| list.within(shape, Rule::Centroid).len());
        let theirs = measure(&format!("{size}: rstar, then geo's contains"), &shapes, |shape| {
            shape.iter().map(|polygon| inside(&tree, polygon)).sum::<usize>()
        });
        ratio(theirs / ours);
        measure(&format!("{size}: sector"), &shapes, |shape| list.within(shape, Rule::Sector).len());
    }
}

fn inside(tree: &RTree<[f64; 2]>, polygon: &Polygon<f64>) -> usize {
    let bounds = polygon.bounding_rect().unwrap();
    let (low, high) = (bounds.min(), bounds.max());
    let near = tree.locate_in_envelope_intersecting(&AABB::from_corners([low.x, low.y], [high.x, high.y]));
    near.filter(|c| polygon.contains(&Point::new(c[0], c[1]))).count()
}

/// An alert around a town of the country: corners at even bearings, at `least` to 1 of `km`.
fn alert(n: u32, km: f64, least: f64) -> cap::Area {
    let mut state = u64::from(n) + 1;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24)
    };
    for _ in 0..8 {
        draw();
    }
    let (lat, lon) = (17.0 + 9.0 * draw(), 54.5 + 4.5 * draw());
    let mut points: Vec<_> = (0..CORNERS)
        .map(|corner| {
            let bearing = f64::from(corner) / f64::from(CORNERS) * std::f64::consts::TAU;
            let far = km / 111.0 * (least + (1.0 - least) * draw());
            cap::Point { lat: lat + far * bearing.cos(), lon: lon + far * bearing.sin() }
        })
        .collect();
    points.push(points[0]);
    let polygons = vec![Ring { points }];
    cap::Area {
        area_desc: String::new(),
        polygons,
        circles: vec![],
        geocodes: vec![],
        altitude: None,
        ceiling: None,
    }
}

/// Cells of all operators over the whole country, each under an identity of its own.
fn national(count: usize, seeds: std::ops::Range<u64>) -> String {
    let mut csv = format!("{}\n", cells::HEADER);
    let mut written = 0_usize;
    for (seed, operator) in seeds.flat_map(|seed| ["omantel", "ooredoo", "vodafone"].map(|o| (seed, o))) {
        for line in cells::generate(operator, seed).lines().skip(1) {
            if written == count {
                return csv;
            }
            let mut fields: Vec<_> = line.split(',').map(str::to_owned).collect();
            fields[4] = (written >> 16).to_string();
            fields[5] = (written & 0xFFFF).to_string();
            csv.push_str(&fields.join(","));
            csv.push('\n');
            written += 1;
        }
    }
    csv
}

/// Asks the questions one after the other, again and again; prints and returns the median in microseconds.
fn measure<Q, T>(what: &str, questions: &[Q], mut answer: impl FnMut(&Q) -> T) -> f64 {
    for question in questions.iter().take(20) {
        black_box(answer(question));
    }
    let (began, mut times) = (Instant::now(), Vec::new());
    'all: loop {
        for question in questions {
            let before = Instant::now();
            black_box(answer(black_box(question)));
            times.push(before.elapsed());
            if began.elapsed() > LONG {
                break 'all;
            }
        }
    }
    times.sort_unstable();
    let micros = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e6;
    println!("{what:<52} {:>10.1} {:>10.1}", micros(50), micros(99));
    micros(50)
}

/// How many times what was measured last takes what was measured for us.
fn ratio(times: f64) {
    println!("{:<52} {times:>10.1} times ours", "");
}
