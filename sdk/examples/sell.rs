//! Sells to the customer of this name, and makes a party where there is none: `sell [NAME] [--yes]`.
//! With `--yes` it goes on whatever the server asks, else it asks on the terminal.

use tryton_sdk::{AcceptWarnings, Client, Decimal, Draft, Id, Projection, Result};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.*", "product.*"] }
}
use erp::{AccountTax, Party, PartyAddress, Product, ProductUom, Sale, SaleLine};

#[derive(Projection)]
#[tryton(model = Product)]
struct Article {
    id: Id<Product>,
    sale_uom: Option<Id<ProductUom>>,
    list_price_used: Option<Decimal>,
    #[tryton(path = "template.account_category.customer_taxes_used", expect)]
    taxes: Vec<Id<AccountTax>>,
}

async fn line(tryton: &Client, code: &str, quantity: f64) -> Result<Draft<SaleLine>> {
    let article: Article = Product::search().filter(Product::F.code.is(code)).one(tryton).await?;
    let line = Draft::new().set(SaleLine::F.product, article.id).set(SaleLine::F.quantity, quantity);
    let line = line.set(SaleLine::F.unit, article.sale_uom).set(SaleLine::F.unit_price, article.list_price_used);
    Ok(line.link(SaleLine::F.taxes, article.taxes))
}

#[tokio::main]
async fn main() -> Result<()> {
    let (flags, names): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|arg| arg == "--yes");
    let name = names.first().map_or("Atelier Rousseau", String::as_str);
    let tryton = Client::from_env()?;
    let tryton = tryton.with(tryton.user_context().await?); // the user's company, without which nobody sells
    let tryton = if flags.is_empty() { tryton } else { tryton.accepting(AcceptWarnings::All) };

    let known = Party::search().filter(Party::F.name.is(name)).select(Party::F.id).first(&tryton).await?;
    let new = Draft::new().set(Party::F.name, name).add(Party::F.addresses, [Draft::new()]);
    let customer = if let Some(known) = known { known } else { Party::create(&tryton, new).await? };
    let addresses = PartyAddress::search().filter(PartyAddress::F.party.is(customer));
    let address = addresses.select(PartyAddress::F.id).first(&tryton).await?;
    let lines = [line(&tryton, "HAMMER", 2.0).await?, line(&tryton, "BOLT-M8", 100.0).await?];
    let sale = Draft::new().set(Sale::F.party, customer).add(Sale::F.lines, lines);
    let sale = sale.set(Sale::F.invoice_address, address).set(Sale::F.shipment_address, address);
    let sale = Sale::create(&tryton, sale).await?;
    while let Err(error) = Sale::quote(&tryton, &[sale]).await {
        match error.warning() {
            Some(warning) if agreed(&warning.message) => tryton.accept(warning).await?,
            _ => return Err(error),
        }
    }
    let quoted = Sale::search().filter(Sale::F.id.is(sale)).select((Sale::F.number, Sale::F.total_amount));
    let (number, total) = quoted.one(&tryton).await?;
    println!("{} {}", number.unwrap_or_default(), total.unwrap_or(0.into()));
    Ok(())
}

fn agreed(question: &str) -> bool {
    println!("{question} [y/N]");
    std::io::stdin().lines().next().is_some_and(|answer| answer.is_ok_and(|answer| answer == "y"))
}
