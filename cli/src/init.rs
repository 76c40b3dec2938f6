//! `cargo tryton init`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tryton_sdk_codegen::snapshot::Model;

use crate::app::{self, App, Verdict, note};
use crate::compared::{Compared, Entry};
use crate::error::Error;
use crate::pull::{Pull, Pulled};
use crate::schema;
use crate::settings::{FILE, Settings};
use crate::starter::{self, Starter};

/// The default folder of the snapshot.
const SCHEMA: &str = "schemas/mine";

/// The places for the program; the first free one is used.
const PROGRAMS: [&str; 2] = ["src/main.rs", "examples/first.rs"];

/// Begin in this folder: write tryton.toml, pull, and write a first program
///
/// Asks on the terminal for each setting that no flag, variable or tryton.toml gives. Makes the
/// folder a Cargo package if it has no Cargo.toml. Overwrites no file, writes nothing if the server
/// cannot be read, and never writes the password.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton init\n  \
    cargo tryton init --url http://localhost:8000 --database demo --user admin --models 'sale.*,party.party'")]
pub(crate) struct Init {
    /// The folder of the SDK, for the Cargo.toml, instead of its version at the registry
    #[arg(long, value_name = "FOLDER")]
    sdk: Option<PathBuf>,
    #[command(flatten)]
    pull: Pull,
}

impl Init {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let settings = &app.settings;
        let out = self.pull.out(settings).unwrap_or_else(|| PathBuf::from(SCHEMA));
        let mut pull = self.pull.clone().into_folder(out);
        pull.server.connection.complete(settings)?;
        pull.models.complete(settings);
        let models = pull.models.required(settings)?;

        let pulled = pull.pull(settings)?;
        let connection = &pull.server.connection;
        let schema = pulled.out.to_string_lossy();
        let model = first(&pulled.snapshot.models, &models)?;
        // The macro reads a new tryton.toml, or an existing one that states the same.
        let in_file = settings.file.is_none() || settings.state(&pulled.out, &models);
        let type_name = match in_file {
            true => schema::type_name(model, settings),
            false => schema::type_name(model, &Settings::default()),
        };
        let starter = Starter {
            target: connection.target(settings)?,
            user: connection.user(settings)?,
            schema: &schema,
            models: &models,
            model,
            type_name: &type_name,
            in_file,
        };
        let files = self.write(settings, &starter)?;
        let compared = Compared::of(settings, starter.entries());
        answer(app, &pulled, &files, &compared)?;
        compared.next(app, settings);
        files.next(app, &starter, self.sdk.as_deref());
        Ok(Verdict::Well)
    }

    fn write(&self, settings: &Settings, starter: &Starter<'_>) -> Result<Files, Error> {
        let mut files = Files::default();
        match &settings.file {
            Some(file) => files.kept.push(file.display().to_string()),
            None => drop(files.create(FILE, &starter.settings())?),
        }
        files.is_package = files.create("Cargo.toml", &starter::manifest(&package()?, self.sdk.as_deref()))?;
        // An existing package may have its own main program.
        let places = if files.is_package { &PROGRAMS[..] } else { &PROGRAMS[1..] };
        for place in places {
            if files.create(place, &starter.program())? {
                files.program = Some(place);
                break;
            }
        }
        Ok(files)
    }
}

/// The files that were written, and those that were kept.
#[derive(Default)]
struct Files {
    written: Vec<String>,
    kept: Vec<String>,
    /// Whether the package is new.
    is_package: bool,
    program: Option<&'static str>,
}

impl Files {
    /// Writes a file, unless it is there. Returns whether it was written.
    fn create(&mut self, name: &str, text: &str) -> Result<bool, Error> {
        let is_new = create(Path::new(name), text).map_err(|error| {
            Error::files(format!("cannot write {name}: {error}; nothing that was there has changed"))
        })?;
        if is_new { &mut self.written } else { &mut self.kept }.push(name.to_owned());
        Ok(is_new)
    }

    /// Prints the next steps: dependencies to add, variables to set, and how to run the program.
    fn next(&self, app: &App, starter: &Starter<'_>, sdk: Option<&Path>) {
        if !self.is_package {
            app.next(format!("in Cargo.toml, where they are missing:\n{}", starter::dependencies(sdk)));
        }
        let run = match self.program {
            Some("src/main.rs") => "cargo run",
            Some(_) => "cargo run --example first",
            None => return app.next(format!("`cargo tryton describe {}`", starter.model)),
        };
        app.next(format!("`{}`, and `{run}`", starter.variables()));
    }
}

fn answer(app: &App, pulled: &Pulled, files: &Files, compared: &Compared) -> Result<(), Error> {
    let value = json!({
        "pull": pulled.answer, "written": files.written, "kept": files.kept,
        "lacking": compared.lacking.iter().map(Entry::key).collect::<Vec<_>>(),
        "differing": compared.differing,
    });
    app.answer(&value, || pulled.summary.clone())?;
    pulled.tell(app);
    if !app.json {
        files.written.iter().for_each(|file| app::say(format!("{file}: written")));
    }
    files.kept.iter().for_each(|file| note(format!("{file} is there already, and stays as it is")));
    compared.tell();
    Ok(())
}

/// Creates a file that only its owner can write, and its folder. Returns `false` if the file already exists.
fn create(path: &Path, text: &str) -> std::io::Result<bool> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // The command does not trust a `tryton.toml` that is writable for a group.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    match options.open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns the model for a first program.
fn first<'a>(models: &'a [Model], patterns: &[String]) -> Result<&'a str, Error> {
    let is_fit = |model: &&Model| model.methods.contains("search_read") && model.fields.contains_key("rec_name");
    let names = models.iter().filter(is_fit).map(|model| model.model.as_str());
    let none = "none of these models can be searched: add one that can, such as --models 'party.party'";
    schema::example(names, patterns).ok_or_else(|| Error::usage(none))
}

/// Returns the name for a package in the current folder.
fn package() -> Result<String, Error> {
    let unknown = |error| Error::files(format!("cannot find the current folder: {error}"));
    let folder = std::env::current_dir().map_err(unknown)?;
    Ok(starter::package_name(&folder.file_name().unwrap_or_default().to_string_lossy()))
}
