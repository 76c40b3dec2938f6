//! `tryton.toml`: what need not be said with every command.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use tryton_sdk_codegen::plan::{FieldOverride, Overrides};
use tryton_sdk_codegen::suggest;

use crate::error::Error;

/// The name of the file.
const FILE: &str = "tryton.toml";

/// The part of `--help` that shows the whole file.
pub(crate) const HELP: &str = "Settings in `tryton.toml`, here or in a folder above; all may be left out:\n  \
    schema = \"schemas/mine\"                 # the folder of the snapshot\n  \
    models = [\"sale.*\", \"party.party\"]      # what to pull and to generate\n  \
    out = \"src/erp\"                         # where `generate` writes\n  \
    language = \"en\"                         # of labels and help texts\n\n  \
    [server]                                # the password is TRYTON_PASSWORD alone\n  \
    url = \"https://erp.example.com\"\n  \
    database = \"production\"\n  \
    user = \"admin\"\n\n  \
    [rename]\n  \
    \"product.product\" = \"Article\"\n  \
    \"sale.sale,state\" = \"Progress\"\n\n  \
    [override]                              # what is known better than the server says it\n  \
    \"sale.sale,number\" = { required = true }\n  \
    \"sale.sale,state\" = { add = [\"on_hold\"] }\n  \
    \"party.party,extra\" = { type = \"dict\" }\n\n\
    A flag counts more than a variable of the environment, and that more than the file.";

/// What `tryton.toml` says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) schema: Option<Folder>,
    pub(crate) models: Vec<String>,
    pub(crate) out: Option<Folder>,
    pub(crate) language: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) user: Option<String>,
    /// `rename` and `override`.
    pub(crate) overrides: Overrides,
}

/// A folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// How it was given: below the folder of `tryton.toml`, or by a flag.
    pub(crate) given: String,
}

impl From<&Path> for Folder {
    fn from(path: &Path) -> Self {
        Self { path: path.to_owned(), given: path.to_string_lossy().into_owned() }
    }
}

impl Settings {
    /// Reads the file in the current folder or the nearest one above; without a file, nothing is set.
    pub(crate) fn find() -> Result<Self, Error> {
        let unknown = |error| Error::files(format!("cannot find the current folder: {error}"));
        let current = std::env::current_dir().map_err(unknown)?;
        let mut folder = PathBuf::new();
        for _ in current.ancestors() {
            let file = folder.join(FILE);
            if file.is_file() {
                let text = fs::read_to_string(&file);
                let text = text.map_err(|error| Error::files(format!("cannot read {}: {error}", file.display())))?;
                return Self::read(&file, &text);
            }
            folder.push("..");
        }
        Ok(Self::default())
    }

    /// Reads the text of `file`.
    fn read(file: &Path, text: &str) -> Result<Self, Error> {
        let source = Source { file, text };
        let parsed = DeTable::parse(text);
        let parsed = parsed.map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            source.error(at, error.message())
        })?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let place = |given: String| Folder { path: folder.join(&given), given };
        let mut settings = Self::default();
        for (key, value) in parsed.get_ref() {
            match key.get_ref().as_ref() {
                "schema" => settings.schema = Some(place(source.text(value)?)),
                "models" => settings.models = source.texts(value)?,
                "out" => settings.out = Some(place(source.text(value)?)),
                "language" => settings.language = Some(source.text(value)?),
                "server" => settings.server(&source, source.table(value)?)?,
                "rename" => {
                    for (model, name) in source.table(value)? {
                        settings.overrides.names.insert(model.get_ref().to_string(), source.text(name)?);
                    }
                }
                "override" => {
                    for (field, change) in source.table(value)? {
                        let change = source.field_override(change)?;
                        settings.overrides.fields.insert(field.get_ref().to_string(), change);
                    }
                }
                _ => {
                    let known = ["schema", "models", "out", "language", "server", "rename", "override"];
                    return Err(source.unknown(key, &known));
                }
            }
        }
        Ok(settings)
    }

    fn server(&mut self, source: &Source<'_>, table: &DeTable<'_>) -> Result<(), Error> {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "url" => self.url = Some(source.text(value)?),
                "database" => self.database = Some(source.text(value)?),
                "user" => self.user = Some(source.text(value)?),
                "password" => {
                    let why = "a password does not belong in a file: remove it, and set TRYTON_PASSWORD";
                    return Err(source.error(key.span().start, why));
                }
                _ => return Err(source.unknown(key, &["url", "database", "user"])),
            }
        }
        Ok(())
    }
}

