//! `tryton.toml`: the settings that the command and `models!` share.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::plan::{FieldOverride, Overrides};
use crate::suggest;

/// The name of the file.
pub const FILE: &str = "tryton.toml";

/// The settings of the file. Paths are relative to its folder.
#[derive(Debug, Default)]
pub struct Stated {
    /// The folder of the snapshot.
    pub schema: Option<String>,
    /// The names and patterns of the models.
    pub models: Vec<String>,
    /// The folder that `cargo tryton generate` writes to.
    pub out: Option<String>,
    /// The language of labels and help texts.
    pub language: Option<String>,
    /// Whether the enums of selections implement the traits of serde.
    pub serde: bool,
    /// The server, for the command only.
    pub server: Server,
    /// `rename` and `override`.
    pub overrides: Overrides,
}

/// The server of the file, without a password.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table, such as `[server]`")]
pub struct Server {
    /// Its URL.
    pub url: Option<String>,
    /// The database, if the URL does not name it.
    pub database: Option<String>,
    /// The user who logs in.
    pub user: Option<String>,
}

/// A mistake in the file.
#[derive(Debug)]
pub struct Mistake {
    /// Its line; the first is 1.
    pub line: usize,
    /// What is wrong and what to do. It does not show the line, which may hold a password.
    pub message: String,
}

impl Stated {
    /// Reads the text of the file.
    ///
    /// # Errors
    ///
    /// [`Mistake`], with its line.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let file: File = basic_toml::from_str(text).map_err(|error| Mistake::explain(text, &error.to_string()))?;
        let fields = file.overrides.into_iter().map(|(field, change)| (field, change.into()));
        let overrides = Overrides { names: file.rename, fields: fields.collect() };
        let File { schema, models: Texts(models), out, language, serde, server, .. } = file;
        Ok(Self { schema, models, out, language, serde, server, overrides })
    }
}

impl Mistake {
    /// Splits the parser's message, which ends with the key and the place: `… for key `models` at line 3 column 3`.
    fn explain(text: &str, said: &str) -> Self {
        let (message, place) = said.rsplit_once(" at line ").unwrap_or((said, ""));
        let message = message.split_once(" for key `").map_or(message, |(message, _)| message);
        let line = place.split(' ').next().and_then(|line| line.parse().ok()).unwrap_or(1);
        match unknown_key(message) {
            Some((key, message)) => Self { line: line_of(&key, text, line), message },
            None => Self { line, message: message.to_owned() },
        }
    }
}

/// Returns an unknown key and the remedy, if `message` is serde's about one: it lists the key, then all known ones.
fn unknown_key(message: &str) -> Option<(String, String)> {
    let mut names = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let name = names.next()?;
    let known: Vec<&str> = names.collect();
    let message = match name {
        "password" => "a password does not belong in a file: remove it, and set TRYTON_PASSWORD".to_owned(),
        _ => format!("unknown key `{name}`: {}", suggest::or("use one of", name, &known)),
    };
    Some((name.to_owned(), message))
}

/// Returns the line of a key, or of the table of this name. The parser reports that of the table around it, `from`.
fn line_of(key: &str, text: &str, from: usize) -> usize {
    let is_named = |line: &str| {
        let name = line.split('=').next().unwrap_or_default();
        name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '"' | '\'')) == key
    };
    let place = text.lines().skip(from.saturating_sub(1)).position(is_named);
    place.map_or(from, |place| from + place)
}

/// The file as written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    schema: Option<String>,
    models: Texts,
    out: Option<String>,
    language: Option<String>,
    serde: bool,
    server: Server,
    rename: BTreeMap<String, String>,
    #[serde(rename = "override")]
    overrides: BTreeMap<String, Override>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table, such as `{ required = true }`")]
struct Override {
    required: Option<bool>,
    r#type: Option<String>,
    add: Texts,
    r#enum: Option<bool>,
}

impl From<Override> for FieldOverride {
    fn from(Override { required, r#type, add, r#enum }: Override) -> Self {
        Self { required, kind: r#type, add: add.0, as_enum: r#enum }
    }
}

/// A list of texts, or one.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Texts, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(Texts)
            }
        }

        from.deserialize_any(OneOrMany)
    }
}
