//! Each route against a real server, and how many requests it takes.

use serde_json::json;
use tryton_sandbox::Sandbox;
use tryton_sdk_portal::erp::Sale;
use tryton_sdk_tests::proxy::Proxy;

use super::asked::{Asked, Portal};

#[tokio::test]
async fn the_portal_of_a_real_server() {
    let server = Sandbox::default().start().unwrap_or_else(|e| panic!("{e}"));
    let proxy = Proxy::start(&server.endpoint().url).await;
    let portal = Portal::new(server.endpoint().client_by(proxy.url()).build().expect("built")).await;
    let mut before = proxy.requests();
    let mut requests = || std::mem::replace(&mut before, proxy.requests()).abs_diff(proxy.requests());
    let body = |asked: &Asked| asked.json().unwrap_or_else(|| panic!("{asked:?}"));

    let health = portal.get("/health").await;
    // The series, and whether the session is one.
    assert_eq!((health.status, health.body.as_slice(), requests()), (200, &b"Tryton 8.2\n"[..], 2));

    // The page is the last one, and says how many there are.
    let bolts = portal.get("/products?text=bolt").await;
    assert_eq!((bolts.status, requests()), (200, 1), "{bolts:?}");
    let bolts = body(&bolts);
    let product = &bolts["products"][0];
    assert!(product["code"].as_str().is_some_and(|code| code.starts_with("BOLT")), "{bolts}");

    let tryton = server.endpoint().client().build().expect("built");
    let customer = Sale::search().select(Sale::F.party).first(&tryton).await.expect("sales").expect("a sale");
    requests();

    let order = json!({"customer": customer, "reference": "portal", "lines": [
        {"product": product["id"], "quantity": 100.0}, {"product": product["id"], "quantity": 2.0},
    ]});
    let entered = portal.post("/orders", &order).await;
    let first = requests();
    assert_eq!(entered.status, 201, "{entered:?}");
    let entered = body(&entered);
    let total: f64 = entered["total_amount"].as_str().and_then(|total| total.parse().ok()).expect("a total");
    let price: f64 = product["price"].as_str().and_then(|price| price.parse().ok()).expect("a price");
    assert!(total >= (102.0 * price * 100.0).round() / 100.0, "{total} of {price} each");
    let again = portal.post("/orders", &order).await;
    let second = requests();
    assert_eq!(again.status, 201, "{again:?}");
    // What the first order has asked of the models is known by then, as far as the server lets it be kept.
    assert!(first <= 17 && second <= 13, "{first} and {second} requests");

    let shown = portal.get(&format!("/customers/{}", customer)).await;
    assert_eq!((shown.status, requests()), (200, 2), "{shown:?}");
    assert_eq!(body(&shown)["last_sales"][0]["id"], body(&again)["id"]);
    assert_eq!(body(&shown)["last_sales"][0]["state"], "draft");
    let missing = portal.get("/customers/999999").await;
    assert_eq!((missing.status, requests()), (404, 2), "{missing:?}");

    let document = portal.get(&format!("/orders/{}/document", entered["id"])).await;
    assert_eq!((document.status, requests()), (200, 1), "{document:?}");
    let begins = |start: &[u8]| document.body.starts_with(start) && document.body.len() > 5_000;
    match document.content_type.as_str() {
        "application/pdf" => assert!(begins(b"%PDF")),
        "application/vnd.oasis.opendocument.text" => assert!(begins(b"PK")),
        other => panic!("a document of the type {other}"),
    }
}
