//! The metadata of one server as a folder of JSON files.
//!
//! `server.json` describes the server and lists its models; each pulled model has a file
//! `<technical.name>.json` beside it. `schemas/README.md` documents every key.

mod error;
mod model;
mod read;
mod server;

pub use error::SnapshotError;
pub use model::{Button, Choice, Field, Model};
pub use read::SnapshotDir;
pub use server::{Server, User};

/// The version of the format that this version of the SDK reads and writes.
pub const FORMAT: u32 = 1;

/// The file of a snapshot that describes the server.
pub const SERVER_FILE: &str = "server.json";

/// The bytes of the longest name that a file can have.
pub const LONGEST_NAME: usize = 255;

/// A whole snapshot in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The content of `server.json`.
    pub server: Server,
    /// The pulled models, in the order of their names.
    pub models: Vec<Model>,
}

/// Returns the name of the file that holds `model`, or `None` if the model's name is unsafe for a file.
///
/// Technical names are letters, digits, `.`, `_` and `-`; anything else does not become a path. File systems take names of
/// up to 255 bytes.
pub fn file_name(model: &str) -> Option<String> {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let file = format!("{model}.json");
    let is_safe = model.starts_with(char::is_alphanumeric) && model.chars().all(safe);
    (is_safe && file != SERVER_FILE && file.len() <= LONGEST_NAME).then_some(file)
}

#[cfg(test)]
mod tests;
