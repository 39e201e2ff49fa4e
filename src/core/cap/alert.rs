//! The CAP document: alert, info, resource, area (CAP 1.2, 3.2). Plain data; reading, writing and judging live beside it.

use super::shape::{Circle, Ring};
use super::time::CapTime;
use super::words::words;

words! {
    /// The version of the standard, told by the namespace.
    Version {
        /// `urn:oasis:names:tc:emergency:cap:1.1`
        V1_1 = "1.1",
        /// `urn:oasis:names:tc:emergency:cap:1.2`
        V1_2 = "1.2",
    }
}

words! {
    /// How the message is to be handled (3.2.1 status).
    Status {
        /// Act on it.
        Actual = "Actual",
        /// Only designated exercise participants.
        Exercise = "Exercise",
        /// Internal to alert networks.
        System = "System",
        /// Technical testing only.
        Test = "Test",
        /// A preliminary template.
        Draft = "Draft",
    }
}

words! {
    /// The nature of the message (3.2.1 msgType).
    MsgType {
        /// Initial information requiring attention.
        Alert = "Alert",
        /// Updates and supersedes the referenced messages.
        Update = "Update",
        /// Cancels the referenced messages.
        Cancel = "Cancel",
        /// Acknowledges receipt of the referenced messages.
        Ack = "Ack",
        /// Rejects the referenced messages.
        Error = "Error",
    }
}

words! {
    /// Who may see it (3.2.1 scope).
    Scope {
        /// Everyone.
        Public = "Public",
        /// Users with a known operational need, told in `restriction`.
        Restricted = "Restricted",
        /// The addresses only.
        Private = "Private",
    }
}

words! {
    /// The category of the event (3.2.2 category).
    Category {
        /// Geophysical, landslides included.
        Geo = "Geo",
        /// Meteorological, floods included.
        Met = "Met",
        /// General emergency and public safety.
        Safety = "Safety",
        /// Law enforcement and homeland security.
        Security = "Security",
        /// Rescue and recovery.
        Rescue = "Rescue",
        /// Fire suppression and rescue.
        Fire = "Fire",
        /// Medical and public health.
        Health = "Health",
        /// Pollution and other environmental.
        Env = "Env",
        /// Public and private transportation.
        Transport = "Transport",
        /// Utility and non-transport infrastructure.
        Infra = "Infra",
        /// Chemical, biological, radiological, nuclear, explosive.
        Cbrne = "CBRNE",
        /// Other.
        Other = "Other",
    }
}

words! {
    /// What the audience should do (3.2.2 responseType).
    ResponseType {
        /// Take shelter in place.
        Shelter = "Shelter",
        /// Relocate.
        Evacuate = "Evacuate",
        /// Prepare.
        Prepare = "Prepare",
        /// Execute a planned activity.
        Execute = "Execute",
        /// Avoid the event.
        Avoid = "Avoid",
        /// Attend to information sources.
        Monitor = "Monitor",
        /// Evaluate the information (public warnings should not use it).
        Assess = "Assess",
        /// The event no longer poses a threat. CAP 1.2.
        AllClear = "AllClear",
        /// No action recommended.
        None = "None",
    }
}

words! {
    /// How soon to act (3.2.2 urgency).
    Urgency {
        /// At once.
        Immediate = "Immediate",
        /// Within the next hour.
        Expected = "Expected",
        /// In the near future.
        Future = "Future",
        /// No longer required.
        Past = "Past",
        /// Not known.
        Unknown = "Unknown",
    }
}

words! {
    /// How bad (3.2.2 severity).
    Severity {
        /// Extraordinary threat to life or property.
        Extreme = "Extreme",
        /// Significant threat.
        Severe = "Severe",
        /// Possible threat.
        Moderate = "Moderate",
        /// Minimal or no known threat.
        Minor = "Minor",
        /// Not known.
        Unknown = "Unknown",
    }
}

words! {
    /// How sure (3.2.2 certainty).
    Certainty {
        /// Occurred or ongoing.
        Observed = "Observed",
        /// p > ~50 %.
        Likely = "Likely",
        /// Possible, p <= ~50 %.
        Possible = "Possible",
        /// p ~ 0.
        Unlikely = "Unlikely",
        /// Not known.
        Unknown = "Unknown",
    }
}

/// A `valueName`/`value` pair: eventCode, parameter, geocode.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Named {
    /// The domain of the code.
    pub name: String,
    /// The code.
    pub value: String,
}

impl Named {
    /// A pair.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Named {
        Named { name: name.into(), value: value.into() }
    }
}

/// An earlier message, by the triple that names it for ever (3.2.1 references).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Its sender.
    pub sender: String,
    /// Its identifier.
    pub identifier: String,
    /// Its time of sending.
    pub sent: CapTime,
}

