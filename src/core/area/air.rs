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
    while ring.len() >= most {
        if let Some(step) = cheapest(&ring) {
            step.take(&mut ring);
        } else {
            // Caught in its own folds: the hull has none. A hull that no step shortens gives way to its box.
            let whole = hull(&ring);
            ring = if whole.len() < ring.len() { whole } else { around_all(&ring) };
        }
    }
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

/// One way to lose a point and no area.
enum Step {
    /// The point at this place lies in a notch or on a line: leave it out.
    Fill(usize),
    /// The point at this place and the next become one, where the edges before and after them meet.
    Complete(usize, Coord<f64>),
}

impl Step {
    fn take(self, ring: &mut Vec<Coord<f64>>) {
        match self {
            Step::Fill(at) => {
                ring.remove(at);
            }
            Step::Complete(at, corner) => {
                ring[at] = corner;
                ring.remove((at + 1) % ring.len());
            }
        }
    }
}

/// The step that adds least and keeps the ring simple.
fn cheapest(ring: &[Coord<f64>]) -> Option<Step> {
    let mut steps: Vec<(f64, Step)> = Vec::new();
    for i in 0..ring.len() {
        let [v0, v1, v2, v3] = around_edge(ring, i);
        if turn(v0, v1, v2) != Orientation::CounterClockwise {
            steps.push((twice_area(v0, v1, v2), Step::Fill(i)));
        } else if turn(v1, v2, v3) == Orientation::CounterClockwise
            && let Some(corner) = completed(v0, v1, v2, v3)
        {
            steps.push((twice_area(v1, corner, v2), Step::Complete(i, corner)));
        }
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    steps.into_iter().map(|(_, step)| step).find(|step| step.keeps_simple(ring))
}

/// The edge that begins at `i` with its neighbours, as four points.
fn around_edge(ring: &[Coord<f64>], i: usize) -> [Coord<f64>; 4] {
    let n = ring.len();
    [i + n - 1, i, i + 1, i + 2].map(|k| ring[k % n])
}

impl Step {
    /// Whether the ring stays simple: what is added holds no other point of it, and no edge cuts what is added off.
    fn keeps_simple(&self, ring: &[Coord<f64>]) -> bool {
        let free =
            |corners: [Coord<f64>; 3]| ring.iter().all(|p| corners.contains(p) || !holds(&corners, *p));
        match *self {
            // A straight edge through a triangle without an end in it needs two of its sides, and one alone is new.
            Step::Fill(at) => {
                let [v0, v1, v2, _] = around_edge(ring, at);
                free([v0, v1, v2])
            }
            Step::Complete(at, corner) => {
                let n = ring.len();
                let [v0, v1, v2, v3] = around_edge(ring, at);
                let new = [Line::new(v0, corner), Line::new(corner, v3)];
                let clear = |k: usize| {
                    let edge = Line::new(ring[k % n], ring[(k + 1) % n]);
                    new.iter().all(|e| contact(e, &edge) == Contact::None || meet_at_an_end_only(e, &edge))
                };
                // The three edges from v0 to v3 are the ones that go.
                free([v1, corner, v2])
                    && free([v0, v1, corner])
                    && free([v2, v3, corner])
                    && (at + 2..at + n - 1).all(clear)
            }
        }
    }
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
