//! Proxies for tests: HTTP's `CONNECT` and SOCKS5, each in a few lines, with a ledger of what they
//! were asked for.

#![allow(dead_code, reason = "one run uses a part of it, and another one another")]

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// A proxy that does what it is asked to.
pub(crate) struct TestProxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

/// What a proxy is like.
#[derive(Clone, Default)]
pub(crate) struct Manners {
    /// A user and password that it wants.
    pub(crate) credentials: Option<(&'static str, &'static str)>,
    /// Where it leads, whatever it is asked for. Without it, to where it is asked for.
    pub(crate) leads_to: Option<SocketAddr>,
    /// It is spoken to over TLS.
    pub(crate) tls: Option<Arc<ServerConfig>>,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Http,
    Socks,
}

impl TestProxy {
    pub(crate) async fn start(kind: Kind, manners: Manners) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let ledger = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (manners, ledger) = (manners.clone(), Arc::clone(&ledger));
                // Whatever fails here shows up at one of the ends.
                tokio::spawn(async move {
                    match (kind, manners.tls.clone()) {
                        (Kind::Http, None) => serve_http(socket, &manners, &ledger).await,
                        (Kind::Http, Some(tls)) => {
                            let socket = TlsAcceptor::from(tls).accept(socket).await?;
                            serve_http(socket, &manners, &ledger).await
                        }
                        (Kind::Socks, _) => serve_socks(socket, &manners, &ledger).await,
                    }
                });
            }
        });
        Ok(Self { address, asked, task })
    }

    /// What it was asked for so far: the heads that an HTTP proxy was sent, or the targets that a
    /// SOCKS proxy was told, after the word "name" or "address".
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes no more clients.
    pub(crate) fn stop(&self) {
        self.task.abort();
    }
}

fn note(ledger: &Mutex<Vec<String>>, what: String) {
    ledger.lock().unwrap_or_else(PoisonError::into_inner).push(what);
}

async fn serve_http(
    mut client: impl AsyncRead + AsyncWrite + Unpin,
    manners: &Manners,
    ledger: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    note(ledger, head.clone());
    let is_known = manners.credentials.is_none_or(|(user, password)| {
        let basic = BASE64.encode(format!("{user}:{password}").as_bytes());
        head.contains(&format!("\r\nProxy-Authorization: Basic {basic}\r\n"))
    });
    if !is_known {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                       Proxy-Authenticate: Basic realm=\"custom\"\r\n\
                       Content-Length: 12\r\n\r\nwho are you?";
        return client.write_all(refusal.as_bytes()).await;
    }
    let asked = head.split(' ').nth(1).unwrap_or_default();
    let connected = match manners.leads_to {
        Some(address) => TcpStream::connect(address).await,
        None => TcpStream::connect(asked).await,
    };
    let Ok(mut server) = connected else {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
    };
    // What this says of the length is to be ignored: everything behind it is the tunnel.
    client.write_all(b"HTTP/1.1 200 Connected\r\nContent-Length: 3678\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

async fn serve_socks(
    mut client: TcpStream,
    manners: &Manners,
    ledger: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let [_version, count] = read(&mut client).await?;
    let mut methods = vec![0; count.into()];
    client.read_exact(&mut methods).await?;
    let wanted = if manners.credentials.is_some() { 2 } else { 0 };
    if !methods.contains(&wanted) {
        return client.write_all(&[5, 0xff]).await;
    }
    client.write_all(&[5, wanted]).await?;
    if let Some((user, password)) = manners.credentials {
        let [_version] = read(&mut client).await?;
        let told = [read_text(&mut client).await?, read_text(&mut client).await?];
        let is_known = told == [user, password];
        client.write_all(&[1, u8::from(!is_known)]).await?;
        if !is_known {
            return Ok(());
        }
    }
    let [_version, _command, _reserved, kind] = read(&mut client).await?;
    let what = match kind {
        1 => format!("address {}", Ipv4Addr::from(read::<4>(&mut client).await?)),
        3 => format!("name {}", read_text(&mut client).await?),
        _ => format!("address [{}]", Ipv6Addr::from(read::<16>(&mut client).await?)),
    };
    let port = u16::from_be_bytes(read(&mut client).await?);
    let what = format!("{what}:{port}");
    note(ledger, what.clone());
    let connected = match (manners.leads_to, what.split_once(' ')) {
        (Some(address), _) => TcpStream::connect(address).await,
        (None, Some((_, asked))) => TcpStream::connect(asked).await,
        (None, None) => return Ok(()),
    };
    let Ok(mut server) = connected else {
        return client.write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]).await;
    };
    // The address that it is bound to may be a name, which then is of any length.
    client.write_all(b"\x05\0\0\x03\x06a text\x36\x78").await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// Reads up to the empty line, and not a byte more.
pub(crate) async fn read_head(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    String::from_utf8(head).map_err(io::Error::other)
}

pub(crate) async fn read<const N: usize>(socket: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    socket.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn read_text(socket: &mut TcpStream) -> io::Result<String> {
    let mut text = vec![0; socket.read_u8().await?.into()];
    socket.read_exact(&mut text).await?;
    String::from_utf8(text).map_err(io::Error::other)
}
