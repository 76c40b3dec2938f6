use std::path::{Path, PathBuf};

use quote::quote;

use super::*;

/// The folder of this crate, from which `schemas/…` is found above it.
fn crate_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn expanded(input: TokenStream) -> String {
    expand(input, crate_dir()).to_string()
}

/// The messages of all errors that `input` gives, with the source text that each points at.
fn errors(input: &str) -> Vec<(String, String)> {
    let tokens: TokenStream = input.parse().unwrap_or_default();
    let Err(errors) = syn::parse2(tokens).and_then(|args| generate(&args, crate_dir())) else {
        return Vec::new();
    };
    let place = |error: &syn::Error| error.span().source_text().unwrap_or_default();
    errors.into_iter().map(|error| (place(&error), error.to_string())).collect()
}

/// An error in the words of a test: where, and what.
fn at(place: &str, message: &str) -> (String, String) {
    (place.to_owned(), message.to_owned())
}

#[test]
fn the_code_and_the_files_it_depends_on() {
    let code = expanded(quote! { schema = "schemas/8.2", models = ["currency.currency"] });
    assert!(
        code.contains(
            "pub Currency (CurrencyFields) = \"currency.currency\" [search , read , create , write , delete]"
        ),
        "{code}"
    );
    assert!(code.contains("pub ResUser = \"res.user\""), "{code}");
    let included = code.split("include_bytes ! (\"").skip(1);
    let files: Vec<PathBuf> = included.filter_map(|rest| rest.split('"').next()).map(PathBuf::from).collect();
    assert_eq!(files.len(), 2);
    for (file, name) in files.iter().zip(["server.json", "currency.currency.json"]) {
        assert!(file.is_absolute() && file.is_file() && file.ends_with(name), "{}", file.display());
    }
}

#[test]
fn the_snapshot_is_looked_up_in_the_crate_and_above() {
    let deep = crate_dir().join("src").join("plan");
    assert_eq!(
        find("schemas/8.2", &deep),
        crate_dir().join("../schemas/8.2").components().fold(PathBuf::new(), |mut path, part| {
            if part.as_os_str() == ".." {
                path.pop();
            } else {
                path.push(part);
            }
            path
        })
    );
    assert_eq!(find("schemas/none", &deep), deep.join("schemas/none"));
}

#[test]
fn models_are_renamed() {
    let code = expanded(quote! {
        schema = "schemas/8.2",
        models = ["sale.sale"],
        rename = { "sale.sale" = "Order", "sale.sale,state" = "State", "party.party" = "Customer" },
    });
    for part in ["pub Order (OrderFields)", "pub State {", "party : Field < Order , Id < Customer", "pub Customer ="] {
        assert!(code.contains(part), "{part} in {code}");
    }
}

#[test]
fn unknown_models_are_reported_at_their_names() {
    let input = r#"schema = "schemas/8.2", models = ["sale.sal", "party.party", "nothing.*"]"#;
    assert_eq!(
        errors(input),
        [
            at("\"sale.sal\"", "no model `sale.sal` in schemas/8.2: did you mean `sale.sale`?"),
            at("\"nothing.*\"", "no model `nothing.*` in schemas/8.2"),
        ]
    );
}

#[test]
fn a_model_that_was_not_pulled_says_how_to_pull_it() {
    let input = r#"schema = "schemas/8.2", models = ["ir.session"]"#;
    let found = errors(input);
    assert_eq!(found.len(), 1);
    let message = &found[0].1;
    assert!(
        message.starts_with(
            "no model `ir.session` in schemas/8.2, although its server has one: pull it with \
             `cargo tryton pull --models '…,ir.session' --out "
        ),
        "{message}"
    );
}

#[test]
fn wrong_arguments_are_reported_together() {
    let input = r#"schemas = "x", modles = ["y", "z"], colour = { "a" = "b" }"#;
    assert_eq!(
        errors(input),
        [
            at("schemas", "unknown key `schemas`: did you mean `schema`?"),
            at("modles", "unknown key `modles`: did you mean `models`?"),
            at("colour", "unknown key `colour`: `models!` takes `schema`, `models`, `rename`, `override`"),
            at("", "`schema` is missing: for example `schema = \"schemas/8.2\"`"),
            at("", "`models` is missing: for example `models = [\"sale.*\", \"party.party\"]`"),
        ]
    );
}

#[test]
fn arguments_are_given_once() {
    let input = r#"schema = "schemas/8.2", schema = "b", models = ["ir.lang"]"#;
    assert_eq!(errors(input), [at("schema", "`schema` is given twice")]);
    let input = r#"schema = "schemas/8.2", models = ["ir.lang"], rename = { "a" = "A", "a" = "B" }"#;
    assert_eq!(errors(input), [at("\"a\"", "`a` is renamed twice")]);
}

