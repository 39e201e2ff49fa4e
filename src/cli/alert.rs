//! `nadhir alert`: check files here; submit, approve and show at a hub, over its API.

/// Drafts at a hub.
mod draft;
/// A request to a hub.
mod hub;
/// Its answer in lines.
mod words;

use super::exit::{Exit, Failure};
use super::{check, print, shown};
use clap::{Subcommand, ValueEnum};
use hub::{HubArgs, answer, exit};
use nadhir_core::cap::{self, Limits, MsgType};
use nadhir_core::digest::Digest;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// No alert is larger; more is not read.
const MAX_FILE: u64 = 8 << 20;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Says of each file whether it is a valid alert, and every fault with its place.
    Check {
        /// `cap`: what OASIS CAP 1.2 demands. `oman`: the national profile on top.
        #[arg(long, value_enum, default_value_t = ProfileArg::Oman)]
        profile: ProfileArg,
        /// A configuration of the hub, whose profile, regions, links and telephone numbers count in the place of the built-in
        /// ones.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// A national profile in the place of the built-in one: a table such as cap-schemas/oman.json.
        #[arg(long, value_name = "FILE", conflicts_with = "config")]
        table: Option<PathBuf>,
        /// One JSON object a file on stdout.
        #[arg(long)]
        json: bool,
        /// The language faults are told in to a person; JSON has both.
        #[arg(long, value_enum, default_value_t = LanguageArg::En)]
        language: LanguageArg,
        /// CAP files; `-` is stdin.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Says what an alert of another authority would become here: a draft, its faults, what would be lost. Asks no hub.
    Intake {
        /// JSON on stdout, as `POST /v1/intake` answers.
        #[arg(long)]
        json: bool,
        /// A CAP file; `-` is stdin.
        file: PathBuf,
    },
    /// Hands an alert in; it waits for another person. Or keeps it as a draft, and hands a draft in.
    Submit {
        #[command(flatten)]
        hub: HubArgs,
        /// A CAP file; `-` is stdin.
        #[arg(required_unless_present = "from")]
        file: Option<PathBuf>,
        /// Keeps the file as a draft at the hub; nothing is handed in.
        #[arg(long, conflicts_with = "from")]
        draft: bool,
        /// Hands in this draft of the hub, in the place of a file.
        #[arg(long, value_name = "DRAFT", conflicts_with = "file")]
        from: Option<String>,
    },
    /// Approves exactly what the hash binds, as the second person.
    Approve {
        #[command(flatten)]
        hub: HubArgs,
        /// The warning.
        id: String,
        /// The hash that was shown: it binds text, pages, area, channel, mode and expiry.
        #[arg(long)]
        hash: String,
    },
    /// Hands in an update: a CAP of msgType Update whose references name a warning in force. Two persons, as ever.
    Update {
        #[command(flatten)]
        hub: HubArgs,
        /// A CAP file; `-` is stdin.
        file: PathBuf,
    },
    /// Stops a warning, at once and by one person; a waiting one is withdrawn, a draft thrown away.
    Cancel {
        #[command(flatten)]
        hub: HubArgs,
        /// The warning, or the draft.
        id: String,
    },
    /// The newest warnings, a line each, and the drafts before them.
    List {
        #[command(flatten)]
        hub: HubArgs,
    },
    /// Shows a warning until every lane has reached its end or is red.
    Watch {
        #[command(flatten)]
        hub: HubArgs,
        /// The warning.
        id: String,
    },
    /// A warning and a lane an operator.
    Show {
        #[command(flatten)]
        hub: HubArgs,
        /// The warning.
        id: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ProfileArg {
    Cap,
    Oman,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LanguageArg {
    Ar,
    En,
}

pub(super) fn run(verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Intake { json, file } => super::exchange::taken_in(&file, json),
        Verb::Check { profile, config, table, json, language, files } => {
            let house = check::House::open(config.as_deref(), table.as_deref())?;
            check::judge(&house, profile, json, language, &files)
        }
        Verb::Cancel { hub, id } if id.starts_with("drf_") => draft::discard(&hub, &id),
        Verb::Cancel { hub, id } => ask(&hub, Method::POST, &format!("/v1/warnings/{id}/cancellation"), None),
        Verb::List { hub } => list(&hub),
        Verb::Watch { hub, id } => watch(&hub, &id),
        Verb::Submit { hub, from: Some(id), .. } => draft::hand_in(&hub, &id),
        Verb::Submit { hub, file: Some(file), draft, .. } => {
            send(&hub, &file, if draft { "/v1/drafts" } else { "/v1/warnings" })
        }
        Verb::Submit { file: None, from: None, .. } => {
            Err(Failure::new(Exit::Usage, "hand in what? name a CAP file, or a draft with --from"))
        }
        Verb::Update { hub, file } => update(&hub, &file),
        Verb::Approve { hash, .. } if Digest::parse(&hash).is_none() => {
            Err(Failure::new(Exit::Usage, format!("\"{hash}\" is no hash: 64 hexadecimal digits, as shown")))
        }
        Verb::Approve { hub, id, hash } => {
            let body = json!({ "hash": hash }).to_string().into_bytes();
            ask(&hub, Method::POST, &format!("/v1/warnings/{id}/approval"), Some(("application/json", body)))
        }
        Verb::Show { hub, id } => ask(&hub, Method::GET, &format!("/v1/warnings/{id}"), None),
    }
}

/// A file, or stdin.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let told = |e: std::io::Error| format!("{} cannot be read: {e}", shown(file));
    if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_FILE).read_to_end(&mut bytes).map_err(told)?;
    } else {
        std::fs::File::open(file).map_err(told)?.take(MAX_FILE).read_to_end(&mut bytes).map_err(told)?;
    }
    Ok(bytes)
}

