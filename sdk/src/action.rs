//! What a server does on request: buttons, wizards and reports.

pub use tryton_sdk_core::{
    Button, NextStep, Offer, Report, ReportOf, Several, Wizard, WizardOf, WizardStep, WizardView,
};
