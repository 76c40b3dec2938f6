//! The operators of Tryton's domains, each with its opposite.

macro_rules! operators {
    ($($operator:ident = $text:literal, not $opposite:ident;)+) => {
        /// The operators of Tryton's domains.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operator { $($operator,)+ }

        impl Operator {
            pub(super) fn as_str(self) -> &'static str {
                match self { $(Self::$operator => $text,)+ }
            }

            pub(super) fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$operator),)+ _ => None }
            }

            pub(super) fn opposite(self) -> Self {
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

/// Whether the text is an operator, for the middle of a domain's clause.
pub fn is_operator(text: &str) -> bool {
    Operator::parse(text).is_some()
}

impl Operator {
    /// Whether the parent field follows the value in a clause.
    pub(super) fn is_of_hierarchy(self) -> bool {
        use Operator::*;
        matches!(self, ChildOf | NotChildOf | ParentOf | NotParentOf)
    }

    /// Whether null does not satisfy the operator, so that it must satisfy its opposite.
    pub(super) fn leaves_null_out(self) -> bool {
        use Operator::*;
        matches!(
            self,
            Equal | Less | LessOrEqual | Greater | GreaterOrEqual | In | Like | Ilike | ChildOf | ParentOf | Where
        )
    }
}
