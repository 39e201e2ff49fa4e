//! A made-up cell list of an operator over all of Oman, the same for the same seed. No figure of a real network.

use crate::cells::{HEADER, Rat};
use crate::geometry::{Place, km_a_degree};
use crate::land;
use crate::random::Stream;
use crate::towns::{TOWNS, Town};
use std::fmt::Write as _;

/// A network of Oman: E.212 codes, sites to draw, share of the country's phones.
struct Network {
    name: &'static str,
    mnc: &'static str,
    number: u32,
    sites: f64,
    /// Phones it serves: its share of 7,240,909 subscriptions (NCSI, September 2024); the shares are assumed.
    handsets: f64,
    has_2g: bool,
}

const NETWORKS: [Network; 3] = [
    Network { name: "omantel", mnc: "02", number: 1, sites: 460.0, handsets: 3_330_000.0, has_2g: true },
    Network { name: "ooredoo", mnc: "03", number: 2, sites: 430.0, handsets: 2_460_000.0, has_2g: true },
    Network { name: "vodafone", mnc: "06", number: 3, sites: 340.0, handsets: 1_450_000.0, has_2g: false },
];

/// One site in this many stands on the road between its town and another of the same governorate.
const ROADS: f64 = 0.12;

/// So often a site is drawn before it stands in the middle of its town: a village on a cape has one place in five on land.
const TRIES: u32 = 200;

/// The mobile country code of Oman (E.212).
pub(crate) const MCC: &str = "422";

/// The mobile network code of an operator under MCC 422: Omantel 02, Ooredoo 03, Vodafone 06.
pub(crate) fn mnc(operator: &str) -> Option<&'static str> {
    NETWORKS.iter().find(|network| network.name == operator).map(|network| network.mnc)
}

/// A cell list of `operator` ("omantel", "ooredoo", "vodafone") as CSV; for any other name the header alone.
///
/// Some 340 to 460 sites of three sectors each, around the towns of Oman and along the roads between them: 2G on
/// seven sites of ten (Vodafone has none), 4G on all, 5G on most of the towns'.
pub fn generate(operator: &str, seed: u64) -> String {
    let mut csv = format!("{HEADER}\n");
    if let Some(network) = NETWORKS.iter().find(|network| network.name == operator) {
        let sites = sites(network, seed);
        let total: f64 = sites.iter().flat_map(Site::cells).map(|cell| cell.weight).sum();
        for site in &sites {
            for cell in site.cells() {
                write_row(&mut csv, network, site, &cell, network.handsets / total);
            }
        }
    }
    csv
}

struct Site {
    number: u32,
    town: &'static Town,
    place: Place,
    range_m: u32,
    azimuth: u32,
    area_code: u32,
    rats: Vec<Rat>,
    people: f64,
}

struct Sector {
    rat: Rat,
    number: u32,
    weight: f64,
}

impl Site {
    /// Phones split 70 : 24 : 6 over 4G, 5G and 2G where all three stand: weights 1, 0.34 and 0.09.
    fn cells(&self) -> impl Iterator<Item = Sector> + '_ {
        self.rats.iter().flat_map(move |&rat| {
            let weight = match rat {
                Rat::Gsm => 0.09,
                Rat::Lte => 1.0,
                Rat::Nr => 0.34,
            };
            (0..3).map(move |number| Sector { rat, number, weight: weight * self.people })
        })
    }
}

/// How many sites a town deserves: people, with a bonus for Ad Dakhiliyah where the demonstration lies.
fn need(town: &Town) -> f64 {
    let bonus = if town.governorate == "OM-DA" { 1.6 } else { 1.0 };
    bonus * (f64::from(town.population) + 1500.0).powf(0.62)
}

fn sites(network: &Network, seed: u64) -> Vec<Site> {
    let total: f64 = TOWNS.iter().map(need).sum();
    let (mut sites, mut owed) = (Vec::new(), 0.0);
    for (index, town) in (0_u32..).zip(&TOWNS) {
        owed += network.sites * need(town) / total;
        let mut here = 0_u32;
        while owed >= 1.0 || here == 0 {
            owed -= 1.0;
            here += 1;
            let number = u32::try_from(sites.len()).unwrap_or(u32::MAX).saturating_add(1);
            sites.push(site(network, seed, town, index, number));
        }
        for site in sites.iter_mut().rev().take(usize::try_from(here).unwrap_or(0)) {
            site.people = f64::from(town.population) / f64::from(here);
        }
    }
    sites
}

fn site(network: &Network, seed: u64, town: &'static Town, town_index: u32, number: u32) -> Site {
    let mut stream = Stream::new(seed, network.name, &[u64::from(number)]);
    let neighbours: Vec<&Town> = TOWNS
        .iter()
        .filter(|other| other.governorate == town.governorate && other.name != town.name)
        .collect();
    let pick = usize::try_from(stream.below(u64::try_from(neighbours.len()).unwrap_or(0))).unwrap_or(0);
    let on_road = stream.chance(ROADS);
    let road = neighbours.get(pick).filter(|_| on_road);
    // Nobody builds at sea or abroad: drawn again until it is on land. A straight road may run over a bay all along.
    let drawn = (0..TRIES).map(|time| match road {
        Some(other) if time < TRIES / 2 => (between(town, other, &mut stream), 15.0),
        Some(_) | None => scattered(town, &mut stream),
    });
    let mut drawn = drawn.map(|(place, km)| (Place { lat: round(place.lat), lon: round(place.lon) }, km));
    let (place, km) = drawn.find(|(place, _)| land::holds(*place)).unwrap_or((centre(town), 0.0));
    let dense = town.population > 150_000 && km < 10.0;
    let mut rats = Vec::with_capacity(3);
    if network.has_2g && stream.chance(0.7) {
        rats.push(Rat::Gsm);
    }
    rats.push(Rat::Lte);
    if stream.chance(if dense {
        0.9
    } else if km < 15.0 {
        0.75
    } else {
        0.5
    }) {
        rats.push(Rat::Nr);
    }
    let reach = if dense {
        1500.0
    } else if km < 15.0 {
        4500.0
    } else {
        14_000.0
    };
    Site {
        number,
        town,
        place,
        range_m: metres(reach * (0.8 + 0.6 * stream.unit())),
        azimuth: u32::try_from(stream.below(120)).unwrap_or(0),
        area_code: network.number * 1000 + town_index,
        rats,
        people: 0.0,
    }
}

