//! Every fault code of the CAP document in one table, with its level under each profile. The sentences are said where the fault is found.

use super::profile::Profile;
use crate::fault::Level;

/// A fault code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Stable; scripts and translations hang on it.
    pub code: &'static str,
    /// Its level under `cap`; none: not judged.
    pub cap: Option<Level>,
    /// Its level under `oman`.
    pub oman: Option<Level>,
    /// What it means, without the particulars.
    pub means: &'static str,
}

/// An error for anybody.
const fn error(code: &'static str, means: &'static str) -> Code {
    Code { code, cap: Some(Level::Error), oman: Some(Level::Error), means }
}

/// A warning for anybody.
const fn warning(code: &'static str, means: &'static str) -> Code {
    Code { code, cap: Some(Level::Warning), oman: Some(Level::Warning), means }
}

/// A warning under `cap`, an error under `oman`.
const fn stricter(code: &'static str, means: &'static str) -> Code {
    Code { code, cap: Some(Level::Warning), oman: Some(Level::Error), means }
}

/// Judged under `oman` alone.
const fn ours(code: &'static str, level: Level, means: &'static str) -> Code {
    Code { code, cap: None, oman: Some(level), means }
}

/// All codes: first what reading finds, then the rules of the standard, then Oman's, then the clock's.
pub const CODES: &[Code] = &[
    error("cap.limit.octets", "the document is too long"),
    error("cap.limit.depth", "elements stand too deep inside one another"),
    error("cap.limit.attributes", "too many attributes"),
    error("cap.limit.infos", "too many info blocks"),
    error("cap.limit.areas", "too many areas in one info"),
    error("cap.limit.polygons", "too many polygons in one area"),
    error("cap.limit.points", "too many polygon points"),
    error("cap.encoding", "not UTF-8"),
    error("cap.xml", "not well-formed XML"),
    error("cap.doctype", "a DOCTYPE"),
    error("cap.entity.unknown", "a reference to an entity XML does not know by itself"),
    error("cap.root", "the root is not alert of CAP 1.2 or 1.1"),
    error("cap.element.unknown", "an element CAP does not have there"),
    error("cap.element.missing", "an element the standard demands is not there"),
    error("cap.element.repeated", "an element stands twice where one is allowed"),
    error("cap.element.order", "an element stands out of its order"),
    error("cap.element.child", "an element stands where only text may stand"),
    error("cap.attribute.unknown", "an attribute; CAP has none"),
    error("cap.text.stray", "text between elements"),
    error("cap.value.word", "a value outside its list of words"),
    error("cap.value.time", "not a time in CAP's form"),
    error("cap.value.language", "not a language code"),
    error("cap.value.number", "not a number"),
    error("cap.value.uri", "not an address"),
    warning("cap.value.feet", "an altitude or ceiling of CAP 1.1 that is not a number"),
    error("cap.references.form", "references that are not sender,identifier,sent"),
    error("cap.polygon.form", "a polygon that is not points"),
    error("cap.circle.form", "a circle that is not a point and a radius"),
    warning("cap.time.plus_zero", "UTC written +00:00"),
    warning("cap.references.empty", "references without a reference"),
    warning("cap.list.quote", "an unpaired double quote in a list"),
    error("cap.faults.more", "more faults than are listed"),
    // Rules of the standard's text.
    error("cap.identifier.empty", "no identifier"),
    error("cap.identifier.characters", "white space, comma, < or & in the identifier"),
    error("cap.sender.empty", "no sender"),
    error("cap.sender.characters", "white space, comma, < or & in the sender"),
    error("cap.restriction.missing", "Restricted without a restriction"),
    warning("cap.restriction.unused", "a restriction on a message that is not Restricted"),
    error("cap.addresses.missing", "Private without addresses"),
    error("cap.references.missing", "Update, Cancel, Ack or Error without references"),
    error("cap.references.self", "a message that refers to itself"),
    warning("cap.references.newer", "a reference to a message sent later"),
    warning("cap.note.missing", "Error or Exercise without a note"),
    warning("cap.info.missing", "an Alert or Update without info"),
    warning("cap.event.empty", "no event"),
    warning("cap.response.assess", "Assess in a public warning"),
    stricter("cap.expires.missing", "no expires"),
    stricter("cap.expires.order", "expires not after sent, effective and onset"),
    stricter("cap.headline.long", "a headline of more than 160 characters"),
    warning("cap.web.relative", "web is not an absolute address"),
    stricter("cap.area.missing", "an info without an area"),
    stricter("cap.area.empty", "an area without polygon, circle or geocode"),
    warning("cap.area.undescribed", "an area without a description"),
    error("cap.polygon.points", "a polygon of fewer than four points"),
    error("cap.polygon.open", "a polygon whose last point is not its first"),
    stricter("cap.polygon.crossing", "a polygon that crosses or touches itself"),
    stricter("cap.polygon.tangled", "a polygon too tangled to be searched for crossings"),
    stricter("cap.polygon.long", "a polygon of more than 100 points"),
    error("cap.point.range", "a point off the globe"),
    error("cap.circle.radius", "a radius below zero"),
    error("cap.ceiling.alone", "a ceiling without an altitude"),
    warning("cap.ceiling.below", "a ceiling below its altitude"),
    warning("cap.resource.base64", "a derefUri that is not base64"),
    warning("cap.resource.size", "a size other than derefUri's"),
    warning("cap.resource.digest", "a digest other than derefUri's SHA-1"),
    error("cap.text.characters", "a character XML cannot hold"),
    error("cap.list.item", "a list item with a double quote in it"),
    // Oman.
    ours("oman.info.missing", Level::Error, "nothing to broadcast: no info"),
    ours("oman.arabic.missing", Level::Error, "no info in Arabic"),
    ours("oman.english.missing", Level::Error, "no info in English"),
    ours("oman.language.other", Level::Error, "an info in a language that is not broadcast"),
    ours("oman.language.repeated", Level::Error, "two infos of one language"),
    ours("oman.scope", Level::Error, "not Public"),
    ours("oman.headline.missing", Level::Error, "no headline"),
    ours("oman.text.missing", Level::Error, "neither description nor instruction"),
    ours("oman.expires.long", Level::Error, "expires more than 24 h after sent"),
    ours("oman.parity.category", Level::Error, "categories differ between languages"),
    ours("oman.parity.urgency", Level::Error, "urgency differs between languages"),
    ours("oman.parity.severity", Level::Error, "severity differs between languages"),
    ours("oman.parity.certainty", Level::Error, "certainty differs between languages"),
    ours("oman.parity.response", Level::Warning, "response types differ between languages"),
    ours("oman.parity.event_code", Level::Error, "event codes differ between languages"),
    ours("oman.parity.effective", Level::Error, "effective differs between languages"),
    ours("oman.parity.onset", Level::Error, "onset differs between languages"),
    ours("oman.parity.expires", Level::Error, "expires differs between languages"),
    ours("oman.parity.area", Level::Error, "areas differ between languages"),
    ours("oman.sent.offset", Level::Warning, "sent in neither Muscat time nor UTC"),
    ours("oman.identifier.arc", Level::Warning, "an identifier outside Oman's WMO arc"),
    ours("oman.sender_name.missing", Level::Warning, "no senderName"),
    ours("oman.event_code.missing", Level::Warning, "no OASIS event term"),
    ours("oman.event_code.unknown", Level::Warning, "an event term outside the list for Oman"),
    // The clock's.
    error("clock.expires.past", "expired"),
    error("clock.sent.future", "sent in the future"),
];

/// The level of a code under a profile; none where the profile does not judge it.
pub fn level(code: &str, profile: Profile) -> Option<Level> {
    CODES.iter().find(|c| c.code == code).and_then(|c| match profile {
        Profile::Cap => c.cap,
        Profile::Oman => c.oman,
    })
}
