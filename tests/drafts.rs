//! Drafts over the API, the pages' rules and the command line: the version that was seen, the desk alone, what is handed in.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::{TimeDelta, Utc};
use common::house::{House, Process, run};
use common::operators::Operators;
use common::{Answer, ask, client};
use reqwest::Method;
use serde_json::{Value, json};

struct Desk {
    house: House,
    hub: Process,
}

impl Desk {
    async fn new() -> Desk {
        let house = House::new(&Operators::none()).await;
        let hub = house.serve().await;
        Desk { house, hub }
    }

    /// Asks as somebody, with what is sent and the version that was seen.
    async fn ask(
        &self,
        token: &str,
        (method, path): (Method, &str),
        body: Option<(&str, Vec<u8>)>,
        seen: Option<&str>,
    ) -> Answer {
        let mut request = client().request(method, self.hub.api(path)).bearer_auth(token);
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        if let Some(etag) = seen {
            request = request.header("if-match", etag);
        }
        ask(request).await
    }

    async fn begin(&self, kind: &str, body: Vec<u8>) -> String {
        let path = (Method::POST, "/v1/drafts");
        let begun = self.ask(&self.house.author, path, Some((kind, body)), None).await;
        assert_eq!((begun.status, &begun.body["version"]), (201, &json!(1)), "{begun:?}");
        begun.body["draft"].as_str().expect("an id").to_owned()
    }
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.kind.as_str()), (status, "application/problem+json"), "{answer:?}");
    assert_eq!(answer.body["code"], code, "{answer:?}");
}

const CAP: &str = "application/cap+xml";

#[tokio::test]
async fn a_draft_is_changed_from_the_version_that_was_seen() {
    let desk = Desk::new().await;
    let (amal, badr) = (desk.house.author.clone(), desk.house.approver.clone());
    let id = desk.begin(CAP, b"<alert>not yet".to_vec()).await;
    let path = format!("/v1/drafts/{id}");
    let other = || Some((CAP, b"<alert>another".to_vec()));

    refused(&desk.ask(&badr, (Method::PUT, &path), other(), None).await, 428, "if_match");
    refused(&desk.ask(&badr, (Method::PUT, &path), other(), Some("\"7\"")).await, 412, "draft_changed");
    refused(&desk.ask(&badr, (Method::PUT, &path), other(), Some("1")).await, 412, "draft_changed");
    let kept = desk.ask(&badr, (Method::PUT, &path), other(), Some("\"1\"")).await;
    assert_eq!((kept.status, &kept.body["version"]), (200, &json!(2)), "{kept:?}");
    refused(&desk.ask(&amal, (Method::DELETE, &path), None, Some("\"1\"")).await, 412, "draft_changed");

    let got = client().get(desk.hub.api(&path)).bearer_auth(&amal).send().await.expect("an answer");
    let header = |name: &str| got.headers()[name].to_str().expect("text").to_owned();
    assert_eq!((header("etag").as_str(), header("content-type").as_str()), ("\"2\"", CAP));
    assert_eq!(got.text().await.expect("a body"), "<alert>another");

    // It is judged when it is handed in, and what is refused stays a draft.
    let hand_in = format!("{path}/submission");
    refused(&desk.ask(&amal, (Method::POST, &hand_in), None, Some("\"2\"")).await, 422, "invalid_cap");
    assert_eq!(desk.ask(&amal, (Method::GET, &path), None, None).await.status, 200);
    assert_eq!(desk.ask(&amal, (Method::DELETE, &path), None, Some("\"2\"")).await.status, 204);
    refused(&desk.ask(&amal, (Method::GET, &path), None, None).await, 404, "no_draft");
    desk.house.events().await;
}

