//! What a draft holds: a CAP document, or a template with its slots; and the document that it becomes when it is handed in.

use super::super::Console;
use super::super::fields::Fields;
use super::super::locale::Lang;
use super::compose::compose;
use crate::store::{DraftContent, DraftKind, DraftRow, SeenDraft, StoreError, StoredDraft, Title};
use chrono::{DateTime, Utc};
use nadhir_core::area::Layer;
use nadhir_core::cap::{self, Alert, Limits};
use nadhir_core::digest::{hex, unhex};
use nadhir_core::fault::Fault;
use serde::{Deserialize, Serialize};

/// The slots that templates have, as the form names them.
const SLOTS: [&str; 8] = ["area", "areas", "polygon", "low", "high", "from", "to", "layout"];

/// A draft's content.
#[derive(Debug, Clone)]
pub(in crate::http) enum Content {
    /// A document, as far as it is written.
    Cap(Vec<u8>),
    /// A template and what was filled in.
    Slots(Slots),
}

/// A template and what was filled in; a slot may stand more than once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Slots {
    pub(super) template: String,
    pub(super) slots: Vec<(String, String)>,
}

/// The draft that a form is of, with the version that was seen.
pub(in super::super) fn seen(fields: &Fields) -> Option<SeenDraft> {
    let id = fields.get("draft").to_owned();
    Some(SeenDraft { version: fields.get("version").parse().ok()?, id }).filter(|seen| !seen.id.is_empty())
}

impl Content {
    /// What was kept.
    pub(in crate::http) fn of(stored: &StoredDraft) -> Option<Content> {
        match stored.kind {
            DraftKind::Cap => Some(Content::Cap(stored.body.clone())),
            DraftKind::Slots => Content::slots(&stored.body),
        }
    }

    /// Slots as JSON; of a template and slots that there are.
    pub(in crate::http) fn slots(json: &[u8]) -> Option<Content> {
        let slots: Slots = serde_json::from_slice(json).ok()?;
        slots.slots.iter().all(|(name, _)| SLOTS.contains(&name.as_str())).then_some(Content::Slots(slots))
    }

    /// What a form holds: of a template, or a document as text or (between pages) in hexadecimal.
    pub(in super::super) fn of_form(fields: &Fields) -> Option<Content> {
        match (fields.get("template"), fields.get("raw")) {
            ("", "") => unhex(fields.get("cap")).map(Content::Cap),
            ("", _) => Some(Content::Cap(fields.get("cap").as_bytes().to_vec())),
            (template, _) => Some(Content::Slots(Slots::of_form(template, fields))),
        }
    }

    /// As the store keeps it.
    pub(in crate::http) fn stored(&self, console: &Console) -> DraftContent {
        let (kind, body) = self.body();
        DraftContent { kind, body, title: self.titles(console) }
    }

    fn body(&self) -> (DraftKind, Vec<u8>) {
        match self {
            Content::Cap(cap) => (DraftKind::Cap, cap.clone()),
            Content::Slots(slots) => (DraftKind::Slots, serde_json::to_vec(slots).unwrap_or_default()),
        }
    }

    /// As fields of a form, so that the next page can keep it.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        match self {
            Content::Cap(cap) => vec![("cap".to_owned(), hex(cap))],
            Content::Slots(slots) => {
                let template = ("template".to_owned(), slots.template.clone());
                std::iter::once(template).chain(slots.slots.clone()).collect()
            }
        }
    }

    /// The document as it would be handed in now, or everything that is wrong with the slots.
    pub(in crate::http) fn cap(&self, console: &Console, now: DateTime<Utc>) -> Result<Vec<u8>, Vec<Fault>> {
        match self {
            Content::Cap(cap) => Ok(cap.clone()),
            Content::Slots(Slots { template, slots }) => {
                let Some(hazard) = console.hazards.get(template) else {
                    let words = format!("\"{template}\" is no template");
                    return Err(vec![Fault::error("form.template", "template", words)]);
                };
                let fields = Fields::new(slots.clone());
                compose(hazard, &console.hazards, &fields, console.country(), now)
            }
        }
    }

    /// What a list calls it: the headline, or the template and its area.
    fn titles(&self, console: &Console) -> Title {
        let alert = match self {
            Content::Cap(cap) => cap::read(cap, &Limits::cap()).0,
            Content::Slots(_) => None,
        };
        let of = |lang| self.title(console, alert.as_ref(), lang);
        Title { ar: of(Lang::Ar), en: of(Lang::En) }
    }

    fn title(&self, console: &Console, alert: Option<&Alert>, lang: Lang) -> String {
        match self {
            Content::Cap(_) => {
                alert.and_then(|alert| alert.headline(lang.code())).unwrap_or("CAP").to_owned()
            }
            Content::Slots(Slots { template, slots }) => {
                let hazard = console.hazards.get(template);
                let mut words = vec![hazard.map_or(template.as_str(), |hazard| hazard.name.of(lang))];
                for (name, value) in slots.iter().filter(|(_, value)| !value.is_empty()) {
                    let index = console.hub.index();
                    match (name.as_str(), index.find(value, &Layer::ALL)) {
                        ("area", Some(place)) => words.push(super::super::sheet::name(index.at(place), lang)),
                        ("areas", _) => words.push(value),
                        _ => {}
                    }
                }
                words.join(" · ")
            }
        }
    }
}

/// What a list calls a draft: what it was called when it was kept. What an older version kept has no title; there the
/// draft itself is read.
pub(in crate::http) async fn title(
    console: &Console,
    row: &DraftRow,
    lang: Lang,
) -> Result<String, StoreError> {
    let title = match &row.title {
        Some(title) => title.clone(),
        None => match console.hub.store().draft(&row.id).await {
            Ok(stored) => Content::of(&stored).map(|content| content.titles(console)).unwrap_or_default(),
            // It was handed in or thrown away between the two reads.
            Err(StoreError::NoDraft(_)) => Title::default(),
            Err(e) => return Err(e),
        },
    };
    Ok(match lang {
        Lang::Ar => title.ar,
        Lang::En => title.en,
    })
}

impl Slots {
    pub(super) fn of_form(template: &str, fields: &Fields) -> Slots {
        let slots =
            SLOTS.iter().flat_map(|name| fields.all(name).map(|v| ((*name).to_owned(), v.to_owned())));
        Slots { template: template.to_owned(), slots: slots.filter(|(_, v)| !v.is_empty()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_composes_a_document_is_kept_with_the_draft() {
        let sources = [include_str!("compose.rs"), include_str!("../places.rs")];
        let code: String = sources.iter().filter_map(|source| source.split("#[cfg(test)]").next()).collect();
        let read = |call: &str| {
            code.split(call).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>()
        };
        let names = [read("fields.get(\""), read("fields.all(\""), read("clock(\"")].concat();
        assert!(names.len() >= SLOTS.len(), "{names:?}");
        for name in names {
            assert!(SLOTS.contains(&name), "{name} is lost between the form and the draft");
        }
        let fields = Fields::new(SLOTS.map(|name| (name.to_owned(), "x".to_owned())).to_vec());
        let kept = Content::Slots(Slots::of_form("wadi-flood", &fields)).body().1;
        assert!(Content::slots(&kept).is_some_and(|content| content.fields().len() == SLOTS.len() + 1));
    }
}
