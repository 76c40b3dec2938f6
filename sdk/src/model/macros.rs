//! The three macros that generated code calls, so that it holds names and types only.

/// A model and its fields, as [`models!`](crate::models) writes them.
///
/// The brackets name the methods that the server exposes for the model. A field's type may be followed by
/// `as NoFilter`, `as NoOrder` or `as Computed`, each also as `as ReadOnly<…>`, that of a one2many by `=> "…"`, the field
/// that leads back; and its name by `= "…"` where Tryton's is no name in Rust.
///
/// ```
/// use tryton_sdk::types::*;
///
/// tryton_sdk::model! {
///     /// A sale.
///     pub Sale(SaleFields) = "sale.sale" [search, read, create];
///
///     /// Number.
///     number: Option<String> as ReadOnly,
///     /// Reference.
///     reference: Option<String>,
///     /// Total.
///     total_amount: Option<Decimal> as ReadOnly<Computed>,
/// }
///
/// assert_eq!(Sale::F.total_amount.name(), "total_amount");
/// ```
#[macro_export]
macro_rules! model {
    (
        $(#[$model_doc:meta])*
        pub $model:ident($fields:ident) = $name:literal [$($function:ident),*];
        $(
            $(#[$doc:meta])*
            $field:ident $(= $wire:literal)? : $type:ty $(as $query:ty)? $(=> $back:literal)?
        ),* $(,)?
    ) => {
        $(#[$model_doc])*
        pub enum $model {}

        #[doc = concat!("The fields of [`", stringify!($model), "`], as its constant `F`.")]
        #[allow(non_snake_case, reason = "Tryton's own names")]
        pub struct $fields {
            $($(#[$doc])* pub $field: $crate::Field<$model, $type $(, $query)?>,)*
        }

        impl $crate::ModelName for $model {
            const NAME: &'static str = $name;
        }

        impl $crate::Model for $model {
            type Fields = $fields;
            const F: &'static $fields = &$fields {
                $($field: $crate::Field::new($crate::__private::wire_name!($field $(= $wire)?))$(.leading_back_by($back))?,)*
            };
            const FIELDS: &'static [$crate::FieldInfo] = &[$(
                $crate::FieldInfo::new($crate::__private::wire_name!($field $(= $wire)?))$(.limited::<$query>())?,
            )*];
        }

        impl $model {
            /// The fields of the model.
            pub const F: &'static $fields = <$model as $crate::Model>::F;

            $($crate::__private::model_functions!($function);)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __wire_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident = $wire:literal) => {
        $wire
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __model_functions {
    (search) => {
        /// Begins a search. Nothing is asked of the server before one of its last steps.
        #[inline]
        pub fn search() -> $crate::Search<Self> {
            <Self as $crate::Model>::search()
        }
    };
    (read) => {
        /// Reads the records with these ids: see [`Model::read`]($crate::Model::read).
        #[inline]
        pub fn read<'a, P: $crate::Projection<Model = Self> + 'a>(
            client: &'a $crate::Client,
            ids: &'a [$crate::Id<Self>],
        ) -> $crate::Reply<'a, ::std::vec::Vec<P>> {
            <Self as $crate::Model>::read(client, ids)
        }

        /// Reads any number of records with these ids, in the order of the ids: 500 in a request, and up to four
        /// requests at once.
        ///
        /// # Errors
        ///
        /// As for [`Model::read`]($crate::Model::read).
        #[inline]
        pub fn read_many<'a, P: $crate::Projection<Model = Self> + ::core::marker::Send + 'a>(
            client: &'a $crate::Client,
            ids: &'a [$crate::Id<Self>],
        ) -> $crate::Reply<'a, ::std::vec::Vec<P>> {
            <Self as $crate::Model>::read_many(client, ids)
        }
    };
    (create) => {
        /// Creates a record: see [`Model::create`]($crate::Model::create).
        #[inline]
        pub fn create<'a>(
            client: &'a $crate::Client,
            draft: $crate::Draft<Self>,
        ) -> $crate::Reply<'a, $crate::Id<Self>> {
            <Self as $crate::Model>::create(client, draft)
        }

        /// Creates records: see [`Model::create_many`]($crate::Model::create_many).
        #[inline]
        pub fn create_many<'a>(
            client: &'a $crate::Client,
            drafts: ::std::vec::Vec<$crate::Draft<Self>>,
        ) -> $crate::Reply<'a, ::std::vec::Vec<$crate::Id<Self>>> {
            <Self as $crate::Model>::create_many(client, drafts)
        }
    };
    (write) => {
        /// Changes the records with these ids: see [`Model::write`]($crate::Model::write).
        #[inline]
        pub fn write<'a>(
            client: &'a $crate::Client,
            ids: &'a [$crate::Id<Self>],
            draft: $crate::Draft<Self>,
        ) -> $crate::Reply<'a, ()> {
            <Self as $crate::Model>::write(client, ids, draft)
        }
    };
    (delete) => {
        /// Deletes the records with these ids: see [`Model::delete`]($crate::Model::delete).
        #[inline]
        pub fn delete<'a>(client: &'a $crate::Client, ids: &'a [$crate::Id<Self>]) -> $crate::Reply<'a, ()> {
            <Self as $crate::Model>::delete(client, ids)
        }
    };
    (copy) => {
        /// Copies the records with these ids: see [`Model::copy`]($crate::Model::copy).
        #[inline]
        pub fn copy<'a>(
            client: &'a $crate::Client,
            ids: &'a [$crate::Id<Self>],
            changes: $crate::Draft<Self>,
        ) -> $crate::Reply<'a, ::std::vec::Vec<$crate::Id<Self>>> {
            <Self as $crate::Model>::copy(client, ids, changes)
        }
    };
    (default_get) => {
        /// What a new record begins with: see [`Model::defaults`]($crate::Model::defaults).
        #[inline]
        pub fn defaults(client: &$crate::Client) -> $crate::Reply<'_, $crate::Draft<Self>> {
            <Self as $crate::Model>::defaults(client)
        }
    };
}

