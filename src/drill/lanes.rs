//! The operators' lanes as SVG: when each grade was heard, on a logarithmic scale, with the line at ten seconds.

use super::evidence::{Evidence, Lane};
use super::words::Words;
use std::fmt::Write as _;

/// Units: the picture's width, the column of names, a lane's height, the scale above.
const WIDTH: f64 = 640.0;
const NAMES: f64 = 116.0;
const LANE: f64 = 40.0;
const TOP: f64 = 30.0;
/// From one millisecond to about thirty seconds.
const DECADES: f64 = 4.5;

fn x(ms: f64) -> f64 {
    NAMES + (ms.max(1.0).log10() / DECADES).clamp(0.0, 1.0) * (WIDTH - NAMES - 20.0)
}

/// All lanes. Shapes differ, not colours alone: a ring, a triangle, a diamond, a disc; a cross where it is red.
pub(super) fn lanes(evidence: &Evidence, words: &Words) -> String {
    let height = TOP + evidence.operators.len() as f64 * LANE + 6.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lanes\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"{}\" direction=\"ltr\">",
        words.timeline
    );
    let deadline = evidence.deadline_ms as f64;
    for (ms, label) in [(1.0, "0.001"), (10.0, "0.01"), (100.0, "0.1"), (1000.0, "1"), (deadline, "10")] {
        let (at, strong) = (x(ms), ms >= deadline);
        let (class, weight) = if strong { ("deadline", 700) } else { ("tick", 400) };
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{height}\"/>\
             <text x=\"{at:.1}\" y=\"18\" text-anchor=\"middle\" font-weight=\"{weight}\">{label} {}</text>",
            words.seconds
        );
    }
    for (lane, n) in evidence.operators.iter().zip(0_u32..) {
        one(&mut svg, lane, TOP + (f64::from(n) + 0.5) * LANE, deadline);
    }
    svg.push_str("</svg>");
    svg
}

fn one(svg: &mut String, lane: &Lane, y: f64, deadline: f64) {
    let name = super::report::escape(&lane.operator);
    let class = if lane.red { "lane red" } else { "lane" };
    let furthest = [lane.queued_ms, lane.taken_ms, lane.accepted_ms, lane.on_air_ms].into_iter().flatten();
    let end = furthest.fold(1.0, f64::max);
    let _ = write!(
        svg,
        "<g class=\"{class}\"><text x=\"0\" y=\"{:.1}\" font-weight=\"700\">{name}</text>\
         <line class=\"track\" x1=\"{NAMES}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>\
         <line class=\"way\" x1=\"{NAMES}\" x2=\"{:.1}\" y1=\"{y}\" y2=\"{y}\"/>",
        y + 5.0,
        x(end)
    );
    if let Some(ms) = lane.queued_ms {
        let _ = write!(svg, "<circle class=\"open\" cx=\"{:.1}\" cy=\"{y}\" r=\"5\"/>", x(ms));
    }
    if let Some(ms) = lane.taken_ms {
        let _ = write!(svg, "<path class=\"open\" d=\"M{:.1} {:.1}l7 12h-14z\"/>", x(ms), y - 7.0);
    }
    if let Some(ms) = lane.accepted_ms {
        let _ = write!(svg, "<path class=\"open\" d=\"M{:.1} {:.1}l8 8-8 8-8-8z\"/>", x(ms), y - 8.0);
    }
    if let Some(ms) = lane.on_air_ms {
        let _ = write!(svg, "<circle class=\"air\" cx=\"{:.1}\" cy=\"{y}\" r=\"9\"/>", x(ms));
    }
    if lane.red {
        let at = x(lane.on_air_ms.unwrap_or(deadline).max(deadline));
        let _ =
            write!(svg, "<path class=\"cross\" d=\"M{:.1} {:.1}l16 16m0-16l-16 16\"/>", at - 8.0, y - 8.0);
    }
    svg.push_str("</g>");
}
