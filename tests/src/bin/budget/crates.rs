//! The measured crates, below `target/budget/`.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

use tryton_sdk_codegen::plan::{self, FieldPlan, ModelPlan, Plan, Request, Shape};
use tryton_sdk_codegen::snapshot::SnapshotDir;
use tryton_sdk_metadata::generate;
use tryton_sdk_tests::build::workspace;

/// The name of every crate.
pub(crate) const NAME: &str = "budget_erp";

/// The contents of a crate.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Only the SDK.
    Empty,
    /// All models of the snapshot.
    All,
    /// All models, with enums of selections that implement the traits of serde.
    AllBySerde,
    /// The first models, up to this number.
    Some(usize),
    /// The first models, and a number of structs of ten fields with this derive.
    Derived(usize, Derive, usize),
    /// All models as serde structs, for comparison.
    Records,
}

/// The derive of a struct.
#[derive(Clone, Copy)]
pub(crate) enum Derive {
    Projection,
    Draft,
}

impl Derive {
    fn name(self) -> &'static str {
        match self {
            Self::Projection => "Projection",
            Self::Draft => "Draft",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "none",
            Self::All | Self::Some(_) => "generated",
            Self::AllBySerde => "generated, serde = true",
            Self::Derived(_, derive, count) => return write!(f, "{count} {}s", derive.name().to_lowercase()),
            Self::Records => "records of serde",
        })
    }
}

/// Returns the folder of all crates.
pub(crate) fn folder() -> PathBuf {
    workspace().join("target/budget")
}

/// Returns the models of the snapshot that a crate contains.
pub(crate) fn models(schema: &Path, kind: Kind) -> Result<Vec<String>, Box<dyn Error>> {
    let snapshot = SnapshotDir::open(schema)?;
    let count = match kind {
        Kind::Empty => 0,
        Kind::Some(count) | Kind::Derived(count, ..) => count,
        Kind::All | Kind::AllBySerde | Kind::Records => usize::MAX,
    };
    Ok(snapshot.server().models.iter().take(count).cloned().collect())
}

/// Writes the crate, and returns its folder.
pub(crate) fn write(schema: &Path, kind: Kind) -> Result<PathBuf, Box<dyn Error>> {
    let snapshot = SnapshotDir::open(schema)?;
    let server = snapshot.server();
    let models = models(schema, kind)?.iter().map(|model| snapshot.model(model)).collect::<Result<_, _>>()?;
    let plan = plan::plan(&Request::new(server, models, |_| true)).map_err(|errors| format!("{errors:?}"))?;

    let dir = folder().join("crate");
    let src = dir.join("src");
    if src.exists() {
        fs::remove_dir_all(&src)?;
    }
    fs::create_dir_all(src.join("erp"))?;
    fs::write(dir.join("Cargo.toml"), manifest())?;
    fs::copy(workspace().join("Cargo.lock"), dir.join("Cargo.lock"))?;
    match kind {
        Kind::Empty => fs::write(src.join("lib.rs"), "pub use tryton_sdk as sdk;\n")?,
        Kind::Records => fs::write(src.join("lib.rs"), records(&plan))?,
        Kind::All | Kind::AllBySerde | Kind::Some(_) | Kind::Derived(..) => {
            let serde = matches!(kind, Kind::AllBySerde);
            let derived = match kind {
                Kind::Derived(_, derive, count) => derived(&plan, derive, count),
                _ => String::new(),
            };
            fs::write(src.join("lib.rs"), format!("pub mod erp;\n{derived}"))?;
            for (name, text) in generate::files(&plan, "snapshot", "::tryton_sdk", serde) {
                fs::write(src.join("erp").join(name), text)?;
            }
        }
    }
    Ok(dir)
}

fn manifest() -> String {
    let sdk = workspace().join("sdk");
    format!(
        "[package]\nname = {NAME:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         tryton-sdk = {{ path = {sdk:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"
    )
}

/// Returns a struct for each model with a value for each field, as other generators would write it.
fn records(plan: &Plan) -> String {
    let mut text = String::new();
    for model in &plan.models {
        let _ = writeln!(
            text,
            "#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]\npub struct {} {{",
            model.name
        );
        for field in &model.fields {
            let rust = match field.rust.base.as_str() {
                "bool" | "i64" | "f64" | "String" => field.rust.to_string(),
                base if base.starts_with("Id<") => field.rust.to_string().replace(base, "i64"),
                _ => "Option<String>".to_owned(),
            };
            let _ = writeln!(text, "    pub {}: {rust},", field.ident);
        }
        text.push_str("}\n");
    }
    text
}

/// Returns `count` structs of ten fields of a model; for drafts, of writable fields.
fn derived(plan: &Plan, derive: Derive, count: usize) -> String {
    const FIELDS: usize = 10;
    let fits = |field: &&FieldPlan| match derive {
        Derive::Projection => true,
        Derive::Draft => !field.readonly && field.rust.shape != Shape::Many,
    };
    let fields = |model: &ModelPlan| model.fields.iter().filter(fits).take(FIELDS).cloned().collect::<Vec<_>>();
    let mut models = plan.models.iter().map(|model| (&model.name, fields(model)));
    let Some((model, fields)) = models.find(|(_, fields)| fields.len() == FIELDS) else { return String::new() };
    let fields: String = fields.iter().map(|field| format!("    pub {}: {},\n", field.ident, field.rust)).collect();
    let derive = derive.name();
    let structs = (0..count).map(|number| {
        format!(
            "#[derive(tryton_sdk::{derive})]\n#[tryton(model = {model})]\npub struct {derive}{number} {{\n{fields}}}\n"
        )
    });
    format!("use erp::*;\nuse tryton_sdk::types::*;\n{}", structs.collect::<String>())
}
