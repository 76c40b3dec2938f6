//! The cache: what is kept, for whom and for how long, in memory and in a Redis that goes wrong in every way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tryton_sandbox::{Endpoint, Redis, Sandbox, Seed, Series, Server};
use tryton_sdk::cache::{Cache, CacheFuture, MemoryCache};
use tryton_sdk::{Client, ClientBuilder, Context, Session};
use tryton_sdk_tests::fake::{Answer, Fake};
use tryton_sdk_tests::log;
use tryton_sdk_tests::proxy::Proxy;

const MINUTE: Duration = Duration::from_secs(60);

/// No call waits for Redis for more than 100 ms: whatever takes longer than this waits for good.
const HANGS: Duration = Duration::from_secs(5);

const OUT_OF_ORDER: &str = "the cache is out of order";
const BACK: &str = "the cache is back";

/// A real server, shared by all tests.
fn endpoint() -> &'static Endpoint {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let sandbox = || Sandbox::new(Series::V8_2).seed(Seed::Small);
    SERVER.get_or_init(|| sandbox().start().unwrap_or_else(|e| panic!("{e}"))).endpoint()
}

fn redis() -> Redis {
    Redis::start_own(&[]).unwrap_or_else(|e| panic!("{e}"))
}

/// With a Redis that answers, however busy the machine is.
fn sharing(redis: &Redis) -> impl Fn(ClientBuilder) -> ClientBuilder + use<> {
    let url = redis.url().to_owned();
    move |builder| builder.redis(url.as_str()).redis_timeout(MINUTE)
}

/// A client as one process would have it, logged in.
async fn client(proxy: &Proxy, user: &str, with: impl Fn(ClientBuilder) -> ClientBuilder) -> Client {
    let at = endpoint();
    let builder = Client::builder(proxy.url(), &at.database).credentials(user, at.password.as_str());
    let tryton = with(builder).build().expect("the settings are right");
    tryton.login().await.expect("login");
    tryton
}

/// How many requests the work makes.
async fn requests<T>(proxy: &Proxy, work: impl Future<Output = T>) -> usize {
    let before = proxy.requests();
    work.await;
    proxy.requests() - before
}

/// What the server declares cacheable.
async fn fields(tryton: &Client) -> Value {
    tryton.call("model.party.party.fields_get", [["name", "lang"]]).await.expect("fields")
}

const COUNT: &str = "model.party.party.search_count";

async fn count(tryton: &Client, ttl: Duration) -> u64 {
    tryton.cached_call(COUNT, [json!([])], ttl).await.expect("a number")
}

