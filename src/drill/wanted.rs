//! What somebody asks for, from a form or as JSON: it becomes a plan, or every fault of it at once.

use super::mode::Mode;
use super::plan::{DrillPlan, area};
use super::text::{DrillText, Language};
use chrono::{DateTime, Utc};
use nadhir_core::area::Index;
use nadhir_core::fault::Fault;
use serde::Deserialize;

/// So long may a name be.
const NAME: usize = 120;

/// A drill as it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Governorates, as codes of ISO 3166-2.
    pub area: Vec<String>,
    /// A name for the drill.
    #[serde(default)]
    pub name: String,
    /// Who takes part; left out: every operator of the hub.
    pub operators: Option<Vec<String>>,
    /// As CAP writes them: `ar-OM`, `en-OM`, `hi`, `ur`; left out: all four.
    pub languages: Option<Vec<String>>,
    /// Texts of its own; a language without one has the usual text.
    #[serde(default)]
    pub texts: Vec<WantedText>,
    /// Whether it is meant to ring phones of the public, where it would.
    #[serde(default)]
    pub public: bool,
}

/// A text of the drill's own. What it leaves empty is as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedText {
    /// Its language.
    pub language: String,
    /// Opens with the word for exercise.
    #[serde(default)]
    pub headline: String,
    /// What follows.
    #[serde(default)]
    pub description: String,
    /// What to do, or that there is nothing to do.
    #[serde(default)]
    pub instruction: String,
}

impl WantedText {
    /// Whether anything stands in it.
    pub fn is_given(&self) -> bool {
        [&self.headline, &self.description, &self.instruction].iter().any(|part| !part.trim().is_empty())
    }

    fn over(&self, usual: &DrillText) -> Result<DrillText, Fault> {
        let or = |own: &'_ str, usual: &'_ str| if own.trim().is_empty() { usual } else { own }.to_owned();
        let headline = or(&self.headline, usual.headline());
        let description = or(&self.description, usual.description());
        DrillText::parse(
            usual.language(),
            &headline,
            &description,
            &or(&self.instruction, usual.instruction()),
        )
    }
}

impl Wanted {
    /// A plan for a hub with these operators, or every fault, in the order of the form.
    pub fn plan(
        &self,
        index: &Index,
        operators: &[String],
        mode: Mode,
        at: DateTime<Utc>,
    ) -> Result<DrillPlan, Vec<Fault>> {
        let mut faults = Vec::new();
        if self.name.chars().count() > NAME {
            let words = format!("a drill's name has at most {NAME} characters");
            faults.push(Fault::error("drill.name.long", "name", words));
        }
        let regions = area(index, &self.area).unwrap_or_else(|more| {
            faults.extend(more);
            vec![]
        });
        let participants = self.participants(operators, &mut faults);
        let languages = self.spoken(&mut faults);
        let usual = match DrillPlan::usual_texts(&regions, at) {
            Ok(usual) => usual.into_iter().filter(|text| languages.contains(&text.language())).collect(),
            Err(more) => return Err([faults, more].concat()),
        };
        let texts = self.own(usual, &mut faults);
        if mode == Mode::Public && !self.public {
            let words = "4381 is on by default: every phone of the area rings. Say that this is meant";
            faults.push(Fault::error("drill.public", "public", words));
        }
        let made = DrillPlan::new(index, self.name.trim(), &self.area, texts);
        match made {
            Ok(plan) if faults.is_empty() => Ok(plan.with(participants)),
            Ok(_) => Err(faults),
            // The area was judged above.
            Err(more) => {
                faults.extend(more.into_iter().filter(|fault| !fault.code.starts_with("area.")));
                Err(faults)
            }
        }
    }

    /// Who takes part; nobody named here where all do.
    fn participants(&self, operators: &[String], faults: &mut Vec<Fault>) -> Vec<String> {
        let Some(named) = &self.operators else { return vec![] };
        if named.is_empty() {
            let words = "a drill has at least one operator that takes part";
            faults.push(Fault::error("drill.operator.none", "operators", words));
        }
        for unknown in named.iter().filter(|name| !operators.contains(name)) {
            let words = format!("\"{unknown}\" is no operator here: {}", operators.join(", "));
            faults.push(Fault::error("drill.operator.unknown", "operators", words));
        }
        let takes_part = |name: &&String| named.contains(name);
        let some: Vec<String> = operators.iter().filter(takes_part).cloned().collect();
        if some.len() == operators.len() { vec![] } else { some }
    }

    fn spoken(&self, faults: &mut Vec<Fault>) -> Vec<Language> {
        let Some(named) = &self.languages else { return Language::ALL.into() };
        for unknown in named.iter().filter(|code| Language::parse(code).is_none()) {
            let words = format!("a drill does not speak \"{unknown}\": ar-OM, en-OM, hi, ur");
            faults.push(Fault::error("drill.language.unknown", "languages", words));
        }
        named.iter().filter_map(|code| Language::parse(code)).collect()
    }

    /// The usual texts, with what this drill says instead. What a text leaves empty stays as usual.
    fn own(&self, mut texts: Vec<DrillText>, faults: &mut Vec<Fault>) -> Vec<DrillText> {
        let mut before: Vec<Language> = Vec::new();
        for wanted in &self.texts {
            let place = format!("text[{}]", wanted.language);
            let same = |text: &&mut DrillText| text.language().code() == wanted.language;
            let Some(text) = texts.iter_mut().find(same) else {
                let words = format!("a text in \"{}\", which this drill does not speak", wanted.language);
                faults.push(Fault::error("drill.text.language", place, words));
                continue;
            };
            if before.contains(&text.language()) {
                let words = format!("{} has a text already", wanted.language);
                faults.push(Fault::error("drill.text.twice", place, words));
                continue;
            }
            before.push(text.language());
            match wanted.over(text) {
                Ok(own) => *text = own,
                Err(fault) => faults.push(fault),
            }
        }
        texts
    }
}

#[cfg(test)]
mod tests;
