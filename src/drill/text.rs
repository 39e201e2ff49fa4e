//! A text that opens with the word for exercise in its language. To hold one is the proof; a live text does not fit.

use nadhir_core::fault::Fault;
use nadhir_core::warning::exercise;

/// The languages that are broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Arabic, required.
    Arabic,
    /// English, required.
    English,
    /// Hindi.
    Hindi,
    /// Urdu.
    Urdu,
}

impl Language {
    /// All, in the order of the message.
    pub const ALL: [Language; 4] = [Language::Arabic, Language::English, Language::Hindi, Language::Urdu];

    /// The language as CAP writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Language::Arabic => "ar-OM",
            Language::English => "en-OM",
            Language::Hindi => "hi",
            Language::Urdu => "ur",
        }
    }

    /// The language that CAP writes so.
    pub fn parse(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The word every drill text opens with.
    pub fn exercise(self) -> &'static str {
        // All four are on the list of words; a test holds it.
        exercise::word(self.code()).unwrap_or_default()
    }
}

/// What a phone shows in one language: a headline that opens with the word for exercise, and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillText {
    language: Language,
    headline: String,
    description: String,
    instruction: String,
}

impl DrillText {
    /// Takes a headline that opens with the word for exercise, the very first character on, as a word by itself. What
    /// else may be wrong with a text is judged with the whole alert.
    pub fn parse(
        language: Language,
        headline: &str,
        description: &str,
        instruction: &str,
    ) -> Result<DrillText, Fault> {
        let word = language.exercise();
        if !exercise::opens_with(headline, word) {
            let opening: String = headline.chars().take(24).collect();
            return Err(Fault::error(
                "drill.text.opening",
                format!("text[{}]/headline", language.code()),
                format!("a drill's text opens with \"{word}\"; this opens with \"{opening}\""),
            ));
        }
        Ok(DrillText {
            language,
            headline: headline.to_owned(),
            description: description.to_owned(),
            instruction: instruction.to_owned(),
        })
    }

    /// Its language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The headline; it opens with the word for exercise.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// What follows.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What to do, or that there is nothing to do.
    pub fn instruction(&self) -> &str {
        &self.instruction
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, headline: &str, good: bool) {
        let parsed = DrillText::parse(language, headline, "", "");
        assert_eq!(parsed.is_ok(), good, "{headline}");
        if let Err(fault) = parsed {
            assert_eq!(fault.code, "drill.text.opening");
            assert_eq!(fault.place, format!("text[{}]/headline", language.code()));
            assert!(fault.message.contains(language.exercise()), "{}", fault.message);
        }
    }

    #[test]
    fn opens_with_the_word_in_its_own_language() {
        for language in Language::ALL {
            check(language, language.exercise(), true);
            check(language, &format!("{}: wadi", language.exercise()), true);
            check(language, &format!("wadi, {}", language.exercise()), false);
            check(language, &format!(" {}: wadi", language.exercise()), false);
            check(language, &format!("\u{200F}{}: wadi", language.exercise()), false);
            check(language, &format!("{}x", language.exercise()), false);
            check(language, "", false);
            for other in Language::ALL.into_iter().filter(|other| *other != language) {
                check(language, &format!("{}: wadi", other.exercise()), false);
            }
        }
        check(Language::Arabic, "تمرينات: وادي", false);
        check(Language::English, "Exercise: wadi", false);
        check(Language::English, "EXERCISES: wadi", false);
        check(Language::English, "FLASH FLOOD: leave the wadi", false);
        check(Language::Hindi, "अभ्यासी: वादी", false);
        check(Language::Urdu, "مشقت: وادی", false);
    }
}
