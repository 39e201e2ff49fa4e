//! A plain alert as the desk would write it, for tests to change.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

use nadhir_core::cap::{
    Alert, CapTime, Category, Certainty, Info, MsgType, Scope, Severity, Status, Urgency, Version,
};

/// Actual, Public, Extreme, Immediate, Observed; one info a language.
pub(crate) fn alert(languages: &[&str]) -> Alert {
    Alert {
        version: Version::V1_2,
        identifier: "2.49.0.1.512.1.20261122T0630.1".to_owned(),
        sender: "desk@example.om".to_owned(),
        sent: CapTime::parse("2026-11-22T06:30:00+04:00").unwrap(),
        status: Status::Actual,
        msg_type: MsgType::Alert,
        source: None,
        scope: Scope::Public,
        restriction: None,
        addresses: Vec::new(),
        codes: Vec::new(),
        note: None,
        references: Vec::new(),
        incidents: Vec::new(),
        infos: languages.iter().map(|language| info(language)).collect(),
    }
}

fn info(language: &str) -> Info {
    Info {
        language: Some(language.to_owned()),
        categories: vec![Category::Met],
        event: "Flash flood".to_owned(),
        response_types: Vec::new(),
        urgency: Urgency::Immediate,
        severity: Severity::Extreme,
        certainty: Certainty::Observed,
        audience: None,
        event_codes: Vec::new(),
        effective: None,
        onset: None,
        expires: None,
        sender_name: None,
        headline: Some("Flash flood".to_owned()),
        description: None,
        instruction: None,
        web: None,
        contact: None,
        parameters: Vec::new(),
        resources: Vec::new(),
        areas: Vec::new(),
    }
}
