//! What a base station controller gets, read by somebody else: Wireshark's dissector of CBSP. Needs tshark; deploy/dev/install.sh brings it.
#![cfg(all(feature = "tshark-tests", feature = "demo"))]
#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

use chrono::Utc;
use common::{ask, client};
use nadhir_core::cap::{Alert, CapTime, Reference};
use nadhir_core::cbs::{Given, Serial};
use nadhir_core::warning::{Prepared, Terms, air_cap, cancel_cap, prepare};
use nadhir_simulator::{Fault, Operator, Settings, cells};
use std::path::Path;
use std::process::Command;

/// TCP port of CBSP (TS 48.049, 5).
const PORT: u16 = 48049;

/// A capture of these messages, a segment each, from the CBC to the controller, as pcap: Ethernet, IPv4, TCP.
fn pcap(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut file =
        [0xA1B2_C3D4_u32.to_be_bytes(), [0, 2, 0, 4], [0; 4], [0; 4], 65_535_u32.to_be_bytes(), [0, 0, 0, 1]]
            .concat();
    let mut sequence = 1_u32;
    for message in messages {
        let tcp = [
            &50_000_u16.to_be_bytes()[..],
            &PORT.to_be_bytes(),
            &sequence.to_be_bytes(),
            &1_u32.to_be_bytes(),
            // Header of five words, PSH and ACK, a window; no checksum.
            &[0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0],
            message,
        ]
        .concat();
        let length = |octets: usize| u16::try_from(octets).expect("a segment fits").to_be_bytes();
        let ip = [
            &[0x45, 0][..],
            &length(20 + tcp.len()),
            &[0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2],
            &tcp,
        ]
        .concat();
        let frame = [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0][..], &ip].concat();
        let size = u32::try_from(frame.len()).expect("a frame fits").to_be_bytes();
        file.extend([[0; 4], [0; 4], size, size].concat());
        file.extend(frame);
        sequence += u32::try_from(message.len()).expect("it fits");
    }
    file
}

/// What tshark makes of one message: its answer in JSON, read line by line, for there the fields stand in their order and
/// one hides no other of its name.
struct Layer(String);

/// What tshark makes of a capture, message by message.
fn dissect(messages: &[Vec<u8>]) -> Vec<Layer> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bsc.pcap");
    std::fs::write(&path, pcap(messages)).expect("written");
    let read = String::from_utf8(tshark(&path)).expect("UTF-8");
    let layers: Vec<Layer> = read.split("\"_index\"").skip(1).map(|one| Layer(one.to_owned())).collect();
    assert_eq!(layers.len(), messages.len(), "{read}");
    for Layer(layer) in &layers {
        assert!(layer.contains("\"cbsp\"") && !layer.contains("_ws.malformed"), "{layer}");
    }
    layers
}

fn tshark(capture: &Path) -> Vec<u8> {
    let mut command = Command::new("tshark");
    // Equal keys are many in a message of many pages: none may hide another. Checksums are left out above.
    command.args(["-T", "json", "--no-duplicate-keys", "-r"]).arg(capture);
    let output = command.output().expect("tshark is needed here: deploy/dev/install.sh installs it");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    output.stdout
}

impl Layer {
    /// Every value of a field, in order.
    fn texts(&self, name: &str) -> Vec<String> {
        let begins = format!("\"{name}\": ");
        let value = |line: &str| {
            let value = line.trim().strip_prefix(&begins)?.trim_end_matches(',');
            Some(serde_json::from_str(value).unwrap_or_else(|e| panic!("{line}: {e}")))
        };
        self.0.lines().filter_map(value).collect()
    }

    /// The same as numbers, decimal or with 0x.
    fn numbers(&self, name: &str) -> Vec<u64> {
        let number = |text: String| match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).expect("hex"),
            None => text.parse().unwrap_or_else(|e| panic!("{name} {text}: {e}")),
        };
        self.texts(name).into_iter().map(number).collect()
    }
}

/// How a cancel names an alert.
fn named(prepared: &Prepared) -> Vec<Reference> {
    let Alert { sender, identifier, sent, .. } = &prepared.alert;
    vec![Reference { sender: sender.clone(), identifier: identifier.clone(), sent: *sent }]
}

/// The simulated CBC with the demonstration's warning, its update and its cancel, and what its controller was told.
struct Evening {
    first: Prepared,
    frames: Vec<Vec<u8>>,
    /// Location area and cell identity of each targeted 2G cell, as the CBC's own status names it.
    cells: Vec<(u64, u64)>,
}

const FIRST: u16 = 0x4010;

