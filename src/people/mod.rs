//! Persons and what they sign in with. A token is shown once; only its digest is kept.

/// What a person may do.
mod role;
/// Sign-in links and browser sessions.
pub mod session;

pub use role::Role;
pub use session::{Session, Sessions};

use crate::store::{Person, Store, StoreError};
use nadhir_core::digest::{Digest, hex};
use uuid::Uuid;

/// What a person signs in with: 256 random bits, so that a plain digest of it is safe to keep.
pub struct Token(String);

impl Token {
    /// Draws a new one from the operating system.
    pub fn draw() -> Result<Token, getrandom::Error> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits)?;
        Ok(Token(format!("ndr_{}", hex(&bits))))
    }

    /// To be handed to the person, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept.
    pub fn digest(&self) -> Digest {
        digest(&self.0)
    }
}

/// Why a person cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The record refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A name that would give no right, or not the one that was meant.
    #[error(
        "\"{0}\" says no role that is known: write one at the end of the name, (author), (approver), (desk), (regulator) \
         or (operator: NAME), or no brackets at all for the desk"
    )]
    Role(String),
    /// No randomness.
    #[error("the operating system gave no randomness: {0}")]
    Random(String),
}

/// Adds a person whose name says a role that is known and returns the token to hand over.
pub async fn add(store: &Store, name: &str) -> Result<(Person, Token), PeopleError> {
    if Role::of_name(name) == Role::Unknown {
        return Err(PeopleError::Role(name.to_owned()));
    }
    let token = Token::draw().map_err(|e| PeopleError::Random(e.to_string()))?;
    let person = Person { id: format!("prs_{}", Uuid::now_v7()), name: name.to_owned() };
    store.add_person(person.clone(), token.digest()).await?;
    Ok((person, token))
}

/// Whose token this is, if anybody's.
pub async fn by_token(store: &Store, token: &str) -> Result<Option<Person>, StoreError> {
    store.person_by_token(digest(token)).await
}

fn digest(token: &str) -> Digest {
    Digest::of_parts([b"nadhir/token/1".as_slice(), token.as_bytes()])
}