/// The buttons of a model as functions, as [`models!`](crate::models) writes them.
///
/// ```
/// # use tryton_sdk::types::*;
/// # tryton_sdk::model! {
/// #     /// A sale.
/// #     pub Sale(SaleFields) = "sale.sale" [search];
/// #     /// ID.
/// #     id: Id<Sale> as ReadOnly,
/// # }
/// tryton_sdk::buttons! {
///     Sale {
///         /// Quote
///         quote,
///         /// Copy, a name that is taken
///         copy_ = "copy",
///     }
/// }
///
/// # async fn run(tryton: tryton_sdk::Client, id: Id<Sale>) -> tryton_sdk::Result<()> {
/// Sale::quote(&tryton, &[id]).await?;
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! buttons {
    ($model:ident { $( $(#[$doc:meta])* $button:ident $(= $wire:literal)? ),* $(,)? }) => {
        #[allow(non_snake_case, reason = "Tryton's own names")]
        impl $model { $(
            $(#[$doc])*
            #[inline]
            pub fn $button<'a>(
                client: &'a $crate::Client,
                ids: &'a [$crate::Id<Self>],
            ) -> $crate::Reply<'a, $crate::NextStep> {
                $crate::__private::press(client, $crate::__private::wire_name!($button $(= $wire)?), ids)
            }
        )* }
    };
}

/// The values of a selection field as an open enum, as [`models!`](crate::models) writes them.
///
/// ```
/// use tryton_sdk::Selection;
///
/// tryton_sdk::selection! {
///     /// State of a sale.
///     pub SaleState {
///         /// Draft
///         Draft = "draft",
///         /// Quotation
///         Quotation = "quotation",
///     }
/// }
///
/// assert_eq!(SaleState::Draft.as_str(), "draft");
/// ```
#[macro_export]
macro_rules! selection {
    (
        $(#[$enum_doc:meta])*
        pub $selection:ident {
            $( $(#[$doc:meta])* $variant:ident = $value:literal ),* $(,)?
        }
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone)]
        pub enum $selection {
            $($(#[$doc])* $variant,)*
            /// A value that was not known when this code was generated.
            Other($crate::OtherValue),
        }

        impl $selection {
            /// The value as the server writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(other) => other.as_str(),
                }
            }
        }

        impl $crate::Selection for $selection {
            #[inline]
            fn as_str(&self) -> &str {
                self.as_str()
            }

            fn known(value: &str) -> ::core::option::Option<Self> {
                match value {
                    $($value => ::core::option::Option::Some(Self::$variant),)*
                    _ => ::core::option::Option::None,
                }
            }

            #[inline]
            fn other(value: $crate::OtherValue) -> Self {
                Self::Other(value)
            }
        }

        impl $crate::Reads<$selection> for ::std::string::String {}

        // Not one for all selections: a list of records would then be refused for a reason that helps nobody.
        impl $crate::Operand<$selection> for $selection {
            type Null = $crate::NeverNull;

            #[inline]
            fn into_json(self) -> $crate::types::Value {
                $crate::Encode::encode(&self)
            }
        }

        // By the value, so that one kept in `Other` equals the variant it would have today.
        impl ::core::cmp::PartialEq for $selection {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::core::cmp::Eq for $selection {}

        impl ::core::hash::Hash for $selection {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl ::core::fmt::Debug for $selection {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl ::core::fmt::Display for $selection {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// Models outside the selection, as [`models!`](crate::models) writes them: names that keep an [`Id`](crate::Id) typed.
///
/// ```
/// tryton_sdk::marker! {
///     /// `ir.lang`, which is outside this selection of models.
///     pub IrLang = "ir.lang";
/// }
/// ```
#[macro_export]
macro_rules! marker {
    ($( $(#[$doc:meta])* pub $marker:ident = $name:literal; )*) => { $(
        $(#[$doc])*
        pub enum $marker {}

        impl $crate::ModelName for $marker {
            const NAME: &'static str = $name;
        }
    )* };
}
