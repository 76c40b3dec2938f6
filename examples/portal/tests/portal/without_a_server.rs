//! Each route, with a server that is not there.

use serde_json::json;
use tryton_sdk::testing::{Any, Failure, Row, Server, ServerExt, Values};
use tryton_sdk::{Date, Draft, Id, Series};
use tryton_sdk_portal::erp::{Currency, Party, Product, Sale, SaleLine, SaleState};

use super::asked::{Portal, asked};

/// The portal above a server that knows its user's company.
async fn portal(server: &Server) -> Portal {
    server.on_call("model.res.user.get_preferences", Any).returns(json!({"company": 1})).always();
    Portal::new(server.client()).await
}

#[tokio::test]
async fn products_come_in_pages() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    let named = Product::F.name.icontains("bolt").or(Product::F.code.icontains("bolt"));
    let search = Product::search().filter(Product::F.salable.is(true).and(named));
    let search = search.order(Product::F.code.asc().nulls_last());
    let bolt = |n: i64| {
        let bolt = Row::new(Id::new(n)).set(Product::F.code, format!("B{n}")).set(Product::F.name, "Bolt");
        bolt.set(Product::F.list_price_used, n)
    };
    server.on_search(search.clone().offset(20).limit(20)).returns((1..=21).map(bolt));
    let found = portal.get("/products?text=bolt&page=1").await;
    let last = json!({"id": 21, "code": "B21", "name": "Bolt", "price": "21"});
    assert_eq!(found, asked(200, json!({"products": [last], "page": 1, "pages": 2, "total": 21})));
    server.verify();
}

#[tokio::test]
async fn a_customer_comes_with_the_last_sales() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    let muster = Row::new(Id::new(3)).set(Party::F.code, "C3").set(Party::F.name, "Muster");
    server.on_search::<Party>(Any).returns([muster]);
    let sale = Row::new(Id::new(7))
        .set(Sale::F.number, "S7")
        .set(Sale::F.state, SaleState::Confirmed)
        .set(Sale::F.sale_date, Date::constant(2026, 2, 28))
        .set(Sale::F.total_amount, 25)
        .one(Sale::F.currency, Row::new(Id::new(1)).set(Currency::F.code, "EUR"));
    server.on_search::<Sale>(Any).returns([sale]);
    let sale = json!({
        "id": 7, "number": "S7", "state": "confirmed", "sale_date": "2026-02-28", "total_amount": "25", "currency": "EUR"
    });
    let shown = portal.get("/customers/3").await;
    assert_eq!(shown, asked(200, json!({"id": 3, "code": "C3", "name": "Muster", "last_sales": [sale]})));
}

#[tokio::test]
async fn a_customer_who_is_not_there_is_404() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    server.on_search::<Party>(Any).returns([]);
    // Nobody waits for these once the customer is missing.
    server.on_search::<Sale>(Any).returns([]).always();
    assert_eq!(portal.get("/customers/3").await, asked(404, json!({"error": "Not Found"})));
    assert_eq!(portal.get("/customers/muster").await.status, 400);
}

#[tokio::test]
async fn an_order_is_entered_by_the_form() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    server.on_form::<SaleLine>().on_set(SaleLine::F.product, |_| Values::new().set(SaleLine::F.unit_price, 25));
    server.on_form::<Sale>().list(Sale::F.lines).on_set(Sale::F.lines, |sale| {
        let pieces: f64 = sale.rows(Sale::F.lines).iter().filter_map(|line| line.get(SaleLine::F.quantity)).sum();
        Values::new().set(Sale::F.total_amount, pieces as i64 * 25)
    });
    let line = Draft::new().set(SaleLine::F.product, Id::new(5)).set(SaleLine::F.quantity, 2.0);
    let line = line.set(SaleLine::F.unit_price, 25);
    let sale = Draft::new().set(Sale::F.party, Id::new(3)).add(Sale::F.lines, [line]);
    server.on_create(sale).returns(Id::new(7));
    let order = json!({"customer": 3, "lines": [{"product": 5, "quantity": 2.0}]});
    assert_eq!(portal.post("/orders", &order).await, asked(201, json!({"id": 7, "total_amount": "50"})));
    server.verify();
}

#[tokio::test]
async fn what_the_server_refuses_is_told_in_its_own_words() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    server.on_form::<Sale>().list(Sale::F.lines).refuses(Sale::F.party, "The customer is blocked.");
    let order = json!({"customer": 3, "lines": []});
    let told = portal.post("/orders", &order).await;
    assert_eq!(told, asked(422, json!({"error": "The customer is blocked."})));
    assert_eq!(portal.post("/orders", &json!({"customer": "Muster"})).await.status, 422);
}

#[tokio::test]
async fn a_document_has_the_type_of_its_format() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    for (extension, content_type) in [
        ("pdf", "application/pdf"),
        ("odt", "application/vnd.oasis.opendocument.text"),
        ("x", "application/octet-stream"),
    ] {
        let content = json!({"__class__": "bytes", "base64": "UEsDBA=="});
        server.on_call("report.sale.sale.execute", Any).returns((extension, content, false, "Sale 7"));
        let document = portal.get("/orders/7/document").await;
        assert_eq!((document.status, document.content_type.as_str()), (200, content_type));
        assert_eq!(document.body, b"PK\x03\x04");
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_no_fault_of_the_portal() {
    let server = Server::new(Series::new(8, 2));
    let portal = portal(&server).await;
    server.on_search::<Product>(Any).fails(Failure::Status(503)).always();
    assert_eq!(portal.get("/products").await, asked(503, json!({"error": "Service Unavailable"})));
    assert_eq!(portal.get("/health").await.status, 200);
}
