//! `nadhir person add`: somebody who may submit and approve. Only while no hub runs on the record.

use super::exit::{Exit, Failure};
use super::{ConfigArgs, block_on, print};
use crate::people;
use crate::run;
use crate::store::Store;
use clap::Subcommand;
use serde_json::json;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Adds a person and prints their token, once. The hub must not be running.
    Add {
        #[command(flatten)]
        config: ConfigArgs,
        /// JSON on stdout.
        #[arg(long)]
        json: bool,
        /// Their name.
        name: String,
    },
}

pub(super) fn run(verb: Verb) -> Result<Exit, Failure> {
    let Verb::Add { config, json: as_json, name } = verb;
    let config = config.read()?;
    let _held = run::lock(&config.hub.store)?;
    let store = Store::open(&config.hub.store)?;
    let (person, token) = block_on(async {
        people::add(&store, &name).await.map_err(|e| Failure::new(Exit::Failure, e.to_string()))
    })?;
    print(&if as_json {
        json!({ "person": person.id, "name": person.name, "token": token.reveal() }).to_string()
    } else {
        format!("{}  {}\n{}\nThe token is shown this once.", person.id, person.name, token.reveal())
    })?;
    Ok(Exit::Ok)
}