fn centre(town: &Town) -> Place {
    Place { lat: town.lat, lon: town.lon }
}

fn between(town: &Town, other: &Town, stream: &mut Stream) -> Place {
    let way = stream.unit();
    Place { lat: town.lat + (other.lat - town.lat) * way, lon: town.lon + (other.lon - town.lon) * way }
}

/// Around a town's centre, thinning out exponentially: e-folding 0.6 km and more, by the root of the people.
fn scattered(town: &Town, stream: &mut Stream) -> (Place, f64) {
    let fold = 0.6 + 0.055 * (f64::from(town.population.max(200)) / 10.0).sqrt();
    let km = -fold * (1.0 - stream.unit() * 0.995).ln();
    let bearing = std::f64::consts::TAU * stream.unit();
    let (km_lat, km_lon) = km_a_degree(town.lat);
    let place =
        Place { lat: town.lat + km * bearing.cos() / km_lat, lon: town.lon + km * bearing.sin() / km_lon };
    (place, km)
}

fn write_row(csv: &mut String, network: &Network, site: &Site, cell: &Sector, handsets_a_weight: f64) {
    let azimuth = (site.azimuth + 120 * cell.number) % 360;
    let node = network.number * 100_000 + site.number;
    let id = match cell.rat {
        Rat::Gsm => (site.number * 3 + cell.number) % 65_536,
        Rat::Lte => (node << 8) | (cell.number + 1),
        Rat::Nr => (node << 12) | (cell.number + 1),
    };
    // The centroid of a 120 degree sector lies 2 sin(60) / (3 pi / 3) = 0.5513 of the range from the site.
    let (km, bearing) = (0.5513 * f64::from(site.range_m) / 1000.0, f64::from(azimuth).to_radians());
    let (km_lat, km_lon) = km_a_degree(site.place.lat);
    let (lat, lon) =
        (site.place.lat + km * bearing.cos() / km_lat, site.place.lon + km * bearing.sin() / km_lon);
    let _ = writeln!(
        csv,
        "{},{MCC},{},{},{},{id},{node},{},{:.5},{:.5},{lat:.5},{lon:.5},{azimuth},{},{},{},{:.0}",
        network.name,
        network.mnc,
        cell.rat.name(),
        site.area_code,
        cell.number,
        site.place.lat,
        site.place.lon,
        site.range_m,
        site.town.governorate,
        site.town.wilayat,
        cell.weight * handsets_a_weight,
    );
}

/// To 0.00001 degree, about a metre: the last bits of sine and logarithm differ between machines.
fn round(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a range of 1 to 20 km, in metres"
)]
fn metres(range: f64) -> u32 {
    range.clamp(1.0, 100_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use std::collections::HashSet;

    fn check(operator: &str, has_2g: bool) {
        let list = generate(operator, 1);
        assert_eq!(list, generate(operator, 1), "{operator} is the same for the same seed");
        assert_ne!(list, generate(operator, 2), "{operator} is another for another seed");
        let cells = cells::read(list.as_bytes(), operator).expect("its own list is readable");
        let sites: HashSet<&str> = list.lines().skip(1).filter_map(|row| row.split(',').nth(6)).collect();
        assert!((300..=500).contains(&sites.len()), "{operator} has {} sites", sites.len());
        assert_eq!(cells.iter().any(|cell| cell.rat == Rat::Gsm), has_2g, "{operator} has 2G");
        for rat in [Rat::Lte, Rat::Nr] {
            assert!(cells.iter().filter(|cell| cell.rat == rat).count() > 500, "{operator} {}", rat.name());
        }
        let inland = list.lines().filter(|row| row.contains(",OM-DA,")).count();
        assert!(inland > 200, "{operator} has {inland} cells in Ad Dakhiliyah");
        for town in &TOWNS {
            assert!(list.contains(town.wilayat), "{operator} has no cell in {}", town.name);
        }
        let handsets: u32 = cells.iter().map(|cell| cell.handsets).sum();
        assert!(handsets > 1_000_000, "{operator} serves {handsets}");
    }

    #[test]
    fn covers_the_country_with_each_operator() {
        check("omantel", true);
        check("ooredoo", true);
        check("vodafone", false);
    }

    #[test]
    fn stands_on_land() {
        for (operator, seed) in
            ["omantel", "ooredoo", "vodafone"].into_iter().flat_map(|o| (1..=4).map(move |s| (o, s)))
        {
            for row in generate(operator, seed).lines().skip(1) {
                let fields: Vec<&str> = row.split(',').collect();
                let site = Place { lat: fields[8].parse().unwrap(), lon: fields[9].parse().unwrap() };
                assert!(land::holds(site), "seed {seed}: {row}");
            }
        }
    }

    #[test]
    fn knows_no_other_operator() {
        assert_eq!(generate("nobody", 1).trim_end(), HEADER);
        assert_eq!(
            (mnc("omantel"), mnc("ooredoo"), mnc("vodafone"), mnc("nobody")),
            (Some("02"), Some("03"), Some("06"), None)
        );
    }
}
