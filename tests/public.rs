//! What everybody may fetch, over a hub that runs: feeds, the alert's own octets, cards; and what a cancel that comes as a document does.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::{House, Process, Way};
use common::operators::Operators;
use common::{Answer, client, until};
use nadhir::demo;
use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType, Reference, Status};
use serde_json::Value;
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The program `xmllint` finds nothing wrong; deploy/dev/install.sh brings it.
async fn lint(arguments: &[&str], xml: &str) {
    let mut command = Command::new("xmllint");
    command.arg("--noout").args(arguments).arg("-").stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("xmllint");
    let mut into = child.stdin.take().expect("stdin");
    into.write_all(xml.as_bytes()).await.expect("read");
    drop(into);
    let ended = child.wait_with_output().await.expect("its output");
    assert!(ended.status.success(), "{}\n{xml}", String::from_utf8_lossy(&ended.stderr));
}

async fn atom(xml: &str) {
    lint(&["--relaxng", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/atom/atom.rng")], xml).await;
}

/// Fetches as anybody does.
async fn fetch(hub: &Process, path: &str) -> (u16, String) {
    let answer = client().get(hub.api(path)).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn links(feed: &str) -> Vec<String> {
    let mut links: Vec<String> = feed
        .split("type=\"application/cap+xml\" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    links.sort();
    links
}

/// A feed, valid, and what it links.
async fn feed(hub: &Process, path: &str) -> Vec<String> {
    let (status, xml) = fetch(hub, path).await;
    assert_eq!(status, 200, "{xml}");
    atom(&xml).await;
    links(&xml)
}

async fn feed_is(hub: &Process, path: &str, want: &[String]) {
    until(&format!("{path} links {want:?}"), || async { (feed(hub, path).await == want).then_some(()) })
        .await;
}

fn alert(cap: &[u8]) -> Alert {
    cap::read(cap, &Limits::cap()).0.expect("a CAP")
}

/// A cancel of what is named, as a document.
fn cancel(of: &Alert, references: Vec<Reference>) -> Vec<u8> {
    let mut cancel = of.clone();
    cancel.msg_type = MsgType::Cancel;
    cancel.identifier = format!("{}.9", of.identifier);
    cancel.references = references;
    cancel.infos = vec![];
    cap::write(&cancel)
}

async fn submitted(house: &House, hub: &Process, cap: Vec<u8>) -> Answer {
    let answer = house.submit(hub, cap).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer
}

async fn issued(house: &House, hub: &Process, cap: Vec<u8>) -> String {
    let waiting = submitted(house, hub, cap).await;
    let id = waiting.body["warning"].as_str().expect("an id").to_owned();
    assert_eq!(house.approve(hub, &id, &waiting.body["hash"]).await.status, 202);
    id
}

#[tokio::test]
async fn what_is_in_force_is_in_the_feed_and_nothing_else() {
    let operators = Operators::none();
    let house = House::new(&operators).await;
    house.configure(&Way::Loopback, &operators);
    let hub = house.serve().await;
    let (alerts, exercises) = ("/feeds/alerts.atom", "/feeds/exercises.atom");
    assert_eq!((feed(&hub, alerts).await, feed(&hub, exercises).await), (vec![], vec![]));

    // Waiting, it is nobody's.
    let now = chrono::Utc::now();
    let cap = demo::warning(None, now);
    let waiting = submitted(&house, &hub, cap.clone()).await;
    let id = waiting.body["warning"].as_str().expect("an id").to_owned();
    for path in ["alert.xml", "entry.atom", "card.svg", "print", "area.geojson"] {
        assert_eq!(fetch(&hub, &format!("/w/{id}/{path}")).await.0, 404, "{path}");
    }
    assert_eq!(house.approve(&hub, &id, &waiting.body["hash"]).await.status, 202);
    let own = format!("/w/{id}/alert.xml");
    feed_is(&hub, alerts, std::slice::from_ref(&own)).await;
    feed_is(&hub, &format!("{alerts}?lang=en"), std::slice::from_ref(&own)).await;
    feed_is(&hub, exercises, &[]).await;

    // The author's octets, once: then 304.
    let first = client().get(hub.api(&own)).send().await.expect("an answer");
    let header = |name: &str| first.headers()[name].to_str().expect("text").to_owned();
    let (tag, modified) = (header("etag"), header("last-modified"));
    assert_eq!(header("content-type"), "application/cap+xml");
    assert_eq!(first.bytes().await.expect("a body"), cap);
    for (name, value) in [("if-none-match", tag), ("if-modified-since", modified)] {
        let again = client().get(hub.api(&own)).header(name, value).send().await.expect("an answer");
        assert_eq!(again.status().as_u16(), 304, "{name}");
    }

    let (_, entry) = fetch(&hub, &format!("/w/{id}/entry.atom?lang=en")).await;
    atom(&entry).await;
    assert!(entry.contains(&format!("urn:uuid:{}", id.trim_start_matches("wrn_"))), "{entry}");
    let zones = ["توقيت عُمان (\u{2066}+04:00\u{2069})", "Oman time (+04:00)"];
    for ((lang, series), zone) in [("ar", "تحذير 1/"), ("en", "Warning 1/")].into_iter().zip(zones) {
        let text = alert(&cap);
        let info = text.infos.iter().find(|info| info.primary_language() == lang).expect("the language");
        let headline = info.headline.clone().expect("a headline");
        for page in ["card.svg", "print"] {
            let (status, shown) = fetch(&hub, &format!("/w/{id}/{page}?lang={lang}")).await;
            assert_eq!(status, 200, "{page} {lang}");
            lint(if page == "print" { &["--html"] } else { &[] }, &shown).await;
            let words = shown.contains(series)
                && shown.contains(zone)
                && headline.split(' ').all(|word| shown.contains(word));
            assert!(words, "{page} {lang}: {headline}: {shown}");
        }
    }
    // The page for people leads to all of it, each address one that answers, in a few kilobytes.
    for lang in ["ar", "en"] {
        let (status, page) = fetch(&hub, &format!("/w/{id}?lang={lang}")).await;
        assert!(status == 200 && page.len() <= 20_000, "{status}, {} octets", page.len());
        for path in [format!("card.svg?lang={lang}"), format!("print?lang={lang}"), "alert.xml".to_owned()] {
            let address = format!("/w/{id}/{path}");
            assert!(page.contains(&format!("href=\"{address}\"")), "{address}: {page}");
            assert_eq!(fetch(&hub, &address).await.0, 200, "{address}");
        }
        assert!(!page.contains("cancel.xml"), "nobody cancelled it: {page}");
    }
    let (_, json) = fetch(&hub, &format!("/w/{id}/area.geojson")).await;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["features"][0]["geometry"]["type"], "Polygon", "{json}");

    // An exercise has a feed of its own.
    let mut drill = alert(include_bytes!("../cap-schemas/samples/good/exercise-sohar.xml"));
    let now = chrono::Utc::now();
    drill.sent = CapTime::muscat(now);
    drill.infos.iter_mut().for_each(|info| {
        (info.effective, info.onset) = (None, None);
        info.expires = Some(CapTime::muscat(now + chrono::TimeDelta::seconds(15)));
    });
    assert_eq!(drill.status, Status::Exercise);
    let drill = issued(&house, &hub, cap::write(&drill)).await;
    feed_is(&hub, exercises, &[format!("/w/{drill}/alert.xml")]).await;
    feed_is(&hub, alerts, std::slice::from_ref(&own)).await;
    // Its time over, its address says so and is nobody else's.
    until("the exercise is over", || async {
        (fetch(&hub, &format!("/w/{drill}/alert.xml")).await.0 == 410).then_some(())
    })
    .await;
    feed_is(&hub, exercises, &[]).await;
}

#[tokio::test]
async fn an_update_and_a_cancel_name_the_whole_chain() {
    let operators = Operators::none();
    let house = House::new(&operators).await;
    let hub = house.serve().await;
    let now = chrono::Utc::now();
    let first = demo::warning(None, now);
    let replaced = issued(&house, &hub, first.clone()).await;
    let entry = format!("/w/{replaced}/entry.atom");
    assert_eq!(fetch(&hub, &entry).await.0, 200);
    let second = demo::update(&first, now);
    issued(&house, &hub, second.clone()).await;
    // Another took its place: its entry does not go on as one in force.
    assert_eq!(fetch(&hub, &entry).await.0, 410);

    // Its author names the newest alone: the author is told, and the hub completes what operators get.
    let mut third = alert(&demo::update(&second, now));
    third.references = vec![Reference::of(&alert(&second))];
    // The same instant in another offset is the same alert.
    let utc = third.references[0].sent.utc().format("%Y-%m-%dT%H:%M:%S-00:00").to_string();
    third.references[0].sent = CapTime::parse(&utc).expect("a time");
    let waiting = submitted(&house, &hub, cap::write(&third)).await;
    let told = waiting.body["warnings"].as_array().expect("warnings").iter();
    let told: Vec<&str> = told.filter_map(|fault| fault["code"].as_str()).collect();
    assert!(told.contains(&"chain.reference.incomplete"), "{told:?}");
    let id = waiting.body["warning"].as_str().expect("an id").to_owned();
    assert_eq!(house.approve(&hub, &id, &waiting.body["hash"]).await.status, 202);
    let record = nadhir::store::Store::open(&house.path("record.sqlite")).expect("the record");
    let order = record.orders(&id).await.expect("orders").remove(0).order;
    let names: Vec<Reference> = [&second, &first].map(|cap| Reference::of(&alert(cap))).into();
    assert_eq!(
        alert(order.cap.as_bytes()).references,
        names,
        "an operator who missed the second has the first"
    );

    // What it took the place of is over: a cancel of that stops nothing, and is told what to name.
    let over = house.submit(&hub, cancel(&alert(&second), vec![names[0].clone()])).await;
    assert_eq!(
        (over.status, over.body["errors"][0]["code"].as_str()),
        (422, Some("chain.updated")),
        "{over:?}"
    );
    let told = over.body["errors"][0]["detail"].as_str().expect("words");
    let owed: Vec<String> = [Reference::of(&third)].iter().chain(&names).map(Reference::to_string).collect();
    assert!(told.contains(&id) && told.ends_with(&owed.join(" ")), "{told}");
    let feeds = format!("/w/{id}/alert.xml");
    feed_is(&hub, "/feeds/alerts.atom", &[feeds]).await;

    // One that names nothing known is answered, and stops nothing.
    let mut unknown = Reference::of(&third);
    unknown.identifier = "2.49.0.1.512.0.1.1".to_owned();
    let answer = house.submit(&hub, cancel(&third, vec![unknown])).await;
    assert_eq!((answer.status, answer.body["code"].as_str()), (404, Some("unknown_alert")), "{answer:?}");
    assert_eq!(answer.kind, "application/problem+json");
    // Nor does another's, nor one of another status.
    let mut others = alert(&cancel(&third, vec![Reference::of(&third)]));
    others.sender = "somebody@else.example".to_owned();
    let answer = house.submit(&hub, cap::write(&others)).await;
    assert_eq!(
        (answer.status, answer.body["errors"][0]["code"].as_str()),
        (422, Some("chain.sender")),
        "{answer:?}"
    );
    let mut exercise = alert(&cancel(&third, vec![Reference::of(&third)]));
    (exercise.status, exercise.note) = (Status::Exercise, Some("an exercise".to_owned()));
    let answer = house.submit(&hub, cap::write(&exercise)).await;
    assert_eq!(
        (answer.status, answer.body["errors"][0]["code"].as_str()),
        (422, Some("chain.status")),
        "{answer:?}"
    );
    assert_eq!(house.view(&hub, &id).await["state"], "approved");

    // Fetched while it holds: what is kept of it must become old.
    for page in ["entry.atom", "card.svg"] {
        let (status, shown) = fetch(&hub, &format!("/w/{id}/{page}?lang=en")).await;
        assert!(status == 200 && !shown.contains("Cancelled"), "{page}: {shown}");
    }

    // The right one is obeyed: whatever offset its time is written with.
    let mut named = Reference::of(&third);
    named.sent =
        CapTime::parse(&third.sent.utc().format("%Y-%m-%dT%H:%M:%S-00:00").to_string()).expect("a time");
    let answer = house.submit(&hub, cancel(&third, vec![named])).await;
    assert_eq!((answer.status, answer.body["state"].as_str()), (202, Some("cancelled")), "{answer:?}");
    let (status, cancelled) = fetch(&hub, &format!("/w/{id}/cancel.xml")).await;
    assert_eq!(status, 200);
    let own = alert(cancelled.as_bytes());
    let all: Vec<Reference> = [Reference::of(&third)].into_iter().chain(names).collect();
    assert_eq!((own.msg_type, own.references), (MsgType::Cancel, all));
    feed_is(&hub, "/feeds/alerts.atom", &[format!("/w/{id}/cancel.xml")]).await;
    let (_, page) = fetch(&hub, &format!("/w/{id}?lang=en")).await;
    assert!(page.contains(&format!("href=\"/w/{id}/cancel.xml\"")), "the page leads to the cancel: {page}");
    let answer =
        client().get(hub.api(&format!("/w/{id}/entry.atom?lang=en"))).send().await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=60");
    let told = answer.text().await.expect("text");
    atom(&told).await;
    assert_eq!(links(&told), [format!("/w/{id}/cancel.xml")], "the entry is the cancel");
    let (_, card) = fetch(&hub, &format!("/w/{id}/card.svg?lang=en")).await;
    assert!(card.contains("Cancelled"), "a card that is fetched again says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_nowhere_says_so_to_persons_and_to_programs() {
    let operators = Operators::none();
    let house = House::new(&operators).await;
    let hub = house.serve().await;
    let asked = async |path: &str, accept: &str, language: &str| {
        let request =
            client().get(hub.api(path)).header("accept", accept).header("accept-language", language);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{path}");
        let kind = answer.headers()["content-type"].to_str().expect("a kind").to_owned();
        (kind, answer.text().await.expect("text"))
    };
    let browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";
    for (language, dir, words) in
        [("ar", "rtl", "لا توجد صفحة كهذه."), ("en", "ltr", "There is no such page.")]
    {
        let (kind, page) = asked("/warning/wrn_1", browser, language).await;
        assert_eq!(kind, "text/html; charset=utf-8");
        assert!(page.contains(words) && page.contains(&format!("dir=\"{dir}\"")), "{page}");
    }
    for (path, accept) in [("/v1/warning", browser), ("/v1/warning", "*/*"), ("/feeds/all.atom", "*/*")] {
        let (kind, body) = asked(path, accept, "en").await;
        assert_eq!(kind, "application/problem+json");
        let problem: Value = body.parse().expect("JSON");
        assert_eq!((&problem["code"], &problem["status"]), (&"no_page".into(), &404.into()), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.ends_with(path)), "{problem}");
    }
}
