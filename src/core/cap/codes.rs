//! Every fault code of the CAP document: level, clause, and what to say of it and how to mend it, in English and Arabic.

use crate::fault::{Fault, Kind, Level, Particular};

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

/// What a fault tells of this very input, in words of the language; empty where there is nothing to tell. Values stand in
/// isolates, so that they keep their direction in a line of the other.
pub fn particulars(fault: &Fault, language: Language) -> String {
    // A value that turns the line around would be read as what it is not.
    let plain = |c: &char| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let one = |p: &Particular| {
        let value: String = p.value.chars().filter(plain).collect();
        format!("{}: \u{2068}{value}\u{2069}", name(p.kind, language))
    };
    let comma = match language {
        Language::Arabic => "؛ ",
        Language::English => "; ",
    };
    fault.particulars.iter().map(one).collect::<Vec<_>>().join(comma)
}

/// What a particular is called.
const fn name(kind: Kind, language: Language) -> &'static str {
    let (ar, en) = match kind {
        Kind::Found => ("الموجود", "found"),
        Kind::Wanted => ("المقبول", "wanted"),
        Kind::Most => ("الحد الأقصى", "at most"),
        Kind::Against => ("بالقياس إلى", "against"),
        Kind::Name => ("الاسم", "name"),
        Kind::Near => ("الموضع", "near"),
        Kind::Detail => ("التفصيل بالإنجليزية", "detail"),
    };
    match language {
        Language::Arabic => ar,
        Language::English => en,
    }
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
