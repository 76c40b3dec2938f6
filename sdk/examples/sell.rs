//! Sells to the customer of this name, and makes a party where there is none: `sell [NAME] [--yes]`.
//! With `--yes` it goes on whatever the server asks, else it asks on the terminal.

use tryton_sdk::{AcceptWarnings, Client, Decimal, Draft, Id, Records, Result};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.*", "product.*"] }
}
use erp::{Party, Product, Sale, SaleLine};

/// What is sold: the codes of products, and how many of each.
const WANTED: [(&str, f64); 2] = [("HAMMER", 2.0), ("BOLT-M8", 100.0)];

/// The party of this name. One that is new gets an address, because nobody sells to a party without one.
async fn customer(tryton: &Client, name: &str) -> Result<Id<Party>> {
    let known = Party::search().filter(Party::F.name.is(name)).select(Party::F.id).first(tryton).await?;
    let new = Draft::new().set(Party::F.name, name).add(Party::F.addresses, [Draft::new()]);
    if let Some(known) = known { Ok(known) } else { Party::create(tryton, new).await }
}

/// Enters a sale as a clerk does, and quotes it. Gives its number and its total.
async fn sell(
    tryton: &Client,
    to: Id<Party>,
    wanted: &[(&str, f64)],
    agreed: impl Fn(&str) -> bool,
) -> Result<(String, Decimal)> {
    let mut sale = Sale::form(tryton).await?; // with the server's defaults
    sale.set(Sale::F.party, to).await?; // and its addresses, its payment term, …
    for (code, quantity) in wanted {
        let product = Product::search().filter(Product::F.code.is(*code)).select(Product::F.id).one(tryton).await?;
        let mut line = sale.add(Sale::F.lines).await?;
        line.set(SaleLine::F.product, product).await?; // and its unit, its price, its taxes, …
        line.set(SaleLine::F.quantity, *quantity).await?;
    }
    // Saves the sale and presses the button. A warning is a question; once it is accepted, the button can be pressed again.
    while let Err(error) = sale.press(Sale::quote).await {
        match error.warning() {
            Some(warning) if agreed(&warning.message) => tryton.accept(warning).await?,
            _ => return Err(error),
        }
    }
    let (number, total) = (sale.get(Sale::F.number).await?, sale.get(Sale::F.total_amount).await?);
    Ok((number.unwrap_or_default(), total.unwrap_or_default()))
}

#[tokio::main]
async fn main() -> Result<()> {
    let (flags, names): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|arg| arg == "--yes");
    let name = names.first().map_or("Atelier Rousseau", String::as_str);
    let tryton = Client::from_env()?;
    let tryton = tryton.with(tryton.user_context().await?); // the user's company, without which nobody sells
    let tryton = if flags.is_empty() { tryton } else { tryton.accepting(AcceptWarnings::all()) };
    let to = customer(&tryton, name).await?;
    let (number, total) = sell(&tryton, to, &WANTED, agreed).await?;
    println!("{number} {total}");
    Ok(())
}

fn agreed(question: &str) -> bool {
    println!("{question} [y/N]");
    std::io::stdin().lines().next().is_some_and(|answer| answer.is_ok_and(|answer| answer == "y"))
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use tryton_sdk::testing::{Any, Row, Server, ServerExt, Values};
    use tryton_sdk::{NextStep, Series};

    use super::*;
    use erp::PartyAddress;

    const CUSTOMER: Id<Party> = Id::new(3);
    const ADDRESS: Id<PartyAddress> = Id::new(4);
    const SALE: Id<Sale> = Id::new(7);

    /// A server that knows the customer's address, and one product of every code that is asked for.
    fn server() -> Server {
        let server = Server::new(Series::new(8, 2));
        server.on_search::<Product>(Any).returns([Row::new(Id::new(9))]).times(2);
        server.on_form::<SaleLine>().on_set(SaleLine::F.product, |_| Values::new().set(SaleLine::F.unit_price, 25));
        server.on_form::<Sale>().list(Sale::F.lines).on_set(Sale::F.party, |sale| {
            assert_eq!(sale.get(Sale::F.party), Some(CUSTOMER));
            Values::new().set(Sale::F.invoice_address, ADDRESS)
        });
        server
    }

    fn draft() -> Draft<Sale> {
        let lines = [2.0, 100.0].map(|quantity| {
            let line = Draft::new().set(SaleLine::F.product, Id::new(9)).set(SaleLine::F.quantity, quantity);
            line.set(SaleLine::F.unit_price, 25)
        });
        let draft = Draft::new().set(Sale::F.party, CUSTOMER).set(Sale::F.invoice_address, ADDRESS);
        draft.add(Sale::F.lines, lines)
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
        server.on_read(&[SALE]).returns([quoted]).always();

        let tryton = server.client().accepting(AcceptWarnings::all());
        let to = customer(&tryton, "Nouveau").await.expect("a customer");
        let sold = sell(&tryton, to, &WANTED, |_| panic!("nobody is asked")).await.expect("sold");
        assert_eq!(sold, ("S7".to_owned(), 2550.into()));
    }

    #[tokio::test]
    async fn a_customer_who_is_known_is_not_made_again_and_a_refusal_is_shown() {
        let server = server();
        server.on_search(Party::search().filter(Party::F.name.is("Muster"))).returns([Row::new(CUSTOMER)]);
        server.on_create(draft()).returns(SALE);
        server.on_button(Sale::quote, &[SALE]).refuses("The customer is blocked.");

        let tryton = server.client();
        let to = customer(&tryton, "Muster").await.expect("a customer");
        let error = sell(&tryton, to, &WANTED, |_| true).await.expect_err("refused");
        assert_eq!(error.user_message(), Some("The customer is blocked."));
    }
}
