//! The whole way once, through the program itself: what is met, and what is red and why.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use common::house::{Ended, run};
use serde_json::Value;

/// Runs the demonstration; it must end with `code`.
async fn demo(code: i32, more: &[&str]) -> Value {
    let ended = run(&[&["demo", "--once", "--json"], more].concat(), b"").await;
    assert_eq!(ended.code, code, "{more:?}: {ended:?}");
    ended.json
}

/// What holds of every run, whatever went wrong: nobody is disturbed who should not be, and the record is whole.
fn unharmed(shown: &Value) {
    for key in ["twice", "outside", "unreadable"] {
        assert_eq!(shown["phones"][key], 0, "{key}: {shown}");
    }
    assert!(shown["phones"]["displayed"].as_u64() > Some(0), "{shown}");
    assert_eq!(shown["record"]["verified"], true, "{shown}");
    assert_eq!(shown["deadline_ms"], 10_000);
    assert_eq!(shown["governorates"], serde_json::json!(["OM-DA"]));
}

/// Operators in their order, each with its state.
fn states(shown: &Value) -> Vec<(&str, &str)> {
    let lanes = shown["operators"].as_array().expect("lanes");
    lanes
        .iter()
        .map(|l| (l["operator"].as_str().expect("a name"), l["state"].as_str().expect("a state")))
        .collect()
}

