//! A URL that names several hosts.

/// The parts of such a URL.
pub(super) struct Several<'a> {
    pub(super) scheme: &'static str,
    /// User and password with the `@`, or empty.
    user: &'a str,
    pub(super) hosts: Vec<&'a str>,
    /// The rest of the URL after the hosts.
    pub(super) path: &'a str,
}

impl<'a> Several<'a> {
    pub(super) fn split(scheme: &'static str, rest: &'a str) -> Option<Self> {
        let rest = rest.strip_prefix("//")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        Some(Self { scheme, user, hosts: hosts.split(',').collect(), path })
    }

    pub(super) fn url(&self, host: &str, path: &str) -> String {
        format!("{}://{}{host}{path}", self.scheme, self.user)
    }
}
