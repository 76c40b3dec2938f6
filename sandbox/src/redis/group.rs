//! Groups of Redis servers: a cluster, and a primary with a Sentinel.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Redis, WHAT, program};
use crate::http;
use crate::layout::Layout;
use crate::owned::Owned;
use crate::progress::Progress;
use crate::python;
use crate::run;
use crate::sandbox::SandboxError;
use crate::trytond;

/// The offset of a node's cluster bus port from its port.
const BUS: u16 = 10_000;

const SLOTS: u16 = 16_384;

/// The number of slots of each primary of a [`RedisCluster`]; the last has a few less.
const SHARE: u16 = SLOTS / 3 + 1;

/// A replica reports this once it is in sync with its primary.
const LINKED: &str = "master_link_status:up";

/// The password of the servers of a [`RedisSentinel`].
const PASSWORD: &str = "s3cret";

/// A Redis Cluster of three primaries and a replica of the last one. It stops when it is dropped.
///
/// ```no_run
/// let cluster = tryton_sandbox::RedisCluster::start()?;
/// println!("{}", cluster.url());
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Debug)]
pub struct RedisCluster {
    ports: [u16; 4],
    nodes: [Redis; 4],
}

impl RedisCluster {
    /// Starts the cluster and waits until all nodes report it as complete.
    ///
    /// ```no_run
    /// let cluster = tryton_sandbox::RedisCluster::start()?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    pub fn start() -> Result<Self, SandboxError> {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--repl-diskless-sync-delay", "0"];
        let ports = [port_with_bus()?, port_with_bus()?, port_with_bus()?, port_with_bus()?];
        let [one, two, three, replica] = ports.map(|port| Redis::start_at(port, &options));
        let mut cluster = Self { ports, nodes: [one?, two?, three?, replica?] };
        for (n, port) in (0..).zip(ports) {
            tell(port, &format!("CLUSTER SET-CONFIG-EPOCH {}", n + 1))?;
            let slots: Vec<_> = (n * SHARE..SLOTS.min((n + 1) * SHARE)).map(|slot| slot.to_string()).collect();
            if !slots.is_empty() {
                tell(port, &format!("CLUSTER ADDSLOTS {}", slots.join(" ")))?;
            }
            tell(port, &format!("CLUSTER MEET 127.0.0.1 {}", ports[0]))?;
        }
        cluster.wait_until("CLUSTER INFO", &["cluster_state:ok", "cluster_known_nodes:4"])?;
        let primary = tell(ports[2], "CLUSTER MYID")?;
        let id = primary.lines().nth(1).unwrap_or_default();
        tell(ports[3], &format!("CLUSTER REPLICATE {id}"))?;
        let is_linked = || http::tell_redis(ports[3], "INFO replication").is_ok_and(|info| info.contains(LINKED));
        cluster.nodes[3].wait_until(is_linked)?;
        Ok(cluster)
    }

    /// Waits until the answers of all nodes contain all the words.
    fn wait_until(&mut self, line: &str, words: &[&str]) -> Result<(), SandboxError> {
        for (node, port) in self.nodes.iter_mut().zip(self.ports) {
            let says_so = |answer: String| words.iter().all(|word| answer.contains(word));
            node.wait_until(|| http::tell_redis(port, line).is_ok_and(says_so))?;
        }
        Ok(())
    }

    /// Returns a URL that names the first two nodes.
    ///
    /// ```no_run
    /// println!("{}", tryton_sandbox::RedisCluster::start()?.url());
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", self.ports[0], self.ports[1])
    }

    /// Returns the number of keys on each primary.
    ///
    /// ```no_run
    /// let cluster = tryton_sandbox::RedisCluster::start()?;
    /// assert_eq!(cluster.keys(), [0, 0, 0]);
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if a primary does not answer.
    #[must_use]
    pub fn keys(&self) -> [usize; 3] {
        [0, 1, 2].map(|n| {
            let answer = tell(self.ports[n], "DBSIZE").expect("a node that runs");
            answer.trim_start_matches(':').lines().next().and_then(|size| size.parse().ok()).expect("a number")
        })
    }

    /// Kills the last primary; its replica takes over.
    ///
    /// ```no_run
    /// let mut cluster = tryton_sandbox::RedisCluster::start()?;
    /// cluster.kill_primary();
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    pub fn kill_primary(&mut self) {
        self.nodes[2].kill();
    }
}

