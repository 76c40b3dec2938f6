//! Forms of models whose fields are known at compile time.

use std::borrow::BorrowMut;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::any::{AnyForm, Desk};
use super::check::Violations;
use super::context::States;
use super::notification::Notification;
use crate::button::{Button, NextStep, method_of};
use crate::connection::Connection;
use crate::draft::Draft;
use crate::error::{Error, Result, reason};
use crate::model::{Field, FieldType, Nullable, Selectable, Settable, Takes, Target, ToMany, Writable};
use crate::query::Operand;
use crate::value::{Decode, Id, Labelled, ModelName};

/// One of the choices of a field of the type `T`.
type Choosable<T> = Labelled<<<T as FieldType>::Base as Selectable>::Value>;

/// A record of `M` that is being filled in, with all records of its lists, like a form in Tryton's own clients.
///
/// [`Records::form`](crate::Records::form) starts a new record with the server's defaults, and
/// [`Records::open`](crate::Records::open) opens a saved one. After each [`set`](Self::set), the server computes the
/// values that follow. Nothing is stored before [`save`](Self::save), which makes one request for the record and the
/// records of its lists.
///
/// A record in a list is a [`Row`], which borrows the form.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
/// use erp::{Party, Product, Sale, SaleLine};
/// use tryton_sdk::{Client, Decimal, Draft, Id, Records, Result};
///
/// async fn sell(tryton: &Client, customer: Id<Party>, wanted: &[(Id<Product>, f64)]) -> Result<Id<Sale>> {
///     let mut sale = Sale::form(tryton).await?;
///     sale.set(Sale::F.party, customer).await?; // its addresses, payment term, …
///     for (product, quantity) in wanted {
///         let mut line = sale.add(Sale::F.lines).await?;
///         line.set(SaleLine::F.product, product).await?; // its unit, price, taxes, …
///         line.set(SaleLine::F.quantity, *quantity).await?;
///     }
///     let total: Option<Decimal> = sale.get(Sale::F.total_amount).await?;
///     println!("{total:?}");
///     let id = sale.save().await?;
///     sale.press(Sale::quote).await?;
///     Ok(id)
/// }
///
/// /// The same with the fewest requests.
/// async fn sell_at_once(tryton: &Client, customer: Id<Party>, wanted: &[(Id<Product>, f64)]) -> Result<Id<Sale>> {
///     let lines = wanted.iter().map(|(product, quantity)| {
///         Draft::new().set(SaleLine::F.product, product).set(SaleLine::F.quantity, *quantity)
///     });
///     let mut sale = Sale::form(tryton).await?;
///     sale.fill(Draft::new().set(Sale::F.party, customer).add(Sale::F.lines, lines)).await?;
///     sale.save().await
/// }
/// ```
pub struct Form<M, D = Desk> {
    any: AnyForm<D>,
    model: PhantomData<fn() -> M>,
}

/// A record in a list of a [`Form`].
pub type Row<'f, M> = Form<M, &'f mut Desk>;

