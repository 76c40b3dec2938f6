//! Where the server and the database answer, in either of the two layouts of URLs.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use reqwest::Url;

use super::Shared;
use super::observe::Tracked;
use crate::cache::Scope;
use tryton_sdk_core::Context;
use tryton_sdk_core::Series;
use tryton_sdk_core::answer;
use tryton_sdk_core::{Call, Subject};
use tryton_sdk_core::{Error, Result};

/// The question by which a server is found.
const VERSION: &str = "common.server.version";

/// The server's URL, without a path, and the name of the database.
#[derive(Clone, Debug)]
pub(super) struct Address {
    root: Url,
    database: String,
}

/// Where the RPC of a server is found below its URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// `/` and `/{database}/`, up to 7.0.
    Old,
    /// `/rpc/` and `/{database}/rpc/`, since 8.0.
    New,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) layout: Layout,
    pub(super) series: Series,
}

impl Address {
    /// Takes `https://host[:port]`, `…/database` and `…/database/rpc/`.
    pub(super) fn parse(url: &str, database: Option<&str>) -> Result<Self> {
        let wrong = |why: &str| Error::configuration(format!("the server's URL {why}"));
        let mut root =
            Url::parse(url).map_err(|e| wrong(&format!("cannot be read ({e}): write it like http://host:8000")))?;
        if !matches!(root.scheme(), "http" | "https") || !root.has_host() {
            return Err(wrong("must begin with http:// or https:// and name a host"));
        }
        if !root.username().is_empty() || root.password().is_some() {
            return Err(wrong("must not hold a user name or password: give them as credentials"));
        }
        let segments: Vec<_> = root.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let in_url = match segments[..] {
            [] | ["rpc"] => None,
            [database] | [database, "rpc"] => Some(database.to_owned()),
            _ => return Err(wrong("has a path that is more than the database")),
        };
        let database = match (in_url, database.filter(|name| !name.is_empty())) {
            (Some(a), Some(b)) if a != b => {
                return Err(wrong(&format!("names the database `{a}`, but `{b}` is configured")));
            }
            (in_url, given) => in_url
                .or_else(|| given.map(str::to_owned))
                .ok_or_else(|| wrong("names no database, and none is given beside it"))?,
        };
        root.set_path("");
        root.set_query(None);
        root.set_fragment(None);
        Ok(Self { root, database })
    }

    pub(super) fn url(&self) -> &str {
        self.root.as_str()
    }

    pub(super) fn parsed(&self) -> &Url {
        &self.root
    }

    pub(super) fn database_name(&self) -> &str {
        &self.database
    }

    /// What is kept for a user of the database.
    pub(super) fn scope(&self, user: &str) -> Scope {
        let url = &self.root;
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        Scope::new(host, port, &self.database, user)
    }

    pub(super) fn root(&self, layout: Layout) -> Url {
        self.join(&[], layout)
    }

    pub(super) fn database(&self, layout: Layout) -> Url {
        self.join(&[&self.database], layout)
    }

    fn join(&self, segments: &[&str], layout: Layout) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(segments).extend((layout == Layout::New).then_some("rpc")).push("");
        }
        url
    }
}

/// The server with its database: what a cache must tell apart.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.root, self.database)
    }
}

impl Shared {
    /// Finds out, once, how the server's URLs are laid out. Who asks meanwhile gets the same server, or the same error.
    pub(super) async fn server(self: &Arc<Self>) -> Result<Server> {
        if let Some(server) = self.server.get() {
            return Ok(*server);
        }
        let find = |_| {
            let shared = Arc::clone(self);
            async move {
                let server = shared.find_server().await?;
                Ok(*shared.server.get_or_init(|| server))
            }
        };
        self.finding_server.join("server", find).await
    }

    /// Asks for the version where servers up to 7.0 answer. Newer ones say 405 there and answer at `/rpc/`.
    /// The other way round does not work: an old server takes `rpc` for a database.
    async fn find_server(&self) -> Result<Server> {
        match self.version_at(Layout::Old).await? {
            Some(series) => Ok(Server { layout: Layout::Old, series }),
            None => match self.version_at(Layout::New).await? {
                Some(series) => Ok(Server { layout: Layout::New, series }),
                None => Err(self.not_tryton("it refuses POST requests (HTTP 405)")),
            },
        }
    }

    /// The server's series, or none where there is no RPC in this layout (405).
    ///
    /// Its errors have the subject of this question: a write that waits for the answer has not been sent yet.
    pub(super) async fn version_at(&self, layout: Layout) -> Result<Option<Series>> {
        let call = Call::new(VERSION, (), &Context::new())?;
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let response = self.post(self.address.root(layout), None, call.body()?, tracked).await;
        let response = response.map_err(|e| e.about(call.subject()))?;
        match response.status {
            200 => {}
            405 => return Ok(None),
            429 | 502..=504 => return Err(response.refusal().about(call.subject())),
            status => {
                return Err(self.not_tryton(&format!("it answers the question for its version with HTTP {status}")));
            }
        }
        let version: String = answer::read(&response.body, PhantomData, call.subject())
            .map_err(|_| self.not_tryton("it answers the question for its version with something else"))?;
        match Series::of_version(&version) {
            Some(series) => Ok(Some(series)),
            None => Err(self.not_tryton("its version is none of Tryton's")),
        }
    }

    fn not_tryton(&self, what: &str) -> Error {
        Error::not_tryton(what).answered_at(self.address.url()).about(&Subject::new(VERSION))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_may_be_in_the_url_or_beside_it() {
        for (url, database) in [
            ("http://host:8000", Some("erp")),
            ("http://host:8000/", Some("erp")),
            ("http://host:8000/erp", None),
            ("http://host:8000/erp", Some("")),
            ("http://host:8000/erp/", Some("erp")),
            ("http://host:8000/erp/rpc/", None),
            ("http://host:8000/rpc/", Some("erp")),
        ] {
            let address = Address::parse(url, database).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!(address.database(Layout::Old).as_str(), "http://host:8000/erp/");
            assert_eq!(address.database(Layout::New).as_str(), "http://host:8000/erp/rpc/");
            assert_eq!(address.root(Layout::Old).as_str(), "http://host:8000/");
            assert_eq!(address.root(Layout::New).as_str(), "http://host:8000/rpc/");
        }
    }

    #[test]
    fn a_wrong_url_is_refused_with_the_reason() {
        for (url, database, reason) in [
            ("host:8000", Some("erp"), "must begin with http://"),
            ("ftp://host", Some("erp"), "must begin with http://"),
            ("http://user:secret@host", Some("erp"), "must not hold"),
            ("http://host", None, "names no database"),
            ("http://host", Some(""), "names no database"),
            ("http://host/one", Some("other"), "names the database `one`"),
            ("http://host/a/b", None, "more than the database"),
            ("not a url", Some("erp"), "cannot be read"),
        ] {
            let error = Address::parse(url, database).expect_err(url).to_string();
            assert!(error.contains(reason), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
