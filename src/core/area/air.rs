//! The polygons of an area for the CAP that goes to operators: never smaller than what was resolved, perhaps larger.

use super::cover::Coverage;
use super::prepared::{Contact, contact, turn};
use super::resolve::{Source, around};
use super::sweep::meet_at_an_end_only;
use crate::cap;
use geo::algorithm::{ConvexHull, Orient};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::orient::Direction;
use geo::{Coord, Line, LineString, Orientation, Polygon};

/// A circle on air is this much larger, so that rounding to five decimals (0.8 m) takes nothing from it.
const MARGIN_KM: f64 = 0.002;
/// Four corners and the closing point: a box, which always can be drawn.
const LEAST: usize = 5;
/// A ring of more points than this is replaced by its hull before it is simplified, which takes the square of them.
const PATIENCE: usize = 4_000;

impl Coverage {
    /// The resolved shape as CAP rings: closed, latitude first, each of at most `max_points` points (the closing
    /// one counted; 5 if fewer are asked for). A ring as its author wrote it, short enough, stays to the last digit. Circles
    /// become polygons around them, geocodes the outlines of their regions, rings that met themselves what they go
    /// around. A longer ring is simplified outward: notches are filled and corners completed, the smallest first, and
    /// no point is lost. Holes are filled, since CAP has none.
    pub fn polygons_for_air(&self, max_points: usize) -> Vec<cap::Ring> {
        let most = max_points.max(LEAST);
        let mut rings = Vec::new();
        for part in &self.parts {
            match &part.source {
                Source::Ring(ring) if ring.points.len() <= most => rings.push(ring.clone()),
                Source::Circle(circle) => {
                    let polygon = around(circle, MARGIN_KM);
                    rings.extend(polygon.iter().map(|p| outward(&rounded(p), most)));
                }
                Source::Ring(_) | Source::Repaired | Source::Region(_) => {
                    rings.extend(part.polygons.iter().map(|p| outward(p, most)));
                }
            }
        }
        rings.dedup();
        rings
    }
}

fn rounded(polygon: &Polygon<f64>) -> Polygon<f64> {
    let ring = polygon.exterior().coords().map(|c| Coord { x: five(c.x), y: five(c.y) });
    Polygon::new(ring.collect(), vec![])
}

