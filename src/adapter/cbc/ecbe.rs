//! A CBC that speaks ECBE, the JSON of Osmocom's CBC. It reaches the whole network or nobody: a smaller area is refused here.
//!
//! It broadcasts one message an identifier and takes it away by identifier alone, so the ledger says whose it is: nothing is
//! taken away that is not ours for sure, which a 2xx to this very message alone makes it. A 201 says nothing about the air,
//! and there is no status: `accepted` is all it can be.

use super::line::{Line, exchange};
use super::{Reach, Task};
use crate::adapter::gate::Gate;
use crate::adapter::ledger::{Ledger, LedgerError, Live, Sure};
use chrono::{DateTime, Utc};
use nadhir_core::cap::{self, Limits};
use nadhir_core::delivery::Kind;
use nadhir_core::digest::hex;
use nadhir_core::session::rounds::{UNIT_2G_MS, fits};
use nadhir_core::session::{Answer, Status};
use nadhir_core::warning::air::{self, AirMessage};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// One number goes out as units of 1.883 s on 2G and as seconds on 4G: 56.5 s there, 30 s here.
const PERIOD: u16 = 30;
const MESSAGES: &str = "api/ecbe/v1/message";

/// One site.
#[derive(Debug, Clone)]
pub(super) struct Ecbe {
    pub(super) line: Line,
    /// Its name in the ledger.
    pub(super) site: String,
}

impl Ecbe {
    /// Puts a warning on air, in the place of what it follows; or takes away what a cancel ends.
    pub(super) async fn submit(&self, task: &Task, ledger: &Ledger, gate: &Gate) -> Answer {
        let done = match task.order.kind {
            Kind::Cancel => self.stop(task, ledger, gate).await,
            Kind::Alert | Kind::Update => self.put(task, ledger, gate).await,
        };
        done.unwrap_or_else(|e| Answer::Failed(format!("whose message it is cannot be told: {e}")))
    }

    /// What the ledger says: what was taken away is gone; of what is there the CBC itself tells nothing.
    pub(super) async fn status(&self, task: &Task, ledger: &Ledger) -> Status {
        for (identifier, serial, _) in &task.job.messages {
            match ledger.live(&self.site, *identifier).await {
                Ok(Some(live)) if live.serial != *serial || live.warning != task.job.warning => {
                    return Status::Absent;
                }
                Ok(Some(Live { sure: Sure::No, .. })) => return Status::Silent(unsure(*identifier)),
                Ok(Some(Live { sure: Sure::Yes, .. })) => {}
                Ok(None) => return Status::Absent,
                Err(e) => return Status::Silent(e.to_string()),
            }
        }
        Status::Mute
    }

    /// It keeps a message until it is told to drop it, and refuses the next under that identifier: so ours is taken away at
    /// its end, while it is surely still ours.
    pub(super) async fn free(&self, task: &Task, ledger: &Ledger) -> Result<(), String> {
        for (identifier, serial, _) in &task.job.messages {
            let live = ledger.live(&self.site, *identifier).await.map_err(|e| e.to_string())?;
            let ours = live.filter(|live| live.serial == *serial && live.warning == task.job.warning);
            match ours.map(|live| live.sure) {
                Some(Sure::Yes) => match self.take_away(*identifier, ledger).await {
                    Ok(Answer::Stopped) => {}
                    Ok(not) => return Err(format!("not taken away at its end: {not:?}")),
                    Err(e) => return Err(e.to_string()),
                },
                Some(Sure::No) | None => {}
            }
        }
        Ok(())
    }

