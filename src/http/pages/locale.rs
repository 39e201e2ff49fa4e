//! Every word of the pages in two languages: one table a language, read into one type, so that a missing word is a fault of the build.

use nadhir_core::cap::codes::{self, Language};
use nadhir_core::fault::{Fault, Kind, Told};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::http) enum Lang {
    Ar,
    En,
}

impl Lang {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Lang::Ar => "ar",
            Lang::En => "en",
        }
    }

    pub(super) const fn dir(self) -> &'static str {
        match self {
            Lang::Ar => "rtl",
            Lang::En => "ltr",
        }
    }

    pub(super) const fn other(self) -> Lang {
        match self {
            Lang::Ar => Lang::En,
            Lang::En => Lang::Ar,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Lang> {
        match text.get(..2)?.to_ascii_lowercase().as_str() {
            "ar" => Some(Lang::Ar),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// What to say of a fault: the page's own words of it, or those of the CAP document's rules with how to mend it, and
    /// what it tells of this input; none where its own words, in English, are all there is.
    pub(super) fn of_fault(self, fault: &Fault) -> Option<String> {
        let (own, language) = (self.words(), self.language());
        let mut told = codes::particulars(fault, language);
        let words = if let Some(own) = own.faults.get(&fault.code) {
            own.trim_end_matches('.').to_owned()
        } else if let Some(own) = own.in_arabic.get(&fault.code) {
            if told.is_empty() {
                // What it names stands in its own words alone.
                let detail = Told::new("", [(Kind::Detail, fault.message.clone())]);
                told = codes::particulars(&Fault::of(fault.level, &fault.code, "", detail), language);
            }
            own.trim_end_matches('.').to_owned()
        } else {
            let code = codes::words(&fault.code, language).filter(|_| self == Lang::Ar)?;
            format!("{}. {}", code.means, code.fix)
        };
        Some(if told.is_empty() { format!("{words}.") } else { format!("{words}. {told}.") })
    }

    const fn language(self) -> Language {
        match self {
            Lang::Ar => Language::Arabic,
            Lang::En => Language::English,
        }
    }

    /// The first of ours that a browser asks for; Arabic if it names none.
    pub(super) fn accepted(header: &str) -> Lang {
        header.split(',').find_map(|part| Lang::parse(part.trim())).unwrap_or(Lang::Ar)
    }

    /// The file of its words, as it was built in.
    const fn file(self) -> &'static str {
        match self {
            Lang::Ar => include_str!("../../../console/locales/ar.toml"),
            Lang::En => include_str!("../../../console/locales/en.toml"),
        }
    }

    /// No hub starts on a broken file (`whole`), so the words are there.
    pub(super) fn words(self) -> &'static Words {
        static AR: LazyLock<Words> = LazyLock::new(|| toml::from_str(Lang::Ar.file()).unwrap_or_default());
        static EN: LazyLock<Words> = LazyLock::new(|| toml::from_str(Lang::En.file()).unwrap_or_default());
        match self {
            Lang::Ar => &AR,
            Lang::En => &EN,
        }
    }
}

/// A file of words that is not whole.
#[derive(Debug, thiserror::Error)]
#[error("console/{file}: {why}")]
pub struct BrokenWords {
    /// Which.
    pub(super) file: String,
    /// Which key, and what is wrong with it.
    pub(super) why: String,
}

/// Whether both languages have every word; a hub whose pages would be empty does not start.
pub(super) fn whole() -> Result<(), BrokenWords> {
    [Lang::Ar, Lang::En].into_iter().try_for_each(|lang| read(lang, lang.file()).map(|_| ()))
}

/// Every word of a language: a key that is missing, not known or blank is a fault that names it.
fn read(lang: Lang, text: &str) -> Result<Words, BrokenWords> {
    let broken = |why: String| BrokenWords { file: format!("locales/{}.toml", lang.code()), why };
    let whole = toml::from_str(text).map_err(|e| broken(e.to_string().trim_end().replace('\n', " ")))?;
    let table: toml::Table = toml::from_str(text).map_err(|e| broken(e.to_string()))?;
    match blank(&table, "") {
        Some(key) => Err(broken(format!("{key} has no words"))),
        None => Ok(whole),
    }
}

/// The first key whose value is blank.
fn blank(table: &toml::Table, within: &str) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let key = format!("{within}{key}");
        match value.as_table() {
            Some(table) => blank(table, &format!("{key}.")),
            None => value.as_str().is_none_or(|words| words.trim().is_empty()).then_some(key),
        }
    })
}

