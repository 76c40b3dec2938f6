//! A SOCKS 5 proxy that connects every host name to one port of this machine.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A running proxy. It stops with the runtime of the test.
pub struct Socks {
    url: String,
    asked: UnboundedReceiver<(String, u16)>,
}

impl Socks {
    /// Starts a proxy on a free port, which connects to `port`.
    ///
    /// # Panics
    ///
    /// Panics if it cannot listen on a port.
    pub async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("socks5h://{}", listener.local_addr().expect("a bound address"));
        let (sender, asked) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let sender = sender.clone();
                tokio::spawn(async move {
                    sender.send(greet(&mut client).await?).ok();
                    copy_bidirectional(&mut client, &mut TcpStream::connect(("127.0.0.1", port)).await?).await
                });
            }
        });
        Self { url, asked }
    }

    /// Returns the proxy's URL for clients, which leave name resolution to the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the name and port that the next client requests.
    ///
    /// # Panics
    ///
    /// Panics if the proxy has stopped.
    pub async fn asked(&mut self) -> (String, u16) {
        self.asked.recv().await.expect("the proxy runs")
    }
}

/// Accepts a client without a password, and reads the host name and port that it requests.
async fn greet(client: &mut TcpStream) -> io::Result<(String, u16)> {
    let [_version, methods] = array(client).await?;
    client.read_exact(&mut vec![0; methods.into()]).await?;
    client.write_all(&[5, 0]).await?;
    let [_version, _connect, _reserved, kind, length] = array(client).await?;
    if kind != 3 {
        return Err(io::Error::other("the client has looked for the name itself"));
    }
    let mut name = vec![0; length.into()];
    client.read_exact(&mut name).await?;
    let port = u16::from_be_bytes(array(client).await?);
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    Ok((String::from_utf8_lossy(&name).into_owned(), port))
}

async fn array<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}
