use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PASSWORD;
use super::error::SandboxError;
use super::keep::keep;
use super::layout::Layout;
use super::progress::Progress;
use super::spec::{Seed, Spec, fingerprint};
use super::step;
use super::trytond;
use super::venv::Venv;

/// The name of the database on every server.
pub(crate) const NAME: &str = "tryton";

const INITIALISE: &str = include_str!("scripts/initialise.py");
const SETTLE: &str = include_str!("scripts/settle.py");
const SEED: &str = include_str!("scripts/seed.py");
const NAMES: &str = include_str!("scripts/names.py");

/// The file of the database in a folder.
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}.sqlite"))
}

/// The database that is kept for a spec, initialised and seeded now if need be.
///
/// It is a file that no server has open: copy it.
pub(crate) fn kept(spec: &Spec, venv: &Venv, layout: &Layout, progress: &Progress) -> Result<PathBuf, SandboxError> {
    let folder = match spec.seed {
        Seed::None => initialised(spec, venv, layout, progress)?,
        Seed::Small | Seed::Large => seeded(spec, venv, layout, progress)?,
    };
    Ok(file(&folder))
}

fn initialised(spec: &Spec, venv: &Venv, layout: &Layout, progress: &Progress) -> Result<PathBuf, SandboxError> {
    let what = format!("Tryton {}: initialising the database", spec.series);
    let key = format!("{}-{:08x}", spec.key(), fingerprint(&[INITIALISE, SETTLE]) as u32);
    keep(&layout.databases().join(&key), &what, progress, |folder| {
        // trytond makes no database file by itself.
        write(&file(folder), "")?;
        let log = layout.log(&format!("initialise-{}", spec.key()));
        let mut script = script(venv, folder, "initialise.py", INITIALISE)?;
        let script = script.args(&spec.modules).env("TRYTONPASSFILE", password_file(folder)?);
        step::run(script, &what, &log, progress)?;
        settle(venv, folder, &log)
    })
}

fn seeded(spec: &Spec, venv: &Venv, layout: &Layout, progress: &Progress) -> Result<PathBuf, SandboxError> {
    let seed = spec.seed.as_str();
    let what = format!("Tryton {}: seeding the database ({seed})", spec.series);
    let mark = fingerprint(&[INITIALISE, SETTLE, SEED, NAMES]) as u32;
    let key = format!("{}-{seed}-{mark:08x}", spec.key());
    keep(&layout.databases().join(&key), &what, progress, |folder| {
        let initialised = initialised(spec, venv, layout, progress)?;
        copy(&file(&initialised), folder)?;
        write(&folder.join("names.py"), NAMES)?;
        let log = layout.log(&format!("seed-{}-{seed}", spec.key()));
        let mut script = script(venv, folder, "seed.py", SEED)?;
        step::run(script.args([PASSWORD, seed]), &what, &log, progress)?;
        settle(venv, folder, &log)
    })
}

/// Copies a kept database into a folder.
pub(crate) fn copy(database: &Path, folder: &Path) -> Result<(), SandboxError> {
    let copy = file(folder);
    fs::copy(database, &copy).map_err(SandboxError::io("write", &copy)).map(drop)
}

/// A script that works on the database in the folder.
fn script(venv: &Venv, folder: &Path, name: &str, text: &str) -> Result<Command, SandboxError> {
    let path = folder.join(name);
    write(&path, text)?;
    let config = trytond::write_config(folder, None, &Default::default())?;
    let mut command = venv.command();
    command.arg(path).arg(config).arg(NAME);
    // Sets come in the same order every time, and so do the records made from them.
    command.env("PYTHONHASHSEED", "0").env("PYTHONWARNINGS", "ignore").env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

fn settle(venv: &Venv, folder: &Path, log: &Path) -> Result<(), SandboxError> {
    let what = "closing the database";
    let mut command = venv.command();
    step::run(command.args(["-c", SETTLE]).arg(file(folder)), what, log, &Progress::silent())
}

fn password_file(folder: &Path) -> Result<PathBuf, SandboxError> {
    let path = folder.join("password");
    write(&path, PASSWORD)?;
    Ok(path)
}

fn write(path: &Path, text: &str) -> Result<(), SandboxError> {
    fs::write(path, text).map_err(SandboxError::io("write", path))
}