/// A server that answers at once and always the same, and a client of it.
async fn faked(result: &str, with: impl Fn(ClientBuilder) -> ClientBuilder) -> (Fake, Client) {
    let fake = Fake::start([Answer::result(r#""7.0.1""#), Answer::result(result)]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = with(Client::builder(fake.url(), "erp").session(session)).build().expect("the settings are right");
    tryton.series().await.expect("series");
    (fake, tryton)
}

/// Ten calls that could be answered by a cache, and what is logged of them. None may hang, and none may fail.
async fn ten_calls(tryton: &Client) -> String {
    let calls = async {
        for _ in 0..10 {
            assert_eq!(count(tryton, MINUTE).await, 7);
        }
    };
    let (log, outcome) = log::record(tokio::time::timeout(HANGS, calls)).await;
    outcome.expect("no call waits for Redis");
    log
}

#[tokio::test]
async fn two_processes_share_their_answers() {
    let redis = redis();
    let proxy = Proxy::start(&endpoint().url).await;
    let [one, other] = [client(&proxy, "admin", sharing(&redis)).await, client(&proxy, "admin", sharing(&redis)).await];
    let first = fields(&one).await;
    assert_eq!(requests(&proxy, async { assert_eq!(fields(&other).await, first) }).await, 0);
    assert_eq!(requests(&proxy, count(&other, MINUTE)).await, 1);
    assert_eq!(requests(&proxy, count(&one, MINUTE)).await, 0);

    let french = other.with(Context::new().language("fr"));
    assert_eq!(requests(&proxy, fields(&french)).await, 1, "another context");
    assert_eq!(requests(&proxy, count(&other, Duration::ZERO)).await, 1, "no answer is so young");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(requests(&proxy, count(&other, Duration::from_millis(10))).await, 1, "the entry is older");

    let user = json!({"name": "Ada", "login": "ada", "password": endpoint().password});
    let _: Value = one.call("model.res.user.create", [json!([user])]).await.expect("a user");
    let ada = client(&proxy, "ada", sharing(&redis)).await;
    assert_eq!(requests(&proxy, fields(&ada)).await, 1, "another user");

    let off = client(&proxy, "admin", |builder| sharing(&redis)(builder).cache(false)).await;
    assert_eq!(requests(&proxy, join_all([fields(&off), fields(&off)])).await, 2, "nothing is looked up or shared");
}

#[tokio::test]
async fn a_hundred_tasks_make_one_request() {
    let redis = redis();
    let proxy = Proxy::start(&endpoint().url).await;
    let in_redis = client(&proxy, "admin", sharing(&redis)).await;
    let in_memory = client(&proxy, "admin", |builder| builder).await;
    for tryton in [in_redis, in_memory] {
        let tasks = (0..100).map(|_| {
            let tryton = tryton.clone();
            tokio::spawn(async move { (fields(&tryton).await, count(&tryton, MINUTE).await) })
        });
        assert_eq!(requests(&proxy, join_all(tasks)).await, 2);
        assert_eq!(requests(&proxy, async { (fields(&tryton).await, count(&tryton, MINUTE).await) }).await, 0);
        // Others may write between two plain calls, even if they are made at the same time.
        let plain = || tryton.call::<u64>(COUNT, [json!([])]);
        assert_eq!(requests(&proxy, join_all([plain(), plain()])).await, 2);
    }
}

#[tokio::test]
async fn what_is_invalidated_is_asked_for_again() {
    let redis = redis();
    let proxy = Proxy::start(&endpoint().url).await;
    let memory = Arc::new(MemoryCache::default());
    let with: [&dyn Fn(ClientBuilder) -> ClientBuilder; 2] =
        [&sharing(&redis), &|builder| builder.cache_in(memory.clone())];
    for with in with {
        let [one, other] = [client(&proxy, "admin", with).await, client(&proxy, "admin", with).await];
        let [french, addresses] = [one.with(Context::new().language("fr")), one.clone()];
        let all = async || {
            fields(&other).await;
            count(&other, MINUTE).await;
            fields(&french).await;
            let _: u64 =
                addresses.cached_call("model.party.address.search_count", [json!([])], MINUTE).await.expect("a number");
        };
        assert_eq!(requests(&proxy, all()).await, 4);
        assert_eq!(requests(&proxy, all()).await, 0);
        one.invalidate("model.party.party.fields_get", [["name", "lang"]]).await.expect("forgotten");
        assert_eq!(requests(&proxy, all()).await, 1, "the call in its context");
        one.invalidate(COUNT, [json!([])]).await.expect("forgotten");
        assert_eq!(requests(&proxy, all()).await, 1, "what a caller has kept, too");
        one.invalidate_model("party.party").await.expect("forgotten");
        assert_eq!(requests(&proxy, all()).await, 3, "the model in all contexts");
        one.invalidate_all().await.expect("forgotten");
        assert_eq!(requests(&proxy, all()).await, 4, "everything");
    }
}

#[tokio::test]
async fn a_redis_that_is_killed_is_missed_by_nobody_and_used_again() {
    let mut redis = redis();
    let (fake, tryton) = faked("7", sharing(&redis)).await;
    let (log, ()) = log::record(async {
        assert_eq!(count(&tryton, MINUTE).await, 7);
        assert_eq!(count(&tryton, MINUTE).await, 7);
        assert_eq!(fake.requests().len(), 2, "the version and one call");
        redis.kill();
        for calls in 1..=10 {
            tokio::time::timeout(HANGS, count(&tryton, MINUTE)).await.expect("no call waits for Redis");
            assert_eq!(fake.requests().len(), 2 + calls, "it is asked again each time");
        }
        let error = tryton.invalidate_all().await.expect_err("Redis is gone");
        assert!(error.is_cache_unavailable() && error.is_retryable(), "{error}");
        redis.restart().unwrap_or_else(|e| panic!("{e}"));
        let is_used_again = async {
            loop {
                tokio::time::sleep(Duration::from_millis(100)).await;
                count(&tryton, MINUTE).await;
                let before = fake.requests().len();
                count(&tryton, MINUTE).await;
                if fake.requests().len() == before {
                    return;
                }
            }
        };
        tokio::time::timeout(MINUTE, is_used_again).await.expect("it is used again");
        tryton.invalidate_all().await.expect("Redis is back");
    })
    .await;
    assert_eq!((log.matches(OUT_OF_ORDER).count(), log.matches(BACK).count()), (1, 1), "{log}");
}

#[tokio::test]
async fn a_connection_that_is_lost_is_no_outage() {
    let mut redis = redis();
    let (fake, tryton) = faked("7", sharing(&redis)).await;
    let (log, ()) = log::record(async {
        count(&tryton, MINUTE).await;
        redis.kill();
        redis.restart().unwrap_or_else(|e| panic!("{e}"));
        count(&tryton, MINUTE).await;
        count(&tryton, MINUTE).await;
        assert_eq!(fake.requests().len(), 3, "the version, and a call for each life of Redis");
    })
    .await;
    assert!(!log.contains(OUT_OF_ORDER), "{log}");
}

#[tokio::test]
async fn a_redis_that_is_not_there_costs_nothing() {
    let mut redis = redis();
    redis.kill();
    let (_fake, tryton) = faked("7", sharing(&redis)).await;
    let log = ten_calls(&tryton).await;
    assert_eq!(log.matches(OUT_OF_ORDER).count(), 1, "{log}");
    assert!(log.contains("it refuses connections"), "{log}");
}

#[tokio::test]
async fn a_redis_that_is_full_is_left_alone() {
    let redis = Redis::start_own(&["--maxmemory", "1kb"]).unwrap_or_else(|e| panic!("{e}"));
    let (_fake, tryton) = faked("7", sharing(&redis)).await;
    let log = ten_calls(&tryton).await;
    assert_eq!(log.matches(OUT_OF_ORDER).count(), 1, "{log}");
    assert!(log.contains("it says OOM"), "{log}");
}

/// A Redis of the right form that answers `GET` with these bytes after this time, and everything else with `OK`.
async fn false_redis(answer: &'static [u8], after: Duration) -> String {
    async fn serve(stream: TcpStream, answer: &[u8], after: Duration) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut words = Vec::new();
            let mut line = String::new();
            stream.read_line(&mut line).await?;
            let Some(count) = line.strip_prefix('*').and_then(|count| count.trim().parse().ok()) else { return Ok(()) };
            for _ in 0..count {
                line.clear();
                stream.read_line(&mut line).await?;
                let length: usize = line.trim_start_matches('$').trim().parse().expect("a length");
                let mut word = vec![0; length + 2];
                stream.read_exact(&mut word).await?;
                words.push(word);
            }
            match &words[0][..] {
                b"GET\r\n" => {
                    tokio::time::sleep(after).await;
                    stream.write_all(answer).await?;
                }
                _ => stream.write_all(b"+OK\r\n").await?,
            }
        }
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("redis://{}", listener.local_addr().expect("a bound address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, answer, after));
        }
    });
    url
}

#[tokio::test]
async fn a_redis_that_is_slow_holds_nobody_up() {
    let url = false_redis(b"$-1\r\n", MINUTE).await;
    let (_fake, tryton) = faked("7", |builder| builder.redis(url.as_str())).await;
    let log = ten_calls(&tryton).await;
    assert_eq!(log.matches(OUT_OF_ORDER).count(), 1, "{log}");
    assert!(log.contains("it does not answer in time"), "{log}");
}

#[tokio::test]
async fn a_redis_that_never_says_anything_holds_nobody_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("redis://{}", listener.local_addr().expect("a bound address"));
    let (_fake, tryton) = faked("7", |builder| builder.redis(url.as_str())).await;
    let log = ten_calls(&tryton).await;
    assert_eq!(log.matches(OUT_OF_ORDER).count(), 1, "{log}");
}