async fn evening() -> Evening {
    let cells_csv = cells::generate("omantel", 7).into_bytes();
    let settings =
        Settings { operator: "omantel".to_owned(), cells_csv, phones: 10, seed: 7, fault: Fault::None };
    let operator = Operator::start(settings).await.expect("it starts");
    let now = Utc::now();
    let index = nadhir::run::regions(None).expect("regions");
    let profile = nadhir::run::profile().expect("the profile");
    let cap = nadhir::demo::warning(None, now);
    let first = prepare(&cap, &profile, &index, now, &Terms::default()).expect("a good alert");
    let after =
        Terms { given: Given { predecessor: Some(first.channel), ..Given::default() }, ..Terms::default() };
    let update =
        prepare(&nadhir::demo::update(&cap, now), &profile, &index, now, &after).expect("a good update");
    let air = |prepared: &Prepared, serial: u16| {
        let Prepared { alert, rings, channel, encoded, .. } = prepared;
        assert_eq!(encoded.messages.len(), 1);
        air_cap(alert, rings, *channel, encoded, &[Serial::from_u16(serial).expect("a serial")])
    };
    let cancel = cancel_cap(
        &update.alert,
        named(&update),
        format!("{}.c", update.alert.identifier),
        CapTime::muscat(now),
    );
    let query = "period_2g=16&broadcasts_2g=716&period_s=30&broadcasts=720&concurrent=yes";
    let mut cells = Vec::new();
    for document in [air(&first, FIRST), air(&update, FIRST + 1), cancel] {
        let post = client().post(format!("{}/cap?{query}", operator.url()));
        let taken = ask(post.header("content-type", "application/cap+xml").body(document)).await;
        assert_eq!(taken.status, 200, "{taken:?}");
        if cells.is_empty() {
            let url = format!("{}/messages/{}/{FIRST}", operator.url(), first.channel.identifier());
            let all = common::until("every cell on air", || async {
                let status = ask(client().get(&url)).await.body;
                let cells = status["cells"].as_array()?.clone();
                (Some(cells.len()) == status["cells_total"].as_u64()?.try_into().ok()).then_some(cells)
            })
            .await;
            let on_2g = all.iter().filter_map(|key| key.as_str()?.strip_prefix("2G:")?.split_once(':'));
            cells.extend(
                on_2g.map(|(area, cell)| (area.parse().expect("an area"), cell.parse().expect("a cell"))),
            );
        }
    }
    let told = ask(client().get(format!("{}/sim/bsc", operator.url()))).await.body;
    let frames = told["frames"].as_array().expect("frames").iter();
    let frames =
        frames.map(|frame| nadhir_core::digest::unhex(frame["cbsp"].as_str()?)).collect::<Option<_>>();
    Evening { first, frames: frames.expect("hex"), cells }
}

#[tokio::test(flavor = "multi_thread")]
async fn wireshark_reads_what_was_approved() {
    let Evening { first, frames, mut cells } = evening().await;
    let layers = dissect(&frames);
    let kinds: Vec<u64> = layers.iter().flat_map(|layer| layer.numbers("cbsp.msg_type")).collect();
    assert_eq!(kinds, [1, 1, 4], "written, replaced in one step, killed");
    let write = &layers[0];
    let pages = &first.encoded.messages[0].pages;
    let count = u64::try_from(pages.pages().len()).expect("few");
    let identifier = u64::from(first.channel.identifier());
    assert_eq!(write.numbers("cbsp.message_id"), [identifier]);
    assert_eq!(write.numbers("cbsp.new_serial_nr"), [u64::from(FIRST)]);
    assert_eq!(write.numbers("cbsp.old_serial_nr"), [0; 0]);
    assert_eq!(write.numbers("cbsp.num_of_pages"), [count]);
    assert_eq!(write.numbers("cbsp.num_bcast_req"), [716]);
    assert_eq!(write.numbers("cbsp.dcs"), [0x48]);
    let useful: Vec<u64> = pages.pages().iter().map(|page| u64::from(page.useful())).collect();
    assert_eq!(write.numbers("cbsp.user_info_len"), useful);
    // Each page as it was approved, octet by octet, and as another's decoder reads it.
    let octets: Vec<String> =
        write.texts("cbsp.cb_msg_page").into_iter().map(|hex| hex.replace(':', "")).collect();
    let approved: Vec<String> =
        pages.pages().iter().map(|page| nadhir_core::digest::hex(page.octets())).collect();
    assert_eq!(octets, approved);
    let read = write.texts("cbsp.cb_page_content").concat().replace('\r', "");
    assert_eq!(read.trim_end(), first.encoded.messages[0].text.trim_end());
    // The dissector of 4.0 misreads the period: its octets are looked at.
    assert!(frames[0].windows(3).any(|octets| octets == [0x06, 0, 16]), "16 units of 1.883 s");
    let named = |layer: &Layer| -> Vec<(u64, u64)> {
        let mut named: Vec<_> = layer.numbers("cbsp.lac").into_iter().zip(layer.numbers("cbsp.ci")).collect();
        named.sort_unstable();
        named
    };
    cells.sort_unstable();
    assert!(cells.len() > 10, "{} cells on 2G", cells.len());
    assert_eq!(named(write), cells);

    assert_eq!(layers[1].numbers("cbsp.new_serial_nr"), [u64::from(FIRST) + 1]);
    assert_eq!(layers[1].numbers("cbsp.old_serial_nr"), [u64::from(FIRST)]);
    assert_eq!(layers[2].numbers("cbsp.message_id"), [identifier]);
    assert_eq!(layers[2].numbers("cbsp.old_serial_nr"), [u64::from(FIRST) + 1]);
    assert_eq!(named(&layers[2]), cells);
}
