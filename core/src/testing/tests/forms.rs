//! Forms of an application, filled in by the server of a test.

use serde_json::json;

use super::now;
use crate::testing::{Row, Server, Values};
use crate::types::*;
use crate::{Draft, Form, Records, Series};

crate::model! {
    /// Order
    pub Order(OrderFields) = "order" [];
    settable { customer: "customer", discount: "discount", lines: "lines" => "order", tags: "tags" }
    read_only { number: "number", total: "total" }
}
/// The fields of [`Order`].
pub struct OrderFields {
    /// Number
    pub number: Field<Order, Option<String>, ReadOnly>,
    /// Customer
    pub customer: Field<Order, String>,
    /// Discount
    pub discount: Field<Order, Option<i64>>,
    /// Lines
    pub lines: Field<Order, Vec<Id<OrderLine>>>,
    /// Tags
    pub tags: Field<Order, Vec<Id<Tag>>>,
    /// Total
    pub total: Field<Order, Option<i64>, ReadOnly>,
}

crate::model! {
    /// Line
    pub OrderLine(OrderLineFields) = "order.line" [];
    settable { order: "order", product: "product", price: "price" }
    read_only {}
}
/// The fields of [`OrderLine`].
pub struct OrderLineFields {
    /// Order
    pub order: Field<OrderLine, Option<Id<Order>>>,
    /// Product
    pub product: Field<OrderLine, String>,
    /// Price
    pub price: Field<OrderLine, Option<i64>>,
}

crate::model! {
    /// Tag
    pub Tag(TagFields) = "tag" [];
    settable { name: "name" }
    read_only {}
}
/// The fields of [`Tag`].
pub struct TagFields {
    /// Name
    pub name: Field<Tag, Option<String>>,
}

crate::buttons! {
    Order {
        /// Confirm
        confirm: "confirm",
    }
}

const ORDER: Id<Order> = Id::new(7);

/// A product costs as much as its name is long, less the discount of the order.
fn server(series: Series) -> Server {
    let server = Server::new(series);
    server.on_form::<OrderLine>().on_set(OrderLine::F.product, |line| {
        let length = line.get(OrderLine::F.product).map_or(0, |product| product.len() as i64);
        let discount = line.parent(OrderLine::F.order).get(Order::F.discount).unwrap_or_default();
        Values::new().set(OrderLine::F.price, length - discount)
    });
    server
        .on_form::<Order>()
        .list(Order::F.lines)
        .list(Order::F.tags)
        .defaults(Values::new().set(Order::F.discount, 1))
        .on_set(Order::F.customer, |order| {
            let discount = order.get(Order::F.discount).unwrap_or_default();
            Values::new().set(Order::F.discount, discount + 1).hold(Order::F.tags, [Id::new(4)])
        })
        .on_set(Order::F.lines, |order| {
            let prices = order.rows(Order::F.lines).iter().filter_map(|line| line.get(OrderLine::F.price)).sum::<i64>();
            Values::new().set(Order::F.total, prices)
        });
    server
}

#[test]
fn what_follows_is_what_the_test_says() {
    for series in [Series::new(6, 0), Series::new(8, 2)] {
        let server = server(series);
        let mut order = now(Order::form(&server)).expect("a form");
        assert_eq!(order.peek(Order::F.discount).expect("a number"), Some(Some(1)));
        now(order.set(Order::F.customer, "Ada")).expect("set");
        assert_eq!(now(order.get(Order::F.tags)).expect("ids"), [Id::new(4)]);
        for product in ["bolt", "hammer"] {
            let mut line = now(order.add(Order::F.lines)).expect("a line");
            now(line.set(OrderLine::F.product, product)).expect("set");
        }
        assert_eq!(now(order.get(Order::F.total)).expect("computed"), Some(6), "2 for the bolt, 4 for the hammer");

        let lines = [("bolt", 2), ("hammer", 4)]
            .map(|(product, price)| Draft::new().set(OrderLine::F.product, product).set(OrderLine::F.price, price));
        let draft = Draft::new().set(Order::F.customer, "Ada").set(Order::F.discount, 2);
        server.on_create(draft.add(Order::F.lines, lines).link(Order::F.tags, [Id::new(4)])).returns(ORDER);
        assert_eq!(now(order.save()).expect("saved"), ORDER);
        server.on_button(Order::confirm, &[ORDER]).returns(crate::NextStep::Nothing);
        now(order.press(Order::confirm)).expect("pressed");
        server.on_read(&[ORDER]).returns([Row::new(ORDER).set(Order::F.number, "O7")]);
        assert_eq!(now(order.get(Order::F.number)).expect("read").as_deref(), Some("O7"));
        server.verify();
    }
}

