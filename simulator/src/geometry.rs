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

/// A box in degrees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

impl Wedge {
    /// Whether wedge and polygon share an area greater than nothing: one reaches into the other, or contains it.
    ///
    /// The wedge is convex, so its inside is either cut by an edge of the polygon, or lies wholly in or wholly out.
    /// A ring that crosses itself warns the union of the even-odd and the non-zero rule.
    pub(crate) fn meets(&self, polygon: &[Place]) -> bool {
        polygon.len() >= 3 && (self.is_entered_by(edges(polygon)) || covers(polygon, self.middle()))
    }

    /// Whether one of these edges reaches into the wedge's inside.
    pub(crate) fn is_entered_by(&self, mut edges: impl Iterator<Item = (Place, Place)>) -> bool {
        let corners = self.corners();
        edges.any(|(from, to)| reaches_into(self.project(from), self.project(to), &corners))
    }

    /// A place in its inside.
    pub(crate) fn middle(&self) -> Place {
        self.unproject(centre(&self.corners()))
    }

    /// A place inside the wedge: `along` and `across` run from 0 to 1, evenly over the area.
    pub(crate) fn place_at(&self, along: f64, across: f64) -> Place {
        let bearing = (self.azimuth - 60.0 + 120.0 * across).to_radians();
        let km = self.range_m / 1000.0 * along.sqrt();
        self.unproject(Point { x: km * bearing.sin(), y: km * bearing.cos() })
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

    fn unproject(&self, point: Point) -> Place {
        let (km_lat, km_lon) = self.scale();
        Place { lat: self.site.lat + point.y / km_lat, lon: self.site.lon + point.x / km_lon }
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

    /// The box around the whole circle of its reach: no edge outside it can touch the wedge.
    pub(crate) fn bounds(&self) -> Bounds {
        let (km_lat, km_lon) = self.scale();
        let (lat, lon) = (self.reach_km() / km_lat, self.reach_km() / km_lon);
        let Place { lat: y, lon: x } = self.site;
        Bounds { south: y - lat, north: y + lat, west: x - lon, east: x + lon }
    }
}

impl Bounds {
    /// Around some places.
    pub(crate) fn around(polygon: &[Place]) -> Bounds {
        let none = Bounds {
            south: f64::INFINITY,
            north: f64::NEG_INFINITY,
            west: f64::INFINITY,
            east: f64::NEG_INFINITY,
        };
        polygon.iter().fold(none, |so_far, place| Bounds {
            south: so_far.south.min(place.lat),
            north: so_far.north.max(place.lat),
            west: so_far.west.min(place.lon),
            east: so_far.east.max(place.lon),
        })
    }

    /// Whether two boxes have a place in common.
    pub(crate) fn overlaps(&self, other: &Bounds) -> bool {
        self.south <= other.north
            && other.south <= self.north
            && self.west <= other.east
            && other.west <= self.east
    }

    /// Whether an edge could pass through: it does not lie wholly beyond one side.
    pub(crate) fn may_hold(&self, from: Place, to: Place) -> bool {
        !(from.lat > self.north && to.lat > self.north
            || from.lat < self.south && to.lat < self.south
            || from.lon > self.east && to.lon > self.east
            || from.lon < self.west && to.lon < self.west)
    }

    /// Whether a line eastward from a place can meet what is in the box.
    pub(crate) fn is_level_with(&self, place: Place) -> bool {
        (self.south..=self.north).contains(&place.lat)
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
    let (mut odd, mut winding) = (false, 0);
    for turn in edges(polygon).filter_map(|edge| crosses_beyond(edge, place)) {
        odd = !odd;
        winding += turn;
    }
    odd || winding != 0
}

/// Whether an edge crosses the line eastward from a place: 1 northward, -1 southward.
pub(crate) fn crosses_beyond((a, b): (Place, Place), place: Place) -> Option<i32> {
    let level = (a.lat > place.lat) != (b.lat > place.lat);
    let beyond = || a.lon + (place.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon) > place.lon;
    (level && beyond()).then_some(if b.lat > a.lat { 1 } else { -1 })
}

/// Each corner with the next, the last with the first.
fn edges<T: Copy>(ring: &[T]) -> impl Iterator<Item = (T, T)> + '_ {
    let last = ring.last().copied().into_iter().zip(ring.first().copied());
    ring.windows(2).map(|pair| (pair[0], pair[1])).chain(last)
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
