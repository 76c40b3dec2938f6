//! `cargo tryton docs`.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tryton_sdk_codegen::glob;
use tryton_sdk_codegen::snapshot::SnapshotDir;
use tryton_sdk_metadata::describe::{DescribedAction, describe, of_no_model};
use tryton_sdk_metadata::page::{Contents, Listed, MARK, Remedy, html};

use crate::app::{self, App, Verdict, note};
use crate::error::Error;
use crate::schema::{self, Schema};
use crate::settings::Settings;

/// The default file, below the folder of tryton.toml or the current one.
const OUT: &str = "target/tryton/index.html";

/// Write an HTML page with all models of a snapshot, to explore in a browser
///
/// It shows what `describe` shows, the models that lead to a model, and lines of Rust to copy. Search finds models and
/// fields by each of their names. Models that tryton.toml does not select are marked. The page is a single file that
/// loads nothing and contacts no server.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton docs\n  \
    cargo tryton docs --schema schemas/mine --out public/models.html\n  \
    cargo tryton docs --out - | gzip > models.html.gz")]
pub(crate) struct Docs {
    /// The file to write, or - for standard output [default: target/tryton/index.html beside tryton.toml]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    schema: Schema,
}

impl Docs {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let settings = &app.settings;
        let out = self.out.clone().unwrap_or_else(|| beside(settings, OUT));
        let to_stdout = out.as_os_str() == "-";
        if to_stdout && app.json {
            return Err(Error::usage("--out - and --json both write to standard output: remove one of them"));
        }
        if !to_stdout {
            refuse_foreign(&out)?;
        }
        let snapshot = self.schema.open(settings)?;
        let contents = contents(&snapshot, settings)?;
        let page = html(&contents).map_err(|error| Error::files(format!("cannot write the page: {error}")))?;
        if to_stdout {
            app::say(page.trim_end());
            return Ok(Verdict::Well);
        }
        write(&out, &page)?;
        let models = contents.models.len();
        let fields: usize = contents.models.iter().map(|model| model.description.fields.len()).sum();
        let answer = json!({ "out": out, "models": models, "fields": fields, "bytes": page.len() });
        app.answer(&answer, || {
            let kilobytes = page.len().div_ceil(1000);
            format!("{}: written, {models} models with {fields} fields, {kilobytes} kB", out.display())
        })?;
        app.next(format!("open {}", url(&out)));
        Ok(Verdict::Well)
    }
}

/// Returns a file below the folder of the settings.
fn beside(settings: &Settings, file: &str) -> PathBuf {
    let folder = settings.file.as_deref().and_then(Path::parent);
    folder.map_or_else(|| PathBuf::from(file), |folder| folder.join(file))
}

/// Collects the contents of the page. A model without names in Rust is left out, with a note.
fn contents<'a>(snapshot: &'a SnapshotDir, settings: &Settings) -> Result<Contents<'a>, Error> {
    let server = snapshot.server();
    let is_selected =
        |name: &str| settings.models.is_empty() || glob::selects(settings.models.iter().map(String::as_str), name);
    let mut models = Vec::new();
    for name in &server.models {
        let model = snapshot.model(name)?;
        match schema::model_plan(snapshot, settings, &model) {
            Ok(plan) => {
                models.push(Listed { description: describe(&model, &plan), is_selected: is_selected(name) });
            }
            Err(error) => note(format!("the page leaves out `{name}`: {error}")),
        }
    }
    let (reports, wizards) = actions(snapshot, settings);
    let select = Remedy::new(|model| schema::how_to_select(settings, model));
    let add = Remedy::new(|model| schema::how_to_add(snapshot, settings, model));
    Ok(Contents { server, models, reports, wizards, select, add })
}

/// Returns the reports and wizards of no model. Without names in Rust they are left out, with a note.
fn actions(snapshot: &SnapshotDir, settings: &Settings) -> (Vec<DescribedAction>, Vec<DescribedAction>) {
    match schema::plan_of_some(snapshot, Vec::new(), &[], settings) {
        Ok(plan) => of_no_model(&plan),
        Err(error) => {
            note(format!("the page leaves out the reports and wizards of no model: {error}"));
            Default::default()
        }
    }
}

/// Refuses to replace a file that is not a page.
fn refuse_foreign(out: &Path) -> Result<(), Error> {
    if may_replace(out).map_err(|error| Error::io("read", out, &error))? {
        return Ok(());
    }
    let why = "was not written by this command, and is not overwritten: remove it, or name another file";
    Err(Error::usage(format!("{} {why}", out.display())))
}

/// Writes the page under another name, then renames it over an older page.
fn write(out: &Path, page: &str) -> Result<(), Error> {
    let folder = out.parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, &error))?;
    }
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let new = out.with_file_name(format!(".{name}.new-{}", std::process::id()));
    let written = fs::write(&new, page).map_err(|error| Error::io("write", &new, &error));
    let replaced = written.and_then(|()| fs::rename(&new, out).map_err(|error| Error::io("replace", out, &error)));
    if replaced.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&new);
    }
    replaced
}

/// Whether there is nothing yet, or an older page.
fn may_replace(out: &Path) -> io::Result<bool> {
    let file = match fs::File::open(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    if !file.metadata()?.is_file() {
        return Ok(false);
    }
    let mut begin = Vec::new();
    file.take(MARK.len() as u64).read_to_end(&mut begin)?;
    Ok(begin == MARK.as_bytes())
}

/// Returns the address of a file for a browser.
fn url(file: &Path) -> String {
    let path = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let path = path.to_string_lossy().replace('\\', "/");
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte);
    let part = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let path: String = path.bytes().map(part).collect();
    // A path on Windows begins with its drive.
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::url;

    #[test]
    fn an_address_has_no_odd_characters() {
        assert_eq!(url(Path::new("/tmp/größe 1#?%/a.html")), "file:///tmp/gr%C3%B6%C3%9Fe%201%23%3F%25/a.html");
    }
}
