//! Dead letters: what is no receipt, or was said in another operator's name, goes where an alarm looks, and is not lost.

use super::ground::{Ground, url};
use super::{common, house_at_the_broker, suite};
use common::operators::Operators;
use common::until;
use nadhir::transport::amqp::Amqp;
use nadhir::transport::{Address, Transport as _};
use nadhir_amqp::{Broker, Consumer, Settings};
use nadhir_core::area::Census;
use nadhir_core::delivery::Counts;
use std::time::Duration;

fn dead_letters() -> (Broker, Consumer) {
    let mut settings = Settings::new(vec![url()], "test-dead");
    settings.heartbeat = Duration::from_secs(5);
    let dead = Broker::start(settings).expect("an address");
    let letters = dead.consume("nadhir.dead", 8);
    (dead, letters)
}

async fn is_buried(mut letters: Consumer, body: &[u8]) {
    let buried = async {
        loop {
            let letter = letters.next().await.expect("the line is there");
            let found = letter.body == body;
            letter.ack().await.expect("acknowledged");
            if found {
                return;
            }
        }
    };
    tokio::time::timeout(common::PATIENCE, buried).await.expect("it is among the dead letters");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_none_is_a_dead_letter() {
    let ground = Ground::new().await;
    let (dead, letters) = dead_letters();
    let operators = Operators::none();
    let house = house_at_the_broker(&operators).await;
    let hub = house.serve().await;
    let poison = format!("no receipt {:?}", std::time::Instant::now());
    suite::send(&ground.path, &suite::receipt("omantel"), &poison).await;
    is_buried(letters, poison.as_bytes()).await;
    until("the hub counts it", || async {
        let figures = common::ask(common::client().get(hub.admin("/metrics"))).await.body;
        figures.as_str().is_some_and(|text| text.contains("nadhir_receipts_refused_total 1")).then_some(())
    })
    .await;
    dead.stop().await;
}

/// The broker lets an operator write under its own name alone, and the hub holds what it says to that name.
#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_for_another_operator_is_a_dead_letter() {
    let _ground = Ground::new().await;
    let (dead, letters) = dead_letters();
    let operators = Operators::none();
    let house = house_at_the_broker(&operators).await;
    let hub = house.serve().await;
    let omantel = std::env::var("NADHIR_AMQP_URL_OMANTEL").expect("run this with deploy/dev/with-broker.sh");
    let path = Amqp::start(&[omantel], "test-omantel").expect("an address");
    let counted_at = chrono::Utc::now();
    let census = |operator: &str| {
        Counts { operator: operator.to_owned(), counted_at, census: Census::default() }.to_wire()
    };
    let foreign = census("ooredoo");
    for body in [foreign.clone(), census("omantel")] {
        let to = Address::Census { operator: "omantel".to_owned() };
        until("the broker takes it", || async {
            path.send(to.clone(), "census".to_owned(), body.clone(), Duration::from_secs(5)).await.ok()
        })
        .await;
    }
    is_buried(letters, &foreign).await;
    until("its own counts are known", || async {
        (house.get(&hub, "/v1/operators/omantel/census").await.status == 200).then_some(())
    })
    .await;
    assert_eq!(house.get(&hub, "/v1/operators/ooredoo/census").await.status, 404);
    dead.stop().await;
}
