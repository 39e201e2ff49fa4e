//! Whether a ring crosses or touches itself: one sweep from west to east, exact, n log n whatever the ring's form (Shamos and Hoey, 1976).

use super::shape::{Point, Ring};
use geo::Coord;
use geo::kernels::{Kernel, Orientation, RobustKernel};

/// A point near which a closed ring meets itself, if it does; the sides of a simple ring share nothing but corners.
///
/// Corners are visited from west to east, those of one longitude from south to north. The sides under way stand in order
/// from south to north; of two sides that meet, some two stand beside one another before they do, so only neighbours are compared.
pub(super) fn search(ring: &Ring) -> Option<Point> {
    // Adding 0 makes -0 the 0 it is.
    let mut corners: Vec<Coord> =
        ring.points.iter().map(|p| Coord { x: p.lon + 0.0, y: p.lat + 0.0 }).collect();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    if corners.len() < 2 {
        return None;
    }
    let order = match eastward(&corners) {
        Ok(order) => order,
        // Two corners at one place: the ring touches itself there.
        Err(place) => return Some(point(place)),
    };
    corners.push(corners[0]);
    let mut sweep = Sweep { corners: &corners, rows: vec![Vec::new()] };
    order.into_iter().find_map(|corner| sweep.visit(corner)).map(point)
}

/// Sides under way in a row at most; a longer row is split.
const ROW: usize = 256;

/// The sides under way. A side goes by the number of the corner it begins at.
struct Sweep<'a> {
    /// The first stands at the end once more, so that every side finds its end.
    corners: &'a [Coord],
    /// From south to north, in rows so that a side is put in without moving all others.
    rows: Vec<Vec<usize>>,
}

/// A place among the sides under way: a row, and a place in it.
type Place = (usize, usize);

impl Sweep<'_> {
    /// Goes past a corner; gives it, or one near, where two sides meet.
    fn visit(&mut self, corner: usize) -> Option<Coord> {
        let before = corner.checked_sub(1).unwrap_or(self.corners.len() - 2);
        let after = corner;
        let [from, to] = [before, corner + 1].map(|other| self.corners[other]);
        let here = self.corners[corner];
        match (west(from, here), west(to, here)) {
            // Both sides begin here.
            (false, false) => {
                let (low, high) = match RobustKernel::orient2d(here, from, to) {
                    Orientation::CounterClockwise => (before, after),
                    Orientation::Clockwise => (after, before),
                    Orientation::Collinear => return Some(here),
                };
                let place = self.place(here);
                if self.at(place).is_some_and(|side| self.holds(side, here)) {
                    return Some(here);
                }
                let (south, north) = (self.previous(place), self.at(place));
                self.put(place, [low, high]);
                self.meets(south, Some(low)).or_else(|| self.meets(Some(high), north))
            }
            // One ends and the other goes on in its place.
            (true, false) | (false, true) => {
                let (old, new) = if west(from, here) { (before, after) } else { (after, before) };
                let Some(place) = self.find(here, old) else { return Some(here) };
                self.rows[place.0][place.1] = new;
                let above = self.next(place).and_then(|above| self.at(above));
                self.meets(self.previous(place), Some(new)).or_else(|| self.meets(Some(new), above))
            }
            // Both end here; what stood on their two hands stands together now.
            (true, true) => {
                let low = self.place(here);
                let high = self.next(low);
                let two = (self.at(low), high.and_then(|place| self.at(place)));
                if two != (Some(before), Some(after)) && two != (Some(after), Some(before)) {
                    return Some(here);
                }
                let above = high.and_then(|place| self.next(place)).and_then(|place| self.at(place));
                let south = self.previous(low);
                // The northern one first: the southern one keeps its place.
                for place in [high, Some(low)].into_iter().flatten() {
                    self.take(place);
                }
                self.meets(south, above)
            }
        }
    }

    /// The ends of a side, the western one first.
    fn ends(&self, side: usize) -> (Coord, Coord) {
        let (a, b) = (self.corners[side], self.corners[side + 1]);
        if west(a, b) { (a, b) } else { (b, a) }
    }

    /// Whether a side under way runs south of a point.
    fn below(&self, side: usize, point: Coord) -> bool {
        let (a, b) = (self.corners[side], self.corners[side + 1]);
        // A side under way spans the point's longitude: where it lies wholly south or north, nothing is to be reckoned.
        // One that runs due north is at the point's own longitude, and may end at it.
        if a.x < b.x || b.x < a.x {
            if point.y > a.y.max(b.y) {
                return true;
            }
            if point.y < a.y.min(b.y) {
                return false;
            }
        }
        let (west, east) = self.ends(side);
        RobustKernel::orient2d(west, east, point) == Orientation::CounterClockwise
    }

    fn holds(&self, side: usize, point: Coord) -> bool {
        let (a, b) = self.ends(side);
        RobustKernel::orient2d(a, b, point) == Orientation::Collinear
    }

    /// The place of the first side that does not run south of a point; after all sides where there is none.
    fn place(&self, point: Coord) -> Place {
        let south = |row: &Vec<usize>| row.last().is_some_and(|side| self.below(*side, point));
        // Nearly always there is one row.
        let last = self.rows.len() - 1;
        let row = if last == 0 { 0 } else { self.rows.partition_point(south).min(last) };
        (row, self.rows[row].partition_point(|side| self.below(*side, point)))
    }

    /// The place of a side that a point is on; none where another side comes between.
    fn find(&self, point: Coord, side: usize) -> Option<Place> {
        let first = self.place(point);
        [Some(first), self.next(first)].into_iter().flatten().find(|place| self.at(*place) == Some(side))
    }

    fn at(&self, (row, at): Place) -> Option<usize> {
        match self.rows[row].get(at) {
            Some(side) => Some(*side),
            None => self.rows.get(row + 1).and_then(|row| row.first()).copied(),
        }
    }

    fn next(&self, (row, at): Place) -> Option<Place> {
        if at + 1 < self.rows[row].len() {
            return Some((row, at + 1));
        }
        (row + 1 < self.rows.len()).then_some((row + 1, 0))
    }

    fn previous(&self, (row, at): Place) -> Option<usize> {
        match at.checked_sub(1) {
            Some(at) => self.rows[row].get(at).copied(),
            None => self.rows[..row].last().and_then(|row| row.last()).copied(),
        }
    }

    fn put(&mut self, (row, at): Place, sides: [usize; 2]) {
        self.rows[row].splice(at..at, sides);
        if self.rows[row].len() > ROW {
            let half = self.rows[row].split_off(ROW / 2);
            self.rows.insert(row + 1, half);
        }
    }

    fn take(&mut self, (row, at): Place) {
        self.rows[row].remove(at);
        if self.rows[row].is_empty() && self.rows.len() > 1 {
            self.rows.remove(row);
        }
    }

    /// Where two sides that stand beside one another meet; sides that follow one another on the ring may share their corner.
    fn meets(&self, one: Option<usize>, other: Option<usize>) -> Option<Coord> {
        let (one, other) = (one?, other?);
        let (apart, count) = (one.abs_diff(other), self.corners.len() - 1);
        if apart <= 1 || apart == count - 1 {
            return None;
        }
        let side = |side: usize| (self.corners[side], self.corners[side + 1]);
        meet(side(one), side(other)).then(|| self.ends(other).0)
    }
}

