//! What two sites of one CBC say of a delivery, taken together: on air is what either broadcasts.

use nadhir_core::session::Status;

/// What two sites say together.
pub(super) fn together(one: Status, other: Status) -> Status {
    match (one, other) {
        (
            Status::Known { messages, cells, any },
            Status::Known { messages: more, cells: others, any: any_other },
        ) => {
            // Confirmed is what both confirm; on air is what either broadcasts.
            let messages = messages.into_iter().filter(|m| more.contains(m)).collect();
            Status::Known { messages, cells: &cells | &others, any: &any | &any_other }
        }
        (Status::Known { messages, cells, any }, Status::Partly { any: others })
        | (Status::Partly { any: others }, Status::Known { messages, cells, any }) => {
            Status::Known { messages, cells, any: &any | &others }
        }
        (Status::Partly { any }, Status::Partly { any: others }) => Status::Partly { any: &any | &others },
        (
            known @ (Status::Known { .. } | Status::Partly { .. }),
            silent @ (Status::Silent(_) | Status::Mute | Status::Absent),
        )
        | (
            silent @ (Status::Silent(_) | Status::Mute | Status::Absent),
            known @ (Status::Known { .. } | Status::Partly { .. }),
        ) => {
            if airs(&known) || silent == Status::Absent {
                known
            } else {
                silent
            }
        }
        (silent @ Status::Silent(_), _) | (_, silent @ Status::Silent(_)) => silent,
        (Status::Mute, Status::Mute | Status::Absent) | (Status::Absent, Status::Mute) => Status::Mute,
        (Status::Absent, Status::Absent) => Status::Absent,
    }
}

/// Whether any cell broadcasts any of it.
fn airs(status: &Status) -> bool {
    match status {
        Status::Known { any, .. } | Status::Partly { any } => !any.is_empty(),
        Status::Absent | Status::Mute | Status::Silent(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nadhir_core::digest::Digest;
    use std::collections::BTreeSet;

    fn set(cells: &[&str]) -> BTreeSet<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn known(cells: &[&str], any: &[&str]) -> Status {
        let messages = vec![(4371, 16400, Digest([7; 32]))];
        Status::Known { messages, cells: set(cells), any: set(any) }
    }

    fn partly(any: &[&str]) -> Status {
        Status::Partly { any: set(any) }
    }

    #[test]
    fn what_either_site_broadcasts_is_on_air_and_it_is_absent_if_both_say_so() {
        let silent = || Status::Silent("t".to_owned());
        for (one, other, both) in [
            (
                known(&["a"], &["a", "b"]),
                known(&["c"], &["c", "d"]),
                known(&["a", "c"], &["a", "b", "c", "d"]),
            ),
            (known(&["a"], &["a"]), partly(&["b"]), known(&["a"], &["a", "b"])),
            (known(&["a"], &["a"]), silent(), known(&["a"], &["a"])),
            (known(&[], &["b"]), silent(), known(&[], &["b"])),
            (known(&[], &[]), silent(), silent()),
            (known(&[], &[]), Status::Absent, known(&[], &[])),
            (partly(&["a"]), partly(&["b"]), partly(&["a", "b"])),
            (partly(&["a"]), Status::Mute, partly(&["a"])),
            (partly(&[]), silent(), silent()),
            (partly(&[]), Status::Absent, partly(&[])),
            (Status::Mute, silent(), silent()),
            (Status::Mute, Status::Absent, Status::Mute),
            (Status::Absent, Status::Absent, Status::Absent),
        ] {
            assert_eq!(together(one.clone(), other.clone()), both);
            assert_eq!(together(other, one), both);
        }
    }
}
