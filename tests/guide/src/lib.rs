//! The Rust code of the guide in `docs/guide`, compiled as documentation tests. `tests/tests/programs.rs` has those that call
//! [`run`] run against a server of the sandbox.

use std::error::Error;

use tryton_sdk::{Client, Draft, Id, Records};

/// The models that the guide's chapters share, as an application would have them in `mod erp`. One set for all chapters,
/// because each expansion of the macro in a documentation test takes time of its own.
pub mod erp {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = [
            "sale.*", "party.*", "product.*", "company.*", "account.invoice*", "stock.shipment.out", "stock.move", "currency.currency",
            "ir.attachment", "ir.cron", "ir.lang", "ir.model", "res.user", "account.create_chart.account", "!*.reporting.*",
        ],
    }
}

/// The variable that lets [`run`] run. The server that the environment names is written to, so that it has to be said.
pub const RUN: &str = "RUN_THE_GUIDE";

/// Runs the code of a chapter, with a client in the user's context, if the variable [`RUN`] is set. Without it there is no
/// server, and the code is only compiled.
///
/// ```
/// tryton_sdk_guide::run(async |tryton| {
///     tryton.ping().await?;
///     Ok(())
/// });
/// ```
///
/// # Panics
///
/// Where the code fails.
pub fn run(code: impl AsyncFnOnce(Client) -> Result<(), Box<dyn Error>>) {
    if std::env::var_os(RUN).is_none() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let done = runtime.block_on(async {
        let tryton = Client::from_env()?;
        code(tryton.with(tryton.user_context().await?)).await
    });
    done.expect("the code of the chapter runs");
}

/// The first record of a model, in the order of the ids.
///
/// ```
/// use tryton_sdk_guide::{erp::Party, run, some};
///
/// run(async |tryton| {
///     let party = some::<Party>(&tryton).await;
///     assert!(party.get() > 0);
///     Ok(())
/// });
/// ```
///
/// # Panics
///
/// Where the server has none.
pub async fn some<M: Records>(tryton: &Client) -> Id<M> {
    let ids = M::search().order(M::ID.asc()).limit(1).ids(tryton).await.expect("a search");
    *ids.first().expect("a record")
}

/// A new sale with a line, which can be quoted.
///
/// ```
/// tryton_sdk_guide::run(async |tryton| {
///     assert!(tryton_sdk_guide::draft(&tryton).await.get() > 0);
///     Ok(())
/// });
/// ```
///
/// # Panics
///
/// Where the server does not let one be made.
pub async fn draft(tryton: &Client) -> Id<erp::Sale> {
    use erp::{Product, Sale, SaleLine};
    let hammer = Product::search().filter(Product::F.code.is("HAMMER")).select(Product::F.id);
    let hammer = hammer.one(tryton).await.expect("the sandbox sells hammers");
    let line = Draft::new().set(SaleLine::F.product, hammer).set(SaleLine::F.quantity, 2);
    let mut sale = Sale::form(tryton).await.expect("a form");
    let draft = Draft::new().set(Sale::F.party, some(tryton).await).add(Sale::F.lines, [line]);
    sale.fill(draft).await.expect("it can be filled in");
    sale.save().await.expect("it can be saved")
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
