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
    /// Reads the root element.
    pub(super) fn alert(&mut self) -> Result<Alert, Stop> {
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
