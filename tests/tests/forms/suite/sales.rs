//! A sale is entered by its form.

use tryton_sdk::{Draft, Form, Id, Projection, Records};

use super::erp::*;
use super::{SERIES, client, customer, decimal, product};
use crate::support;

#[derive(Debug, Projection)]
#[tryton(model = Sale)]
struct Entered {
    party: Id<Party>,
    #[tryton(path = "invoice_address.city")]
    invoiced_to: Option<String>,
    #[tryton(path = "shipment_address.city")]
    shipped_to: Option<String>,
    #[tryton(path = "payment_term.rec_name")]
    payment_term: Option<String>,
    state: SaleState,
    #[tryton(expect)]
    untaxed_amount: tryton_sdk::Decimal,
    #[tryton(expect)]
    tax_amount: tryton_sdk::Decimal,
    #[tryton(expect)]
    total_amount: tryton_sdk::Decimal,
    lines: Vec<EnteredLine>,
}

#[derive(Debug, Projection)]
#[tryton(model = SaleLine)]
struct EnteredLine {
    product: Option<Id<Product>>,
    quantity: Option<f64>,
    #[tryton(path = "unit.rec_name")]
    unit: Option<String>,
    unit_price: Option<tryton_sdk::Decimal>,
    taxes: Vec<Tax>,
}

#[derive(Debug, PartialEq, Projection)]
#[tryton(model = AccountTax)]
struct Tax {
    rec_name: Option<String>,
}

/// What the server makes of a hammer and ten bolts.
async fn check(tryton: &tryton_sdk::Client, id: Id<Sale>, party: Id<Party>, products: [Id<Product>; 2]) {
    let entered: Vec<Entered> = Sale::read(tryton, &[id]).await.expect("read");
    let [sale] = &entered[..] else { panic!("{entered:?}") };
    assert_eq!(sale.party, party);
    assert_eq!((sale.invoiced_to.as_deref(), sale.shipped_to.as_deref()), (Some("Bergen"), Some("Bergen")));
    assert_eq!((sale.payment_term.as_deref(), &sale.state), (Some("30 days"), &SaleState::Draft));
    let amounts = [&sale.untaxed_amount, &sale.tax_amount, &sale.total_amount].map(Clone::clone);
    assert_eq!(amounts, ["53.30", "10.13", "63.43"].map(decimal));
    let prices = ["24.90", "0.35"].map(decimal);
    assert_eq!(sale.lines.len(), 2, "{sale:?}");
    for ((line, quantity), (product, price)) in sale.lines.iter().zip([2.0, 10.0]).zip(products.into_iter().zip(prices))
    {
        assert_eq!(
            (line.product, line.quantity, line.unit_price.clone()),
            (Some(product), Some(quantity), Some(price))
        );
        assert_eq!(line.unit.as_deref(), Some("Unit"));
        assert_eq!(line.taxes, [Tax { rec_name: Some("VAT 19%".to_owned()) }]);
    }
}

#[tokio::test]
async fn field_by_field() {
    let tryton = &client().await;
    let party = customer(tryton, "Field by field").await;
    let products = [product(tryton, "HAMMER").await, product(tryton, "BOLT-M8").await];

    let mut sale = Sale::form(tryton).await.expect("a form");
    assert_eq!((sale.id(), sale.is_modified()), (None, true));
    sale.set(Sale::F.party, party).await.expect("the customer");
    assert!(sale.peek(Sale::F.invoice_address).expect("an id").flatten().is_some(), "it follows from the customer");
    for (product, quantity) in products.into_iter().zip([2.0, 10.0]) {
        let mut line = sale.add(Sale::F.lines).await.expect("a line");
        line.set(SaleLine::F.product, product).await.expect("the product");
        assert!(line.get(SaleLine::F.unit_price).await.expect("a price").is_some(), "it follows from the product");
        line.set(SaleLine::F.quantity, quantity).await.expect("the quantity");
    }
    let total = sale.get(Sale::F.total_amount).await.expect("the total");
    assert_eq!(total, Some(decimal("63.43")), "before anything is saved");
    let id = sale.save().await.expect("save");
    assert_eq!((sale.id(), sale.is_modified()), (Some(id), false));
    check(tryton, id, party, products).await;

    sale.press(Sale::quote).await.expect("quote");
    assert_eq!(sale.get(Sale::F.state).await.expect("the state"), SaleState::Quotation);
}

