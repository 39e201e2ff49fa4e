//! The words for exercise: every text on a drill's channel opens with the one of its language, so that nobody runs from it.

use crate::cap::{Alert, Status};
use crate::cbs::Text;
use crate::fault::Fault;

/// The word for exercise by the primary subtag of each language that is broadcast.
const WORDS: [(&str, &str); 4] = [("ar", "تمرين"), ("en", "EXERCISE"), ("hi", "अभ्यास"), ("ur", "مشق")];

/// The word for exercise in a language, by its tag: `ar`, `ar-OM`.
pub fn word(language: &str) -> Option<&'static str> {
    let primary = language.split('-').next().unwrap_or_default();
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(primary)).map(|(_, word)| *word)
}

/// Whether `text` begins with `word`, and the word ends there: a space, a colon, the end. A letter or a mark makes
/// another word of it.
pub fn opens_with(text: &str, word: &str) -> bool {
    let ends =
        |rest: &str| rest.chars().next().is_none_or(|c| c.is_whitespace() || ":،,.–—-!؛;()।۔".contains(c));
    !word.is_empty() && text.strip_prefix(word).is_some_and(ends)
}

/// Texts of a drill, as phones show them, that do not open with the word for exercise in their language.
pub(super) fn unmarked(alert: &Alert, texts: &[Text]) -> Vec<Fault> {
    match alert.status {
        Status::Exercise | Status::Test => texts.iter().filter_map(fault).collect(),
        // No drill: live, or without a channel.
        Status::Actual | Status::System | Status::Draft => Vec::new(),
    }
}

fn fault(text: &Text) -> Option<Fault> {
    let place = format!("text[{}]", text.language);
    let refused = |message: String| Some(Fault::error("warning.exercise.opening", place, message));
    match word(&text.language) {
        Some(word) if opens_with(&text.body, word) => None,
        Some(word) => {
            let opening: String = text.body.chars().take(24).collect();
            refused(format!(
                "a drill's text opens with \"{word}\", or people take it for true; this opens with \"{opening}\""
            ))
        }
        None => refused("no word for exercise is known in this language: a drill cannot speak it".to_owned()),
    }
}
