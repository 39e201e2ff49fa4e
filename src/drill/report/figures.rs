//! Figures as the page writes them: instants in Muscat, seconds, large numbers, and a dash for what is not known.

use chrono::{DateTime, Utc};
use nadhir_core::cap::CapTime;

/// Day and clock in Muscat.
pub(super) fn muscat(at: DateTime<Utc>) -> (String, String) {
    let text = CapTime::muscat(at).to_string();
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    (part(0..10), part(11..19))
}

/// Milliseconds as seconds.
pub(super) fn seconds(ms: f64, digits: usize) -> String {
    format!("{:.digits$}", ms / 1000.0)
}

/// `4,933,850`
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

pub(super) fn signed(n: i128) -> String {
    let size = thousands(u64::try_from(n.abs()).unwrap_or(u64::MAX));
    match n.signum() {
        -1 => format!("−{size}"),
        0 => "±0".to_owned(),
        _ => format!("+{size}"),
    }
}

pub(super) fn dash() -> String {
    "–".to_owned()
}
