//! Which edges of a ring could meet: a sweep over latitude, longitude or bearing, whichever parts them best. Judges no meeting.

use geo::{Coord, Line, Rect};

/// A search that would try more pairs than this, and as many an edge, is given up: another way is quicker.
const PATIENCE: usize = 200_000;
const AN_EDGE: usize = 64;
/// Bins are never more.
const MOST_BINS: usize = 65_536;
/// More than any rounding of a computed bearing, of which there are four in a turn.
const SLACK: f64 = 1e-9;

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

/// An edge's bins, from the first to the last.
#[derive(Clone, Copy)]
struct Span {
    first: usize,
    last: usize,
    edge: usize,
}

/// Asks `judge` of pairs of edges, by their places, until it finds something. Two edges whose boxes meet are a pair
/// at least once; of others some are left out.
pub(crate) fn search<T>(
    edges: &[Line<f64>],
    bounds: Rect<f64>,
    mut judge: impl FnMut(usize, usize) -> Option<T>,
) -> Search<T> {
    let bins = edges.len().clamp(1, MOST_BINS);
    let spans = spans(edges, bounds, bins);
    // In the order of their first bins, by counting.
    let mut starts = vec![0_usize; bins + 1];
    for span in &spans {
        starts[span.first + 1] += 1;
    }
    for bin in 0..bins {
        starts[bin + 1] += starts[bin];
    }
    let (mut at, mut sorted) = (starts.clone(), vec![Span { first: 0, last: 0, edge: 0 }; spans.len()]);
    for span in &spans {
        sorted[at[span.first]] = *span;
        at[span.first] += 1;
    }
    let boxes: Vec<[f64; 4]> = edges.iter().map(sides).collect();
    let mut left = PATIENCE.max(AN_EDGE * edges.len());
    let mut active: Vec<Span> = Vec::new();
    for bin in 0..bins {
        let new = &sorted[starts[bin]..starts[bin + 1]];
        if new.is_empty() {
            continue;
        }
        active.retain(|span| span.last >= bin);
        for span in new {
            if left < active.len() {
                return Search::Costly;
            }
            left -= active.len();
            let own = boxes[span.edge];
            for other in &active {
                let its = boxes[other.edge];
                let apart = own[0] > its[1] || its[0] > own[1] || own[2] > its[3] || its[2] > own[3];
                if !apart
                    && span.edge != other.edge
                    && let Some(found) = judge(span.edge, other.edge)
                {
                    return Search::Found(found);
                }
            }
            active.push(*span);
        }
    }
    Search::Nothing
}

/// The bins of every edge along the axis on which the edges take the least together. An edge over the bearing at
/// which the bins begin has two spans.
fn spans(edges: &[Line<f64>], bounds: Rect<f64>, bins: usize) -> Vec<Span> {
    let (low, high) = (bounds.min(), bounds.max());
    let centre = bounds.center();
    let bearings: Vec<(f64, f64)> = edges.iter().map(|e| bearings(e, centre)).collect();
    let over = |size: f64, length: fn(&Line<f64>) -> f64| {
        if size > 0.0 { edges.iter().map(length).sum::<f64>() / size } else { f64::INFINITY }
    };
    let by_lat = over(high.y - low.y, |e| (e.end.y - e.start.y).abs());
    let by_lon = over(high.x - low.x, |e| (e.end.x - e.start.x).abs());
    let by_bearing = bearings.iter().map(|(from, to)| to - from).sum::<f64>() / 4.0;
    let mut spans = Vec::with_capacity(edges.len() + 8);
    let last = bins - 1;
    if by_bearing <= by_lat.min(by_lon) {
        let bin = |t: f64| super::prepared::whole(t / 4.0 * bins as f64, last);
        for (edge, (from, to)) in bearings.into_iter().enumerate() {
            if from < 0.0 {
                spans.push(Span { first: bin(from + 4.0), last, edge });
            }
            if to > 4.0 {
                spans.push(Span { first: 0, last: bin(to - 4.0), edge });
            }
            spans.push(Span { first: bin(from), last: bin(to), edge });
        }
    } else {
        let (from, size, of): (f64, f64, fn(Coord<f64>) -> f64) = if by_lat <= by_lon {
            (low.y, high.y - low.y, |c| c.y)
        } else {
            (low.x, high.x - low.x, |c| c.x)
        };
        let a_bin = bins as f64 / size;
        // Never falls as the coordinate rises, so edges that share a coordinate share a bin.
        let bin = |c| super::prepared::whole((of(c) - from) * a_bin, last);
        spans.extend(edges.iter().enumerate().map(|(edge, e)| {
            let (a, b) = (bin(e.start), bin(e.end));
            Span { first: a.min(b), last: a.max(b), edge }
        }));
    }
    spans
}

/// The bearings an edge takes, seen from `centre`, a little widened: from -2 to 6, the second not below the first; the
/// whole turn for an edge that passes the centre so closely that its side cannot be told.
fn bearings(edge: &Line<f64>, centre: Coord<f64>) -> (f64, f64) {
    let (a, b) = (bearing(edge.start - centre), bearing(edge.end - centre));
    let apart = (a - b).abs();
    // Opposite bearings are 2 apart; a bearing of the centre itself is no number.
    if !(apart - 2.0).abs().is_finite() || (apart - 2.0).abs() < 1e-6 {
        return (0.0, 4.0);
    }
    let (low, high) = (a.min(b), a.max(b));
    if apart < 2.0 { (low - SLACK, high + SLACK) } else { (high - SLACK, low + 4.0 + SLACK) }
}

/// Grows with the bearing, from 0 to 4 in a turn; opposite bearings are 2 apart.
fn bearing(d: Coord<f64>) -> f64 {
    let along = d.x / (d.x.abs() + d.y.abs());
    if d.y >= 0.0 { 1.0 - along } else { 3.0 + along }
}

/// West, east, south, north.
fn sides(edge: &Line<f64>) -> [f64; 4] {
    let (a, b) = (edge.start, edge.end);
    [a.x.min(b.x), a.x.max(b.x), a.y.min(b.y), a.y.max(b.y)]
}
