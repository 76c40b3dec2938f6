//! Redis in each of its forms: with TLS, with passwords, as a cluster, and behind Sentinels.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tryton_sandbox::{Redis, RedisCluster, RedisSentinel};
use tryton_sdk::{Client, ClientBuilder, Session};
use tryton_sdk_tests::fake::{Answer, Fake};
use tryton_sdk_tests::log;
use tryton_sdk_tests::tls::{Authority, Terminator};

const MINUTE: Duration = Duration::from_secs(60);

/// No call waits for Redis for more than 100 ms: whatever takes longer than this waits for good.
const HANGS: Duration = Duration::from_secs(5);

const OUT_OF_ORDER: &str = "the cache is out of order";
const BACK: &str = "the cache is back";

const COUNT: &str = "model.party.party.search_count";

/// A server that answers at once and always the same, and a client of it with a Redis.
async fn faked(redis: &str, with: impl Fn(ClientBuilder) -> ClientBuilder) -> (Fake, Client) {
    let fake = Fake::start([Answer::result(r#""7.0.1""#), Answer::result("7")]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let builder = Client::builder(fake.url(), "erp").session(session).redis(redis);
    let tryton = with(builder).build().expect("the settings are right");
    tryton.series().await.expect("series");
    (fake, tryton)
}

/// With a Redis that answers, however busy the machine is.
fn patient(builder: ClientBuilder) -> ClientBuilder {
    builder.redis_timeout(MINUTE)
}

async fn count(tryton: &Client, number: usize) -> u64 {
    tryton.cached_call(COUNT, [json!([["id", "=", number]])], MINUTE).await.expect("a number")
}

/// Waits until what is asked for twice makes one request. No call may hang meanwhile.
async fn until_used_again(fake: &Fake, tryton: &Client) {
    let is_used_again = async {
        for number in 1_000.. {
            tokio::time::timeout(HANGS, count(tryton, number)).await.expect("no call waits for Redis");
            let before = fake.requests().len();
            count(tryton, number).await;
            if fake.requests().len() == before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(MINUTE, is_used_again).await.expect("it is used again");
}

#[tokio::test]
async fn a_cluster_keeps_and_forgets_on_every_node() {
    let mut cluster = RedisCluster::start().unwrap_or_else(|e| panic!("{e}"));
    let (fake, tryton) = faked(&cluster.url(), patient).await;
    let (log, ()) = log::record(async {
        for _ in 0..2 {
            for number in 0..100 {
                assert_eq!(count(&tryton, number).await, 7);
            }
        }
        assert_eq!(fake.requests().len(), 101, "the version and each call once");
        let keys = cluster.keys();
        assert!(keys.iter().all(|keys| *keys > 10) && keys.iter().sum::<usize>() >= 100, "{keys:?}");
        tryton.invalidate(COUNT, [json!([["id", "=", 1]])]).await.expect("forgotten");
        count(&tryton, 1).await;
        assert_eq!(fake.requests().len(), 102, "what is forgotten is asked for again");
        tryton.invalidate_model("party.party").await.expect("forgotten");
        for number in 0..100 {
            count(&tryton, number).await;
        }
        assert_eq!(fake.requests().len(), 202, "all of them");
        tryton.invalidate_all().await.expect("forgotten");
        // The probes of the connection end by themselves.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(cluster.keys(), [0; 3]);
    })
    .await;
    assert!(!log.contains(OUT_OF_ORDER), "{log}");

    let impatient = |builder: ClientBuilder| builder.redis_timeout(Duration::from_secs(1));
    let (fake, tryton) = faked(&cluster.url(), impatient).await;
    let (log, ()) = log::record(async {
        count(&tryton, 0).await;
        cluster.kill_primary();
        for number in 0..20 {
            tokio::time::timeout(HANGS, count(&tryton, number)).await.expect("no call waits for Redis");
        }
        let error = tryton.invalidate_all().await.expect_err("a third of the keys cannot be reached");
        assert!(error.is_cache_unavailable(), "{error}");
        until_used_again(&fake, &tryton).await;
        tryton.invalidate_all().await.expect("the replica has taken its place");
    })
    .await;
    let events = || log.lines().filter(|line| line.contains(OUT_OF_ORDER) || line.contains(BACK)).collect::<Vec<_>>();
    assert_eq!((log.matches(OUT_OF_ORDER).count(), log.matches(BACK).count()), (1, 1), "{:#?}", events());
}

#[tokio::test]
async fn the_primary_that_takes_over_is_used() {
    let mut sentinel = RedisSentinel::start().unwrap_or_else(|e| panic!("{e}"));
    let (fake, tryton) = faked(&sentinel.url(), patient).await;
    assert!(!format!("{tryton:?}").contains("s3cret"));
    let (log, ()) = log::record(async {
        for _ in 0..2 {
            assert_eq!(count(&tryton, 1).await, 7);
        }
        assert_eq!(fake.requests().len(), 2, "the version and one call");
        sentinel.kill_primary();
        for number in 2..10 {
            tokio::time::timeout(HANGS, count(&tryton, number)).await.expect("no call waits for Redis");
        }
        assert_eq!(fake.requests().len(), 10, "it is asked again each time");
        until_used_again(&fake, &tryton).await;
        tryton.invalidate_all().await.expect("the replica has taken its place");
    })
    .await;
    assert_eq!((log.matches(OUT_OF_ORDER).count(), log.matches(BACK).count()), (1, 1), "{log}");
    assert!(!log.contains("s3cret"), "{log}");

    let unknown = sentinel.url().replace("/main", "/other");
    let (_fake, tryton) = faked(&unknown, patient).await;
    let (log, _) = log::record(count(&tryton, 1)).await;
    assert!(log.contains(OUT_OF_ORDER) && log.contains("no primary of this name"), "{log}");
}

#[tokio::test]
async fn tls_is_used_with_the_authorities_and_the_certificate_of_the_client() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("redis-tls");
    let (ours, theirs) = (Authority::new(&folder.join("ours")), Authority::new(&folder.join("theirs")));
    let redis = Redis::start_own(&["--requirepass", "s3cret"]).unwrap_or_else(|e| panic!("{e}"));
    let client = ours.issue("client");
    let tls = Terminator::start(redis.url(), &ours.issue("localhost"), Some(&ours)).await;
    let url = format!("rediss://default:s3cret@localhost:{}", tls.port());
    let trusting = |authority: &Authority| {
        let file = authority.file();
        let client = (client.certificate_file.clone(), client.key_file.clone());
        move |builder| patient(builder).ca_file(file.clone()).client_certificate(client.0.clone(), client.1.clone())
    };
    let calls = async |number, with: &dyn Fn(ClientBuilder) -> ClientBuilder| {
        let (fake, tryton) = faked(&url, with).await;
        let (log, ()) = log::record(async {
            for _ in 0..2 {
                assert_eq!(count(&tryton, number).await, 7);
            }
        })
        .await;
        assert!(!log.contains("s3cret"), "{log}");
        (fake.requests().len() - 1, log)
    };
    let (requests, log) = calls(1, &trusting(&ours)).await;
    assert_eq!(requests, 1, "{log}");
    let sent = tls.bytes();
    let (requests, log) = calls(2, &trusting(&theirs)).await;
    assert_eq!((requests, tls.bytes()), (2, sent), "{log}");
    assert!(log.contains("its certificate is not trusted"), "{log}");
    let file = ours.file();
    let (requests, _) = calls(3, &|builder| patient(builder).ca_file(file.clone())).await;
    assert_eq!((requests, tls.bytes()), (2, sent), "without a certificate of the client");
}

#[tokio::test]
async fn a_user_of_its_own_needs_no_more_than_its_keys() {
    let acl = ["--user", "shop", "on", ">s3cret", "~tryton:*", "+get", "+set", "+unlink", "+scan"];
    let redis = Redis::start_own(&acl).unwrap_or_else(|e| panic!("{e}"));
    let url = redis.url().replace("://", "://shop:s3cret@");
    let (fake, tryton) = faked(&url, patient).await;
    let (log, ()) = log::record(async {
        for _ in 0..2 {
            assert_eq!(count(&tryton, 1).await, 7);
        }
        tryton.invalidate_all().await.expect("forgotten");
    })
    .await;
    assert_eq!(fake.requests().len(), 2, "{log}");
}
