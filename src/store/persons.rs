//! Persons by id, and the digest of the token each signs in with. The token itself is never stored.

use super::{Lane, Store, StoreError, chain};
use nadhir_core::digest::Digest;
use nadhir_core::warning::Event;
use rusqlite::{OptionalExtension, params};

/// Somebody who may submit and approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Stands in the record.
    pub id: String,
    /// Stands beside the record, never in it.
    pub name: String,
}

impl Store {
    /// Adds a person with the digest of a token.
    pub async fn add_person(&self, person: Person, token: Digest) -> Result<(), StoreError> {
        let work = move |c: &rusqlite::Connection| {
            c.prepare_cached("INSERT INTO person (id, name, token_sha256) VALUES (?1, ?2, ?3)")?
                .execute(params![person.id, person.name, token.0])?;
            chain::append(c, &Event::PersonAdded { person: person.id })
        };
        self.write(Lane::Urgent, work).await.map(|done| done.value)
    }

    /// A person by id.
    pub async fn person(&self, id: &str) -> Result<Option<Person>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let name = c
                .prepare_cached("SELECT name FROM person WHERE id = ?1")?
                .query_row([&id], |row| row.get(0))
                .optional()?;
            Ok(name.map(|name| Person { id, name }))
        })
        .await
    }

    /// The person whose token has this digest. The look-up is by digest: nothing of the token leaks by its timing.
    pub async fn person_by_token(&self, token: Digest) -> Result<Option<Person>, StoreError> {
        self.read(move |c| {
            let person = c
                .prepare_cached("SELECT id, name FROM person WHERE token_sha256 = ?1")?
                .query_row([token.0], |row| Ok(Person { id: row.get(0)?, name: row.get(1)? }))
                .optional()?;
            Ok(person)
        })
        .await
    }
}