#[test]
fn saved_records_are_read_as_far_as_a_row_says_something_of_them() {
    let server = server(Series::new(8, 2));
    let row = Row::new(ORDER).set(Order::F.customer, "Ada").set(Order::F.discount, 3);
    let row = row.many(Order::F.lines, [Row::new(Id::new(9))]);
    server.on_read(&[ORDER]).returns([row]);
    server.on_read(&[Id::<OrderLine>::new(9)]).returns([Row::new(Id::new(9)).set(OrderLine::F.price, 5)]).always();
    let mut order = now(Order::open(&server, ORDER)).expect("open");
    assert_eq!(order.peek(Order::F.number).expect("text"), Some(None), "nothing is said of it");
    let mut line = now(order.row(Order::F.lines, 0)).expect("the line");
    now(line.set(OrderLine::F.product, "hammer")).expect("set");
    assert_eq!(now(order.get(Order::F.total)).expect("computed"), Some(3));
    let line = Draft::new().set(OrderLine::F.product, "hammer").set(OrderLine::F.price, 3);
    let lines = Draft::new().link(Order::F.lines, [Id::new(9)]).update(Order::F.lines, Id::new(9), line);
    server.on_write(&[ORDER], lines).succeeds();
    now(order.save()).expect("saved");
}

#[test]
fn a_refusal_leaves_the_form_as_it_was() {
    let server = Server::new(Series::new(8, 2));
    server.on_form::<Order>().refuses(Order::F.customer, "We know nobody.").defines(
        Order::F.discount,
        "required",
        true,
    );
    let mut order = now(Order::form(&server)).expect("a form");
    let error = now(order.set(Order::F.customer, "Ada")).expect_err("refused");
    assert_eq!(error.user_message(), Some("We know nobody."));
    assert_eq!(order.as_any().peek("customer"), Some(json!(null)));
    assert_eq!(now(order.check()).expect("checked").to_string(), "`discount` needs a value");
    // What is expected by hand goes first.
    server.on_call("model.order.on_change", super::Any).returns(json!({"number": "O1"}));
    now(order.set(Order::F.customer, "Ada")).expect("set");
    assert_eq!(now(order.get(Order::F.number)).expect("text").as_deref(), Some("O1"));
}

#[test]
fn defaults_may_have_rows() {
    let server = Server::new(Series::new(8, 2));
    let line = Values::new().set(OrderLine::F.product, "bolt");
    let defaults = Values::new().add(Order::F.lines, [line]).hold(Order::F.tags, [Id::new(4)]);
    server.on_form::<Order>().list(Order::F.lines).list(Order::F.tags).defaults(defaults);
    server.on_form::<Tag>().defines(Tag::F.name, "required", true);
    let mut order = now(Order::form(&server)).expect("a form");
    let line = now(order.row(Order::F.lines, 0)).expect("the line");
    assert_eq!(line.peek(OrderLine::F.product).expect("text").as_deref(), Some("bolt"));
    assert_eq!(now(order.get(Order::F.tags)).expect("ids"), [Id::new(4)]);
    now(order.add(Order::F.tags)).expect("a tag");
    assert_eq!(now(order.check()).expect("checked").to_string(), "`tags[1].name` needs a value");
}

/// One request for all that are new, and one for all that changed.
#[test]
fn forms_are_saved_with_as_few_requests_as_there_can_be() {
    let server = server(Series::new(8, 2));
    let row = |id: i64| Row::new(Id::<Order>::new(id)).raw("_timestamp", json!(format!("{id}.5")));
    for id in [7, 8] {
        server.on_read(&[Id::<Order>::new(id)]).returns([row(id)]);
    }
    let mut orders = Vec::new();
    for id in [7, 8] {
        let mut order = now(Order::open(&server, Id::new(id))).expect("open");
        now(order.set(Order::F.discount, id)).expect("set");
        orders.push(order);
    }
    for discount in [1, 2] {
        let mut order = now(Order::form(&server)).expect("a form");
        now(order.set(Order::F.discount, discount)).expect("set");
        orders.insert(0, order);
    }
    let created = [2, 1].map(|discount| Draft::new().set(Order::F.discount, discount)).to_vec();
    server.on_create_many(created).refuses("Not today.").returns([Id::new(20), Id::new(21)]);
    let written = json!([[7], {"discount": 7}, [8], {"discount": 8}]);
    let timestamps = json!({"order,7": "7.5", "order,8": "8.5"});
    let written = server.on_call("model.order.write", written);
    written.returns(json!(null)).with(crate::Context::new().set("_timestamp", timestamps));
    let error = now(Form::save_all(&mut orders)).expect_err("refused");
    assert_eq!(error.user_message(), Some("Not today."));
    assert!(orders.iter().all(Form::is_modified));
    let ids = now(Form::save_all(&mut orders)).expect("saved");
    assert_eq!(ids, [20, 21, 7, 8].map(Id::new));
    assert!(!orders.iter().any(Form::is_modified));
}
