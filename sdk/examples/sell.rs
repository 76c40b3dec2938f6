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

/// Creates a sale and quotes it. Gives its number and its total.
async fn sell(tryton: &Client, name: &str) -> Result<(String, Decimal)> {
    let known = Party::search().filter(Party::F.name.is(name)).select(Party::F.id).first(tryton).await?;
    let new = Draft::new().set(Party::F.name, name).add(Party::F.addresses, [Draft::new()]);
    let customer = if let Some(known) = known { known } else { Party::create(tryton, new).await? };
    let addresses = PartyAddress::search().filter(PartyAddress::F.party.is(customer));
    let address = addresses.select(PartyAddress::F.id).first(tryton).await?;
    let lines = [line(tryton, "HAMMER", 2.0).await?, line(tryton, "BOLT-M8", 100.0).await?];
    let sale = Draft::new().set(Sale::F.party, customer).add(Sale::F.lines, lines);
    let sale = sale.set(Sale::F.invoice_address, address).set(Sale::F.shipment_address, address);
    let sale = Sale::create(tryton, sale).await?;
    while let Err(error) = Sale::quote(tryton, &[sale]).await {
        match error.warning() {
            Some(warning) if agreed(&warning.message) => tryton.accept(warning).await?,
            _ => return Err(error),
        }
    }
    let quoted = Sale::search().filter(Sale::F.id.is(sale)).select((Sale::F.number, Sale::F.total_amount));
    let (number, total) = quoted.one(tryton).await?;
    Ok((number.unwrap_or_default(), total.unwrap_or_default()))
}

#[tokio::main]
async fn main() -> Result<()> {
    let (flags, names): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|arg| arg == "--yes");
    let name = names.first().map_or("Atelier Rousseau", String::as_str);
    let tryton = Client::from_env()?;
    let tryton = tryton.with(tryton.user_context().await?); // the user's company, without which nobody sells
    let tryton = if flags.is_empty() { tryton } else { tryton.accepting(AcceptWarnings::all()) };
    let (number, total) = sell(&tryton, name).await?;
    println!("{number} {total}");
    Ok(())
}

fn agreed(question: &str) -> bool {
    println!("{question} [y/N]");
    std::io::stdin().lines().next().is_some_and(|answer| answer.is_ok_and(|answer| answer == "y"))
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use tryton_sdk::testing::{Any, Row, Server, ServerExt};
    use tryton_sdk::{NextStep, Series};

    use super::*;
    use erp::{ProductCategory, ProductTemplate};

    const CUSTOMER: Id<Party> = Id::new(3);
    const ADDRESS: Id<PartyAddress> = Id::new(4);
    const SALE: Id<Sale> = Id::new(7);

    /// A server with one product of every code that is asked for, and with the customer's only address.
    fn server() -> Server {
        let server = Server::new(Series::new(8, 2));
        let category = Row::<ProductCategory>::new(Id::new(1))
            .many(ProductCategory::F.customer_taxes_used, [Row::new(Id::new(5))]);
        let template = Row::new(Id::new(1)).one(ProductTemplate::F.account_category, category);
        let article = Row::new(Id::new(9)).one(Product::F.template, template);
        let article = article.set(Product::F.sale_uom, Id::new(1)).set(Product::F.list_price_used, 25);
        server.on_search::<Product>(Any).returns([article]).times(2);
        let addresses = PartyAddress::search().filter(PartyAddress::F.party.is(CUSTOMER));
        server.on_search(addresses).returns([Row::new(ADDRESS)]);
        server
    }

    fn lines() -> [Draft<SaleLine>; 2] {
        [2.0, 100.0].map(|quantity| {
            let line = Draft::new().set(SaleLine::F.product, Id::new(9)).set(SaleLine::F.quantity, quantity);
            let line = line.set(SaleLine::F.unit, Id::new(1)).set(SaleLine::F.unit_price, 25);
            line.link(SaleLine::F.taxes, [Id::new(5)])
        })
    }

    fn draft() -> Draft<Sale> {
        let draft = Draft::new().set(Sale::F.party, CUSTOMER).add(Sale::F.lines, lines());
        draft.set(Sale::F.invoice_address, ADDRESS).set(Sale::F.shipment_address, ADDRESS)
    }

    #[tokio::test]
    async fn a_customer_who_is_new_is_made_first_and_warnings_are_accepted() {
        let server = server();
        server.on_search(Party::search().filter(Party::F.name.is("Nouveau"))).returns([]);
        let party = Draft::new().set(Party::F.name, "Nouveau").add(Party::F.addresses, [Draft::new()]);
        server.on_create(party).returns(CUSTOMER);
        server.on_create(draft()).returns(SALE);
        server.on_button(Sale::quote, &[SALE]).warns("sunday", "Today?").returns(NextStep::Nothing);
        let quoted = Row::new(SALE).set(Sale::F.number, "S7").set(Sale::F.total_amount, 2550);
        server.on_search(Sale::search().filter(Sale::F.id.is(SALE))).returns([quoted]);

        let tryton = server.client().accepting(AcceptWarnings::all());
        assert_eq!(sell(&tryton, "Nouveau").await.expect("sold"), ("S7".to_owned(), 2550.into()));
    }

    #[tokio::test]
    async fn a_customer_who_is_known_is_not_made_again_and_a_refusal_is_shown() {
        let server = server();
        server.on_search(Party::search().filter(Party::F.name.is("Muster"))).returns([Row::new(CUSTOMER)]);
        server.on_create(draft()).returns(SALE);
        server.on_button(Sale::quote, &[SALE]).refuses("The customer is blocked.");

        let error = sell(&server.client(), "Muster").await.expect_err("refused");
        assert_eq!(error.user_message(), Some("The customer is blocked."));
    }
}
