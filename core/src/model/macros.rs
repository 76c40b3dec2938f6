//! `models!`, and the macros that generated code calls, so that generated code contains only names and types.
//!
//! Their expansions use only `$crate` for the SDK, and through it `core` and `std`: nothing that an application could
//! shadow. They allow no lints, because a lint that the application forbids cannot be allowed.

/// Types for the models of a Tryton server, from a snapshot of its metadata.
///
/// ```text
/// mod erp {
///     tryton_sdk::models! {
///         schema = "schemas/8.2",
///         models = ["sale.*", "party.party"],
///         rename = { "sale.sale" = "Order", "report:sale.sale" = "ORDER" },
///         override = { "sale.sale,number" = { required = true } },
///     }
/// }
/// ```
///
/// * `schema` is the folder of a snapshot, which `cargo tryton pull` writes. It is looked up in the folder of the
///   crate, then in each folder above it, so that a workspace can share one. A folder without the snapshot's
///   `server.json` is skipped.
/// * `models` selects models by name or pattern; `*` matches any text, dots included. A pattern with `!` in front, such
///   as `!*.reporting.*`, excludes models, wherever it stands in the list. A relation to a model that is not selected
///   gets a bare marker type.
/// * `rename` (optional) overrides generated names: of models (`"sale.sale"`), of the enums of selection fields
///   (`"sale.sale,state"`), and of the constants of reports and wizards (`"report:sale.sale"`,
///   `"wizard:sale.return_sale"`).
/// * `override` (optional) corrects the metadata of a field: `required = true` or `false`, another `type`, or values to
///   `add` to a selection, such as `{ add = ["on_hold"] }`. `enum = true` makes a selection of fixed values an enum
///   even if it has more than 64 of them, and `enum = false` makes it a `Choice` even if it has fewer.
/// * `serde = true` (optional) implements `Serialize` and `Deserialize` for the enums of selections, as the text of the
///   value. It is off by default because it costs compile time.
/// * `crate` (optional) is the path of the SDK. It is rarely needed: a renamed dependency, and a crate that exports the
///   SDK as `facade::tryton_sdk`, are found through the path of the macro itself.
///
/// **`models! {}`** without arguments reads all of these but `crate` from the `tryton.toml` in the folder of the crate
/// or the nearest folder above it, so that `cargo tryton` and the macro share their settings. `schema` is then relative
/// to the folder of that file.
///
/// A rename or an override that changes nothing is an error, except for `enum`, which may state the default.
///
/// Each model becomes a type with a constant `F` that holds a typed field for each of its fields; each selection with
/// fixed values becomes an enum. The modules `report` and `wizard` hold a constant for each report and wizard. Cargo
/// rebuilds when the snapshot or `tryton.toml` changes.
#[macro_export]
macro_rules! models {
    ($($arguments:tt)*) => { $crate::__private::models! { $crate; $($arguments)* } };
}

