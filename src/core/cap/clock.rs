//! The rules that hold at one moment only, asked when a document is handed in. `check` never asks them.

use super::alert::Alert;
use super::profile::National;
use crate::fault::{Fault, Kind, Told};
use chrono::{DateTime, Utc};

/// What is wrong with handing the document in at `now`: an info that has expired, a `sent` that lies ahead.
///
/// A missing `expires` is no fault here; `check` says it.
pub fn still_current(alert: &Alert, profile: &National, now: DateTime<Utc>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if alert.sent.utc() - now > profile.sent_ahead {
        let most = profile.sent_ahead.num_minutes();
        let why = Told::new(
            format!("sent ({}) lies more than {most} min ahead", alert.sent),
            [(Kind::Found, alert.sent.to_string()), (Kind::Most, format!("{most} min"))],
        );
        faults.push(Fault::error("clock.sent.future", "alert/sent", why));
    }
    for (i, info) in alert.infos.iter().enumerate() {
        if let Some(expires) = info.expires.filter(|e| e.utc() <= now) {
            let place = format!("alert/info[{}]/expires", i + 1);
            let why = Told::new(format!("it expired at {expires}"), [(Kind::Found, expires.to_string())]);
            faults.push(Fault::error("clock.expires.past", place, why));
        }
    }
    faults
}
