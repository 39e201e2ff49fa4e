//! Whether layers fit one another: wilayat fill their governorate to the last arc, people add up, codes say whose they are.

use super::arcs::{Sense, Step};
use super::index::Region;
use super::topology::Drawn;
use crate::fault::Fault;
use std::collections::BTreeSet;

/// Judges rings that are whole in themselves.
pub(super) fn judge(governorates: &[Drawn], wilayat: &[Drawn], sea: &[Drawn], faults: &mut Vec<Fault>) {
    for region in governorates.iter().map(|drawn| &drawn.region).filter(|r| r.governorate.is_some()) {
        let message = "a governorate lies in no governorate";
        faults.push(Fault::error("region.governorate", &region.code, message));
    }
    for region in wilayat.iter().chain(sea).map(|drawn| &drawn.region) {
        belongs(region, governorates, faults);
    }
    for drawn in governorates {
        let of = &drawn.region;
        let own: Vec<&Drawn> =
            wilayat.iter().filter(|w| w.region.governorate.as_ref() == Some(&of.code)).collect();
        fills(drawn, &own, faults);
        let count = |region: &Region| region.population.as_ref().map_or(0, |p| p.count);
        let (all, sum) = (count(of), own.iter().map(|w| count(&w.region)).sum::<u64>());
        if all != sum {
            let message = format!("{all} people, but its wilayat have {sum}");
            faults.push(Fault::error("region.people", &of.code, message));
        }
    }
}

fn belongs(region: &Region, governorates: &[Drawn], faults: &mut Vec<Fault>) {
    let Some(of) = governorates.iter().find(|g| region.governorate.as_ref() == Some(&g.region.code)) else {
        let message = "it names no governorate of the file of governorates";
        faults.push(Fault::error("region.governorate", &region.code, message));
        return;
    };
    let start = format!("{}-", of.region.code);
    if !region.code.starts_with(&start) {
        let message = format!("the code of what belongs to a governorate begins with its own: {start}");
        faults.push(Fault::error("region.code.form", &region.code, message));
    }
}

/// Exact: an arc between two wilayat is walked once each way and cancels; what stays must be the governorate's own
/// steps. Two sets of rings with the same boundary, every side of every arc used once, hold the same points.
fn fills(governorate: &Drawn, own: &[&Drawn], faults: &mut Vec<Fault>) {
    let walked: BTreeSet<&Step> = own.iter().flat_map(|w| &w.steps).collect();
    let back = |(name, sense): &Step| walked.contains(&(name.clone(), Sense::other(*sense)));
    let left: BTreeSet<&Step> = walked.iter().copied().filter(|step| !back(step)).collect();
    let rim: BTreeSet<&Step> = governorate.steps.iter().collect();
    for (name, _) in left.symmetric_difference(&rim) {
        let message = format!("\"{name}\" bounds the governorate or its wilayat, but not both");
        faults.push(Fault::error("region.wilayat.fill", &governorate.region.code, message));
    }
}
