use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::model::Field;
use crate::projection::{self, Buffered, Projection, Row};
use crate::value::Decode;
use crate::wanted::Wanted;

/// What to read of each record: a field, a tuple of up to eight fields, or a [`Projection`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name fields of this model",
    label = "expected a field, or a tuple of up to 8 fields, of the model that is searched"
)]
pub trait Columns<M>: Send + Sync {
    /// What each record becomes.
    type Row;

    #[doc(hidden)]
    fn wants(&self, wanted: &mut Wanted);

    #[doc(hidden)]
    fn decode<'de, A: MapAccess<'de>>(&self, map: A) -> Result<Row<Self::Row>, A::Error>;
}

/// All fields of a projection.
pub(super) struct Projected<P>(PhantomData<fn() -> P>);

impl<P> Projected<P> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<P: Projection> Columns<P::Model> for Projected<P> {
    type Row = P;

    fn wants(&self, wanted: &mut Wanted) {
        projection::columns::<P>("", wanted);
    }

    fn decode<'de, A: MapAccess<'de>>(&self, map: A) -> Result<Row<P>, A::Error> {
        projection::row(map)
    }
}

/// A key of a record, borrowed from the answer where nothing in it is escaped.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The value of one column while its record is read.
struct Column<'c, M, T, Q> {
    field: &'c Field<M, T, Q>,
    value: Option<T>,
}

impl<'c, M, T: Decode, Q> Column<'c, M, T, Q> {
    fn of(field: &'c Field<M, T, Q>) -> Self {
        Self { field, value: None }
    }

    fn is(&self, key: &str) -> bool {
        self.field.name() == key
    }

    /// Reads the value behind `key`, if it is this column's.
    fn read<E: serde::de::Error>(&mut self, key: &str, value: &Buffered<'_>) -> Result<(), E> {
        if self.is(key) {
            self.value = Some(value.read(self.field.seed(), || key.to_owned())?);
        }
        Ok(())
    }

    /// Takes the record's id as the value, if this column is the id.
    fn read_id<E: serde::de::Error>(&mut self, id: i64) -> Result<(), E> {
        if self.is("id") {
            self.value = Some(T::decode(serde_json::Value::from(id)).map_err(E::custom)?);
        }
        Ok(())
    }

    fn finish<E: serde::de::Error>(self) -> Result<T, E> {
        self.value.ok_or_else(|| E::custom(format_args!("the field `{}` is missing", self.field.name())))
    }
}

macro_rules! tuple_columns {
    ($($column:ident: $type:ident, $queries:ident);+) => {
        impl<M, $($type: Decode, $queries),+> Columns<M> for ($(Field<M, $type, $queries>,)+) {
            type Row = ($($type,)+);

            fn wants(&self, wanted: &mut Wanted) {
                let ($($column,)+) = self;
                $($type::wants($column.name(), wanted);)+
            }

            fn decode<'de, A: MapAccess<'de>>(&self, mut map: A) -> Result<Row<Self::Row>, A::Error> {
                let ($($column,)+) = self;
                $(let mut $column = Column::of($column);)+
                let mut id = None;
                while let Some(Key(key)) = map.next_key()? {
                    let readers = 0 $(+ usize::from($column.is(&key)))+;
                    if key == "id" {
                        let value: i64 = map.next_value()?;
                        id = Some(value);
                        $($column.read_id(value)?;)+
                    } else if readers > 1 {
                        // The same column twice, or several keys of one dictionary.
                        let value: Buffered = map.next_value()?;
                        $($column.read(&key, &value)?;)+
                    } else
                    $(if $column.is(&key) {
                        $column.value = Some(map.next_value_seed($column.field.seed())?);
                    } else)+ {
                        projection::skip(&mut map)?;
                    }
                }
                Ok(Row { id, value: ($($column.finish()?,)+) })
            }
        }
    };
}

tuple_columns!(a: A0, Q0);
tuple_columns!(a: A0, Q0; b: B0, Q1);
tuple_columns!(a: A0, Q0; b: B0, Q1; c: C0, Q2);
tuple_columns!(a: A0, Q0; b: B0, Q1; c: C0, Q2; d: D0, Q3);
tuple_columns!(a: A0, Q0; b: B0, Q1; c: C0, Q2; d: D0, Q3; e: E0, Q4);
tuple_columns!(a: A0, Q0; b: B0, Q1; c: C0, Q2; d: D0, Q3; e: E0, Q4; f: F0, Q5);
tuple_columns!(a: A0, Q0; b: B0, Q1; c: C0, Q2; d: D0, Q3; e: E0, Q4; f: F0, Q5; g: G0, Q6);
tuple_columns!(a: A0, Q0; b: B0, Q1; c: C0, Q2; d: D0, Q3; e: E0, Q4; f: F0, Q5; g: G0, Q6; h: H0, Q7);

impl<M, T: Decode, Q> Columns<M> for Field<M, T, Q> {
    type Row = T;

    fn wants(&self, wanted: &mut Wanted) {
        (*self,).wants(wanted);
    }

    fn decode<'de, A: MapAccess<'de>>(&self, map: A) -> Result<Row<T>, A::Error> {
        let Row { id, value: (value,) } = (*self,).decode(map)?;
        Ok(Row { id, value })
    }
}

/// Reads a list of records.
pub(super) struct Rows<'c, M, C> {
    columns: &'c C,
    model: PhantomData<fn() -> M>,
}

impl<'c, M, C> Rows<'c, M, C> {
    pub(super) fn of(columns: &'c C) -> Self {
        Self { columns, model: PhantomData }
    }
}

impl<M, C> Clone for Rows<'_, M, C> {
    fn clone(&self) -> Self {
        Self::of(self.columns)
    }
}

impl<'de, M, C: Columns<M>> DeserializeSeed<'de> for Rows<'_, M, C> {
    type Value = Vec<Row<C::Row>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, M, C: Columns<M>> Visitor<'de> for Rows<'_, M, C> {
    type Value = Vec<Row<C::Row>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = records.next_element_seed(OneRow(&self))? {
            rows.push(row);
        }
        Ok(rows)
    }
}

struct OneRow<'r, 'c, M, C>(&'r Rows<'c, M, C>);

impl<'de, M, C: Columns<M>> DeserializeSeed<'de> for OneRow<'_, '_, M, C> {
    type Value = Row<C::Row>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, M, C: Columns<M>> Visitor<'de> for OneRow<'_, '_, M, C> {
    type Value = Row<C::Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.columns.decode(map)
    }
}
