//! `nadhir message encode`: a text as cell-broadcast pages, in every wire form.

use super::exit::{Exit, Failure};
use super::lines;
use clap::{Args, Subcommand};
use nadhir_core::cbs::{self, Allowed, Channel, Laid, Ornament, Rules, Text, wire};
use nadhir_core::digest::hex;
use nadhir_core::fault::Fault;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Instant;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Encodes texts: one JSON object a line on stdin, {"id","language","text","identifier","serial"}.
    Encode {
        /// One object a line (the only form so far).
        #[arg(long, required = true)]
        jsonl: bool,
        #[command(flatten)]
        choice: Choice,
    },
    /// What texts cost in each layout, in units, pages and seconds on 2G: one JSON object a line on stdin,
    /// {"id","texts":[{"language","text"}]}.
    Budget {
        /// One object a line (the only form so far).
        #[arg(long, required = true)]
        jsonl: bool,
        #[command(flatten)]
        choice: Choice,
    },
}

#[derive(Args)]
pub(super) struct Choice {
    /// Drops tatweel (U+0640) from Arabic, tashkeel (U+064B-0652), or both: `--drop tatweel,tashkeel`.
    #[arg(long, value_delimiter = ',', value_parser = ornament)]
    drop: Vec<Ornament>,
    /// A link that may stand in a text: a host, or a host and the beginning of a path. May be given more than once.
    #[arg(long = "allow-link")]
    links: Vec<String>,
    /// A telephone number that may stand in a text; the first one given replaces the built-in 9999. May be given more than once.
    #[arg(long = "allow-number")]
    numbers: Vec<String>,
}

fn ornament(word: &str) -> Result<Ornament, String> {
    Ornament::parse(word).ok_or_else(|| "tatweel or tashkeel".to_owned())
}

impl Choice {
    fn rules(&self) -> Result<Rules, Failure> {
        let numbers = if self.numbers.is_empty() { vec!["9999".to_owned()] } else { self.numbers.clone() };
        let allowed = Allowed::parse(&self.links, &numbers)
            .map_err(|wrong| Failure::new(Exit::Usage, wrong.join("; ")))?;
        Ok(Rules { allowed, drop: self.drop.clone(), layout: None })
    }
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    id: Value,
    language: String,
    text: String,
    identifier: u16,
    serial: u16,
}

#[derive(Deserialize)]
struct Texts {
    #[serde(default)]
    id: Value,
    texts: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    language: String,
    text: String,
}

pub(super) fn run(verb: &Verb) -> Result<Exit, Failure> {
    let mut refused = 0;
    let mut count = |answer: Value| {
        refused += usize::from(answer.get("faults").is_some());
        answer
    };
    let unread = match verb {
        Verb::Encode { choice, .. } => {
            let rules = choice.rules()?;
            lines::answer(|request: Request| count(encode(&request, &rules)))?
        }
        Verb::Budget { choice, .. } => {
            let rules = choice.rules()?;
            lines::answer(|request: Texts| count(budget(request, &rules)))?
        }
    };
    Ok(if unread + refused == 0 { Exit::Ok } else { Exit::InvalidCap })
}

/// What each layout costs; faults alone where no layout can be had.
fn budget(request: Texts, rules: &Rules) -> Value {
    let texts: Vec<Text> =
        request.texts.into_iter().map(|said| Text { language: said.language, body: said.text }).collect();
    let choices = cbs::choices(&texts, rules);
    match choices.iter().find(|choice| choice.budget.is_some()) {
        Some(_) => json!({ "id": request.id, "layouts": choices }),
        None => json!({ "id": request.id, "faults": choices.last().map(|choice| &choice.faults) }),
    }
}

fn encode(request: &Request, rules: &Rules) -> Value {
    let start = Instant::now();
    let encoded = cbs::encode_text(&request.text, &request.language, rules);
    let micros = start.elapsed().as_secs_f64() * 1e6;
    // The octets of a page may carry any number; what is not one of the four channels is never on air, so it is not shown.
    let unknown = Channel::from_identifier(request.identifier).is_none().then(|| {
        let words = format!("{} is no channel: 4370, 4371, 4380 and 4381 are", request.identifier);
        Fault::error("cbs.channel.identifier", "identifier", words)
    });
    let Laid { pages, changes, .. } = match (encoded, unknown) {
        (Ok(laid), None) => laid,
        (encoded, unknown) => {
            let faults: Vec<Fault> = unknown.into_iter().chain(encoded.err().into_iter().flatten()).collect();
            return json!({ "id": request.id, "faults": faults });
        }
    };
    let forms = wire::forms(&pages, request.serial, request.identifier);
    json!({
        "id": request.id,
        "dcs": pages.dcs().octet(),
        "alphabet": pages.alphabet(),
        "units": pages.units(),
        "pages": pages.pages().iter().map(|p| hex(p.octets())).collect::<Vec<_>>(),
        "lengths": pages.pages().iter().map(cbs::Page::useful).collect::<Vec<_>>(),
        "gsm_pages": forms.gsm_pages.iter().map(|p| hex(p)).collect::<Vec<_>>(),
        "cb_data": hex(&forms.cb_data),
        "ms_2g": cbs::budget::ms_2g(pages.pages().len()),
        "changes": changes,
        "micros": (micros * 10.0).round() / 10.0,
    })
}
