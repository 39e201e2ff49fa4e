//! A damaged file of regions is never used: `regions check` fails and says why, a hub that is given one does not start.

use super::site::{Site, nadhir};
use serde_json::Value;

/// A folder with the shipped files, one of them changed.
fn damaged(file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["governorates.json", "wilayat.json", "sea.json", "named.json"] {
        let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("regions").join(name);
        let text = std::fs::read_to_string(shipped).unwrap();
        let text = if name == file {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        } else {
            text
        };
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

async fn check(path: &str) -> (Option<i32>, Vec<String>) {
    let done = nadhir(&["regions", "check", "--json", path]).await;
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{e}: {}", done.stderr));
    let faults = report["faults"].as_array().unwrap();
    (done.code, faults.iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn a_damaged_file_of_regions_is_told_by_its_fault() {
    let row = |file: &str, from: &str, to: &str| damaged(file, from, to);
    for (folder, want) in [
        (row("sea.json", "OM-BJ-SEA", "OM-BJ-SEA"), None),
        (row("wilayat.json", "263894", "263895"), Some("region.people")),
        (row("wilayat.json", "\"arcs\"", "arcs"), Some("region.json")),
        (row("governorates.json", "23710,58070", "23711,58070"), Some("region.ring.open")),
        (
            row("sea.json", "\"governorate\": \"OM-MA\"", "\"governorate\": \"OM-DA\""),
            Some("region.code.form"),
        ),
    ] {
        let (code, faults) = check(folder.path().to_str().unwrap()).await;
        assert_eq!(code, Some(i32::from(want.is_some())), "{faults:?}");
        assert_eq!(faults.first().map(String::as_str), want, "{faults:?}");
    }
}

/// Two squares that lie half on one another.
const OVERLAP: &str = r#"{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"iso_3166_2":"OM-DA"},"geometry":{"type":"Polygon","coordinates":[[[57,22],[58,22],[58,23],[57,23],[57,22]]]}},
 {"type":"Feature","properties":{"iso_3166_2":"OM-ZA"},"geometry":{"type":"Polygon","coordinates":[[[57.5,22],[58.5,22],[58.5,23],[57.5,23],[57.5,22]]]}}]}"#;

#[tokio::test]
async fn a_hub_does_not_start_on_damaged_regions_and_says_why() {
    let site = Site::new().await;
    let file = site.path("regions.geojson");
    std::fs::write(&file, OVERLAP).unwrap();
    assert_eq!(check(file.to_str().unwrap()).await, (Some(1), vec!["region.overlap".to_owned()]));
    let config = std::fs::read_to_string(site.config()).unwrap();
    let config = config.replace("[hub]\n", "[hub]\nregions = \"regions.geojson\"\n");
    std::fs::write(site.config(), config).unwrap();
    std::fs::write(&file, OVERLAP.replace("[57,22]]]", "[57,23]]]")).unwrap();
    let done = nadhir(&["serve", "--config", &site.config()]).await;
    assert_eq!(done.code, Some(1), "{}", done.stderr);
    assert!(
        done.stderr.contains("regions.geojson") && done.stderr.contains("region.ring.open"),
        "{}",
        done.stderr
    );
}
