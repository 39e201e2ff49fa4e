//! A draft of another authority's alert on the console: author and approver see whose it was, as it came, and what is lost.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::{House, Process};
use common::operators::Operators;
use common::{ask, client, neighbour};
use nadhir_core::cap::{self, Alert};

/// A neighbour's alert with one thing that is lost and one that cannot be read.
fn damaged() -> (Alert, String) {
    let mut alert = neighbour();
    for info in &mut alert.infos {
        info.parameters.push(cap::Named::new("awareness_level", "4; red; <Extreme>"));
    }
    let text = String::from_utf8(cap::write(&alert)).expect("text");
    (alert, text.replace("</polygon>", "</polygon><circle>here</circle>"))
}

/// The cookie of a person's session.
async fn signed_in(hub: &Process, token: &str) -> String {
    let link = ask(client().post(hub.api("/v1/sign-in-links")).bearer_auth(token)).await;
    let path = link.body["path"].as_str().expect("a link").to_owned();
    let welcome = client().get(hub.api(&path)).send().await.expect("an answer");
    let cookie = welcome.headers()["set-cookie"].to_str().expect("text");
    cookie.split(';').next().expect("a cookie").to_owned()
}

async fn page(hub: &Process, cookie: &str, path: &str, language: &str) -> String {
    let request = client().get(hub.api(path)).header("cookie", cookie).header("accept-language", language);
    let answer = ask(request).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.body.as_str().expect("a page").to_owned()
}

#[tokio::test]
async fn author_and_approver_see_where_a_draft_comes_from() {
    let house = House::new(&Operators::none()).await;
    let hub = house.serve().await;
    let (alert, cap) = damaged();
    let bring = client().post(hub.api("/v1/intake")).bearer_auth(&house.author);
    let taken = ask(bring.header("content-type", "application/cap+xml").body(cap)).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    let intake = taken.body["intake"].as_str().expect("an id");
    let kept = taken.body["kept"].as_str().expect("a draft").to_owned();

    let source = alert.infos[0].sender_name.clone().expect("a name");
    let own = [&source, &alert.sender, &alert.identifier, &alert.sent.to_string()].map(String::clone);
    let told = |page: &str, words: &[&str]| {
        let of_this =
            ["4; red; &#60;Extreme&#62;", "&#60;circle&#62;here&#60;/circle&#62;", "cap.circle.form", intake];
        let all = own.iter().map(String::as_str).chain(of_this).chain(words.iter().copied());
        for word in all {
            assert!(page.contains(word), "{word}: {page}");
        }
    };
    let en =
        ["From another authority", "Parameter not carried on", "A shape could not be read", "As it came"];
    let ar = ["من جهة أخرى", "معامل لا ينقل", "شكل تعذرت قراءته", "كما ورد"];
    let author = signed_in(&hub, &house.author).await;
    let draft = format!("/drafts/{kept}");
    told(&page(&hub, &author, &draft, "en").await, &en);
    told(&page(&hub, &author, &draft, "ar").await, &ar);

    // Whoever approves sees the same, though the draft is no more.
    let hand_in = client().post(hub.api(&format!("/v1/drafts/{kept}/submission"))).bearer_auth(&house.author);
    let waiting = ask(hand_in.header("if-match", "\"1\"")).await;
    assert_eq!(waiting.status, 201, "{waiting:?}");
    let approver = signed_in(&hub, &house.approver).await;
    let warning = format!("/warnings/{}", waiting.body["warning"].as_str().expect("an id"));
    told(&page(&hub, &approver, &warning, "en").await, &en);
    told(&page(&hub, &approver, &warning, "ar").await, &ar);

    // A warning that was written here comes from nobody else.
    let own = house.submit(&hub, nadhir::demo::warning(None, chrono::Utc::now())).await;
    let path = format!("/warnings/{}", own.body["warning"].as_str().expect("an id"));
    assert!(!page(&hub, &approver, &path, "en").await.contains("From another authority"));
}