/// Declares the table: one field a word, all of them required.
macro_rules! words {
    ($($name:ident)*) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Words {
            $(pub(super) $name: String,)*
            /// Of the drill pages.
            pub(super) drill: super::drill::words::Words,
            /// By the word of a state, a grade, a severity, a class.
            pub(super) terms: BTreeMap<String, String>,
            /// By the code of a fault or a problem; where one is not here, its own words stand in English.
            pub(super) faults: BTreeMap<String, String>,
            /// By the code of a fault or a problem whose own words, which name what it is about, the English page shows.
            #[serde(default)]
            in_arabic: BTreeMap<String, String>,
            /// What is lost or changed of an alert that came, by its code.
            pub(super) losses: BTreeMap<String, String>,
            /// Around what came from another authority.
            pub(super) origin: super::origin::Words,
            /// By the word of a cause: why a lane needs a person.
            pub(super) causes: BTreeMap<String, String>,
        }
    };
}

words! {
    after answer answers approve approve_title area_digest as_phones ask ask_words asked_at band_drill
    band_drill_words band_live band_live_words band_simulated bound brand cancel cancel_now cancel_words
    cap_file cap_text cells cells_at_sea census census_words channel clock_agrees clock_ahead clock_behind codes_left codes_left_drills cost cost_waits count_words counted_at description displayed draft_discard draft_keep
    draft_words drafts drill_words ends failed fault_advice fault_error from good_to_know
    half hash headline heard_at hits identifier in_force in_words instruction issued kept_at lane_red
    languages last_heard layout layout_fits layout_words legend link_lost look message met miscounted missed_inside mode most muscat nav nav_board
    nav_drills nav_new nav_operators new_drill new_warning no_danger no_drills no_orders not_live
    not_met not_told nothing_changed nothing_in_force nothing_sent nothing_waits on_2g on_air_at operator operator_words
    operators or_polygon order other_language over own_words pages paste_instead path_down path_quiet
    path_up people phone phones_modelled phones_shown phones_words polygon_words preview public_beside public_cancel public_cap public_card public_page public_print
    radio reason red region rung_inside rung_outside serial share sign_in sign_in_words sign_out skip slots stopped_at stopping subscribers ten_seconds
    texts_pages time_from time_to times_words to together token track type_names under_way units until
    update update_words updates_one waiting welcome what_happens where_is_it within_ten wrong_token
}

impl Words {
    /// Why a lane needs a person.
    pub(super) fn cause(&self, word: &str) -> &str {
        self.causes.get(word).map_or("", String::as_str)
    }

    /// What to say of a problem, and whether that is all: else its own words say what it is about.
    pub(super) fn problem(&self, code: &str) -> Option<(&str, bool)> {
        let whole = self.faults.get(code).map(|words| (words.as_str(), true));
        whole.or_else(|| self.in_arabic.get(code).map(|words| (words.as_str(), false)))
    }

