//! Enters a sale as a clerk does, with as few requests as can be: `enter_sale CUSTOMER CODE=QUANTITY…`
//! Prints the id of the sale and its total, or what is wrong with it.

use tryton_sdk::{Client, Decimal, Draft, Id, Records, Result};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.party", "product.product"] }
}
use erp::{Party, Product, Sale, SaleLine};

/// Gives the sale and its total; what the server would refuse, where it is not saved.
async fn enter(tryton: &Client, customer: &str, wanted: &[(&str, f64)]) -> Result<Result<(Id<Sale>, Decimal), String>> {
    let party = Party::search().filter(Party::F.name.is(customer)).select(Party::F.id).one(tryton).await?;
    let mut lines = Vec::new();
    for (code, quantity) in wanted {
        let product = Product::search().filter(Product::F.code.is(*code)).select(Product::F.id).one(tryton).await?;
        lines.push(Draft::new().set(SaleLine::F.product, product).set(SaleLine::F.quantity, *quantity));
    }
    let mut sale = Sale::form(tryton).await?;
    sale.fill(Draft::new().set(Sale::F.party, party).add(Sale::F.lines, lines)).await?;
    let violations = sale.check().await?;
    if !violations.is_empty() {
        return Ok(Err(violations.to_string()));
    }
    let total = sale.get(Sale::F.total_amount).await?;
    Ok(Ok((sale.save().await?, total.unwrap_or_default())))
}

#[tokio::main]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let wanted = args.iter().skip(1).map(|arg| Some((arg.split_once('=')?.0, arg.split_once('=')?.1.parse().ok()?)));
    let (Some(customer), Some(wanted)) = (args.first(), wanted.collect::<Option<Vec<_>>>()) else {
        eprintln!("usage: enter_sale CUSTOMER CODE=QUANTITY…");
        std::process::exit(2);
    };
    let tryton = Client::from_env()?;
    let tryton = tryton.with(tryton.user_context().await?); // the user's company, without which nobody sells
    match enter(&tryton, customer, &wanted).await? {
        Ok((sale, total)) => println!("{} {total}", sale.get()),
        Err(violations) => {
            eprintln!("{violations}");
            std::process::exit(1);
        }
    }
    Ok(())
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use tryton_sdk::Series;
    use tryton_sdk::testing::{Any, Row, Server, ServerExt, Values};

    use super::*;

    /// A server where each product costs 25.
    fn server() -> Server {
        let server = Server::new(Series::new(8, 2));
        server.on_search::<Party>(Any).returns([Row::new(Id::new(3))]);
        server.on_search::<Product>(Any).returns([Row::new(Id::new(9))]).always();
        server.on_form::<SaleLine>().on_set(SaleLine::F.product, |_| Values::new().set(SaleLine::F.unit_price, 25));
        server.on_form::<Sale>().list(Sale::F.lines).on_set(Sale::F.lines, |sale| {
            let lines = sale.rows(Sale::F.lines);
            let amount = |line: &Values<SaleLine>| {
                let quantity = Decimal::from(line.get(SaleLine::F.quantity).unwrap_or_default() as i64);
                line.get(SaleLine::F.unit_price).unwrap_or_default() * quantity
            };
            Values::new().set(Sale::F.total_amount, lines.iter().map(amount).sum::<Decimal>())
        });
        server
    }

    #[tokio::test]
    async fn the_total_is_that_of_the_lines() {
        let server = server();
        server.on_create::<Sale>(Any).returns(Id::new(7));
        let entered = enter(&server.client(), "Muster", &[("A", 2.0), ("B", 3.0)]).await.expect("entered");
        assert_eq!(entered, Ok((Id::new(7), 125.into())));
    }

    #[tokio::test]
    async fn nothing_is_saved_where_something_is_wrong() {
        let server = server();
        server.on_form::<SaleLine>().defines(SaleLine::F.unit, "required", true);
        let entered = enter(&server.client(), "Muster", &[("A", 2.0)]).await.expect("checked");
        assert_eq!(entered, Err("`lines[0].unit` needs a value".to_owned()));
    }
}
