//! An alert as this CBC needs it, out of a CAP 1.2 document. What may be broadcast is order.rs's to judge.

use crate::geometry::{Place, Ring, around};
use crate::refusal::Fault;
use crate::tree::{Element, parse};

/// No polygon and no alert has more points than this.
const MOST_POINTS: usize = 50_000;
/// No alert refers to more alerts than this.
const MOST_REFERENCES: usize = 1000;

/// The part of a CAP alert that a CBC acts upon.
#[derive(Debug)]
pub(crate) struct Alert {
    /// `sender,identifier,sent`: how a later alert refers to it.
    pub(crate) reference: String,
    /// As written: `Actual`, `Exercise`, `Test`, ...
    pub(crate) status: String,
    /// As written: `Alert`, `Update`, `Cancel`, ...
    pub(crate) msg_type: String,
    /// Every `code`.
    pub(crate) codes: Vec<String>,
    /// The triples it refers to.
    pub(crate) references: Vec<String>,
    /// One a language.
    pub(crate) infos: Vec<Info>,
}

/// One language of an alert.
#[derive(Debug)]
pub(crate) struct Info {
    /// As written; `en-US` where there is none.
    pub(crate) language: String,
    /// The headline.
    pub(crate) headline: String,
    /// The description; empty where there is none.
    pub(crate) description: String,
    /// The instruction; empty where there is none.
    pub(crate) instruction: String,
    /// As written: `Extreme`, `Severe`, ...
    pub(crate) severity: String,
    /// As written: `Immediate`, `Expected`, ...
    pub(crate) urgency: String,
    /// As written: `Observed`, `Likely`, ...
    pub(crate) certainty: String,
    /// When the warning ends, as written.
    pub(crate) expires: String,
    /// Names and values, in order.
    pub(crate) parameters: Vec<(String, String)>,
    /// Polygons, and circles drawn as polygons around them.
    pub(crate) polygons: Vec<Ring>,
}

