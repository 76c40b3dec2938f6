//! References: what is read of the records that they lead to, and searches for them.

use serde_json::{Value, json};
use tryton_sandbox::Series;
use tryton_sdk::field::User;
use tryton_sdk::{Client, DateTime, Domain, Draft, Id, Model, Projection, Records, Reference, Referenced};
use tryton_sdk_tests::proxy::Proxy;

use super::SERIES;
use super::client;
use super::erp::{Product, ProductUom, Sale, SaleLine, StockLocation, StockMove};
use super::support::endpoint;

/// Moves with origins of every kind.
struct Moves {
    /// In the order of [`ORIGINS`].
    ids: Vec<Id<StockMove>>,
    /// Two lines of different sales, with different products.
    lines: [Line; 2],
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    id: Id<SaleLine>,
    sale: Id<Sale>,
    #[tryton(expect)]
    product: Id<Product>,
    #[tryton(expect)]
    unit: Id<ProductUom>,
    #[tryton(path = "product.template.name", expect)]
    product_name: String,
    #[tryton(expect)]
    rec_name: String,
}

/// What the moves come from. The last one is a move that was deleted: the server sends null.
const ORIGINS: [&str; 8] = ["none", "one", "other", "none's", "one's", "no record", "no id", "deleted"];

impl Moves {
    async fn new(tryton: &Client) -> Self {
        let lines = SaleLine::search().filter(SaleLine::F.product.is_not_null()).order(SaleLine::F.id.asc());
        let mut lines: Vec<Line> = lines.fetch(tryton).await.expect("lines of sales");
        let one = lines.remove(0);
        let differs = |line: &Line| line.product != one.product && line.sale != one.sale;
        let other = lines.into_iter().find(differs).expect("another line");
        let seeded = StockMove::search().filter(StockMove::F.origin.is_a::<SaleLine>()).order(StockMove::F.id.asc());
        let seeded = seeded.limit(1).ids(tryton).await.expect("a move");
        let unit = if SERIES < Series::V7_0 { "uom" } else { "unit" };
        // A server wants the product of the line.
        let with = async |line: &Line, origin: Option<Reference>| {
            let draft = Draft::new().set(StockMove::F.product, line.product).set(StockMove::F.quantity, 1);
            let draft = draft.set(StockMove::F.origin, origin);
            let draft = draft.raw(unit, line.unit.get().into()).raw("shipment", Value::Null);
            StockMove::copy(tryton, &seeded, draft).await.expect("a move")[0]
        };
        let null = with(&one, None).await;
        let of_one = with(&one, Some(one.id.into())).await;
        let deleted = with(&one, None).await;
        let ids = vec![
            null,
            of_one,
            with(&other, Some(other.id.into())).await,
            with(&one, Some(null.into())).await,
            with(&one, Some(of_one.into())).await,
            with(&one, Some(Reference::new("sale.line", -1))).await,
            with(&one, None).await,
            with(&one, Some(deleted.into())).await,
        ];
        let no_id = Draft::new().raw("origin", "sale.line,".into());
        StockMove::write(tryton, &ids[6..7], no_id).await.expect("write");
        StockMove::delete(tryton, &[deleted]).await.expect("delete");
        Self { ids, lines: [one, other] }
    }

    /// Which of them satisfy the domain.
    async fn found(&self, tryton: &Client, domain: Domain<StockMove>) -> Vec<&'static str> {
        let search = StockMove::search().filter(StockMove::F.id.is_in(&self.ids).and(domain.clone()));
        let found = search.ids(tryton).await.unwrap_or_else(|e| panic!("{domain:?}: {e}"));
        self.ids.iter().zip(ORIGINS).filter(|(id, _)| found.contains(id)).map(|(_, name)| name).collect()
    }
}

#[derive(Debug, PartialEq, Projection)]
#[tryton(model = StockMove)]
struct Traced {
    origin: Option<Reference>,
    #[tryton(path = "origin.rec_name")]
    name: Option<String>,
    #[tryton(path = "origin.id")]
    id: Option<i64>,
    #[tryton(path = "origin.create_date")]
    created: Option<DateTime>,
    #[tryton(path = "origin.write_uid")]
    changed_by: Option<Id<User>>,
}