/// Defines a model: its type, and the values of the struct of its fields, as [`models!`](crate::models) writes them.
///
/// `of (8, 2)` is the series of the model, if it is known. The brackets name the methods that the server exposes for
/// the model. The braces give each field of the struct its name in Tryton: first those that clients can set, then the
/// others. A one2many has the field that leads back after `=>`. The struct is written out beside the macro, because the
/// compiler takes longer over types that come through one.
///
/// ```
/// use tryton_sdk::types::*;
///
/// tryton_sdk::model! {
///     /// A sale.
///     pub Sale(SaleFields) = "sale.sale" [search, read, create];
///     settable { reference: "reference" }
///     read_only { number: "number", total_amount: "total_amount" }
/// }
///
/// /// The fields of [`Sale`].
/// pub struct SaleFields {
///     /// Number.
///     pub number: Field<Sale, Option<String>, ReadOnly>,
///     /// Reference.
///     pub reference: Field<Sale, Option<String>>,
///     /// Total.
///     pub total_amount: Field<Sale, Option<Decimal>, ReadOnly<Computed>>,
/// }
///
/// assert_eq!(Sale::F.total_amount.name(), "total_amount");
/// ```
#[macro_export]
macro_rules! model {
    (
        $(#[$doc:meta])*
        pub $model:ident($fields:ident) = $name:literal $(of ($major:literal, $minor:literal))? [$($function:ident),*];
        settable { $($field:ident: $wire:literal $(=> $back:literal)?),* $(,)? }
        read_only { $($fixed_field:ident: $fixed_wire:literal $(=> $fixed_back:literal)?),* $(,)? }
    ) => {
        $(#[$doc])*
        pub enum $model {}

        impl $crate::ModelName for $model {
            const NAME: &'static str = $name;
            $(const SERIES: $crate::types::Option<$crate::Series> =
                $crate::types::Option::Some($crate::Series::new($major, $minor));)?
        }

        impl $crate::Model for $model {
            type Fields = $fields;
            const FIELDS: $crate::FieldNames =
                $crate::FieldNames::new(
                    $crate::__private::core::concat!($($wire, " "),*),
                    $crate::__private::core::concat!($($fixed_wire, " "),*),
                );
        }

        impl $model {
            /// The fields of the model.
            pub const F: &'static $fields = &{
                // Without a name, the compiler would evaluate the fields of each model, used or not.
                let fields = $fields {
                    $($field: $crate::__private::field($wire)$(.leading_back_by($back))?,)*
                    $($fixed_field: $crate::__private::field($fixed_wire)$(.leading_back_by($fixed_back))?,)*
                };
                fields
            };

            $($crate::__private::model_functions!($function);)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __model_functions {
    (search) => {
        /// Begins a search. It sends nothing until one of its last steps.
        #[inline]
        pub fn search() -> $crate::Search<Self> {
            <Self as $crate::Records>::search()
        }
    };
    (read) => {
        /// Reads the records with these ids: see [`Records::read`]($crate::Records::read).
        #[inline]
        pub fn read<'a, P: $crate::Projection<Model = Self> + 'a>(
            connection: &'a dyn $crate::Connection,
            ids: &'a [$crate::Id<Self>],
        ) -> $crate::Reply<'a, $crate::types::Vec<P>> {
            <Self as $crate::Records>::read(connection, ids)
        }
    };
    (create) => {
        /// Creates a record: see [`Records::create`]($crate::Records::create).
        #[inline]
        pub fn create<'a>(
            connection: &'a dyn $crate::Connection,
            draft: $crate::Draft<Self>,
        ) -> $crate::Reply<'a, $crate::Id<Self>> {
            <Self as $crate::Records>::create(connection, draft)
        }
    };
    (write) => {
        /// Changes the records with these ids: see [`Records::write`]($crate::Records::write).
        #[inline]
        pub fn write<'a>(
            connection: &'a dyn $crate::Connection,
            ids: &'a [$crate::Id<Self>],
            draft: $crate::Draft<Self>,
        ) -> $crate::Reply<'a, ()> {
            <Self as $crate::Records>::write(connection, ids, draft)
        }
    };
    (delete) => {
        /// Deletes the records with these ids: see [`Records::delete`]($crate::Records::delete).
        #[inline]
        pub fn delete<'a>(
            connection: &'a dyn $crate::Connection,
            ids: &'a [$crate::Id<Self>],
        ) -> $crate::Reply<'a, ()> {
            <Self as $crate::Records>::delete(connection, ids)
        }
    };
}

