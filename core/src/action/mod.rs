//! What a server does on request: buttons, wizards and reports.

mod button;
mod probe;
mod report;
mod wizard;

pub use button::{NextStep, press};
pub use probe::{Button, method_of};
pub use report::{Report, ReportOf};
pub use wizard::{Wizard, WizardOf, WizardStep, WizardView};

use crate::error::{Error, Result};
use crate::value::Id;
use crate::value::ModelName;

/// Stands for the models of a report or a wizard that is offered on more than one: [`ReportOf`](crate::ReportOf),
/// [`WizardOf`](crate::WizardOf).
#[derive(Debug)]
pub enum Several {}

/// The records that a report or a wizard is to be on.
pub(crate) struct Selected {
    pub(crate) model: Option<&'static str>,
    pub(crate) ids: Vec<i64>,
}

impl Selected {
    pub(crate) fn nothing() -> Self {
        Self { model: None, ids: Vec::new() }
    }

    pub(crate) fn records<M: ModelName>(ids: &[Id<M>]) -> Self {
        Self { model: Some(M::NAME), ids: ids.iter().map(|id| id.get()).collect() }
    }

    /// Records of `M`, on which `name` has to be offered.
    pub(crate) fn among<M: ModelName>(models: &[&str], name: &str, ids: &[Id<M>]) -> Result<Self> {
        if models.contains(&M::NAME) {
            return Ok(Self::records(ids));
        }
        let models = models.join("`, `");
        Err(Error::invalid_request(format!("`{name}` is not offered on `{}`, but on `{models}`", M::NAME)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Party {}

    impl ModelName for Party {
        const NAME: &'static str = "party.party";
    }

    #[test]
    fn what_is_on_several_models_is_on_no_other() {
        let ids = [Id::<Party>::new(7)];
        let on = Selected::among(&["party.address", "party.party"], "party.replace", &ids).expect("offered");
        assert_eq!((on.model, on.ids), (Some("party.party"), vec![7]));
        let error = Selected::among(&["sale.sale"], "sale.copy", &ids).err().expect("not offered");
        assert!(error.is_invalid_request(), "{error}");
        assert!(
            error.to_string().contains("`sale.copy` is not offered on `party.party`, but on `sale.sale`"),
            "{error}"
        );
    }
}