#[tokio::test]
async fn one_request_reads_what_every_model_has() {
    let tryton = &client().await;
    let moves = Moves::new(tryton).await;
    let [one, other] = &moves.lines;
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let counted = endpoint(SERIES).client_by(proxy.url()).build().expect("built");
    counted.login().await.expect("login");
    let before = proxy.requests();
    let traced: Vec<Traced> = StockMove::read(&counted, &moves.ids).await.expect("read");
    assert_eq!(proxy.requests() - before, 1);

    let names = StockMove::search().filter(StockMove::F.id.is_in(&moves.ids[..2])).order(StockMove::F.id.asc());
    let names = names.select(StockMove::F.rec_name).fetch(tryton).await.expect("names");
    let expected = [
        (None, None),
        (Some(Reference::from(one.id)), Some((one.rec_name.clone(), one.id.get()))),
        (Some(Reference::from(other.id)), Some((other.rec_name.clone(), other.id.get()))),
        (Some(moves.ids[0].into()), Some((names[0].clone().expect("a name"), moves.ids[0].get()))),
        (Some(moves.ids[1].into()), Some((names[1].clone().expect("a name"), moves.ids[1].get()))),
        (Some(Reference::new("sale.line", -1)), None),
        (Some(Reference::new("sale.line", -1)), None),
        (None, None),
    ];
    for ((traced, (origin, record)), kind) in traced.iter().zip(expected).zip(ORIGINS) {
        assert_eq!(traced.origin, origin, "{kind}");
        assert_eq!(traced.name.clone().zip(traced.id), record, "{kind}");
        assert_eq!(traced.created.is_some(), record.is_some(), "{kind}");
    }
    let sold = StockMove::search().filter(StockMove::F.id.is_in(&moves.ids)).order(StockMove::F.id.asc());
    assert_eq!(sold.clone().fetch::<Traced>(tryton).await.expect("search").len(), ORIGINS.len());

    // What only one of the models has, the server refuses to read of all.
    let unlike = tryton.call::<Value>("model.stock.move.read", (&moves.ids, ["origin.effective_date"])).await;
    assert!(unlike.is_err_and(|error| error.is_unknown_field()));
}

#[derive(Debug, PartialEq, Referenced)]
enum Origin {
    Sold(Sold),
    Moved(Moved),
    Other(Reference),
}

#[derive(Debug, PartialEq, Projection)]
#[tryton(model = SaleLine)]
struct Sold {
    sale: Id<Sale>,
}

#[derive(Debug, PartialEq, Projection)]
#[tryton(model = StockMove)]
struct Moved {
    from_location: Id<StockLocation>,
}

#[derive(Debug, PartialEq, Referenced)]
enum OfSales {
    Line(Sold),
    Other(Reference),
}

#[tokio::test]
async fn records_of_several_models_are_read_by_a_request_for_each() {
    let tryton = &client().await;
    let moves = Moves::new(tryton).await;
    let [one, other] = &moves.lines;
    let origins = StockMove::search().filter(StockMove::F.id.is_in(&moves.ids)).select(StockMove::F.origin);
    let origins: Vec<_> = origins.fetch(tryton).await.expect("read").into_iter().flatten().collect();
    let twice = || origins.iter().chain(&origins);

    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let counted = endpoint(SERIES).client_by(proxy.url()).build().expect("built");
    counted.login().await.expect("login");
    let mut before = proxy.requests();
    let mut requests = || std::mem::replace(&mut before, proxy.requests()).abs_diff(proxy.requests());
    let read = Origin::read(&counted, twice()).await.expect("read");
    assert_eq!(requests(), 2);
    assert_eq!(read.len(), 5);
    for line in [one, other] {
        assert_eq!(read[&line.id.into()], Origin::Sold(Sold { sale: line.sale }));
    }
    for id in &moves.ids[..2] {
        assert!(matches!(read[&Reference::from(*id)], Origin::Moved(_)));
    }
    let no_record = Reference::new("sale.line", -1);
    assert_eq!(read[&no_record], Origin::Other(no_record.clone()));

    let read = OfSales::read(&counted, twice()).await.expect("read");
    assert_eq!(requests(), 1);
    assert_eq!(read[&one.id.into()], OfSales::Line(Sold { sale: one.sale }));
    let unknown = Reference::from(moves.ids[0]);
    assert_eq!(read[&unknown], OfSales::Other(unknown.clone()));
    assert!(OfSales::read(&counted, [unknown, no_record]).await.is_ok_and(|read| read.len() == 2));
    assert!(OfSales::read(&counted, [] as [Reference; 0]).await.is_ok_and(|read| read.is_empty()));
    assert_eq!(requests(), 0, "there is nothing to ask");

    let gone = Reference::from(Id::<SaleLine>::new(999_999));
    let error = Origin::read(&counted, [gone]).await.expect_err("there is no such line");
    assert!(error.is_user_error(), "{error}");
}

