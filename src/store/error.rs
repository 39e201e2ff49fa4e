//! Why the record cannot do what it was asked.

/// Each names its cause in words a person can use.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused or failed.
    #[error("the record's database: {0}")]
    Engine(#[from] rusqlite::Error),
    /// A file of another version.
    #[error("the record is of schema {found}, this program knows {known}")]
    Version {
        /// In the file.
        found: i64,
        /// Here.
        known: i64,
    },
    /// The writer has ended.
    #[error("the record is closed: nothing can be written until the hub is started again")]
    Closed,
    /// The batch it was in could not be committed.
    #[error("the record could not be written: {0}")]
    NotCommitted(String),
    /// A stored value this code did not write.
    #[error("the record holds a {what} that cannot be read: {why}")]
    Damaged {
        /// Which kind of value.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// No such warning.
    #[error("there is no warning {0}")]
    NoWarning(String),
    /// No such draft, or it was thrown away or handed in.
    #[error("there is no draft {0}")]
    NoDraft(String),
    /// Somebody changed the draft meanwhile.
    #[error(transparent)]
    DraftChanged(#[from] nadhir_core::warning::DraftChanged),
    /// The same sender, identifier and sent with another content.
    #[error(
        "an alert with this sender, identifier and time was submitted before, with another content (as {warning})"
    )]
    Replayed {
        /// The earlier warning.
        warning: String,
    },
    /// Another warning of the same sender has the identifier.
    #[error(
        "{by} has this identifier, of the same sender and sent {sent}: an identifier is given once, to an update too"
    )]
    NameTaken {
        /// The warning.
        by: String,
        /// When that was sent.
        sent: String,
    },
    /// The same message of another authority: sender, identifier and instant.
    #[error("this message came before, as {intake}: a message is taken in once")]
    CameBefore {
        /// As what.
        intake: String,
    },
    /// The life of the warning refuses.
    #[error(transparent)]
    Refused(#[from] nadhir_core::warning::Refused),
    /// No serial numbers are left.
    #[error(transparent)]
    Exhausted(#[from] nadhir_core::cbs::serial::Exhausted),
    /// The same receipt with another body, or of a delivery nobody ordered: an alarm.
    #[error("receipt {id}: {why}")]
    BadReceipt {
        /// Its id.
        id: String,
        /// What is wrong.
        why: String,
    },
}