#[test]
fn no_models_are_no_selection() {
    let input = r#"schema = "schemas/8.2", models = []"#;
    let message = "name at least one model, for example `\"sale.sale\"` or `\"sale.*\"`";
    assert_eq!(errors(input), [at("[]", message)]);
}

#[test]
fn a_missing_snapshot_says_how_to_make_it() {
    let found = errors(r#"schema = "schemas/none", models = ["sale.sale"]"#);
    let dir = crate_dir().join("schemas/none");
    let dir = dir.display();
    let message = format!("there is no snapshot at {dir}: make it with `cargo tryton pull --models '…' --out {dir}`");
    assert_eq!(found, [at("\"schemas/none\"", &message)]);
}

#[test]
fn a_wrong_rename_is_reported_at_its_place() {
    let input = r#"schema = "schemas/8.2", models = ["sale.*"],
        rename = { "sale.sal" = "Order", "sale.line" = "fn", "party.party" = "SaleFields" }"#;
    assert_eq!(
        errors(input),
        [
            at(
                "\"fn\"",
                "`fn` cannot be the name of `sale.line`: a type's name in Rust is letters, digits \
                 and `_`, begins with a letter, and is no keyword"
            ),
            at(
                "\"party.party\"",
                "the fields of `sale.sale` and the model `party.party` would both be called \
                 `SaleFields`: rename one of them, for example with \
                 `rename = { \"party.party\" = \"PartyModel\" }`"
            ),
            at(
                "\"sale.sal\"",
                "never applied: the rename of `sale.sal`, because it is not among the generated types; did you mean \
                 `sale.sale`?"
            ),
        ]
    );
}

#[test]
fn a_collision_is_reported_at_the_pattern_that_selects() {
    let input = r#"schema = "schemas/8.2", models = ["party.party", "sale.*"],
        rename = { "sale.line" = "Party" }"#;
    let found = errors(input);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "\"sale.line\"");
}

#[test]
fn fields_are_overridden() {
    let code = expanded(quote! {
        schema = "schemas/8.2",
        models = ["sale.sale"],
        override = {
            "sale.sale,number" = { required = true },
            "sale.sale,state" = { add = ["on_hold"] },
            "sale.sale,comment" = { type = "json", required = true },
        },
    });
    for part in
        ["number : Field < Sale , String , ReadOnly >", "OnHold = \"on_hold\"", "comment : Field < Sale , Value"]
    {
        assert!(code.contains(part), "{part} in {code}");
    }
}

#[test]
fn a_wrong_override_is_reported_at_its_place() {
    let input = r#"schema = "schemas/8.2", models = ["sale.sale"], rename = { "sale.sale,state" = "State" },
        override = { "sale.sale,state" = { add = ["draft"] }, "sale.sale,numbr" = { required = true } }"#;
    assert_eq!(
        errors(input),
        [
            at(
                "\"sale.sale,numbr\"",
                "never applied: the override of `sale.sale,numbr`, because it is no field of a generated model; did you \
                 mean `sale.sale,number`?"
            ),
            at(
                "\"sale.sale,state\"",
                "never applied: the override of `sale.sale,state`, because `draft` is among its values already"
            ),
        ]
    );
    let input = r#"schema = "schemas/8.2", models = ["sale.sale"],
        override = { "sale.sale,state" = { ad = ["x"], requird = true, required = true, required = false } }"#;
    assert_eq!(
        errors(input),
        [
            at("ad", "unknown key `ad`: did you mean `add`?"),
            at("requird", "unknown key `requird`: did you mean `required`?"),
            at("required", "`required` is given twice"),
        ]
    );
}

#[test]
fn reports_and_wizards_are_constants() {
    let code = expanded(quote! {
        schema = "schemas/8.2",
        models = ["sale.sale", "ir.lang*", "product.product", "product.template"],
        rename = { "report:sale.sale" = "OFFER" },
    });
    for part in [
        "pub const OFFER : :: tryton_sdk :: ReportOf < super :: Sale > = :: tryton_sdk :: ReportOf :: new (\"sale.sale\")",
        "pub const SALE_RETURN_SALE : :: tryton_sdk :: WizardOf < super :: Sale >",
        "pub const IR_LANG_CONFIG : :: tryton_sdk :: WizardOf < () >",
        "several (\"product.modify_cost_price\" , & [\"product.product\" , \"product.template\"])",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
    assert!(!code.contains("RES_USER_CONFIG"), "{code}");
}
