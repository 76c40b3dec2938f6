//! Names: from Tryton's to Rust's.
//!
//! Each rule depends on one name alone, so that selecting another model changes no name. [`plan`](crate::plan) finds
//! names that still collide.

mod variant;

use std::collections::BTreeSet;

pub use variant::variants;

/// The functions and constants of a model's type, whether or not the server exposes them: no button gets one of these
/// names.
const OF_MODELS: [&str; 19] = [
    "F",
    "call",
    "copy",
    "create",
    "create_in_batches",
    "create_in_batches_with",
    "create_many",
    "defaults",
    "delete",
    "export_data",
    "history_revisions",
    "import_data",
    "on_change",
    "read",
    "read_many",
    "resources",
    "search",
    "write",
    "write_many",
];

/// Returns the type of a model: `sale.line` → `SaleLine`, with a doubled first part written once.
pub fn type_name(model: &str) -> String {
    let mut parts = model.split(['.', '-']);
    let first = parts.next().unwrap_or_default();
    let second = parts.next();
    let head = if second == Some(first) { "" } else { first };
    let words = [head, second.unwrap_or_default()].into_iter().chain(parts);
    identifier(&words.map(camel).collect::<String>(), "Model")
}

/// Returns the struct that holds the fields of the model type `type_name`.
pub fn fields_name(type_name: &str) -> String {
    format!("{type_name}Fields")
}

/// Returns the enum for the field `field` of the model type `type_name`.
pub fn selection_name(type_name: &str, field: &str) -> String {
    format!("{type_name}{}", camel(field))
}

/// Returns the constant for a report or a wizard: `sale.return_sale` → `SALE_RETURN_SALE`, with a doubled first part
/// written once.
pub fn constant_name(action: &str) -> String {
    snake(&type_name(action)).to_uppercase()
}

/// Returns the file and module for a type: `SaleLine` → `sale_line`.
pub fn module_name(type_name: &str) -> String {
    let mut module = snake(type_name);
    if is_keyword(&module) || module == "mod" {
        module.push('_');
    }
    module
}

fn snake(type_name: &str) -> String {
    let mut module = String::new();
    for (at, c) in type_name.char_indices() {
        if c.is_uppercase() && at > 0 {
            module.push('_');
        }
        module.extend(c.to_lowercase());
    }
    module
}

/// Returns a field's name in Rust: its technical name, if Rust can write it.
///
/// Keywords become raw identifiers (`r#type`); `self`, `super`, `crate` and `Self`, which cannot be raw, get a `_` at
/// the end.
pub fn field_name(field: &str) -> String {
    match field {
        "self" | "super" | "crate" | "Self" | "_" => format!("{field}_"),
        _ if is_keyword(field) => format!("r#{field}"),
        _ if is_identifier(field) => field.to_owned(),
        _ => {
            let legal = |c| if is_part(c) { c } else { '_' };
            format!("_{}", field.chars().map(legal).collect::<String>())
        }
    }
}

/// Returns a button's name in Rust: as for a field, but without clashing with the functions of every model.
pub fn button_name(button: &str) -> String {
    let name = field_name(button);
    if OF_MODELS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Appends a `_` to `ident` until it is not taken.
pub(crate) fn unique(mut ident: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(ident.clone()) {
        ident = format!("{}_", ident.strip_prefix("r#").unwrap_or(&ident));
    }
    ident
}

/// Joins words that anything but letters and digits separates, each with a capital at the beginning.
fn camel(text: &str) -> String {
    let mut camel = String::new();
    let mut start = true;
    for c in text.chars() {
        if c == '_' || !is_part(c) {
            start = true;
        } else if start {
            camel.extend(c.to_uppercase());
            start = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

/// Returns `name`, with `prefix` before it if it could not begin an identifier.
fn identifier(name: &str, prefix: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { format!("{prefix}{name}") }
}

/// Whether Rust accepts `name` as an identifier.
pub(crate) fn is_identifier(name: &str) -> bool {
    let ascii_start = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    if ascii_start && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
        return name != "_" && !is_keyword(name);
    }
    !name.is_ascii() && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Whether `c` may stand inside an identifier.
fn is_part(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || (!c.is_ascii() && is_identifier(&format!("a{c}")))
}

/// Strict and reserved keywords of all editions.
fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 52] = [
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
        "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct",
        "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
        "yield",
    ];
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models() {
        for (model, name) in [
            ("sale.sale", "Sale"),
            ("sale.line", "SaleLine"),
            ("account.invoice.line", "AccountInvoiceLine"),
            ("sale.line-account.tax", "SaleLineAccountTax"),
            ("party.party.lang", "PartyLang"),
            ("party.party-party.category", "PartyPartyCategory"),
            ("stock.shipment.in.return", "StockShipmentInReturn"),
            ("product.cost_price_method", "ProductCostPriceMethod"),
            ("res.user-ir.action", "ResUserIrAction"),
            ("sale", "Sale"),
            ("3pl.order", "Model3plOrder"),
            ("self", "ModelSelf"),
            ("société.vente", "SociétéVente"),
        ] {
            assert_eq!(type_name(model), name);
        }
    }

    #[test]
    fn fields() {
        for (field, name) in [
            ("sale_date", "sale_date"),
            ("type", "r#type"),
            ("type_", "type_"),
            ("move", "r#move"),
            ("gen", "r#gen"),
            ("union", "union"),
            ("self", "self_"),
            ("crate", "crate_"),
            ("_timestamp", "_timestamp"),
            ("größe", "größe"),
            ("2nd", "_2nd"),
            ("a b", "_a_b"),
            ("_", "__"),
            ("", "_"),
        ] {
            assert_eq!(field_name(field), name);
        }
    }

    #[test]
    fn buttons() {
        for (button, name) in [
            ("quote", "quote"),
            ("do", "r#do"),
            ("copy", "copy_"),
            ("copy_", "copy_"),
            ("create_in_batches", "create_in_batches_"),
            ("F", "F_"),
            ("2nd", "_2nd"),
        ] {
            assert_eq!(button_name(button), name);
        }
    }

    #[test]
    fn names_stay_apart() {
        let mut taken = BTreeSet::new();
        let names = ["do", "r#do", "r#do", "copy", "copy"].map(|name| unique(name.to_owned(), &mut taken));
        assert_eq!(names, ["do", "r#do", "do_", "copy", "copy_"]);
    }

    #[test]
    fn modules() {
        assert_eq!(module_name("SaleLine"), "sale_line");
        assert_eq!(module_name("Type"), "type_");
    }

    #[test]
    fn constants() {
        for (action, name) in [
            ("sale.sale", "SALE"),
            ("sale.return_sale", "SALE_RETURN_SALE"),
            ("stock.shipment.out.picking_list", "STOCK_SHIPMENT_OUT_PICKING_LIST"),
            ("type.type", "TYPE"),
            ("3pl.label", "MODEL3PL_LABEL"),
            ("größe", "GRÖSSE"),
            ("", "MODEL"),
        ] {
            assert_eq!(constant_name(action), name);
        }
    }

    #[test]
    fn selections() {
        assert_eq!(selection_name("Sale", "invoice_state"), "SaleInvoiceState");
        assert_eq!(selection_name("Sale", "type_"), "SaleType");
    }
}
