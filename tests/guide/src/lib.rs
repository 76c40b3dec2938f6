//! The Rust code of the guide in `docs/guide`, compiled as documentation tests.

/// The models that the guide's chapters share, as an application would have them in `mod erp`. One set for all chapters,
/// because each expansion of the macro in a documentation test takes time of its own.
pub mod erp {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = [
            "sale.*", "party.*", "product.*", "company.*", "account.invoice*", "stock.shipment.out", "currency.currency",
            "ir.attachment", "ir.cron", "ir.lang", "ir.model", "res.user", "account.create_chart.account", "!*.reporting.*",
        ],
    }
}

/// Makes each chapter the documentation of an item, so that rustdoc finds its code.
macro_rules! chapters {
    ($( $item:ident = $file:literal; )+) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("../../../docs/guide/src/", $file))]
            pub struct $item;
        )+
    };
}

chapters! {
    Introduction = "introduction.md";
    Tryton = "tryton.md";
    FirstQuery = "first-query.md";
    Reading = "reading.md";
    Drafts = "drafts.md";
    Forms = "forms.md";
    Actions = "actions.md";
    Errors = "errors.md";
    Sessions = "sessions.md";
    Testing = "testing.md";
    Users = "users.md";
    Rights = "rights.md";
    Bulk = "bulk.md";
    Deploying = "deploying.md";
    Performance = "performance.md";
    Upgrades = "upgrades.md";
    CustomModules = "custom-modules.md";
    Cookbook = "cookbook.md";
    Inside = "inside.md";
    Comparison = "comparison.md";
}
