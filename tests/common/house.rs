//! A folder with a configuration and two persons, and processes of Nadhir started on it, which may be killed.

use super::operators::Operators;
use super::{Answer, PATIENCE, ask, client, until};
use nadhir::config::{
    AdapterConfig, Config, HubConfig, LIVE_KEY, LiveConfig, PolicyConfig, TransportConfig, TransportKind,
};
use nadhir::demo::OPERATORS;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// The program, with nothing of this process's own settings.
pub(crate) fn nadhir() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nadhir"));
    for name in [
        "NADHIR_AMQP_URL",
        "NADHIR_AMQP_URL_DRILL",
        "NADHIR_URL",
        "NADHIR_TOKEN",
        "NADHIR_CONFIG",
        "NADHIR_LOG",
        "NADHIR_STORE",
    ] {
        command.env_remove(name);
    }
    command.kill_on_drop(true);
    command
}

/// How a command ended: its code, what it printed as JSON, and its words.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) json: Value,
    pub(crate) words: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ended { code: output.status.code().expect("an exit code"), json, words }
    }
}

/// Runs the program to its end.
pub(crate) async fn run(arguments: &[&str], stdin: &[u8]) -> Ended {
    let mut command = nadhir();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut into = child.stdin.take().expect("stdin");
    // It may end before it has read everything.
    let _ = into.write_all(stdin).await;
    drop(into);
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    output.unwrap_or_else(|_| panic!("{arguments:?} does not end")).expect("its output").into()
}

/// The path between hub and adapters.
pub(crate) enum Way {
    Loopback,
    Amqp(String),
}

/// A folder with two persons in its record.
pub(crate) struct House {
    folder: tempfile::TempDir,
    pub(crate) author: String,
    pub(crate) approver: String,
}

/// A process that stays.
pub(crate) struct Process {
    child: Child,
    pub(crate) said: Value,
}

impl House {
    /// Lays the folder: cell lists, a configuration, and the persons Amal and Badr.
    pub(crate) async fn new(operators: &Operators) -> House {
        let folder = tempfile::tempdir().expect("a folder");
        let mut house = House { folder, author: String::new(), approver: String::new() };
        for (name, cells) in &operators.cells {
            std::fs::write(house.path(&format!("{name}.csv")), cells).expect("written");
        }
        house.configure(&Way::Loopback, operators);
        house.author = house.person("Amal").await;
        house.approver = house.person("Badr").await;
        house
    }

    pub(crate) async fn person(&self, name: &str) -> String {
        let config = self.config();
        let added = run(&["person", "add", "--json", "--config", &config, name], b"").await;
        assert_eq!(added.code, 0, "{added:?}");
        added.json["token"].as_str().expect("a token").to_owned()
    }

    /// Writes the configuration anew. An operator without a CBC gets an address where nobody listens.
    pub(crate) fn configure(&self, path: &Way, operators: &Operators) {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let transport = match path {
            Way::Loopback => TransportConfig::default(),
            Way::Amqp(uri) => TransportConfig {
                kind: TransportKind::Amqp,
                uris: vec![uri.clone()],
                drill_uris: vec![
                    uri.replace("//hub:hub@", "//hub:hub-drill@").replace("//hub:", "//hub-drill:"),
                ],
                authority: None,
            },
        };
        let adapter = OPERATORS.map(|name| {
            let own = AdapterConfig {
                cbc: operators
                    .urls
                    .get(name)
                    .cloned()
                    .unwrap_or_else(|| "http://127.0.0.1:9".to_owned())
                    .into(),
                cells: PathBuf::from(format!("{name}.csv")),
                cells_may_lose_percent: nadhir::adapter::MAY_LOSE_PERCENT,
                ledger: PathBuf::from(format!("{name}.sqlite")),
                admin: None,
            };
            (name.to_owned(), own)
        });
        self.write(&Config {
            hub: HubConfig {
                listen: any,
                public: false,
                admin: any,
                store: PathBuf::from("record.sqlite"),
                operators: OPERATORS.map(str::to_owned).to_vec(),
                regions: None,
                profile: None,
            },
            transport,
            policy: PolicyConfig::default(),
            live: Some(LiveConfig { key: LIVE_KEY.to_owned(), deployment: "test".to_owned() }),
            adapter: adapter.into(),
            laboratory: operators.urls.iter().map(|(name, url)| ((*name).to_owned(), url.clone())).collect(),
        });
    }

    /// From the next start on the hub is not live.
    pub(crate) fn without_live(&self) {
        let config = Config::read(&self.path("nadhir.toml"), None, None).expect("readable");
        self.write(&Config { live: None, ..config });
    }

