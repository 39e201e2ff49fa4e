//! `nadhir demo` over RabbitMQ, every part a process with its own credential. Needs a broker: deploy/dev/with-broker.sh starts it.
#![cfg(all(feature = "broker-tests", feature = "demo"))]
#![expect(clippy::unwrap_used, reason = "a test tells a fault by panicking")]

use nadhir_amqp::{Broker, Settings};
use serde_json::Value;
use std::process::{Command, Output};

const OPERATORS: [&str; 3] = ["omantel", "ooredoo", "vodafone"];

/// Runs the demonstration once. `own`: another address of the broker for one operator.
fn demo(words: &[&str], own: Option<(&str, &str)>) -> (Option<i32>, Value) {
    for name in
        ["NADHIR_AMQP_URL", "NADHIR_AMQP_URL_OMANTEL", "NADHIR_AMQP_URL_OOREDOO", "NADHIR_AMQP_URL_VODAFONE"]
    {
        assert!(std::env::var(name).is_ok(), "{name} is not set: run this with deploy/dev/with-broker.sh");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_nadhir"));
    command.args(["demo", "--once", "--json", "--transport", "amqp"]).args(words).envs(own);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let words = String::from_utf8_lossy(&stderr);
    let result = serde_json::from_slice(&stdout).unwrap_or_else(|e| panic!("{e}: {words}"));
    (status.code(), result)
}

fn lane<'a>(result: &'a Value, operator: &str) -> &'a Value {
    let lanes = result["operators"].as_array().unwrap();
    lanes
        .iter()
        .find(|lane| lane["operator"] == operator)
        .unwrap_or_else(|| panic!("no {operator}: {result}"))
}

/// One lane red with a reason that says `words`, the others on air in time.
fn check_alone_red(result: &Value, red: &str, words: &str) {
    assert_eq!(result["met"], false, "{result}");
    for operator in OPERATORS {
        let lane = lane(result, operator);
        if operator == red {
            assert_eq!(lane["red"], true, "{lane}");
            assert!(lane["reason"].as_str().unwrap_or_default().contains(words), "{lane}");
        } else {
            assert_eq!(
                (&lane["red"], &lane["reason"], &lane["state"]),
                (&false.into(), &Value::Null, &"on_air".into())
            );
            assert!(
                lane["on_air_ms"].as_f64().unwrap() < 10_000.0 && lane["cells_on_air"].as_u64() > Some(0),
                "{lane}"
            );
        }
    }
    assert_eq!(result["record"]["verified"], true, "{result}");
}

fn check_met(result: &(Option<i32>, Value)) {
    let (code, result) = result;
    assert_eq!((*code, &result["met"]), (Some(0), &true.into()), "{result}");
    for operator in OPERATORS {
        assert_eq!(lane(result, operator)["state"], "on_air", "{result}");
    }
    for (what, count) in [("twice", 0), ("outside", 0), ("unreadable", 0)] {
        assert_eq!(result["phones"][what], count, "{what}: {result}");
    }
    assert_eq!(result["record"]["verified"], true, "{result}");
}

#[test]
fn the_whole_way_is_met_with_a_credential_each() {
    check_met(&demo(&[], None));
}

#[test]
fn a_hanging_cbc_reddens_its_own_lane() {
    let (code, result) = demo(&["--fault", "hang"], None);
    assert_eq!(code, Some(6));
    check_alone_red(&result, "ooredoo", "no answer");
}

/// The proof that adapters sign in as themselves: a wrong password for one leaves that one out. Its order waits at the
/// broker for whoever has the right one; it is read here, or the next demonstration would find it.
#[tokio::test(flavor = "multi_thread")]
async fn an_operator_without_its_credential_is_alone_red() {
    let right = std::env::var("NADHIR_AMQP_URL_VODAFONE").expect("run this with deploy/dev/with-broker.sh");
    let wrong = format!("amqp://vodafone:wrong@{}", right.rsplit('@').next().unwrap());
    let own = ("NADHIR_AMQP_URL_VODAFONE", wrong.as_str());
    let (code, result) = tokio::task::block_in_place(|| demo(&[], Some(own)));
    assert_eq!(code, Some(6));
    check_alone_red(&result, "vodafone", "not taken");

    let broker = Broker::start(Settings::new(vec![right], "waits")).unwrap();
    let mut queue = broker.consume("nadhir.vodafone.live".to_owned(), 1);
    let waits = queue.next().await.expect("the order waits");
    let order = &serde_json::from_slice::<Value>(&waits.body).unwrap()["order"];
    assert_eq!((&order["warning"], &order["operator"]), (&result["warning"], &"vodafone".into()));
    waits.ack().await.unwrap();
    // The hub may have sent it again: copies are read too, until the broker has no more.
    while let Ok(Some(copy)) = tokio::time::timeout(std::time::Duration::from_secs(1), queue.next()).await {
        copy.ack().await.unwrap();
    }
    broker.stop().await;
}
