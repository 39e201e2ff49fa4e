//! Bytes to a CAP document: one pass, every fault with its place. Judges the schema; the rules of the text are in `standard` and `oman`.

use super::alert::{
    Alert, Area, Category, Certainty, Info, MsgType, Named, Resource, ResponseType, Scope, Severity, Status,
    Urgency, Version,
};
use super::grammar::{self, Slot};
use super::ledger::Ledger;
use super::limits::Limits;
use super::scan::{Scan, Space, Step, Stop, blank, is_xml_char};
use super::time::CapTime;
use crate::fault::Fault;

/// Reads a CAP 1.2 document, or 1.1 by its namespace.
///
/// The document comes back only when every value it needs was readable, so nothing in it is invented; the faults come back
/// in any case, in the order of the text, each with its path, line and column. A document with a fault of level `error`
/// is not lawful CAP, also when it comes back. The standard's rules beyond its schema are [`super::check()`]'s.
pub fn read(bytes: &[u8], limits: &Limits) -> (Option<Alert>, Vec<Fault>) {
    let reading = read_all(bytes, *limits);
    let alert = reading.alert.filter(|_| reading.readable && reading.gaps.is_empty());
    (alert, reading.faults)
}

/// All that one pass gives.
pub(super) struct Reading {
    /// The document; where it has gaps, stand-ins fill them.
    pub(super) alert: Option<Alert>,
    /// Paths of values that only stand in for what could not be read.
    pub(super) gaps: Vec<String>,
    /// What was found.
    pub(super) faults: Vec<Fault>,
    /// Whether it was XML within bounds to its end.
    pub(super) readable: bool,
}

/// Reads all there is, gaps filled, so that the rules can say their faults as well.
pub(super) fn read_all(bytes: &[u8], limits: Limits) -> Reading {
    let text = match text(bytes, limits) {
        Ok(text) => text,
        Err(fault) => return Reading { alert: None, gaps: Vec::new(), faults: vec![fault], readable: false },
    };
    let mut reader = Reader {
        scan: Scan::new(text, limits),
        ledger: Ledger::new(text),
        limits,
        points: 0,
        version: Version::V1_2,
    };
    let (alert, ended) = match reader.document() {
        Ok(alert) => (alert, true),
        Err(Stop) => (None, false),
    };
    let (faults, gaps) = reader.ledger.close();
    let readable = ended && !faults.iter().any(|f| f.code == "cap.entity.unknown");
    Reading { alert, gaps, faults, readable }
}

/// UTF-8 within bounds, without its byte order mark.
pub(super) fn text(bytes: &[u8], limits: Limits) -> Result<&str, Fault> {
    let first = "line 1, column 1";
    if bytes.len() > limits.octets {
        let (has, most) = (bytes.len(), limits.octets);
        return Err(Fault::error(
            "cap.limit.octets",
            first,
            format!("{has} octets; at most {most} are read"),
        ));
    }
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]) {
        return Err(Fault::error("cap.encoding", first, "the document is UTF-16; only UTF-8 is read"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|bad| {
        let before = String::from_utf8_lossy(&bytes[..bad.valid_up_to()]).into_owned();
        let place = super::ledger::Lines::new(&before).at(before.len());
        Fault::error("cap.encoding", place, "an octet here is not UTF-8; only UTF-8 is read")
    })?;
    match text.char_indices().find(|(_, c)| !is_xml_char(*c)) {
        None => Ok(text),
        Some((at, c)) => {
            let place = super::ledger::Lines::new(text).at(at);
            let point = u32::from(c);
            Err(Fault::error("cap.xml", place, format!("XML cannot hold the character U+{point:04X}")))
        }
    }
}

/// One document being read.
pub(super) struct Reader<'a> {
    pub(super) scan: Scan<'a>,
    pub(super) ledger: Ledger<'a>,
    pub(super) limits: Limits,
    /// Polygon points so far.
    pub(super) points: usize,
    pub(super) version: Version,
}

