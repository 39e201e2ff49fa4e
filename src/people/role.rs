//! What a person may do, read from the words in brackets after the name: `Oda (operator: omantel)`. Two persons, not two offices.

use crate::store::Person;

/// What reads as a bracket. A role stands in the plain ones, and the others are a slip of the hand.
const BRACKETS: [char; 8] = ['(', ')', '（', '）', '[', ']', '{', '}'];

/// What a person may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Writes warnings, cancels them, and approves what somebody else wrote.
    Desk,
    /// An operator's engineer: sees that operator's own deliveries, changes nothing.
    Operator(String),
    /// Sees everything, asks for drills, changes nothing else.
    Regulator,
    /// What stands in brackets is no role that is known: sees nothing, changes nothing.
    Unknown,
}

impl Role {
    /// The role of a person. A name without brackets is the desk's; brackets that are not closed, not last, more than one
    /// pair or around words that are not known give no right at all.
    pub fn of(person: &Person) -> Role {
        Role::of_name(&person.name)
    }

    /// The role that a name gives.
    pub fn of_name(name: &str) -> Role {
        let Some((before, rest)) = name.split_once(BRACKETS) else { return Role::Desk };
        let opened = name[before.len()..].starts_with('(');
        let words = rest.trim_end().strip_suffix(')').filter(|words| opened && !words.contains(BRACKETS));
        let Some(words) = words.map(|words| words.trim().to_ascii_lowercase()) else { return Role::Unknown };
        match (words.as_str(), words.split_once(':')) {
            ("author" | "approver" | "desk", _) => Role::Desk,
            ("regulator", _) => Role::Regulator,
            (_, Some((kind, operator))) if kind.trim() == "operator" && !operator.trim().is_empty() => {
                Role::Operator(operator.trim().to_owned())
            }
            _ => Role::Unknown,
        }
    }

    /// Whether they may ask for anything that changes something.
    pub fn may_act(&self) -> bool {
        match self {
            Role::Desk => true,
            Role::Operator(_) | Role::Regulator | Role::Unknown => false,
        }
    }

    /// Whether they may ask for a drill. To approve one is the desk's.
    pub fn may_drill(&self) -> bool {
        match self {
            Role::Desk | Role::Regulator => true,
            Role::Operator(_) | Role::Unknown => false,
        }
    }

    /// Whether they may see warnings and all operators.
    pub fn sees_all(&self) -> bool {
        match self {
            Role::Desk | Role::Regulator => true,
            Role::Operator(_) | Role::Unknown => false,
        }
    }

    /// Whether they may see what one operator got.
    pub fn sees(&self, operator: &str) -> bool {
        match self {
            Role::Desk | Role::Regulator => true,
            Role::Operator(own) => own == operator,
            Role::Unknown => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_stands_in_brackets() {
        let role = |name: &str| Role::of(&Person { id: "prs_1".into(), name: name.into() });
        assert_eq!(role("Amal (author)"), Role::Desk);
        assert_eq!(role("Amal"), Role::Desk);
        assert_eq!(role("Rim (regulator)"), Role::Regulator);
        assert_eq!(role("Oda (operator: omantel)"), Role::Operator("omantel".into()));
        assert!(!role("Oda (operator:omantel)").sees("ooredoo"));
        assert!(!role("Rim (regulator)").may_act() && role("Rim (regulator)").may_drill());
        assert!(!role("Oda (operator: omantel)").may_drill() && !role("Eve (admin)").may_drill());
    }

    #[test]
    fn what_is_not_quite_a_role_gives_no_right() {
        for name in [
            "Rim (regulator), TRA",
            "Oda (operator: omantel",
            "Oda (operator: omantel) night",
            "Oda operator: omantel)",
            "Oda )operator: omantel(",
            "Oda (operator: )",
            "Oda (operator)",
            "Oda ()",
            "Oda (author) (operator: omantel)",
            "Oda (operator: omantel) (author)",
            "Oda ((operator: omantel))",
            "Oda （operator: omantel）",
            "Oda [regulator]",
            "Eve (admin)",
        ] {
            assert_eq!(Role::of_name(name), Role::Unknown, "{name}");
        }
        assert_eq!(Role::of_name("Rim ( Regulator ) "), Role::Regulator);
        assert_eq!(Role::of_name(" (desk)"), Role::Desk);
    }
}
