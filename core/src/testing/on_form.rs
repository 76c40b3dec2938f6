use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::filled::{Filled, OnSet};
use super::state::State;
use super::values::Values;
use crate::model::Target;
use crate::{Field, FieldType, Model, ToMany};

/// Declares how a mock server fills in [forms](crate::Form) of the model `M`: its fields, their defaults, and the values
/// that follow when a field is set. These calls may or may not be made. Saving and reading are calls that a test expects
/// like others: `on_create`, `on_write`, `on_read`.
///
/// Start with [`Server::on_form`](super::Server::on_form). By default, a field has no default value, and nothing follows
/// from it. Lists must be declared.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "product.product", "sale.*"] } }
/// use erp::{Party, Product, Sale, SaleLine};
/// use tryton_sdk::testing::{Server, Values};
/// use tryton_sdk::{Connection, Decimal, Draft, Id, Records, Result, Series};
///
/// /// The code under test.
/// async fn sell(tryton: &dyn Connection, to: Id<Party>, product: Id<Product>) -> Result<(Id<Sale>, Option<Decimal>)> {
///     let mut sale = Sale::form(tryton).await?;
///     sale.set(Sale::F.party, to).await?;
///     let mut line = sale.add(Sale::F.lines).await?;
///     line.set(SaleLine::F.product, product).await?;
///     let total = sale.get(Sale::F.total_amount).await?;
///     Ok((sale.save().await?, total))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// const CUSTOMER: Id<Party> = Id::new(3);
/// const BOLT: Id<Product> = Id::new(5);
///
/// let server = Server::new(Series::new(8, 2));
/// server.on_form::<SaleLine>().on_set(SaleLine::F.product, |_| Values::new().set(SaleLine::F.quantity, 1));
/// server.on_form::<Sale>().list(Sale::F.lines).on_set(Sale::F.lines, |sale| {
///     let count: f64 = sale.rows(Sale::F.lines).iter().filter_map(|line| line.get(SaleLine::F.quantity)).sum();
///     Values::new().set(Sale::F.total_amount, Decimal::from(count as i64 * 25))
/// });
/// let line = Draft::new().set(SaleLine::F.product, BOLT).set(SaleLine::F.quantity, 1);
/// server.on_create(Draft::new().set(Sale::F.party, CUSTOMER).add(Sale::F.lines, [line])).returns(Id::new(7));
///
/// let sold = sell(&server, CUSTOMER, BOLT).await.unwrap();
/// assert_eq!(sold, (Id::new(7), Some(25.into())));
/// # }
/// ```
pub struct OnForm<M> {
    state: Arc<State>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> OnForm<M> {
    pub(super) fn new(state: Arc<State>) -> Self {
        state.lock().forms().model::<M>();
        Self { state, model: PhantomData }
    }

    /// Declares the default values of a new record.
    pub fn defaults(self, defaults: Values<M>) -> Self {
        self.change(|filled| filled.defaults = defaults.into_map())
    }

    /// Declares a list of records, a one2many or many2many, that a form may change.
    pub fn list<T, Q>(self, list: Field<M, T, Q>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Target<T>: Model,
    {
        self.state.lock().forms().add_list::<M, Target<T>>(list.name(), list.back());
        self
    }

    /// Declares the `on_change` of a field: the function gets the current values of the record, and returns the values
    /// that follow. As in Tryton, nothing further follows from those. For a list, it is called before the record is read
    /// or saved.
    pub fn on_set<T, Q>(
        self,
        field: Field<M, T, Q>,
        mut change: impl FnMut(&Values<M>) -> Values<M> + Send + 'static,
    ) -> Self {
        let change = move |values: Map<String, Value>| change(&Values::of(values)).into_map();
        self.add(field.name(), OnSet::Change(Box::new(change)))
    }

    /// Refuses to set the field, with this message for the user ([`is_user_error`](crate::Error::is_user_error)).
    pub fn refuses<T, Q>(self, field: Field<M, T, Q>, message: &str) -> Self {
        self.add(field.name(), OnSet::Refuse(message.to_owned()))
    }

    /// Declares another attribute of a field: `required`, `size`, `domain`, `states`, `selection`, or its label,
    /// `string`. Expressions are texts, as sent by a server.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use tryton_sdk::testing::Server;
    /// use tryton_sdk::{Records, Series};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = Server::new(Series::new(8, 2));
    /// server.on_form::<Sale>().defines(Sale::F.party, "required", true);
    /// let mut sale = Sale::form(&server).await.unwrap();
    /// assert_eq!(sale.check().await.unwrap().to_string(), "`party` needs a value");
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If the value cannot be serialised as JSON.
    pub fn defines<T, Q>(self, field: Field<M, T, Q>, attribute: &str, value: impl Serialize) -> Self {
        let value = json!(value);
        self.change(|filled| {
            let attributes = filled.attributes.entry(field.name().to_owned()).or_default();
            attributes.insert(attribute.to_owned(), value);
        })
    }

    fn add(self, field: &'static str, on_set: OnSet) -> Self {
        self.change(|filled| filled.on_set.push((field, on_set)))
    }

    fn change(self, change: impl FnOnce(&mut Filled)) -> Self {
        change(self.state.lock().forms().model::<M>());
        self
    }
}

impl<M: Model> fmt::Debug for OnForm<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OnForm({})", M::NAME)
    }
}
