//! Which sectors meet which areas, on a plane laid at the sector's site. Knows neither CAP nor cells.

/// A wedge's arc is drawn from outside with this many chords, 15 degrees each: at a corner it reaches 0.9 % too far.
const CHORDS: u32 = 8;
/// Overlaps thinner than this are a shared border, not a hit.
const TOUCH_KM: f64 = 1e-6;

/// A place: degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    /// Latitude, north positive.
    pub(crate) lat: f64,
    /// Longitude, east positive.
    pub(crate) lon: f64,
}

/// A closed ring of places; the first need not be repeated at the end.
pub(crate) type Ring = Vec<Place>;

/// What one sector of a site covers: 120 degrees around an azimuth, out to a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wedge {
    /// Where the mast stands.
    pub(crate) site: Place,
    /// Direction of the middle, degrees clockwise from north.
    pub(crate) azimuth: f64,
    /// How far it reaches, metres.
    pub(crate) range_m: f64,
}

#[derive(Debug, Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

impl Wedge {
    /// Whether wedge and polygon share an area greater than nothing: one reaches into the other, or contains it.
    ///
    /// The wedge is convex, so its inside is either cut by an edge of the polygon, or lies wholly in or wholly out.
    /// A ring that crosses itself warns the union of the even-odd and the non-zero rule.
    pub(crate) fn meets(&self, polygon: &[Place]) -> bool {
        if polygon.len() < 3 || self.is_far_from(polygon) {
            return false;
        }
        let corners = self.corners();
        let ring: Vec<Point> = polygon.iter().map(|&place| self.project(place)).collect();
        edges(&ring).any(|(from, to)| reaches_into(from, to, &corners)) || contains(&ring, centre(&corners))
    }

    /// A place inside the wedge: `along` and `across` run from 0 to 1, evenly over the area.
    pub(crate) fn place_at(&self, along: f64, across: f64) -> Place {
        let bearing = (self.azimuth - 60.0 + 120.0 * across).to_radians();
        let km = self.range_m / 1000.0 * along.sqrt();
        let (km_lat, km_lon) = self.scale();
        Place {
            lat: self.site.lat + km * bearing.cos() / km_lat,
            lon: self.site.lon + km * bearing.sin() / km_lon,
        }
    }

    fn scale(&self) -> (f64, f64) {
        km_a_degree(self.site.lat)
    }

    /// How far the corners of the arc are, so that its chords touch the range.
    fn reach_km(&self) -> f64 {
        self.range_m / 1000.0 / (60.0 / f64::from(CHORDS)).to_radians().cos()
    }

    fn project(&self, place: Place) -> Point {
        let (km_lat, km_lon) = self.scale();
        Point { x: (place.lon - self.site.lon) * km_lon, y: (place.lat - self.site.lat) * km_lat }
    }

    /// The site, then the arc clockwise.
    fn corners(&self) -> Vec<Point> {
        let km = self.reach_km();
        let arc = (0..=CHORDS).map(|k| {
            let bearing = (self.azimuth - 60.0 + 120.0 * f64::from(k) / f64::from(CHORDS)).to_radians();
            Point { x: km * bearing.sin(), y: km * bearing.cos() }
        });
        std::iter::once(Point { x: 0.0, y: 0.0 }).chain(arc).collect()
    }

    fn is_far_from(&self, polygon: &[Place]) -> bool {
        let (km_lat, km_lon) = self.scale();
        let km = self.reach_km();
        let (reach_lat, reach_lon) = (km / km_lat, km / km_lon);
        polygon.iter().all(|p| p.lat > self.site.lat + reach_lat)
            || polygon.iter().all(|p| p.lat < self.site.lat - reach_lat)
            || polygon.iter().all(|p| p.lon > self.site.lon + reach_lon)
            || polygon.iter().all(|p| p.lon < self.site.lon - reach_lon)
    }
}

