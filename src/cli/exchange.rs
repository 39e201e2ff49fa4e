//! `nadhir alert intake` and `nadhir area geojson|from-geojson`: what came from elsewhere, looked at here. Asks no hub.

use super::alert::read;
use super::exit::{Exit, Failure};
use super::{print, shown};
use crate::clock::Clock;
use crate::run;
use nadhir_core::area::exchange;
use nadhir_core::cap::{self, Limits};
use nadhir_core::fault::{Fault, any_error};
use nadhir_core::warning::{Own, intake};
use serde_json::{Value, json};
use std::path::Path;

/// Says what an alert of another authority would become: the same JSON as the hub's `POST /v1/intake`.
pub(super) fn taken_in(file: &Path, as_json: bool) -> Result<Exit, Failure> {
    let bytes = read(file).map_err(|why| Failure::new(Exit::Failure, why))?;
    let (index, profile) = (run::regions(None)?, run::profile()?);
    let now = Clock::start().now().utc;
    // A number of its own is given by the hub that takes it in.
    let own = Own::new(&profile, &profile.desk_sender, now, 0);
    let made = intake(&bytes, &own, &profile, &index, now);
    if as_json {
        print(&made.report().to_string())?;
    } else {
        let of = made
            .original
            .as_ref()
            .map_or_else(|| "cannot be read".to_owned(), |message| message.id.to_string());
        print(&format!("{}: {of}", shown(file)))?;
        for fault in &made.faults {
            print(&format!("  came    {fault}"))?;
        }
        for loss in &made.losses {
            print(&format!("  lost    [{}] {}: {}", loss.code, loss.place, loss.message))?;
        }
        for fault in &made.draft_faults {
            print(&format!("  draft   {fault}"))?;
        }
        let words = match (&made.draft, &made.summary) {
            (None, _) => "no draft: it warns the public of nothing",
            (Some(_), None) => "a draft, to be mended by a person before it can be submitted",
            (Some(_), Some(_)) => "a draft that a person can submit and another approve",
        };
        print(&format!("  {words}"))?;
    }
    Ok(if made.draft.is_some() { Exit::Ok } else { Exit::InvalidCap })
}

/// The areas of a CAP file as GeoJSON: those of its first info.
pub(super) fn geojson(file: &Path) -> Result<Exit, Failure> {
    let bytes = read(file).map_err(|why| Failure::new(Exit::Failure, why))?;
    let (alert, faults) = cap::read(&bytes, &Limits::cap());
    let Some(alert) = alert else {
        let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return Err(Failure::new(Exit::InvalidCap, format!("{}: {}", shown(file), words.join("; "))));
    };
    let areas = alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
    print(&exchange::to_geojson(areas, &run::regions(None)?).to_string())?;
    Ok(if areas.is_empty() { Exit::Area } else { Exit::Ok })
}

/// The shapes of a GeoJSON file, one area a line, as `nadhir area cover --jsonl` reads them.
pub(super) fn from_geojson(file: &Path) -> Result<Exit, Failure> {
    let bytes = read(file).map_err(|why| Failure::new(Exit::Failure, why))?;
    let (areas, faults) = match exchange::from_geojson(&bytes) {
        Ok((areas, said)) => (areas, said),
        Err(faults) => (vec![], faults),
    };
    for (n, area) in (1..).zip(&areas) {
        // What was changed is said with the first.
        let said: &[Fault] = if n == 1 { &faults } else { &[] };
        let texts = |shapes: Vec<String>| Value::from(shapes);
        let codes: Vec<Value> =
            area.geocodes.iter().map(|code| json!({ "name": code.name, "value": code.value })).collect();
        let line = json!({
            "id": if area.area_desc.is_empty() { json!(n) } else { json!(area.area_desc) },
            "polygons": texts(area.polygons.iter().map(ToString::to_string).collect()),
            "circles": texts(area.circles.iter().map(ToString::to_string).collect()),
            "geocodes": codes, "faults": said,
        });
        print(&line.to_string())?;
    }
    refused(file, &faults)
}

/// What was said of the file, to stderr; the exit by whether it refuses.
fn refused(file: &Path, faults: &[Fault]) -> Result<Exit, Failure> {
    let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if any_error(faults) {
        return Err(Failure::new(Exit::Area, format!("{}: {}", shown(file), words.join("; "))));
    }
    for word in &words {
        eprintln!("{}: {word}", shown(file));
    }
    Ok(Exit::Ok)
}
