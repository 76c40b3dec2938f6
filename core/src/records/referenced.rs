//! Records of several models, by the references that lead to them.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::read::{AT_ONCE, read_many};
use crate::connection::Connection;
use crate::error::Result;
use crate::projection::Projection;
use crate::reply::Reply;
use crate::value::{Id, ModelName, Reference, is_same};

/// An enum for records of several models, implemented by `#[derive(Referenced)]`: a variant with a
/// [projection](Projection) for each model that the program knows, and one that keeps the reference to any other.
///
/// Through a reference, a server reads only fields that every model has ([`Projection`]), and refuses the whole request
/// if one record lacks a field. So the records of each model are read by a separate request.
///
/// `#[tryton(crate = "facade::tryton_sdk")]` on the enum says where the SDK is, if another crate exports it.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line", "stock.move"] } }
/// use erp::{SaleLine, StockMove};
/// use tryton_sdk::{Projection, Reference, Referenced};
///
/// #[derive(Referenced)]
/// enum Origin {
///     Sold(Sold),
///     Moved(Moved),
///     Other(Reference),
/// }
///
/// #[derive(Projection)]
/// #[tryton(model = SaleLine)]
/// struct Sold {
///     quantity: Option<f64>,
/// }
///
/// #[derive(Projection)]
/// #[tryton(model = StockMove)]
/// struct Moved {
///     rec_name: Option<String>,
/// }
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let moves = StockMove::search().select((StockMove::F.id, StockMove::F.origin)).fetch(&tryton).await?;
/// let origins = Origin::read(&tryton, moves.iter().filter_map(|(_, origin)| origin.as_ref())).await?;
/// for (id, origin) in &moves {
///     match origin.as_ref().and_then(|origin| origins.get(origin)) {
///         Some(Origin::Sold(line)) => println!("{id}: {:?} sold", line.quantity),
///         Some(Origin::Moved(from)) => println!("{id}: from {:?}", from.rec_name),
///         Some(Origin::Other(reference)) => println!("{id}: {reference}"),
///         None => println!("{id}: from nowhere"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not read by references",
    label = "records of several models cannot be read into this type",
    note = "write `#[derive(Referenced)]` on an enum with a variant for each model, and one for a `Reference`"
)]
pub trait Referenced: Sized + Send + 'static {
    /// Reads the referenced records of each known model, like [`read_many`](super::Records::read_many): one request per
    /// model that occurs and per 500 records of it. References to other models, and references without a record, are kept
    /// without a request. A repeated reference is read once.
    ///
    /// # Errors
    ///
    /// As for [`Records::read`](super::Records::read): the server refuses the whole read if one of the records no longer
    /// exists or may not be read.
    fn read<'a, R: Borrow<Reference>>(
        connection: &'a dyn Connection,
        references: impl IntoIterator<Item = R>,
    ) -> Reply<'a, HashMap<Reference, Self>> {
        let mut seen = HashSet::new();
        let references = references.into_iter().map(|reference| reference.borrow().clone());
        let references = references.filter(|reference| seen.insert(reference.clone())).collect();
        let mut known = Known { connection, references, reads: Vec::new() };
        Self::known(&mut known);
        Reply::new(known.read())
    }

    /// Names the models that are known.
    #[doc(hidden)]
    fn known(known: &mut Known<'_, Self>);

    /// Keeps a reference to another.
    #[doc(hidden)]
    fn other(reference: Reference) -> Self;
}

/// The records to read, model by model.
#[expect(missing_debug_implementations, reason = "it is for the code that the derive writes")]
pub struct Known<'a, E> {
    connection: &'a dyn Connection,
    /// Those that no model has claimed yet.
    references: Vec<Reference>,
    reads: Vec<Reply<'a, Vec<(Reference, E)>>>,
}

impl<E: Referenced> Known<'_, E> {
    /// Reads records of this model into `P`s, which become variants of the enum.
    pub fn model<P: Projection + Send + 'static>(&mut self, of: fn(P) -> E) {
        let connection = self.connection;
        let claimed = self.references.extract_if(.., |reference| reference.id::<P::Model>().is_some());
        let ids: Vec<Id<P::Model>> = claimed.filter_map(|reference| reference.id()).collect();
        if ids.is_empty() {
            return;
        }
        self.reads.push(Reply::new(async move {
            let records = read_many::<P>(connection, &ids).await?;
            Ok(ids.into_iter().map(Reference::from).zip(records.into_iter().map(of)).collect())
        }));
    }

    async fn read(self) -> Result<HashMap<Reference, E>> {
        let others = self.references.into_iter().map(|reference| (reference.clone(), E::other(reference)));
        let mut records: HashMap<_, _> = others.collect();
        let mut reads = stream::iter(self.reads).buffered(AT_ONCE);
        while let Some(read) = reads.try_next().await? {
            records.extend(read);
        }
        Ok(records)
    }
}

/// The technical name of the model that a `P` is read from.
pub const fn model_of<P: Projection>() -> &'static str {
    <P::Model as ModelName>::NAME
}

/// Fails to compile where a model occurs twice: the second variant would never hold a record.
pub const fn each_model_once(models: &[&str]) {
    let mut at = 0;
    while at < models.len() {
        let mut other = 0;
        while other < at {
            assert!(!is_same(models[other], models[at]), "two variants hold records of the same model");
            other += 1;
        }
        at += 1;
    }
}
