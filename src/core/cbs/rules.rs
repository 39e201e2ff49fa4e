//! What texts are held against: the house's list of links and numbers, and what the author chose for this warning.

use super::allowed::Allowed;
use super::layout::Layout;
use crate::cap::{Alert, Info};
use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// How languages share messages: `one`, `pairs`, `each`.
pub const LAYOUT: &str = "nadhir:layout";
/// What is dropped from Arabic: `tatweel`, `tashkeel`, or both with a space between.
pub const DROP: &str = "nadhir:drop";

/// What is held against every text of a warning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The links and telephone numbers that may be sent.
    pub allowed: Allowed,
    /// How languages share messages; none: what fits.
    pub layout: Option<Layout>,
    /// What is dropped from Arabic letters.
    pub drop: Vec<Ornament>,
}

/// What stands on or between Arabic letters and can be left out without another meaning. It is dropped by choice alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ornament {
    /// U+0640, which draws a word out and costs a unit each.
    Tatweel,
    /// The short vowels and doublings U+064B to U+0652. Hamza, madda and the upright alef of Urdu are spelling and stay.
    Tashkeel,
}

impl Ornament {
    /// The word in the parameter and in the code of the change.
    pub const fn word(self) -> &'static str {
        match self {
            Ornament::Tatweel => "tatweel",
            Ornament::Tashkeel => "tashkeel",
        }
    }

    /// The ornament of that word.
    pub fn parse(word: &str) -> Option<Ornament> {
        [Ornament::Tatweel, Ornament::Tashkeel].into_iter().find(|ornament| ornament.word() == word)
    }

    /// Which of them a character is.
    pub(super) fn of(c: char) -> Option<Ornament> {
        match c {
            '\u{640}' => Some(Ornament::Tatweel),
            '\u{64B}'..='\u{652}' => Some(Ornament::Tashkeel),
            _ => None,
        }
    }
}

impl Rules {
    /// The house's list, and the choices in an alert's parameters: those of the first info that names them, with which the
    /// others have to agree.
    pub fn of(alert: &Alert, allowed: &Allowed) -> Result<Rules, Vec<Fault>> {
        let mut faults = Vec::new();
        let layout = chosen(&alert.infos, LAYOUT, &mut faults).and_then(|(place, word)| {
            let layout = Layout::parse(word);
            if layout.is_none() {
                faults.push(bad("layout", place, format!("\"{word}\" is no layout: one, pairs or each")));
            }
            layout
        });
        let mut drop = Vec::new();
        if let Some((place, words)) = chosen(&alert.infos, DROP, &mut faults) {
            for word in words.split_whitespace() {
                match Ornament::parse(word) {
                    Some(ornament) => drop.push(ornament),
                    None => faults.push(bad(
                        "drop",
                        place.clone(),
                        format!("\"{word}\" is not dropped from a text: tatweel or tashkeel"),
                    )),
                }
            }
        }
        if faults.is_empty() { Ok(Rules { allowed: allowed.clone(), layout, drop }) } else { Err(faults) }
    }
}

/// The value of a parameter and its place, from the first info that has it.
fn chosen<'a>(infos: &'a [Info], name: &str, faults: &mut Vec<Fault>) -> Option<(String, &'a str)> {
    let place = |i: usize| format!("alert/info[{}]/parameter", i + 1);
    let mut all = infos.iter().enumerate().filter_map(|(i, info)| Some((i, info.parameter(name)?.trim())));
    let (first, word) = all.next()?;
    for (i, other) in all.filter(|(_, other)| *other != word) {
        let words = format!(
            "{name} is \"{other}\" here and \"{word}\" in info[{}]: it is chosen once a warning",
            first + 1
        );
        faults.push(bad("differs", place(i), words));
    }
    Some((place(first), word))
}

fn bad(code: &str, place: String, words: String) -> Fault {
    Fault::error(&format!("cbs.choice.{code}"), place, words)
}
