//! `cargo tryton sandbox`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use tryton_sandbox::background::{self, Down, Running, Whose};
use tryton_sandbox::{Backend, Endpoint, PASSWORD, Progress, Seed, Series};

use crate::app::{self, App, Verdict};
use crate::error::Error;

/// Start and stop real Tryton servers on this machine, from nothing but Python
///
/// trytond comes from PyPI and keeps its database in SQLite, all of it under target/sandbox/ of the Cargo project, or in
/// the user's cache outside of one (TRYTON_SANDBOX_DIR names another folder, TRYTON_PYTHON another Python). The first `up`
/// of a series takes about a minute, every later one about two seconds. With `--backend postgresql` a PostgreSQL of its
/// own keeps the database.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    eval \"$(cargo tryton sandbox up --series 7.0 --modules sale,stock)\"\n  \
    cargo tryton ping\n  \
    cargo tryton sandbox down")]
pub(crate) struct Sandbox {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Up(Box<Up>),
    Down(Stop),
    /// List the running servers
    Status,
    Logs(Logs),
}

/// Start a server, or find the running one, and print the environment to export
///
/// Only the exports go to standard output: eval "$(cargo tryton sandbox up)"
#[derive(Args)]
struct Up {
    /// 8.2, 8.0, 7.0 or 6.0
    #[arg(long, value_name = "SERIES", default_value_t)]
    series: Series,
    /// Modules, named as Tryton names them; those they depend on come along
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "sale,purchase")]
    modules: Vec<String>,
    /// A module of your own, by its folder; what it depends on is named by --modules
    #[arg(long, value_name = "FOLDER")]
    module_at: Vec<PathBuf>,
    /// Where the database is: sqlite or postgresql
    #[arg(long, value_name = "NAME", default_value_t)]
    backend: Backend,
    /// Demo data: small (50 sales), large (1,000 parties, 1,000 sales), records (of the module tests) or none
    #[arg(long, value_name = "SIZE", default_value_t)]
    seed: Seed,
    /// The port to listen on [default: a free one]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Start a Redis too, and export TRYTON_REDIS_URL
    #[arg(long)]
    redis: bool,
}

/// Stop servers and remove their databases; what they are made from is kept
///
/// Without arguments it stops those that this project has started. A server that is named is stopped, whoever started it.
#[derive(Args)]
struct Stop {
    /// The server of this series
    #[arg(long, value_name = "SERIES")]
    series: Option<Series>,
    /// The Redis
    #[arg(long)]
    redis: bool,
}

/// Print what a server has written
#[derive(Args)]
struct Logs {
    /// The server's series
    #[arg(long, value_name = "SERIES", default_value_t)]
    series: Series,
    /// Go on until the server is stopped
    #[arg(short, long)]
    follow: bool,
}

impl Sandbox {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        match &self.command {
            Command::Up(up) => up.run(app)?,
            Command::Down(stop) => stop.run()?,
            Command::Status => status(app)?,
            Command::Logs(logs) => background::logs(logs.series, logs.follow, &mut io::stdout().lock())?,
        }
        Ok(Verdict::Well)
    }
}

impl Up {
    fn sandbox(&self) -> Result<tryton_sandbox::Sandbox, Error> {
        let sandbox = tryton_sandbox::Sandbox::new(self.series).modules(&self.modules).seed(self.seed);
        let mut sandbox = sandbox.backend(self.backend);
        for folder in &self.module_at {
            let absolute = std::path::absolute(folder);
            let absolute = absolute.map_err(|error| Error::usage(format!("{}: {error}", folder.display())))?;
            sandbox = sandbox.module_at(absolute);
        }
        Ok(match self.port {
            Some(port) => sandbox.port(port),
            None => sandbox,
        })
    }