/// As for a relation to one model, one record that a rule keeps from the user fails the request.
#[tokio::test]
async fn what_the_user_may_not_read_is_not_read_through_a_reference() {
    let tryton = &client().await;
    let moves = Moves::new(tryton).await;
    let denied = moves.ids[0];
    let model = if SERIES >= Series::V8_0 {
        json!("stock.move")
    } else {
        let found = (json!([["model", "=", "stock.move"]]), 0, 1);
        tryton.call::<Vec<Value>>("model.ir.model.search", found).await.expect("the model").remove(0)
    };
    let rule = json!({
        "name": "One denied", "model": model, "global_p": true, "default_p": false, "perm_read": true,
        "perm_write": false, "perm_create": false, "perm_delete": false,
        "rules": [["create", [{"domain": json!([["id", "!=", denied]]).to_string()}]]],
    });
    let rules: Vec<i64> = tryton.call("model.ir.rule.group.create", [json!([rule])]).await.expect("a rule");
    let of_denied = &moves.ids[3..4];
    let through = StockMove::read::<Traced>(tryton, of_denied).await;
    let origin =
        StockMove::search().filter(StockMove::F.id.is_in(of_denied)).select(StockMove::F.origin).one(tryton).await;
    let read = Origin::read(tryton, [Reference::from(denied)]).await;
    let _: Value = tryton.call("model.ir.rule.group.delete", [rules]).await.expect("delete");
    assert!(through.is_err_and(|error| error.is_user_error()));
    assert_eq!(origin.expect("the reference itself"), Some(denied.into()));
    assert!(read.is_err_and(|error| error.is_user_error()));
}