    async fn put(&self, task: &Task, ledger: &Ledger, gate: &Gate) -> Result<Answer, LedgerError> {
        let message = match fit(task) {
            Ok(message) => message,
            Err(refused) => return Ok(refused),
        };
        let Some(now) = gate.pass() else { return Ok(Answer::Withheld) };
        let (identifier, serial) = (message.channel.identifier(), message.serial.get());
        let expires_ms = task.order.expires.timestamp_millis();
        let ours = Live { serial, warning: task.job.warning.clone(), expires_ms, sure: Sure::No };
        let mut before = ledger.live(&self.site, identifier).await?;
        if let Some(other) = before.as_ref().filter(|before| !before.is(&ours)) {
            // One message an identifier: the old one has to go first, if this one follows it. What is over is not there any
            // more, or another's is in its place: it is not taken away.
            let over = other.is_over(now);
            if !task.ends(&other.warning) && !over {
                return Ok(occupied(identifier));
            }
            match other.sure {
                Sure::Yes if !over => {
                    let taken = self.take_away(identifier, ledger).await?;
                    if taken != Answer::Stopped {
                        return Ok(taken);
                    }
                    before = None;
                }
                // What may be another's is not taken away: the CBC takes the new one if nothing is there.
                Sure::Yes | Sure::No => before = before.filter(|_| !over),
            }
        }
        // Kept before it is sent: an answer that is lost must not leave a message that nobody knows may be ours.
        let held = before.as_ref().filter(|before| before.is(&ours)).map(|held| held.sure);
        if held.is_none() {
            ledger.set_live(&self.site, identifier, Some(ours.clone())).await?;
        }
        let mut answer = self.post(&message, task, gate).await;
        if let Put::Not(Answer::Unknown(_)) = answer {
            // Asked once more: it takes what it has not, and refuses what it has.
            answer = match self.post(&message, task, gate).await {
                Put::Taken => Put::Taken,
                Put::Occupied if held == Some(Sure::Yes) => Put::Occupied,
                Put::Occupied => Put::Not(Answer::Unknown(unsure(identifier))),
                Put::Not(_) => answer,
            };
        }
        let answer = match (answer, held) {
            (Put::Taken, _) => {
                ledger.set_live(&self.site, identifier, Some(Live { sure: Sure::Yes, ..ours })).await?;
                Answer::Accepted(task.job.messages.clone())
            }
            // It took this very message once and has it still.
            (Put::Occupied, Some(Sure::Yes)) => Answer::Accepted(task.job.messages.clone()),
            (Put::Occupied, Some(Sure::No)) => Answer::Unknown(unsure(identifier)),
            (Put::Occupied, None) if before.is_some() => unsure_before(identifier),
            (Put::Occupied, None) => occupied(identifier),
            (Put::Not(answer), _) => answer,
        };
        let certainly_not = matches!(answer, Answer::Never(_) | Answer::Withheld | Answer::Refused { .. });
        if held.is_none() && certainly_not {
            ledger.set_live(&self.site, identifier, before).await?;
        }
        Ok(answer)
    }

    async fn post(&self, message: &AirMessage, task: &Task, gate: &Gate) -> Put {
        let Some(now) = gate.pass() else { return Put::Not(Answer::Withheld) };
        let body = body(message, task.order.expires, now);
        let request = self.line.client.post(self.line.at(MESSAGES)).json(&body);
        match exchange(request).await {
            // It echoes nothing; that it took the request is all there is.
            Ok(reply) if reply.status.is_success() => Put::Taken,
            Ok(reply) if reply.status == StatusCode::CONFLICT => Put::Occupied,
            Ok(reply) => Put::Not(reply.failure()),
            Err(silence) => Put::Not(silence.answer()),
        }
    }

    async fn stop(&self, task: &Task, ledger: &Ledger, gate: &Gate) -> Result<Answer, LedgerError> {
        let mut unknown = None;
        for channel in nadhir_core::cbs::Channel::ALL {
            let identifier = channel.identifier();
            let live = ledger.live(&self.site, identifier).await?;
            // A late cancel of one warning must not kill another that has its identifier by now.
            let Some(live) = live.filter(|live| task.ends(&live.warning)) else { continue };
            // Its broadcasts were counted to end with its time: nothing of ours is left to be taken away.
            if gate.pass().is_some_and(|now| live.is_over(now)) {
                ledger.set_live(&self.site, identifier, None).await?;
                continue;
            }
            match live.sure {
                Sure::Yes => {
                    let taken = self.take_away(identifier, ledger).await?;
                    if taken != Answer::Stopped {
                        return Ok(taken);
                    }
                }
                Sure::No => unknown = Some(Answer::Unknown(unsure(identifier))),
            }
        }
        Ok(unknown.unwrap_or(Answer::Stopped))
    }

