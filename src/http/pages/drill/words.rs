//! The words of the drill pages: the table `[drill]` of each language's file; one that is missing is a fault of the build.

use serde::Deserialize;

/// Declares the table: one field a word, all of them required.
macro_rules! words {
    ($($name:ident)*) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(in super::super) struct Words {
            $(pub(in super::super) $name: String,)*
        }
    };
}

words! {
    ask_public lead mode_network mode_public mode_tabletop name name_words not_passed own_texts own_texts_words passed
    plan_title preview_title read_report takes_part usual_words waits with_languages with_operators
}
