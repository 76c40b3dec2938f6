use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Not;

use serde_json::{Value, json};

use super::active;
use crate::error::{Error, Result};
use crate::unsendable::Unsendable;
use crate::value::ModelName;

/// A condition on the records of the model `M`.
///
/// Domains are made by the methods of [`Field`](crate::Field) and joined by [`and`](Self::and), [`or`](Self::or) and `!`,
/// any number of them by [`all_of`](Self::all_of) and [`any_of`](Self::any_of). A domain of one model cannot be used for
/// another.
///
/// A server leaves inactive records out where the model has the field `active` and the domain does not name it. A domain
/// that names it anywhere is exactly what it says: what a server would add to the other groups of conditions, which do
/// not name it, is kept from it by further conditions on `active`. Domains of related records, within `whose`, `any` and
/// `none`, are each on their own. One thing cannot be kept from servers of 8.0 and later: they put another domain in the
/// place of a condition on a field that they search by code of their own, such as `rec_name`, and no inactive record may
/// satisfy that. [`with_inactive`](crate::Search::with_inactive) finds them all.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["product.product"] } }
/// use erp::Product;
///
/// let domain = Product::F.name.ilike("bolt%").and(Product::F.weight.gt(10).or(Product::F.weight.is_null()));
/// assert_eq!(
///     domain.to_json().to_string(),
///     r#"[["name","ilike","bolt%"],["OR",["weight",">",10.0],["weight","=",null]]]"#,
/// );
/// ```
#[must_use = "a domain filters nothing before a search has it"]
pub struct Domain<M> {
    node: Node,
    /// The values that cannot be sent. The call reports them.
    pub(crate) unsendable: Unsendable,
    model: PhantomData<fn() -> M>,
}

/// The field of each model that holds what its records are called.
const NAME: &str = "rec_name";

#[derive(Clone)]
pub(super) enum Node {
    Clause(Clause),
    And(VecDeque<Node>),
    Or(VecDeque<Node>),
}

#[derive(Clone)]
pub(super) struct Clause {
    pub(super) path: String,
    operator: Operator,
    value: Value,
    rest: Vec<Value>,
    /// Whether the field may be null. Then the opposite operator alone would not find all other records.
    nullable: bool,
    /// Of a list of records, the field by which they lead back.
    back: Option<&'static str>,
    /// Of a value in a dictionary, the dictionary, which may be null as a whole.
    dictionary: Option<&'static str>,
    /// Of a pattern for the name of the record that a relation leads to, the relation.
    relation: Option<&'static str>,
}

impl<M> Domain<M> {
    /// The domain that every record satisfies, to begin a chain of [`and`](Self::and) with.
    ///
    /// It is no beginning for a chain of [`or`](Self::or): every record or some of them are every record. A chain of `or`
    /// begins with [`none`](Self::none), or is made by [`any_of`](Self::any_of). Both are domains like any other, so that
    /// a variable can hold either and be narrowed or widened step by step; a type of its own for `all()` would prevent
    /// just that, and so the compiler does not tell the two apart.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["product.product"] } }
    /// use erp::Product;
    /// use tryton_sdk::Domain;
    ///
    /// fn wanted(code: Option<&str>) -> Domain<Product> {
    ///     let all = Domain::all();
    ///     if let Some(code) = code { all.and(Product::F.code.is(code)) } else { all }
    /// }
    /// assert_eq!(wanted(None).to_json().to_string(), "[]");
    /// assert_eq!(wanted(Some("B8")).to_json().to_string(), r#"[["code","=","B8"]]"#);
    /// ```
    pub fn all() -> Self {
        Self::from(Node::And(VecDeque::new()))
    }

    /// The domain that no record satisfies, to begin a chain of [`or`](Self::or) with.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["product.product"] } }
    /// use erp::Product;
    /// use tryton_sdk::Domain;
    ///
    /// let codes = ["B8", "B10"];
    /// let wanted = codes.iter().fold(Domain::none(), |any, code| any.or(Product::F.code.like(code)));
    /// assert_eq!(wanted.to_json().to_string(), r#"[["OR",["code","like","B8"],["code","like","B10"]]]"#);
    /// assert_eq!(Domain::<Product>::none().to_json().to_string(), r#"[["id","in",[]]]"#);
    /// ```
    pub fn none() -> Self {
        Self::from(Node::none())
    }

