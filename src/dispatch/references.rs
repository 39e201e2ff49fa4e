//! What an alert names: the warnings of the record behind its references, and what an update or a cancel has to name.

use super::Hub;
use super::issue::{IssueError, Issued};
use crate::store::{Person, StoreError, StoredWarning};
use nadhir_core::cap::chain::Message;
use nadhir_core::cap::{self, Alert, Chains, Limits, MsgType, Reference};
use nadhir_core::cbs::Channel;
use nadhir_core::fault::{Fault, Kind, Told, any_error};
use nadhir_core::warning::{State, air};

/// More updates of one warning are not named: by then the first ones have expired.
const MOST_ANCESTORS: usize = 64;

/// The warning in force that an update follows.
pub(super) struct Predecessor {
    /// Its id.
    pub(super) id: String,
    /// Where it is broadcast.
    pub(super) channel: Channel,
    /// What the update's references leave out.
    pub(super) warnings: Vec<Fault>,
}

impl Hub {
    /// The warning in force that an update follows; nothing for any other alert.
    pub(super) async fn predecessor(&self, cap: &[u8]) -> Result<Option<Predecessor>, IssueError> {
        let (alert, _) = cap::read(cap, &Limits::cap());
        let Some(alert) = alert.filter(|alert| alert.msg_type == MsgType::Update) else { return Ok(None) };
        let mut why = "unknown here";
        let mut found: Vec<(String, Channel)> = Vec::new();
        for stored in self.named(&alert).await? {
            let id = stored.warning.id;
            match self.channel_of(&id).await? {
                Some(channel) if stored.warning.state.is_in_force() => found.push((id, channel)),
                Some(_) | None => why = stored.warning.state.word(),
            }
        }
        let mut found = found.into_iter();
        let Some((id, channel)) = found.next() else {
            let words = format!("the alert it updates is {why}: only a warning in force can be updated");
            return Err(refused("warning.references", words));
        };
        if let Some((other, _)) = found.next() {
            let words =
                format!("{id} and {other} are both in force: an update takes the place of one warning");
            return Err(refused("warning.references.many", words));
        }
        let mut chain = self.chain(&id).await?;
        let now = self.clock().now().utc;
        let faults = match chain.admit(Message::of(&alert), now) {
            Ok(admitted) => admitted.warnings,
            // A submission sent again is answered as before: that it was seen is judged by the record.
            Err(faults) => faults.into_iter().filter(|f| f.code != "chain.replayed").collect(),
        };
        if any_error(&faults) {
            return Err(IssueError::Invalid(faults, false));
        }
        Ok(Some(Predecessor { id, channel, warnings: faults }))
    }

    /// What an update or a cancel of this warning names: itself and all it took the place of that has not expired.
    pub async fn references_to(&self, warning: &str) -> Result<Vec<Reference>, IssueError> {
        let head = alert_of(&self.store().warning(warning).await?)?;
        let now = self.clock().now().utc;
        let mut owed = self.chain(warning).await?.owed(&[Reference::of(&head)], now);
        if owed.is_empty() {
            // Its time is over, and it is what is spoken of.
            owed.push(Reference::of(&head));
        }
        Ok(owed)
    }

    /// Obeys a cancel that came as a document: it has to name a warning of the record, come from its sender, be of this
    /// hour and have a name of its own. Nothing is stopped by one that names nothing known; the caller is told so.
    pub async fn hear_cancel(&self, by: &Person, alert: &Alert) -> Result<Issued, IssueError> {
        let named = self.named(alert).await?;
        if named.is_empty() {
            return Err(IssueError::UnknownAlert(
                alert.references.iter().map(Reference::to_string).collect(),
            ));
        }
        if let Some(other) = alert.references.iter().find(|r| r.sender != alert.sender) {
            let words = format!("{other} is {}'s: only its own sender cancels it", other.sender);
            return Err(refused("chain.sender", words));
        }
        let now = self.clock().now().utc;
        let mut ahead = cap::still_current(alert, self.profile(), now);
        // That an info of its own is over is no reason to go on.
        ahead.retain(|fault| fault.code == "clock.sent.future");
        if any_error(&ahead) {
            return Err(IssueError::Invalid(ahead, false));
        }
        let mut open = Vec::new();
        for stored in &named {
            open.extend(self.to_stop(stored).await?.filter(|id| !open.contains(id)));
        }
        match open.as_slice() {
            [] => Err(self.nothing_to_stop(&named).await?),
            [one] => {
                let stored = self.store().warning(one).await?;
                let status = alert_of(&stored)?.status;
                if status != alert.status {
                    let words = format!("a cancel of status {} does not stop what is {status}", alert.status);
                    return Err(refused("chain.status", words));
                }
                let mut faults =
                    self.chain(one).await?.admit(Message::of(alert), now).err().unwrap_or_default();
                // What may still be on air though its time is over is judged by the record, above.
                faults.retain(|f| f.is_error() && f.code != "chain.over" && f.code != "chain.unknown");
                if any_error(&faults) {
                    return Err(IssueError::Invalid(faults, false));
                }
                self.store().name_is_free(&Reference::of(alert)).await?;
                self.cancel(by, one).await
            }
            [..] => {
                let words = format!("it names {}: cancel them one by one", open.join(" and "));
                Err(refused("warning.references.many", words))
            }
        }
    }

