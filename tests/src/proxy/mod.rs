//! A proxy between a client and a real server that counts requests, and fails as configured.

mod fault;
mod message;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

pub use fault::{Fault, Faults};
use message::Message;

/// A running proxy. It stops with the runtime of the test.
///
/// It forwards each response unchanged once it is complete. A client's connection stays open for as long as the server's
/// responses allow; each request to the server has a new connection.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    upstream: String,
    connections: AtomicUsize,
    requests: AtomicUsize,
    logins: AtomicUsize,
    of_forms: AtomicUsize,
    failures: AtomicUsize,
    faults: Mutex<Faults>,
}

impl Proxy {
    /// Starts a proxy on a free port in front of the server at `upstream`.
    ///
    /// # Panics
    ///
    /// Panics if it cannot listen on a port.
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound address"));
        let state = Arc::new(State {
            upstream: upstream.trim_start_matches("http://").trim_end_matches('/').to_owned(),
            connections: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            logins: AtomicUsize::new(0),
            of_forms: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
            faults: Mutex::new(Faults::none()),
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(Arc::clone(&serving).serve(client));
            }
        });
        Self { url, state }
    }

    /// Returns the URL at which clients reach the server through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sets how requests fail from now on.
    pub fn faults(&self, faults: Faults) {
        *self.state.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Returns the number of connections that clients have opened.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Returns the number of requests, including logins and those to detect the server.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::SeqCst)
    }

    /// Returns the number of login requests.
    pub fn logins(&self) -> usize {
        self.state.logins.load(Ordering::SeqCst)
    }

    /// Returns the number of requests with which forms compute and save: defaults, `on_change`, `on_change_with`,
    /// `create` and `write`.
    pub fn requests_of_forms(&self) -> usize {
        self.state.of_forms.load(Ordering::SeqCst)
    }

    /// Returns the number of requests that the proxy made fail.
    pub fn failures(&self) -> usize {
        self.state.failures.load(Ordering::SeqCst)
    }
}

impl State {
    /// Serves the requests of one connection, one after the other.
    async fn serve(self: Arc<Self>, client: TcpStream) -> io::Result<()> {
        let mut client = BufReader::new(client);
        while let Some(request) = Message::read(&mut client).await? {
            self.requests.fetch_add(1, Ordering::SeqCst);
            if request.contains("\"common.db.login\"") {
                self.logins.fetch_add(1, Ordering::SeqCst);
            }
            if request.method().is_some_and(|method| is_of_a_form(&method)) {
                self.of_forms.fetch_add(1, Ordering::SeqCst);
            }
            let fault = self.faults.lock().unwrap_or_else(PoisonError::into_inner).next(&request);
            self.failures.fetch_add(usize::from(fault.is_some()), Ordering::SeqCst);
            let goes_on = match fault {
                None => pass(&mut client, self.ask(&request).await?).await?,
                Some(fault) => self.fail(fault, &mut client, &request).await?,
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    async fn ask(&self, request: &Message) -> io::Result<Message> {
        let mut server = TcpStream::connect(&self.upstream).await?;
        server.write_all(&request.bytes()).await?;
        Message::read(&mut BufReader::new(server)).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Makes a request fail, and returns whether the connection stays open.
    async fn fail(&self, fault: Fault, client: &mut BufReader<TcpStream>, request: &Message) -> io::Result<bool> {
        match fault {
            Fault::Delay(time) => {
                sleep(time).await;
                pass(client, self.ask(request).await?).await
            }
            Fault::ResetBefore => reset(client),
            Fault::ResetAfter => {
                self.ask(request).await?;
                reset(client)
            }
            Fault::Truncated => {
                let half = self.ask(request).await?.half();
                client.write_all(&half).await?;
                Ok(false)
            }
            Fault::Stalled => {
                let half = self.ask(request).await?.half();
                client.write_all(&half).await?;
                sleep(Duration::from_secs(600)).await;
                Ok(false)
            }
            Fault::WrongLength(difference) => {
                let answer = self.ask(request).await?;
                let length = answer.body().len().saturating_add_signed(difference);
                client.write_all(&answer.with_length(length).bytes()).await?;
                Ok(false)
            }
            Fault::Status(status, header) => pass(client, Message::page(&format!("{status} No"), header)).await,
            Fault::StatusAfter(status) => {
                self.ask(request).await?;
                pass(client, Message::page(&format!("{status} No"), "")).await
            }
            Fault::Page => pass(client, Message::page("200 OK", "")).await,
            Fault::FalseGzip => {
                let answer = self.ask(request).await?;
                pass(client, answer.with_header("Content-Encoding: gzip")).await
            }
            Fault::ClosedAfter => {
                let answer = self.ask(request).await?;
                pass(client, answer).await?;
                Ok(false)
            }
        }
    }
}

fn is_of_a_form(method: &str) -> bool {
    let function = method.rsplit('.').next().unwrap_or_default();
    function.starts_with("on_change") || ["default_get", "create", "write"].contains(&function)
}

/// Sends a response to the client, and returns whether the connection stays open.
async fn pass(client: &mut BufReader<TcpStream>, answer: Message) -> io::Result<bool> {
    client.write_all(&answer.bytes()).await?;
    Ok(answer.lets_connection_go_on())
}

/// Resets the connection, like a machine that has lost it.
fn reset(client: &mut BufReader<TcpStream>) -> io::Result<bool> {
    client.get_mut().set_zero_linger()?;
    Ok(false)
}
