//! Receipts in: read, recorded once, put on the board, and only then acknowledged. Beside them, what cell lists have.

use super::Hub;
use crate::store::{Heard, HeardReceipt, StoreError};
use crate::transport::{Delivered, Queue};
use metrics::{counter, histogram};
use nadhir_core::delivery::{Counts, Grade, Kind, Receipt, Tally};
use nadhir_core::now::Now;
use std::time::Duration;
use tracing::{error, info, warn};

/// How long to wait after the record failed, before the same receipt is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// A receipt is some hundred octets; more than these are never recorded: each is read again by every page and list.
const MOST_OCTETS: usize = 16 << 10;
/// What is kept of an operator's code and of its words when they are longer than that, in octets.
/// Each may take six in its bytes.
const MOST_WORDS: [usize; 2] = [200, 2000];
/// Buckets of the histograms of this path are laid around the ten seconds: see the metrics recorder.
const GRADES: &str = "nadhir_receipt_after_approval_seconds";

impl Hub {
    /// Reads receipts for ever. Each is recorded on its own task: one transaction takes many.
    pub(super) async fn collect(&self) {
        let mut inbox = self.transport().receive(Queue::Receipts).await;
        loop {
            let delivered = inbox.next().await;
            let (hub, now) = (self.clone(), self.clock().now());
            tokio::spawn(async move { hub.receipt(delivered, now).await });
        }
    }

    async fn receipt(&self, delivered: Delivered, now: Now) {
        // The path lets an operator write under its own name alone; what its words say must be the same.
        let is_of = |operator: &str| delivered.operator.as_deref() == Some(operator);
        match Receipt::from_wire(&delivered.body) {
            Err(bad) => match Counts::from_wire_with(&delivered.body) {
                Some(Ok((counts, _))) if !is_of(&counts.operator) => {
                    Self::refuse_foreign(delivered, "census", &counts.operator).await;
                }
                Some(Ok((counts, beat))) if self.operators().contains(&counts.operator) => {
                    if beat.is_some_and(|beat| self.clocks().hear(&counts.operator, &beat, now)) {
                        self.board().tell_life();
                    }
                    self.told().keep(counts, now.utc);
                    delivered.ack().await;
                }
                Some(Ok((Counts { operator, .. }, _))) => {
                    Self::refuse(delivered, &format!("a census of {operator}, which is no operator here"))
                        .await;
                }
                Some(Err(bad)) => Self::refuse(delivered, &bad.to_string()).await,
                None => Self::refuse(delivered, &bad.to_string()).await,
            },
            Ok(receipt) if !is_of(&receipt.operator) => {
                Self::refuse_foreign(delivered, "receipt", &receipt.operator).await;
            }
            Ok(mut receipt) => {
                if delivered.body.len() > MOST_OCTETS {
                    cut(&mut receipt.grade);
                    let octets = delivered.body.len();
                    if receipt.to_wire().len() > MOST_OCTETS {
                        let why = format!("a receipt of {octets} octets, and not for its words");
                        return Self::refuse(delivered, &why).await;
                    }
                    warn!(operator = receipt.operator, octets, "the words of a receipt were cut");
                }
                if self.take_in(receipt, false).await {
                    delivered.ack().await;
                } else {
                    delivered.refuse().await;
                }
            }
        }
    }

    async fn refuse(delivered: Delivered, why: &str) {
        counter!("nadhir_receipts_refused_total").increment(1);
        error!(why, "ALARM: a dead letter: what came is no receipt and no census");
        delivered.refuse().await;
    }

    async fn refuse_foreign(delivered: Delivered, what: &str, says: &str) {
        let came = delivered.operator.as_deref().unwrap_or("nobody").to_owned();
        counter!("nadhir_receipts_refused_total").increment(1);
        error!(what, came, says, "ALARM: a dead letter: it came from one operator and speaks for another");
        delivered.refuse().await;
    }

