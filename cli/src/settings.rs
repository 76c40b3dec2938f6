//! `tryton.toml`: the settings that commands share.

use std::fs;
use std::path::{Path, PathBuf};

use tryton_sdk_codegen::plan::Overrides;
pub(crate) use tryton_sdk_codegen::settings::FILE;
use tryton_sdk_codegen::settings::{Mistake, Server, Stated};

use crate::error::Error;
use crate::trust;

/// The part of `--help` that shows the whole file.
pub(crate) const HELP: &str = "Settings in `tryton.toml`, here or in a folder above; all are optional:\n  \
    schema = \"schemas/mine\"                 # the folder of the snapshot\n  \
    models = [\"sale.*\", \"party.party\"]      # the models to pull and to generate\n  \
    out = \"src/erp\"                         # where `generate` writes\n  \
    language = \"en\"                         # of labels and help texts\n  \
    serde = true                            # Serialize and Deserialize for enums of selections\n\n  \
    [server]                                # used only if nobody else can write to this file or\n  \
                                            # its folder; set the password in TRYTON_PASSWORD\n  \
    url = \"https://erp.example.com\"\n  \
    database = \"production\"\n  \
    user = \"admin\"\n\n  \
    [rename]\n  \
    \"product.product\" = \"Article\"\n  \
    \"sale.sale,state\" = \"Progress\"\n\n  \
    [override]                              # corrections of the server's metadata\n  \
    \"sale.sale,number\" = { required = true }\n  \
    \"sale.sale,state\" = { add = [\"on_hold\"] }\n  \
    \"party.party,extra\" = { type = \"dict\" }\n  \
    \"ir.cron,method\" = { enum = true }       # however many values it has\n\n\
    Flags override environment variables, which override the file.";

/// The content of `tryton.toml`.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) schema: Option<Folder>,
    pub(crate) models: Vec<String>,
    pub(crate) out: Option<Folder>,
    pub(crate) language: Option<String>,
    /// Whether the enums of selections implement the traits of serde.
    pub(crate) serde: bool,
    url: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) user: Option<String>,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    /// The reason not to trust it: another user may have written it.
    doubt: Option<String>,
    /// `rename` and `override`.
    pub(crate) overrides: Overrides,
}

/// A folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// Its path.
    pub(crate) path: PathBuf,
    /// The path as given: below the folder of `tryton.toml`, or by a flag.
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
                let read = Self::read(&file, &text)?;
                return Ok(Self { doubt: trust::doubt(&file), file: Some(file), ..read });
            }
            folder.push("..");
        }
        Ok(Self::default())
    }

    /// Returns the server that the file names, if a password may be sent to it.
    ///
    /// # Errors
    ///
    /// If somebody else may have written the file, to receive the password.
    pub(crate) fn url(&self) -> Result<Option<&str>, Error> {
        match (&self.url, &self.file, &self.doubt) {
            (Some(_), Some(file), Some(doubt)) => Err(Error::usage(format!(
                "{} names the server, but {doubt}: no password is sent there. Remove the write permission \
                 (`chmod go-w`), or name the server with --url or TRYTON_RPC_URL",
                file.display()
            ))),
            (url, ..) => Ok(url.as_deref()),
        }
    }

    /// Whether `schema` is this folder.
    pub(crate) fn has_schema(&self, folder: &Path) -> bool {
        self.schema.as_ref().is_some_and(|schema| schema.path == folder)
    }

    /// Whether the file states this snapshot and these models, so that `models! {}` reads the same.
    pub(crate) fn state(&self, schema: &Path, models: &[String]) -> bool {
        self.has_schema(schema) && self.models == models
    }

    /// The server that the file names, to show it and not to send anything there.
    pub(crate) fn stated_url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Reads the text of `file`.
    fn read(file: &Path, text: &str) -> Result<Self, Error> {
        let wrong = |Mistake { line, message }| Error::usage(format!("{}:{line}: {message}", file.display()));
        let stated = Stated::read(text).map_err(wrong)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let place = |given: String| Folder { path: folder.join(&given), given };
        let Server { url, database, user } = stated.server;
        Ok(Self {
            schema: stated.schema.map(place),
            models: stated.models,
            out: stated.out.map(place),
            language: stated.language,
            serde: stated.serde,
            url,
            database,
            user,
            file: None,
            doubt: None,
            overrides: stated.overrides,
        })
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
        assert_eq!((fields["ir.cron,method"].as_enum, settings.serde), (Some(true), true));
    }

    #[test]
    fn the_help_shows_every_key() {
        for (wrong, count) in
            [("wrong = 1", 8), ("[server]\nwrong = 1", 3), ("[override]\n\"a.b,c\" = { wrong = 1 }", 4)]
        {
            let message = message(wrong);
            let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
            assert_eq!(known.len(), count, "{message}");
            let is_shown = |key: &&str| HELP.contains(&format!("{key} = ")) || HELP.contains(&format!("[{key}]"));
            assert!(known.iter().all(is_shown), "{message}");
        }
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, error) in [
            ("", ""),
            ("\nmodel = \"sale.*\"", "2: unknown key `model`: did you mean `models`?"),
            ("models = \"sale.*\"\nmodel = 1", "2: unknown key `model`: did you mean `models`?"),
            ("models = []\n[servers]\nurl = \"x\"", "2: unknown key `servers`: did you mean `server`?"),
            ("[server]\nurl = 7", "2: invalid type: integer `7`, expected a string"),
            ("[server]\nhost = \"x\"", "2: unknown key `host`: use one of `url`, `database`, `user`"),
            (
                "[server]\npassword = \"x\"",
                "2: a password does not belong in a file: remove it, and set TRYTON_PASSWORD",
            ),
            ("models = [\n  \"a\",\n  1]", "3: invalid type: integer `1`, expected a string"),
            ("\nmodels = 1", "2: invalid type: integer `1`, expected a string or a list of strings"),
            ("[override]\n\"a.b,c\" = { required = 1 }", "2: invalid type: integer `1`, expected a boolean"),
            (
                "[override]\n\"a.b,c\" = true",
                "2: invalid type: boolean `true`, expected a table, such as `{ required = true }`",
            ),
            ("[override]\n\"a.b,c\" = { ad = [] }", "2: unknown key `ad`: did you mean `add`?"),
            ("server = 1", "1: invalid type: integer `1`, expected a table, such as `[server]`"),
            ("\n[rename]\n\"a.b\" = 1", "3: invalid type: integer `1`, expected a string"),
        ] {
            let expected = if error.is_empty() { String::new() } else { format!("../tryton.toml:{error}") };
            assert_eq!(message(text), expected);
        }
        assert!(message("schema = \"a\"\nout = = 1").starts_with("../tryton.toml:2: "));
    }
}