#[tokio::test]
async fn by_a_draft() {
    let tryton = &client().await;
    let party = customer(tryton, "By a draft").await;
    let products = [product(tryton, "HAMMER").await, product(tryton, "BOLT-M8").await];

    let lines = products.into_iter().zip([2.0, 10.0]);
    let lines = lines
        .map(|(product, quantity)| Draft::new().set(SaleLine::F.product, product).set(SaleLine::F.quantity, quantity));
    let mut sale = Form::<Sale>::new(tryton).await.expect("a form");
    let draft = Draft::new().set(Sale::F.party, party).add(Sale::F.lines, lines);
    sale.fill(draft).await.expect("filled in");
    assert_eq!(sale.get(Sale::F.total_amount).await.expect("the total"), Some(decimal("63.43")));
    let id = sale.save().await.expect("save");
    check(tryton, id, party, products).await;
}

/// What is set by hand after it was computed stays as it was set.
#[tokio::test]
async fn a_price_of_ones_own() {
    let tryton = &client().await;
    let party = customer(tryton, "A price of one's own").await;
    let hammer = product(tryton, "HAMMER").await;
    for at_once in [false, true] {
        let mut sale = Sale::form(tryton).await.expect("a form");
        sale.set(Sale::F.party, party).await.expect("the customer");
        let line = Draft::new()
            .set(SaleLine::F.product, hammer)
            .set(SaleLine::F.quantity, 2.0)
            .set(SaleLine::F.unit_price, decimal("7.5"));
        if at_once {
            sale.fill(Draft::new().add(Sale::F.lines, [line])).await.expect("filled in");
        } else {
            let mut row = sale.add(Sale::F.lines).await.expect("a line");
            row.set(SaleLine::F.product, hammer).await.expect("the product");
            row.set(SaleLine::F.quantity, 2.0).await.expect("the quantity");
            row.set(SaleLine::F.unit_price, decimal("7.5")).await.expect("the price");
        }
        let mut row = sale.row(Sale::F.lines, 0).await.expect("the line");
        assert_eq!(row.get(SaleLine::F.amount).await.expect("the amount"), Some(decimal("15.00")));
        assert_eq!(sale.get(Sale::F.total_amount).await.expect("the total"), Some(decimal("17.85")));
    }
}

/// Without a company the server cannot compute a sale. It fails at one place or another, and not in words that tell why.
#[tokio::test]
async fn a_sale_of_no_company() {
    let tryton = &support::client(SERIES);
    let party = customer(tryton, "A sale of no company").await;
    let line = Draft::new().set(SaleLine::F.product, product(tryton, "HAMMER").await).set(SaleLine::F.quantity, 2.0);
    let mut sale = Sale::form(tryton).await.expect("a form");
    let entered = match sale.fill(Draft::new().set(Sale::F.party, party).add(Sale::F.lines, [line])).await {
        Ok(()) => sale.save().await.map(drop),
        refused => refused,
    };
    let error = entered.expect_err("no company").to_string();
    assert!(error.contains("names no company"), "{error}");
}

/// A set that the server refuses did not happen, and its error says which it was.
#[tokio::test]
async fn a_refused_value() {
    let tryton = &client().await;
    let party = customer(tryton, "Refused").await;
    let mut sale = Sale::form(tryton).await.expect("a form");
    sale.set(Sale::F.party, party).await.expect("the customer");
    let mut line = sale.add(Sale::F.lines).await.expect("a line");
    let error = line.as_any().set("product", "many".into()).await.expect_err("no id");
    assert!(error.to_string().contains("`lines[0].product` of the form of `sale.sale`"), "{error}");
    assert_eq!(line.peek(SaleLine::F.product).expect("no product"), Some(None));
    let error = sale.as_any().set("nope", 1.into()).await.expect_err("no such field");
    assert!(error.is_invalid_request() && error.to_string().contains("`sale.sale` has no field `nope`"), "{error}");
}
