//! A closed table of words: an enum whose cases are the exact words of the standard, both ways.

/// Declares an enum of words with `ALL`, `word()` and `parse()`.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$case_meta:meta])* $case:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$case_meta])* #[serde(rename = $word)] $case),+ }

        impl $name {
            /// Every case, in the order of the standard.
            pub const ALL: &[$name] = &[$($name::$case),+];

            /// The word as the standard writes it.
            pub const fn word(self) -> &'static str {
                match self { $($name::$case => $word),+ }
            }

            /// The case whose word is exactly `text`: no padding, no other case.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($word => Some($name::$case),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

pub(crate) use words;
