//! The buttons of a model.

use std::collections::BTreeSet;

use crate::naming;
use crate::snapshot::Model;

/// A button of a model, which becomes a function of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ButtonPlan {
    /// The name on the wire.
    pub name: String,
    /// The name in Rust, raw where it must be (`r#do`).
    pub ident: String,
    /// The text on the button.
    pub label: String,
    /// The help text.
    pub help: String,
    /// The question that a client asks before it presses the button.
    pub confirm: String,
}

/// Returns the buttons of `model` in the order of their names.
pub(super) fn buttons(model: &Model) -> Vec<ButtonPlan> {
    let mut taken = BTreeSet::new();
    let plans = model.buttons.iter().map(|(name, button)| ButtonPlan {
        name: name.clone(),
        ident: naming::unique(naming::button_name(name), &mut taken),
        label: button.label.clone(),
        help: button.help.clone(),
        confirm: button.confirm.clone(),
    });
    plans.collect()
}
