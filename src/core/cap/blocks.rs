//! The blocks of the document, each from its element: alert, info, resource, area. What a value may be is in `values`.

use super::alert::{
    Alert, Area, Category, Certainty, Info, MsgType, Named, Resource, ResponseType, Scope, Severity, Status,
    Urgency, Version,
};
use super::grammar;
use super::reader::Reader;
use super::scan::Stop;
use super::time::CapTime;

impl Reader<'_> {
    /// Reads the root element into `alert`, value by value, so that what was read stays when reading stops.
    pub(super) fn alert(&mut self, alert: &mut Option<Alert>) -> Result<(), Stop> {
        let alert = alert.insert(blank_alert(self.version));
        self.ledger.enter("alert", None, self.scan.at());
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
                    r.info(added(&mut alert.infos, blank_info()))?;
                }
            }
            Ok(())
        })?;
        self.ledger.leave();
        Ok(())
    }

    fn info(&mut self, info: &mut Info) -> Result<(), Stop> {
        self.children(grammar::INFO, |r, name| {
            match name {
                "language" => info.language = r.language()?,
                "category" => {
                    info.categories.push(r.word(Category::parse, Category::ALL, Category::Other)?);
                }
                "event" => info.event = r.string()?,
                "responseType" => {
                    info.response_types.push(r.word(
                        response(r.version),
                        responses(r.version),
                        ResponseType::None,
                    )?);
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
                "resource" => r.resource(added(&mut info.resources, blank_resource()))?,
                _ => {
                    r.bounded(info.areas.len(), r.limits.areas, "cap.limit.areas", "areas in one info")?;
                    r.area(added(&mut info.areas, blank_area()))?;
                }
            }
            Ok(())
        })
    }

    fn resource(&mut self, resource: &mut Resource) -> Result<(), Stop> {
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
        })
    }

    fn area(&mut self, area: &mut Area) -> Result<(), Stop> {
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
        })
    }

    fn named(&mut self) -> Result<Named, Stop> {
        let mut named = Named { name: String::new(), value: String::new() };
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
}

/// The item just added.
fn added<T>(items: &mut Vec<T>, item: T) -> &mut T {
    let at = items.len();
    items.push(item);
    &mut items[at]
}

/// Which response types the version has: CAP 1.1 has no Avoid and no AllClear.
fn responses(version: Version) -> &'static [ResponseType] {
    use ResponseType::{Assess, Evacuate, Execute, Monitor, None, Prepare, Shelter};
    match version {
        Version::V1_1 => &[Shelter, Evacuate, Prepare, Execute, Monitor, Assess, None],
        Version::V1_2 => ResponseType::ALL,
    }
}

/// The same, word by word.
fn response(version: Version) -> fn(&str) -> Option<ResponseType> {
    match version {
        Version::V1_1 => |text| ResponseType::parse(text).filter(|r| responses(Version::V1_1).contains(r)),
        Version::V1_2 => ResponseType::parse,
    }
}

/// An alert before anything of it was read: the tamest word stands in for each that must be there.
fn blank_alert(version: Version) -> Alert {
    Alert {
        version,
        identifier: String::new(),
        sender: String::new(),
        sent: CapTime::muscat(chrono::DateTime::UNIX_EPOCH),
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
    }
}

fn blank_info() -> Info {
    Info {
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
    }
}

fn blank_resource() -> Resource {
    Resource {
        resource_desc: String::new(),
        mime_type: None,
        size: None,
        uri: None,
        deref_uri: None,
        digest: None,
    }
}

fn blank_area() -> Area {
    Area {
        area_desc: String::new(),
        polygons: Vec::new(),
        circles: Vec::new(),
        geocodes: Vec::new(),
        altitude: None,
        ceiling: None,
    }
}