#[tokio::test]
async fn garbage_is_no_answer() {
    let garbage: [&'static [u8]; 8] = [
        b"\x00\xff\xfegarbage\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"$99999999999999999999\r\n",
        b"*-7\r\n",
        b"*2\r\n$1\r\na\r\n$1\r\nb\r\n",
        b"-s3cret is wrong\r\n",
        b"$3\r\nabc\r\n",
        b":5\r\n",
    ];
    for answer in garbage {
        let url = false_redis(answer, Duration::ZERO).await.replace("://", "://:s3cret@");
        let (fake, tryton) = faked("7", |builder| builder.redis(url.as_str())).await;
        let log = ten_calls(&tryton).await;
        assert_eq!(fake.requests().len(), 11, "the version and ten calls");
        assert!(log.matches(OUT_OF_ORDER).count() <= 1, "{log}");
        assert!(!log.contains("s3cret"), "{log}");
    }
}

#[tokio::test]
async fn the_password_of_redis_is_used_and_never_shown() {
    let redis = Redis::start_own(&["--requirepass", "s3cret"]).unwrap_or_else(|e| panic!("{e}"));
    for (password, calls, warnings) in [("s3cret", 1, 0), ("S3CRET", 10, 1)] {
        let url = redis.url().replace("://", &format!("://:{password}@"));
        let builder = Client::builder("http://localhost", "erp").redis(url.as_str());
        assert!(!format!("{builder:?}").contains(password));
        let (fake, tryton) = faked("7", |builder| builder.redis(url.as_str()).redis_timeout(MINUTE)).await;
        assert!(!format!("{tryton:?}").contains(password));
        let log = ten_calls(&tryton).await;
        assert_eq!(fake.requests().len(), 1 + calls, "{log}");
        assert_eq!(log.matches(OUT_OF_ORDER).count(), warnings, "{log}");
        assert!(!log.contains(password), "{log}");
    }
}