    async fn take_away(&self, identifier: u16, ledger: &Ledger) -> Result<Answer, LedgerError> {
        let url = self.line.at(&format!("{MESSAGES}/{identifier}"));
        let answer = match exchange(self.line.client.delete(url)).await {
            Ok(reply) if reply.status.is_success() || reply.status == StatusCode::NOT_FOUND => {
                ledger.set_live(&self.site, identifier, None).await?;
                Answer::Stopped
            }
            Ok(reply) => reply.failure(),
            Err(silence) => silence.answer(),
        };
        Ok(answer)
    }
}

/// How the CBC answered a message.
enum Put {
    /// 2xx.
    Taken,
    /// 409: something is on air under its identifier.
    Occupied,
    /// Anything else.
    Not(Answer),
}

/// The one message that such a CBC can take of this order, or why it cannot.
fn fit(task: &Task) -> Result<AirMessage, Answer> {
    let refused = |code: &str, words: String| Answer::Refused { code: code.to_owned(), words };
    if task.reach == Reach::Less {
        let words = "this CBC reaches its whole network or nobody, and the area is smaller than that";
        return Err(refused("ecbe.area", words.to_owned()));
    }
    let (alert, _) = cap::read(task.order.cap.as_bytes(), &Limits::cap());
    let messages = alert.map(|alert| air::messages(&alert));
    match messages {
        Some(Ok(mut messages)) if messages.len() == 1 => Ok(messages.swap_remove(0)),
        Some(Ok(messages)) => {
            let words = "messages would go out under one identifier, and this CBC takes one";
            Err(refused("ecbe.messages", format!("{} {words}", messages.len())))
        }
        Some(Err(bad)) => Err(refused("order.messages", bad.to_string())),
        None => Err(refused("order.unreadable", "the order's CAP cannot be read again".to_owned())),
    }
}

fn occupied(identifier: u16) -> Answer {
    let words = format!("another message is on air under {identifier}, and this CBC takes one");
    Answer::Refused { code: "ecbe.occupied".to_owned(), words }
}

/// What a person is told where only looking helps.
fn unsure(identifier: u16) -> String {
    format!(
        "an answer was lost, and what is on air under {identifier} may be another system's: it is not taken away from here. \
         Look at the CBC itself, and delete it there if it is this warning"
    )
}

fn unsure_before(identifier: u16) -> Answer {
    let words = format!(
        "a message is on air under {identifier}, this CBC takes one, and it cannot be told whether it is ours: the answer to \
         the one before this was lost. Look at the CBC itself, and delete it there if it is the older warning"
    );
    Answer::Refused { code: "ecbe.occupied".to_owned(), words }
}

/// The broadcasts are counted in the longer of the two periods: on 4G they end early, and on no radio after the warning.
fn body(message: &AirMessage, expires: DateTime<Utc>, now: DateTime<Utc>) -> Value {
    let left_ms = (expires - now).num_milliseconds().max(0);
    let pages: Vec<String> = message.pages.pages().iter().map(|page| hex(page.octets())).collect();
    json!({
        "cbe_name": "nadhir",
        "category": "high_priority",
        "repetition_period": PERIOD,
        "num_of_bcast": fits(left_ms, i64::from(PERIOD) * UNIT_2G_MS),
        "scope": { "scope_plmn": {} },
        "smscb_message": {
            "message_id": message.channel.identifier(),
            "serial_nr": { "serial_nr_encoded": message.serial.get() },
            "payload": { "payload_encoded": { "dcs": message.pages.dcs().octet(), "pages": pages } },
        },
    })
}
