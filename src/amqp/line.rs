//! One live connection to one node: dialled with a deadline, probed, and cut for good. Decides nothing about retrying.
//!
//! lapin runs a thread a connection, and a connection whose peer has gone silent keeps it (and its queue of unsent
//! frames) for as long as the kernel retries. So each line holds a second handle of its socket and shuts it down:
//! the thread then ends at once.

use crate::address::Address;
use crate::settings::Settings;
use futures_util::Stream;
use lapin::options::{BasicQosOptions, ConfirmSelectOptions};
use lapin::tcp::{AsyncTcpStream, OwnedIdentity, OwnedTLSConfig};
use lapin::{Channel, Connection, ConnectionProperties, Event};
use std::io;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Idle channels kept for the next publish.
const IDLE_CHANNELS: usize = 64;

/// A connection that was up at least once.
pub(crate) struct Line {
    connection: Connection,
    probe: Channel,
    idle: Mutex<Vec<Channel>>,
    node: String,
    // Last, so that the socket goes after the connection had its chance to queue a close.
    socket: Socket,
}

impl Line {
    /// Dials one node: TCP, TLS and AMQP handshake within `connect_timeout`, then one channel for the probe.
    pub(crate) async fn dial(address: &Address, settings: &Settings) -> Result<Self, String> {
        let socket = Socket::default();
        let dialled = tokio::time::timeout(settings.connect_timeout, async {
            let connection = connect(address, settings, socket.slot()).await?;
            let probe = connection.create_channel().await?;
            Ok::<_, lapin::Error>((connection, probe))
        });
        match dialled.await {
            Ok(Ok((connection, probe))) => {
                Ok(Self { connection, probe, idle: Mutex::default(), node: address.to_string(), socket })
            }
            Ok(Err(error)) => Err(format!("{address}: {error}")),
            Err(_) => Err(format!("{address}: no connection within {:?}", settings.connect_timeout)),
        }
    }

    /// The node, without its password.
    pub(crate) fn node(&self) -> &str {
        &self.node
    }

    /// What the broker says about the connection as a whole.
    pub(crate) fn events(&self) -> impl Stream<Item = Event> + Send + use<'_> {
        self.connection.events_listener()
    }

    /// Whether lapin believes in it.
    pub(crate) fn connected(&self) -> bool {
        self.connection.status().connected()
    }

    /// Whether the broker asked publishers to wait (a disk or memory alarm); lapin then writes nothing at all.
    pub(crate) fn blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    /// Asks the broker for the cheapest answer there is; true if it came in time.
    pub(crate) async fn answers(&self, within: Duration) -> bool {
        let asked = self.probe.basic_qos(1, BasicQosOptions::default());
        matches!(tokio::time::timeout(within, asked).await, Ok(Ok(())))
    }

    /// A new channel. The caller holds the deadline.
    pub(crate) async fn channel(&self) -> lapin::Result<Channel> {
        self.connection.create_channel().await
    }

    /// A channel in confirm mode for one publish at a time: an idle one, or a new one.
    pub(crate) async fn confirm_channel(&self) -> lapin::Result<Channel> {
        while let Some(channel) = self.idle().pop() {
            if channel.status().connected() {
                return Ok(channel);
            }
        }
        let channel = self.channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(channel)
    }

    /// Keeps a channel whose publish was confirmed. One with any doubt is dropped instead, and so closed.
    pub(crate) fn keep(&self, channel: Channel) {
        let mut idle = self.idle();
        if idle.len() < IDLE_CHANNELS {
            idle.push(channel);
        }
    }

    /// Says goodbye, then cuts.
    pub(crate) async fn close(&self, within: Duration) {
        let _ = tokio::time::timeout(within, self.connection.close(200, "stopped".into())).await;
        self.cut();
    }

    /// Ends it now; everything waiting on it fails.
    pub(crate) fn cut(&self) {
        self.socket.cut();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Channel>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn connect(
    address: &Address,
    settings: &Settings,
    socket: Arc<Mutex<Slot>>,
) -> lapin::Result<Connection> {
    let mut uri = address.uri.clone();
    uri.query.heartbeat.get_or_insert(settings.heartbeat_s());
    let tls = OwnedTLSConfig {
        identity: settings.identity.as_ref().map(|identity| OwnedIdentity::PKCS8 {
            pem: identity.certificate_pem.clone(),
            key: identity.key_pem.clone(),
        }),
        cert_chain: settings.ca_pem.clone(),
    };
    let encrypted = address.is_tls();
    let timeout = settings.connect_timeout;
    let properties = ConnectionProperties::default().with_connection_name(settings.name.as_str().into());
    let runtime = lapin::runtime::default_runtime()?;
    Connection::connector(
        uri,
        runtime,
        async move |uri, runtime| {
            let host = uri.authority.host.clone();
            let addresses = runtime.to_socket_addrs((host.clone(), uri.authority.port));
            let late = |_| io::Error::from(io::ErrorKind::TimedOut);
            let stream = tokio::time::timeout(timeout, AsyncTcpStream::connect(&runtime, addresses))
                .await
                .map_err(late)??;
            if let AsyncTcpStream::Plain(plain) = &stream {
                hold(&socket, plain.get_ref())?;
            }
            if !encrypted {
                return Ok(stream);
            }
            let stream =
                tokio::time::timeout(timeout, stream.into_tls(&host, tls.as_ref())).await.map_err(late)??;
            // Built without TLS, lapin's libraries hand the plain stream back and say nothing.
            if let AsyncTcpStream::Plain(_) = &stream {
                return Err(io::Error::other("this program was built without TLS; nothing was sent").into());
            }
            Ok(stream)
        },
        properties,
    )
    .await
}

/// Whoever holds this owns the socket: dropping it, also in the middle of a dial, shuts the socket down.
#[derive(Default)]
struct Socket(Arc<Mutex<Slot>>);

#[derive(Default)]
struct Slot {
    stream: Option<TcpStream>,
    cut: bool,
}

impl Socket {
    fn slot(&self) -> Arc<Mutex<Slot>> {
        Arc::clone(&self.0)
    }

    fn cut(&self) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.cut = true;
        if let Some(stream) = slot.stream.take() {
            // The peer may have closed it already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.cut();
    }
}

fn hold(slot: &Mutex<Slot>, stream: &impl AsFd) -> io::Result<()> {
    let copy = TcpStream::from(stream.as_fd().try_clone_to_owned()?);
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if slot.cut {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    slot.stream = Some(copy);
    Ok(())
}
