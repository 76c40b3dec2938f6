//! The purchase module asks before the unit of a product changes that has a supplier.

use tryton_sdk::{AcceptWarnings, Client, Draft, Id, Result};

use super::erp::{Company, Party, Product, ProductTemplate, ProductUom, PurchaseProductSupplier};
use super::{SERIES, client};
use crate::support::endpoint;

/// A product template of the test's own that has a supplier, and another unit than it has.
async fn with_supplier(tryton: &Client, name: &str) -> (Id<ProductTemplate>, [Id<ProductUom>; 2]) {
    let grams = ProductUom::search().filter(ProductUom::F.name.is("Gram"));
    let (unit, kind) = grams.select((ProductUom::F.id, ProductUom::F.category)).one(tryton).await.expect("the gram");
    let others = ProductUom::search().filter(ProductUom::F.category.is(kind).and(ProductUom::F.id.is_not(unit)));
    let other = others.select(ProductUom::F.id).first(tryton).await.expect("search").expect("another unit");
    let template = Draft::new()
        .set(ProductTemplate::F.name, name)
        .set(ProductTemplate::F.default_uom, unit)
        .set(ProductTemplate::F.purchasable, true)
        .set(ProductTemplate::F.purchase_uom, unit)
        .add(ProductTemplate::F.products, [Draft::new()]);
    let template = ProductTemplate::create(tryton, template).await.expect("create");
    let products = Product::search().filter(Product::F.template.is(template)).select(Product::F.id);
    let product = products.one(tryton).await.expect("the product");
    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    let company = Company::search().select((Company::F.id, Company::F.currency));
    let (company, currency) = company.one(tryton).await.expect("the company");
    let supplier = Draft::new()
        .set(PurchaseProductSupplier::F.template, template)
        .set(PurchaseProductSupplier::F.product, product)
        .set(PurchaseProductSupplier::F.party, party)
        .set(PurchaseProductSupplier::F.company, company)
        .set(PurchaseProductSupplier::F.currency, currency);
    PurchaseProductSupplier::create(tryton, supplier).await.expect("create");
    (template, [other, unit])
}

async fn buy_in(tryton: &Client, template: Id<ProductTemplate>, unit: Id<ProductUom>) -> Result<()> {
    ProductTemplate::write(tryton, &[template], Draft::new().set(ProductTemplate::F.purchase_uom, unit)).await
}

#[tokio::test]
async fn a_warning_is_accepted_once_or_always() {
    let tryton = &client().await;
    let (template, [other, unit]) = with_supplier(tryton, "Warned").await;
    let error = buy_in(tryton, template, other).await.expect_err("the server asks first");
    tryton.accept(error.warning().expect("a warning")).await.expect("accept");
    buy_in(tryton, template, other).await.expect("accepted this time");

    let error = buy_in(tryton, template, unit).await.expect_err("it asks again");
    tryton.accept_always(error.warning().expect("a warning")).await.expect("accept");
    for unit in [unit, other, unit] {
        buy_in(tryton, template, unit).await.expect("accepted always");
    }
}

#[tokio::test]
async fn a_program_accepts_what_it_was_told_to() {
    let tryton = &client().await;
    let (template, [other, unit]) = with_supplier(tryton, "Told").await;
    let named = tryton.accepting(AcceptWarnings::named(["product_template"]));
    buy_in(&named, template, other).await.expect("accepted by name");
    let all = tryton.accepting(AcceptWarnings::all());
    buy_in(&all, template, unit).await.expect("accepted with all");
    let others = tryton.accepting(AcceptWarnings::named(["template", "done"]));
    assert!(buy_in(&others, template, other).await.expect_err("another name").is_warning());
    assert!(buy_in(tryton, template, other).await.expect_err("nothing is accepted").is_warning());
}

#[tokio::test]
async fn who_has_no_session_accepts_warnings_too() {
    let at = endpoint(SERIES);
    let basic = Client::builder(&at.url, &at.database).basic(&at.user, at.password.as_str()).build().expect("built");
    let tryton = &basic.with(basic.user_context().await.expect("the user's context"));
    let (template, [other, unit]) = with_supplier(tryton, "Warned without a session").await;
    buy_in(&tryton.accepting(AcceptWarnings::all()), template, other).await.expect("accepted by a rule");
    let error = buy_in(tryton, template, unit).await.expect_err("the server asks first");
    tryton.accept(error.warning().expect("a warning")).await.expect("accept");
    buy_in(tryton, template, unit).await.expect("accepted this time");
}
