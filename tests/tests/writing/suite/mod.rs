//! The tests that every series passes.

mod buttons;
mod concurrency;
mod lists;
mod records;
mod references;
mod replace;
mod reports;
mod rights;
mod sale_flow;
mod upsert;
mod warnings;
mod wizards;

use tryton_sdk::Client;

use super::{SERIES, erp};
use crate::support;

/// A client with the user's own context: without a company nobody may sell.
async fn client() -> Client {
    let tryton = support::client(SERIES);
    let context = tryton.user_context().await.expect("the user's context");
    tryton.with(context)
}
