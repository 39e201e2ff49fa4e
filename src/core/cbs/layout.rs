//! Languages into messages: one for all, pairs, or each its own. The same at every operator; chosen per warning.

use super::lay::{Laid, lay};
use super::page::Pages;
use super::rules::Rules;
use super::text::Clean;
use crate::cap::{Alert, Info};
use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// What is said in one language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// Primary subtag in lower case: `ar`.
    pub language: String,
    /// The words, as given.
    pub body: String,
}

/// How languages share messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// All in one message: it rings once.
    One,
    /// Arabic with English, Hindi with Urdu, others two by two.
    Pairs,
    /// A message a language. Only by choice: it rings for each.
    Each,
}

impl Layout {
    /// Every layout, the one that rings least first.
    pub const ALL: [Layout; 3] = [Layout::One, Layout::Pairs, Layout::Each];

    /// The word in the parameter, on the API and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Layout::One => "one",
            Layout::Pairs => "pairs",
            Layout::Each => "each",
        }
    }

    /// The layout of that word.
    pub fn parse(word: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.word() == word)
    }
}

/// One message: what goes on air under one identifier and serial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its languages in the order they are read.
    pub languages: Vec<String>,
    /// The text as the phone decodes it.
    pub text: String,
    /// Its pages.
    pub pages: Pages,
}

/// All messages of a warning, in the order they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// How the languages share them.
    pub layout: Layout,
    /// The messages.
    pub messages: Vec<Message>,
    /// What was changed in the texts, as warnings.
    pub changes: Vec<Fault>,
}

/// The languages of the house, in the order they are read.
const ORDER: [&str; 4] = ["ar", "en", "hi", "ur"];
/// The parameter that replaces headline, description and instruction on the phone.
pub const TEXT_PARAMETER: &str = "nadhir:text";

/// What an alert says in each language: Arabic, English, Hindi, Urdu, then the others as written.
///
/// The body is the parameter `nadhir:text` if there is one, else headline, description and instruction, each on a line of
/// its own, those absent left out.
pub fn texts(alert: &Alert) -> Result<Vec<Text>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut texts: Vec<Text> = Vec::new();
    if alert.infos.is_empty() {
        faults.push(Fault::error(
            "cbs.texts.none",
            "alert",
            "an alert without info says nothing that could be broadcast",
        ));
    }
    for (i, info) in alert.infos.iter().enumerate() {
        let place = format!("alert/info[{}]", i + 1);
        let text = Text { language: info.primary_language(), body: body(info) };
        if text.body.is_empty() {
            faults.push(Fault::error(
                "cbs.texts.empty",
                place,
                "no headline, description or instruction: nothing to show",
            ));
        } else if texts.iter().any(|t| t.language == text.language) {
            let message = format!("a second text in {}: a phone shows one a language", text.language);
            faults.push(Fault::error("cbs.texts.twice", place, message));
        } else {
            texts.push(text);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    texts.sort_by_key(|t| ORDER.iter().position(|known| *known == t.language).unwrap_or(ORDER.len()));
    Ok(texts)
}

fn body(info: &Info) -> String {
    if let Some(text) = info.parameter(TEXT_PARAMETER).map(str::trim).filter(|t| !t.is_empty()) {
        return text.to_owned();
    }
    let parts = [&info.headline, &info.description, &info.instruction];
    let parts: Vec<&str> =
        parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Texts into messages, by these rules. Without a layout: one message if fifteen pages hold it, else pairs, else faults that name the excess.
pub fn encode(texts: &[Text], rules: &Rules) -> Result<Encoded, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut clean: Vec<(&str, Clean)> = Vec::new();
    for text in texts {
        match Clean::parse(&text.body, rules) {
            Ok(body) => clean.push((&text.language, body)),
            Err(found) => faults.extend(found.into_iter().map(|fault| placed(&text.language, fault))),
        }
    }
    if texts.is_empty() {
        faults.push(Fault::error("cbs.texts.none", "texts", "there is no text in any language"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    match rules.layout {
        Some(layout) => lay_out(&clean, layout),
        None => lay_out(&clean, Layout::One).or_else(|one| {
            if clean.len() < 2 {
                return Err(one);
            }
            lay_out(&clean, Layout::Pairs).map_err(|pairs| one.into_iter().chain(pairs).collect())
        }),
    }
}

type Titled<'a> = (&'a str, Clean);

fn lay_out(texts: &[Titled<'_>], layout: Layout) -> Result<Encoded, Vec<Fault>> {
    let groups: Vec<Vec<&Titled<'_>>> = match layout {
        Layout::One => vec![texts.iter().collect()],
        Layout::Pairs => pairs(texts),
        Layout::Each => texts.iter().map(|text| vec![text]).collect(),
    };
    let mut encoded = Encoded { layout, messages: Vec::new(), changes: Vec::new() };
    let mut faults = Vec::new();
    for group in groups {
        let languages: Vec<String> = group.iter().map(|(language, _)| (*language).to_owned()).collect();
        // One language in a message may be named by its data coding scheme; several have the code for "multiple".
        let language = if let [(only, _)] = group.as_slice() { only } else { "mul" };
        match lay(&Clean::join(group.iter().map(|(_, clean)| clean)), language) {
            Ok(Laid { pages, text, changes }) => {
                let name = languages.join("+");
                encoded.changes.extend(changes.into_iter().map(|change| placed(&name, change)));
                encoded.messages.push(Message { languages, text, pages });
            }
            Err(fault) => faults.push(placed(&languages.join("+"), fault)),
        }
    }
    if faults.is_empty() { Ok(encoded) } else { Err(faults) }
}

/// Arabic with English, Hindi with Urdu, the others two by two.
fn pairs<'a, 'b>(texts: &'a [Titled<'b>]) -> Vec<Vec<&'a Titled<'b>>> {
    let (known, others): (Vec<_>, Vec<_>) = texts.iter().partition(|(language, _)| ORDER.contains(language));
    let mut groups: Vec<Vec<&Titled<'_>>> = ORDER
        .chunks(2)
        .map(|pair| known.iter().copied().filter(|(language, _)| pair.contains(language)).collect())
        .collect();
    groups.extend(others.chunks(2).map(<[_]>::to_vec));
    groups.retain(|group| !group.is_empty());
    groups
}

fn placed(languages: &str, fault: Fault) -> Fault {
    Fault { place: format!("{languages}, {}", fault.place), ..fault }
}
