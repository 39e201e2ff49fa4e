//! The command as it is started: a line an address, a second site in front of the cells of the first.

#![expect(clippy::expect_used, reason = "a test says what it expects and fails with those words")]

#[expect(dead_code, reason = "other tests ask for more of it")]
mod client;
#[expect(dead_code, reason = "other tests ask for more of it")]
#[path = "../src/sample.rs"]
mod sample;

use client::{Client, now_ms, wait_for};
use sample::Sample;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

const ROUNDS: &str = "/cap?period_2g=16&broadcasts_2g=40&period_s=30&broadcasts=40&concurrent=yes";

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nadhir-simulator"));
    command.args(["serve", "--until-stdin-closes", "--phones", "10"]).args(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The command once it has printed so many addresses.
fn serve(words: &[&str], addresses: usize) -> (Child, Vec<Value>) {
    let mut child = command(words).spawn().expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let told = lines.take(addresses).map(|line| line.expect("a line").parse().expect("JSON")).collect();
    (child, told)
}

fn client(line: &Value) -> Client {
    Client::new(line["url"].as_str().expect("an address"))
}

#[tokio::test]
async fn a_second_site_is_told_in_a_line_of_its_own_and_speaks_to_the_cells_of_the_first() {
    let words = ["--operator", "omantel", "--fault", "refuse", "--second-site", "omantel"];
    let (mut child, told) = serve(&words, 2);
    assert_eq!((&told[0]["operator"], &told[1]["operator"]), (&"omantel".into(), &"omantel".into()));
    assert_eq!((&told[0]["site"], &told[1]["site"]), (&Value::Null, &2.into()), "{told:?}");
    let (first, second) = (client(&told[0]), client(&told[1]));
    let alert = Sample::new(now_ms() + 1_200_000).document();
    let (refused, taken) = (first.cap(ROUNDS, &alert).await, second.cap(ROUNDS, &alert).await);
    assert!(refused.status >= 400 && taken.status == 200, "{} {}", refused.body, taken.body);
    // What the second put on air is on the air of the first, which was never given it.
    wait_for(|| async {
        let air = first.get("/sim/air").await.json();
        let messages = air["messages"].as_array().expect("messages");
        messages.iter().any(|message| message["serial"] == 0x4010).then_some(())
    })
    .await;
    assert_eq!(first.get("/messages/4371/16400").await.status, 404);
    assert_eq!(second.get("/messages/4371/16400").await.status, 200);
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert!(first.is_refused().await && second.is_refused().await);
}

#[tokio::test]
async fn two_sites_of_one_cbc_are_of_one_kind() {
    for (given, speaks) in [("ecbe_lost_answer", true), ("hang", false)] {
        let words = ["--operator", "omantel", "--fault", given, "--second-site", "omantel"];
        let (mut child, told) = serve(&words, 2);
        let asked = client(&told[1]).send("POST", "/api/ecbe/v1/message", "application/json", "{}").await;
        assert_eq!(asked.status != 404, speaks, "{given}: {}", asked.head);
        assert!(asked.status != 0, "it answers, whatever the first does");
        drop(child.stdin.take());
        assert!(child.wait().expect("it ends").success());
    }
}

#[test]
fn who_is_not_served_has_no_second_site() {
    for (words, why) in [
        (["--operator", "omantel", "--second-site", "ooredoo"], "no first one here"),
        (["--operator", "omantel", "--second-site", "etisalat"], "is no operator"),
        (["--operator", "omantel", "--second-site", "omantel=8101"], "8101"),
    ] {
        let output = command(&words).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(why), "{words:?}: {told}");
    }
}
