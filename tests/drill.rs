//! `nadhir drill run` as a person runs it: the binary, a folder, and what stands in it afterwards.
#![cfg(feature = "demo")]
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

use nadhir::demo::{Demo, Options};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn drill(out: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nadhir"));
    command.args(["drill", "run", "--json", "--out"]).arg(out).args(more);
    command.env_remove("NADHIR_URL").env_remove("NADHIR_TOKEN").output().unwrap()
}

fn json(output: &Output) -> Value {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&stdout).unwrap_or_else(|e| panic!("{e}: {stdout}{stderr}"))
}

fn file(answer: &Value, kind: &str) -> String {
    std::fs::read_to_string(answer["report"][kind].as_str().unwrap()).unwrap()
}

#[test]
fn a_tabletop_drill_writes_its_report_and_the_next_is_compared_with_it() {
    let out = tempfile::tempdir().unwrap();
    let first = drill(out.path(), &["--area", "OM-BJ", "--mode", "tabletop"]);
    let answer = json(&first);
    assert_eq!(first.status.code(), Some(0), "{answer}");
    assert_eq!(
        (&answer["identifier"], &answer["mode"], &answer["met"]),
        (&4381.into(), &"tabletop".into(), &true.into())
    );
    assert_eq!(answer["record"]["verified"], true);
    let report: Value = serde_json::from_str(&file(&answer, "json")).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["class"], "drill");
    assert_eq!(report["drill"], answer["drill"]);
    assert_eq!(report["record"], answer["record"]);
    assert_eq!(report["slowest_ms"], answer["slowest_ms"]);
    assert_eq!(report["last"], Value::Null);
    assert_eq!(report["area"]["governorates"][0]["code"], "OM-BJ");
    assert_ne!(report["who"]["author"]["id"], report["who"]["approver"]["id"]);
    assert_eq!(report["operators"].as_array().map(Vec::len), Some(3));
    assert!(report["phones"]["displayed"].as_u64() > Some(0));
    assert_eq!((&report["phones"]["outside"], &report["phones"]["unreadable"]), (&0.into(), &0.into()));
    for word in ["تمرين", "EXERCISE", "अभ्यास", "مشق"] {
        let text = report["messages"][0]["text"].as_str().unwrap();
        assert!(text.split("\n\n").any(|part| part.starts_with(word)), "{word}: {text}");
    }
    let html = file(&answer, "html");
    assert!(!html.contains("<script"));
    assert!(html.contains("lang=\"ar\" dir=\"rtl\"") && html.contains("lang=\"en\" dir=\"ltr\""));
    assert!(html.contains("جنوب الباطنة") && html.contains("Al Batinah South"));
    let head = report["record"]["head"].as_str().unwrap();
    assert_eq!(head.len(), 64);
    assert_eq!(html.matches(head).count(), 2, "the head stands in both languages");

    let second = json(&drill(out.path(), &["--area", "OM-BJ"]));
    let report: Value = serde_json::from_str(&file(&second, "json")).unwrap();
    assert_ne!(second["drill"], answer["drill"]);
    assert_eq!(report["last"]["drill"], answer["drill"]);
    assert_eq!(report["last"]["slowest_ms"], answer["slowest_ms"]);
    let first = out.path().join(format!("report-{}.html", answer["drill"].as_str().unwrap()));
    assert_eq!(std::fs::read_to_string(first).unwrap(), html, "the first report is kept");
}

#[test]
fn a_late_operator_fails_the_drill_and_the_report_says_so() {
    let out = tempfile::tempdir().unwrap();
    let output = drill(out.path(), &["--area", "OM-MU", "--fault", "late=ooredoo"]);
    let answer = json(&output);
    assert_eq!(output.status.code(), Some(7), "{answer}");
    assert_eq!(answer["met"], false);
    let report: Value = serde_json::from_str(&file(&answer, "json")).unwrap();
    assert_eq!(report["injects"], serde_json::json!([{ "fault": "late", "operator": "ooredoo" }]));
    let red: Vec<&Value> =
        report["operators"].as_array().unwrap().iter().filter(|l| l["red"] == true).collect();
    assert_eq!(red.len(), 1);
    assert_eq!(red[0]["operator"], "ooredoo");
    let html = file(&answer, "html");
    assert!(html.contains("Not passed") && html.contains("لم ينجح"));
    assert!(html.contains(red[0]["reason"].as_str().unwrap()));
}

