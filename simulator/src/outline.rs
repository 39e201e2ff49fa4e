//! An area made ready for many questions: its rings in short runs of edges, each in its box. The geometry is geometry.rs's.

use crate::geometry::{Bounds, Place, Ring, Wedge, crosses_beyond};

/// Edges a box: of an outline with a thousand corners, a wedge then looks at a few dozen.
const RUN: usize = 32;

/// The union of some rings.
#[derive(Debug)]
pub(crate) struct Outline(Vec<Closed>);

#[derive(Debug)]
struct Closed {
    bounds: Bounds,
    runs: Vec<Run>,
}

/// Corners one behind the other; the last is the first of the next run.
#[derive(Debug)]
struct Run {
    bounds: Bounds,
    corners: Vec<Place>,
}

impl Outline {
    /// Prepares rings; what has fewer than three corners holds nothing.
    pub(crate) fn new(rings: &[Ring]) -> Outline {
        Outline(rings.iter().filter(|ring| ring.len() >= 3).map(Closed::new).collect())
    }

    /// Whether a wedge shares an area greater than nothing with any of the rings.
    pub(crate) fn meets(&self, wedge: &Wedge) -> bool {
        let reach = wedge.bounds();
        self.0.iter().filter(|closed| closed.bounds.overlaps(&reach)).any(|closed| {
            let near = closed.runs.iter().filter(|run| run.bounds.overlaps(&reach));
            let edges = near.flat_map(Run::edges).filter(|&(from, to)| reach.may_hold(from, to));
            wedge.is_entered_by(edges) || closed.covers(wedge.middle())
        })
    }
}

impl Closed {
    fn new(ring: &Ring) -> Closed {
        let round: Vec<Place> = ring.iter().chain(ring.first()).copied().collect();
        let starts = (0..round.len() - 1).step_by(RUN);
        let runs = starts.map(|start| {
            let corners = round[start..round.len().min(start + RUN + 1)].to_vec();
            Run { bounds: Bounds::around(&corners), corners }
        });
        Closed { bounds: Bounds::around(ring), runs: runs.collect() }
    }

    /// By the even-odd or the non-zero rule.
    fn covers(&self, place: Place) -> bool {
        let (mut odd, mut winding) = (false, 0);
        let level = self.runs.iter().filter(|run| run.bounds.is_level_with(place));
        for turn in level.flat_map(Run::edges).filter_map(|edge| crosses_beyond(edge, place)) {
            odd = !odd;
            winding += turn;
        }
        odd || winding != 0
    }
}

impl Run {
    fn edges(&self) -> impl Iterator<Item = (Place, Place)> + '_ {
        self.corners.windows(2).map(|pair| (pair[0], pair[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// In runs or in one, the answer is the same.
        #[test]
        fn answers_as_the_ring_itself(
            corners in proptest::collection::vec((22.8..23.2_f64, 56.8..57.2_f64), 3..200),
            azimuth in 0.0..360.0_f64,
            range_m in 100.0..30_000.0_f64,
        ) {
            let ring: Ring = corners.iter().map(|&(lat, lon)| Place { lat, lon }).collect();
            let wedge = Wedge { site: Place { lat: 23.0, lon: 57.0 }, azimuth, range_m };
            proptest::prop_assert_eq!(Outline::new(std::slice::from_ref(&ring)).meets(&wedge), wedge.meets(&ring));
        }
    }
}