    fn run(&self, app: &App) -> Result<(), Error> {
        let progress = Progress::stderr();
        let sandbox = self.sandbox()?;
        let server = background::up(&sandbox, &progress)?;
        let redis = self.redis.then(|| background::redis_up(&progress)).transpose()?;
        let url = redis.as_ref().map(background::Up::server);
        let mut answer = described(server.server());
        answer["redis"] = json!(url);
        app.answer(&answer, || {
            let redis = url.map(|url| background::export("TRYTON_REDIS_URL", url)).unwrap_or_default();
            server.server().exports() + &redis
        })?;
        say_up(&sandbox.to_string(), &server, |endpoint| &endpoint.url, &format!("--series {}", self.series));
        if let Some(redis) = &redis {
            say_up("Redis", redis, |url| url, "--redis");
        }
        Ok(())
    }
}

/// A server for programs.
fn described(server: &Endpoint) -> serde_json::Value {
    json!({
        "url": server.url,
        "database": server.database,
        "user": server.user,
        "password": server.password,
    })
}

/// Whether a server was started or found, and how to stop it.
fn say_up<T>(what: &str, server: &background::Up<T>, url: fn(&T) -> &String, name: &str) {
    let at = url(server.server());
    app::remark(match server {
        background::Up::Started(_) => format!("{what} runs at {at}; stop it with `cargo tryton sandbox down`"),
        background::Up::Found(_, Some(starter)) if *starter == background::project() => {
            format!("{what} was running already, at {at}; stop it with `cargo tryton sandbox down`")
        }
        background::Up::Found(_, starter) => {
            let who = who(starter.as_deref());
            format!(
                "{what} was running already, at {at}; {who} started it, and `cargo tryton sandbox down {name}` stops it"
            )
        }
    });
}

fn who(starter: Option<&Path>) -> String {
    starter.map_or_else(|| "an unknown project".to_owned(), |starter| format!("the project {}", starter.display()))
}

impl Stop {
    /// Stops what is named, or else what this project has started.
    fn run(&self) -> Result<(), Error> {
        let is_named = self.series.is_some() || self.redis;
        let whose = if is_named { Whose::Anybodys } else { Whose::Ours };
        let all = if is_named { Vec::new() } else { Series::ALL.to_vec() };
        let mut is_any = false;
        for series in self.series.map_or(all, |series| vec![series]) {
            let name = format!("--series {series}");
            is_any |= say_down(&format!("Tryton {series}"), &background::down(series, whose)?, &name);
        }
        if self.redis || !is_named {
            is_any |= say_down("Redis", &background::redis_down(whose)?, "--redis");
        }
        if !is_any {
            app::remark(format!("nothing was running in {}", background::folder().display()));
        }
        Ok(())
    }
}

/// Says what has become of a server, if there was one.
fn say_down(what: &str, down: &Down, name: &str) -> bool {
    match down {
        Down::Stopped => app::remark(format!("stopped {what}")),
        Down::Left(starter) => {
            let who = who(starter.as_deref());
            app::remark(format!(
                "left {what} running, which {who} started: `cargo tryton sandbox down {name}` stops it"
            ));
        }
        Down::NoneRuns => return false,
    }
    true
}

fn status(app: &App) -> Result<(), Error> {
    let (servers, redis) = background::status()?;
    let described = |server: &Running| {
        let mut described = described(server.endpoint());
        described["sandbox"] = json!(server.sandbox().to_string());
        described["process"] = json!(server.pid());
        described
    };
    let answer = json!({"servers": servers.iter().map(described).collect::<Vec<_>>(), "redis": redis});
    app.answer(&answer, || {
        if servers.is_empty() && redis.is_none() {
            return format!("nothing runs in {}", background::folder().display());
        }
        let redis = redis.iter().map(|url| format!("Redis at {url}\n"));
        servers.iter().map(shown).chain(redis).collect()
    })
}

/// A server for people.
fn shown(server: &Running) -> String {
    let Endpoint { url, database, user, .. } = server.endpoint();
    format!(
        "{} at {url} (process {})\n    database {database}, users {user} and limited, password {PASSWORD}\n",
        server.sandbox(),
        server.pid()
    )
}
