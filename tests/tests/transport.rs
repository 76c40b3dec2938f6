//! The way to a real server: TLS with certificates and pins, proxies, and servers that send clients elsewhere.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use data_encoding::BASE64;
use futures_util::FutureExt;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tryton_sandbox::{Endpoint, Sandbox, Seed, Series, Server};
use tryton_sdk::{Client, ClientBuilder, Error};
use tryton_sdk_tests::fake::{Answer, Fake};
use tryton_sdk_tests::log;
use tryton_sdk_tests::socks::Socks;
use tryton_sdk_tests::tls::{Authority, Identity, Terminator};

/// A real server, shared by all tests. It speaks plain HTTP.
fn endpoint() -> &'static Endpoint {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let sandbox = || Sandbox::new(Series::V8_2).seed(Seed::Small);
    SERVER.get_or_init(|| sandbox().start().unwrap_or_else(|e| panic!("{e}"))).endpoint()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("transport").join(name)
}

fn to(tls: &Terminator) -> ClientBuilder {
    let at = endpoint();
    Client::builder(&format!("https://localhost:{}", tls.port()), &at.database)
        .credentials(&at.user, at.password.as_str())
        .retries(0)
}

/// A call that needs a session.
async fn read(builder: ClientBuilder) -> Result<Value, Error> {
    builder.build().expect("the settings are right").call("model.res.user.read", ([1], ["login"])).await
}

fn pin(identity: &Identity) -> String {
    format!("sha256//{}", BASE64.encode(&Sha256::digest(identity.public_key())))
}

#[tokio::test]
async fn only_a_server_that_is_trusted_hears_a_byte() {
    let (ours, theirs) = (Authority::new(&folder("ours")), Authority::new(&folder("theirs")));
    let (server, elsewhere) = (ours.issue("localhost"), ours.issue("erp.example.com"));
    let tls = Terminator::start(&endpoint().url, &server, None).await;
    for builder in [to(&tls), to(&tls).ca_file(theirs.file())] {
        let error = read(builder).await.expect_err("who is that?");
        assert!(error.is_untrusted() && !error.is_retryable() && !error.is_unreachable(), "{error}");
        assert!(error.to_string().contains("TRYTON_CA_FILE"), "{error}");
    }
    let wrong = read(to(&tls).ca_file(ours.file()).pin(&pin(&elsewhere))).await.expect_err("another key");
    assert!(wrong.is_untrusted() && wrong.to_string().contains(&pin(&server)), "{wrong}");
    let pinned = read(to(&tls).pin(&pin(&server))).await.expect_err("a pin is no trust");
    assert!(pinned.is_untrusted(), "{pinned}");
    assert_eq!(tls.bytes(), 0, "nothing was sent");

    read(to(&tls).ca_file(ours.file())).await.expect("trusted");
    let both = to(&tls).ca_file(ours.file()).pin(&pin(&elsewhere)).pin(&pin(&server));
    read(both).await.expect("one of the two keys");

    let misnamed = Terminator::start(&endpoint().url, &elsewhere, None).await;
    let error = read(to(&misnamed).ca_file(ours.file())).await.expect_err("another host");
    assert!(error.is_untrusted() && error.to_string().contains("erp.example.com"), "{error}");
    assert_eq!(misnamed.bytes(), 0, "nothing was sent");
}

#[tokio::test]
async fn a_certificate_that_was_made_plainly_is_trusted_where_it_is_named_itself() {
    let [server, other, elsewhere] =
        [("server", "localhost"), ("other", "localhost"), ("elsewhere", "erp.example.com")]
            .map(|(of, name)| Identity::of_itself(&folder("plain").join(of), name));
    let tls = Terminator::start(&endpoint().url, &server, None).await;
    read(to(&tls).ca_file(&server.certificate_file)).await.expect("trusted");
    read(to(&tls).ca_file(&server.certificate_file).pin(&pin(&server))).await.expect("pinned");
    for builder in [to(&tls), to(&tls).ca_file(&other.certificate_file)] {
        let error = read(builder).await.expect_err("it is not named");
        assert!(error.is_untrusted() && error.to_string().contains("openssl req -x509"), "{error}");
    }
    let pinned = to(&tls).ca_file(&server.certificate_file).pin(&pin(&other));
    assert!(read(pinned).await.expect_err("another key").is_untrusted());

    let misnamed = Terminator::start(&endpoint().url, &elsewhere, None).await;
    let error = read(to(&misnamed).ca_file(&elsewhere.certificate_file)).await.expect_err("another host");
    assert!(error.is_untrusted() && error.to_string().contains("erp.example.com"), "{error}");
    assert_eq!(misnamed.bytes(), 0, "nothing was sent");
}

