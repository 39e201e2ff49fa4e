//! A small site of one hub on loopback: folder, configuration, two persons, simulated operators, and the real command.

use nadhir_simulator::{Fault, Operator, Settings, cells};
use reqwest::Client;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

pub(crate) const OPERATORS: [&str; 3] = ["omantel", "ooredoo", "vodafone"];

pub(crate) struct Site {
    folder: tempfile::TempDir,
    operators: BTreeMap<&'static str, Operator>,
    token: String,
    hub: Option<Hub>,
    client: Client,
}

struct Hub {
    child: Child,
    url: String,
    admin: String,
}

/// What a command did.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the command without the broker that the environment may name.
pub(crate) async fn nadhir(words: &[&str]) -> Done {
    let output = command().args(words).output().await.expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Done { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nadhir"));
    command
        .env_remove("NADHIR_AMQP_URL")
        .env_remove("NADHIR_AMQP_URL_DRILL")
        .env("NADHIR_LOG", "error")
        .kill_on_drop(true);
    command
}

/// Says something to a database file on a bare connection.
pub(crate) fn sql(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

impl Site {
    /// Everything but the hub's process.
    pub(crate) async fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let mut text = format!(
            "[hub]\nlisten = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\nstore = \"record.sqlite\"\n\
             operators = {OPERATORS:?}\n[transport]\nkind = \"loopback\"\n\
             [live]\nkey = \"reaches-the-public\"\ndeployment = \"test\"\n"
        );
        let mut operators = BTreeMap::new();
        for (seed, name) in (1..).zip(OPERATORS) {
            let csv = cells::generate(name, seed);
            std::fs::write(folder.path().join(format!("{name}.csv")), &csv).unwrap();
            let settings = Settings {
                operator: name.to_owned(),
                cells_csv: csv.into_bytes(),
                phones: 10,
                seed,
                fault: Fault::None,
            };
            let operator = Operator::start(settings).await.unwrap();
            writeln!(
                text,
                "[adapter.{name}]\ncbc = \"{}\"\ncells = \"{name}.csv\"\nledger = \"{name}.sqlite\"",
                operator.url()
            )
            .unwrap();
            operators.insert(name, operator);
        }
        let config = folder.path().join("nadhir.toml");
        std::fs::write(&config, text).unwrap();
        let mut token = String::new();
        for name in ["Amal", "Badr"] {
            let done = nadhir(&["person", "add", "--json", "--config", config.to_str().unwrap(), name]).await;
            let person: Value =
                serde_json::from_str(&done.stdout).unwrap_or_else(|_| panic!("{}", done.stderr));
            person["token"].as_str().unwrap().clone_into(&mut token);
        }
        Site { folder, operators, token, hub: None, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn config(&self) -> String {
        self.path("nadhir.toml").display().to_string()
    }

    pub(crate) fn sql(&self, words: &str) {
        sql(&self.path("record.sqlite"), words);
    }

    pub(crate) async fn stop_operator(&mut self, name: &str) {
        self.operators.remove(name).unwrap().stop().await;
    }

    /// Starts the hub and waits until it listens. Its ports then stand in the configuration.
    pub(crate) async fn serve(&mut self) {
        let mut child = command()
            .args(["serve", "--until-stdin-closes", "--config", &self.config()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the hub starts");
        let said: Value = serde_json::from_str(&line).unwrap();
        let url = |key: &str| said[key].as_str().unwrap().to_owned();
        let (url, admin) = (url("listening"), url("admin"));
        let text = std::fs::read_to_string(self.config()).unwrap();
        let admin_line = format!("admin = \"{}\"", admin.trim_start_matches("http://"));
        std::fs::write(self.config(), text.replace("admin = \"127.0.0.1:0\"", &admin_line)).unwrap();
        self.hub = Some(Hub { child, url, admin });
    }

    /// kill -9.
    pub(crate) async fn kill(&mut self) {
        self.hub.take().unwrap().child.kill().await.unwrap();
    }

    fn hub(&self) -> &Hub {
        self.hub.as_ref().expect("the hub runs")
    }

    /// Events in the record, as the hub counts them.
    pub(crate) async fn events(&self) -> u64 {
        let request = self.client.get(format!("{}/v1/record", self.hub().url)).bearer_auth(&self.token);
        let record: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(record["verified"], true, "{record}");
        record["events"].as_u64().unwrap()
    }

    pub(crate) async fn figures(&self) -> String {
        let url = format!("{}/metrics", self.hub().admin);
        self.client.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// Hands a warning in, under an identifier of its own.
    pub(crate) async fn submit(&self, identifier: &str) {
        submit(&self.client, &self.hub().url, &self.token, identifier).await;
    }

    /// Hands in one warning after another until told to stop.
    pub(crate) fn submit_until_told(&self) -> Writing {
        let (client, url, token) = (self.client.clone(), self.hub().url.clone(), self.token.clone());
        let told = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&told);
        let task = tokio::spawn(async move {
            let mut count = 0;
            while !told.load(Ordering::Relaxed) {
                submit(&client, &url, &token, &format!("2.49.0.1.512.1.{count}")).await;
                count += 1;
            }
            count
        });
        Writing { stop, task }
    }
}

pub(crate) struct Writing {
    stop: Arc<AtomicBool>,
    task: JoinHandle<u32>,
}

impl Writing {
    /// How many were handed in.
    pub(crate) async fn stop(self) -> u32 {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap()
    }
}

async fn submit(client: &Client, url: &str, token: &str, identifier: &str) {
    let now = nadhir::clock::Clock::start().now().utc;
    let cap = String::from_utf8(nadhir::demo::warning(None, now)).unwrap();
    let (before, rest) = cap.split_once("<identifier>").unwrap();
    let (_, after) = rest.split_once("</identifier>").unwrap();
    let cap = format!("{before}<identifier>{identifier}</identifier>{after}");
    let request = client.post(format!("{url}/v1/warnings")).bearer_auth(token);
    let answer = request.header("content-type", "application/cap+xml").body(cap).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 201, "{}", answer.text().await.unwrap());
}
