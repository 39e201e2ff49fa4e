//! Settings: what is good, and what is refused with which words.

use super::*;

const GOOD: &str = r#"
    [hub]
    store = "record.sqlite"
    operators = ["omantel"]
    [adapter.omantel]
    cbc = "http://127.0.0.1:9000"
    cells = "omantel.csv"
    ledger = "omantel.sqlite"
"#;

fn read(text: &str) -> Result<Config, BadConfig> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nadhir.toml");
    std::fs::write(&path, text).unwrap();
    Config::read(&path, None, None)
}

fn refused(text: &str, words: &str) {
    let error = read(text).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_small_file_is_enough_and_is_not_live() {
    let config = read(GOOD).unwrap();
    assert!(!config.is_live());
    assert!(config.hub.store.is_absolute() && config.hub.store.ends_with("record.sqlite"));
}

#[test]
fn every_fault_names_its_key() {
    refused(&GOOD.replace("store", "stor"), "stor");
    refused(&GOOD.replace("[\"omantel\"]", "[]"), "hub.operators");
    refused(&GOOD.replace("[\"omantel\"]", "[\"omantel\", \"Oo\"]"), "\"Oo\"");
    refused(&GOOD.replace("[\"omantel\"]", "[\"omantel\", \"oo\"]"), "[adapter.oo]");
    refused(&GOOD.replace("[hub]", "[hub]\nlisten = \"0.0.0.0:7420\""), "hub.public");
    assert!(read(&GOOD.replace("[hub]", "[hub]\npublic = true\nlisten = \"0.0.0.0:7420\"")).is_ok());
    refused(&format!("{GOOD}\n[policy]\nlinks = [\"met\"]"), "\"met\" is no link");
    refused(&format!("{GOOD}\n[policy]\nmay_use_4371 = [\"Amal\"]"), "policy.may_use_4371");
    refused(&format!("{GOOD}\n[transport]\nkind = \"amqp\""), "transport.uris");
    let amqp = |live: &str, drills: &str| {
        format!("{GOOD}\n[transport]\nkind = \"amqp\"\nuris = [{live}]\ndrill_uris = [{drills}]")
    };
    let (hub, drill) = ("\"amqp://hub:a@mq1/nadhir\"", "\"amqp://hub-drill:b@mq1/nadhir\"");
    assert!(read(&amqp(hub, drill)).is_ok());
    refused(&amqp(hub, hub), "signs in as \"hub\"");
    refused(&amqp(hub, &format!("{drill}, \"amqps://hub:other@mq2:5671/nadhir\"")), "signs in as \"hub\"");
    refused(&amqp("\"amqp://mq1/nadhir\"", "\"amqp://guest:guest@mq1/nadhir\""), "signs in as \"guest\"");
    let lose =
        |percent: u16| GOOD.replace("cells =", &format!("cells_may_lose_percent = {percent}\ncells ="));
    assert_eq!(read(&lose(100)).unwrap().adapter["omantel"].cells_may_lose_percent, 100);
    assert_eq!(read(GOOD).unwrap().adapter["omantel"].cells_may_lose_percent, 33);
    refused(&lose(101), "adapter.omantel.cells_may_lose_percent");
    let laboratory = |line: &str| format!("{GOOD}\n[laboratory]\n{line}");
    assert!(read(&laboratory("omantel = \"http://127.0.0.1:8101\"")).is_ok());
    refused(&laboratory("omantel = \"http://192.0.2.1:8101\""), "on this machine alone");
    refused(&laboratory("ooredoo = \"http://127.0.0.1:8101\""), "laboratory.ooredoo");
    refused(&format!("{GOOD}\n[live]\nkey = \"yes\"\ndeployment = \"\""), "live.key");
    refused(&format!("{GOOD}\n[live]\nkey = \"yes\"\ndeployment = \"\""), "live.deployment");
}
