//! Types and traits by which the compiler checks fields. Applications rarely name them.

pub use tryton_sdk_core::{
    Accepts, Columns, Comparable, Computed, DictValue, Field, FieldNames, FieldType, Filterable, Labelled, LeadsTo,
    Multiple, NeverNull, NoFilter, NoOrder, Nullability, Nullable, Operand, OrderPath, Orderable, OtherValue, Present,
    Queryable, ReadOnly, Reads, Relation, Scalar, Selectable, Settable, Takes, Textual, ToMany, ToOne, User, Writable,
};
