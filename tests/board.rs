//! What stands before the persons of a hub: all that is open however much is newer, a cancel that fails, and an operator that talks at length.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::{ask, client, until};
use nadhir::clock::Clock;
use nadhir::dispatch::{self, Hub};
use nadhir::http::{self, Site};
use nadhir::laboratory::Laboratories;
use nadhir::people;
use nadhir::store::{Person, Store};
use nadhir::transport::loopback::Loopback;
use nadhir::transport::{Address, Queue, Transport as _};
use nadhir_core::area::Census;
use nadhir_core::cap::{self, Limits};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Beat, Counts, Grade, Kind, Receipt};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const OPERATORS: [&str; 2] = ["omantel", "ooredoo"];

/// A hub in this process, whose adapters are the test.
struct Ground {
    hub: Hub,
    path: Loopback,
    url: String,
    author: Person,
    approver: Person,
    token: String,
    cookie: String,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Ground {
    async fn new() -> Ground {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("record.sqlite")).expect("a record");
        let (author, token) = people::add(&store, "Amal").await.expect("added");
        let (approver, _) = people::add(&store, "Badr").await.expect("added");
        let path = Loopback::default();
        let hub = Hub::new(dispatch::Settings {
            store,
            index: nadhir::run::regions(None).expect("regions").into(),
            profile: nadhir::run::profile().expect("the profile"),
            transport: Arc::new(path.clone()),
            operators: OPERATORS.map(str::to_owned).to_vec(),
            clock: Clock::start(),
            classes: vec![Class::Live, Class::Drill],
            house: dispatch::House::default(),
        });
        let stop = CancellationToken::new();
        let (running, stopped) = (hub.clone(), stop.clone());
        tokio::spawn(async move { running.run(stopped).await });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let laboratories = Arc::new(Laboratories::new(BTreeMap::new()).expect("none"));
        let site = Site { laboratories, deployment: None, public: false, phones: None };
        tokio::spawn(http::serve(listener, http::router(hub.clone(), site), stop.clone()));
        let token = token.reveal().to_owned();
        let link = ask(client().post(format!("{url}/v1/sign-in-links")).bearer_auth(&token)).await;
        let link = link.body["path"].as_str().expect("a link").to_owned();
        let welcome = client().get(format!("{url}{link}")).send().await.expect("an answer");
        let cookie = welcome.headers()["set-cookie"].to_str().expect("text");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        Ground { hub, path, url, author, approver, token, cookie, stop, _folder: folder }
    }

    /// Hands one of several warnings in: its id.
    async fn submit(&self, n: usize) -> String {
        let cap = nadhir::demo::warning(None, chrono::Utc::now());
        let mut alert = cap::read(&cap, &Limits::cap()).0.expect("a CAP");
        alert.identifier = format!("{}.{n}", alert.identifier);
        self.hub.submit(&self.author, cap::write(&alert)).await.expect("it waits").warning
    }

    async fn approve(&self, id: &str) {
        let hash = self.hub.store().warning(id).await.expect("there").warning.hash;
        self.hub.approve(&self.approver, id, hash).await.expect("approved");
    }

    /// One operator says something of its order.
    async fn say(&self, id: &str, kind: Kind, operator: &str, grade: Grade) {
        let receipt = self.receipt(id, kind, operator, grade).await;
        self.tell(&receipt).await;
    }

    async fn receipt(&self, id: &str, kind: Kind, operator: &str, grade: Grade) -> Receipt {
        let orders = self.hub.store().orders(id).await.expect("orders");
        let own = orders.into_iter().find(|o| o.order.operator == operator && o.order.kind == kind);
        Receipt {
            id: format!("rcp_{operator}_{}_{}", kind.word(), grade.word()),
            delivery: own.expect("an order").order.delivery,
            warning: id.to_owned(),
            operator: operator.to_owned(),
            kind,
            grade,
            heard_at: chrono::Utc::now(),
        }
    }

