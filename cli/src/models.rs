//! The models that commands are about.

use clap::Args;
use tryton_sdk_codegen::glob;

/// Patterns for models.
#[derive(Args)]
pub(crate) struct Models {
    /// Models by name or pattern, separated by commas: 'sale.*,party.party'; '*' stands for any text
    #[arg(long, value_name = "PATTERNS", required = true)]
    models: Vec<String>,
}

impl Models {
    /// One pattern after the other.
    pub(crate) fn patterns(&self) -> Vec<String> {
        self.models.iter().flat_map(|text| glob::split(text)).map(str::to_owned).collect()
    }
}