/// To five decimals, about a metre.
fn five(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

/// The outer ring, simplified outward to `most` points, the closing one counted.
fn outward(polygon: &Polygon<f64>, most: usize) -> cap::Ring {
    let outer = Polygon::new(polygon.exterior().clone(), vec![]).orient(Direction::Default);
    let mut ring: Vec<Coord<f64>> = open(outer.exterior());
    if ring.len() >= most && ring.len() > PATIENCE {
        ring = hull(&ring);
    }
    let mut shrinking = Shrinking::new(ring);
    while shrinking.ring.len() >= most {
        if !shrinking.step() {
            // Caught in its own folds: the hull has none. A hull that no step shortens gives way to its box.
            let whole = hull(&shrinking.ring);
            let fewer = whole.len() < shrinking.ring.len();
            shrinking = Shrinking::new(if fewer { whole } else { around_all(&shrinking.ring) });
        }
    }
    let mut ring = shrinking.ring;
    ring.extend(ring.first().copied());
    cap::Ring { points: ring.into_iter().map(|c| cap::Point { lat: c.y, lon: c.x }).collect() }
}

fn open(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    let mut points = ring.0.clone();
    points.dedup();
    points.pop();
    points
}

fn hull(ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
    open(LineString::new(ring.to_vec()).convex_hull().orient(Direction::Default).exterior())
}

/// The box around a ring, to five decimals outward.
fn around_all(ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let (mut low, mut high) = (ring[0], ring[0]);
    for p in ring {
        low = Coord { x: low.x.min(p.x), y: low.y.min(p.y) };
        high = Coord { x: high.x.max(p.x), y: high.y.max(p.y) };
    }
    let (low, high) = (low - Coord { x: 1e-5, y: 1e-5 }, high + Coord { x: 1e-5, y: 1e-5 });
    let (west, south, east, north) = (five(low.x), five(low.y), five(high.x), five(high.y));
    [(west, south), (east, south), (east, north), (west, north)].map(Coord::from).to_vec()
}

/// A ring that loses points, one step after the other, with the step each place offers.
struct Shrinking {
    ring: Vec<Coord<f64>>,
    offers: Vec<Option<Offer>>,
}

/// One way to lose a point and no area, with twice the area that it adds.
#[derive(Clone, Copy)]
struct Offer {
    cost: f64,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    /// The point at this place lies in a notch or on a line: leave it out.
    Fill,
    /// The point at this place and the next become one, where the edges before and after them meet.
    Complete(Coord<f64>),
}

impl Shrinking {
    fn new(ring: Vec<Coord<f64>>) -> Shrinking {
        let offers = (0..ring.len()).map(|at| offer(&ring, at)).collect();
        Shrinking { ring, offers }
    }

    /// Takes the step that adds least and keeps the ring simple; false if there is none.
    fn step(&mut self) -> bool {
        // The least beyond the last that was refused; of equals the first place.
        let mut refused = (f64::NEG_INFINITY, 0);
        loop {
            let mut least: Option<(f64, usize, Step)> = None;
            for (at, offer) in self.offers.iter().enumerate() {
                if let Some(Offer { cost, step }) = *offer
                    && cost.total_cmp(&refused.0).then(at.cmp(&refused.1)).is_gt()
                    && least.is_none_or(|(lowest, ..)| cost < lowest)
                {
                    least = Some((cost, at, step));
                }
            }
            let Some((cost, at, step)) = least else { return false };
            if keeps_simple(&self.ring, at, step) {
                self.take(at, step);
                return true;
            }
            refused = (cost, at);
        }
    }

    fn take(&mut self, at: usize, step: Step) {
        let gone = match step {
            Step::Fill => at,
            Step::Complete(corner) => {
                self.ring[at] = corner;
                (at + 1) % self.ring.len()
            }
        };
        self.ring.remove(gone);
        self.offers.remove(gone);
        // An offer hangs on the point before its place and the two after.
        let n = self.ring.len();
        for near in (gone + n - 3..=gone + n + 1).map(|place| place % n) {
            self.offers[near] = offer(&self.ring, near);
        }
    }
}

/// What the place at `i` offers.
fn offer(ring: &[Coord<f64>], i: usize) -> Option<Offer> {
    let [v0, v1, v2, v3] = around_edge(ring, i);
    if turn(v0, v1, v2) != Orientation::CounterClockwise {
        return Some(Offer { cost: twice_area(v0, v1, v2), step: Step::Fill });
    }
    if turn(v1, v2, v3) != Orientation::CounterClockwise {
        return None;
    }
    let corner = completed(v0, v1, v2, v3)?;
    Some(Offer { cost: twice_area(v1, corner, v2), step: Step::Complete(corner) })
}

/// The edge that begins at `i` with its neighbours, as four points.
fn around_edge(ring: &[Coord<f64>], i: usize) -> [Coord<f64>; 4] {
    let n = ring.len();
    [i + n - 1, i, i + 1, i + 2].map(|k| ring[k % n])
}

/// Whether the ring stays simple: what is added holds no other point of it, and no edge cuts what is added off.
fn keeps_simple(ring: &[Coord<f64>], at: usize, step: Step) -> bool {
    let [v0, v1, v2, v3] = around_edge(ring, at);
    match step {
        // A straight edge through a triangle without an end in it needs two of its sides, and one alone is new.
        Step::Fill => free(ring, &[v0, v1, v2]),
        Step::Complete(corner) => {
            let n = ring.len();
            let new = [Line::new(v0, corner), Line::new(corner, v3)];
            let clear = |k: usize| {
                let edge = Line::new(ring[k % n], ring[(k + 1) % n]);
                new.iter().all(|e| contact(e, &edge) == Contact::None || meet_at_an_end_only(e, &edge))
            };
            // The three edges from v0 to v3 are the ones that go.
            free(ring, &[v1, corner, v2])
                && free(ring, &[v0, v1, corner])
                && free(ring, &[v2, v3, corner])
                && (at + 2..at + n - 1).all(clear)
        }
    }
}

/// Whether a triangle holds no point of a ring but its own corners.
fn free(ring: &[Coord<f64>], corners: &[Coord<f64>; 3]) -> bool {
    let [a, b, c] = *corners;
    let (west, east) = (a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x));
    let (south, north) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
    ring.iter().all(|p| {
        p.x < west || p.x > east || p.y < south || p.y > north || corners.contains(p) || !holds(corners, *p)
    })
}

/// Where the edges `v0 v1` and `v3 v2` meet when drawn on, pushed outward to a point of five decimals from which both
/// `v1` and `v2` are seen on the inner side; `None` if they do not meet nearby.
fn completed(v0: Coord<f64>, v1: Coord<f64>, v2: Coord<f64>, v3: Coord<f64>) -> Option<Coord<f64>> {
    let far = |from: Coord<f64>, through: Coord<f64>| through + (through - from) * 1e3;
    let (one, other) = (Line::new(v1, far(v0, v1)), Line::new(v2, far(v3, v2)));
    let Some(LineIntersection::SinglePoint { intersection: meet, .. }) = line_intersection(one, other) else {
        return None;
    };
    let away = meet - (v1 + v2) / 2.0;
    let length = away.x.hypot(away.y);
    [1e-5, 3e-5, 1e-4, 1e-3].into_iter().find_map(|push| {
        let corner = meet + away * (push / length);
        let corner = Coord { x: five(corner.x), y: five(corner.y) };
        let keeps =
            turn(v0, corner, v1) != Orientation::Clockwise && turn(corner, v3, v2) != Orientation::Clockwise;
        (keeps && corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0).then_some(corner)
    })
}

fn twice_area(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)).abs()
}

/// Whether a point lies in a triangle or on its rim.
fn holds(corners: &[Coord<f64>; 3], p: Coord<f64>) -> bool {
    let [a, b, c] = *corners;
    let sides = [turn(a, b, p), turn(b, c, p), turn(c, a, p)];
    !(sides.contains(&Orientation::Clockwise) && sides.contains(&Orientation::CounterClockwise))
}

#[cfg(test)]
mod tests;