/// Kilometres a degree of latitude and of longitude at a latitude, by the series for the ellipsoid of WGS 84.
pub(crate) fn km_a_degree(lat: f64) -> (f64, f64) {
    let phi = lat.to_radians();
    let north = 111.132_95 - 0.559_85 * (2.0 * phi).cos() + 0.001_18 * (4.0 * phi).cos();
    let east = 111.412_88 * phi.cos() - 0.093_5 * (3.0 * phi).cos() + 0.000_12 * (5.0 * phi).cos();
    (north, east.max(0.001))
}

/// A ring around a circle, drawn outside it with 72 corners so that nobody within the radius is left out.
pub(crate) fn around(centre: Place, radius_km: f64) -> Ring {
    let km = radius_km / (std::f64::consts::PI / 72.0).cos();
    let (km_lat, km_lon) = km_a_degree(centre.lat);
    (0..72)
        .map(|k| {
            let bearing = (5.0 * f64::from(k)).to_radians();
            Place {
                lat: centre.lat + km * bearing.cos() / km_lat,
                lon: centre.lon + km * bearing.sin() / km_lon,
            }
        })
        .collect()
}

/// Whether a place lies in a polygon, by the even-odd or the non-zero rule.
pub(crate) fn covers(polygon: &[Place], place: Place) -> bool {
    let ring: Vec<Point> = polygon.iter().map(|p| Point { x: p.lon, y: p.lat }).collect();
    contains(&ring, Point { x: place.lon, y: place.lat })
}

fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&from, &to)| (from, to))
}

/// Whether a stretch of the segment lies in the open inside of a convex clockwise polygon (Cyrus and Beck 1978).
fn reaches_into(from: Point, to: Point, convex: &[Point]) -> bool {
    let length = (to.x - from.x).hypot(to.y - from.y);
    if length <= 0.0 {
        return false;
    }
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (a, b) in edges(convex) {
        let side = (b.x - a.x).hypot(b.y - a.y);
        // Distances to the side's line; inside is to the right, hence positive.
        let depth = |p: Point| ((b.y - a.y) * (p.x - a.x) - (b.x - a.x) * (p.y - a.y)) / side - TOUCH_KM;
        let (at_start, at_end) = (depth(from), depth(to));
        if at_start <= 0.0 && at_end <= 0.0 {
            return false;
        }
        let crossing = at_start / (at_start - at_end);
        if at_start < 0.0 {
            enter = enter.max(crossing);
        } else if at_end < 0.0 {
            leave = leave.min(crossing);
        }
    }
    enter < leave
}

fn centre(points: &[Point]) -> Point {
    let count = points.len() as f64;
    Point {
        x: points.iter().map(|p| p.x).sum::<f64>() / count,
        y: points.iter().map(|p| p.y).sum::<f64>() / count,
    }
}

