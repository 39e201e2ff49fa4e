//! The files of deploy/ against the program they are for: settings that it reads, figures that it has, users that the broker knows.

use crate::site::nadhir;
use nadhir::config::{Config, TransportKind};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The example as it is, and with every setting that is commented out (`#key = value`; prose has a space) turned on.
#[tokio::test]
async fn the_example_configurations_are_good() {
    for path in ["deploy/nadhir.example.toml", "deploy/adapter.example.toml", "deploy/compose/nadhir.toml"] {
        let at = root(path).display().to_string();
        let done = nadhir(&["config", "check", "--config", &at, "--amqp", "amqp://hub:x@mq/nadhir"]).await;
        assert_eq!(done.code, Some(0), "{path}: {}", done.stderr);
        let folder = tempfile::tempdir().unwrap();
        let all_on = folder.path().join("all-on.toml");
        let on: String = text(path)
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if setting.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[') => {
                    setting
                }
                _ => line,
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        std::fs::write(&all_on, on).unwrap();
        let read = Config::read(&all_on, None, None).unwrap_or_else(|e| panic!("{path}, all on: {e}"));
        assert_eq!(read.transport.kind, TransportKind::Amqp, "{path}");
        assert!(!text(path).contains("amqp://hub:x"), "{path}");
    }
}

/// Every key of the configuration stands in the example; one that is added to the program is added there.
#[test]
fn the_example_names_every_key() {
    let example = text("deploy/nadhir.example.toml");
    let keys = [
        "listen",
        "public",
        "admin",
        "store",
        "operators",
        "regions",
        "profile",
        "links",
        "telephones",
        "may_use_4371",
        "kind",
        "uris",
        "drill_uris",
        "authority",
        "key",
        "deployment",
        "cbc",
        "cells",
        "cells_may_lose_percent",
        "ledger",
    ];
    let missing: Vec<_> = keys
        .into_iter()
        .filter(|key| !example.lines().any(|l| l.trim_start_matches('#').starts_with(&format!("{key} = "))))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let source = text("src/config.rs");
    let fields = source.lines().filter(|l| l.starts_with("    pub ") && l.ends_with(','));
    let fields: BTreeSet<&str> =
        fields.filter_map(|l| l.trim_start().strip_prefix("pub ")?.split(':').next()).collect();
    let tables = BTreeSet::from(["hub", "transport", "policy", "live", "laboratory", "adapter"]);
    let known: BTreeSet<&str> = keys.into_iter().chain(tables).collect();
    assert_eq!(
        fields.difference(&known).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "fields the example lacks"
    );
}

/// Every name that looks like one of our figures.
fn figures(text: &str) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !word(c))
        .filter(|w| w.starts_with("nadhir_"))
        .map(|name| {
            let suffix = ["_bucket", "_count", "_sum"].into_iter().find_map(|end| name.strip_suffix(end));
            suffix.filter(|base| base.ends_with("_seconds")).unwrap_or(name).to_owned()
        })
        .collect()
}

/// The names that the program gives to `counter!`, `gauge!` and `histogram!`, directly or by a constant of that file.
fn measured() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let measures = ["counter!(", "gauge!(", "histogram!("].iter().any(|m| source.contains(m));
                if measures {
                    let literals = source.split('"').skip(1).step_by(2);
                    found.extend(
                        literals.filter(|l| l.starts_with("nadhir_") && !l.contains(' ')).map(str::to_owned),
                    );
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&root("src"), &mut found);
    found
}

#[test]
fn alarms_and_dashboard_ask_only_for_figures_that_exist() {
    let measured = measured();
    assert!(measured.contains("nadhir_lanes_red_total") && measured.len() >= 12, "{measured:?}");
    for path in ["deploy/prometheus/rules.yml", "deploy/grafana/nadhir.json"] {
        let asked = figures(&text(path));
        assert!(asked.len() >= 6, "{path}: {asked:?}");
        assert_eq!(asked.difference(&measured).collect::<Vec<_>>(), Vec::<&String>::new(), "{path}");
    }
}

#[test]
fn every_alarm_has_a_test_and_says_what_to_do() {
    let (rules, tests) = (text("deploy/prometheus/rules.yml"), text("deploy/prometheus/rules_test.yml"));
    let alarms: Vec<&str> = rules.lines().filter_map(|l| l.trim().strip_prefix("- alert: ")).collect();
    assert!(alarms.len() >= 9, "{alarms:?}");
    for alarm in alarms {
        assert!(tests.contains(&format!("alertname: {alarm}\n")), "{alarm} is not tested");
    }
    for rule in rules.split("- alert: ").skip(1) {
        let name = rule.lines().next().unwrap();
        for part in ["severity:", "summary:", "do:"] {
            assert!(rule.contains(part), "{name} has no {part}");
        }
    }
}

#[test]
fn the_dashboard_is_whole() {
    let board: Value = serde_json::from_str(&text("deploy/grafana/nadhir.json")).unwrap();
    let panels = board["panels"].as_array().unwrap();
    assert!(panels.len() >= 8);
    let mut ids = BTreeSet::new();
    for panel in panels {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{panel}");
        assert!(panel["title"].is_string() && panel["gridPos"]["w"].is_u64(), "{panel}");
        for target in panel["targets"].as_array().into_iter().flatten() {
            assert!(!target["expr"].as_str().unwrap().is_empty(), "{panel}");
        }
    }
}

/// Who signs in at the broker is the same in the compose file, the permissions and the development node.
#[test]
fn compose_runs_every_part_with_its_own_credential() {
    let compose = text("deploy/compose.yaml");
    let permissions: Value = serde_json::from_str(&text("deploy/rabbitmq/permissions.json")).unwrap();
    let secrets = text("deploy/compose/secrets.sh");
    for user in permissions["permissions"].as_array().unwrap() {
        let user = user["user"].as_str().unwrap();
        assert!(secrets.contains(user), "deploy/compose/secrets.sh makes no password for {user}");
    }
    for part in ["rabbitmq:", "hub:", "adapter-omantel:", "adapter-ooredoo:", "adapter-vodafone:"] {
        assert!(compose.lines().any(|l| l == format!("  {part}")), "no service {part}");
    }
    for operator in crate::site::OPERATORS {
        assert!(
            compose.contains(&format!("secrets/{operator}.env")),
            "{operator} has no credential of its own"
        );
    }
    assert!(!compose.contains("0.0.0.0"), "a port open to the network");
}
