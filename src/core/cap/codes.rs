//! Every fault code of the CAP document: level, clause, and what to say of it and how to mend it, in English and Arabic.

use crate::fault::Level;

/// The national profile's, and the clock's.
mod national;
/// What reading finds.
mod reading;
/// The rules of the standard's text.
mod standard;

/// A fault code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Stable; scripts and translations hang on it.
    pub code: &'static str,
    /// Its level by the standard; none: the standard does not judge it, a profile's table does.
    pub level: Option<Level>,
    /// Where the rule is written.
    pub clause: &'static str,
    /// In English.
    pub en: Words,
    /// In Arabic.
    pub ar: Words,
}

/// What to say of a fault, without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What is wrong.
    pub means: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// A language faults are told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// العربية
    Arabic,
    /// English.
    English,
}

impl Code {
    /// What to say of it.
    pub const fn words(&self, language: Language) -> Words {
        match language {
            Language::Arabic => self.ar,
            Language::English => self.en,
        }
    }
}

/// All codes: what reading finds, the rules of the standard, the profile's, the clock's.
pub fn all() -> impl Iterator<Item = &'static Code> {
    reading::CODES.iter().chain(standard::CODES).chain(national::CODES)
}

/// The code of that name.
pub fn find(code: &str) -> Option<&'static Code> {
    all().find(|c| c.code == code)
}

/// What to say of a fault of that code; none where it is not a code of the CAP document.
pub fn words(code: &str, language: Language) -> Option<Words> {
    find(code).map(|c| c.words(language))
}

/// What is wrong and what to do.
type Said = (&'static str, &'static str);

const fn row(code: &'static str, level: Option<Level>, clause: &'static str, en: Said, ar: Said) -> Code {
    Code { code, level, clause, en: Words { means: en.0, fix: en.1 }, ar: Words { means: ar.0, fix: ar.1 } }
}

/// An error for anybody.
const fn error(code: &'static str, clause: &'static str, en: Said, ar: Said) -> Code {
    row(code, Some(Level::Error), clause, en, ar)
}

/// A warning by the standard; a profile may weigh it more.
const fn warning(code: &'static str, clause: &'static str, en: Said, ar: Said) -> Code {
    row(code, Some(Level::Warning), clause, en, ar)
}

/// Judged by a profile alone.
const fn own(code: &'static str, clause: &'static str, en: Said, ar: Said) -> Code {
    row(code, None, clause, en, ar)
}
