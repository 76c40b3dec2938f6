use std::fmt;
use std::marker::PhantomData;
use std::ops::Not;

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::model::ModelName;

/// A condition on the records of the model `M`.
///
/// Domains are made by the methods of [`Field`](crate::Field) and joined by [`and`](Self::and), [`or`](Self::or) and `!`.
/// A domain of one model cannot be used for another.
///
/// ```
/// # tryton_sdk::model! {
/// #     /// A product.
/// #     pub Product(ProductFields) = "product.product" [search];
/// #     /// Name.
/// #     name: Option<String>,
/// #     /// Weight.
/// #     weight: Option<f64>,
/// # }
/// let domain = Product::F.name.ilike("bolt%").and(Product::F.weight.gt(10).or(Product::F.weight.is_null()));
/// assert_eq!(
///     domain.to_json().to_string(),
///     r#"[["name","ilike","bolt%"],["OR",["weight",">",10.0],["weight","=",null]]]"#,
/// );
/// ```
pub struct Domain<M> {
    node: Node,
    model: PhantomData<fn() -> M>,
}

#[derive(Clone)]
enum Node {
    Clause { path: String, operator: Operator, value: Value, rest: Vec<Value> },
    And(Vec<Node>),
    Or(Vec<Node>),
}

impl<M> Domain<M> {
    /// The domain that every record satisfies.
    pub fn all() -> Self {
        Self::from(Node::And(Vec::new()))
    }

    /// A domain as Tryton writes it in JSON, for what the typed methods cannot say.
    ///
    /// The names of fields in it are checked by the server alone.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) where it is no domain: a clause that is not
    /// `[field, operator, value, …]`, or an operator that Tryton does not have.
    ///
    /// ```
    /// use serde_json::json;
    /// use tryton_sdk::Domain;
    /// # tryton_sdk::model! {
    /// #     /// A sale.
    /// #     pub Sale(SaleFields) = "sale.sale" [search];
    /// #     /// Number.
    /// #     number: Option<String>,
    /// # }
    ///
    /// let mine = Domain::<Sale>::raw(json!([["party.lang.code", "=", "fr"]]))?;
    /// let wrong = Domain::<Sale>::raw(json!([["number", "is", "7"]]));
    /// assert!(wrong.is_err());
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn raw(domain: Value) -> Result<Self> {
        Node::parse(&domain).map(Self::from)
    }

    pub(crate) fn clause(path: &str, operator: Operator, value: Value) -> Self {
        Self::from(Node::Clause { path: path.to_owned(), operator, value, rest: Vec::new() })
    }

    pub(crate) fn hierarchy(path: &str, operator: Operator, ids: Value, parent: &str) -> Self {
        Self::from(Node::Clause { path: path.to_owned(), operator, value: ids, rest: vec![parent.into()] })
    }

    /// Both conditions hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::from(match (self.node, other.node) {
            (Node::And(mut all), Node::And(more)) => {
                all.extend(more);
                Node::And(all)
            }
            (Node::And(mut all), one) => {
                all.push(one);
                Node::And(all)
            }
            (one, other) => Node::And(vec![one, other]),
        })
    }

    /// At least one of the conditions holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::from(match (self.node, other.node) {
            (Node::Or(mut any), one) => {
                any.push(one);
                Node::Or(any)
            }
            (one, other) => Node::Or(vec![one, other]),
        })
    }

    /// The domain as Tryton writes it: a list of clauses that all have to hold.
    pub fn to_json(&self) -> Value {
        match &self.node {
            Node::And(all) => all.iter().map(Node::to_json).collect(),
            node => json!([node.to_json()]),
        }
    }
}

impl<M> From<Node> for Domain<M> {
    fn from(node: Node) -> Self {
        Self { node, model: PhantomData }
    }
}

impl<M> Clone for Domain<M> {
    fn clone(&self) -> Self {
        Self::from(self.node.clone())
    }
}

impl<M: ModelName> fmt::Debug for Domain<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", M::NAME, self.to_json())
    }
}

/// The records that do not satisfy the domain, those for which a field is null included.
///
/// Tryton's domains have no negation, so each operator is turned into its opposite.
impl<M> Not for Domain<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::from(self.node.negate())
    }
}