impl<M: ModelName> Form<M> {
    /// Starts a new record with the server's defaults.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn new(connection: &dyn Connection) -> Result<Self> {
        AnyForm::new(connection, M::NAME).await.map(Self::of)
    }

    /// Opens a saved record and reads its fields. The records in its lists are read on first use.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn open(connection: &dyn Connection, id: Id<M>) -> Result<Self> {
        AnyForm::open(connection, M::NAME, id.get()).await.map(Self::of)
    }

    /// Saves the record and all changes below it in one request, and returns the record's id. Without changes, no request
    /// is made. Values are read again on demand.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_concurrency`](Error::is_concurrency) if somebody else has changed one of the
    /// records since it was read. The form stays as it was: accept a warning and save again.
    pub async fn save(&mut self) -> Result<Id<M>> {
        self.any.save().await.map(Id::new)
    }

    /// Saves the changes, presses a button on the record, and discards its known values, because the button may have
    /// changed anything.
    ///
    /// # Errors
    ///
    /// As for [`save`](Self::save). If the button fails, the record stays saved.
    pub async fn press(&mut self, button: Button<M>) -> Result<NextStep> {
        let id = self.save().await?;
        let next = button(&self.any.careful(), &[id]).await?;
        self.any.forget().await?;
        Ok(next)
    }

    /// Saves several forms and returns the ids of their records: one request for all new ones, then one for all changed
    /// ones. Forms with different contexts need more requests.
    ///
    /// # Errors
    ///
    /// As for [`save`](Self::save). If a request fails, its forms stay as they were. Forms of an earlier request are
    /// saved and know it: call again to save the others.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::{Party, Sale};
    /// use tryton_sdk::{Client, Form, Id, Records, Result};
    ///
    /// async fn for_each(tryton: &Client, customers: &[Id<Party>]) -> Result<Vec<Id<Sale>>> {
    ///     let mut sales = Vec::new();
    ///     for customer in customers {
    ///         let mut sale = Sale::form(tryton).await?;
    ///         sale.set(Sale::F.party, customer).await?;
    ///         sales.push(sale);
    ///     }
    ///     Form::save_all(&mut sales).await
    /// }
    /// ```
    pub async fn save_all<'f>(forms: impl IntoIterator<Item = &'f mut Self>) -> Result<Vec<Id<M>>>
    where
        M: 'f,
    {
        let ids = AnyForm::save_all(forms.into_iter().map(|form| &mut form.any)).await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }

    /// Copies the saved record on the server, with `changes` applied, and opens the copy. Unsaved changes of this form
    /// are not copied.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the record is not saved.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Client, Draft, Id, Records, Result};
    ///
    /// async fn again(tryton: &Client, sale: Id<Sale>) -> Result<Id<Sale>> {
    ///     let mut again = Sale::open(tryton, sale).await?.copy(Draft::new().clear(Sale::F.sale_date)).await?;
    ///     again.delete(Sale::F.lines, 0).await?;
    ///     again.save().await
    /// }
    /// ```
    pub async fn copy(&mut self, changes: Draft<M>) -> Result<Self> {
        self.any.copy(changes.into_any()).await.map(Self::of)
    }

    /// Drops all unsaved changes, and reads the record again. A new record is not read.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The changes are dropped even if reading fails.
    pub async fn reload(&mut self) -> Result<()> {
        self.any.reload().await
    }

    /// Reads the record and the changed records in its lists again, and keeps the changes. Use it after a save has failed
    /// with [`is_concurrency`](Error::is_concurrency): the next save overwrites only the fields that were changed in this
    /// form. Rows that somebody else has deleted disappear from the form.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The form stays as it was.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Form, Result};
    ///
    /// /// What is set here counts, whoever else has changed the sale.
    /// async fn insist(sale: &mut Form<Sale>) -> Result<()> {
    ///     while let Err(error) = sale.save().await {
    ///         if !error.is_concurrency() {
    ///             return Err(error);
    ///         }
    ///         sale.reload_keeping_changes().await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub async fn reload_keeping_changes(&mut self) -> Result<()> {
        self.any.reload_keeping_changes().await
    }

    /// Whether there are changes to save.
    pub fn is_modified(&self) -> bool {
        self.any.is_modified()
    }
}

impl<M: ModelName, D: BorrowMut<Desk>> Form<M, D> {
    pub(crate) fn of(any: AnyForm<D>) -> Self {
        Self { any, model: PhantomData }
    }

    /// The id of the record; `None` until it is saved.
    pub fn id(&self) -> Option<Id<M>> {
        Some(self.any.id()).filter(|id| *id >= 0).map(Id::new)
    }

    /// The same form with its fields named at run time, for fields without types.
    pub fn as_any(&mut self) -> &mut AnyForm<D> {
        &mut self.any
    }

    /// Sets a field, and lets the server compute the values that follow: up to three requests, and none if the field
    /// already has the value. For a field that may be null, the value may be an `Option`.
    ///
    /// Setting a read-only field, or a value of the wrong type, does not compile.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_user_error`](Error::is_user_error) if the server refuses the value: the message
    /// names the field and the record. The field keeps its previous value.
    pub async fn set<T, Q, V>(&mut self, field: Field<M, T, Q>, value: V) -> Result<()>
    where
        T: FieldType<Base: Settable, Null: Takes<V::Null>>,
        Q: Writable,
        V: Operand<T::Base>,
    {
        self.any.set(field.name(), value.into_json()?).await
    }

    /// Sets a field to null, and lets the server compute the values that follow.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set).
    pub async fn clear<T, Q>(&mut self, field: Field<M, T, Q>) -> Result<()>
    where
        T: FieldType<Null: Takes<Nullable>>,
        Q: Writable,
    {
        self.any.set(field.name(), Value::Null).await
    }

    /// Returns the value of a field, after the server has computed the consequences of changed lists. Ids of unsaved
    /// records are negative.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_decode`](Error::is_decode) if the value does not fit the field's type: in a new
    /// record, even a required field may have no value yet.
    pub async fn get<T: Decode, Q>(&mut self, field: Field<M, T, Q>) -> Result<T> {
        let value = self.any.get(field.name()).await?;
        self.decode(field, &value)
    }