#[tokio::test]
async fn null_is_an_answer_and_an_error_is_none() {
    let redis = redis();
    let with: [&dyn Fn(ClientBuilder) -> ClientBuilder; 2] = [&|builder| builder, &sharing(&redis)];
    for with in with {
        let (fake, tryton) = faked("null", with).await;
        for _ in 0..2 {
            let none: Option<u64> = tryton.cached_call(COUNT, [json!([])], MINUTE).await.expect("null");
            assert_eq!(none, None);
        }
        assert_eq!(fake.requests().len(), 2, "the version and one call");

        let error = Answer::error(r#"["UserError",["No.",""]]"#);
        let fake = Fake::start([Answer::result(r#""7.0.1""#), error, Answer::result("7")]).await;
        let session = Session::new("admin", 1, "0123456789abcdef");
        let tryton = with(Client::builder(fake.url(), "erp").session(session)).build().expect("built");
        let refused = tryton.cached_call::<u64>(COUNT, [json!([])], MINUTE).await.expect_err("an error");
        assert!(refused.is_user_error(), "{refused}");
        assert_eq!(count(&tryton, MINUTE).await, 7);
    }
}

/// A cache that gives back something else than it was given.
#[derive(Debug, Default)]
struct Broken {
    inner: MemoryCache,
    hits: AtomicUsize,
}

impl Cache for Broken {
    fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>> {
        Box::pin(async move {
            let mut entry = self.inner.get(key).await?.to_vec();
            *entry.last_mut()? ^= 1;
            self.hits.fetch_add(1, Ordering::SeqCst);
            Some(entry.into())
        })
    }

    fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()> {
        self.inner.insert(key, entry, ttl)
    }

    fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool> {
        self.inner.remove(key)
    }

    fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool> {
        self.inner.remove_all(prefix)
    }
}

#[tokio::test]
async fn a_broken_entry_is_a_miss() {
    let broken = Arc::new(Broken::default());
    let (fake, tryton) = faked("7", |builder| builder.cache_in(broken.clone())).await;
    for _ in 0..3 {
        assert_eq!(count(&tryton, MINUTE).await, 7);
    }
    assert_eq!((fake.requests().len(), broken.hits.load(Ordering::SeqCst)), (4, 2));
}

const DEFAULTS: &str = "model.party.configuration.default_get";

async fn defaults(tryton: &Client) -> Value {
    tryton.call(DEFAULTS, (["party_lang"], false)).await.expect("defaults")
}

#[tokio::test]
async fn defaults_are_shared_only_where_the_server_lets_them_be_kept() {
    // A singleton's defaults are what is stored.
    let (fake, tryton) = faked("{}", |builder| builder).await;
    for calls in [2, 4] {
        join_all([defaults(&tryton), defaults(&tryton)]).await;
        assert_eq!(fake.requests().len(), 1 + calls, "the version, and each call");
    }
    let proxy = Proxy::start(&endpoint().url).await;
    let tryton = client(&proxy, "admin", |builder| builder).await;
    assert_eq!(requests(&proxy, join_all([defaults(&tryton), defaults(&tryton)])).await, 2, "a singleton");
    let of_any = async || -> Value {
        tryton.call("model.party.party.default_get", (["active", "addresses"], false)).await.expect("defaults")
    };
    assert_eq!(requests(&proxy, of_any()).await, 1);
    assert_eq!(requests(&proxy, join_all([of_any(), of_any()])).await, 0);
}

#[tokio::test]
async fn what_is_under_way_while_it_is_invalidated_is_not_kept() {
    let declared = Answer::Http(200, br#"{"id":"1","result":{}}"#.to_vec(), "X-Tryton-Cache: 300\r\n");
    let fake = Fake::start([Answer::result(r#""7.0.1""#), declared]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session).build().expect("built");
    // Nobody knows of the first call yet that it is cacheable, everybody of the second.
    for calls in [0, 2] {
        let mut early = Box::pin(defaults(&tryton));
        assert!((&mut early).now_or_never().is_none());
        tryton.invalidate(DEFAULTS, (["party_lang"], false)).await.expect("forgotten");
        early.await;
        defaults(&tryton).await;
        defaults(&tryton).await;
        assert_eq!(fake.requests().len(), 1 + calls + 2, "the version, the early call, and another");
        tryton.invalidate_all().await.expect("forgotten");
    }
}

#[tokio::test]
async fn what_tryton_itself_declares_cacheable_is_kept_where_it_is_known_to_read() {
    let proxy = Proxy::start(&endpoint().url).await;
    let tryton = client(&proxy, "admin", |builder| builder).await;
    let first = async |model: &str| {
        let ids: Vec<i64> = tryton.call(&format!("model.{model}.search"), (json!([]), 0, 1)).await.expect("ids");
        ids[0]
    };
    for (method, params) in [
        ("model.ir.action.keyword.get_keyword", json!(["form_print", ["party.party", -1]])),
        ("model.ir.action.get_action_value", json!([first("ir.action").await])),
        ("model.ir.ui.view.view_get", json!([first("ir.ui.view").await])),
        ("model.currency.currency.get_digits", json!([first("currency.currency").await])),
        ("model.currency.currency.get_symbol", json!([first("currency.currency").await, 1])),
        ("model.party.address.autocomplete_city", json!([{}])),
        ("model.party.address.autocomplete_postal_code", json!([{}])),
    ] {
        let call = async || -> Value { tryton.call(method, &params).await.unwrap_or_else(|e| panic!("{e}")) };
        assert_eq!(requests(&proxy, call()).await, 1, "{method}");
        assert_eq!(requests(&proxy, call()).await, 0, "{method}");
    }
}
