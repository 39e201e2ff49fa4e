//! What a warning costs before it is sent: units, pages, and the time its pages take on 2G.

use super::layout::{Encoded, Layout, Message, Text, encode};
use super::page::Alphabet;
use super::rules::Rules;
use crate::fault::Fault;
use serde::Serialize;

/// Milliseconds of a page on 2G: 8 multiframes of 51 frames of 4.615 ms, the unit in which TS 48.049 counts repetition.
pub const PAGE_MS_2G: u32 = 1_883;
/// Milliseconds from the head of a page to its end: four blocks, one in each of the first four of those multiframes, the
/// last of them four frames long (TS 45.002, 6.5.4): (3 x 51 + 4) frames.
const LAST_PAGE_MS_2G: u32 = 725;
/// The promise: ten seconds.
const PROMISE_MS: u32 = 10_000;

/// The cost of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Its languages.
    pub languages: Vec<String>,
    /// How it is spelt.
    pub alphabet: Alphabet,
    /// Units used.
    pub units: usize,
    /// Units fifteen pages hold in that alphabet.
    pub limit: usize,
    /// Pages: 1 to 15.
    pub pages: usize,
    /// Milliseconds of a 2G cell's channel that its pages take; a phone shows nothing before the last has come.
    pub ms_2g: u32,
}

/// The cost of a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// In the order of sending.
    pub messages: Vec<Cost>,
    /// What the author should know.
    pub warnings: Vec<Fault>,
}

/// What these messages cost. Warns where not every phone on 2G can read Arabic within ten seconds: a message of more than four
/// pages.
pub fn budget(encoded: &Encoded) -> Budget {
    let messages: Vec<Cost> = encoded.messages.iter().map(cost).collect();
    let warnings = messages.iter().filter_map(late).collect();
    Budget { messages, warnings }
}

/// What one layout would cost, or why it cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// How languages would share messages.
    pub layout: Layout,
    /// What that costs; none if a message is too long.
    #[serde(flatten)]
    pub budget: Option<Budget>,
    /// Why it cannot be had.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// What each layout costs for these texts, the one that rings least first: what an author sees while writing.
pub fn choices(texts: &[Text], rules: &Rules) -> Vec<Choice> {
    let of = |layout| match encode(texts, &Rules { layout: Some(layout), ..rules.clone() }) {
        Ok(encoded) => Choice { layout, budget: Some(budget(&encoded)), faults: vec![] },
        Err(faults) => Choice { layout, budget: None, faults },
    };
    Layout::ALL.into_iter().map(of).collect()
}

/// Milliseconds that so many pages take on a 2G cell.
pub fn ms_2g(pages: usize) -> u32 {
    u32::try_from(pages).unwrap_or(u32::MAX).saturating_mul(PAGE_MS_2G)
}

/// When the last of so many pages has come, at the latest, if nothing else is on the channel and none is lost: a page begins
/// once in 1.883 s, so the first may have to wait that long. Four pages: 4 x 1,883 + 725 = 8,257; five: 10,140.
fn latest_ms_2g(pages: usize) -> u32 {
    ms_2g(pages).saturating_add(LAST_PAGE_MS_2G)
}

fn cost(message: &Message) -> Cost {
    let pages = message.pages.pages().len();
    Cost {
        languages: message.languages.clone(),
        alphabet: message.pages.alphabet(),
        units: message.pages.units(),
        limit: message.pages.alphabet().limit(),
        pages,
        ms_2g: ms_2g(pages),
    }
}

fn late(cost: &Cost) -> Option<Fault> {
    let arabic = cost.languages.iter().any(|language| language == "ar");
    let latest = latest_ms_2g(cost.pages);
    (arabic && latest > PROMISE_MS).then(|| {
        Fault::warning(
            "cbs.budget.arabic_late_on_2g",
            cost.languages.join("+"),
            format!(
                "on 2G Arabic is readable after up to {}.{} s, when all {} pages have come: four pages or fewer keep the ten seconds",
                latest / 1000,
                latest % 1000 / 100,
                cost.pages
            ),
        )
    })
}
