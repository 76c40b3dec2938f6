//! Conditions on the records of one model.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Not;

use serde_json::Value;

use super::active;
use super::clause::{Clause, NAME};
use super::node::{Node, joined};
use super::operator::Operator;
use super::through::Through;
use crate::error::{Error, Result};
use crate::unsendable::Unsendable;
use crate::value::ModelName;

/// A condition on the records of the model `M`.
///
/// The methods of [`Field`](crate::Field) create domains; [`and`](Self::and), [`or`](Self::or) and `!` combine them, and
/// [`all_of`](Self::all_of) and [`any_of`](Self::any_of) combine any number. A domain of one model cannot be used for
/// another.
///
/// If a model has the field `active` and the domain does not name it, the server leaves inactive records out. A domain
/// that names `active` anywhere means exactly what it says: the SDK adds conditions on `active` to the other groups, so
/// that the server adds none. Domains of related records, within `whose`, `any` and `none`, are independent. One limit
/// remains: servers since 8.0 replace a condition on a field with its own search code, such as `rec_name`, by another
/// domain, which inactive records may not satisfy. [`with_inactive`](crate::Search::with_inactive) finds them all.
///
/// A chain of one kind is a single group of conditions, however long. Groups and related records may be nested 100 levels
/// deep; a deeper domain is an error before it is sent ([`is_invalid_request`](Error::is_invalid_request)). SQLite
/// accepts about 30 levels, and PostgreSQL as many as the server's Python, about 150; beyond that the error is
/// [`is_too_complex`](Error::is_too_complex).
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
#[must_use = "a domain has no effect until it is passed to a search"]
pub struct Domain<M> {
    node: Node,
    /// The depth of nested groups, including those of related records.
    depth: usize,
    /// The values that cannot be sent. The call reports them.
    pub(crate) unsendable: Unsendable,
    model: PhantomData<fn() -> M>,
}

/// Writing, copying or dropping deeper nodes would take too much stack. Python accepts some 150 levels, SQLite some 30.
const DEEPEST: usize = 100;

impl<M> Domain<M> {
    /// Returns the domain that every record satisfies: the start of a chain of [`and`](Self::and).
    ///
    /// Do not start a chain of [`or`](Self::or) with it: `all().or(…)` matches all records. Start with
    /// [`none`](Self::none), or use [`any_of`](Self::any_of). Both are ordinary domains, so a variable can hold either
    /// and be narrowed or widened step by step. A separate type for `all()` would prevent that, so the compiler cannot
    /// detect the mistake.
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

    /// Returns the domain that no record satisfies: the start of a chain of [`or`](Self::or).
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

    /// Matches records that satisfy at least one of the domains. Without domains, no record matches.
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

    /// Matches records that satisfy all of the domains. Without domains, every record matches.
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

