//! Where a draft comes from: whose alert it was, as it came, its faults, and what is lost or changed. Nothing of it is sent.

use super::Console;
use super::frame::Frame;
use super::locale::Lang;
use super::sheet::{self, FaultRow};
use crate::dispatch::IssueError;
use nadhir_core::warning::Loss;
use serde::Deserialize;

/// What stands around it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) source: String,
    pub(super) sender: String,
    pub(super) identifier: String,
    pub(super) sent: String,
    pub(super) intake: String,
    pub(super) losses: String,
    pub(super) faults: String,
    pub(super) as_came: String,
}

/// An alert of another authority beside the draft that was made of it.
pub(super) struct Origin {
    pub(super) intake: String,
    pub(super) sender: String,
    pub(super) identifier: String,
    pub(super) sent: String,
    /// What it calls itself, if it says.
    pub(super) source: Option<String>,
    pub(super) faults: Vec<FaultRow>,
    pub(super) losses: Vec<LossRow>,
    /// Its octets, as text.
    pub(super) cap: String,
}

/// One thing that is lost or changed.
pub(super) struct LossRow {
    pub(super) code: &'static str,
    pub(super) place: String,
    /// In the page's language.
    pub(super) words: &'static str,
    /// What of this very alert, in English.
    pub(super) detail: String,
}

impl LossRow {
    fn of(loss: Loss, lang: Lang) -> LossRow {
        let words = lang.words().losses.get(loss.code).map_or("", String::as_str);
        LossRow { code: loss.code, place: loss.place, words, detail: loss.message }
    }
}

/// What a draft was made of; none where no alert came in for it.
pub(super) async fn of_draft(
    console: &Console,
    f: &Frame,
    draft: Option<&str>,
) -> Result<Option<Origin>, IssueError> {
    let Some(draft) = draft else { return Ok(None) };
    let Some((taken, cap)) = console.hub.origin(draft).await? else { return Ok(None) };
    let Some(original) = taken.intake.original else { return Ok(None) };
    Ok(Some(Origin {
        intake: taken.id,
        sender: original.id.sender,
        identifier: original.id.identifier,
        sent: original.id.sent.to_string(),
        source: taken.intake.source,
        faults: sheet::rows(&taken.intake.faults, f.lang),
        losses: taken.intake.losses.into_iter().map(|loss| LossRow::of(loss, f.lang)).collect(),
        cap: String::from_utf8_lossy(&cap).into_owned(),
    }))
}

/// The same of a warning, by the draft that became it.
pub(super) async fn of_warning(
    console: &Console,
    f: &Frame,
    warning: &str,
) -> Result<Option<Origin>, IssueError> {
    let draft = console.hub.store().draft_of(warning).await?;
    of_draft(console, f, draft.as_deref()).await
}
