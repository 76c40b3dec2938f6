//! Imports products from a file: `import_products FILE`. Each line is `code;name;unit;price`, after a line of titles.
//! What is there already is changed where it differs, so that the file can be imported again and again.

use std::collections::HashMap;
use std::error::Error;
use std::fs;

use tryton_sdk::{Client, Decimal, Draft, Id, Records, Upserted};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["product.template", "product.uom"] }
}
use erp::{ProductTemplate, ProductTemplateType, ProductUom};

/// A line of the file.
#[derive(Draft)]
#[tryton(model = ProductTemplate)]
struct Line<'a> {
    code: &'a str,
    name: &'a str,
    #[tryton(skip)]
    unit: &'a str,
    #[tryton(path = "list_price")]
    price: Decimal,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Result<Self, Box<dyn Error>> {
        let cells: Vec<_> = line.split(';').map(str::trim).collect();
        let [code, name, unit, price] = cells[..] else {
            return Err(format!("expected code;name;unit;price: {line}").into());
        };
        let price = price.parse().map_err(|e| format!("{line}: {e}"))?;
        Ok(Self { code, name, unit, price })
    }

    /// Its variant, the product itself, the server makes of the template.
    fn draft(&self, units: &HashMap<&str, Id<ProductUom>>) -> Result<Draft<ProductTemplate>, Box<dyn Error>> {
        let unit = units.get(self.unit).ok_or_else(|| format!("{}: there is no unit `{}`", self.code, self.unit))?;
        let draft = Draft::from(self).set(ProductTemplate::F.r#type, ProductTemplateType::Goods);
        Ok(draft.set(ProductTemplate::F.default_uom, unit))
    }
}

/// How many products were created, were changed, and are as they should be; and why the others are refused.
#[derive(Debug, Default, PartialEq)]
struct Summary {
    created: usize,
    changed: usize,
    unchanged: usize,
    refused: Vec<String>,
}

async fn import(tryton: &Client, text: &str) -> Result<Summary, Box<dyn Error>> {
    let lines: Vec<Line<'_>> = text.lines().skip(1).map(Line::read).collect::<Result<_, _>>()?;
    // The names of units are translated, and their symbols, too: these are those of the user's language.
    let units = ProductUom::ids_by(tryton, ProductUom::F.symbol, lines.iter().map(|line| line.unit)).await?;
    let drafts: Vec<_> = lines.iter().map(|line| line.draft(&units)).collect::<Result<_, _>>()?;

    let mut summary = Summary::default();
    let outcomes = ProductTemplate::upsert(tryton, ProductTemplate::F.code, &drafts).await?;
    for (line, outcome) in lines.iter().zip(outcomes) {
        match outcome {
            Upserted::Created(_) => summary.created += 1,
            Upserted::Changed(_) => summary.changed += 1,
            Upserted::Unchanged(_) => summary.unchanged += 1,
            Upserted::Refused(error) => summary.refused.push(format!("{}: {error}", line.code)),
        }
    }
    Ok(summary)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: import_products FILE")?;
    let tryton = Client::from_env()?;
    let tryton = tryton.with(tryton.user_context().await?); // prices are those of the user's company
    let Summary { created, changed, unchanged, refused } = import(&tryton, &fs::read_to_string(file)?).await?;
    println!("{created} created, {changed} changed, {unchanged} unchanged, {} refused", refused.len());
    refused.iter().for_each(|line| eprintln!("{line}"));
    Ok(())
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use tryton_sdk::Series;
    use tryton_sdk::testing::{Any, Row, Server, ServerExt};

    use super::*;

    #[tokio::test]
    async fn only_what_is_new_or_differs_is_written() {
        let server = Server::new(Series::new(8, 2));
        let unit = Row::new(Id::new(1)).set(ProductUom::F.symbol, "u");
        server.on_search::<ProductUom>(Any).returns([unit]);
        let there = |id: i64, code: &str, price: &str| {
            let price: Decimal = price.parse().expect("a number");
            Row::new(Id::new(id))
                .set(ProductTemplate::F.code, code)
                .set(ProductTemplate::F.name, "Bolt")
                .set(ProductTemplate::F.r#type, ProductTemplateType::Goods)
                .set(ProductTemplate::F.default_uom, Id::new(1))
                .set(ProductTemplate::F.list_price, price)
        };
        let search = ProductTemplate::search().filter(ProductTemplate::F.code.is_in(["A", "B", "C"])).with_inactive();
        server.on_search(search).returns([there(7, "A", "1.50"), there(8, "B", "1.50")]);
        server.on_create_many::<ProductTemplate>(Any).returns([Id::new(9)]);
        let dearer = Draft::new().set(ProductTemplate::F.list_price, Decimal::from(2));
        server.on_write(&[Id::new(8)], dearer).succeeds();

        let text = "code;name;unit;price\nA;Bolt;u;1.5\nB;Bolt;u;2\nC;Bolt;u;3\n";
        let summary = import(&server.client(), text).await.expect("imported");
        assert_eq!(summary, Summary { created: 1, changed: 1, unchanged: 1, refused: Vec::new() });
    }

    #[tokio::test]
    async fn a_unit_that_is_unknown_stops_it_before_anything_is_written() {
        let server = Server::new(Series::new(8, 2));
        server.on_search::<ProductUom>(Any).returns([]);
        let error = import(&server.client(), "code;name;unit;price\nA;Bolt;barrel;1\n").await.expect_err("unknown");
        assert_eq!(error.to_string(), "A: there is no unit `barrel`");
    }
}
