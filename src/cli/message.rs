//! `nadhir message encode`: a text as cell-broadcast pages, in every wire form.

use super::exit::{Exit, Failure};
use super::lines;
use clap::Subcommand;
use nadhir_core::cbs::{self, wire};
use nadhir_core::digest::hex;
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
    },
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

pub(super) fn run(verb: &Verb) -> Result<Exit, Failure> {
    let Verb::Encode { .. } = verb;
    let mut refused = 0;
    let unread = lines::answer(|request: Request| {
        let answer = encode(&request);
        refused += usize::from(answer.get("faults").is_some());
        answer
    })?;
    Ok(if unread + refused == 0 { Exit::Ok } else { Exit::InvalidCap })
}

fn encode(request: &Request) -> Value {
    let start = Instant::now();
    let encoded = cbs::encode_text(&request.text, &request.language);
    let micros = start.elapsed().as_secs_f64() * 1e6;
    let pages = match encoded {
        Ok(pages) => pages,
        Err(faults) => return json!({ "id": request.id, "faults": faults }),
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
        "micros": (micros * 10.0).round() / 10.0,
    })
}
