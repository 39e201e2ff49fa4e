//! Who takes part in a drill, and so what it tests: a fact of the hub it is run at, not a wish.

/// Who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Simulated operators and phones.
    Tabletop,
    /// The operators' networks, at a hub that is not live.
    Network,
    /// The public: 4381 is on by default.
    Public,
}

impl Mode {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Tabletop => "tabletop",
            Mode::Network => "network",
            Mode::Public => "public",
        }
    }
}
