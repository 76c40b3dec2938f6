//! What `models!` becomes. What it says about mistakes is in `tests/ui/mistakes/`.

use std::path::{Path, PathBuf};

use quote::quote;

use super::*;

/// The folder of this crate, from which `schemas/…` is found above it.
fn crate_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn expanded(input: TokenStream) -> String {
    expand(quote! { ::tryton_sdk; #input }, crate_dir()).to_string()
}

#[test]
fn the_code_and_the_files_it_depends_on() {
    let code = expanded(quote! { schema = "schemas/8.2", models = ["currency.currency"] });
    assert!(
        code.contains(
            "pub Currency (CurrencyFields) = \"currency.currency\" of (8 , 2) [search , read , create , write , delete]"
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
fn without_arguments_tryton_toml_says_it_all() -> std::io::Result<()> {
    let root = tempfile::TempDir::new()?;
    let expanded = || expand(quote! { ::tryton_sdk; }, root.path()).to_string();
    let code = expanded();
    assert!(code.contains("there is no tryton.toml in ") && code.contains("run `cargo tryton init`"), "{code}");

    let file = root.path().join("tryton.toml");
    std::fs::write(&file, "models = \"sale.sale\"")?;
    assert!(expanded().contains("`schema` is missing in "), "{}", expanded());
    let schema = crate_dir().with_file_name("schemas").join("8.2");
    std::fs::write(&file, format!("schema = {schema:?}"))?;
    assert!(expanded().contains("`models` is missing in "), "{}", expanded());

    let settings = "[rename]\n\"sale.sale\" = \"Order\"\n[override]\n\"sale.sale,number\" = { required = true }\n";
    let text =
        format!("schema = {schema:?}\nmodels = \"sale.sale\"\nserde = true\n[server]\nuser = \"admin\"\n{settings}");
    std::fs::write(&file, text)?;
    let code = expanded();
    for part in [
        "pub Order (OrderFields)",
        "selections_by_serde",
        "number : __tryton_sdk_of_order :: types :: Field < Order , __tryton_sdk_of_order :: types :: String ,",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
    assert!(
        code.contains(&format!("include_bytes ! ({:?})", file.display().to_string())),
        "a change builds again: {code}"
    );
    Ok(())
}

#[test]
fn models_are_excluded() {
    let code = expanded(quote! { schema = "schemas/8.2", models = ["ir.lang*", "!*.config.*", "!no.such.model"] });
    assert!(code.contains("pub IrLang (IrLangFields)") && !code.contains("IrLangConfigStartFields"), "{code}");
    for models in [quote! { ["!ir.*"] }, quote! { ["ir.lang*", "!ir.*"] }] {
        let code = expanded(quote! { schema = "schemas/8.2", models = #models });
        assert!(code.contains("these patterns select no model: add one that selects"), "{code}");
    }
}

#[test]
fn models_are_renamed() {
    let code = expanded(quote! {
        schema = "schemas/8.2",
        models = ["sale.sale"],
        rename = { "sale.sale" = "Order", "sale.sale,state" = "State", "party.party" = "Customer" },
    });
    for part in [
        "pub Order (OrderFields)",
        "pub State {",
        ":: Field < Order , __tryton_sdk_of_order :: types :: Id < Customer",
        "pub Customer =",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
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
            "sale.sale,invoice_state" = { enum = false },
        },
        serde = true,
    });
    for part in [
        "Field < Sale , __tryton_sdk_of_sale :: types :: String , __tryton_sdk_of_sale :: types :: ReadOnly >",
        "OnHold = \"on_hold\"",
        "comment : __tryton_sdk_of_sale :: types :: Field < Sale , __tryton_sdk_of_sale :: types :: Value",
        "invoice_state : __tryton_sdk_of_sale :: types :: Field < Sale , __tryton_sdk_of_sale :: types :: Choice",
        "__tryton_sdk_of_sale :: selections_by_serde ! (SaleEuExciseTypes , SaleInvoiceMethod",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
}

#[test]
fn reports_and_wizards_are_constants() {
    let code = expanded(quote! {
        schema = "schemas/8.2",
        models = ["sale.sale", "ir.lang*", "product.product", "product.template"],
        rename = { "report:sale.sale" = "OFFER" },
    });
    for part in [
        "use :: tryton_sdk as __tryton_sdk_of_ir_lang ;",
        "pub const OFFER : super :: __tryton_sdk_of_ir_lang :: action :: ReportOf < super :: Sale > = super :: ",
        "pub const SALE_RETURN_SALE : super :: __tryton_sdk_of_ir_lang :: action :: WizardOf < super :: Sale >",
        "pub const IR_LANG_CONFIG : super :: __tryton_sdk_of_ir_lang :: action :: WizardOf < () >",
        "several (\"product.modify_cost_price\" , & [\"product.product\" , \"product.template\"])",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
    assert!(!code.contains("RES_USER_CONFIG"), "{code}");
}

#[test]
fn the_sdk_is_where_the_arguments_say() {
    for path in [quote! { facade::sdk }, quote! { "facade::sdk" }] {
        let code = expanded(quote! { crate = #path, schema = "schemas/8.2", models = ["ir.lang"] });
        assert!(code.contains("use facade :: sdk as __tryton_sdk_of_ir_lang ;"), "{code}");
        assert!(!code.contains(":: tryton_sdk"), "{code}");
    }
}