/// Each domain finds what is said, and its negation all others; only `whose` cannot tell what the reference to a deleted
/// record of its model was.
#[tokio::test]
async fn references_are_searched_for() {
    use super::erp::StockMove as Move;

    let tryton = &client().await;
    let moves = Moves::new(tryton).await;
    let [one, other] = &moves.lines;
    let origin = Move::F.origin;
    let of_product = |line: &Line| SaleLine::F.product.is(line.product);
    let of_one = || origin.whose(of_product(one));

    let by_the_reference = [
        (origin.is_a::<SaleLine>(), vec!["one", "other", "no record", "no id"]),
        (origin.is_a::<Move>(), vec!["none's", "one's", "deleted"]),
        (origin.is_a::<Sale>(), vec![]),
        (origin.is(one.id), vec!["one"]),
        (origin.is(Reference::from(one.id)), vec!["one"]),
        (origin.is_in([one.id, other.id]), vec!["one", "other"]),
        (origin.is_in([one.id.into(), Reference::from(moves.ids[0])]), vec!["one", "none's"]),
        (origin.is_in([] as [Reference; 0]), vec![]),
        (origin.is_null(), vec!["none"]),
        (origin.is(one.id).or(origin.is_a::<Move>().and(!origin.is(moves.ids[1]))), vec!["one", "none's", "deleted"]),
    ];
    let by_lines = [
        (of_one(), vec!["one"]),
        (origin.whose(!of_product(one)), vec!["other"]),
        (origin.whose(SaleLine::F.product.is_in([one.product, other.product])), vec!["one", "other"]),
        (origin.whose(SaleLine::F.product.not_in([one.product])), vec!["other"]),
        (origin.whose(SaleLine::F.product.is_null()), vec![]),
        (origin.whose::<SaleLine>(Domain::all()), vec!["one", "other"]),
        (origin.whose::<SaleLine>(Domain::none()), vec![]),
        (origin.whose(!Domain::<SaleLine>::none()), vec!["one", "other"]),
        // A null reference satisfies the server's `not like`.
        (origin.whose(SaleLine::F.description.not_like("no such description")), vec!["one", "other"]),
        (origin.whose(SaleLine::F.description.like("no such description")), vec![]),
        (origin.whose(of_product(one).or(SaleLine::F.id.is(other.id))), vec!["one", "other"]),
        (origin.whose(of_product(one).and(SaleLine::F.id.is(other.id))), vec![]),
        (origin.whose(of_product(one).and(SaleLine::F.sale.is(one.sale).or(Domain::none()))), vec!["one"]),
        (origin.whose(!(of_product(one).and(SaleLine::F.sale.is(one.sale)))), vec!["other"]),
        (origin.whose(of_product(one).or(Domain::all())), vec!["one", "other"]),
        (origin.whose(SaleLine::F.product.like(&one.product_name)), vec!["one"]),
        (origin.whose(!SaleLine::F.product.like(&one.product_name)), vec!["other"]),
        (origin.whose(SaleLine::F.sale.whose(Sale::F.id.is(other.sale))), vec!["other"]),
        (origin.whose(!SaleLine::F.sale.whose(Sale::F.id.is(other.sale))), vec!["one"]),
        (origin.whose(SaleLine::F.moves.any(Move::F.id.is(moves.ids[1]))), vec!["one"]),
        (origin.whose(SaleLine::F.moves.none(Move::F.id.is(moves.ids[1]))), vec!["other"]),
        (of_one().or(origin.is_null()), vec!["none", "one"]),
        (of_one().and(origin.is_a::<Move>()), vec![]),
        (Domain::raw(json!([["origin.product", "=", one.product, "sale.line"]])).expect("a domain"), vec!["one"]),
    ];
    let warehouse = Move::search().filter(Move::F.id.is(moves.ids[0])).select(Move::F.from_location).one(tryton).await;
    let below = Move::F.from_location.child_of([warehouse.expect("a move")], StockLocation::F.parent);
    let by_moves = [
        (origin.whose(Move::F.id.is(moves.ids[0])), vec!["none's"]),
        (origin.whose(below), vec!["none's", "one's"]),
        (origin.whose(Move::F.origin.is_null()), vec!["none's"]),
        (origin.whose(Move::F.origin.is_a::<SaleLine>()), vec!["one's"]),
        (origin.whose(of_one()), vec!["one's"]),
        (origin.whose(!of_one()), vec!["none's"]),
        (origin.whose(Move::F.origin.whose(SaleLine::F.description.not_like("no such description"))), vec!["one's"]),
    ];
    let deleted = |mut names: Vec<&'static str>| {
        names.retain(|name| *name != "deleted");
        names
    };
    let whole = |names: Vec<&'static str>| names;
    // Of a name that is made of several fields, one of which is null, servers do not find the opposite.
    let named = origin.whose(SaleLine::REC_NAME.ilike(&format!("%{}%", one.product_name)));
    assert_eq!(moves.found(tryton, named).await, ["one"]);
    check(tryton, &moves, by_the_reference, whole).await;
    check(tryton, &moves, by_lines, whole).await;
    check(tryton, &moves, by_moves, deleted).await;
}

/// `all` leaves out of the others which neither the domain nor its negation finds.
async fn check(
    tryton: &Client,
    moves: &Moves,
    domains: impl IntoIterator<Item = (Domain<StockMove>, Vec<&'static str>)>,
    all: fn(Vec<&'static str>) -> Vec<&'static str>,
) {
    for (domain, expected) in domains {
        assert_eq!(moves.found(tryton, domain.clone()).await, expected, "{domain:?}");
        let rest: Vec<_> = all(ORIGINS.into()).into_iter().filter(|name| !expected.contains(name)).collect();
        let opposite = !domain.clone();
        assert_eq!(moves.found(tryton, opposite.clone()).await, rest, "not {domain:?}");
        assert_eq!(moves.found(tryton, !opposite).await, expected, "not not {domain:?}");
    }
}
