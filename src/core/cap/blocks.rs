//! The blocks of the document, each from its element: alert, info, resource, area. What a value may be is in `values`.

use super::alert::{
    Alert, Area, Category, Certainty, Info, MsgType, Named, Resource, ResponseType, Scope, Severity, Status,
    Urgency, Version,
};
use super::grammar::{self, InAlert, InArea, InInfo, InNamed, InResource};
use super::reader::Reader;
use super::scan::Stop;
use super::time::CapTime;

impl Reader<'_> {
    /// Reads the root element into `alert`, value by value, so that what was read stays when reading stops.
    pub(super) fn alert(&mut self, alert: &mut Option<Alert>) -> Result<(), Stop> {
        let alert = alert.insert(blank_alert(self.version));
        self.ledger.enter("alert", None, self.scan.at());
        self.attributes();
        self.children(grammar::ALERT, |r, element| {
            match element {
                InAlert::Identifier => alert.identifier = r.string()?,
                InAlert::Sender => alert.sender = r.string()?,
                InAlert::Sent => alert.sent = r.time()?.unwrap_or(alert.sent),
                InAlert::Status => alert.status = r.word(Status::parse, Status::ALL, alert.status)?,
                InAlert::MsgType => alert.msg_type = r.word(MsgType::parse, MsgType::ALL, alert.msg_type)?,
                InAlert::Source => alert.source = Some(r.string()?),
                InAlert::Scope => alert.scope = r.word(Scope::parse, Scope::ALL, alert.scope)?,
                InAlert::Restriction => alert.restriction = Some(r.string()?),
                InAlert::Addresses => alert.addresses = r.list()?,
                InAlert::Code => alert.codes.push(r.string()?),
                InAlert::Note => alert.note = Some(r.string()?),
                InAlert::References => alert.references = r.references()?,
                InAlert::Incidents => alert.incidents = r.list()?,
                InAlert::Info => {
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
        self.children(grammar::INFO, |r, element| {
            match element {
                InInfo::Language => info.language = r.language()?,
                InInfo::Category => {
                    info.categories.push(r.word(Category::parse, Category::ALL, Category::Other)?);
                }
                InInfo::Event => info.event = r.string()?,
                InInfo::ResponseType => {
                    info.response_types.push(r.word(
                        response(r.version),
                        responses(r.version),
                        ResponseType::None,
                    )?);
                }
                InInfo::Urgency => info.urgency = r.word(Urgency::parse, Urgency::ALL, Urgency::Unknown)?,
                InInfo::Severity => {
                    info.severity = r.word(Severity::parse, Severity::ALL, Severity::Unknown)?;
                }
                InInfo::Certainty => {
                    info.certainty = r.word(Certainty::parse, Certainty::ALL, Certainty::Unknown)?;
                }
                InInfo::Audience => info.audience = Some(r.string()?),
                InInfo::EventCode => info.event_codes.push(r.named()?),
                InInfo::Effective => info.effective = r.time()?,
                InInfo::Onset => info.onset = r.time()?,
                InInfo::Expires => info.expires = r.time()?,
                InInfo::SenderName => info.sender_name = Some(r.string()?),
                InInfo::Headline => info.headline = Some(r.string()?),
                InInfo::Description => info.description = Some(r.string()?),
                InInfo::Instruction => info.instruction = Some(r.string()?),
                InInfo::Web => info.web = Some(r.uri()?),
                InInfo::Contact => info.contact = Some(r.string()?),
                InInfo::Parameter => info.parameters.push(r.named()?),
                InInfo::Resource => r.resource(added(&mut info.resources, blank_resource()))?,
                InInfo::Area => {
                    r.bounded(info.areas.len(), r.limits.areas, "cap.limit.areas", "areas in one info")?;
                    r.area(added(&mut info.areas, blank_area()))?;
                }
            }
            Ok(())
        })
    }

    fn resource(&mut self, resource: &mut Resource) -> Result<(), Stop> {
        self.children(grammar::resource(self.version), |r, element| {
            match element {
                InResource::ResourceDesc => resource.resource_desc = r.string()?,
                InResource::MimeType => resource.mime_type = Some(r.string()?),
                InResource::Size => resource.size = r.size()?,
                InResource::Uri => resource.uri = Some(r.uri()?),
                InResource::DerefUri => resource.deref_uri = Some(r.string()?),
                InResource::Digest => resource.digest = Some(r.string()?),
            }
            Ok(())
        })
    }

    fn area(&mut self, area: &mut Area) -> Result<(), Stop> {
        self.children(grammar::AREA, |r, element| {
            match element {
                InArea::AreaDesc => area.area_desc = r.string()?,
                InArea::Polygon => {
                    r.shape()?;
                    let count = area.polygons.len();
                    r.bounded(count, r.limits.polygons, "cap.limit.polygons", "polygons in one area")?;
                    area.polygons.push(r.ring()?);
                }
                InArea::Circle => {
                    r.shape()?;
                    area.circles.push(r.circle()?);
                }
                InArea::Geocode => {
                    r.shape()?;
                    area.geocodes.push(r.named()?);
                }
                InArea::Altitude => area.altitude = r.decimal()?,
                InArea::Ceiling => area.ceiling = r.decimal()?,
            }
            Ok(())
        })
    }

    /// Counts one more of what says where.
    fn shape(&mut self) -> Result<(), Stop> {
        let (count, most) = (self.shapes, self.limits.shapes);
        self.shapes += 1;
        self.bounded(count, most, "cap.limit.shapes", "polygons, circles and geocodes in the document")
    }

    fn named(&mut self) -> Result<Named, Stop> {
        let mut named = Named { name: String::new(), value: String::new() };
        self.children(grammar::NAMED, |r, element| {
            match element {
                InNamed::ValueName => named.name = r.string()?,
                InNamed::Value => named.value = r.string()?,
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