    /// Creates a domain from Tryton's JSON, for conditions that the typed methods cannot express.
    ///
    /// Only the server checks its field names. A name that leads through a reference needs the model as the fourth
    /// member of its clause. `!` replaces each operator by its opposite; for a dotted name through a list of records,
    /// the result is not all other records: use `where` instead. Series differ in whether null satisfies `!=` and the
    /// `not` operators.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) if it is not a domain: a clause that is not `[field, operator,
    /// value, …]`, an unknown operator, or lists nested more than 100 levels deep.
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
        let Some(depth) = lists_within(&domain, DEEPEST) else {
            return Err(Error::invalid_request(too_deep()));
        };
        Ok(Self { depth, ..Self::from(Node::parse(&domain)?) })
    }

    pub(crate) fn clause(path: &str, operator: Operator, value: Value, nullable: bool) -> Self {
        Self::from(Node::Clause(Clause { nullable, ..Clause::new(path, operator, value) }))
    }

    /// Keeps the values that cannot be sent, for the call to report.
    pub(crate) fn noting(mut self, unsendable: Unsendable) -> Self {
        self.unsendable.join(unsendable);
        self
    }

    /// Like [`clause`](Self::clause), with a domain of the related records as its value.
    pub(crate) fn about<T>(mut self, field: &str, related: Domain<T>) -> Self {
        self.depth = related.depth + 1;
        self.noting(related.unsendable.below(field)).bounded()
    }

    /// Drops nodes that are nested too deeply, for the call to report.
    fn bounded(self) -> Self {
        if self.depth <= DEEPEST {
            return self;
        }
        let mut unsendable = self.unsendable;
        unsendable.take(self.node.first_path(), Err(Error::invalid_request(too_deep())));
        Self::none().noting(unsendable)
    }

    /// Makes this a condition on a value in a dictionary.
    pub(crate) fn within(mut self, dictionary: Option<&'static str>) -> Self {
        if let Node::Clause(clause) = &mut self.node {
            clause.dictionary = dictionary;
        }
        self
    }

    /// Matches the name of the related record against a pattern.
    pub(crate) fn name_of(field: &'static str, operator: Operator, pattern: &str, nullable: bool) -> Self {
        let clause = Clause::new(&format!("{field}.{NAME}"), operator, pattern.into());
        Self::from(Node::Clause(Clause { nullable, relation: Some(field), ..clause }))
    }

    /// `back` is the field of the list's records that leads back.
    pub(crate) fn of_list(path: &str, domain: Value, back: Option<&'static str>) -> Self {
        Self::from(Node::Clause(Clause { back, ..Clause::new(path, Operator::Where, domain) }))
    }

    /// Creates conditions on the record of `model` that the reference leads to.
    pub(crate) fn through<T>(reference: &str, model: &str, mut domain: Domain<T>) -> Self {
        let conditions = std::mem::replace(&mut domain.node, Node::none());
        let through = Through::new(reference, model, conditions);
        Self::from(Node::Through(through.into())).about(reference, domain)
    }

    /// For a relation to another model, `parent` is the field that makes that model a hierarchy.
    pub(crate) fn hierarchy(
        path: &str,
        operator: Operator,
        ids: Value,
        parent: Option<&'static str>,
        nullable: bool,
    ) -> Self {
        let rest = parent.into_iter().map(Value::from).collect();
        // Without a parent, the operator is about the records themselves, and its opposite finds all others.
        let nullable = nullable && parent.is_some();
        Self::from(Node::Clause(Clause { rest, nullable, ..Clause::new(path, operator, ids) }))
    }

    /// Matches records that satisfy both domains.
    pub fn and(self, other: Self) -> Self {
        let depth = self.depth_in(Node::is_all).max(other.depth_in(Node::is_all));
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
        Self { depth, ..joined }.noting(self.unsendable).noting(other.unsendable).bounded()
    }

    /// Matches records that satisfy at least one of the two domains. With [`all`](Self::all), every record matches.
    pub fn or(self, other: Self) -> Self {
        let depth = self.depth_in(Node::is_any).max(other.depth_in(Node::is_any));
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
        Self { depth, ..joined }.noting(self.unsendable).noting(other.unsendable).bounded()
    }

    /// Returns the depth as part of a group, which absorbs groups of the same kind.
    fn depth_in(&self, is_same: fn(&Node) -> bool) -> usize {
        self.depth + usize::from(!is_same(&self.node))
    }

    /// Returns the domain in Tryton's JSON: a list of clauses that must all hold.
    ///
    /// If it names `active`, it has additional conditions: see [`Domain`]. A value that Tryton cannot represent becomes
    /// null; a search with such a domain fails.
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
        Self { node, depth: 0, unsendable: Unsendable::default(), model: PhantomData }
    }
}

impl<M> Clone for Domain<M> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), unsendable: self.unsendable.clone(), ..*self }
    }
}

impl<M: ModelName> fmt::Debug for Domain<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", M::NAME, self.to_json())
    }
}

/// Matches all records that do not satisfy the domain, including those for which a field is null.
///
/// Tryton's domains have no negation, so each operator is replaced by its opposite. If a server composes the name of a
/// record (`rec_name`) from several fields and one of them is null, the record may satisfy neither a pattern for the name
/// nor its opposite.
impl<M> Not for Domain<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self { depth: self.depth, ..Self::from(self.node.negate()) }.noting(self.unsendable)
    }
}

fn too_deep() -> String {
    format!(
        "its domain has more than {DEEPEST} levels: join conditions of one kind with `any_of` or `all_of`, or split the \
         search into several"
    )
}

/// Returns how deep lists are nested, if no deeper than `most`.
fn lists_within(json: &Value, most: usize) -> Option<usize> {
    let Value::Array(items) = json else { return Some(0) };
    let most = most.checked_sub(1)?;
    items.iter().try_fold(1, |deepest, item| Some(deepest.max(1 + lists_within(item, most)?)))
}

#[cfg(test)]
mod tests;
