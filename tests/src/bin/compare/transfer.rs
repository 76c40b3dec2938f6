//! Exports and imports many records.

use std::error::Error;

use tryton_sandbox::Endpoint;
use tryton_sdk::{Client, Decimal, Draft, Projection, Records, Upserted};

use crate::erp::{ProductTemplate, ProductTemplateType, ProductUom, SaleLine};

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    #[tryton(expect)]
    quantity: f64,
    #[tryton(expect)]
    unit_price: Decimal,
}

/// Reads sale lines page by page, and returns three numbers about them.
pub(crate) async fn export(at: &Endpoint, limit: u64) -> tryton_sdk::Result<String> {
    let tryton = at.client().build()?;
    let (mut count, mut quantity, mut prices) = (0, 0.0, Decimal::default());
    let mut lines = SaleLine::search().limit(limit).stream::<Line>(&tryton);
    while let Some(line) = lines.next().await {
        let line = line?;
        (count, quantity) = (count + 1, quantity + line.quantity);
        prices = [prices, line.unit_price].iter().sum();
    }
    Ok(format!("{count} {quantity} {prices}"))
}

/// Creates `count` products whose codes begin with the prefix, and returns their number.
pub(crate) async fn import(at: &Endpoint, prefix: &str, count: u64) -> Result<String, Box<dyn Error>> {
    let tryton = in_company(at).await?;
    let unit = ProductUom::search().filter(ProductUom::F.symbol.is("u")).select(ProductUom::F.id).one(&tryton).await?;
    let draft = |number: u64| {
        Draft::new()
            .set(ProductTemplate::F.code, format!("{prefix}{number}"))
            .set(ProductTemplate::F.name, format!("Product {number}"))
            .set(ProductTemplate::F.r#type, ProductTemplateType::Goods)
            .set(ProductTemplate::F.default_uom, unit)
            .set(ProductTemplate::F.list_price, Decimal::from(number))
    };
    let drafts: Vec<_> = (0..count).map(draft).collect();
    let outcomes = ProductTemplate::upsert(&tryton, ProductTemplate::F.code, &drafts).await?;
    Ok(outcomes.iter().filter(|outcome| matches!(outcome, Upserted::Created(_))).count().to_string())
}

/// Returns the number of products whose codes begin with the prefix.
pub(crate) async fn imported(at: &Endpoint, prefix: &str) -> tryton_sdk::Result<u64> {
    let tryton = in_company(at).await?;
    ProductTemplate::search().filter(ProductTemplate::F.code.starts_with(prefix)).count(&tryton).await
}

/// Returns a client in the user's company, to which prices belong.
async fn in_company(at: &Endpoint) -> tryton_sdk::Result<Client> {
    let tryton = at.client().build()?;
    Ok(tryton.with(tryton.user_context().await?))
}