    /// At least one of the domains holds. Of no domains, none does: no record satisfies it.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["product.product"] } }
    /// use erp::Product;
    /// use tryton_sdk::Domain;
    ///
    /// let wanted = Domain::any_of(["B8%", "B10%"].map(|pattern| Product::F.code.like(pattern)));
    /// assert_eq!(wanted.to_json().to_string(), r#"[["OR",["code","like","B8%"],["code","like","B10%"]]]"#);
    /// ```
    pub fn any_of(domains: impl IntoIterator<Item = Self>) -> Self {
        domains.into_iter().fold(Self::none(), Self::or)
    }

    /// All of the domains hold. Of no domains, all do: every record satisfies it.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["product.product"] } }
    /// use erp::Product;
    /// use tryton_sdk::Domain;
    ///
    /// let wanted = Domain::all_of(["B%", "%8"].map(|pattern| Product::F.code.like(pattern)));
    /// assert_eq!(wanted.to_json().to_string(), r#"[["code","like","B%"],["code","like","%8"]]"#);
    /// ```
    pub fn all_of(domains: impl IntoIterator<Item = Self>) -> Self {
        domains.into_iter().fold(Self::all(), Self::and)
    }

    /// A domain as Tryton writes it in JSON, for what the typed methods cannot say.
    ///
    /// The names of fields in it are checked by the server alone. A name that leads through a reference needs the model as
    /// the fourth member of its clause. `!` turns each of its operators into the opposite;
    /// for a dotted name through a list of records that is not all other records: write `where` instead. Series differ in
    /// whether null satisfies `!=` and the operators with `not`.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) where it is no domain: a clause that is not
    /// `[field, operator, value, …]`, or an operator that Tryton does not have.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use serde_json::json;
    /// use tryton_sdk::Domain;
    ///
    /// let mine = Domain::<Sale>::raw(json!([["party.lang.code", "=", "fr"]]))?;
    /// let wrong = Domain::<Sale>::raw(json!([["number", "is", "7"]]));
    /// assert!(wrong.is_err());
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn raw(domain: Value) -> Result<Self> {
        Node::parse(&domain).map(Self::from)
    }

    pub(crate) fn clause(path: &str, operator: Operator, value: Value, nullable: bool) -> Self {
        Self::from(Node::Clause(Clause { nullable, ..Clause::new(path, operator, value) }))
    }

    /// Keeps what cannot be sent for the call to report.
    pub(crate) fn noting(mut self, unsendable: Unsendable) -> Self {
        self.unsendable.join(unsendable);
        self
    }

    /// The same about a value in a dictionary.
    pub(crate) fn within(mut self, dictionary: Option<&'static str>) -> Self {
        if let Node::Clause(clause) = &mut self.node {
            clause.dictionary = dictionary;
        }
        self
    }

    /// A pattern for the name of the record that the field leads to.
    pub(crate) fn name_of(field: &'static str, operator: Operator, pattern: &str, nullable: bool) -> Self {
        let clause = Clause::new(&format!("{field}.{NAME}"), operator, pattern.into());
        Self::from(Node::Clause(Clause { nullable, relation: Some(field), ..clause }))
    }

    /// `back` is the field by which the records of a list lead back.
    pub(crate) fn of_list(path: &str, domain: Value, back: Option<&'static str>) -> Self {
        Self::from(Node::Clause(Clause { back, ..Clause::new(path, Operator::Where, domain) }))
    }

    /// Of a relation to another model, `parent` is the field that makes that model a hierarchy.
    pub(crate) fn hierarchy(
        path: &str,
        operator: Operator,
        ids: Value,
        parent: Option<&'static str>,
        nullable: bool,
    ) -> Self {
        let rest = parent.into_iter().map(Value::from).collect();
        // Without it the operator is about the records themselves, and its opposite finds all others.
        let nullable = nullable && parent.is_some();
        Self::from(Node::Clause(Clause { rest, nullable, ..Clause::new(path, operator, ids) }))
    }

