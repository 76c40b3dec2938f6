//! Buttons, wizards, reports and other actions of a server.

mod next;
mod offer;
mod report;
mod window;
mod wizard;

pub use crate::button::{Button, NextAction, NextStep};
pub use next::Action;
pub use offer::{Offer, Several};
pub use report::{Report, ReportOf, ReportRequest};
pub use window::Window;
pub use wizard::{Wizard, WizardButton, WizardOf, WizardRequest, WizardStep, WizardView};