fn contains(ring: &[Point], point: Point) -> bool {
    let (mut odd, mut winding) = (false, 0_i32);
    for (a, b) in edges(ring) {
        if (a.y > point.y) == (b.y > point.y) {
            continue;
        }
        if a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) > point.x {
            odd = !odd;
            winding += if b.y > a.y { 1 } else { -1 };
        }
    }
    odd || winding != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wedge of 10 km that looks north from 23 N 57 E.
    const NORTH: Wedge = Wedge { site: Place { lat: 23.0, lon: 57.0 }, azimuth: 0.0, range_m: 10_000.0 };

    /// A ring given in kilometres east and north of the wedge's site.
    fn ring(km: &[(f64, f64)]) -> Ring {
        let (km_lat, km_lon) = NORTH.scale();
        km.iter().map(|&(x, y)| Place { lat: 23.0 + y / km_lat, lon: 57.0 + x / km_lon }).collect()
    }

    fn check(what: &str, km: &[(f64, f64)], meets: bool) {
        assert_eq!(NORTH.meets(&ring(km)), meets, "{what}");
        let turned: Vec<(f64, f64)> = km.iter().rev().copied().collect();
        assert_eq!(NORTH.meets(&ring(&turned)), meets, "{what}, the other way round");
    }

    #[test]
    fn meets_what_it_shares_an_area_with() {
        check("contained in the wedge", &[(-1.0, 4.0), (1.0, 4.0), (0.0, 6.0)], true);
        check("contains the wedge", &[(-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)], true);
        check("crosses the arc", &[(-1.0, 9.0), (1.0, 9.0), (1.0, 12.0), (-1.0, 12.0)], true);
        check("a strip right across", &[(-50.0, 4.0), (50.0, 4.0), (50.0, 5.0), (-50.0, 5.0)], true);
        check("behind the mast", &[(-1.0, -3.0), (1.0, -3.0), (1.0, -1.0), (-1.0, -1.0)], false);
        check("in the box, not in the wedge", &[(7.0, 0.5), (8.0, 0.5), (8.0, 1.5), (7.0, 1.5)], false);
        check("between arc and corner", &[(2.62, 9.7), (2.64, 9.7), (2.62, 9.72)], true);
        check("beyond the range", &[(-1.0, 10.5), (1.0, 10.5), (0.0, 12.0)], false);
        check("far away", &[(90.0, 90.0), (91.0, 90.0), (90.0, 91.0)], false);
        check("touches the site with a corner", &[(0.0, 0.0), (1.0, -2.0), (-1.0, -2.0)], false);
        let (x, y) = (60.0_f64.to_radians().sin(), 60.0_f64.to_radians().cos());
        check("shares the right side", &[(0.0, 0.0), (9.0 * x, 9.0 * y), (9.0, 0.0)], false);
        check("the wedge's own triangle", &[(0.0, 0.0), (10.0 * x, 10.0 * y), (-10.0 * x, 10.0 * y)], true);
        check(
            "the wedge in the bay of a U",
            &[
                (-20.0, -5.0),
                (20.0, -5.0),
                (20.0, 20.0),
                (15.0, 20.0),
                (15.0, -2.0),
                (-15.0, -2.0),
                (-15.0, 20.0),
                (-20.0, 20.0),
            ],
            false,
        );
        check(
            "a bow tie with the crossing inside",
            &[(-2.0, 4.0), (2.0, 6.0), (2.0, 4.0), (-2.0, 6.0)],
            true,
        );
        check("a line is no area to meet", &[(0.0, 5.0), (0.0, 6.0)], false);
    }

    #[test]
    fn keeps_its_places_inside_itself() {
        for k in 0..=20 {
            for m in 1..20 {
                let place = NORTH.place_at(f64::from(m) / 20.0 * 0.98, f64::from(k) / 20.0 * 0.998 + 0.001);
                let tiny: Vec<Place> = [(0.0, 0.0), (1e-4, 0.0), (0.0, 1e-4)]
                    .iter()
                    .map(|(a, b)| Place { lat: place.lat + a, lon: place.lon + b })
                    .collect();
                assert!(NORTH.meets(&tiny), "{place:?}");
            }
        }
    }

    #[test]
    fn draws_circles_from_outside() {
        let ring = around(Place { lat: 23.0, lon: 57.0 }, 5.0);
        for k in 0..360 {
            let bearing = f64::from(k).to_radians();
            let (km_lat, km_lon) = NORTH.scale();
            let rim = |km: f64| Place {
                lat: 23.0 + km * bearing.cos() / km_lat,
                lon: 57.0 + km * bearing.sin() / km_lon,
            };
            assert!(covers(&ring, rim(4.999)), "{k} degrees inside");
            assert!(!covers(&ring, rim(5.02)), "{k} degrees outside");
        }
    }

    proptest::proptest! {
        /// Places inside the wedge that lie in the ring prove an overlap, however the ring is drawn.
        #[test]
        fn never_misses_an_overlap(km in proptest::collection::vec((-15.0..15.0_f64, -15.0..15.0_f64), 3..12)) {
            let ring = ring(&km);
            let inside = (1..30).flat_map(|k| (1..30).map(move |m| (f64::from(k) / 31.0, f64::from(m) / 31.0)));
            let overlaps = inside.into_iter().any(|(along, across)| covers(&ring, NORTH.place_at(along, across)));
            proptest::prop_assert!(!overlaps || NORTH.meets(&ring));
        }
    }
}
