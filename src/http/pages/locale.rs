//! Every word of the pages in two languages: one table a language, read into one type, so that a missing word is a fault of the build.

use nadhir_core::cap::codes::{self, Language};
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

    /// What to say of a fault of the CAP document, and how to mend it; in English its own words say more.
    pub(super) fn of_cap(self, code: &str) -> Option<String> {
        match self {
            Lang::Ar => codes::words(code, Language::Arabic).map(|w| format!("{}. {}.", w.means, w.fix)),
            Lang::En => None,
        }
    }

    /// The first of ours that a browser asks for; Arabic if it names none.
    pub(super) fn accepted(header: &str) -> Lang {
        header.split(',').find_map(|part| Lang::parse(part.trim())).unwrap_or(Lang::Ar)
    }

    pub(super) fn words(self) -> &'static Words {
        static AR: LazyLock<Words> =
            LazyLock::new(|| read(include_str!("../../../console/locales/ar.toml")).unwrap_or_default());
        static EN: LazyLock<Words> =
            LazyLock::new(|| read(include_str!("../../../console/locales/en.toml")).unwrap_or_default());
        match self {
            Lang::Ar => &AR,
            Lang::En => &EN,
        }
    }
}

fn read(text: &str) -> Result<Words, toml::de::Error> {
    toml::from_str(text)
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
            /// By the word of a cause: why a lane needs a person.
            pub(super) causes: BTreeMap<String, String>,
        }
    };
}

words! {
    after answer answers approve approve_title area_digest as_phones ask ask_words asked_at band_drill
    band_drill_words band_live band_live_words band_simulated bound brand cancel cancel_now cancel_words
    cap_file cap_text cells cells_at_sea census census_words channel codes_left codes_left_drills cost cost_waits count_words counted_at description displayed draft_discard draft_keep
    draft_words drafts drill_words ends failed fault_advice fault_error from good_to_know
    half hash headline heard_at hits identifier in_force in_words instruction issued kept_at lane_red
    languages last_heard layout layout_fits layout_words legend link_lost look message met miscounted missed_inside mode most muscat nav nav_board
    nav_drills nav_new nav_operators new_drill new_warning no_danger no_drills no_orders not_live
    not_met not_told nothing_changed nothing_in_force nothing_sent nothing_waits on_2g on_air_at operator operator_words
    operators or_polygon order other_language over own_words pages paste_instead path_down path_quiet
    path_up people phone phones_modelled phones_shown phones_words polygon_words preview public_page
    radio reason red region rung_inside rung_outside serial share sign_in sign_in_words sign_out skip slots stopping subscribers ten_seconds
    texts_pages time_from time_to times_words to together token track type_names under_way units until
    update update_words updates_one waiting welcome what_happens where_is_it within_ten wrong_token
}

impl Words {
    /// Why a lane needs a person.
    pub(super) fn cause(&self, word: &str) -> &str {
        self.causes.get(word).map_or("", String::as_str)
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
        let ar = read(include_str!("../../../console/locales/ar.toml")).unwrap();
        let en = read(include_str!("../../../console/locales/en.toml")).unwrap();
        assert_eq!(ar.terms.keys().collect::<Vec<_>>(), en.terms.keys().collect::<Vec<_>>());
        let causes = ar.causes.keys().collect::<Vec<_>>();
        assert_eq!(causes, en.causes.keys().collect::<Vec<_>>());
        let known = Cause::ALL.map(Cause::word);
        assert!(causes.len() == known.len() && known.iter().all(|word| ar.causes.contains_key(*word)));
        assert_eq!(ar.faults.keys().collect::<Vec<_>>(), en.faults.keys().collect::<Vec<_>>());
    }

    #[test]
    fn a_fault_of_the_document_is_told_in_arabic_on_an_arabic_page() {
        let told = Lang::Ar.of_cap("cap.polygon.open").unwrap();
        assert!(told.contains("المضلع غير مغلق"), "{told}");
        assert_eq!((Lang::En.of_cap("cap.polygon.open"), Lang::Ar.of_cap("area.none")), (None, None));
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
