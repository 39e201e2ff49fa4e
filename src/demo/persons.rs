//! The persons of the demonstration: an author, an approver, an operator's engineer, the regulator; and their sign-in links.

use super::{Demo, DemoError, answer};
use crate::people;
use crate::store::{Person, Store};
use std::path::Path;

/// The persons, before any hub runs on the record: the two of the warning, and everybody with their token.
pub(super) async fn add(store: &Path) -> Result<([Person; 2], [(String, String); 4]), DemoError> {
    let store = Store::open(store)?;
    let one = async |name: &str| {
        let (person, token) = people::add(&store, name).await?;
        let named = (person.name.clone(), token.reveal().to_owned());
        Ok::<_, DemoError>((person, named))
    };
    let (amal, author) = one("Amal (author)").await?;
    let (badr, approver) = one("Badr (approver)").await?;
    let (_, operator) = one("Oda (operator: omantel)").await?;
    let (_, regulator) = one("Rim (regulator)").await?;
    Ok(([amal, badr], [author, approver, operator, regulator]))
}

impl Demo {
    /// A sign-in link for everybody, by name; each is good once and for a quarter of an hour.
    pub async fn links(&self) -> Result<Vec<(String, String)>, DemoError> {
        let mut links = Vec::new();
        for (name, token) in &self.people {
            let url = format!("{}/v1/sign-in-links", self.url);
            let link = answer(self.client.post(url).bearer_auth(token)).await?;
            let path = link["path"].as_str().unwrap_or_default();
            links.push((name.clone(), format!("{}{path}", self.url)));
        }
        Ok(links)
    }
}
