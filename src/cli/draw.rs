//! The demonstration as a person sees it in a terminal: lanes against the ten-second line, then the tally.

use crate::drill::evidence::Phones;
use serde_json::Value;

/// Columns of a lane: from one millisecond to the ten-second line, ten times a step.
const COLUMNS: usize = 48;
const DECADES: f64 = 4.0;

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What is about to be sent.
pub(super) fn announce(view: &Value) -> String {
    let summary = &view["summary"];
    let codes: Vec<String> = summary["governorates"].as_array().into_iter().flatten().map(text).collect();
    let mut lines = vec![String::new()];
    for headline in summary["headlines"].as_array().into_iter().flatten() {
        lines.push(format!("  {:<3} {}", text(&headline[0]), text(&headline[1])));
    }
    lines.push(format!(
        "  {} {} · {} · approved by a second person, hash {}…",
        text(&summary["identifier"]),
        text(&summary["title"][1]),
        codes.join(" "),
        text(&summary["hash"]).get(..12).unwrap_or_default(),
    ));
    lines.push(String::new());
    lines.join("\n")
}

/// A line an operator; Q queued, T taken, A accepted, ● on air, ✕ red.
pub(super) fn lanes(view: &Value) -> Vec<String> {
    let mut lines = vec![format!("  {:<10} {}", "", scale())];
    for lane in view["operators"].as_array().into_iter().flatten() {
        let mut track: Vec<char> = "·".repeat(COLUMNS).chars().collect();
        for (key, mark) in [("queued_ms", 'Q'), ("taken_ms", 'T'), ("accepted_ms", 'A'), ("on_air_ms", '●')]
        {
            if let Some(ms) = lane[key].as_f64() {
                track[column(ms)] = mark;
            }
        }
        let track: String = track.into_iter().collect();
        lines.push(format!("  {:<10} {track}│ {}", text(&lane["operator"]), words(lane)));
    }
    lines
}

fn words(lane: &Value) -> String {
    let cells = match (lane["cells_on_air"].as_u64(), lane["cells_total"].as_u64()) {
        (Some(on_air), Some(total)) => format!(", {on_air} of {total} cells"),
        _ => String::new(),
    };
    let last = lane["accepted_ms"].as_f64().filter(|_| lane["accepted_is_final"] == true);
    match (lane["red"] == true, lane["on_air_ms"].as_f64(), last) {
        (true, ..) => format!("✕ RED: {}", text(&lane["reason"])),
        (false, Some(ms), _) => format!("● on air after {ms:.0} ms{cells}"),
        (false, None, Some(ms)) => format!("A accepted after {ms:.0} ms, its CBC cannot tell more"),
        (false, None, None) => text(&lane["state"]).replace('_', " "),
    }
}

fn column(ms: f64) -> usize {
    let share = (ms.max(1.0).log10() / DECADES).clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and COLUMNS - 1")]
    let column = (share * (COLUMNS - 1) as f64).round() as usize;
    column
}

fn scale() -> String {
    let mut line: Vec<char> = " ".repeat(COLUMNS + 6).chars().collect();
    for (ms, label) in [(1.0, "1 ms"), (10.0, "10"), (100.0, "100"), (1_000.0, "1 s"), (10_000.0, "│ 10 s")]
    {
        let at = if ms < 10_000.0 { column(ms) } else { COLUMNS };
        for (i, c) in label.chars().enumerate() {
            line[at + i] = c;
        }
    }
    line.into_iter().collect()
}

/// Who had it, and when.
pub(super) fn tally(view: &Value, phones: &Phones, record: &Value) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(lanes(view));
    lines.push(String::new());
    let blind = view["operators"].as_array().into_iter().flatten().any(|l| l["accepted_is_final"] == true);
    let did =
        if blind { "was on air, or had accepted it where its CBC cannot tell more," } else { "was on air" };
    lines.push(match (view["met"] == true, view["slowest_ms"].as_f64()) {
        (true, Some(ms)) => {
            format!("  Met: the last of the operators {did} {:.3} s after the second approval.", ms / 1000.0)
        }
        (_, Some(ms)) => {
            format!(
                "  NOT met: the last of the operators {did} {:.3} s after the second approval.",
                ms / 1000.0
            )
        }
        (_, None) => "  NOT met: at least one operator was never heard on air.".to_owned(),
    });
    lines.push(format!(
        "  Phones (simulated): {} in the area, {} displayed it; twice {}, outside {}, unreadable {}.",
        phones.in_area, phones.displayed, phones.twice, phones.outside, phones.unreadable
    ));
    for radio in &phones.by_radio {
        let seconds =
            |ms: Option<i64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{:.1} s", ms as f64 / 1000.0));
        lines.push(format!(
            "    {}  {:>5} phones  {:>5} displayed  {:>5} within 10 s   half by {}, 95 % by {}",
            radio.radio,
            radio.in_area,
            radio.displayed,
            radio.within_10s,
            seconds(radio.p50_ms),
            seconds(radio.p95_ms),
        ));
    }
    let whole = if record["verified"] == true { "whole" } else { "BROKEN" };
    lines.push(format!("  Record: {} events, {whole}.", record["events"]));
    lines
}

/// One step that followed.
pub(super) fn step(step: &Value) -> String {
    let word = match (step["met"].as_bool(), step["slowest_ms"].as_f64()) {
        (Some(true), Some(ms)) => format!("at every operator after {ms:.0} ms"),
        (Some(_), _) => "NOT at every operator in time".to_owned(),
        (None, _) => "done; phones drop the copies".to_owned(),
    };
    format!("  Then {}: {word}.", text(&step["step"]))
}
