//! Types and traits by which the compiler checks fields. Applications rarely name them.

pub use tryton_sdk_core::{
    Accepts, Columns, Comparable, Computed, DictValue, Field, FieldNames, FieldType, Filterable, Labelled, LeadsTo,
    Multiple, NeverNull, NoFilter, NoOrder, Nullability, Nullable, Operand, OrderPath, Orderable, OtherValue,
    Queryable, ReadOnly, Reads, Relation, Scalar, Selectable, Takes, Textual, ToMany, ToOne, User, Writable,
};
