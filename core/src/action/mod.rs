//! Buttons, wizards and reports: the actions of a server.

mod button;
mod offer;
mod probe;
mod report;
mod wizard;

pub use button::{NextStep, press};
pub use offer::{Offer, Several};
pub use probe::{Button, method_of};
pub use report::{Report, ReportOf};
pub use wizard::{Wizard, WizardOf, WizardStep, WizardView};