#[tokio::test]
async fn slots_become_a_warning_of_the_hour_they_are_handed_in_once() {
    let desk = Desk::new().await;
    // Muscat's clock, so that the hour at which the test runs does not matter.
    let clock = |minutes: i64| (Utc::now() + TimeDelta::minutes(240 + minutes)).format("%H:%M").to_string();
    let slots = [["area", "OM-MU"], ["from", &clock(1)], ["to", &clock(121)]];
    let slots = json!({ "template": "exercise", "slots": slots });
    let id = desk.begin("application/json", slots.to_string().into_bytes()).await;
    let hand_in = (Method::POST, format!("/v1/drafts/{id}/submission"));
    let waiting = desk.ask(&desk.house.approver, (hand_in.0.clone(), &hand_in.1), None, Some("\"1\"")).await;
    assert_eq!((waiting.status, waiting.body["state"].as_str()), (201, Some("waiting")), "{waiting:?}");
    assert_eq!(waiting.body["governorates"], json!(["OM-MU"]));
    let again = desk.ask(&desk.house.author, (hand_in.0, &hand_in.1), None, Some("\"1\"")).await;
    refused(&again, 404, "no_draft");

    let none = json!({ "template": "exercise", "slots": [["severity", "Extreme"]] });
    let begin = (Method::POST, "/v1/drafts");
    let body = Some(("application/json", none.to_string().into_bytes()));
    refused(&desk.ask(&desk.house.author, begin.clone(), body, None).await, 400, "form");
    let body = Some(("text/plain", b"a wadi".to_vec()));
    refused(&desk.ask(&desk.house.author, begin, body, None).await, 415, "media_type");
}

#[tokio::test]
async fn the_desk_alone_sees_drafts() {
    let house = House::new(&Operators::none()).await;
    let regulator = house.person("Rim (regulator)").await;
    let operator = house.person("Oda (operator: omantel)").await;
    let hub = house.serve().await;
    let mut desk = Desk { house, hub };
    let id = desk.begin(CAP, b"<alert>".to_vec()).await;
    for token in [regulator, operator] {
        for path in ["/v1/drafts".to_owned(), format!("/v1/drafts/{id}")] {
            refused(&desk.ask(&token, (Method::GET, &path), None, None).await, 403, "role");
        }
        let begin = (Method::POST, "/v1/drafts");
        refused(&desk.ask(&token, begin, Some((CAP, b"<alert>".to_vec())), None).await, 403, "role");
    }
    // It is still there after the hub was killed.
    desk.hub.kill().await;
    desk.hub = desk.house.serve().await;
    let all = desk.ask(&desk.house.approver, (Method::GET, "/v1/drafts"), None, None).await;
    assert_eq!(all.body["drafts"][0]["draft"], id, "{all:?}");
}

#[tokio::test]
async fn drafts_on_the_command_line() {
    let desk = Desk::new().await;
    let call = async |words: &[&str], stdin: &[u8]| {
        let hub = ["--json", "--url", desk.hub.url(), "--token", &desk.house.author];
        run(&[&["alert"], words, &hub].concat(), stdin).await
    };
    let cap = nadhir::demo::warning(None, Utc::now());
    let kept = call(&["submit", "--draft", "-"], &cap).await;
    assert_eq!((kept.code, &kept.json["version"]), (0, &json!(1)), "{kept:?}");
    let draft = kept.json["draft"].as_str().expect("an id").to_owned();
    let list = call(&["list"], b"").await;
    assert_eq!((&list.json["drafts"][0]["draft"], &list.json["warnings"]), (&json!(draft), &json!([])));
    let waiting = call(&["submit", "--from", &draft], b"").await;
    assert_eq!((waiting.code, &waiting.json["state"]), (0, &json!("waiting")), "{waiting:?}");
    assert_eq!(call(&["list"], b"").await.json["drafts"], json!([]));

    let second =
        call(&["submit", "--draft", "-"], &cap).await.json["draft"].as_str().expect("an id").to_owned();
    assert_eq!(call(&["cancel", &second], b"").await.code, 0);
    let gone = call(&["cancel", &second], b"").await;
    assert_eq!((gone.code, &gone.json["code"]), (1, &Value::from("no_draft")), "{gone:?}");
    // A warning that was withdrawn is not watched for ever.
    let id = waiting.json["warning"].as_str().expect("an id").to_owned();
    assert_eq!(call(&["cancel", &id], b"").await.code, 0);
    assert_eq!(call(&["watch", &id], b"").await.code, 0);
}
