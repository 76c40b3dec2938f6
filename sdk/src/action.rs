//! Buttons, wizards and reports: the actions of a server.

pub use tryton_sdk_core::{
    Button, NextStep, Offer, Report, ReportOf, Several, Wizard, WizardOf, WizardStep, WizardView,
};
