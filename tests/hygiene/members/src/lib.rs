//! Projections of all kinds: public ones with private members, and such as have parameters.

/// The models.
pub mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "party.address"] }
}

use erp::{Party, PartyAddress, Sale};
use tryton_sdk::field::User;
use tryton_sdk::{Client, DateTime, Id, Model, Projection, Records, Result};

/// A party, whose addresses are nobody else's business.
#[derive(Projection)]
#[tryton(model = Party)]
pub struct Customer {
    /// Its name.
    pub name: Option<String>,
    addresses: Vec<Address>,
}

#[derive(Projection)]
#[tryton(model = PartyAddress)]
struct Address {
    city: Option<String>,
}

impl Customer {
    /// Where it is.
    pub fn cities(&self) -> impl Iterator<Item = &str> {
        self.addresses.iter().filter_map(|address| address.city.as_deref())
    }
}

/// Any record.
#[derive(Debug, Projection)]
#[tryton(model = M)]
pub struct Named<M: Model> {
    /// The id.
    pub id: Id<M>,
    /// What people call it.
    pub rec_name: String,
    /// When it was made.
    #[tryton(expect)]
    pub create_date: DateTime,
    /// Who made it.
    pub create_uid: Option<Id<User>>,
    /// When it was changed.
    pub write_date: Option<DateTime>,
    /// Who changed it.
    #[tryton(path = "write_uid")]
    pub editor: Option<Id<User>>,
    /// Whether the user may change it.
    #[tryton(may_write)]
    pub may_write: bool,
}

/// Reads the records of any model.
///
/// # Errors
///
/// As for a search.
pub async fn named<M: Model>(tryton: &Client) -> Result<Vec<Named<M>>> {
    M::search().filter(M::REC_NAME.ilike("%a%")).order(M::WRITE_DATE.desc()).fetch(tryton).await
}

/// A sale, with what the caller wants of its party.
#[derive(Projection)]
#[tryton(model = Sale)]
pub struct SaleOf<P, const N: usize = 0>
where
    P: Projection<Model = Party>,
{
    /// The party.
    pub party: P,
    /// Where it is invoiced to.
    #[tryton(path = "invoice_party")]
    pub invoiced: Option<P>,
}

/// Reads sales with their customers.
///
/// # Errors
///
/// As for a search.
pub async fn sales(tryton: &Client) -> Result<Vec<SaleOf<Customer>>> {
    Sale::search().fetch(tryton).await
}
