//! Enters a sale.

use tryton_sandbox::Endpoint;
use tryton_sdk::{Client, Draft, Form, Id, Records, Result};

use crate::erp::{Party, Product, Sale, SaleLine};

/// How the SDK enters the sale.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// One field after the other.
    SetBySet,
    /// All fields at once.
    Fill,
}

/// The customer and the products to sell.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) customer: String,
    pub(crate) lines: Vec<(String, f64)>,
}

impl Wanted {
    /// Selects the first `lines` products with a code, and the newest party as the customer.
    pub(crate) async fn of(at: &Endpoint, lines: u64) -> Result<Self> {
        let tryton = at.client().build()?;
        let customer = Party::search().order(Party::F.id.desc()).select(Party::F.name).first(&tryton).await?;
        let products = Product::search().filter(Product::F.code.is_not_null()).order(Product::F.id.asc()).limit(lines);
        let codes = products.select(Product::F.code).fetch(&tryton).await?;
        let lines = codes.into_iter().flatten().zip(1..).map(|(code, number)| (code, f64::from(number))).collect();
        Ok(Self { customer: customer.flatten().unwrap_or_default(), lines })
    }

    /// Returns the arguments of the program that uses proteus.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let lines = self.lines.iter().map(|(code, quantity)| format!("{code}={quantity}"));
        [self.customer.clone()].into_iter().chain(lines).collect()
    }
}

/// Enters the sale, and returns its total.
pub(crate) async fn with_sdk(at: &Endpoint, wanted: &Wanted, how: How) -> Result<String> {
    let tryton = at.client().build()?;
    let tryton = tryton.with(tryton.user_context().await?);
    let party = Party::search().filter(Party::F.name.is(&*wanted.customer)).select(Party::F.id);
    let party = party.one(&tryton).await?;
    let mut lines = Vec::new();
    for (code, quantity) in &wanted.lines {
        lines.push((product(&tryton, code).await?, *quantity));
    }
    let mut sale = Sale::form(&tryton).await?;
    match how {
        How::SetBySet => set_by_set(&mut sale, party, &lines).await?,
        How::Fill => {
            let lines = lines.iter().map(|(product, quantity)| {
                Draft::new().set(SaleLine::F.product, product).set(SaleLine::F.quantity, *quantity)
            });
            sale.fill(Draft::new().set(Sale::F.party, party).add(Sale::F.lines, lines)).await?;
        }
    }
    let total = sale.get(Sale::F.total_amount).await?;
    sale.save().await?;
    Ok(total.unwrap_or_default().to_string())
}

async fn set_by_set(sale: &mut Form<Sale>, party: Id<Party>, lines: &[(Id<Product>, f64)]) -> Result<()> {
    sale.set(Sale::F.party, party).await?;
    for (product, quantity) in lines {
        let mut line = sale.add(Sale::F.lines).await?;
        line.set(SaleLine::F.product, product).await?;
        line.set(SaleLine::F.quantity, *quantity).await?;
    }
    Ok(())
}

async fn product(tryton: &Client, code: &str) -> Result<Id<Product>> {
    Product::search().filter(Product::F.code.is(code)).select(Product::F.id).one(tryton).await
}