/// Whether a point is visited before another.
fn west(one: Coord, other: Coord) -> bool {
    (one.x, one.y) < (other.x, other.y)
}

fn point(at: Coord) -> Point {
    Point { lat: at.y, lon: at.x }
}

/// The numbers of the corners in the order they are visited; or a place where there are two.
///
/// Corners are dealt into as many strips of longitude as there are corners, and each strip is sorted: where they lie
/// apart, as on any coast, nearly every strip holds one. Corners at one place lie in one strip.
fn eastward(corners: &[Coord]) -> Result<Vec<usize>, Coord> {
    let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
    for corner in corners {
        (west, east) = (west.min(corner.x), east.max(corner.x));
    }
    let scale = (corners.len() - 1) as f64 / (east - west);
    // Rounding keeps the order: no corner lies in a strip east of one that lies further east. Of a ring without width, or
    // wider than numbers go, all lie in the first.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float stops at the bounds, and makes 0 of what is no number"
    )]
    let strip = |corner: &Coord| (((corner.x - west) * scale) as usize).min(corners.len() - 1);
    let mut ends = vec![0_usize; corners.len()];
    for corner in corners {
        ends[strip(corner)] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += std::mem::replace(end, sum);
    }
    let mut order = vec![0_usize; corners.len()];
    for (number, corner) in corners.iter().enumerate() {
        let end = &mut ends[strip(corner)];
        order[*end] = number;
        *end += 1;
    }
    let mut begin = 0;
    for end in ends {
        if end > begin + 1 {
            let strip = &mut order[begin..end];
            strip.sort_unstable_by(|one, other| {
                let (one, other) = (corners[*one], corners[*other]);
                one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y))
            });
            if let Some(two) = strip.windows(2).find(|two| corners[two[0]] == corners[two[1]]) {
                return Err(corners[two[0]]);
            }
        }
        begin = end;
    }
    Ok(order)
}