/// Fails with this code and these words; nothing is broadcast and no report is written.
fn refused(more: &[&str], code: i32, words: &[&str]) {
    let out = tempfile::tempdir().unwrap();
    let output = drill(out.path(), more);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{more:?}: {stderr}");
    assert!(output.stdout.is_empty());
    for word in words {
        assert!(stderr.contains(word), "{more:?}: no {word:?} in {stderr}");
    }
    assert!(!out.path().join("report.json").exists());
}

#[test]
fn what_cannot_be_run_is_refused_with_words() {
    refused(&["--area", "OM-XX,OM-BJ,OM-BJ"], 4, &["OM-XX", "OM-BJ is named twice", "area[1]", "area[3]"]);
    refused(&[], 2, &["--area"]);
    refused(&["--area", "OM-BJ", "--mode", "live"], 2, &["tabletop"]);
    refused(&["--area", "OM-BJ", "--mode", "network"], 5, &["NADHIR_URL", "NADHIR_TOKEN"]);
    refused(&["--area", "OM-BJ", "--mode", "public"], 5, &["--yes-public", "NADHIR_URL", "NADHIR_TOKEN"]);
}

/// A hub of the demonstration says it is live: in the simulator it is.
#[tokio::test(flavor = "multi_thread")]
async fn at_a_running_hub_another_person_approves() {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let options = Options { cap: None, amqp: None, simulator: None, fault: None, listen: any };
    let running = Demo::start(&options).await.unwrap();
    let (url, author) = (running.url.clone(), running.tokens[0].clone());
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_owned();
    let at_hub = move |more: &[&str]| {
        let mut all = vec!["--area", "OM-MU", "--url", &url, "--token", &author];
        all.extend(more);
        drill(&folder, &all)
    };
    let (output, at_hub) =
        tokio::task::spawn_blocking(move || (at_hub(&["--mode", "network"]), at_hub)).await.unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&output.stderr).contains("this hub is live"));

    let public = ["--mode", "public", "--yes-public", "--wait", "60"];
    let work = tokio::task::spawn_blocking(move || at_hub(&public));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let approver = &running.tokens[1];
    let waiting = loop {
        let list =
            client.get(format!("{}/v1/warnings", running.url)).bearer_auth(approver).send().await.unwrap();
        let list: Value = list.json().await.unwrap();
        if let Some(waiting) = list["warnings"].as_array().and_then(|all| all.first()) {
            break waiting.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let (id, hash) = (waiting["warning"].as_str().unwrap(), &waiting["summary"]["hash"]);
    let approve = client.post(format!("{}/v1/warnings/{id}/approval", running.url)).bearer_auth(approver);
    assert!(approve.json(&serde_json::json!({ "hash": hash })).send().await.unwrap().status().is_success());
    let output = work.await.unwrap();
    let answer = json(&output);
    assert_eq!(output.status.code(), Some(0), "{answer}");
    assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("nadhir alert approve {id} --hash")));
    let report: Value = serde_json::from_str(&file(&answer, "json")).unwrap();
    assert_eq!(
        (&report["mode"], &report["phones"], &report["drill"]),
        (&"public".into(), &Value::Null, &id.into())
    );
    assert_eq!(report["who"]["approver"]["id"], running.persons[1].id);
    running.stop().await;
}

