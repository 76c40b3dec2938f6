//! The texts of the files that `cargo tryton init` writes.

use std::path::Path;

use crate::compared::Entry;
use crate::connection::Target;
use crate::patterns::{items, quoted};

/// The values for the files of a first program.
pub(crate) struct Starter<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) user: &'a str,
    /// The folder of the snapshot, as the macro and the settings name it.
    pub(crate) schema: &'a str,
    pub(crate) models: &'a [String],
    /// The model that the program reads, and its type.
    pub(crate) model: &'a str,
    pub(crate) type_name: &'a str,
    /// Whether tryton.toml says the same, where the macro finds it.
    pub(crate) in_file: bool,
}

impl Starter<'_> {
    /// The text of `tryton.toml`.
    pub(crate) fn settings(&self) -> String {
        let lines = |is_of_server| {
            let entries = self.entries().into_iter().filter(move |entry| entry.is_of_server == is_of_server);
            entries.map(|entry| entry.line() + "\n").collect::<String>()
        };
        format!("{}\n[server] # the password is TRYTON_PASSWORD alone\n{}", lines(false), lines(true))
    }

    /// The entries of `tryton.toml`, in order.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let Target { url, database } = self.target;
        let entry = |is_of_server, name, value| Entry { is_of_server, name, value };
        let mut entries = vec![
            entry(false, "schema", quoted(self.schema)),
            entry(false, "models", format!("[{}]", self.list())),
            entry(true, "url", quoted(url)),
        ];
        // The URL may name it.
        if !database.is_empty() {
            entries.push(entry(true, "database", quoted(database)));
        }
        entries.push(entry(true, "user", quoted(self.user)));
        entries
    }

    /// The text of the first program.
    pub(crate) fn program(&self) -> String {
        let Self { schema, model, type_name, .. } = self;
        let arguments = match self.in_file {
            true => String::new(),
            false => format!(" schema = {}, models = [{}] ", quoted(schema), self.list()),
        };
        format!(
            r#"//! Reads the first ten records of `{model}`.

use tryton_sdk::{{Client, Result}};

mod erp {{
    tryton_sdk::models! {{{arguments}}}
}}
use erp::{type_name};

#[tokio::main]
async fn main() -> Result<()> {{
    // The server, the login and the password are variables of the environment: TRYTON_RPC_URL and so on.
    let tryton = Client::from_env()?;
    println!("{{}}", tryton.ping().await?);

    let wanted = ({type_name}::F.id, {type_name}::F.rec_name);
    let found = {type_name}::search().limit(10).select(wanted).fetch(&tryton).await?;
    if found.is_empty() {{
        println!("there are no records of `{model}` yet");
    }}
    for (id, name) in found {{
        println!("{{id}} {{}}", name.unwrap_or_default());
    }}
    Ok(())
}}
"#
        )
    }

    /// The command for the shell that names the server to the program.
    pub(crate) fn variables(&self) -> String {
        let Target { url, database } = self.target;
        let known = [("TRYTON_RPC_URL", url), ("TRYTON_DATABASE", database), ("TRYTON_USER", self.user)];
        let set = known.iter().filter(|(_, value)| !value.is_empty());
        let set = set.map(|(name, value)| format!("{name}={} ", for_shell(value))).collect::<String>();
        format!("export {set}TRYTON_PASSWORD=…")
    }

    fn list(&self) -> String {
        items(self.models.iter().map(String::as_str))
    }
}

/// The text of `Cargo.toml`, for the SDK of this command's version or the one in the folder `sdk`.
pub(crate) fn manifest(name: &str, sdk: Option<&Path>) -> String {
    format!("[package]\nname = {}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{}", quoted(name), dependencies(sdk))
}

/// The dependencies of the first program.
pub(crate) fn dependencies(sdk: Option<&Path>) -> String {
    let sdk = match sdk {
        Some(path) => format!("{{ path = {} }}", quoted(&path.to_string_lossy())),
        None => quoted(env!("CARGO_PKG_VERSION")),
    };
    format!(
        "[dependencies]\ntryton-sdk = {sdk}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n"
    )
}

/// A text as a shell reads it.
fn for_shell(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/@%+".contains(c);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The name of a package in a folder of this name: one that Cargo and rustc take.
pub(crate) fn package_name(folder: &str) -> String {
    let mut name: String =
        folder.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    name = name.trim_matches('-').to_owned();
    let is_taken = matches!(
        name.as_str(),
        "as" | "async"
            | "await"
            | "box"
            | "break"
            | "build"
            | "const"
            | "continue"
            | "core"
            | "crate"
            | "deps"
            | "dyn"
            | "else"
            | "enum"
            | "examples"
            | "extern"
            | "false"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "incremental"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "pub"
            | "ref"
            | "return"
            | "self"
            | "static"
            | "std"
            | "struct"
            | "super"
            | "test"
            | "tokio"
            | "trait"
            | "true"
            | "tryton-sdk"
            | "type"
            | "unsafe"
            | "use"
            | "where"
            | "while"
    );
    if is_taken || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name = format!("my-{name}").trim_end_matches('-').to_owned();
    }
    name
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{dependencies, for_shell, package_name};

    #[test]
    fn values_are_quoted_for_the_shell_where_they_need_it() {
        for (value, expected) in [
            ("http://localhost:8000/demo", "http://localhost:8000/demo"),
            ("a b", "'a b'"),
            ("o'neill", "'o'\\''neill'"),
            ("$(reboot)", "'$(reboot)'"),
        ] {
            assert_eq!(for_shell(value), expected);
        }
    }

    #[test]
    fn folders_give_packages_their_names() {
        for (folder, expected) in [
            ("erp-report", "erp-report"),
            ("Mein Büro", "mein-b-ro"),
            ("2024", "my-2024"),
            ("test", "my-test"),
            ("tryton-sdk", "my-tryton-sdk"),
            ("…", "my"),
        ] {
            assert_eq!(package_name(folder), expected);
        }
    }

    #[test]
    fn the_sdk_is_of_the_same_version_or_in_a_folder() {
        let version = format!("tryton-sdk = \"{}\"\n", env!("CARGO_PKG_VERSION"));
        assert!(dependencies(None).contains(&version));
        assert!(dependencies(Some(Path::new("a \"b"))).contains("tryton-sdk = { path = \"a \\\"b\" }\n"));
    }
}
