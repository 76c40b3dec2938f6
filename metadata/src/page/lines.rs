//! Lines of Rust to start from, with `tryton`, a connection, and the `id` of a record.

use crate::describe::{DescribedAction, DescribedButton, Description};

/// Reads some records of a model, if it can be searched.
pub(super) fn search(model: &Description) -> Option<String> {
    let search = format!("{}::search", model.rust);
    model.functions.contains(&search).then(|| format!("{search}().limit(20).records(&tryton).await?"))
}

/// Presses a button.
pub(super) fn press(button: &DescribedButton) -> String {
    format!("{}(&tryton, &[id]).await?", button.rust)
}

/// Creates a report of a record.
pub(super) fn execute(report: &DescribedAction) -> String {
    format!("{}.execute(&tryton, &[id]).await?", report.rust)
}

/// Creates a report of no model.
pub(super) fn execute_alone(report: &DescribedAction) -> String {
    format!("{}.execute(&tryton).await?", report.rust)
}

/// Starts a wizard on a record.
pub(super) fn start(wizard: &DescribedAction) -> String {
    format!("{}.start(&tryton, &[id]).await?", wizard.rust)
}

/// Starts a wizard of no model.
pub(super) fn start_alone(wizard: &DescribedAction) -> String {
    format!("{}.start(&tryton).await?", wizard.rust)
}