/// Over the API: asked for by the regulator, approved by the desk, told from the record, compared with the one before.
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_tells_its_drills_from_its_own_record() {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let options = Options { cap: None, amqp: None, simulator: None, fault: None, listen: any };
    let running = Demo::start(&options).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = |name: &str| running.people.iter().find(|(who, _)| who.starts_with(name)).unwrap().1.clone();
    let ask = async |name: &str, wanted: Value| {
        let post = client.post(format!("{}/v1/drills", running.url)).bearer_auth(token(name));
        let answer = post.json(&wanted).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap())
    };
    let report = async |name: &str, id: &str| {
        let get = client.get(format!("{}/v1/drills/{id}", running.url)).bearer_auth(token(name));
        let answer = get.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let approve = async |waiting: &Value| {
        let id = waiting["warning"].as_str().unwrap_or_else(|| panic!("{waiting}"));
        let post =
            client.post(format!("{}/v1/warnings/{id}/approval", running.url)).bearer_auth(token("Badr"));
        let answer = post.json(&serde_json::json!({ "hash": waiting["hash"] })).send().await.unwrap();
        assert!(answer.status().is_success());
        loop {
            match report("Rim", id).await {
                (409, problem) => assert_eq!(problem["code"], "drill_not_over"),
                (200, told) if !told["phones"].is_null() => return told,
                (200, _) => {}
                other => panic!("{other:?}"),
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };

    let (status, waiting) = ask("Rim", serde_json::json!({ "area": ["OM-BJ"], "name": "first" })).await;
    assert_eq!((status, &waiting["class"], &waiting["identifier"]), (201, &"drill".into(), &4381.into()));
    let (status, problem) = report("Rim", waiting["warning"].as_str().unwrap()).await;
    assert_eq!((status, &problem["code"]), (409, &"drill_not_over".into()));
    let first = approve(&waiting).await;
    assert_eq!(
        (&first["name"], &first["mode"], &first["met"]),
        (&"first".into(), &"tabletop".into(), &true.into())
    );
    assert_eq!(first["who"]["author"]["name"], "Rim (regulator)");
    assert_eq!(first["who"]["approver"]["name"], "Badr (approver)");
    assert_eq!(first["record"]["verified"], true);
    assert_eq!(first["last"], Value::Null);
    assert!(
        first["phones"]["displayed"].as_u64() <= first["phones"]["in_area"].as_u64(),
        "{}",
        first["phones"]
    );

    let some =
        serde_json::json!({ "area": ["OM-MU"], "operators": ["vodafone"], "languages": ["ar-OM", "en-OM"] });
    let second = approve(&ask("Amal", some).await.1).await;
    assert_eq!(second["who"]["participants"], serde_json::json!(["vodafone"]));
    assert_eq!((&second["name"], &second["last"]["drill"]), (&"".into(), &first["drill"]));
    assert_eq!(second["last"]["displayed"], first["phones"]["displayed"], "the first count stays");

    // Cancelled since: the report still says who approved it, and when.
    let id = second["drill"].as_str().unwrap();
    let cancel =
        client.post(format!("{}/v1/warnings/{id}/cancellation", running.url)).bearer_auth(token("Amal"));
    assert!(cancel.send().await.unwrap().status().is_success());
    let (status, after) = report("Rim", id).await;
    assert_eq!(
        (status, &after["who"], &after["when"]["approved_at"]),
        (200, &second["who"], &second["when"]["approved_at"])
    );

    let (status, problem) = ask("Rim", serde_json::json!({ "area": ["OM-XX"], "operators": ["du"] })).await;
    let codes: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|e| &e["code"]).collect();
    assert_eq!((status, &problem["code"]), (422, &"invalid_drill".into()));
    assert_eq!(codes, ["area.code.unknown", "drill.operator.unknown"]);
    assert_eq!(ask("Rim", serde_json::json!({ "area": ["OM-BJ"], "status": "Actual" })).await.0, 400);
    assert_eq!(ask("Oda", serde_json::json!({ "area": ["OM-BJ"] })).await.0, 403, "an operator's engineer");
    assert_eq!(report("Oda", id).await.0, 403);
    assert_eq!(report("Rim", "wrn_none").await.1["code"], "no_drill");
    running.stop().await;
}

#[test]
fn another_file_is_never_overwritten() {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("report.json");
    std::fs::write(&path, "{\"mine\":true}").unwrap();
    let output = drill(out.path(), &["--area", "OM-BJ"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is no report of a drill"));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "{\"mine\":true}");
}
