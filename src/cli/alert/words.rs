//! The hub's answers as a person reads them, a line a fact.

use super::draft;
use serde_json::Value;

/// What an answer tells that the one before it did not.
pub(super) fn news(before: &Value, now: &Value) -> Vec<String> {
    let shown = if before.is_null() { vec![] } else { of(before) };
    of(now).into_iter().filter(|line| !shown.contains(line)).collect()
}

/// All of it.
pub(super) fn of(answer: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let mut lines = Vec::new();
    if let Some(title) = answer["title"].as_str().filter(|_| answer["status"].is_number()) {
        lines.push(format!("{title}: {}", text(&answer["detail"])));
        for e in answer["errors"].as_array().into_iter().flatten() {
            lines.push(format!(
                "  {} [{}] {}: {}",
                text(&e["level"]),
                text(&e["code"]),
                text(&e["pointer"]),
                text(&e["detail"])
            ));
        }
        return lines;
    }
    if let Some(warnings) = answer["warnings"].as_array().filter(|_| answer["warning"].is_null()) {
        let drafts = answer["drafts"].as_array().into_iter().flatten();
        return drafts.map(draft::line).chain(warnings.iter().map(one_line)).collect();
    }
    if answer["draft"].is_string() {
        let what = if answer["state"] == "dropped" { "thrown away" } else { "kept as a draft" };
        return vec![format!("{}  {what}, version {}", text(&answer["draft"]), answer["version"])];
    }
    let summary = if answer["summary"].is_object() { &answer["summary"] } else { answer };
    lines.push(format!("{}  {}", text(&answer["warning"]), text(&answer["state"])));
    lines.push(format!("  hash         {}", text(&summary["hash"])));
    let codes: Vec<String> = summary["governorates"].as_array().into_iter().flatten().map(text).collect();
    lines.push(format!("  governorates {}", codes.join(" ")));
    lines.push(format!("  channel      {} {}", text(&summary["identifier"]), text(&summary["title"][1])));
    lines.push(format!("  expires      {}", text(&summary["expires"])));
    for said in [&summary["warnings"], &summary["budget"]["warnings"]] {
        let said = said.as_array().into_iter().flatten();
        lines.extend(said.map(|f| format!("  note         {}: {}", text(&f["place"]), text(&f["message"]))));
    }
    lines.extend(answer["operators"].as_array().into_iter().flatten().map(|lane| one_lane(lane, "")));
    lines.extend(answer["cancel"].as_array().into_iter().flatten().map(|lane| one_lane(lane, "cancel: ")));
    lines
}

/// What is known of one operator, and nothing that is not.
fn one_lane(lane: &Value, what: &str) -> String {
    let text = |key: &str| lane[key].as_str().unwrap_or_default().to_owned();
    let mut known = vec![format!("{what}{}", text("state").replace('_', " "))];
    for (key, words) in [("on_air_ms", "on air after"), ("stopped_ms", "stopped after")] {
        known.extend(lane[key].as_f64().map(|ms| format!("{words} {ms:.0} ms")));
    }
    if let (Some(cells), Some(total)) = (lane["cells_on_air"].as_u64(), lane["cells_total"].as_u64()) {
        known.push(format!("{cells} of {total} cells"));
    }
    if lane["red"] == true {
        known.push(format!("RED: {}", text("reason")));
    }
    format!("  {:<12} {}", text("operator"), known.join(", "))
}

fn one_line(warning: &Value) -> String {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let summary = &warning["summary"];
    format!(
        "{}  {:<9}  until {}  {}",
        text(&warning["warning"]),
        text(&warning["state"]),
        text(&summary["expires"]),
        text(&summary["headlines"][0][1]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_warning_that_is_watched_is_told_whole_once_and_then_what_is_new() {
        let seen = |state: &str, omantel: &str| {
            json!({
                "warning": "wrn_1", "state": state, "hash": "ab", "identifier": 4371,
                "title": ["رسالة تحذيرية", "Warning Alert"], "governorates": ["OM-DA"],
                "operators": [
                    { "operator": "omantel", "state": omantel, "red": false },
                    { "operator": "ooredoo", "state": "on_air", "red": true, "reason": "late" },
                ],
            })
        };
        let first = news(&Value::Null, &seen("waiting", "pending"));
        assert!(first.len() == 7 && first[0] == "wrn_1  waiting", "{first:?}");
        assert_eq!(first[6], "  ooredoo      on air, RED: late");
        let lane = news(&seen("waiting", "pending"), &seen("waiting", "on_air"));
        assert_eq!(lane, ["  omantel      on air"]);
        let state = news(&seen("waiting", "on_air"), &seen("approved", "on_air"));
        assert_eq!(state, ["wrn_1  approved"]);
        assert!(news(&seen("approved", "on_air"), &seen("approved", "on_air")).is_empty());
    }
}