/// The file, for errors that name a line of it.
struct Source<'a> {
    file: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn error(&self, at: usize, sentence: &str) -> Error {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        Error::usage(format!("{}:{line}: {sentence}", self.file.display()))
    }

    fn unknown(&self, key: &Spanned<impl AsRef<str>>, known: &[&str]) -> Error {
        let name = key.get_ref().as_ref();
        let remedy = suggest::or("there are", name, known);
        self.error(key.span().start, &format!("unknown key `{name}`: {remedy}"))
    }

    fn text(&self, value: &Spanned<DeValue<'_>>) -> Result<String, Error> {
        let text = value.get_ref().as_str().map(str::to_owned);
        text.ok_or_else(|| self.error(value.span().start, "expected a text in quotes"))
    }

    /// A list of texts, or one.
    fn texts(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Error> {
        match value.get_ref() {
            DeValue::Array(list) => list.iter().map(|value| self.text(value)).collect(),
            _ => Ok(vec![self.text(value)?]),
        }
    }

    fn field_override(&self, value: &Spanned<DeValue<'_>>) -> Result<FieldOverride, Error> {
        let mut change = FieldOverride::default();
        for (key, value) in self.table(value)? {
            match key.get_ref().as_ref() {
                "required" => {
                    let wrong = || self.error(value.span().start, "expected true or false");
                    change.required = Some(value.get_ref().as_bool().ok_or_else(wrong)?);
                }
                "type" => change.kind = Some(self.text(value)?),
                "add" => change.add = self.texts(value)?,
                _ => return Err(self.unknown(key, &["required", "type", "add"])),
            }
        }
        Ok(change)
    }

    fn table<'t>(&self, value: &'t Spanned<DeValue<'t>>) -> Result<&'t DeTable<'t>, Error> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.error(value.span().start, "expected a table, such as `[server]`"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{HELP, Settings};

    fn message(text: &str) -> String {
        let read = Settings::read(Path::new("../tryton.toml"), text);
        read.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_file_in_the_help_is_read() {
        let text: Vec<&str> = HELP.lines().skip(1).filter(|line| line.starts_with("  ") || line.is_empty()).collect();
        let settings = Settings::read(Path::new("../tryton.toml"), &text.join("\n")).expect("a sound file");
        let schema = settings.schema.expect("a folder");
        assert_eq!((schema.path.as_path(), schema.given.as_str()), (Path::new("../schemas/mine"), "schemas/mine"));
        assert_eq!(settings.models, ["sale.*", "party.party"]);
        assert_eq!(settings.out.expect("a folder").given, "src/erp");
        assert_eq!(settings.language.as_deref(), Some("en"));
        assert_eq!(settings.url.as_deref(), Some("https://erp.example.com"));
        assert_eq!(settings.database.as_deref(), Some("production"));
        assert_eq!(settings.user.as_deref(), Some("admin"));
        assert_eq!(settings.overrides.names["sale.sale,state"], "Progress");
        let fields = settings.overrides.fields;
        assert_eq!(fields["sale.sale,number"].required, Some(true));
        assert_eq!(fields["sale.sale,state"].add, ["on_hold"]);
        assert_eq!(fields["party.party,extra"].kind.as_deref(), Some("dict"));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, error) in [
            ("", ""),
            ("\nmodel = \"sale.*\"", "2: unknown key `model`: did you mean `models`?"),
            ("[server]\nurl = 7", "2: expected a text in quotes"),
            ("[server]\nhost = \"x\"", "2: unknown key `host`: there are `url`, `database`, `user`"),
            (
                "[server]\npassword = \"x\"",
                "2: a password does not belong in a file: remove it, and set TRYTON_PASSWORD",
            ),
            ("models = [\n  \"a\",\n  1]", "3: expected a text in quotes"),
            ("[override]\n\"a.b,c\" = { required = 1 }", "2: expected true or false"),
            ("[override]\n\"a.b,c\" = { ad = [] }", "2: unknown key `ad`: did you mean `add`?"),
            ("server = 1", "1: expected a table, such as `[server]`"),
        ] {
            let expected = if error.is_empty() { String::new() } else { format!("../tryton.toml:{error}") };
            assert_eq!(message(text), expected);
        }
        assert!(message("schema = \"a\"\nout = = 1").starts_with("../tryton.toml:2: "));
    }
}
