//! The models that commands work on.

use clap::Args;
use serde_json::Value;
use tryton_sdk_metadata::patterns;

use crate::error::Error;
use crate::settings::Settings;
use crate::terminal;

/// Formats patterns as the items of a list in TOML or Rust: `"sale.*", "party.party"`.
pub(crate) fn items<'a>(patterns: impl IntoIterator<Item = &'a str>) -> String {
    patterns.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// Quotes a text for TOML and Rust: both know the escapes of JSON that a name or a path needs.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Patterns for models.
#[derive(Args, Clone)]
pub(crate) struct Patterns {
    /// Models by name or pattern, separated by commas: 'sale.*,party.party'; '*' matches any text, and '!' in front of
    /// a pattern excludes: '*,!*.reporting.*' [default: `models` in tryton.toml]
    #[arg(long, value_name = "PATTERNS")]
    models: Vec<String>,
}

impl Patterns {
    /// Returns the patterns; none if neither a flag nor the settings name one.
    pub(crate) fn list(&self, settings: &Settings) -> Vec<String> {
        let given = if self.models.is_empty() { &settings.models } else { &self.models };
        given.iter().flat_map(|text| patterns::split(text)).map(str::to_owned).collect()
    }

    /// Asks on the terminal if neither a flag nor the settings name one.
    pub(crate) fn complete(&mut self, settings: &Settings) {
        if self.list(settings).is_empty() {
            self.models.extend(terminal::ask("the models, such as sale.*,party.party; * for all"));
        }
    }

    /// Like [`list`](Self::list), for a command that needs at least one.
    pub(crate) fn required(&self, settings: &Settings) -> Result<Vec<String>, Error> {
        let patterns = self.list(settings);
        if patterns.is_empty() {
            let why = "no models: give --models 'sale.*,party.party' ('*' for all), or set `models` in tryton.toml";
            return Err(Error::usage(why));
        }
        Ok(patterns)
    }
}