    /// Returns the current value of a field without a request; `None` if it has not been read.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) if the value does not fit the field's type.
    pub fn peek<T: Decode, Q>(&self, field: Field<M, T, Q>) -> Result<Option<T>> {
        self.any.peek(field.name()).map(|value| self.decode(field, &value)).transpose()
    }

    /// Evaluates whether a field is read-only, required and invisible with the current values. Values that the field's
    /// expressions need are read.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_expression`](Error::is_expression) if one of the field's expressions cannot be
    /// evaluated.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::SaleLine;
    /// use tryton_sdk::Result;
    /// use tryton_sdk::form::Row;
    ///
    /// async fn is_open(line: &mut Row<'_, SaleLine>) -> Result<bool> {
    ///     let states = line.states(SaleLine::F.quantity).await?;
    ///     Ok(!states.readonly && !states.invisible)
    /// }
    /// ```
    pub async fn states<T, Q>(&mut self, field: Field<M, T, Q>) -> Result<States> {
        self.any.states(field.name()).await
    }

    fn decode<T: Decode, Q>(&self, field: Field<M, T, Q>, value: &Value) -> Result<T> {
        let id = Some(self.any.id());
        field.seed().deserialize(value).map_err(|e| Error::decode(id, field.name().to_owned(), reason(&e), false))
    }

    /// Adds a new record with the server's defaults at the end of a list.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn add<T, Q>(&mut self, list: Field<M, T, Q>) -> Result<Row<'_, Target<T>>>
    where
        T: FieldType<Base: ToMany>,
        Target<T>: ModelName,
        Q: Writable,
    {
        self.any.add(list.name()).await.map(Form::of)
    }