#[tokio::test]
async fn a_server_may_ask_who_the_client_is() {
    let authority = Authority::new(&folder("clients"));
    let (server, client) = (authority.issue("localhost"), authority.issue("client"));
    let tls = Terminator::start(&endpoint().url, &server, Some(&authority)).await;
    let builder = || to(&tls).ca_file(authority.file());
    read(builder()).await.expect_err("it has not said who it is");
    assert_eq!(tls.bytes(), 0, "the server has heard nothing of it");
    read(builder().client_certificate(&client.certificate_file, &client.key_file)).await.expect("it is known");

    let mixed = builder().client_certificate(&client.certificate_file, &server.key_file).build();
    let error = mixed.expect_err("the key of another certificate");
    assert!(error.is_configuration() && error.to_string().contains("TRYTON_CLIENT_KEY"), "{error}");
    let error = builder().ca_file(&client.key_file).build().expect_err("no certificate");
    assert!(error.is_configuration() && error.to_string().contains("TRYTON_CA_FILE"), "{error}");
}

#[tokio::test]
async fn a_redirection_is_told_and_not_followed() {
    let there = Fake::start([Answer::result("7")]).await;
    let location = format!("Location: {}/erp/?session=s3cret#s3cret\r\n", there.url());
    let location: &'static str = location.leak();
    let here = Fake::start([Answer::Http(308, Vec::new(), location)]).await;
    let error = read(Client::builder(here.url(), "erp").credentials("admin", "pa55word")).await.expect_err("sent away");
    assert!(error.is_configuration() && !error.is_retryable(), "{error}");
    let wanted = format!("{}/erp/,", there.url());
    assert!(error.to_string().contains(&wanted) && !error.to_string().contains("s3cret"), "{error}");
    assert_eq!((here.requests().len(), there.requests().len()), (2, 0), "it is asked at `/` and at `/rpc/`");
}

/// A proxy that takes every host for one port of this machine, and tells the lines that it was asked with.
async fn proxy(port: u16) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound address"));
    let (sender, asked) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut client = BufReader::new(client);
                let mut line = String::new();
                client.read_line(&mut line).await?;
                sender.send(line.clone()).ok();
                while line.trim() != "" {
                    line.clear();
                    client.read_line(&mut line).await?;
                }
                client.write_all(b"HTTP/1.1 200 Established\r\n\r\n").await?;
                copy_bidirectional(&mut client, &mut TcpStream::connect(("127.0.0.1", port)).await?).await
            });
        }
    });
    (url, asked)
}

/// Named in the environment, the server is called; the next test runs this one in environments of its own.
#[tokio::test]
async fn a_client_is_what_the_environment_says() {
    match Client::from_env() {
        Ok(tryton) => drop(tryton.ping().await.unwrap_or_else(|e| panic!("{e}"))),
        Err(e) => assert!(e.to_string().contains("TRYTON_RPC_URL is not set"), "{e}"),
    }
}

