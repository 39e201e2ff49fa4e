//! The life of a draft: kept, changed from the version that was seen, thrown away, handed in. It binds nobody and reaches nobody.

use super::event::{DraftMade, Event};
use crate::digest::Digest;
use chrono::{DateTime, Utc};

/// What an author has not handed in yet. Its content is judged when it is, not before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub author: String,
    /// 1 when it is begun, one more with every change.
    pub version: u64,
    /// SHA-256 of what is kept.
    pub sha256: Digest,
}

/// What somebody asks, having seen one version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftCommand {
    /// Keep this in its place.
    Change {
        /// SHA-256 of what is to be kept.
        sha256: Digest,
    },
    /// Throw it away.
    Drop,
    /// It becomes a warning that waits; the event of that is the warning's own.
    HandIn,
}

/// Somebody else was quicker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the draft was changed meanwhile: version {seen} was seen, version {now} is kept")]
pub struct DraftChanged {
    /// What the person saw.
    pub seen: u64,
    /// What is there.
    pub now: u64,
}

/// Decides a command of `by`, who saw version `seen`. A draft that is handed in has no event of its own.
pub fn decide_draft(
    draft: &Draft,
    command: DraftCommand,
    by: &str,
    seen: u64,
    at: DateTime<Utc>,
) -> Result<Option<Event>, DraftChanged> {
    if seen != draft.version {
        return Err(DraftChanged { seen, now: draft.version });
    }
    let (id, by) = (draft.id.clone(), by.to_owned());
    Ok(match command {
        DraftCommand::Change { sha256 } => {
            Some(Event::DraftKept { draft: id, by, version: seen + 1, sha256, at })
        }
        DraftCommand::Drop => Some(Event::DraftDropped { draft: id, by, at }),
        DraftCommand::HandIn => None,
    })
}

impl Draft {
    /// The draft that an event began; `None` for any other event.
    pub fn begun(event: &Event) -> Option<Draft> {
        match event {
            Event::DraftKept { draft, by, version: 1, sha256, .. }
            | Event::CameIn { by, draft: Some(DraftMade { draft, sha256 }), .. } => {
                Some(Draft { id: draft.clone(), author: by.clone(), version: 1, sha256: *sha256 })
            }
            Event::DraftKept { .. }
            | Event::DraftDropped { .. }
            | Event::CameIn { draft: None, .. }
            | Event::PersonAdded { .. }
            | Event::Submitted { .. }
            | Event::Approved { .. }
            | Event::Updated { .. }
            | Event::Cancelled { .. }
            | Event::Expired { .. }
            | Event::Ordered { .. }
            | Event::Heard { .. } => None,
        }
    }

    /// The draft after an event; `None` when it is gone. Events of others leave it as it is.
    #[must_use]
    pub fn apply(mut self, event: &Event) -> Option<Draft> {
        match event {
            Event::DraftKept { draft, version, sha256, .. } if *draft == self.id => {
                (self.version, self.sha256) = (*version, *sha256);
            }
            Event::DraftDropped { draft, .. } if *draft == self.id => return None,
            Event::Submitted { draft: Some(draft), .. } if *draft == self.id => return None,
            Event::DraftKept { .. }
            | Event::DraftDropped { .. }
            | Event::CameIn { .. }
            | Event::PersonAdded { .. }
            | Event::Submitted { .. }
            | Event::Approved { .. }
            | Event::Updated { .. }
            | Event::Cancelled { .. }
            | Event::Expired { .. }
            | Event::Ordered { .. }
            | Event::Heard { .. } => {}
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_changes_from_the_version_that_was_seen_and_is_gone_once() {
        let at = DateTime::UNIX_EPOCH;
        let draft = Draft { id: "drf_1".into(), author: "amal".into(), version: 1, sha256: Digest([1; 32]) };
        let change = || DraftCommand::Change { sha256: Digest([2; 32]) };
        let changed = decide_draft(&draft, change(), "badr", 1, at).unwrap().unwrap();
        let second = draft.clone().apply(&changed).unwrap();
        assert_eq!((second.version, second.sha256, &*second.author), (2, Digest([2; 32]), "amal"));
        for command in [change(), DraftCommand::Drop, DraftCommand::HandIn] {
            let late = decide_draft(&second, command, "amal", 1, at);
            assert_eq!(late, Err(DraftChanged { seen: 1, now: 2 }));
        }
        let dropped = decide_draft(&second, DraftCommand::Drop, "amal", 2, at).unwrap().unwrap();
        assert_eq!(second.clone().apply(&dropped), None);
        assert_eq!(decide_draft(&second, DraftCommand::HandIn, "amal", 2, at), Ok(None));
        assert_eq!(Draft::begun(&changed), None, "a second version begins nothing");
        let came = |draft| Event::CameIn {
            intake: "int_1".into(),
            by: "amal".into(),
            original: "a,b,c".into(),
            sha256: Digest([3; 32]),
            draft,
            at,
        };
        let made = DraftMade { draft: "drf_1".into(), sha256: Digest([1; 32]) };
        assert_eq!(
            Draft::begun(&came(Some(made))),
            Some(draft.clone()),
            "an alert that came begins its draft"
        );
        assert_eq!(Draft::begun(&came(None)), None);
        let other = Event::DraftDropped { draft: "drf_2".into(), by: "amal".into(), at };
        assert_eq!(draft.clone().apply(&other), Some(draft));
    }
}