    /// The page's word for a term of the code, or the term itself.
    pub(super) fn term<'a>(&'a self, word: &'a str) -> &'a str {
        self.terms.get(word).map_or(word, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nadhir_core::delivery::Cause;

    #[test]
    fn both_languages_have_every_word() {
        let ar = read(Lang::Ar, Lang::Ar.file()).unwrap();
        let en = read(Lang::En, Lang::En.file()).unwrap();
        assert_eq!(ar.terms.keys().collect::<Vec<_>>(), en.terms.keys().collect::<Vec<_>>());
        let causes = ar.causes.keys().collect::<Vec<_>>();
        assert_eq!(causes, en.causes.keys().collect::<Vec<_>>());
        let known = Cause::ALL.map(Cause::word);
        assert!(causes.len() == known.len() && known.iter().all(|word| ar.causes.contains_key(*word)));
        assert_eq!(ar.faults.keys().collect::<Vec<_>>(), en.faults.keys().collect::<Vec<_>>());
        assert_eq!(ar.losses.keys().collect::<Vec<_>>(), en.losses.keys().collect::<Vec<_>>());
        // Every loss that can be told has its words, and no others are kept.
        let rooms = [
            include_str!("../../core/warning/intake.rs"),
            include_str!("../../core/warning/reshape.rs"),
            include_str!("../../core/warning/texts.rs"),
            include_str!("../../core/warning/understood.rs"),
            include_str!("../../dispatch/intake.rs"),
        ];
        let texts = rooms.iter().flat_map(|room| room.lines().filter(|line| !line.trim().starts_with("//")));
        let told = texts.flat_map(|line| line.split('"').skip(1).step_by(2));
        let told: std::collections::BTreeSet<&str> = told
            .filter(|text| {
                ["loss.", "changed."].iter().any(|kind| text.len() > kind.len() && text.starts_with(kind))
            })
            .collect();
        assert_eq!(told, ar.losses.keys().map(String::as_str).collect());
    }

    #[test]
    fn a_broken_file_of_words_names_its_key_and_no_hub_starts_on_it() {
        whole().unwrap();
        let told = |from: &str, to: &str| {
            let text = Lang::Ar.file();
            assert!(text.contains(from), "{from}");
            read(Lang::Ar, &text.replacen(from, to, 1)).err().map(|e| e.to_string()).unwrap_or_default()
        };
        let missing = told("\nhash = ", "\nhush = ");
        assert!(missing.contains("locales/ar.toml") && missing.contains("hush"), "{missing}");
        let line = Lang::Ar.file().lines().find(|line| line.starts_with("hash = ")).unwrap();
        let gone = told(line, "");
        assert!(gone.contains("`hash`"), "{gone}");
        let empty = told(line, "hash = \" \"");
        assert!(empty.ends_with("hash has no words"), "{empty}");
    }

    #[test]
    fn a_fault_of_the_document_is_told_in_arabic_on_an_arabic_page() {
        let long = Told::new("101 points", [(Kind::Found, "101".to_owned()), (Kind::Most, "100".to_owned())]);
        let told = Lang::Ar.of_fault(&Fault::warning("cap.polygon.open", "alert", long.clone())).unwrap();
        let words = ["المضلع غير مغلق", "الموجود: \u{2068}101\u{2069}", "الحد الأقصى: \u{2068}100\u{2069}"];
        assert!(words.iter().all(|words| told.contains(words)), "{told}");
        assert_eq!(Lang::En.of_fault(&Fault::warning("cap.polygon.open", "alert", long)), None);
        let circle = Fault::error("chain.reference.self", "alert", "the message refers to itself");
        let told = Lang::Ar.of_fault(&circle).unwrap();
        assert!(told.starts_with("الرسالة ترجع إلى نفسها. "), "{told}");
        assert!(told.contains("\u{2068}the message refers to itself\u{2069}"), "{told}");
        assert_eq!(Lang::En.of_fault(&circle), None, "it says so itself");
        let other = Fault::error("nobody.knows", "alert", "it");
        assert_eq!(Lang::Ar.of_fault(&other), None);
    }

    #[test]
    fn a_browser_gets_the_first_language_that_is_ours() {
        for (header, lang) in [
            ("ar", Lang::Ar),
            ("ar-OM,ar;q=0.9,en;q=0.8", Lang::Ar),
            ("en-GB,en;q=0.9", Lang::En),
            ("de,en;q=0.8", Lang::En),
            ("", Lang::Ar),
            ("é", Lang::Ar),
        ] {
            assert_eq!(Lang::accepted(header), lang, "{header}");
        }
    }
}