    fn write(&self, config: &Config) {
        std::fs::write(self.config(), config.to_toml().expect("TOML")).expect("written");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn config(&self) -> String {
        text(&self.path("nadhir.toml"))
    }

    pub(crate) async fn serve(&self) -> Process {
        self.process(&["serve"]).await
    }

    pub(crate) async fn adapter(&self, operator: &str) -> Process {
        self.process(&["adapter", "run", "--operator", operator]).await
    }

    async fn process(&self, words: &[&str]) -> Process {
        let log =
            std::fs::OpenOptions::new().append(true).create(true).open(self.path("log")).expect("a log");
        let mut child = nadhir()
            .args(words)
            .args(["--config", &self.config()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("a line in time");
        let line =
            line.expect("readable").unwrap_or_else(|| panic!("{words:?} ended at once: {}", self.log()));
        Process { child, said: serde_json::from_str(&line).expect("JSON") }
    }

    /// What all processes wrote to stderr.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Hands a CAP in as the author.
    pub(crate) async fn submit(&self, hub: &Process, cap: Vec<u8>) -> Answer {
        let request = client().post(hub.api("/v1/warnings")).bearer_auth(&self.author);
        ask(request.header("content-type", "application/cap+xml").body(cap)).await
    }

    pub(crate) async fn approve(&self, hub: &Process, id: &str, hash: &Value) -> Answer {
        let request = client().post(hub.api(&format!("/v1/warnings/{id}/approval")));
        ask(request.bearer_auth(&self.approver).json(&json!({ "hash": hash }))).await
    }

    /// The demonstration's warning, submitted and approved: its id.
    pub(crate) async fn issue(&self, hub: &Process) -> String {
        let waiting = self.submit(hub, nadhir::demo::warning(None, chrono::Utc::now())).await;
        assert_eq!((waiting.status, waiting.body["state"].as_str()), (201, Some("waiting")), "{waiting:?}");
        let id = waiting.body["warning"].as_str().expect("an id").to_owned();
        let approved = self.approve(hub, &id, &waiting.body["hash"]).await;
        assert_eq!(
            (approved.status, approved.body["state"].as_str()),
            (202, Some("approved")),
            "{approved:?}"
        );
        id
    }

    pub(crate) async fn get(&self, hub: &Process, path: &str) -> Answer {
        ask(client().get(hub.api(path)).bearer_auth(&self.author)).await
    }

    /// The warning as the hub shows it.
    pub(crate) async fn view(&self, hub: &Process, id: &str) -> Value {
        let shown = self.get(hub, &format!("/v1/warnings/{id}")).await;
        assert_eq!(shown.status, 200, "{shown:?}");
        shown.body
    }

    /// One operator's lane of it.
    pub(crate) async fn lane(&self, hub: &Process, id: &str, operator: &str) -> Value {
        let view = self.view(hub, id).await;
        let lanes = view["operators"].as_array().expect("lanes");
        lanes.iter().find(|lane| lane["operator"] == operator).expect("a lane").clone()
    }

    /// Waits until a lane is in a state and has come to its end.
    pub(crate) async fn wait_for(&self, hub: &Process, id: &str, operator: &str, state: &str) -> Value {
        until(&format!("{operator} {state}"), || async {
            let lane = self.lane(hub, id, operator).await;
            (lane["state"] == state && (lane["ended"] == true || state == "taken")).then_some(lane)
        })
        .await
    }

    /// Waits until every cell of every operator is on air.
    pub(crate) async fn on_air(&self, hub: &Process, id: &str) -> Value {
        for operator in OPERATORS {
            self.wait_for(hub, id, operator, "on_air").await;
        }
        self.view(hub, id).await
    }

    /// How many events the record has; it must be whole.
    pub(crate) async fn events(&self) -> u64 {
        let verdict =
            run(&["audit", "verify", "--json", "--store", &text(&self.path("record.sqlite"))], b"").await;
        assert_eq!((verdict.code, &verdict.json["verified"]), (0, &Value::Bool(true)), "{verdict:?}");
        verdict.json["events"].as_u64().expect("a count")
    }

    /// How many orders the outbox holds.
    pub(crate) fn orders(&self) -> u64 {
        let record = rusqlite::Connection::open(self.path("record.sqlite")).expect("the record");
        record.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0)).expect("a count")
    }
}

impl Process {
    pub(crate) fn url(&self) -> &str {
        self.said["listening"].as_str().expect("an address")
    }

    pub(crate) fn api(&self, path: &str) -> String {
        format!("{}{path}", self.url())
    }

    pub(crate) fn admin(&self, path: &str) -> String {
        format!("{}{path}", self.said["admin"].as_str().expect("an address"))
    }

    pub(crate) async fn ready(&self) -> Answer {
        ask(client().get(self.admin("/readyz"))).await
    }

    /// Waits until it ends by itself: its code.
    pub(crate) async fn ended(mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("it never ends").expect("its status").code()
    }

    /// SIGKILL: it gets no chance to say or write anything.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("killed");
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}