    /// Both conditions hold.
    pub fn and(self, other: Self) -> Self {
        let joined = Self::from(match (self.node, other.node) {
            (Node::And(all), Node::And(more)) => Node::And(joined(all, more)),
            (Node::And(mut all), one) => {
                all.push_back(one);
                Node::And(all)
            }
            (one, Node::And(mut all)) => {
                all.push_front(one);
                Node::And(all)
            }
            (one, other) => Node::And(VecDeque::from([one, other])),
        });
        joined.noting(self.unsendable).noting(other.unsendable)
    }

    /// At least one of the conditions holds. Beside [`all`](Self::all), which always does, the other counts for nothing.
    pub fn or(self, other: Self) -> Self {
        let joined = Self::from(match (self.node, other.node) {
            (one, none) | (none, one) if none.is_none() => one,
            (Node::Or(any), Node::Or(more)) => Node::Or(joined(any, more)),
            (Node::Or(mut any), one) => {
                any.push_back(one);
                Node::Or(any)
            }
            (one, Node::Or(mut any)) => {
                any.push_front(one);
                Node::Or(any)
            }
            (one, other) => Node::Or(VecDeque::from([one, other])),
        });
        joined.noting(self.unsendable).noting(other.unsendable)
    }

    /// The domain as Tryton writes it: a list of clauses that all have to hold.
    ///
    /// Where it names `active`, it says more of it than was said: see [`Domain`]. A value that Tryton cannot hold is null
    /// in it; a search with such a domain fails.
    pub fn to_json(&self) -> Value {
        if self.node.names_active() {
            return active::named_in_each_group(&self.node).iter().map(Node::to_json).collect();
        }
        match &self.node {
            Node::And(all) => all.iter().map(Node::to_json).collect(),
            node => Value::Array(vec![node.to_json()]),
        }
    }
}

impl<M> From<Node> for Domain<M> {
    fn from(node: Node) -> Self {
        Self { node, unsendable: Unsendable::default(), model: PhantomData }
    }
}

impl<M> Clone for Domain<M> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), unsendable: self.unsendable.clone(), model: PhantomData }
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
        Self::from(self.node.negate()).noting(self.unsendable)
    }
}

/// Moves the fewer of two groups' nodes, so that long chains are made in time whichever way they nest.
fn joined(mut first: VecDeque<Node>, mut second: VecDeque<Node>) -> VecDeque<Node> {
    if first.len() < second.len() {
        first.into_iter().rev().for_each(|node| second.push_front(node));
        return second;
    }
    first.append(&mut second);
    first
}

impl Node {
    /// What no record satisfies. `OR` of nothing means everything to Tryton.
    fn none() -> Self {
        Node::Clause(Clause::new("id", Operator::In, json!([])))
    }

    fn is_none(&self) -> bool {
        let Node::Clause(clause) = self else { return false };
        clause.path == "id" && clause.operator == Operator::In && clause.value.as_array().is_some_and(Vec::is_empty)
    }

    fn to_json(&self) -> Value {
        let group = |word: &str, nodes: &VecDeque<Node>| {
            std::iter::once(Value::from(word)).chain(nodes.iter().map(Node::to_json)).collect()
        };
        match self {
            Node::Clause(clause) => clause.to_json(),
            Node::And(all) => group("AND", all),
            Node::Or(any) => group("OR", any),
        }
    }

    fn negate(self) -> Self {
        match self {
            Node::And(all) if all.is_empty() => Node::none(),
            none if none.is_none() => Node::And(VecDeque::new()),
            Node::And(all) => Node::Or(all.into_iter().map(Node::negate).collect()),
            Node::Or(any) => Node::And(any.into_iter().map(Node::negate).collect()),
            Node::Clause(clause) => clause.negate(),
        }
    }