    /// Why a cancel stops nothing of what it names. Where a newer message took the place of that and is in force, the
    /// answer says which, and what a cancel of it names: who cancels an older one may not know of the newer, and a
    /// warning that holds is not stopped by mistake.
    async fn nothing_to_stop(&self, named: &[StoredWarning]) -> Result<IssueError, IssueError> {
        for stored in named {
            let mut warning = stored.warning.clone();
            while let State::Updated { by, .. } = &warning.state {
                warning = self.store().warning(by).await?.warning;
            }
            if warning.state.is_in_force() && warning.id != stored.warning.id {
                let owed = self.references_to(&warning.id).await?;
                let owed = owed.iter().map(Reference::to_string).collect::<Vec<_>>().join(" ");
                let words = format!(
                    "what it cancels was updated, and {} is in force in its place: nothing was stopped. A cancel of that \
                     names {owed}",
                    warning.id
                );
                let told = Told::new(words, [(Kind::Wanted, owed)]);
                let fault = Fault::error("chain.updated", "alert/references", told);
                return Ok(IssueError::Invalid(vec![fault], false));
            }
        }
        let word = named.first().map_or("over", |s| s.warning.state.word());
        Ok(refused("chain.over", format!("what it cancels is {word} already: nothing was changed")))
    }

    /// What a cancel of this warning stops: itself; or what took its place and expired, while it may be on air.
    async fn to_stop(&self, named: &StoredWarning) -> Result<Option<String>, StoreError> {
        let mut warning = named.warning.clone();
        loop {
            match warning.state {
                State::Waiting | State::Approved { .. } => {
                    // What took its place and is in force is named itself, or not stopped.
                    return Ok(Some(warning.id).filter(|id| *id == named.warning.id));
                }
                State::Expired { .. } => {
                    let on_air = self.may_be_on_air(&warning.id).await?;
                    return Ok(Some(warning.id).filter(|_| on_air));
                }
                State::Updated { by, .. } => warning = self.store().warning(&by).await?.warning,
                State::Cancelled { .. } => return Ok(None),
            }
        }
    }

    /// Whether an approved warning, or anything it took the place of, may be on air at an operator, though its own time
    /// is over: whoever refused a shorter update goes on with what was there before.
    pub async fn may_be_on_air(&self, warning: &str) -> Result<bool, StoreError> {
        let until = self.store().on_air_until(warning).await?;
        Ok(until.is_some_and(|until| self.clock().now().utc < until))
    }

    /// The warnings of the record that an alert names, in its order.
    async fn named(&self, alert: &Alert) -> Result<Vec<StoredWarning>, StoreError> {
        let mut found = Vec::new();
        for r in &alert.references {
            if let Some(id) = self.store().by_triple(r).await? {
                found.push(self.store().warning(&id).await?);
            }
        }
        Ok(found)
    }

    /// A warning and what it took the place of, oldest first, as the record decided it.
    async fn chain(&self, warning: &str) -> Result<Chains, IssueError> {
        let mut alerts = Vec::new();
        let mut next = Some(warning.to_owned());
        while let Some(id) = next.filter(|_| alerts.len() <= MOST_ANCESTORS) {
            let stored = self.store().warning(&id).await?;
            alerts.push(alert_of(&stored)?);
            next = stored.warning.updates;
        }
        let mut chain = Chains::default();
        for alert in alerts.iter().rev() {
            chain.keep(Message::of(alert));
        }
        Ok(chain)
    }

    /// The channel a warning went out on; nothing if it never went out.
    pub(super) async fn channel_of(&self, warning: &str) -> Result<Option<Channel>, StoreError> {
        let orders = self.store().orders(warning).await?;
        Ok(orders.first().and_then(|o| {
            let (alert, _) = cap::read(o.order.cap.as_bytes(), &Limits::cap());
            Some(air::messages(&alert?).ok()?.first()?.channel)
        }))
    }
}

/// The alert of a warning, read from the author's bytes.
pub(super) fn alert_of(stored: &StoredWarning) -> Result<Alert, IssueError> {
    let (alert, faults) = cap::read(&stored.cap, &Limits::cap());
    alert.ok_or(IssueError::Invalid(faults, false))
}

fn refused(code: &str, words: String) -> IssueError {
    IssueError::Invalid(vec![Fault::error(code, "alert/references", words)], false)
}
