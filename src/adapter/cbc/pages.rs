//! A CBC that takes the pages it is given: the order's CAP as it is, and a status for each message. Decides nothing.

use super::Task;
use super::line::{Line, Reply, bounded, exchange};
use crate::adapter::gate::Gate;
use nadhir_core::digest::Digest;
use nadhir_core::session::{Answer, Status};
use reqwest::StatusCode;
use serde::Deserialize;
use std::collections::BTreeSet;

/// One site.
#[derive(Debug, Clone)]
pub(super) struct Pages(pub(super) Line);

/// A CBC that does not echo the digest of the pages has not confirmed them.
#[derive(Deserialize)]
struct Message {
    identifier: u16,
    serial: u16,
    pages_sha256: Option<Digest>,
    #[serde(default)]
    cells: BTreeSet<String>,
}

/// To an alert or an update it names the messages it has; to a cancel, what it has stopped.
#[derive(Deserialize)]
struct Taken {
    messages: Option<Vec<Message>>,
    stopped: Option<Vec<serde::de::IgnoredAny>>,
}

impl Pages {
    /// Submits the order's CAP.
    pub(super) async fn submit(&self, task: &Task, gate: &Gate) -> Answer {
        self.post(task, task.order.cap.clone(), gate).await
    }

    /// Submits a CAP (a cancel likewise) with the periods and counts that its remaining time allows. The new one is written
    /// beside whatever is on air: without saying so, a cell would drop what it broadcasts (TS 36.413, 8.12.1.2).
    pub(super) async fn post(&self, task: &Task, cap: String, gate: &Gate) -> Answer {
        let Some(now) = gate.pass() else { return Answer::Withheld };
        let rounds = task.rounds(now);
        let mut url = self.0.at("cap");
        url.query_pairs_mut()
            .append_pair("period_2g", &rounds.period_2g.to_string())
            .append_pair("broadcasts_2g", &rounds.broadcasts_2g.to_string())
            .append_pair("period_s", &rounds.period_s.to_string())
            .append_pair("broadcasts", &rounds.broadcasts.to_string())
            .append_pair("concurrent", "yes");
        let request = self.0.client.post(url).header("content-type", "application/cap+xml").body(cap);
        match exchange(request).await {
            Ok(reply) if reply.status.is_success() => understood(&reply),
            Ok(reply) => reply.failure(),
            Err(silence) => silence.answer(),
        }
    }

    /// Asks for every message of a delivery. A cell is hit if it broadcasts all of them, and on air while it does any.
    pub(super) async fn status(&self, task: &Task) -> Status {
        let asked =
            task.job.messages.iter().map(|(identifier, serial, _)| self.message(*identifier, *serial));
        let mut known = Vec::with_capacity(task.job.messages.len());
        let (mut cells, mut any): (Option<BTreeSet<String>>, BTreeSet<String>) = (None, BTreeSet::new());
        let mut absent = 0;
        for answer in futures_util::future::join_all(asked).await {
            match answer {
                Ok(Some(message)) => {
                    known.extend(message.confirmed());
                    any.extend(message.cells.iter().cloned());
                    cells = Some(match cells {
                        None => message.cells,
                        Some(so_far) => so_far.intersection(&message.cells).cloned().collect(),
                    });
                }
                Ok(None) => absent += 1,
                Err(why) => return Status::Silent(why),
            }
        }
        match (cells, absent) {
            (None, _) => Status::Absent,
            (Some(cells), 0) => Status::Known { messages: known, cells, any },
            (Some(_), _) => Status::Partly { any },
        }
    }

    async fn message(&self, identifier: u16, serial: u16) -> Result<Option<Message>, String> {
        let url = self.0.at(&format!("messages/{identifier}/{serial}"));
        let reply = exchange(self.0.client.get(url)).await.map_err(super::line::NoReply::why)?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !reply.status.is_success() {
            return Err(format!("the status answered {}", reply.status));
        }
        serde_json::from_slice(&reply.body)
            .map(Some)
            .map_err(|e| bounded(&format!("its status is not understood: {e}")))
    }
}

impl Message {
    fn confirmed(&self) -> Option<(u16, u16, Digest)> {
        self.pages_sha256.map(|pages| (self.identifier, self.serial, pages))
    }
}

fn understood(reply: &Reply) -> Answer {
    match serde_json::from_slice::<Taken>(&reply.body) {
        Ok(Taken { messages: Some(messages), .. }) => {
            Answer::Accepted(messages.iter().filter_map(Message::confirmed).collect())
        }
        Ok(Taken { messages: None, stopped: Some(stopped) }) => {
            tracing::info!(messages = stopped.len(), "stopped by the CBC");
            Answer::Stopped
        }
        Ok(Taken { messages: None, stopped: None }) => {
            Answer::Unknown("it names no message, neither taken nor stopped".to_owned())
        }
        Err(e) => Answer::Unknown(bounded(&format!("its answer is not understood: {e}"))),
    }
}
