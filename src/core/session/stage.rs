//! The stage of one delivery at the operator's side, as the ledger keeps it over a restart.

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
