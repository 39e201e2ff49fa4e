//! A form's fields as they came: names may stand more than once.

use super::Console;
use crate::http::problem::Problem;
use axum::extract::{Form, FromRequest as _, Request};
use axum::http::StatusCode;

/// All fields, in their order.
#[derive(Debug, Default, Clone)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) async fn read(request: Request, console: &Console) -> Result<Fields, Problem> {
        let Form(fields) =
            Form::<Vec<(String, String)>>::from_request(request, console).await.map_err(|e| {
                Problem::new(StatusCode::BAD_REQUEST, "form", "The form cannot be read", e.body_text())
            })?;
        Ok(Fields(fields))
    }

    pub(super) fn new(fields: Vec<(String, String)>) -> Fields {
        Fields(fields)
    }

    /// The first of a name; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// All of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }
}

/// A whole number as people type it, in Latin, Arabic-Indic or extended Arabic-Indic digits.
pub(super) fn number(text: &str) -> Option<u64> {
    let latin: String = text
        .trim()
        .chars()
        .map(|c| match u32::from(c) {
            n @ 0x660..=0x669 => char::from_digit(n - 0x660, 10).unwrap_or(c),
            n @ 0x6F0..=0x6F9 => char::from_digit(n - 0x6F0, 10).unwrap_or(c),
            _ => c,
        })
        .collect();
    if latin.bytes().all(|b| b.is_ascii_digit()) { latin.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_both_hands() {
        for (text, value) in [
            ("2", Some(2)),
            (" 12 ", Some(12)),
            ("٢", Some(2)),
            ("۱۲", Some(12)),
            ("", None),
            ("+2", None),
            ("two", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
    }
}
