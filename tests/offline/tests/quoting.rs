//! The tests of the library: no network and no async runtime takes part.

use futures_util::FutureExt as _;
use tryton_sdk::testing::{Any, Row, Server};
use tryton_sdk::{ErrorCategory, Id, NextStep, Result, Series};
use tryton_sdk_tests_offline::erp::{Party, Sale, SaleState};
use tryton_sdk_tests_offline::{Draft, quote_all};

const CUSTOMER: Id<Party> = Id::new(3);
const SALE: Id<Sale> = Id::new(7);

fn quote(server: &Server) -> Result<Vec<Draft>> {
    quote_all(server, CUSTOMER).now_or_never().expect("it is answered at once")
}

fn server() -> Server {
    let server = Server::new(Series::new(8, 2));
    let drafts = Sale::search().filter(Sale::F.state.is(SaleState::Draft).and(Sale::F.party.is(CUSTOMER)));
    let customer = Row::new(CUSTOMER).set(Party::F.name, "Muster GmbH");
    let found = Row::new(SALE).set(Sale::F.number, "S1").one(Sale::F.party, customer);
    server.on_search(drafts).returns([found]);
    server
}

#[test]
fn drafts_are_quoted() {
    let server = server();
    server.on_button(Sale::quote, &[SALE]).returns(NextStep::Nothing);
    let customer = Some("Muster GmbH".to_owned());
    let expected = Draft { id: SALE, number: Some("S1".to_owned()), customer };
    assert_eq!(quote(&server).expect("quoted"), [expected]);
}

#[test]
fn what_the_server_says_is_for_the_user() {
    let server = server();
    server.on_button(Sale::quote, Any).refuses("The sale has no lines.");
    let error = quote(&server).expect_err("refused");
    assert_eq!((error.category(), error.user_message()), (ErrorCategory::Refused, Some("The sale has no lines.")));
    assert_eq!(error.category().response_status(), 422);
}
