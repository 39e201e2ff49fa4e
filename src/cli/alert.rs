//! `nadhir alert`: check files here; submit, approve and show at a hub, over its API.

/// Drafts at a hub.
mod draft;

use super::exit::{Exit, Failure};
use super::{check, print, shown};
use clap::{Subcommand, ValueEnum};
use nadhir_core::cap::{self, Limits, MsgType};
use nadhir_core::digest::Digest;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The hub answers well within this, or not at all.
const DEADLINE: Duration = Duration::from_secs(15);
/// No alert is larger; more is not read.
const MAX_FILE: u64 = 8 << 20;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Says of each file whether it is a valid alert, and every fault with its place.
    Check {
        /// `cap`: what OASIS CAP 1.2 demands. `oman`: the national profile on top.
        #[arg(long, value_enum, default_value_t = ProfileArg::Oman)]
        profile: ProfileArg,
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

#[derive(clap::Args)]
pub(super) struct HubArgs {
    /// The hub's API.
    #[arg(long, env = "NADHIR_URL", default_value = "http://127.0.0.1:7420")]
    url: String,
    /// Your token.
    #[arg(long, env = "NADHIR_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// JSON on stdout.
    #[arg(long)]
    json: bool,
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
        Verb::Check { profile, json, language, files } => check::run(profile, json, language, &files),
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

/// The hub's status and answer. `seen`: the version of a draft that the request is about.
fn answer(
    hub: &HubArgs,
    method: Method,
    path: &str,
    body: Option<(&str, Vec<u8>)>,
    seen: Option<u64>,
) -> Result<(u16, Value), Failure> {
    let token = hub.token.as_deref().ok_or_else(no_token)?;
    super::block_on(request(&hub.url, token, method, path, body, seen))
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

/// Asks for a warning until every lane, of a cancel too, has reached its end or is red, and prints it whenever it has changed.
fn watch(hub: &HubArgs, id: &str) -> Result<Exit, Failure> {
    let path = format!("/v1/warnings/{id}");
    let mut last = Value::Null;
    loop {
        let (status, answer) = answer(hub, Method::GET, &path, None, None)?;
        if answer != last {
            tell(hub, &answer)?;
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

fn no_token() -> Failure {
    Failure::new(Exit::NotAllowed, "whose warning is it? give your token with --token or NADHIR_TOKEN")
}

fn tell(hub: &HubArgs, answer: &Value) -> Result<(), Failure> {
    if hub.json {
        return print(&answer.to_string());
    }
    for line in words(answer) {
        print(&line)?;
    }
    Ok(())
}

fn exit(status: u16, answer: &Value) -> Exit {
    match (status, answer["code"].as_str()) {
        (200..=299, _) => Exit::Ok,
        (_, Some("invalid_area")) => Exit::Area,
        (_, Some("invalid_cap")) => Exit::InvalidCap,
        (_, Some("expired")) => Exit::TooLate,
        (401 | 403 | 409 | 412, _) => Exit::NotAllowed,
        _ => Exit::Failure,
    }
}

async fn request(
    url: &str,
    token: &str,
    method: Method,
    path: &str,
    body: Option<(&str, Vec<u8>)>,
    seen: Option<u64>,
) -> Result<(u16, Value), Failure> {
    let unreachable = |e: reqwest::Error| {
        let mut cause: &dyn std::error::Error = &e;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Failure::new(Exit::Unreachable, format!("the hub at {url} cannot be reached: {cause}"))
    };
    let client = Client::builder().timeout(DEADLINE).no_proxy().build().map_err(unreachable)?;
    let mut request =
        client.request(method, format!("{}{path}", url.trim_end_matches('/'))).bearer_auth(token);
    if let Some((kind, bytes)) = body {
        request = request.header("content-type", kind).body(bytes);
    }
    if let Some(version) = seen {
        request = request.header("if-match", format!("\"{version}\""));
    }
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let answer = if status == 204 { Value::Null } else { response.json().await.map_err(unreachable)? };
    Ok((status, answer))
}

/// The answer as a person reads it.
fn words(answer: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let mut lines = Vec::new();
    if let Some(title) = answer["title"].as_str().filter(|_| answer["status"].is_number()) {
        lines.push(format!("{title}: {}", text(&answer["detail"])));
        for e in answer["errors"].as_array().into_iter().flatten() {
            lines.push(format!(
                "  {} [{}] {}: {}",
                text(&e["level"]),
                text(&e["code"]),
                text(&e["pointer"]),
                text(&e["detail"])
            ));
        }
        return lines;
    }
    if let Some(warnings) = answer["warnings"].as_array().filter(|_| answer["warning"].is_null()) {
        let drafts = answer["drafts"].as_array().into_iter().flatten();
        return drafts.map(draft::line).chain(warnings.iter().map(one_line)).collect();
    }
    if answer["draft"].is_string() {
        let what = if answer["state"] == "dropped" { "thrown away" } else { "kept as a draft" };
        return vec![format!("{}  {what}, version {}", text(&answer["draft"]), answer["version"])];
    }
    let summary = if answer["summary"].is_object() { &answer["summary"] } else { answer };
    lines.push(format!("{}  {}", text(&answer["warning"]), text(&answer["state"])));
    lines.push(format!("  hash         {}", text(&summary["hash"])));
    let codes: Vec<String> = summary["governorates"].as_array().into_iter().flatten().map(text).collect();
    lines.push(format!("  governorates {}", codes.join(" ")));
    lines.push(format!("  channel      {} {}", text(&summary["identifier"]), text(&summary["title"][1])));
    lines.push(format!("  expires      {}", text(&summary["expires"])));
    for said in [&summary["warnings"], &summary["budget"]["warnings"]] {
        let said = said.as_array().into_iter().flatten();
        lines.extend(said.map(|f| format!("  note         {}: {}", text(&f["place"]), text(&f["message"]))));
    }
    lines.extend(answer["operators"].as_array().into_iter().flatten().map(|lane| one_lane(lane, "")));
    lines.extend(answer["cancel"].as_array().into_iter().flatten().map(|lane| one_lane(lane, "cancel: ")));
    lines
}

/// What is known of one operator, and nothing that is not.
fn one_lane(lane: &Value, what: &str) -> String {
    let text = |key: &str| lane[key].as_str().unwrap_or_default().to_owned();
    let mut known = vec![format!("{what}{}", text("state").replace('_', " "))];
    for (key, words) in [("on_air_ms", "on air after"), ("stopped_ms", "stopped after")] {
        known.extend(lane[key].as_f64().map(|ms| format!("{words} {ms:.0} ms")));
    }
    if let (Some(cells), Some(total)) = (lane["cells_on_air"].as_u64(), lane["cells_total"].as_u64()) {
        known.push(format!("{cells} of {total} cells"));
    }
    if lane["red"] == true {
        known.push(format!("RED: {}", text("reason")));
    }
    format!("  {:<12} {}", text("operator"), known.join(", "))
}

fn one_line(warning: &Value) -> String {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let summary = &warning["summary"];
    format!(
        "{}  {:<9}  until {}  {}",
        text(&warning["warning"]),
        text(&warning["state"]),
        text(&summary["expires"]),
        text(&summary["headlines"][0][1]),
    )
}
