//! Lists of records are changed step by step, to any depth.

use tryton_sdk::{Client, Draft, Id, Projection, Records};

use super::client;
use super::erp::{Party, PartyAddress, PartyCategory};

#[derive(Debug, Projection)]
#[tryton(model = Party)]
struct WithLists {
    addresses: Vec<Place>,
    categories: Vec<Label>,
}

#[derive(Debug, PartialEq, Projection)]
#[tryton(model = PartyAddress)]
struct Place {
    id: Id<PartyAddress>,
    city: Option<String>,
}

#[derive(Debug, Projection)]
#[tryton(model = PartyCategory)]
struct Label {
    id: Id<PartyCategory>,
}

impl WithLists {
    async fn read(tryton: &Client, id: Id<Party>) -> Self {
        let mut read: Vec<Self> = Party::read(tryton, &[id]).await.expect("read");
        read.pop().expect("the party")
    }

    fn cities(&self) -> Vec<&str> {
        let mut cities: Vec<_> = self.addresses.iter().filter_map(|place| place.city.as_deref()).collect();
        cities.sort_unstable();
        cities
    }

    fn at(&self, city: &str) -> Id<PartyAddress> {
        let place = self.addresses.iter().find(|place| place.city.as_deref() == Some(city));
        place.unwrap_or_else(|| panic!("no address in {city}")).id
    }

    fn categories(&self) -> Vec<Id<PartyCategory>> {
        self.categories.iter().map(|label| label.id).collect()
    }
}

fn address(city: &str) -> Draft<PartyAddress> {
    Draft::new().set(PartyAddress::F.city, city)
}

fn category(name: &str) -> Draft<PartyCategory> {
    Draft::new().set(PartyCategory::F.name, name)
}

#[tokio::test]
async fn lists_are_changed_step_by_step() {
    let tryton = &client().await;
    let places = Draft::new()
        .set(Party::F.name, "Steps")
        .set(Party::F.code, "steps")
        .add(Party::F.addresses, [address("Oslo"), address("Bergen")])
        .add(Party::F.addresses, [address("Tromsø")]);
    let id = Party::create(tryton, places).await.expect("create");
    let before = WithLists::read(tryton, id).await;
    assert_eq!(before.cities(), ["Bergen", "Oslo", "Tromsø"]);

    let steps = Draft::new()
        .update(Party::F.addresses, before.at("Oslo"), address("Lillehammer"))
        .copy(Party::F.addresses, [before.at("Bergen")], address("Stavanger"))
        .delete(Party::F.addresses, [before.at("Tromsø")])
        .add(Party::F.addresses, [address("Hamar")]);
    Party::write(tryton, &[id], steps).await.expect("write");
    let after = WithLists::read(tryton, id).await;
    assert_eq!(after.cities(), ["Bergen", "Hamar", "Lillehammer", "Stavanger"]);
    assert_eq!(after.at("Lillehammer"), before.at("Oslo"), "it was changed, not replaced");
    let left = PartyAddress::search().with_inactive().filter(PartyAddress::F.id.is(before.at("Tromsø")));
    assert_eq!(left.count(tryton).await.expect("count"), 0);
}

#[tokio::test]
async fn records_are_linked_and_unlinked() {
    let tryton = &client().await;
    let labels = vec![category("linked first"), category("linked second")];
    let labels = super::erp::PartyCategory::create_many(tryton, labels).await.expect("create");
    let draft = Draft::new().set(Party::F.name, "Linked").set(Party::F.code, "linked");
    let draft = draft.link(Party::F.categories, labels.iter().copied());
    let id = Party::create(tryton, draft).await.expect("create");
    let mut linked = WithLists::read(tryton, id).await.categories();
    linked.sort();
    assert_eq!(linked, labels);

    Party::write(tryton, &[id], Draft::new().unlink(Party::F.categories, [labels[0]])).await.expect("write");
    assert_eq!(WithLists::read(tryton, id).await.categories(), [labels[1]]);
    let still = PartyCategory::search().filter(PartyCategory::F.id.is(labels[0])).count(tryton).await;
    assert_eq!(still.expect("count"), 1, "it goes on existing");
    // One that is created and linked in one step.
    Party::write(tryton, &[id], Draft::new().add(Party::F.categories, [category("linked third")]))
        .await
        .expect("write");
    assert_eq!(WithLists::read(tryton, id).await.categories().len(), 2);
}

#[tokio::test]
async fn drafts_nest_to_any_depth() {
    let tryton = &client().await;
    let leaf = |name: &str| category(&format!("{name} leaf"));
    let tree = category("trunk").add(
        PartyCategory::F.childs,
        [category("branch").add(PartyCategory::F.childs, [leaf("left"), leaf("right")]), category("twig")],
    );
    let trunk = PartyCategory::create(tryton, tree).await.expect("create");
    let below = PartyCategory::search().filter(PartyCategory::F.parent.child_of([trunk], PartyCategory::F.parent));
    let mut names = below.select(PartyCategory::F.rec_name).fetch(tryton).await.expect("search");
    names.sort();
    let names: Vec<_> = names.into_iter().map(Option::unwrap_or_default).collect();
    assert_eq!(
        names,
        ["trunk", "trunk / branch", "trunk / branch / left leaf", "trunk / branch / right leaf", "trunk / twig"]
    );
}
