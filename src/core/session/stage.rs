//! The stage of one delivery at the operator's side, as the ledger keeps it over a restart.

use crate::delivery::Grade;

/// How far the adapter has come with one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Durable; nothing asked of the CBC yet.
    Taken,
    /// A submission went out; its outcome is not known.
    Submitted,
    /// The CBC has it.
    Accepted,
    /// On air as far as it will come; watched until its end.
    OnAir,
    /// Nothing more to do.
    Done,
}

/// What is known of a delivery when the session first hears of it; more than its stage only after a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// How far it came.
    pub stage: Stage,
    /// Whether the CBC may have it from an earlier submission, whatever its stage says.
    pub doubt: bool,
    /// What had ended it before it came, if anything had: what becomes of it if it never went out.
    pub ended: Option<Grade>,
}

impl From<Stage> for Past {
    /// Nothing more is known. What was submitted with no outcome may be there.
    fn from(stage: Stage) -> Past {
        Past { stage, doubt: stage == Stage::Submitted, ended: None }
    }
}

impl Stage {
    /// The word in the ledger.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Taken => "taken",
            Stage::Submitted => "submitted",
            Stage::Accepted => "accepted",
            Stage::OnAir => "on_air",
            Stage::Done => "done",
        }
    }

    /// The stage of that word.
    pub fn parse(word: &str) -> Option<Stage> {
        [Stage::Taken, Stage::Submitted, Stage::Accepted, Stage::OnAir, Stage::Done]
            .into_iter()
            .find(|s| s.word() == word)
    }
}