/// The text of an element.
pub(super) struct Leaf {
    pub(super) text: String,
    /// Where the element begins.
    pub(super) at: usize,
    /// Whether nothing in it was lost: no unknown entity, no element.
    pub(super) known: bool,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Option<Alert>, Stop> {
        let mut alert = None;
        loop {
            match self.scan.step(&mut self.ledger)? {
                Step::Open(Space::Cap(version), name) if name == "alert" => {
                    self.version = version;
                    alert = Some(self.alert()?);
                }
                Step::Open(_, name) => {
                    let why = format!("the root element is \"{name}\", not alert of CAP 1.2 or CAP 1.1");
                    self.ledger.error("cap.root", self.scan.at(), why);
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::End => return Ok(alert),
                Step::Text(_) | Step::Section(_) | Step::Unknown | Step::Close => {}
            }
        }
    }

    fn alert(&mut self) -> Result<Alert, Stop> {
        let mut alert = Alert {
            version: self.version,
            identifier: String::new(),
            sender: String::new(),
            sent: stand_in_time(),
            status: Status::Draft,
            msg_type: MsgType::Alert,
            source: None,
            scope: Scope::Private,
            restriction: None,
            addresses: Vec::new(),
            codes: Vec::new(),
            note: None,
            references: Vec::new(),
            incidents: Vec::new(),
            infos: Vec::new(),
        };
        self.ledger.enter("alert", None);
        self.attributes();
        self.children(grammar::ALERT, |r, name| {
            match name {
                "identifier" => alert.identifier = r.string()?,
                "sender" => alert.sender = r.string()?,
                "sent" => alert.sent = r.time()?.unwrap_or(alert.sent),
                "status" => alert.status = r.word(Status::parse, Status::ALL, alert.status)?,
                "msgType" => alert.msg_type = r.word(MsgType::parse, MsgType::ALL, alert.msg_type)?,
                "source" => alert.source = Some(r.string()?),
                "scope" => alert.scope = r.word(Scope::parse, Scope::ALL, alert.scope)?,
                "restriction" => alert.restriction = Some(r.string()?),
                "addresses" => alert.addresses = r.list()?,
                "code" => alert.codes.push(r.string()?),
                "note" => alert.note = Some(r.string()?),
                "references" => alert.references = r.references()?,
                "incidents" => alert.incidents = r.list()?,
                _ => {
                    r.bounded(alert.infos.len(), r.limits.infos, "cap.limit.infos", "info blocks")?;
                    alert.infos.push(r.info()?);
                }
            }
            Ok(())
        })?;
        self.ledger.leave();
        Ok(alert)
    }

    fn info(&mut self) -> Result<Info, Stop> {
        let mut info = Info {
            language: None,
            categories: Vec::new(),
            event: String::new(),
            response_types: Vec::new(),
            urgency: Urgency::Unknown,
            severity: Severity::Unknown,
            certainty: Certainty::Unknown,
            audience: None,
            event_codes: Vec::new(),
            effective: None,
            onset: None,
            expires: None,
            sender_name: None,
            headline: None,
            description: None,
            instruction: None,
            web: None,
            contact: None,
            parameters: Vec::new(),
            resources: Vec::new(),
            areas: Vec::new(),
        };
        // CAP 1.1 has no Avoid and no AllClear.
        let responses: Vec<ResponseType> = ResponseType::ALL
            .iter()
            .copied()
            .filter(|r| match self.version {
                Version::V1_1 => !matches!(r, ResponseType::Avoid | ResponseType::AllClear),
                Version::V1_2 => true,
            })
            .collect();
        self.children(grammar::INFO, |r, name| {
            match name {
                "language" => info.language = r.language()?,
                "category" => {
                    info.categories.push(r.word(Category::parse, Category::ALL, Category::Other)?);
                }
                "event" => info.event = r.string()?,
                "responseType" => {
                    info.response_types.push(r.word(response(r.version), &responses, ResponseType::None)?);
                }
                "urgency" => info.urgency = r.word(Urgency::parse, Urgency::ALL, Urgency::Unknown)?,
                "severity" => info.severity = r.word(Severity::parse, Severity::ALL, Severity::Unknown)?,
                "certainty" => {
                    info.certainty = r.word(Certainty::parse, Certainty::ALL, Certainty::Unknown)?;
                }
                "audience" => info.audience = Some(r.string()?),
                "eventCode" => info.event_codes.push(r.named()?),
                "effective" => info.effective = r.time()?,
                "onset" => info.onset = r.time()?,
                "expires" => info.expires = r.time()?,
                "senderName" => info.sender_name = Some(r.string()?),
                "headline" => info.headline = Some(r.string()?),
                "description" => info.description = Some(r.string()?),
                "instruction" => info.instruction = Some(r.string()?),
                "web" => info.web = Some(r.uri()?),
                "contact" => info.contact = Some(r.string()?),
                "parameter" => info.parameters.push(r.named()?),
                "resource" => info.resources.push(r.resource()?),
                _ => {
                    r.bounded(info.areas.len(), r.limits.areas, "cap.limit.areas", "areas in one info")?;
                    info.areas.push(r.area()?);
                }
            }
            Ok(())
        })?;
        Ok(info)
    }

    fn resource(&mut self) -> Result<Resource, Stop> {
        let mut resource = Resource {
            resource_desc: String::new(),
            mime_type: None,
            size: None,
            uri: None,
            deref_uri: None,
            digest: None,
        };
        self.children(grammar::resource(self.version), |r, name| {
            match name {
                "resourceDesc" => resource.resource_desc = r.string()?,
                "mimeType" => resource.mime_type = Some(r.string()?),
                "size" => resource.size = r.size()?,
                "uri" => resource.uri = Some(r.uri()?),
                "derefUri" => resource.deref_uri = Some(r.string()?),
                _ => resource.digest = Some(r.string()?),
            }
            Ok(())
        })?;
        Ok(resource)
    }

    fn area(&mut self) -> Result<Area, Stop> {
        let mut area = Area {
            area_desc: String::new(),
            polygons: Vec::new(),
            circles: Vec::new(),
            geocodes: Vec::new(),
            altitude: None,
            ceiling: None,
        };
        self.children(grammar::AREA, |r, name| {
            match name {
                "areaDesc" => area.area_desc = r.string()?,
                "polygon" => {
                    let count = area.polygons.len();
                    r.bounded(count, r.limits.polygons, "cap.limit.polygons", "polygons in one area")?;
                    area.polygons.push(r.ring()?);
                }
                "circle" => area.circles.push(r.circle()?),
                "geocode" => area.geocodes.push(r.named()?),
                "altitude" => area.altitude = r.decimal()?,
                _ => area.ceiling = r.decimal()?,
            }
            Ok(())
        })?;
        Ok(area)
    }

    fn named(&mut self) -> Result<Named, Stop> {
        let mut named = Named::new("", "");
        self.children(grammar::NAMED, |r, name| {
            if name == "valueName" {
                named.name = r.string()?;
            } else {
                named.value = r.string()?;
            }
            Ok(())
        })?;
        Ok(named)
    }

    /// Reads the children of the element just opened, to its end, against their sequence.
    fn children(
        &mut self,
        slots: &'static [Slot],
        mut take: impl FnMut(&mut Self, &'static str) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let opened = self.scan.at();
        let mut counts = vec![0_usize; slots.len()];
        let mut furthest = 0;
        let mut strayed = false;
        let mut signed = false;
        loop {
            match self.scan.step(&mut self.ledger)? {
                // A CDATA section is text whatever it holds (XML 1.0, 3, element content).
                Step::Section(_) if strayed => {}
                Step::Text(text) if strayed || blank(&text) => {}
                Step::Text(_) | Step::Section(_) => {
                    strayed = true;
                    self.ledger.error("cap.text.stray", self.scan.at(), "text stands between the elements");
                }
                Step::Unknown => {}
                Step::Open(Space::Signature, _) if slots == grammar::ALERT => {
                    signed = true;
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::Open(space, name) => {
                    let ours = space == Space::Cap(self.version);
                    let Some(at) = slots.iter().position(|s| ours && s.name == name) else {
                        self.ledger.enter(&name, None);
                        let why = format!("CAP {} knows no element \"{name}\" here", self.version);
                        self.ledger.error("cap.element.unknown", self.scan.at(), why);
                        self.scan.skip(&mut self.ledger)?;
                        self.ledger.leave();
                        continue;
                    };
                    let slot = slots[at];
                    counts[at] += 1;
                    self.ledger.enter(slot.name, slot.many.then_some(counts[at]));
                    self.attributes();
                    if signed || at < furthest {
                        let late = if signed { "the signature" } else { slots[furthest].name };
                        let why = format!("{} stands after {late}; it belongs before it", slot.name);
                        self.ledger.error("cap.element.order", self.scan.at(), why);
                    }
                    furthest = furthest.max(at);
                    if counts[at] > 1 && !slot.many {
                        let why = format!("{} stands here for the second time; one is allowed", slot.name);
                        self.ledger.error("cap.element.repeated", self.scan.at(), why);
                        self.scan.skip(&mut self.ledger)?;
                    } else {
                        take(self, slot.name)?;
                    }
                    self.ledger.leave();
                }
                Step::Close | Step::End => break,
            }
        }
        for (slot, count) in slots.iter().zip(counts) {
            if slot.must && count == 0 {
                let why = format!("{} is missing; the standard demands it", slot.name);
                self.ledger.missing("cap.element.missing", slot.name, opened, why);
            }
        }
        Ok(())
    }

    /// Reads the text of the element just opened, to its end.
    pub(super) fn leaf(&mut self) -> Result<Leaf, Stop> {
        let mut leaf = Leaf { text: String::new(), at: self.scan.at(), known: true };
        loop {
            match self.scan.step(&mut self.ledger)? {
                Step::Text(text) | Step::Section(text) => leaf.text.push_str(&text),
                Step::Unknown => leaf.known = false,
                Step::Open(_, name) => {
                    leaf.known = false;
                    let why = format!("\"{name}\" stands where only text may stand");
                    self.ledger.error("cap.element.child", self.scan.at(), why);
                    self.scan.skip(&mut self.ledger)?;
                }
                Step::Close | Step::End => break,
            }
        }
        if !leaf.known {
            self.ledger.gap();
        }
        Ok(leaf)
    }

    /// Books the attributes of the element just entered: CAP has none.
    fn attributes(&mut self) {
        for name in self.scan.foreign() {
            let why = format!("CAP knows no attribute \"{name}\"");
            self.ledger.error("cap.attribute.unknown", self.scan.at(), why);
        }
    }

    fn bounded(&mut self, count: usize, most: usize, code: &str, what: &str) -> Result<(), Stop> {
        if count < most {
            return Ok(());
        }
        self.ledger.fatal(code, self.scan.at(), format!("more than {most} {what}"));
        Err(Stop)
    }
}

/// Which response types the version has.
fn response(version: Version) -> fn(&str) -> Option<ResponseType> {
    match version {
        Version::V1_1 => |text| {
            ResponseType::parse(text).filter(|r| !matches!(r, ResponseType::Avoid | ResponseType::AllClear))
        },
        Version::V1_2 => ResponseType::parse,
    }
}

/// Stands in for a `sent` that could not be read; never leaves this room.
fn stand_in_time() -> CapTime {
    CapTime::muscat(chrono::DateTime::UNIX_EPOCH)
}