    /// Records a receipt and puts it on the board. `false`: it is refused for ever.
    pub(super) async fn take_in(&self, receipt: Receipt, queued: bool) -> bool {
        if self.board().tally(&receipt.warning, receipt.kind).is_none() {
            self.mirror(&receipt.warning).await;
        }
        let (warning, operator, word) =
            (receipt.warning.clone(), receipt.operator.clone(), receipt.grade.word());
        let kind = receipt.kind;
        let tally = self.board().tally(&warning, kind);
        let after = tally.as_ref().map_or(Duration::ZERO, |tally| self.clock().now().since(tally.zero));
        loop {
            let recorded = if queued {
                self.store().queued(receipt.clone(), after).await
            } else {
                self.store().heard(receipt.clone(), after).await
            };
            match recorded {
                Ok(Heard::Before) => return true,
                Ok(Heard::New) => break,
                Err(e @ (StoreError::BadReceipt { .. } | StoreError::NoWarning(_))) => {
                    counter!("nadhir_receipts_refused_total").increment(1);
                    error!(operator, warning, error = %e, "a receipt is refused");
                    return false;
                }
                Err(e) => {
                    error!(operator, warning, error = %e, "a receipt could not be recorded; trying again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        let red_before =
            tally.is_some_and(|t| t.lanes.get(&operator).is_some_and(|l| l.red(kind, after).is_some()));
        if self.board().hear_at((&warning, kind), &operator, receipt.grade, after) {
            info!(warning, operator, grade = word, after_ms = after.as_secs_f64() * 1000.0, "heard");
            histogram!(GRADES, "operator" => operator.clone(), "grade" => word).record(after.as_secs_f64());
            let lane = self.board().tally(&warning, kind).and_then(|mut t| t.lanes.remove(&operator));
            if let Some(red) = lane.and_then(|lane| lane.red(kind, after)).filter(|_| !red_before) {
                counter!("nadhir_lanes_red_total", "operator" => operator.clone()).increment(1);
                error!(warning, operator, reason = red.reason, "RED");
            }
        }
        true
    }

    /// After a restart the board is empty: the tallies of a warning are laid again from the record.
    pub(super) async fn mirror(&self, warning: &str) {
        match self.recorded_tallies(warning).await {
            Ok(tallies) => tallies.into_iter().for_each(|tally| self.board().put(warning, tally)),
            Err(e) => warn!(warning, error = %e, "the tallies could not be read from the record"),
        }
    }

    /// The tallies as the record tells them, those on the board left out. The zero of each is the wall-clock time of
    /// its commit, moved onto this process's ticks.
    async fn recorded_tallies(&self, warning: &str) -> Result<Vec<Tally>, StoreError> {
        let orders = self.store().orders(warning).await?;
        let now = self.clock().now();
        let mut tallies: Vec<Tally> = Vec::new();
        for kind in [Kind::Alert, Kind::Update, Kind::Cancel] {
            let mut own = orders.iter().map(|o| &o.order).filter(|o| o.kind == kind).peekable();
            let Some(first) = own.peek().filter(|_| self.board().tally(warning, kind).is_none()) else {
                continue;
            };
            let age = (now.utc - first.approved_at).to_std().unwrap_or_default();
            let zero = Now { utc: first.approved_at, tick: now.tick.saturating_sub(age) };
            tallies.push(Tally::start(kind, own.map(|o| o.operator.as_str()), zero));
        }
        if tallies.is_empty() {
            return Ok(tallies);
        }
        for HeardReceipt { receipt, after } in self.store().receipts(warning).await? {
            let tally = tallies.iter_mut().find(|tally| tally.kind == receipt.kind);
            if let Some(lane) = tally.and_then(|tally| tally.lanes.get_mut(&receipt.operator)) {
                lane.hear(receipt.grade, after);
            }
        }
        Ok(tallies)
    }
}

/// Cuts what an operator said. The same words are always cut alike: a receipt that comes again is still the same.
fn cut(grade: &mut Grade) {
    let [most_code, most_words] = MOST_WORDS;
    match grade {
        Grade::Unconfirmed { why } | Grade::Unknown { why } => shorten(why, most_words),
        Grade::Rejected { code, words } => {
            shorten(code, most_code);
            shorten(words, most_words);
        }
        Grade::Queued
        | Grade::Taken
        | Grade::Accepted { .. }
        | Grade::OnAir { .. }
        | Grade::Stopped
        | Grade::Superseded
        | Grade::Cancelled
        | Grade::Expired => {}
    }
}

/// Cuts between two letters, and marks it.
fn shorten(text: &mut String, most: usize) {
    if text.len() > most {
        let whole = (0..=most).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(whole.unwrap_or_default());
        text.push('…');
    }
}