#[tokio::test]
async fn a_proxy_is_used_where_the_environment_names_one() {
    const HOST: &str = "erp.test.invalid";
    let authority = Authority::new(&folder("proxied"));
    let (server, client) = (authority.issue(HOST), authority.issue("client"));
    let tls = Terminator::start(&endpoint().url, &server, Some(&authority)).await;
    let (proxy, mut asked) = proxy(tls.port()).await;
    let at = endpoint();
    let run = async |settings: &[(&str, &str)]| {
        let mut command = Command::new(std::env::current_exe().expect("a test has a path"));
        command.args(["--exact", "a_client_is_what_the_environment_says"]);
        command.envs(at.variables()).env("TRYTON_RPC_URL", format!("https://{HOST}")).env("TRYTON_RETRIES", "0");
        command
            .env("TRYTON_CA_FILE", authority.file())
            .env("TRYTON_PIN", format!("{}, {}", pin(&client), pin(&server)));
        command.env("TRYTON_CLIENT_CERT", &client.certificate_file).env("TRYTON_CLIENT_KEY", &client.key_file);
        command.env("HTTPS_PROXY", &proxy).env_remove("NO_PROXY").env_remove("no_proxy");
        let output = command.envs(settings.iter().copied()).stdin(Stdio::null()).output().await.expect("it runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (is_done, said) = run(&[]).await;
    assert!(is_done && said.contains("1 passed"), "{said}");
    let line = asked.recv().await.expect("the proxy was asked");
    assert!(line.starts_with(&format!("CONNECT {HOST}:443 ")), "{line}");
    while asked.try_recv().is_ok() {}
    for off in [("TRYTON_PROXY", "false"), ("NO_PROXY", HOST)] {
        let (is_done, said) = run(&[off]).await;
        assert!(!is_done && said.contains("cannot reach"), "{off:?}: {said}");
        asked.try_recv().expect_err("the proxy was not asked");
    }
}

#[tokio::test]
async fn plain_http_to_another_machine_is_warned_of_once() {
    let warnings = async |url: &str| {
        let (log, ()) = log::record(async {
            let tryton = Client::builder(url, "erp").credentials("admin", "pa55word").retries(0).build();
            drop(tryton.expect("the settings are right").clone());
        })
        .await;
        assert!(!log.contains("pa55word"), "{log}");
        log.matches("unencrypted").count()
    };
    assert_eq!(warnings("http://erp.test.invalid:8000").await, 1);
    assert_eq!(warnings("http://127.0.0.1:8000").await, 0);
    assert_eq!(warnings("https://erp.test.invalid").await, 0);
    let error = Client::builder("http://localhost", "erp").pin(&format!("sha256//{}=", "A".repeat(43))).build();
    assert!(error.expect_err("nothing to compare").to_string().contains("TRYTON_PIN"));
}

#[tokio::test]
async fn who_speaks_without_tls_where_it_is_wanted_is_told_so() {
    let at = endpoint();
    let client = |url: &str| Client::builder(url, &at.database).credentials("admin", "pa55word").retries(0);
    let error = client(&at.url.replace("http:", "https:")).build().expect("built").series().await;
    let error = error.expect_err("no TLS").to_string();
    assert!(error.contains("does its URL begin with http://?"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_is_of_no_use_is_named() {
    let run = async |proxy: &str| {
        let mut command = Command::new(std::env::current_exe().expect("a test has a path"));
        command.args(["--exact", "a_client_is_what_the_environment_says"]).envs(endpoint().variables());
        command.env("TRYTON_RPC_URL", "https://erp.test.invalid").env("TRYTON_RETRIES", "0");
        command.env_remove("HTTPS_PROXY").env_remove("NO_PROXY").env_remove("no_proxy").env("ALL_PROXY", proxy);
        let output = command.stdin(Stdio::null()).output().await.expect("it runs");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let down = run("http://user:s3cret@127.0.0.1:1").await;
    assert!(down.contains("by the proxy http://127.0.0.1:1, as the environment") && !down.contains("s3cret"), "{down}");
    let socks = run("socks5h://127.0.0.1:1").await;
    assert!(socks.contains("by the proxy socks5h://127.0.0.1:1, as the environment"), "{socks}");
}

#[tokio::test]
async fn a_socks_proxy_is_used_where_the_environment_names_one() {
    const HOST: &str = "erp.test.invalid";
    let authority = Authority::new(&folder("socks"));
    let tls = Terminator::start(&endpoint().url, &authority.issue(HOST), None).await;
    let mut socks = Socks::start(tls.port()).await;
    let mut command = Command::new(std::env::current_exe().expect("a test has a path"));
    command.args(["--exact", "a_client_is_what_the_environment_says"]).envs(endpoint().variables());
    command.env("TRYTON_RPC_URL", format!("https://{HOST}")).env("TRYTON_RETRIES", "0");
    command.env("TRYTON_CA_FILE", authority.file()).env("ALL_PROXY", socks.url());
    command.env_remove("HTTPS_PROXY").env_remove("NO_PROXY").env_remove("no_proxy");
    let output = command.stdin(Stdio::null()).output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(socks.asked().await, (HOST.to_owned(), 443), "the proxy looks for the name");
}

#[test]
fn a_client_in_a_static_serves_one_runtime_after_the_other_and_several_at_once() {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let tryton = CLIENT.get_or_init(|| endpoint().client().retries(0).build().expect("built"));
    let calls = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        for _ in 0..3 {
            runtime.block_on(tryton.call::<Value>("model.res.user.get_preferences", [true])).expect("an answer");
        }
    };
    calls();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..3).for_each(|_| calls()));
        }
    });
}

#[test]
fn a_runtime_that_lacks_something_is_an_error_and_no_panic() {
    let tryton = endpoint().client().build().expect("built");
    let say = |outcome: tryton_sdk::Result<Value>, why: &str| {
        let error = outcome.expect_err("it cannot be called");
        assert!(error.is_configuration() && error.to_string().contains(why), "{error}");
    };
    let call = || tryton.call::<Value>("model.res.user.get_preferences", [true]);
    let outcome = call().now_or_never().expect("nothing to wait for");
    say(outcome, "there is none here");
    tryton.login().now_or_never().expect("nothing to wait for").expect_err("no runtime");
    let none = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    say(none.block_on(call()), "this one has no timers");
    let timers = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    say(timers.block_on(call()), "this one has no I/O");
    let all = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    all.block_on(call()).expect("an answer");
}

#[tokio::test]
async fn headers_of_ones_own_go_with_each_request() {
    let fake =
        Fake::start([Answer::result(r#""7.0.1""#), Answer::result(r#"[1,"token"]"#), Answer::result("{}")]).await;
    let builder = Client::builder(fake.url(), "erp").credentials("admin", "pa55word");
    let builder = builder.header("X-Tenant", "north").secret_header("X-Gateway-Key", "s3cret");
    let (log, ()) = log::record(async {
        let tryton = builder.build().expect("built");
        let _: Value = tryton.call("model.res.user.get_preferences", [true]).await.expect("an answer");
        assert!(!format!("{tryton:?}").contains("s3cret"));
    })
    .await;
    assert!(!log.contains("s3cret"), "{log}");
    let requests = fake.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        let request = request.to_lowercase();
        assert!(request.contains("x-tenant: north\r\n") && request.contains("x-gateway-key: s3cret\r\n"), "{request}");
    }
}
