use serde::Serialize;
use serde_json::{Value, json};

use crate::Draft;
use crate::Id;
use crate::Model;
use crate::Search;

/// Accepts any argument of an expected call.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
/// use erp::Sale;
/// use tryton_sdk::testing::{Any, Row, Server};
/// use tryton_sdk::{Id, Series};
///
/// let server = Server::new(Series::new(8, 2));
/// server.on_create::<Sale>(Any).returns(Id::new(7)).always();
/// server.on_search::<Sale>(Any).returns([Row::new(Id::new(7))]).always();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Any;

/// An argument of an expected call: a `T`, or [`Any`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `{T}` to expect",
    label = "expected a value of the type that the call takes, or `Any`"
)]
pub trait Argument<T> {
    #[doc(hidden)]
    fn expected(self) -> Option<T>;
}

impl<T> Argument<T> for Any {
    fn expected(self) -> Option<T> {
        None
    }
}

impl<M: Model> Argument<Search<M>> for Search<M> {
    fn expected(self) -> Option<Self> {
        Some(self)
    }
}

impl<M> Argument<Draft<M>> for Draft<M> {
    fn expected(self) -> Option<Self> {
        Some(self)
    }
}

impl<M> Argument<Vec<Draft<M>>> for Vec<Draft<M>> {
    fn expected(self) -> Option<Self> {
        Some(self)
    }
}

impl<M> Argument<Vec<Id<M>>> for &[Id<M>] {
    fn expected(self) -> Option<Vec<Id<M>>> {
        Some(self.to_vec())
    }
}

impl<M, const N: usize> Argument<Vec<Id<M>>> for &[Id<M>; N] {
    fn expected(self) -> Option<Vec<Id<M>>> {
        Some(self.to_vec())
    }
}

/// The parameters of a call: a tuple, an array or a `Vec`, as for `Client::call`.
impl<P: Serialize> Argument<Vec<Value>> for P {
    fn expected(self) -> Option<Vec<Value>> {
        Some(match json!(self) {
            Value::Array(params) => params,
            Value::Null => Vec::new(),
            one => panic!("the parameters of a call are a list: a tuple, an array or a Vec, not {one}"),
        })
    }
}
