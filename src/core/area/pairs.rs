//! Which edges of a ring could meet: a tree over the ring as it runs, held against itself. Judges no meeting.
//!
//! What follows one another on a ring lies together, so the tree needs no sorting. An edge has a span in latitude, in
//! longitude and in bearing from a centre, in whole numbers of sixteen bits; eight are compared at once.

use geo::Coord;

/// A search that would try more pairs than this, and as many an edge, is given up: another way is quicker.
const PATIENCE: usize = 200_000;
const AN_EDGE: usize = 64;
/// Spans in a knot.
const FAN: usize = 8;
const AXES: usize = 3;
/// Bits that a lane has in an answer, and the highest of each.
const LANE: u32 = u8::BITS;
const SIGNS: u64 = 0x8080_8080_8080_8080;
/// Spans are whole numbers from 0 to this: a difference of two fits into sixteen bits.
const MOST: i16 = 16_383;
/// Half of a turn, less what rounding may take.
const HALF: i16 = 8_189;

/// What a search ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search<T> {
    /// A pair that is what was looked for.
    Found(T),
    /// There is none.
    Nothing,
    /// Given up: the edges lie too thickly for this way.
    Costly,
}

/// Eight spans, axis by axis. One that is not used begins after everything and ends before.
#[derive(Debug, Clone)]
struct Knot {
    low: [[i16; FAN]; AXES],
    high: [[i16; FAN]; AXES],
}

/// The search under way. `levels[0]` holds the edges, each next level the hulls of the knots below, the last is one knot.
struct Join<J> {
    levels: Vec<Vec<Knot>>,
    left: usize,
    judge: J,
}

/// Asks `judge` of pairs of edges of a closed ring, by their places, the lower first, until it finds something. Two
/// edges that share a point are a pair, once, unless one follows the other; of others most are left out, the better the
/// more a ring goes around `centre`. A pair of neighbours may be among them.
pub(crate) fn search<T>(
    ring: &[Coord<f64>],
    centre: Coord<f64>,
    judge: impl FnMut(usize, usize) -> Option<T>,
) -> Search<T> {
    let edges = ring.len() - 1;
    let mut levels = vec![knots(ring, centre)];
    while let Some(below) = levels.last().filter(|below| below.len() > 1) {
        let above = below.chunks(FAN).map(|knots| {
            let mut above = Knot::EMPTY;
            for (lane, knot) in knots.iter().enumerate() {
                for axis in 0..AXES {
                    above.low[axis][lane] = knot.low[axis].into_iter().fold(i16::MAX, i16::min);
                    above.high[axis][lane] = knot.high[axis].into_iter().fold(i16::MIN, i16::max);
                }
            }
            above
        });
        let above = above.collect();
        levels.push(above);
    }
    let top = levels.len() - 1;
    let mut join = Join { levels, left: PATIENCE.max(AN_EDGE * edges), judge };
    join.at(top, 0, 0).unwrap_or(Search::Costly)
}

/// The work is spent.
struct Spent;

impl<T, J: FnMut(usize, usize) -> Option<T>> Join<J> {
    /// Compares the spans of two knots of a level, or those of one with one another.
    fn at(&mut self, level: usize, a: usize, b: usize) -> Result<Search<T>, Spent> {
        // Of two knots, only what meets the other's hull is asked of its spans.
        let hull = if a == b { None } else { self.levels.get(level + 1) };
        let mut lanes =
            hull.map_or(SIGNS, |above| above[b / FAN].meeting(b % FAN, &self.levels[level][a], 0));
        while lanes != 0 {
            let lane = (lanes.trailing_zeros() / LANE) as usize;
            lanes &= lanes - 1;
            // Of edges none is a pair with itself nor with the next; a knot above them is one with itself.
            let first = if a == b { lane + 2 * usize::from(level == 0) } else { 0 };
            if first >= FAN {
                break;
            }
            let knots = &self.levels[level];
            let mut meeting = knots[a].meeting(lane, &knots[b], first);
            self.left = self.left.checked_sub(FAN).ok_or(Spent)?;
            while meeting != 0 {
                let other = (meeting.trailing_zeros() / LANE) as usize;
                meeting &= meeting - 1;
                let (i, j) = (a * FAN + lane, b * FAN + other);
                if level > 0 {
                    match self.at(level - 1, i, j)? {
                        Search::Nothing => {}
                        end @ (Search::Found(_) | Search::Costly) => return Ok(end),
                    }
                } else if let Some(found) = (self.judge)(i, j) {
                    return Ok(Search::Found(found));
                }
            }
        }
        Ok(Search::Nothing)
    }
}

