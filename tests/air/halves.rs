//! A warning of two messages of which a CBC does a part: what airs outside is told, what is half on air is not stopped.

use super::side::Side;
use super::sites::{ANY, List, list};
use crate::common::until;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir_core::cap;
use nadhir_core::delivery::{Grade, Kind};
use nadhir_core::warning::air;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Cells that are in no list.
const OUTSIDE: [&str; 3] = ["4G:1:1", "4G:1:2", "4G:1:3"];

/// What a cancel leaves of the first message; the second stays on air whatever comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    /// The CBC knows it, and no cell broadcasts it.
    OnNoCell,
    /// The CBC does not know it any more.
    Forgotten,
}

/// A CBC that takes pages.
struct Cbc {
    /// The one cell of the list that broadcasts each message.
    cell: String,
    /// Where the second message is on air beside it.
    second: &'static [&'static str],
    first: First,
    /// Its status of each message.
    held: Mutex<BTreeMap<(u16, u16), Value>>,
    cancels: Mutex<usize>,
}

impl Cbc {
    async fn start(list: &[u8], second: &'static [&'static str], first: First) -> (Arc<Cbc>, String) {
        let row = std::str::from_utf8(list).expect("UTF-8").lines().nth(1).expect("a cell");
        let columns: Vec<&str> = row.split(',').collect();
        let cell = columns[3..6].join(":");
        let cbc = Cbc { cell, second, first, held: Mutex::default(), cancels: Mutex::default() };
        let cbc = Arc::new(cbc);
        let paths = Router::new()
            .route("/cap", post(submit))
            .route("/messages/{identifier}/{serial}", get(status))
            .with_state(Arc::clone(&cbc));
        let listener = tokio::net::TcpListener::bind(ANY).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, paths).await });
        (cbc, url)
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<(u16, u16), Value>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cancels(&self) -> MutexGuard<'_, usize> {
        self.cancels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn submit(State(cbc): State<Arc<Cbc>>, body: String) -> Json<Value> {
    let alert = cap::read(body.as_bytes(), &cap::Limits::cap()).0.expect("a CAP");
    let mut held = cbc.held();
    if alert.msg_type == cap::MsgType::Cancel {
        *cbc.cancels() += 1;
        match (cbc.first, held.first_entry()) {
            (First::OnNoCell, Some(mut first)) => first.get_mut()["cells"] = json!([]),
            (First::Forgotten, Some(first)) if *cbc.cancels() == 1 => drop(first.remove()),
            (First::OnNoCell | First::Forgotten, _) => {}
        }
        return Json(json!({ "stopped": [{}] }));
    }
    for (n, message) in air::messages(&alert).expect("messages").iter().enumerate() {
        let (identifier, serial) = (message.channel.identifier(), message.serial.get());
        let beside = if n == 0 { &[] } else { cbc.second };
        let cells: Vec<&str> = [cbc.cell.as_str()].into_iter().chain(beside.iter().copied()).collect();
        let pages = message.pages_sha256.to_string();
        let status =
            json!({ "identifier": identifier, "serial": serial, "pages_sha256": pages, "cells": cells });
        held.insert((identifier, serial), status);
    }
    assert_eq!(held.len(), 2, "a warning of two messages");
    Json(json!({ "messages": held.values().collect::<Vec<_>>() }))
}

async fn status(
    State(cbc): State<Arc<Cbc>>,
    Path(message): Path<(u16, u16)>,
) -> Result<Json<Value>, StatusCode> {
    cbc.held().get(&message).cloned().map(Json).ok_or(StatusCode::NOT_FOUND)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_outside_is_told_if_it_broadcasts_only_one_of_the_messages() {
    let cells = list(List::AreaAlone);
    let (_cbc, url) = Cbc::start(&cells, &OUTSIDE, First::OnNoCell).await;
    let mut side = Side::start(CbcKind::Pages, vec![url], &cells).await;
    side.warn_long("wrn_1", super::FIRST).await;
    let Grade::OnAir { cells, outside, .. } = side.next_on_air("wrn_1").await else { panic!("not on air") };
    assert_eq!((cells, outside), (1, OUTSIDE.len() as u64));
}

/// The CBC says "stopped" and goes on with the second message: it is told to stop again, and nobody says that it has.
async fn half_stopped(first: First) {
    let cells = list(List::AreaAlone);
    let (cbc, url) = Cbc::start(&cells, &[], first).await;
    let mut side = Side::start(CbcKind::Pages, vec![url], &cells).await;
    let sent = side.warn_long("wrn_1", super::FIRST).await;
    side.next_on_air("wrn_1").await;
    side.cancel(&sent).await;
    until("it is told a second time", || async { (*cbc.cancels() >= 2).then_some(()) }).await;
    assert!(!side.has_heard("wrn_1", Kind::Cancel, "stopped").await, "a message of it is on air");
    assert!(!side.words("wrn_1", Kind::Alert).contains(&"stopped"));
    cbc.held().clear();
    side.hears("wrn_1", Kind::Alert, "stopped").await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cancel_left_on_air_by_one_message_is_not_stopped() {
    half_stopped(First::OnNoCell).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cbc_has_half_forgotten_is_not_stopped() {
    half_stopped(First::Forgotten).await;
}
