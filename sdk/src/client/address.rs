//! The URLs of the server and the database, in either of the two layouts.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use reqwest::Url;
use tryton_sdk_core::{Error, Result};

use crate::cache::Scope;

/// The root URL of the server, and the name of the database.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Its path is empty, or the path of the server within a site.
    root: Url,
    database: String,
}

/// The path of the RPC below a server's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// `/` and `/{database}/`, up to 7.0.
    Old,
    /// `/rpc/` and `/{database}/rpc/`, since 8.0.
    New,
}

impl Address {
    /// Parses `https://host[:port][/path]`. The database is given separately or is the last segment; `/rpc/` may follow.
    pub(super) fn parse(url: &str, database: Option<&str>) -> Result<Self> {
        let wrong = |why: &str| Error::configuration(format!("the server's URL {why}"));
        let mut root =
            Url::parse(url).map_err(|e| wrong(&format!("cannot be read ({e}): write it like http://host:8000")))?;
        if !matches!(root.scheme(), "http" | "https") || !root.has_host() {
            return Err(wrong("must begin with http:// or https:// and name a host"));
        }
        if !root.username().is_empty() || root.password().is_some() {
            return Err(wrong(
                "must not hold a user name or password: give them as credentials, by TRYTON_USER and TRYTON_PASSWORD",
            ));
        }
        let segments = root.path().split('/').filter(|segment| !segment.is_empty());
        let segments = segments.map(|segment| percent_decode_str(segment).decode_utf8().map(Cow::into_owned));
        let mut path: Vec<_> =
            segments.collect::<Result<_, _>>().map_err(|_| wrong("has a path that is not UTF-8 where it has a `%`"))?;
        path.pop_if(|last| last == "rpc");
        let in_url = path.last().cloned();
        let database = match database.filter(|name| !name.is_empty()) {
            Some(given) => {
                path.pop_if(|last| last == given);
                given.to_owned()
            }
            None => {
                path.pop();
                in_url.ok_or_else(|| wrong("names no database, and none is given beside it"))?
            }
        };
        root.set_query(None);
        root.set_fragment(None);
        if let Ok(mut segments) = root.path_segments_mut() {
            segments.clear().extend(path);
        }
        Ok(Self { root, database })
    }

    /// Returns the address of another database of the same server.
    pub(super) fn with_database(&self, name: &str) -> Result<Self> {
        if name.is_empty() {
            return Err(Error::configuration("the name of the other database is empty"));
        }
        Ok(Self { root: self.root.clone(), database: name.to_owned() })
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

    /// Returns the cache scope of a user of the database.
    pub(super) fn scope(&self, user: &str) -> Scope {
        let url = &self.root;
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        // Several servers may share a host.
        let path = url.path().trim_matches('/');
        let database = if path.is_empty() { self.database.clone() } else { format!("{path}//{}", self.database) };
        Scope::new(host, port, &database, user)
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
            path.pop_if_empty().extend(segments).extend((layout == Layout::New).then_some("rpc")).push("");
        }
        url
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
    fn a_database_is_encoded_once_wherever_it_is_named() {
        for (url, database) in [
            ("http://host/my%20db", None),
            ("http://host/my%20db/", Some("my db")),
            ("http://host/my db/rpc/", Some("my db")),
            ("http://host", Some("my db")),
        ] {
            let address = Address::parse(url, database).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!(address.database_name(), "my db", "{url}");
            assert_eq!(address.database(Layout::New).as_str(), "http://host/my%20db/rpc/", "{url}");
        }
        for url in ["http://host/données", "http://host/donn%C3%A9es", "http://host"] {
            let address = Address::parse(url, Some("données")).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!(address.database(Layout::Old).as_str(), "http://host/donn%C3%A9es/", "{url}");
        }
    }

    #[test]
    fn a_server_may_begin_below_a_path() {
        for (url, database) in [
            ("https://host/site/tryton/", Some("prod")),
            ("https://host/site/tryton/prod", None),
            ("https://host/site/tryton/prod/rpc/", Some("prod")),
            ("https://host/site/tryton/rpc/", Some("prod")),
        ] {
            let address = Address::parse(url, database).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!(address.root(Layout::Old).as_str(), "https://host/site/tryton/", "{url}");
            assert_eq!(address.root(Layout::New).as_str(), "https://host/site/tryton/rpc/", "{url}");
            assert_eq!(address.database(Layout::Old).as_str(), "https://host/site/tryton/prod/", "{url}");
            assert_eq!(address.database(Layout::New).as_str(), "https://host/site/tryton/prod/rpc/", "{url}");
        }
        let scope = |url| Address::parse(url, Some("prod")).expect("an address").scope("ada").as_str().to_owned();
        assert_ne!(scope("https://host/a"), scope("https://host/b"));
        assert_eq!(scope("https://host/prod"), "tryton:1:host:443/prod:ada:");
    }

    #[test]
    fn a_wrong_url_is_refused_with_the_reason() {
        for (url, database, reason) in [
            ("host:8000", Some("erp"), "must begin with http://"),
            ("ftp://host", Some("erp"), "must begin with http://"),
            ("http://user:secret@host", Some("erp"), "must not hold"),
            ("http://host", None, "names no database"),
            ("http://host", Some(""), "names no database"),
            ("http://host/rpc/", None, "names no database"),
            ("http://host/%ff", None, "not UTF-8"),
            ("not a url", Some("erp"), "cannot be read"),
        ] {
            let error = Address::parse(url, database).expect_err(url).to_string();
            assert!(error.contains(reason), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
