//! Reading a snapshot, one file at a time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{FORMAT, Model, SERVER_FILE, Server, Snapshot, SnapshotError, file_name};

/// A snapshot on disk. Opening it reads `server.json`; each model is read on demand.
#[derive(Clone, Debug)]
pub struct SnapshotDir {
    path: PathBuf,
    server: Server,
}

impl SnapshotDir {
    /// Opens the snapshot in the folder `path`.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SnapshotError> {
        let path = path.into();
        if !path.is_dir() {
            return Err(SnapshotError::Missing { dir: path });
        }
        let file = path.join(SERVER_FILE);
        if !file.is_file() {
            return Err(SnapshotError::NotASnapshot { dir: path });
        }
        let server = Server::from_text(&file, &read(&file)?)?;
        Ok(Self { path, server })
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the content of `server.json`.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Returns the path of `server.json`.
    pub fn server_file(&self) -> PathBuf {
        self.path.join(SERVER_FILE)
    }

    /// Returns the path of the file that holds `model`.
    pub fn model_file(&self, model: &str) -> Result<PathBuf, SnapshotError> {
        match file_name(model) {
            Some(name) => Ok(self.path.join(name)),
            None => Err(SnapshotError::Broken {
                file: self.server_file(),
                line: 0,
                column: 0,
                reason: format!("`{model}` cannot be the name of a model"),
            }),
        }
    }

    /// Reads all models.
    pub fn load(&self) -> Result<Snapshot, SnapshotError> {
        let models = self.server.models.iter().map(|model| self.model(model));
        Ok(Snapshot { models: models.collect::<Result<_, _>>()?, server: self.server.clone() })
    }

    /// Reads the model `model`, which must be in the server's list of models.
    pub fn model(&self, model: &str) -> Result<Model, SnapshotError> {
        let file = self.model_file(model)?;
        if !file.is_file() {
            return Err(SnapshotError::MissingModel { file });
        }
        let read = Model::from_text(&file, &read(&file)?)?;
        if read.model != model {
            let reason = format!("it describes `{}` instead of `{model}`", read.model);
            return Err(SnapshotError::Broken { file, line: 0, column: 0, reason });
        }
        Ok(read)
    }
}

impl Server {
    /// Reads the text of a snapshot's `server.json`. Errors name `file`.
    pub fn from_text(file: &Path, text: &str) -> Result<Self, SnapshotError> {
        parse(file, text)
    }
}

impl Model {
    /// Reads the text of a model's file. Errors name `file`.
    pub fn from_text(file: &Path, text: &str) -> Result<Self, SnapshotError> {
        parse(file, text)
    }
}

fn read(file: &Path) -> Result<String, SnapshotError> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(SnapshotError::Broken {
            file: file.to_owned(),
            line: 0,
            column: 0,
            reason: "it is not UTF-8".to_owned(),
        }),
        other => other.map_err(|source| SnapshotError::Io { action: "read", path: file.to_owned(), source }),
    }
}

/// The one key that every version of the format has.
#[derive(Deserialize)]
struct Version {
    format: u64,
}

/// Parses a file. A file of another version is reported as such, whatever else is wrong with it.
fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, SnapshotError> {
    let version: Version = serde_json::from_str(text).map_err(|error| SnapshotError::broken(file, &error))?;
    if version.format != u64::from(FORMAT) {
        return Err(SnapshotError::Version { file: file.to_owned(), found: version.format });
    }
    serde_json::from_str(text).map_err(|error| SnapshotError::broken(file, &error))
}
