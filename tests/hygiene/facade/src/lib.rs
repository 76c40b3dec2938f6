//! A crate that exports the SDK, as a company's own library would.

pub use tryton_sdk;

/// `models!` with the settings that all applications share.
#[macro_export]
macro_rules! erp {
    ($($model:literal),*) => {
        $crate::tryton_sdk::models! { schema = "schemas/8.2", models = [$($model),*] }
    };
}