    async fn tell(&self, receipt: &Receipt) {
        let to = Address::Receipt { operator: receipt.operator.clone(), grade: receipt.grade.word() };
        let sent = self.path.send(to, receipt.id.clone(), receipt.to_wire(), Duration::from_secs(1));
        sent.await.expect("sent");
    }

    /// A page, in English.
    async fn page(&self, path: &str) -> String {
        let url = format!("{}{path}?lang=en", self.url);
        let page = client().get(url).header("cookie", &self.cookie).send().await.expect("an answer");
        assert_eq!(page.status(), 200);
        page.text().await.expect("text")
    }

    async fn listed(&self) -> Vec<String> {
        let request = client().get(format!("{}/v1/warnings", self.url)).bearer_auth(&self.token);
        let list = ask(request).await.body;
        let id = |w: &Value| w["warning"].as_str().expect("an id").to_owned();
        list["warnings"].as_array().expect("a list").iter().map(id).collect()
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What stands in the element of that id, up to the next of the board's parts.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.split_once(&format!("<div id=\"{id}\">")).expect("the part").1;
    from.split("</section>").next().unwrap_or(from)
}

/// The board's line of one operator.
fn lamp<'a>(page: &'a str, operator: &str) -> &'a str {
    let own = format!("/operators/{operator}\"");
    part(page, "lamps").split("<li ").find(|lamp| lamp.contains(&own)).expect("a lamp")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_newer_pushes_nothing_off_that_waits_or_is_in_force() {
    let ground = Ground::new().await;
    let (in_force, waiting) = (ground.submit(1).await, ground.submit(2).await);
    ground.approve(&in_force).await;
    ground.say(&in_force, Kind::Alert, "omantel", Grade::Taken).await;
    let order = ground.receipt(&in_force, Kind::Alert, "omantel", Grade::Taken).await.delivery;
    let mut newer = Vec::new();
    for n in 3..58 {
        newer.push(ground.submit(n).await);
        ground.hub.cancel(&ground.author, &newer[n - 3]).await.expect("withdrawn");
    }
    let page = until("omantel is heard", || async {
        let page = ground.page("/").await;
        lamp(&page, "omantel").contains("lamp up").then_some(page)
    })
    .await;
    let listed = ground.listed().await;
    let mut wanted: Vec<String> = newer.iter().rev().take(50).cloned().collect();
    wanted.extend([waiting.clone(), in_force.clone()]);
    assert_eq!(listed, wanted);
    assert!(part(&page, "force").contains(&in_force), "{page}");
    assert!(part(&page, "waiting").contains(&waiting), "{page}");
    assert!(ground.page("/operators/omantel").await.contains(&order));
    let cap = ground.page(&format!("/operators/omantel/orders/{order}")).await;
    assert!(cap.contains("<alert"), "{cap}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_fails_stands_among_what_is_in_force_with_its_reason() {
    let ground = Ground::new().await;
    let id = ground.submit(1).await;
    ground.approve(&id).await;
    for operator in OPERATORS {
        let grade = Grade::OnAir { cells: 5, expected: 5, outside: 0, people: None };
        ground.say(&id, Kind::Alert, operator, grade).await;
    }
    until("both are on air", || async { ground.hub.view(&id).await.ok().filter(|view| view.met) }).await;
    ground.hub.cancel(&ground.author, &id).await.expect("cancelled");
    let page = ground.page("/").await;
    assert!(part(&page, "force").contains(&id), "cancelled, and nobody has stopped it: {page}");

    ground.say(&id, Kind::Cancel, "ooredoo", Grade::Stopped).await;
    let no = Grade::Rejected { code: "locked".to_owned(), words: "no cancel here".to_owned() };
    ground.say(&id, Kind::Cancel, "omantel", no).await;
    let red = until("the board is red", || async {
        let page = ground.page("/").await;
        (lamp(&page, "omantel").contains("lamp down") && page.contains("1/2")).then_some(page)
    })
    .await;
    let force = part(&red, "force");
    assert!(force.contains(&id) && force.contains("no cancel here"), "{force}");
    assert!(!lamp(&red, "ooredoo").contains("lamp down"), "{red}");
    // However many newer ones are over, they do not hide it.
    for n in 2..60 {
        let newer = ground.submit(n).await;
        ground.hub.cancel(&ground.author, &newer).await.expect("withdrawn");
    }
    assert!(part(&ground.page("/").await, "force").contains(&id));
    assert!(ground.listed().await.contains(&id));

    ground.say(&id, Kind::Cancel, "omantel", Grade::Stopped).await;
    until("it is over", || async { (!part(&ground.page("/").await, "force").contains(&id)).then_some(()) })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_that_talks_at_length_does_not_fill_the_record() {
    const MOST: usize = 16 << 10;
    let ground = Ground::new().await;
    let id = ground.submit(1).await;
    ground.approve(&id).await;
    // One octet takes six in the receipt's bytes; and a cut by octets alone would fall within a letter.
    let why = "\u{1}ي".repeat(1 << 18);
    ground.say(&id, Kind::Alert, "omantel", Grade::Unknown { why: why.clone() }).await;
    let heard = until("the receipt is heard", || async {
        let heard = ground.hub.store().receipts(&id).await.expect("receipts");
        heard.into_iter().find(|heard| heard.receipt.grade.word() == "unknown")
    })
    .await
    .receipt;
    assert!(heard.to_wire().len() <= MOST, "{} octets", heard.to_wire().len());
    let Grade::Unknown { why: kept } = &heard.grade else { panic!("{:?}", heard.grade) };
    let words = kept.strip_suffix('…').expect("it says that it was cut");
    assert!(words.len() > 500 && why.starts_with(words));
    // The same receipt again is the same again.
    ground.say(&id, Kind::Alert, "omantel", Grade::Unknown { why }).await;
    // One whose length is not in its words is none.
    let mut odd = ground.receipt(&id, Kind::Alert, "ooredoo", Grade::Taken).await;
    odd.id = "r".repeat(MOST);
    ground.tell(&odd).await;
    let dead = until("it is a dead letter", || async {
        Some(ground.path.dead_letters(&Queue::Receipts)).filter(|dead| !dead.is_empty())
    })
    .await;
    assert!(dead.len() == 1 && dead[0].len() > MOST);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapters_clock_that_is_off_is_shown() {
    let ground = Ground::new().await;
    let told = |at: chrono::DateTime<chrono::Utc>| {
        let counts = Counts { operator: "omantel".to_owned(), counted_at: at, census: Census::default() };
        let beat = Beat { run: "a".to_owned(), tick_ms: 5_000, at };
        let to = Address::Census { operator: "omantel".to_owned() };
        ground.path.send(to, "x".to_owned(), counts.to_wire_with(beat), Duration::from_secs(1))
    };
    let shown = "clock is ahead";
    assert!(!ground.page("/operators/omantel").await.contains("s clock"), "it has told nothing");

    let before = chrono::Utc::now();
    told(before + chrono::TimeDelta::seconds(30)).await.expect("sent");
    until("the board shows it", || async { ground.page("/").await.contains(shown).then_some(()) }).await;
    assert!(ground.page("/operators/omantel").await.contains(shown));
    let ahead = ground.hub.clocks().ahead("omantel").expect("told").num_milliseconds();
    assert!((1..=30_000).contains(&ahead), "{ahead} ms, less than it is by what the message took");
    assert!(!ground.page("/operators/ooredoo").await.contains("clock is ahead"));

    told(chrono::Utc::now()).await.expect("sent");
    let gone = || async { (!ground.page("/").await.contains("clock is ahead")).then_some(()) };
    until("the board shows it no more", gone).await;
    assert!(ground.page("/operators/omantel").await.contains("agree to within"));
}