fn reason(shown: &Value, operator: &str) -> String {
    let lanes = shown["operators"].as_array().expect("lanes");
    let lane = lanes.iter().find(|lane| lane["operator"] == operator).expect("a lane");
    lane["reason"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn all_is_well() {
    let shown = demo(0, &[]).await;
    unharmed(&shown);
    assert_eq!(states(&shown), [("omantel", "on_air"), ("ooredoo", "on_air"), ("vodafone", "on_air")]);
    assert_eq!(shown["met"], true);
    for lane in shown["operators"].as_array().expect("lanes") {
        assert!(lane["cells_on_air"].as_u64() > Some(0), "{lane}");
        assert_eq!(lane["cells_on_air"], lane["cells_total"]);
        assert_eq!(lane["reason"], Value::Null);
        let at: Vec<f64> =
            ["taken_ms", "accepted_ms", "on_air_ms"].map(|key| lane[key].as_f64().expect(key)).into();
        assert!(at.is_sorted(), "{lane}");
        let languages = &lane["messages"][0]["languages"];
        assert_eq!(languages, &serde_json::json!(["ar", "en", "hi", "ur"]), "{lane}");
    }
    for radio in ["2g", "4g", "5g"] {
        assert!(shown["phones"]["by_radio"][radio]["displayed"].as_u64() > Some(0), "{radio}: {shown}");
    }
}

#[tokio::test]
async fn one_refuses_and_the_others_are_on_air() {
    let shown = demo(6, &["--fault", "refuse=ooredoo"]).await;
    unharmed(&shown);
    assert_eq!(states(&shown), [("omantel", "on_air"), ("ooredoo", "rejected"), ("vodafone", "on_air")]);
    assert_eq!((&shown["met"], &shown["slowest_ms"]), (&Value::Bool(false), &Value::Null));
    assert!(reason(&shown, "ooredoo").starts_with("refused by the operator"), "{shown}");
    // Its customers are in the area and were not warned: the count says so.
    let count = |what: &str| shown["phones"][what].as_u64().unwrap();
    assert!(0 < count("displayed") && count("displayed") < count("in_area"), "{shown}");
}

#[tokio::test]
async fn what_follows_is_shown_once_and_nothing_is_on_air_after_the_cancel() {
    let shown = demo(0, &["--then", "resend,update,cancel"]).await;
    unharmed(&shown);
    assert_eq!(shown["on_air_after"], 0, "{shown}");
    let steps: Vec<_> = shown["then"].as_array().unwrap().iter().map(|s| (&s["step"], &s["met"])).collect();
    let met = Value::Bool(true);
    let want = [("resend", &Value::Null), ("update", &met), ("cancel", &met)];
    assert_eq!(steps.len(), want.len());
    for ((step, done), (word, wanted)) in steps.into_iter().zip(want) {
        assert_eq!((step.as_str(), done), (Some(word), wanted), "{shown}");
    }
    let serial = |lanes: &Value| lanes[0]["messages"][0]["serial"].as_u64().unwrap();
    let (first, second) = (serial(&shown["operators"]), serial(&shown["then"][1]["operators"]));
    assert_eq!(second, first + 1, "an update is the same code with the next update number");
}

#[tokio::test]
async fn one_whose_answer_is_lost_is_found_on_air_once() {
    let shown = demo(0, &["--fault", "lost_answer=vodafone"]).await;
    unharmed(&shown);
    assert_eq!(shown["met"], true, "{shown}");
}

#[tokio::test]
async fn one_that_hangs_is_red_and_says_why() {
    let shown = demo(6, &["--fault", "hang=omantel"]).await;
    unharmed(&shown);
    assert_eq!(states(&shown)[1..], [("ooredoo", "on_air"), ("vodafone", "on_air")]);
    assert_eq!(shown["met"], false);
    assert!(reason(&shown, "omantel").contains("no answer"), "{shown}");
}

#[tokio::test]
async fn one_that_encodes_by_itself_is_red_and_the_others_are_on_air() {
    let shown = demo(6, &["--fault", "own_bytes=ooredoo"]).await;
    unharmed(&shown);
    assert_eq!(states(&shown), [("omantel", "on_air"), ("ooredoo", "unconfirmed"), ("vodafone", "on_air")]);
    assert!(reason(&shown, "ooredoo").contains("other pages than were approved"), "{shown}");
}

#[tokio::test]
async fn one_that_takes_the_whole_network_alone_refuses_an_area() {
    let shown = demo(6, &["--fault", "ecbe=vodafone"]).await;
    unharmed(&shown);
    assert_eq!(states(&shown), [("omantel", "on_air"), ("ooredoo", "on_air"), ("vodafone", "rejected")]);
    assert!(reason(&shown, "vodafone").contains("ecbe.area"), "{shown}");
}

/// The demonstration's alert over a box around Oman and its sea: what every operator's whole network lies in.
fn whole_country() -> String {
    let cap = String::from_utf8(nadhir::demo::warning(None, chrono::Utc::now())).expect("UTF-8");
    let bare = without(&cap, "<polygon>", "</polygon>");
    bare.replace("</area>", "<polygon>16,51.5 16,60.5 27,60.5 27,51.5 16,51.5</polygon></area>")
}

/// A text without what stands from one mark to the next other, marks included.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(to).map_or(part, |(_, rest)| rest))
}

#[tokio::test]
async fn one_that_tells_no_more_is_met_by_accepting_and_nobody_says_it_is_on_air() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("oman.xml");
    std::fs::write(&path, whole_country()).expect("written");
    let path = path.to_str().expect("a path");
    let shown = demo(0, &["--cap", path, "--fault", "ecbe=vodafone", "--then", "resend,update,cancel"]).await;
    assert_eq!(states(&shown), [("omantel", "on_air"), ("ooredoo", "on_air"), ("vodafone", "accepted")]);
    assert_eq!((&shown["met"], &shown["on_air_after"]), (&Value::Bool(true), &serde_json::json!(0)));
    let lane = &shown["operators"][2];
    assert_eq!((&lane["accepted_is_final"], &lane["red"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!((&lane["on_air_ms"], &lane["cells_on_air"]), (&Value::Null, &Value::Null));
    assert_eq!(reason(&shown, "vodafone"), "accepted: its CBC cannot tell what is on air");
    for key in ["twice", "outside", "unreadable"] {
        assert_eq!(shown["phones"][key], 0, "{key}: {shown}");
    }
    assert_eq!(
        (&shown["then"][1]["met"], &shown["then"][2]["met"]),
        (&Value::Bool(true), &Value::Bool(true))
    );
}

#[tokio::test]
async fn one_that_is_late_is_heard_and_not_met() {
    let shown = demo(7, &["--fault", "late=ooredoo"]).await;
    unharmed(&shown);
    assert_eq!(states(&shown).iter().filter(|(_, state)| *state == "on_air").count(), 3);
    assert_eq!(shown["met"], false);
    assert!(reason(&shown, "ooredoo").starts_with("on air after"), "{shown}");
}

#[tokio::test]
async fn without_a_broker_it_says_how_to_start_one() {
    for amqp in [&[][..], &["--amqp", "amqp://hub:hub@127.0.0.1:9/nadhir"]] {
        let words = [&["demo", "--once", "--json", "--transport", "amqp"], amqp].concat();
        let Ended { code, json, words } = run(&words, b"").await;
        assert_eq!((code, json), (8, Value::Null), "{words}");
        assert!(words.contains("no broker") && words.contains("deploy/dev/rabbitmq.sh start"), "{words}");
    }
}

#[tokio::test]
async fn a_fault_or_an_operator_that_is_none_is_refused() {
    for (fault, says) in [("slow", "\"slow\" is no fault"), ("late=etisalat", "\"etisalat\" is no operator")]
    {
        let ended = run(&["demo", "--once", "--fault", fault], b"").await;
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.words.contains(says), "{}", ended.words);
    }
}
