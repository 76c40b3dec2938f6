//! The models that a wizard or a report is offered on.

use std::fmt;
use std::marker::PhantomData;

use crate::error::{Error, Result};
use crate::selected::Selected;
use crate::value::{Id, ModelName};

/// A wizard or a report, with the models on whose records it is offered: a [`WizardOf`](crate::WizardOf) or a
/// [`ReportOf`](crate::ReportOf).
///
/// `K` is what it gives, `M` the model: [`Several`] for one that is offered on several models, `()` for one that is on
/// none.
pub struct Offer<K, M> {
    name: &'static str,
    models: &'static [&'static str],
    types: PhantomData<fn() -> (K, M)>,
}

/// Stands for the models of a report or a wizard that is offered on more than one: [`ReportOf`](crate::ReportOf),
/// [`WizardOf`](crate::WizardOf).
#[derive(Debug)]
pub enum Several {}

impl<K, M: ModelName> Offer<K, M> {
    /// The one of this internal name, which is offered on one model: `sale.return_sale`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, models: &[], types: PhantomData }
    }
}

impl<K> Offer<K, Several> {
    /// The one of this internal name, which is offered on these models.
    pub const fn several(name: &'static str, models: &'static [&'static str]) -> Self {
        Self { name, models, types: PhantomData }
    }

    /// The records of `M`, if it is offered on that model.
    pub(super) fn among<M: ModelName>(&self, ids: &[Id<M>]) -> Result<Selected> {
        if self.models.contains(&M::NAME) {
            return Ok(Selected::records(ids));
        }
        let (name, models) = (self.name, self.models.join("`, `"));
        Err(Error::invalid_request(format!("`{name}` is not offered on `{}`, but on `{models}`", M::NAME)))
    }
}

impl<K> Offer<K, ()> {
    /// The one of this internal name, which is on no model.
    pub const fn of_none(name: &'static str) -> Self {
        Self { name, models: &[], types: PhantomData }
    }
}

impl<K, M> Offer<K, M> {
    /// Its internal name: `sale.return_sale`.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

// Derives would ask the same of the parameters, which are only names.
impl<K, M> Clone for Offer<K, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, M> Copy for Offer<K, M> {}

impl<K, M> fmt::Debug for Offer<K, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Offer").field(&self.name).finish()
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
        let on = Offer::<(), Several>::several("party.replace", &["party.address", "party.party"])
            .among(&ids)
            .expect("offered");
        assert_eq!((on.model.as_deref(), on.ids), (Some("party.party"), vec![7]));
        let error = Offer::<(), Several>::several("sale.copy", &["sale.sale"]).among(&ids).expect_err("not offered");
        assert!(error.is_invalid_request(), "{error}");
        assert!(
            error.to_string().contains("`sale.copy` is not offered on `party.party`, but on `sale.sale`"),
            "{error}"
        );
    }
}
