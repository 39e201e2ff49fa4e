//! A TCP proxy that can stall (half-open), cut and refuse. Understands no AMQP.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// Bytes go through.
    Flow,
    /// Connections stay open and are taken, and no byte goes through: half-open.
    Stall,
    /// Every connection is closed, and new ones at once.
    Refuse,
}

pub(crate) struct Proxy {
    pub(crate) port: u16,
    mode: watch::Sender<Mode>,
}

impl Proxy {
    pub(crate) async fn start(target: SocketAddr, mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        let mode = watch::Sender::new(mode);
        let modes = mode.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut until = modes.subscribe();
                let (up, down) = (modes.subscribe(), modes.subscribe());
                tokio::spawn(async move {
                    if *until.borrow() == Mode::Refuse {
                        return;
                    }
                    let Ok(server) = TcpStream::connect(target).await else { return };
                    let (client_in, client_out) = client.into_split();
                    let (server_in, server_out) = server.into_split();
                    tokio::select! {
                        () = carry(client_in, server_out, up) => {}
                        () = carry(server_in, client_out, down) => {}
                        _ = until.wait_for(|mode| *mode == Mode::Refuse) => {}
                    }
                });
            }
        });
        Self { port, mode }
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut mode: watch::Receiver<Mode>,
) {
    let mut buffer = [0; 16_384];
    loop {
        let Ok(read) = from.read(&mut buffer).await else { return };
        if mode.wait_for(|mode| *mode == Mode::Flow).await.is_err() || read == 0 {
            return;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