impl Info {
    /// The values of a parameter, in order.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.parameters.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document.
///
/// # Errors
/// What the tree refuses, a root that is no alert, and every polygon or circle that is none.
pub(crate) fn read(bytes: &[u8]) -> Result<Alert, Vec<Fault>> {
    let root = parse(bytes).map_err(|fault| vec![fault])?;
    if root.name != "alert" {
        return Err(vec![Fault::new("cap.root", format!("the root is <{}>, not <alert>", root.name))]);
    }
    let mut faults = Vec::new();
    for name in ["identifier", "sender", "sent", "status", "msgType"] {
        if root.all(name).count() != 1 || root.text_of(name).is_empty() {
            faults.push(Fault::new(
                "cap.element",
                format!("alert/{name} must be there once and hold something"),
            ));
        }
    }
    let infos =
        (1..).zip(root.all("info")).map(|(number, info)| read_info(number, info, &mut faults)).collect();
    let points: usize = root
        .all("info")
        .flat_map(|info| info.all("area"))
        .flat_map(|area| area.all("polygon"))
        .map(|p| p.text.split_whitespace().count())
        .sum();
    if points > MOST_POINTS {
        faults.push(Fault::new("area.points", format!("{points} points; at most {MOST_POINTS} are taken")));
    }
    let references: Vec<String> = root.text_of("references").split_whitespace().map(str::to_owned).collect();
    if references.len() > MOST_REFERENCES {
        let words = format!("{} references; at most {MOST_REFERENCES} are taken", references.len());
        faults.push(Fault::new("cap.references", words));
    }
    let alert = Alert {
        reference: ["sender", "identifier", "sent"].map(|name| root.text_of(name)).join(","),
        status: root.text_of("status").to_owned(),
        msg_type: root.text_of("msgType").to_owned(),
        codes: root.all("code").map(|code| code.text.trim().to_owned()).collect(),
        references,
        infos,
    };
    if faults.is_empty() { Ok(alert) } else { Err(faults) }
}

fn read_info(number: usize, info: &Element, faults: &mut Vec<Fault>) -> Info {
    let mut polygons = Vec::new();
    for area in info.all("area") {
        for (kind, read) in [("polygon", polygon as fn(&str) -> Result<Ring, String>), ("circle", circle)] {
            for shape in area.all(kind) {
                match read(&shape.text) {
                    Ok(ring) => polygons.push(ring),
                    Err(words) => {
                        faults.push(Fault::new("area.shape", format!("info[{number}]: a {kind} {words}")));
                    }
                }
            }
        }
    }
    let language = Some(info.text_of("language")).filter(|language| !language.is_empty()).unwrap_or("en-US");
    Info {
        language: language.to_owned(),
        headline: info.text_of("headline").to_owned(),
        description: info.text_of("description").to_owned(),
        instruction: info.text_of("instruction").to_owned(),
        severity: info.text_of("severity").to_owned(),
        urgency: info.text_of("urgency").to_owned(),
        certainty: info.text_of("certainty").to_owned(),
        expires: info.text_of("expires").to_owned(),
        parameters: info
            .all("parameter")
            .map(|parameter| {
                (parameter.text_of("valueName").to_owned(), parameter.text_of("value").to_owned())
            })
            .collect(),
        polygons,
    }
}

/// `lat,lon lat,lon ...`, at least four points, the last equal to the first.
pub(crate) fn polygon(text: &str) -> Result<Ring, String> {
    let ring: Ring = text.split_whitespace().map(place).collect::<Result<_, _>>()?;
    if ring.len() < 4 {
        return Err(format!("has {} points; four are the fewest", ring.len()));
    }
    if ring.first() != ring.last() {
        return Err("is not closed: its last point is not its first".to_owned());
    }
    Ok(ring[1..].to_vec())
}

/// `lat,lon radius`, the radius in kilometres.
fn circle(text: &str) -> Result<Ring, String> {
    let mut words = text.split_whitespace();
    let (centre, radius) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match radius.parse::<f64>() {
        Ok(km) if km > 0.0 && km < 2000.0 && words.next().is_none() => Ok(around(place(centre)?, km)),
        _ => Err(format!("has \"{radius}\" for a radius, not a number of kilometres over 0 and under 2,000")),
    }
}

fn place(text: &str) -> Result<Place, String> {
    let numbers = text
        .split_once(',')
        .and_then(|(lat, lon)| Some((lat.parse::<f64>().ok()?, lon.parse::<f64>().ok()?)));
    match numbers {
        Some((lat, lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok(Place { lat, lon }),
        _ => Err(format!("has the point \"{text:.40}\", which is no \"latitude,longitude\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(inside: &str) -> String {
        format!(
            "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>a1</identifier><sender>s@x</sender>\
             <sent>2026-11-22T05:00:00+04:00</sent><status>Actual</status><msgType>Alert</msgType>{inside}</alert>"
        )
    }

    fn area(shape: &str) -> String {
        alert(&format!("<info><area><areaDesc>a</areaDesc>{shape}</area></info>"))
    }

    fn check(document: &str, expected: Result<usize, &[&str]>) {
        let found = read(document.as_bytes());
        let found = found.map(|alert| alert.infos.iter().map(|info| info.polygons.len()).sum::<usize>());
        let found = found.map_err(|faults| faults.iter().map(|fault| fault.code).collect::<Vec<_>>());
        assert_eq!(found, expected.map_err(<[&str]>::to_vec), "{document:.300}");
    }

    #[test]
    fn reads_areas_and_names_every_fault() {
        check(&alert(""), Ok(0));
        check(&area("<polygon>22.5,57.0 23.5,57.0\n\t23.5,58.0 22.5,57.0</polygon>"), Ok(1));
        check(&area("<circle>23.0,57.5 10</circle><polygon>0,0 0,1 1,1 0,0</polygon>"), Ok(2));
        check(&area("<geocode><valueName>ISO 3166-2</valueName><value>OM-DA</value></geocode>"), Ok(0));
        let bad = "<polygon>0,0 0,1 1,1</polygon><polygon>0,0 0,1 1,1 2,2</polygon><polygon>0,0 0,x 1,1 0,0</polygon>\
                   <polygon>91,0 0,1 1,1 91,0</polygon><polygon>NaN,0 0,1 1,1 NaN,0</polygon>";
        check(&area(bad), Err(&["area.shape"; 5]));
        check(
            &area("<circle>23.0,57.5 -1</circle><circle>23.0 5</circle><circle>1,2 3 4</circle>"),
            Err(&["area.shape"; 3]),
        );
        check(&area(&format!("<polygon>{}</polygon>", "1,1 ".repeat(50_001))), Err(&["area.points"]));
        check(&alert("").replace("<sender>s@x</sender>", "").replace("Actual", ""), Err(&["cap.element"; 2]));
        check(&alert("").replace("alert", "alarm"), Err(&["cap.root"]));
        check(
            &alert(&format!("<references>{}</references>", "a,b,c ".repeat(1001))),
            Err(&["cap.references"]),
        );
    }

    #[test]
    fn keeps_what_a_cbc_acts_upon() {
        let inside = "<code>nadhir-order-1</code><references>s@x,a0,2026-11-22T04:00:00+04:00\n s@x,b,t</references>\
                      <info><headline> Flood </headline><expires>2026-11-22T09:00:00+04:00</expires>\
                      <parameter><valueName>n</valueName><value>1</value></parameter>\
                      <parameter><valueName>n</valueName><value>2</value></parameter></info>";
        let alert = read(alert(inside).as_bytes()).unwrap();
        assert_eq!(alert.reference, "s@x,a1,2026-11-22T05:00:00+04:00");
        assert_eq!((alert.codes.len(), alert.references.len()), (1, 2));
        let info = &alert.infos[0];
        assert_eq!((info.language.as_str(), info.headline.as_str()), ("en-US", "Flood"));
        assert_eq!(info.values("n").collect::<Vec<_>>(), ["1", "2"]);
    }
}
