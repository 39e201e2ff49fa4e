//! What each operator last told of its cell list. In memory alone: adapters tell it again every minute.

use chrono::{DateTime, Utc};
use nadhir_core::delivery::Counts;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The last census of each operator.
#[derive(Debug, Default)]
pub struct Told(Mutex<HashMap<String, Arc<Heard>>>);

/// A census and when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// What was told.
    #[serde(flatten)]
    pub counts: Counts,
    /// When, by the hub's clock.
    pub heard_at: DateTime<Utc>,
}

impl Told {
    /// Keeps a census in the place of the operator's former one.
    pub(super) fn keep(&self, counts: Counts, heard_at: DateTime<Utc>) {
        let operator = counts.operator.clone();
        let heard = Arc::new(Heard { counts, heard_at });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(operator, heard);
    }

    /// What an operator last told; nothing since the hub's start, perhaps.
    pub fn of(&self, operator: &str) -> Option<Arc<Heard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(operator).cloned()
    }
}