/// Defines the buttons of a model as functions, as [`models!`](crate::models) writes them.
///
/// ```
/// # use tryton_sdk::types::*;
/// # tryton_sdk::model! {
/// #     /// A sale.
/// #     pub Sale(SaleFields) = "sale.sale" [search];
/// #     settable {}
/// #     read_only { id: "id" }
/// # }
/// # /// The fields of [`Sale`].
/// # pub struct SaleFields {
/// #     /// ID.
/// #     pub id: Field<Sale, Id<Sale>, ReadOnly>,
/// # }
/// tryton_sdk::buttons! {
///     Sale {
///         /// Quote
///         quote: "quote",
///         /// Copy, a name that is taken
///         copy_: "copy",
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
    ($model:ident { $( $(#[$doc:meta])* $button:ident: $wire:literal ),* $(,)? }) => {
        impl $model { $(
            $(#[$doc])*
            #[inline]
            pub fn $button<'a>(
                connection: &'a dyn $crate::Connection,
                ids: &'a [$crate::Id<Self>],
            ) -> $crate::Reply<'a, $crate::NextStep> {
                $crate::__private::press(connection, $wire, ids)
            }
        )* }
    };
}

/// Defines the values of a selection field as an open enum, as [`models!`](crate::models) writes them.
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
        #[$crate::__private::derive($crate::__private::core::clone::Clone)]
        pub enum $selection {
            $($(#[$doc])* $variant,)*
            /// A value that was not known when this code was generated.
            Other($crate::OtherValue),
        }

        impl $selection {
            /// Returns the value as the server writes it.
            #[inline]
            pub fn as_str(&self) -> &str {
                $crate::Selection::as_str(self)
            }
        }

        impl $crate::Selection for $selection {
            #[inline]
            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(other) => other.as_str(),
                }
            }

            #[inline]
            fn from_value(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Other($crate::OtherValue::new(value)),
                }
            }
        }

        // Not one for all selections: a list of records would then be refused for a reason that does not help.
        impl $crate::Operand<$selection> for $selection {
            type Null = $crate::NeverNull;

            #[inline]
            fn into_json(self) -> $crate::Result<$crate::types::Value> {
                $crate::Encode::encode(&self)
            }
        }

        // Compares the values, so that one kept in `Other` equals the variant that it would have today.
        impl $crate::__private::core::cmp::PartialEq for $selection {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl $crate::__private::core::cmp::Eq for $selection {}

        impl $crate::__private::core::hash::Hash for $selection {
            #[inline]
            fn hash<H: $crate::__private::core::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl $crate::__private::core::fmt::Debug for $selection {
            #[inline]
            fn fmt(&self, f: &mut $crate::__private::core::fmt::Formatter<'_>) -> $crate::__private::core::fmt::Result {
                $crate::__private::core::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl $crate::__private::core::fmt::Display for $selection {
            #[inline]
            fn fmt(&self, f: &mut $crate::__private::core::fmt::Formatter<'_>) -> $crate::__private::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// Implements `Serialize` and `Deserialize` for the enums of selections, as the text of the value;
/// [`models!`](crate::models) writes it for `serde = true`.
///
/// ```
/// tryton_sdk::selection! {
///     /// State of a sale.
///     pub SaleState {
///         /// Draft
///         Draft = "draft",
///     }
/// }
/// tryton_sdk::selections_by_serde!(SaleState);
///
/// assert_eq!(serde_json::to_string(&SaleState::Draft)?, r#""draft""#);
/// assert_eq!(serde_json::from_str::<SaleState>(r#""packed""#)?.as_str(), "packed");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! selections_by_serde {
    ($($selection:ident),*) => { $(
        impl $crate::__private::Serialize for $selection {
            #[inline]
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                to: S,
            ) -> $crate::__private::core::result::Result<S::Ok, S::Error> {
                $crate::plain::serialize(self, to)
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $selection {
            #[inline]
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                from: D,
            ) -> $crate::__private::core::result::Result<Self, D::Error> {
                $crate::plain::deserialize(from)
            }
        }
    )* };
}

/// Defines markers for models outside the selection, as [`models!`](crate::models) writes them: they keep an
/// [`Id`](crate::Id) typed.
///
/// ```
/// tryton_sdk::marker! {
///     /// The model `ir.lang`, which is not selected.
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

        impl $marker {
            /// Makes the compiler explain that the model is not in the list.
            #[doc(hidden)]
            pub fn search<M: $crate::Model>() -> $crate::Search<M>
            where
                Self: $crate::__private::Is<M>,
            {
                <M as $crate::Records>::search()
            }
        }
    )* };
}

/// Checks the form of the files that `cargo tryton generate` has written: a compile error with the remedy if this
/// version of the SDK cannot read it.
///
/// ```
/// tryton_sdk::generated_form!(1);
/// ```
///
/// ```compile_fail
/// tryton_sdk::generated_form!(0);
/// ```
#[macro_export]
macro_rules! generated_form {
    (1) => {};
    ($form:literal) => {
        ::core::compile_error!(::core::concat!(
            "these files were generated in form ",
            $form,
            ", but this version of tryton-sdk reads form 1: run `cargo tryton generate` again, with a `cargo tryton` of \
             the same version as tryton-sdk"
        ));
    };
}