impl Knot {
    const EMPTY: Knot = Knot { low: [[MOST + 1; FAN]; AXES], high: [[-1; FAN]; AXES] };

    /// Which spans of `other`, from the `first` on, meet one of ours: the highest bit of each lane that does.
    fn meeting(&self, lane: usize, other: &Knot, first: usize) -> u64 {
        // What they have in common on the axis where that is least; below 0, nothing.
        let mut common = [i16::MAX; FAN];
        for axis in 0..AXES {
            let (low, high) = (self.low[axis][lane], self.high[axis][lane]);
            for (i, common) in common.iter_mut().enumerate() {
                *common = (*common).min(other.high[axis][i] - low).min(high - other.low[axis][i]);
            }
        }
        let signs = u64::from_le_bytes(common.map(|common| common.to_be_bytes()[0]));
        !signs & SIGNS & (u64::MAX << (LANE as usize * first))
    }
}

/// The edges of a ring, eight to a knot.
fn knots(ring: &[Coord<f64>], centre: Coord<f64>) -> Vec<Knot> {
    let (mut low, mut high) = (ring[0], ring[0]);
    for p in ring {
        low = Coord { x: low.x.min(p.x), y: low.y.min(p.y) };
        high = Coord { x: high.x.max(p.x), y: high.y.max(p.y) };
    }
    let scale = |size: f64| Some(f64::from(MOST) / size).filter(|scale| scale.is_finite()).unwrap_or(0.0);
    let (across, up) = (scale(high.x - low.x), scale(high.y - low.y));
    // None of these steps falls as its coordinate rises: edges that share a point share a step on every axis.
    let steps = |p: &Coord<f64>| {
        let d = *p - centre;
        let bearing = (d != Coord::zero()).then(|| step(bearing(d) * (f64::from(MOST) / 4.0)));
        (step((p.x - low.x) * across), step((p.y - low.y) * up), bearing)
    };
    let mut knots = vec![Knot::EMPTY; (ring.len() - 1).div_ceil(FAN)];
    let mut from = steps(&ring[0]);
    for (edge, end) in ring[1..].iter().enumerate() {
        let to = steps(end);
        let (knot, lane) = (&mut knots[edge / FAN], edge % FAN);
        let around = match (from.2, to.2) {
            (Some(a), Some(b)) if a.abs_diff(b) < HALF.unsigned_abs() => (a.min(b) - 1, a.max(b) + 1),
            // Over the bearing at which the steps begin, or so near to the centre that its side cannot be told.
            (Some(_) | None, Some(_) | None) => (0, MOST),
        };
        let spans = [(from.0.min(to.0), from.0.max(to.0)), (from.1.min(to.1), from.1.max(to.1)), around];
        for (axis, (low, high)) in spans.into_iter().enumerate() {
            knot.low[axis][lane] = low;
            knot.high[axis][lane] = high;
        }
        from = to;
    }
    knots
}

/// The whole number nearest to one from 0 to `MOST`: added to 2^52, it stands in the lowest bits.
#[expect(clippy::cast_possible_truncation, reason = "the lowest bits are what is wanted")]
fn step(x: f64) -> i16 {
    (x + 4_503_599_627_370_496.0).to_bits() as i16
}

/// Grows with the bearing, from 0 to 4 in a turn; opposite bearings are 2 apart.
fn bearing(d: Coord<f64>) -> f64 {
    let along = d.x / (d.x.abs() + d.y.abs());
    if d.y >= 0.0 { 1.0 - along } else { 3.0 + along }
}
