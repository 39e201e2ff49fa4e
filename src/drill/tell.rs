//! What a hub says of a drill, in the form of its report. A pure function; asks nobody.

use super::evidence::{self, AreaTold, Cells, Evidence, Governorate, Person, Record, When, Who};
use super::mode::Mode;
use super::run::Ended;
use chrono::{DateTime, Utc};
use nadhir_core::area::{Index, Region};

/// The evidence of a drill that is over. Names of persons, phones, faults on purpose and the drill before are for whoever
/// knows them to add.
pub fn tell(
    ended: Ended,
    record: Record,
    name: &str,
    index: &Index,
    mode: Mode,
    now: DateTime<Utc>,
) -> Evidence {
    let regions: Vec<_> = ended.summary.governorates.iter().filter_map(|code| index.region(code)).collect();
    let people = |r: &&Region| r.population.as_ref().map(|p| p.count);
    let cells = Cells {
        on_air: ended.operators.iter().filter_map(|lane| lane.cells_on_air).sum(),
        total: ended.operators.iter().map(|lane| lane.cells_total).sum(),
    };
    Evidence {
        version: evidence::VERSION,
        name: name.to_owned(),
        mode: mode.word().to_owned(),
        identifier: ended.summary.identifier,
        class: ended.summary.class,
        when: When {
            submitted_at: ended.submitted_at,
            approved_at: ended.at,
            expires: ended.summary.expires,
            reported_at: now,
        },
        who: Who {
            author: Person { id: ended.author, name: None },
            approver: Person { id: ended.by, name: None },
            participants: ended.operators.iter().map(|lane| lane.operator.clone()).collect(),
        },
        area: AreaTold {
            sha256: ended.summary.area_sha256,
            people: regions.iter().map(people).sum(),
            governorates: regions
                .iter()
                .map(|r| Governorate {
                    code: r.code.clone(),
                    name_ar: r.name.ar.clone(),
                    name_en: r.name.en.clone(),
                    people: people(r),
                    people_year: r.population.as_ref().map(|p| p.year),
                })
                .collect(),
        },
        headlines: ended.summary.headlines,
        messages: ended.summary.messages,
        deadline_ms: ended.deadline_ms,
        slowest_ms: ended.slowest_ms,
        met: ended.met,
        cells,
        operators: ended.operators,
        phones: None,
        injects: vec![],
        record,
        last: None,
        drill: ended.warning,
    }
}