    /// Returns the number of records in a list.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn len<T: FieldType<Base: ToMany>, Q>(&mut self, list: Field<M, T, Q>) -> Result<usize> {
        self.any.len(list.name()).await
    }

    /// Returns the record at this index of a list, starting with 0.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the index is out of bounds.
    pub async fn row<T, Q>(&mut self, list: Field<M, T, Q>, index: usize) -> Result<Row<'_, Target<T>>>
    where
        T: FieldType<Base: ToMany>,
        Target<T>: ModelName,
    {
        self.any.row(list.name(), index).await.map(Form::of)
    }

    /// Removes the record at this index from a list, on the server when the form is saved. The record itself still
    /// exists.
    ///
    /// # Errors
    ///
    /// As for [`row`](Self::row).
    pub async fn remove<T, Q>(&mut self, list: Field<M, T, Q>, index: usize) -> Result<()>
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.any.remove(list.name(), index).await
    }

    /// Deletes the record at this index of a list, on the server when the form is saved.
    ///
    /// # Errors
    ///
    /// As for [`row`](Self::row).
    pub async fn delete<T, Q>(&mut self, list: Field<M, T, Q>, index: usize) -> Result<()>
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.any.delete(list.name(), index).await
    }

    /// Returns the record of a list with this id.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the list has no such record.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::{Sale, SaleLine};
    /// use tryton_sdk::{Form, Id, Result};
    ///
    /// async fn set_quantity(sale: &mut Form<Sale>, line: Id<SaleLine>, quantity: f64) -> Result<()> {
    ///     sale.row_by_id(Sale::F.lines, line).await?.set(SaleLine::F.quantity, quantity).await
    /// }
    /// ```
    pub async fn row_by_id<T, Q>(&mut self, list: Field<M, T, Q>, id: Id<Target<T>>) -> Result<Row<'_, Target<T>>>
    where
        T: FieldType<Base: ToMany>,
        Target<T>: ModelName,
    {
        self.any.row_by_id(list.name(), id.get()).await.map(Form::of)
    }

    /// Removes records from a list by their ids, on the server when the form is saved. The records themselves still
    /// exist. The opposite of [`link`](Self::link).
    ///
    /// # Errors
    ///
    /// As for [`row_by_id`](Self::row_by_id). The form stays as it was.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Form, Result};
    ///
    /// async fn keep_the_first(sale: &mut Form<Sale>) -> Result<()> {
    ///     let lines = sale.get(Sale::F.lines).await?;
    ///     sale.unlink(Sale::F.lines, lines.into_iter().skip(1)).await
    /// }
    /// ```
    pub async fn unlink<T, Q>(
        &mut self,
        list: Field<M, T, Q>,
        ids: impl IntoIterator<Item = Id<Target<T>>>,
    ) -> Result<()>
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.any.unlink(list.name(), ids.into_iter().map(Id::get)).await
    }

    /// Adds saved records at the end of a list.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn link<T, Q>(&mut self, list: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Result<()>
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.any.link(list.name(), ids.into_iter().map(Id::get)).await
    }

    /// Sets all fields of a draft in its order, and applies its changes of lists. The result is the same as calling
    /// [`set`](Self::set) for each field, with the fewest requests.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set). The form stays as it was.
    pub async fn fill(&mut self, draft: Draft<M>) -> Result<()> {
        self.any.fill(draft.into_any()).await
    }

    /// Checks the record and those in its lists before they are saved, and returns all violations at once: missing
    /// values, texts and lists that are too long, numbers with too many digits, and values outside the domain of their
    /// field. In a saved record, only changed fields and those that depend on them are checked.
    ///
    /// Related records are checked against domains by one search per domain; without such domains, no request is made.
    /// Some models fill in a required field while the record is created, such as `number_next_internal` of
    /// `ir.sequence.strict`: it is reported all the same.
    ///
    /// Rules that only the server knows are not checked.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_expression`](Error::is_expression) if an expression of a field cannot be
    /// evaluated.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Client, Records, Result};
    ///
    /// # async fn run(tryton: &Client) -> Result<()> {
    /// let mut sale = Sale::form(tryton).await?;
    /// let violations = sale.check().await?;
    /// if violations.is_empty() {
    ///     sale.save().await?;
    /// } else {
    ///     println!("{violations}"); // `party` (Party) needs a value
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn check(&mut self) -> Result<Violations> {
        self.any.check().await
    }

    /// Presses a button that changes the values of the record, saved or not, and stores nothing. `fields` names the
    /// fields that the button reads, as listed in the view (`change`).
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Form, Result};
    ///
    /// async fn recompute(sale: &mut Form<Sale>) -> Result<()> {
    ///     sale.press_on(Sale::quote, &[Sale::F.party.name()]).await
    /// }
    /// ```
    pub async fn press_on(&mut self, button: Button<M>, fields: &[&str]) -> Result<()> {
        let method = method_of(button);
        let name = method.rsplit('.').next().unwrap_or_default();
        self.any.press_on(name, fields).await
    }

    /// Returns the server's notifications about the record with its current values. Servers before 7.0 have none, and no
    /// request is made.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::Sale;
    /// use tryton_sdk::form::Level;
    /// use tryton_sdk::{Form, Result};
    ///
    /// async fn is_fine(sale: &mut Form<Sale>) -> Result<bool> {
    ///     Ok(sale.notifications().await?.iter().all(|notification| notification.level < Level::Error))
    /// }
    /// ```
    pub async fn notifications(&mut self) -> Result<Vec<Notification>> {
        self.any.notifications().await
    }

    /// Returns the values that a selection may have with the current values of the record, with their labels.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_forbidden`](Error::is_forbidden) for the few fields whose choices come from a
    /// method that clients may not call.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::{Sale, SaleState};
    /// use tryton_sdk::{Client, Records, Result};
    ///
    /// # async fn run(tryton: &Client) -> Result<()> {
    /// let mut sale = Sale::form(tryton).await?;
    /// let states = sale.choices(Sale::F.state).await?;
    /// assert!(states.iter().any(|choice| choice.value == Some(SaleState::Draft)));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn choices<T, Q>(&mut self, field: Field<M, T, Q>) -> Result<Vec<Choosable<T>>>
    where
        T: FieldType<Base: Selectable>,
    {
        let choices = self.any.choices(field.name()).await?;
        let decode = |(value, label)| match Decode::decode_option(value) {
            Ok(value) => Ok(Labelled { value, label }),
            Err(e) => Err(Error::decode(None, format!("{field:?}"), reason(&e), false)),
        };
        choices.into_iter().map(decode).collect()
    }

    /// Returns the server's suggestions for a field with the current values of the record; none for a field without
    /// suggestions.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
    /// use erp::PartyAddress;
    /// use tryton_sdk::{Form, Result};
    ///
    /// async fn cities(address: &mut Form<PartyAddress>) -> Result<Vec<String>> {
    ///     address.set(PartyAddress::F.postal_code, "5003").await?;
    ///     address.autocomplete(PartyAddress::F.city).await
    /// }
    /// ```
    pub async fn autocomplete<T, Q>(&mut self, field: Field<M, T, Q>) -> Result<Vec<String>>
    where
        T: FieldType<Base = String>,
    {
        self.any.autocomplete(field.name()).await
    }
}

impl<M> AsMut<AnyForm> for Form<M> {
    fn as_mut(&mut self) -> &mut AnyForm {
        &mut self.any
    }
}

/// The model and the id: the values may be secret.
impl<M: ModelName, D: BorrowMut<Desk>> fmt::Debug for Form<M, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({},{})", M::NAME, self.any.id())
    }
}
