//! Drafts as the desk asks for them: kept, changed from the version that was seen, thrown away. Judges no content.

use super::Hub;
use crate::store::{DraftContent, Person, SeenDraft, StoreError};
use tracing::info;
use uuid::Uuid;

impl Hub {
    /// Keeps a draft: a new one, or another content of the version that was seen. Returns what is kept now.
    pub async fn keep_draft(
        &self,
        by: &Person,
        seen: Option<SeenDraft>,
        content: DraftContent,
    ) -> Result<SeenDraft, StoreError> {
        let at = self.clock().now().utc;
        let kept = match seen {
            None => {
                let id = format!("drf_{}", Uuid::now_v7());
                self.store().begin_draft(id.clone(), &by.id, content, at).await?;
                SeenDraft { id, version: 1 }
            }
            Some(seen) => {
                let id = seen.id.clone();
                SeenDraft { id, version: self.store().change_draft(seen, &by.id, content, at).await? }
            }
        };
        info!(draft = kept.id, version = kept.version, by = by.id, "a draft is kept");
        self.board().tell();
        Ok(kept)
    }

    /// Throws a draft away.
    pub async fn drop_draft(&self, by: &Person, seen: SeenDraft) -> Result<(), StoreError> {
        self.store().drop_draft(seen.clone(), &by.id, self.clock().now().utc).await?;
        info!(draft = seen.id, by = by.id, "a draft was thrown away");
        self.board().tell();
        Ok(())
    }
}