impl Node {
    fn to_json(&self) -> Value {
        let joined = |word: &str, nodes: &[Node]| {
            std::iter::once(Value::from(word)).chain(nodes.iter().map(Node::to_json)).collect()
        };
        match self {
            Node::Clause { path, operator, value, rest } => {
                let mut clause = vec![path.as_str().into(), operator.as_str().into(), value.clone()];
                clause.extend_from_slice(rest);
                clause.into()
            }
            Node::And(all) => joined("AND", all),
            Node::Or(any) => joined("OR", any),
        }
    }

    fn negate(self) -> Self {
        match self {
            // Nothing satisfies the opposite of "everything", and `OR` of nothing means everything to Tryton.
            Node::And(all) if all.is_empty() => {
                Node::Clause { path: "id".into(), operator: Operator::In, value: json!([]), rest: Vec::new() }
            }
            Node::And(all) => Node::Or(all.into_iter().map(Node::negate).collect()),
            Node::Or(any) => Node::And(any.into_iter().map(Node::negate).collect()),
            Node::Clause { path, operator, value, rest } => {
                let null = operator.opposite_forgets_null().then(|| Node::Clause {
                    path: path.clone(),
                    operator: Operator::Equal,
                    value: Value::Null,
                    rest: Vec::new(),
                });
                let clause = Node::Clause { path, operator: operator.opposite(), value, rest };
                match null {
                    Some(null) => Node::Or(vec![clause, null]),
                    None => clause,
                }
            }
        }
    }

    fn parse(json: &Value) -> Result<Self> {
        let invalid = |why: &str| Err(Error::invalid_request(format!("{json} is not a domain: {why}")));
        let Value::Array(items) = json else {
            return invalid("a domain is a list");
        };
        match items.split_first() {
            None => Ok(Node::And(Vec::new())),
            Some((Value::String(word), rest)) if word == "AND" || word == "OR" => {
                let nodes = rest.iter().map(Self::parse).collect::<Result<Vec<_>>>()?;
                Ok(if word == "AND" || nodes.is_empty() { Node::And(nodes) } else { Node::Or(nodes) })
            }
            Some((Value::Array(_), _)) => items.iter().map(Self::parse).collect::<Result<_>>().map(Node::And),
            Some((Value::String(path), [Value::String(operator), value, rest @ ..])) => match Operator::parse(operator)
            {
                Some(operator) => {
                    Ok(Node::Clause { path: path.clone(), operator, value: value.clone(), rest: rest.to_vec() })
                }
                None => invalid(&format!("Tryton has no operator `{operator}`")),
            },
            Some(_) => invalid("a clause is `[field, operator, value]`"),
        }
    }
}

macro_rules! operators {
    ($($operator:ident = $text:literal, not $opposite:ident;)+) => {
        /// The operators of Tryton's domains.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operator { $($operator,)+ }

        impl Operator {
            fn as_str(self) -> &'static str {
                match self { $(Self::$operator => $text,)+ }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$operator),)+ _ => None }
            }

            fn opposite(self) -> Self {
                match self { $(Self::$operator => Self::$opposite,)+ }
            }
        }
    };
}

operators! {
    Equal = "=", not NotEqual;
    NotEqual = "!=", not Equal;
    Less = "<", not GreaterOrEqual;
    LessOrEqual = "<=", not Greater;
    Greater = ">", not LessOrEqual;
    GreaterOrEqual = ">=", not Less;
    In = "in", not NotIn;
    NotIn = "not in", not In;
    Like = "like", not NotLike;
    NotLike = "not like", not Like;
    Ilike = "ilike", not NotIlike;
    NotIlike = "not ilike", not Ilike;
    ChildOf = "child_of", not NotChildOf;
    NotChildOf = "not child_of", not ChildOf;
    ParentOf = "parent_of", not NotParentOf;
    NotParentOf = "not parent_of", not ParentOf;
    Where = "where", not NotWhere;
    NotWhere = "not where", not Where;
}

impl Operator {
    /// Whether the server's answer to the opposite operator leaves out records whose field is null,
    /// as SQL's comparisons do. For `!=` and the `not in` and `not like` of values, trytond adds them by itself.
    fn opposite_forgets_null(self) -> bool {
        use Operator::*;
        matches!(self, Less | LessOrEqual | Greater | GreaterOrEqual | ChildOf | ParentOf | Where)
    }
}