/// A primary, its replica, and a Sentinel that promotes the replica when the primary fails.
///
/// ```no_run
/// let sentinel = tryton_sandbox::RedisSentinel::start()?;
/// println!("{}", sentinel.url());
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Debug)]
pub struct RedisSentinel {
    primary: Redis,
    _replica: Redis,
    _sentinel: Owned,
    port: u16,
}

impl RedisSentinel {
    /// Starts the servers and waits until the Sentinel knows both.
    ///
    /// ```no_run
    /// let sentinel = tryton_sandbox::RedisSentinel::start()?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    pub fn start() -> Result<Self, SandboxError> {
        let ports = [http::free_port()?, http::free_port()?];
        let password = ["--requirepass", PASSWORD, "--masterauth", PASSWORD, "--repl-diskless-sync-delay", "0"];
        let primary = Redis::start_at(ports[0], &password)?;
        let port = ports[0].to_string();
        let options = [&password[..], &["--replicaof", "127.0.0.1", &port]].concat();
        let mut replica = Redis::start_at(ports[1], &options)?;
        let info = format!("AUTH {PASSWORD}\r\nINFO replication");
        replica.wait_until(|| http::tell_redis(ports[1], &info).is_ok_and(|info| info.contains(LINKED)))?;
        let (sentinel, port) = sentinel(ports[0])?;
        Ok(Self { primary, _replica: replica, _sentinel: sentinel, port })
    }

    /// Returns the URL of the Sentinel.
    ///
    /// ```no_run
    /// println!("{}", tryton_sandbox::RedisSentinel::start()?.url());
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis+sentinel://:{PASSWORD}@127.0.0.1:{}/main", self.port)
    }

    /// Kills the primary.
    ///
    /// ```no_run
    /// let mut sentinel = tryton_sandbox::RedisSentinel::start()?;
    /// sentinel.kill_primary();
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    pub fn kill_primary(&mut self) {
        self.primary.kill();
    }
}

/// Starts a Sentinel for the primary on this port.
fn sentinel(primary: u16) -> Result<(Owned, u16), SandboxError> {
    let layout = Layout::from_env();
    let (folder, lock) = run::claim(&layout.runs())?;
    let port = http::free_port()?;
    let file = folder.join("sentinel.conf");
    let settings = format!(
        "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor main 127.0.0.1 {primary} 1\n\
         sentinel auth-pass main {PASSWORD}\nsentinel down-after-milliseconds main 500\n\
         sentinel failover-timeout main 2000\n",
        folder.display()
    );
    fs::write(&file, settings).map_err(SandboxError::io("write", &file))?;
    let mut command = Command::new(program(&layout, &Progress::stderr())?);
    command.arg(&file).arg("--sentinel");
    let mut owned = Owned::start(&python::find()?, (folder, lock), None, &command)?;
    let knows_both = || {
        http::tell_redis(port, "INFO sentinel")
            .is_ok_and(|info| info.contains("status=ok") && info.contains("slaves=1"))
    };
    trytond::wait_for(WHAT, &owned.log(), knows_both, || owned.has_ended())?;
    Ok((owned, port))
}

fn tell(port: u16, lines: &str) -> Result<String, SandboxError> {
    http::tell_redis(port, lines).map_err(SandboxError::io("ask", Path::new(WHAT)))
}

fn port_with_bus() -> Result<u16, SandboxError> {
    loop {
        let port = http::free_port()?;
        if port.checked_add(BUS).is_some_and(http::is_free) {
            return Ok(port);
        }
    }
}
