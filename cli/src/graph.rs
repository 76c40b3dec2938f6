//! `cargo tryton graph`.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};
use tryton_sdk_metadata::graph::Graph;

use crate::app::{self, App, Verdict};
use crate::error::Error;
use crate::schema::{self, Schema};

/// Draw the relations around a model
///
/// The fields for the users who created and changed a record are left out.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton graph sale.sale --depth 1 > sale.mmd\n  \
    cargo tryton graph sale.sale --format svg > sale.svg     # needs Graphviz")]
pub(crate) struct Draw {
    /// The model, such as sale.sale, or its type, such as Sale
    model: String,
    /// The number of relations to follow, one after the other
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    depth: usize,
    /// The format of the graph; --json lists models and relations instead
    #[arg(long, value_enum, default_value_t = Format::Mermaid)]
    format: Format,
    #[command(flatten)]
    schema: Schema,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Text that wikis and forges render
    Mermaid,
    /// Text for Graphviz
    Dot,
    /// A picture, drawn by Graphviz
    Svg,
}

impl Draw {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let snapshot = self.schema.open(&app.settings)?;
        let start = schema::model(&snapshot, &app.settings, &self.model)?.model;
        let graph = Graph::around(&start, self.depth, |name| {
            snapshot.server().models.contains(name).then(|| snapshot.model(name)).transpose()
        })?;
        if app.json {
            app.answer(&graph, String::new)?;
            return Ok(Verdict::Well);
        }
        let picture = match self.format {
            Format::Mermaid => graph.mermaid(),
            Format::Dot => graph.dot(),
            Format::Svg => svg(&graph.dot())?,
        };
        app::say(picture.trim_end());
        Ok(Verdict::Well)
    }
}

/// Runs Graphviz.
fn svg(dot: &str) -> Result<String, Error> {
    let child = Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Error::usage("`dot`, which draws SVG, is not installed: install Graphviz, or use --format mermaid")
        }
        _ => Error::files(format!("cannot run `dot`: {error}")),
    })?;
    let failed = |error| Error::files(format!("cannot run `dot`: {error}"));
    // Graphviz reads all of its input before it writes.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(dot.as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(Error::files(format!("`dot` failed: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
