//! The broker that a test stands on, and a gate before it that can be shut. The queues are shared, so one test at a time.

use super::suite::{OPERATORS, Under, drain, orders, receipt};
use crate::common::until;
use nadhir::transport::amqp::{Amqp, Reach};
use nadhir_core::cbs::Class;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinHandle;

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

pub(crate) fn url() -> String {
    std::env::var("NADHIR_AMQP_URL")
        .expect("NADHIR_AMQP_URL is not set: run this with deploy/dev/with-broker.sh COMMAND")
}

/// The same node as the user for drills.
pub(crate) fn drill_url() -> String {
    std::env::var("NADHIR_AMQP_URL_DRILL").expect("deploy/dev/with-broker.sh sets it")
}

/// Every queue declared and empty, until this is dropped.
pub(crate) struct Ground {
    pub(crate) path: Under,
    declaring: JoinHandle<()>,
    _one: MutexGuard<'static, ()>,
}

impl Ground {
    pub(crate) async fn new() -> Ground {
        let one = ONE_AT_A_TIME.lock().await;
        let (uris, drills) = ([url()], [drill_url()]);
        let reach = Reach { uris: &uris, drills: &drills, authority: None };
        let amqp = Arc::new(Amqp::reach(&reach, "test").expect("addresses"));
        let declaring = tokio::spawn({
            let amqp = Arc::clone(&amqp);
            async move { amqp.keep_declared().await }
        });
        let path: Under = amqp;
        let classes = [Class::Live, Class::Drill];
        let orders = OPERATORS.into_iter().flat_map(|name| classes.map(|class| orders(name, class).0));
        for to in orders.chain([receipt("omantel")]) {
            until("the broker takes a message", || async {
                let sent =
                    path.send(to.clone(), "probe".to_owned(), b"probe".to_vec(), Duration::from_secs(5));
                sent.await.ok()
            })
            .await;
            drain(&path, &to).await;
        }
        Ground { path, declaring, _one: one }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.declaring.abort();
    }
}

/// For the suite: the path, and what keeps it this test's alone.
pub(crate) async fn empty() -> (Under, Ground) {
    let ground = Ground::new().await;
    (Arc::clone(&ground.path), ground)
}

/// A port of ours before the broker, where nobody listens until it is opened.
pub(crate) struct Gate {
    socket: TcpSocket,
    port: u16,
}

impl Gate {
    pub(crate) fn closed() -> Gate {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port");
        let port = socket.local_addr().expect("an address").port();
        Gate { socket, port }
    }

    /// The broker's address, by way of the gate.
    pub(crate) fn uri(&self) -> String {
        let (head, tail) = split(&url());
        format!("{head}:{}/{tail}", self.port)
    }

    /// From now on connections reach the broker.
    pub(crate) fn open(self) -> tokio::task::AbortHandle {
        let listener = self.socket.listen(64).expect("it listens");
        tokio::spawn(carry(listener)).abort_handle()
    }
}

async fn carry(listener: TcpListener) {
    let uri = url();
    let authority = uri.rsplit_once('@').expect("a user").1.split('/').next().expect("a host").to_owned();
    while let Ok((mut client, _)) = listener.accept().await {
        let authority = authority.clone();
        tokio::spawn(async move {
            if let Ok(mut broker) = TcpStream::connect(&authority).await {
                let _ = tokio::io::copy_bidirectional(&mut client, &mut broker).await;
            }
        });
    }
}

/// `amqp://user:password@host` and the vhost.
fn split(uri: &str) -> (String, String) {
    let (head, tail) = uri.rsplit_once(':').expect("a port");
    let (_, vhost) = tail.split_once('/').expect("a vhost");
    (head.to_owned(), vhost.to_owned())
}

/// Command lines of processes that were told of this folder.
pub(crate) fn ours(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().expect("a plain path");
    let processes = std::fs::read_dir("/proc").expect("the list of processes").flatten();
    processes
        .filter_map(|process| std::fs::read(process.path().join("cmdline")).ok())
        .map(|words| String::from_utf8_lossy(&words).replace('\0', " "))
        .filter(|line| line.contains(folder))
        .collect()
}
