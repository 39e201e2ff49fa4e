//! What of a document refuses it beyond CAP and the profile, judged without a clock, a person or the record: for whoever checks it before handing it in.

use super::{air, exercise};
use crate::area::{self, Index, Origin};
use crate::cap::{Alert, Scope, Status};
use crate::cbs::{self, Allowed, Rules};
use crate::fault::Fault;

/// Errors that [`super::prepare()`] will find in a document and `cap::verdict` does not: texts that phones cannot show or
/// that no message holds, links and numbers off the list, what only the encoder writes, drills in live words, and an area
/// that is not Oman's.
///
/// `told` is the verdict's own: where it refuses an area, the area is not judged twice. The channel is not judged: it hangs
/// on persons and on earlier messages.
pub fn alone(alert: &Alert, told: &[Fault], index: &Index, allowed: &Allowed) -> Vec<Fault> {
    let mut faults = air::reserved(alert);
    if !speaks(alert) {
        return faults;
    }
    if !told.iter().any(|fault| fault.is_error() && fault.path().contains("/area")) {
        let areas = alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
        faults.extend(area::cover(areas, index, Origin::Desk).faults);
    }
    let rules = Rules::of(alert, allowed).map_err(|more| faults.extend(more)).ok();
    // An info without text, and a language spoken twice, are the profile's to say.
    if let Ok(texts) = cbs::texts(alert) {
        faults.extend(exercise::unmarked(alert, &texts));
        let rules = rules.unwrap_or_else(|| Rules { allowed: allowed.clone(), ..Rules::default() });
        faults.extend(cbs::encode(&texts, &rules).err().unwrap_or_default());
    }
    faults.retain(Fault::is_error);
    faults
}

/// Whether its texts could ever come to phones.
fn speaks(alert: &Alert) -> bool {
    let status = match alert.status {
        Status::Actual | Status::Exercise | Status::Test => true,
        Status::System | Status::Draft => false,
    };
    alert.msg_type.warns() && status && alert.scope == Scope::Public && !alert.infos.is_empty()
}