/// Whether two sides share a point.
fn meet((a, b): (Coord, Coord), (c, d): (Coord, Coord)) -> bool {
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(a.x, b.x, c.x, d.x) || apart(a.y, b.y, c.y, d.y) {
        return false;
    }
    // With boxes that meet, two sides share a point unless one lies wholly on one hand of the other.
    let turn = |p, q, r| RobustKernel::orient2d(p, q, r);
    let split = |one: Orientation, other: Orientation| one != other || one == Orientation::Collinear;
    split(turn(a, b, c), turn(a, b, d)) && split(turn(c, d, a), turn(c, d, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(ring: &str, simple: bool) {
        let found = search(&Ring::parse(ring).unwrap());
        assert_eq!(found.is_none(), simple, "{ring}: {found:?}");
    }

    #[test]
    fn tells_simple_rings_from_those_that_meet_themselves() {
        check("23,58 23,59 24,59 24,58 23,58", true);
        check("23,58 24,58 24,59 23,59 23,58", true);
        check("0,0 0,3 3,3 1,1 0,0", true);
        check("0,0 1,1 0,1 1,0 0,0", false);
        check("0,0 0,2 2,2 2,1 0,1 2,0 0,0", false);
        check("0,0 0,2 0,1 1,1 0,0", false);
        check("0,0 0,1 0,2 1,1 0,0", true);
        check("0,0 0,0 0,1 1,1 1,1 0,0", true);
        check("0,0 2,0 2,2 1,0 0,2 0,0", false);
        check("0,0 1,1 0,0 0,0", false);
        check("0,0 0,0 0,0 0,0", true);
        check("0,0 4,0 4,4 2,0 0,4 0,0", false);
        check("0,0 0,4 4,4 4,0 2,2 0,0", true);
        check("-0.0,0 0,1 1,1 0.0,0 -1,0 -0.0,0", false);
        // Without width, and wider than numbers go.
        check("0,5 1,5 2,5 0,5", false);
        check("0,-1e308 1,1e308 2,0 0,-1e308", true);
    }

    #[test]
    fn long_rings_of_any_form_are_searched_whole() {
        let at = |i: i32| f64::from(i) / 40_000.0 * std::f64::consts::TAU;
        let mut circle: Vec<Point> =
            (0..40_000).map(|i| Point { lat: 20.0 + at(i).sin(), lon: 57.0 + at(i).cos() }).collect();
        circle.push(circle[0]);
        assert_eq!(search(&Ring { points: circle.clone() }), None);
        circle.swap(10_000, 10_003);
        assert!(search(&Ring { points: circle }).is_some());
        // Teeth that all reach across: every side lies under way at once.
        let tooth = |i: i32| Point { lat: f64::from(i) / 1000.0, lon: if i % 2 == 0 { 50.0 } else { 60.0 } };
        let mut comb: Vec<Point> = (0..40_000).map(tooth).collect();
        comb.extend([(40.0, 61.0), (-1.0, 61.0), (-1.0, 50.0)].map(|(lat, lon)| Point { lat, lon }));
        comb.push(comb[0]);
        assert_eq!(search(&Ring { points: comb.clone() }), None);
        comb.swap(20_000, 20_002);
        assert!(search(&Ring { points: comb }).is_some());
    }

    /// Every pair of sides, one after the other.
    fn by_pairs(points: &[Point]) -> bool {
        let mut corners: Vec<Coord> = points.iter().map(|p| Coord { x: p.lon, y: p.lat }).collect();
        corners.dedup();
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let n = corners.len();
        let side = |i: usize| (corners[i], corners[(i + 1) % n]);
        let folds = |a: Coord, b: Coord, c: Coord| {
            let back = (a.x - b.x) * (c.x - b.x) + (a.y - b.y) * (c.y - b.y) > 0.0;
            back && RobustKernel::orient2d(a, b, c) == Orientation::Collinear
        };
        n > 1
            && (0..n).any(|i| {
                folds(corners[i], corners[(i + 1) % n], corners[(i + 2) % n])
                    || (i + 2..n).any(|j| (i, j) != (0, n - 1) && meet(side(i), side(j)))
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        /// Points of a small grid, so that corners fall on sides and sides on one another.
        #[test]
        fn the_sweep_finds_what_comparing_all_pairs_finds(
            grid in proptest::collection::vec((0..7_i32, 0..7_i32), 3..12)
        ) {
            let mut points: Vec<Point> =
                grid.iter().map(|(lat, lon)| Point { lat: f64::from(*lat), lon: f64::from(*lon) }).collect();
            points.push(points[0]);
            prop_assert_eq!(search(&Ring { points: points.clone() }).is_some(), by_pairs(&points), "{:?}", points);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Stars: simple until one corner is moved.
        #[test]
        fn a_star_is_simple_until_a_corner_is_moved(radii in proptest::collection::vec(1.0..9.0_f64, 5..400), moved in 0..400_usize) {
            let angle = |i: usize| i as f64 / radii.len() as f64 * std::f64::consts::TAU;
            let mut points: Vec<Point> = radii.iter().enumerate()
                .map(|(i, r)| Point { lat: r * angle(i).sin(), lon: r * angle(i).cos() }).collect();
            points.push(points[0]);
            prop_assert_eq!(search(&Ring { points: points.clone() }), None);
            let moved = 1 + moved % (radii.len() - 1);
            points[moved] = Point { lat: -points[moved].lat * 3.0, lon: -points[moved].lon * 3.0 };
            prop_assert_eq!(search(&Ring { points: points.clone() }).is_some(), by_pairs(&points));
        }
    }
}
