//! The snapshots of the official modules, from file to Rust text.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use tryton_sdk_codegen::emit::{self, Place};
use tryton_sdk_codegen::plan::{self, ButtonPlan, ModelPlan, Plan, PlanError, Request, Shape};
use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir, SnapshotError};

const SERIES: [&str; 4] = ["6.0", "7.0", "8.0", "8.2"];

fn folder(series: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(series)
}

fn snapshot(series: &str) -> Result<Snapshot, SnapshotError> {
    let dir = SnapshotDir::open(folder(series))?;
    let models = dir.server().models.iter().map(|model| dir.model(model));
    Ok(Snapshot { models: models.collect::<Result<_, _>>()?, server: dir.server().clone() })
}

fn request(snapshot: Snapshot) -> Request {
    let Snapshot { server, models } = snapshot;
    Request::new(&server, models, |_| true)
}

fn planned(series: &str) -> Plan {
    let snapshot = snapshot(series).expect("the snapshot is sound");
    let errors = |errors: Vec<PlanError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    plan::plan(&request(snapshot)).map_err(errors).expect("no names collide")
}

fn model<'a>(plan: &'a Plan, model: &str) -> &'a ModelPlan {
    plan.models.iter().find(|plan| plan.model == model).expect("the model is in the snapshot")
}

#[test]
fn no_names_collide_in_any_series() {
    for series in SERIES {
        let plan = planned(series);
        let mut names = BTreeSet::new();
        for model in &plan.models {
            let selections = model.selections.iter().map(|selection| &selection.name);
            for name in [&model.name, &model.fields_name].into_iter().chain(selections) {
                assert!(names.insert(name.clone()), "{name} in {series}");
            }
            let idents: BTreeSet<_> = model.fields.iter().map(|field| &field.ident).collect();
            assert_eq!(idents.len(), model.fields.len());
            for selection in &model.selections {
                let variants: BTreeSet<_> = selection.variants.iter().map(|v| &v.name).collect();
                assert_eq!(variants.len(), selection.variants.len(), "{}", selection.name);
            }
        }
        for marker in &plan.markers {
            assert!(names.insert(marker.name.clone()), "{} in {series}", marker.name);
        }
    }
}

#[test]
fn the_text_is_rust_in_every_series() {
    for series in SERIES {
        let plan = planned(series);
        let text = emit::module(&plan, Place::expansion("sdk"));
        let tokens: TokenStream = text.parse().expect("the text is Rust");
        let is_block =
            |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let blocks = tokens.into_iter().filter(is_block).count();
        let parts = |model: &ModelPlan| 2 + usize::from(!model.buttons.is_empty()) + model.selections.len();
        let parts: usize = plan.models.iter().map(parts).sum();
        let modules = 2; // `report` and `wizard`
        assert_eq!(blocks, parts + plan.markers.len() + modules);
    }
}

#[test]
fn every_series_can_sell() {
    for series in SERIES {
        let plan = planned(series);
        let sale = model(&plan, "sale.sale");
        let functions = ["search", "read", "create", "write", "delete"];
        assert_eq!(sale.functions, functions, "{series}");
        let buttons: BTreeSet<_> = sale.buttons.iter().map(|button| button.ident.as_str()).collect();
        assert!(buttons.is_superset(&BTreeSet::from(["quote", "confirm", "process"])), "{series}: {buttons:?}");
        let state = sale.fields.iter().find(|field| field.name == "state");
        let state = state.map(|field| field.rust.to_string());
        assert_eq!(state.as_deref(), Some("SaleState"), "{series}");
        let line = model(&plan, "sale.line-account.tax");
        assert!(line.functions.is_empty(), "{series}: {:?}", line.functions);
    }
}

#[test]
fn no_button_of_the_official_modules_is_renamed() {
    for series in SERIES {
        for model in planned(series).models {
            let is_renamed = |button: &&ButtonPlan| button.ident.trim_start_matches("r#") != button.name;
            let renamed: Vec<_> = model.buttons.iter().filter(is_renamed).collect();
            assert!(renamed.is_empty(), "{}: {renamed:?}", model.model);
        }
    }
}

#[test]
fn ids_are_never_missing_and_booleans_neither() {
    for series in SERIES {
        for model in planned(series).models {
            assert_eq!(model.fields[0].rust.to_string(), format!("Id<{}>", model.name));
            for field in model.fields.iter().filter(|field| field.rust.base == "bool") {
                assert_eq!(field.rust.shape, Shape::One, "{} of {}", field.name, model.model);
            }
        }
    }
}

#[test]
fn enums_make_way_for_models_that_are_not_selected() {
    for series in SERIES {
        let plan = planned(series);
        let product = model(&plan, "product.product");
        let selections: Vec<&str> = product.selections.iter().map(|s| s.name.as_str()).collect();
        assert!(!selections.contains(&"ProductCostPriceMethod"), "{series}: {selections:?}");
    }
}