    fn parse(json: &Value) -> Result<Self> {
        let invalid = |why: &str| {
            let shown: String = json.to_string().chars().take(80).collect();
            Err(Error::invalid_request(format!("{shown} is not a domain: {why}")))
        };
        let Value::Array(items) = json else {
            return invalid("a domain is a list");
        };
        match items.split_first() {
            None => Ok(Node::And(VecDeque::new())),
            Some((Value::String(word), rest)) if word == "AND" || word == "OR" => {
                let nodes = rest.iter().map(Self::parse).collect::<Result<VecDeque<_>>>()?;
                Ok(if word == "AND" || nodes.is_empty() { Node::And(nodes) } else { Node::Or(nodes) })
            }
            Some((Value::Array(_), _)) => items.iter().map(Self::parse).collect::<Result<_>>().map(Node::And),
            Some((Value::String(path), [Value::String(operator), value, rest @ ..])) => match Operator::parse(operator)
            {
                Some(operator) => {
                    let clause = Clause::new(path, operator, value.clone());
                    Ok(Node::Clause(Clause { rest: rest.to_vec(), nullable: true, ..clause }))
                }
                None => invalid(&format!("Tryton has no operator `{operator}`")),
            },
            Some(_) => invalid("a clause is `[field, operator, value]`"),
        }
    }
}

impl Clause {
    pub(super) fn new(path: &str, operator: Operator, value: Value) -> Self {
        Self {
            path: path.to_owned(),
            operator,
            value,
            rest: Vec::new(),
            nullable: false,
            back: None,
            dictionary: None,
            relation: None,
        }
    }

    fn to_json(&self) -> Value {
        let mut clause = vec![self.path.as_str().into(), self.operator.as_str().into(), self.value.clone()];
        clause.extend_from_slice(&self.rest);
        clause.into()
    }

    /// Series differ in whether `!=` and the `not` operators find null as well: where it counts, it is asked for.
    fn negate(self) -> Node {
        if let Some(relation) = self.relation {
            // Servers look for a name in several fields, and one of them that is null satisfies no operator.
            let named = json!([[NAME, self.operator.as_str(), self.value]]);
            return Clause { nullable: self.nullable, ..Clause::new(relation, Operator::Where, named) }.negate();
        }
        let is_left_out = self.operator.leaves_null_out() && !self.mentions_null();
        // A reference to another model satisfies neither an operator nor its opposite.
        let forgets_null = self.nullable && (is_left_out || self.through_reference().is_some());
        let null = |path: &str, rest: &[Value]| {
            let clause = Clause::new(path, Operator::Equal, Value::Null);
            Node::Clause(Clause { nullable: true, rest: rest.to_vec(), ..clause })
        };
        let is_null: Vec<Node> = match self.through_reference() {
            // Neither operator finds references to other models, nor `= null` those to none.
            Some((reference, model)) => {
                let elsewhere = Clause::new(reference, Operator::NotLike, format!("{model},%").into());
                vec![null(&self.path, &self.rest), null(reference, &[]), Node::Clause(elsewhere)]
            }
            None => std::iter::once(&*self.path).chain(self.dictionary).map(|path| null(path, &[])).collect(),
        };
        let mut opposite = Clause { operator: self.operator.opposite(), ..self };
        if let (Operator::NotWhere, Some(back), Value::Array(conditions)) =
            (opposite.operator, opposite.back, &mut opposite.value)
        {
            // One record that leads nowhere, and SQL's `NOT IN` would find nothing at all.
            conditions.push(json!([back, "!=", null]));
        }
        let opposite = Node::Clause(opposite);
        if forgets_null { Node::Or(std::iter::once(opposite).chain(is_null).collect()) } else { opposite }
    }

    /// The reference that the path leads through, and the model of the records that are meant.
    fn through_reference(&self) -> Option<(&str, &str)> {
        let (reference, _) = self.path.split_once('.')?;
        Some((reference, self.rest.first()?.as_str()?))
    }

    fn mentions_null(&self) -> bool {
        self.value.is_null() || self.value.as_array().is_some_and(|values| values.contains(&Value::Null))
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

/// Whether a clause of a domain may have this in its middle.
pub fn is_operator(text: &str) -> bool {
    Operator::parse(text).is_some()
}

impl Operator {
    /// Whether a record whose field is null does not satisfy the operator, so that it has to satisfy its opposite.
    fn leaves_null_out(self) -> bool {
        use Operator::*;
        matches!(
            self,
            Equal | Less | LessOrEqual | Greater | GreaterOrEqual | In | Like | Ilike | ChildOf | ParentOf | Where
        )
    }
}

#[cfg(test)]
mod tests;
