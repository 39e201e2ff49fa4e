//! What a person may do, read from the words in brackets after the name: `Oda (operator: omantel)`. Two persons, not two offices.

use crate::store::Person;

/// What a person may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Writes warnings, cancels them, and approves what somebody else wrote.
    Desk,
    /// An operator's engineer: sees that operator's own deliveries, changes nothing.
    Operator(String),
    /// Sees everything, asks for drills, changes nothing else.
    Regulator,
    /// The words in brackets are none that is known: sees nothing, changes nothing.
    Unknown,
}

impl Role {
    /// The role of a person. Nothing in brackets is the desk; words that are not known give no right at all.
    pub fn of(person: &Person) -> Role {
        let words = person.name.rsplit_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')'));
        let Some(words) = words.map(|words| words.trim().to_ascii_lowercase()) else { return Role::Desk };
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
}