/// One CAP message.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Told by the namespace.
    pub version: Version,
    /// Unique for the sender; no space, comma, `<` or `&`.
    pub identifier: String,
    /// Globally unique; no space, comma, `<` or `&`.
    pub sender: String,
    /// Time of origination.
    pub sent: CapTime,
    /// How to handle it.
    pub status: Status,
    /// Its nature.
    pub msg_type: MsgType,
    /// Operator or device that made it.
    pub source: Option<String>,
    /// Who may see it.
    pub scope: Scope,
    /// The rule of a Restricted message.
    pub restriction: Option<String>,
    /// The recipients of a Private message.
    pub addresses: Vec<String>,
    /// Special handling; profiles name themselves here.
    pub codes: Vec<String>,
    /// Purpose or significance.
    pub note: Option<String>,
    /// Earlier messages.
    pub references: Vec<Reference>,
    /// Related incidents.
    pub incidents: Vec<String>,
    /// One an audience or language.
    pub infos: Vec<Info>,
}

impl MsgType {
    /// Whether it warns: what cancels and answers another message has no text and no life of its own.
    pub const fn warns(self) -> bool {
        match self {
            MsgType::Alert | MsgType::Update => true,
            MsgType::Cancel | MsgType::Ack | MsgType::Error => false,
        }
    }
}

impl Alert {
    /// Whether it is nothing without an info: it warns, and is no test of the link, System or Test.
    pub(super) const fn needs_info(&self) -> bool {
        self.msg_type.warns() && matches!(self.status, Status::Actual | Status::Exercise | Status::Draft)
    }

    /// What it tells the speakers of a language, by its primary subtag, or else the first it tells.
    pub fn info_in(&self, language: &str) -> Option<&Info> {
        self.infos.iter().find(|info| info.primary_language() == language).or(self.infos.first())
    }

    /// The headline in a language, or of the first.
    pub fn headline(&self, language: &str) -> Option<&str> {
        self.info_in(language)?.headline.as_deref()
    }
}

/// What happens, told to one audience in one language (3.2.2).
#[derive(Debug, Clone, PartialEq)]
pub struct Info {
    /// RFC 3066 code as written; `None` means the default, en-US.
    pub language: Option<String>,
    /// At least one.
    pub categories: Vec<Category>,
    /// The event in words.
    pub event: String,
    /// What to do, as codes.
    pub response_types: Vec<ResponseType>,
    /// How soon.
    pub urgency: Urgency,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub certainty: Certainty,
    /// The intended audience.
    pub audience: Option<String>,
    /// System-specific codes of the event.
    pub event_codes: Vec<Named>,
    /// From when the information holds; `sent` if absent.
    pub effective: Option<CapTime>,
    /// When the event is expected to begin.
    pub onset: Option<CapTime>,
    /// Until when the information holds.
    pub expires: Option<CapTime>,
    /// The originator in words.
    pub sender_name: Option<String>,
    /// Headline, 160 characters or fewer where it goes to phones.
    pub headline: Option<String>,
    /// Hazard and impact.
    pub description: Option<String>,
    /// What people should do.
    pub instruction: Option<String>,
    /// A page with more.
    pub web: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// System-specific additions.
    pub parameters: Vec<Named>,
    /// Additional files.
    pub resources: Vec<Resource>,
    /// Where.
    pub areas: Vec<Area>,
}

impl Info {
    /// The language, with the standard's default.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("en-US")
    }

    /// The primary subtag of the language in lower case: `ar` of `ar-OM`.
    pub fn primary_language(&self) -> String {
        self.language().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The first parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|p| p.name == name).map(|p| p.value.as_str())
    }
}

/// An additional file (3.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is, in words.
    pub resource_desc: String,
    /// Its media type. Required in CAP 1.2, optional in 1.1.
    pub mime_type: Option<String>,
    /// Octets.
    pub size: Option<u64>,
    /// Where to get it.
    pub uri: Option<String>,
    /// The content itself, base64.
    pub deref_uri: Option<String>,
    /// SHA-1 of the content (FIPS 180-2), as written.
    pub digest: Option<String>,
}

/// A place (3.2.4).
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// The place in words.
    pub area_desc: String,
    /// Polygons.
    pub polygons: Vec<Ring>,
    /// Circles.
    pub circles: Vec<Circle>,
    /// Codes of places.
    pub geocodes: Vec<Named>,
    /// Feet above mean sea level, lower bound.
    pub altitude: Option<f64>,
    /// Feet above mean sea level, upper bound; only with an altitude.
    pub ceiling: Option<f64>,
}