/// Sends a CAP file to the hub and prints its answer.
fn send(hub: &HubArgs, file: &Path, path: &str) -> Result<Exit, Failure> {
    let cap = read(file).map_err(|why| Failure::new(Exit::Failure, why))?;
    ask(hub, Method::POST, path, Some(("application/cap+xml", cap)))
}

/// Sends an update. Anything else would go out as a warning of its own, beside the one it was to replace.
fn update(hub: &HubArgs, file: &Path) -> Result<Exit, Failure> {
    let bytes = read(file).map_err(|why| Failure::new(Exit::Failure, why))?;
    if let (Some(alert), _) = cap::read(&bytes, &Limits::cap())
        && alert.msg_type != MsgType::Update
    {
        let words = format!(
            "msgType is {}, not Update: a warning of its own goes by `alert submit`",
            alert.msg_type.word()
        );
        return Err(Failure::new(Exit::InvalidCap, words));
    }
    ask(hub, Method::POST, "/v1/warnings", Some(("application/cap+xml", bytes)))
}

/// Asks the hub and prints its answer.
fn ask(hub: &HubArgs, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Result<Exit, Failure> {
    let (status, answer) = answer(hub, method, path, body, None)?;
    tell(hub, &answer)?;
    Ok(exit(status, &answer))
}

/// The newest warnings, and the drafts for whoever may see them.
fn list(hub: &HubArgs) -> Result<Exit, Failure> {
    let (status, mut all) = answer(hub, Method::GET, "/v1/warnings", None, None)?;
    if let (200, mut drafts) = answer(hub, Method::GET, "/v1/drafts", None, None)? {
        all["drafts"] = drafts["drafts"].take();
    }
    tell(hub, &all)?;
    Ok(exit(status, &all))
}

/// Asks for a warning until every lane, of a cancel too, has reached its end or is red, and prints what has changed: all at first, then
/// the lines that are new. JSON is whole each time.
fn watch(hub: &HubArgs, id: &str) -> Result<Exit, Failure> {
    let path = format!("/v1/warnings/{id}");
    let mut last = Value::Null;
    loop {
        let (status, answer) = answer(hub, Method::GET, &path, None, None)?;
        if hub.json && answer != last {
            print(&answer.to_string())?;
        } else if !hub.json {
            words::news(&last, &answer).iter().try_for_each(|line| print(line))?;
        }
        let code = exit(status, &answer);
        if code != Exit::Ok {
            return Ok(code);
        }
        if answer["ended"] == true {
            let stops = answer["cancel"].as_array().map(Vec::as_slice).unwrap_or_default();
            let told = answer["operators"].as_array().is_some_and(|lanes| !lanes.is_empty());
            let good = (answer["met"] == true || !told) && stops.iter().all(|lane| lane["red"] != true);
            return Ok(if good { Exit::Ok } else { Exit::Partly });
        }
        last = answer;
        std::thread::sleep(Duration::from_millis(250));
    }
}

fn tell(hub: &HubArgs, answer: &Value) -> Result<(), Failure> {
    if hub.json {
        return print(&answer.to_string());
    }
    words::of(answer).iter().try_for_each(|line| print(line))
}
