use super::*;
use crate::plan::{ActionModel, RustType, Shape, VariantPlan};

fn field_plan(name: &str, ident: &str, base: &str, shape: Shape) -> FieldPlan {
    FieldPlan {
        name: name.to_owned(),
        ident: ident.to_owned(),
        rust: RustType { base: base.to_owned(), shape },
        access: Access::Stored,
        label: String::new(),
        help: String::new(),
        required: false,
        readonly: false,
        relation: None,
        choices: None,
        back: None,
    }
}

fn button_plan(name: &str, ident: &str, label: &str, help: &str, confirm: &str) -> ButtonPlan {
    let [name, ident, label, help, confirm] = [name, ident, label, help, confirm].map(str::to_owned);
    ButtonPlan { name, ident, label, help, confirm }
}

fn sale() -> ModelPlan {
    let optional = Shape::Optional;
    ModelPlan {
        model: "sale.sale".to_owned(),
        series: Some((8, 2)),
        name: "Sale".to_owned(),
        fields_name: "SaleFields".to_owned(),
        label: "Sale".to_owned(),
        functions: vec!["search", "read", "create"],
        fields: vec![
            FieldPlan { label: "ID".to_owned(), readonly: true, ..field_plan("id", "id", "Id<Sale>", Shape::One) },
            FieldPlan {
                label: "Lines".to_owned(),
                relation: Some("sale.line".to_owned()),
                access: Access::NoOrder,
                back: Some("sale".to_owned()),
                ..field_plan("lines", "lines", "Id<SaleLine>", Shape::Many)
            },
            FieldPlan {
                label: "Number".to_owned(),
                help: "How people call it.\n\n- see [Sequence]".to_owned(),
                required: true,
                readonly: true,
                ..field_plan("number", "number", "String", Shape::One)
            },
            FieldPlan {
                access: Access::Computed,
                readonly: true,
                ..field_plan("total_amount", "total_amount", "Decimal", optional)
            },
            FieldPlan {
                label: "Origin".to_owned(),
                choices: Some("get_origin".to_owned()),
                ..field_plan("origin", "origin", "Choice", optional)
            },
            FieldPlan { access: Access::NoFilter, ..field_plan("type", "r#type", "SaleType", optional) },
            field_plan("self", "self_", "String", optional),
        ],
        buttons: vec![
            button_plan("copy", "copy_", "", "- once", ""),
            button_plan("do", "r#do", "Do", "", "Sure,\n`really`?"),
            button_plan("quote", "quote", "Quote", "Ask.\n\nAnd wait.", "Sure?"),
        ],
        selections: vec![SelectionPlan {
            field: "type".to_owned(),
            name: "SaleType".to_owned(),
            label: "Type".to_owned(),
            variants: vec![
                VariantPlan { name: "In".to_owned(), value: "in".to_owned(), label: "In & <Out>".to_owned() },
                VariantPlan { name: "Quote".to_owned(), value: "\"\\".to_owned(), label: String::new() },
            ],
        }],
        methods: vec!["get_origin".to_owned()],
        reports: vec!["SALE".to_owned()],
        wizards: vec!["SALE_MERGE".to_owned(), "SALE_RETURN".to_owned()],
    }
}

#[test]
fn the_text_of_a_model() {
    let expected = r#"::tryton_sdk::model! {
    /// Sale
    ///
    /// Tryton model `sale.sale`.
    ///
    /// - Buttons: `copy_`, `r#do`, `quote`.
    /// - Reports: `report::SALE`.
    /// - Wizards: `wizard::SALE_MERGE`, `wizard::SALE_RETURN`.
    /// - Selections with values from the server, for `choices`: `origin`.
    /// - Other methods, for `call`: `get_origin`.
    pub Sale(SaleFields) = "sale.sale" of (8, 2) [search, read, create];
    settable { lines: "lines" => "sale", origin: "origin", r#type: "type", self_: "self" }
    read_only { id: "id", number: "number", total_amount: "total_amount" }
}

/// The fields of [`Sale`], in its constant `F`.
#[allow(dead_code, non_snake_case, unreachable_pub)]
pub struct SaleFields {
    /// ID
    pub id: Field<Sale, Id<Sale>, ReadOnly>,
    /// Lines. Relation to `sale.line`.
    pub lines: Field<Sale, Vec<Id<SaleLine>>, NoOrder>,
    /// Number. Required. Read-only.
    ///
    /// How people call it.
    ///
    /// \- see \[Sequence\]
    pub number: Field<Sale, String, ReadOnly>,
    /// `total_amount`. Read-only.
    pub total_amount: Field<Sale, Option<Decimal>, ReadOnly<Computed>>,
    /// Origin. Choices from `get_origin`.
    pub origin: Field<Sale, Option<Choice>>,
    /// `type`
    pub r#type: Field<Sale, Option<SaleType>, NoFilter>,
    /// `self`
    pub self_: Field<Sale, Option<String>>,
}

::tryton_sdk::buttons! {
    Sale {
        /// `copy`
        ///
        /// \- once
        copy_: "copy",
        /// Do
        ///
        /// Tryton's clients ask for confirmation: “Sure, \`really\`?”
        r#do: "do",
        /// Quote
        ///
        /// Ask.
        ///
        /// And wait.
        ///
        /// Tryton's clients ask for confirmation: “Sure?”
        quote: "quote",
    }
}

::tryton_sdk::selection! {
    /// Type of `sale.sale`
    pub SaleType {
        /// In \& \<Out\>
        In = "in",
        /// `"\`
        Quote = "\"\\",
    }
}
"#;
    assert_eq!(model(&sale(), Place::files("::tryton_sdk")), expected);
}

#[test]
fn a_model_that_exposes_nothing() {
    let text = model(&ModelPlan { functions: vec![], buttons: vec![], ..sale() }, Place::files("::tryton_sdk"));
    assert!(text.contains("\n    pub Sale(SaleFields) = \"sale.sale\" of (8, 2) [];\n"), "{text}");
    assert!(!text.contains("buttons!"), "{text}");
}

#[test]
fn a_module_is_models_then_markers() {
    let marker = MarkerPlan { model: "ir.lang".to_owned(), name: "IrLang".to_owned() };
    let text = module(&Plan { markers: vec![marker], ..Plan::default() }, Place::expansion("sdk"));
    assert_eq!(
        text,
        "\n\
         sdk::marker! {\n    \
             #[doc = \" The model `ir.lang`, which is not selected.\"]\n    \
             pub IrLang = \"ir.lang\";\n\
         }\n"
    );
}

#[test]
fn reports_and_wizards_are_constants_in_modules_of_their_own() {
    let model = |model: &str, name: &str| ActionModel { model: model.to_owned(), name: name.to_owned() };
    let action = |name: &str, ident: &str, label: &str, models: &[ActionModel]| ActionPlan {
        name: name.to_owned(),
        ident: ident.to_owned(),
        label: label.to_owned(),
        models: models.to_vec(),
    };
    let (party, address) = (model("party.party", "Party"), model("party.address", "PartyAddress"));
    let plan = Plan {
        reports: vec![action("party.label", "PARTY_LABEL", "Labels", std::slice::from_ref(&party))],
        wizards: vec![
            action("party.merge", "PARTY_MERGE", "", &[address, party]),
            action("res.user.config", "RES_USER_CONFIG", "Configure *Users*", &[]),
        ],
        ..Plan::default()
    };
    let text = module(&plan, Place::expansion("sdk"));
    let expected = r#"
#[doc = " Reports: `SALE.execute(&tryton, &[sale])` creates the document."]
pub mod report {
    #[doc = " Labels\n\n Tryton report `party.label` on `party.party`."]
    pub const PARTY_LABEL: super::sdk::action::ReportOf<super::Party> = super::sdk::action::ReportOf::new("party.label");
}

#[doc = " Wizards: `SALE_RETURN_SALE.start(&tryton, &[sale])` starts the wizard."]
pub mod wizard {
    #[doc = " `party.merge`\n\n Tryton wizard `party.merge` on `party.address`, `party.party`."]
    pub const PARTY_MERGE: super::sdk::action::WizardOf<super::sdk::action::Several> = super::sdk::action::WizardOf::several("party.merge", &["party.address", "party.party"]);
    #[doc = " Configure \\*Users\\*\n\n Tryton wizard `res.user.config`."]
    pub const RES_USER_CONFIG: super::sdk::action::WizardOf<()> = super::sdk::action::WizardOf::of_none("res.user.config");
}
"#;
    assert_eq!(text, expected);
}

#[test]
fn lines_that_rustfmt_would_break_are_left_alone() {
    assert!(!model(&sale(), Place::files("::tryton_sdk")).contains("rustfmt"));
    let long = "a".repeat(100);
    let fields = vec![field_plan(&long, &long, "String", Shape::One), field_plan("b", "b", "String", Shape::One)];
    let text = model(&ModelPlan { fields, ..sale() }, Place::files("::tryton_sdk"));
    assert!(text.contains("#[rustfmt::skip]\npub struct SaleFields {\n"), "{text}");
    assert!(
        text.contains(&format!("    settable {{\n        {long}: {long:?},\n        b: \"b\",\n    }}\n")),
        "{text}"
    );
}

#[test]
fn an_expansion_names_the_types_of_the_sdk_by_their_paths_and_allows_nothing() {
    let text = model(&sale(), Place::expansion("sdk"));
    for field in [
        "id: sdk::types::Field<Sale, sdk::types::Id<Sale>, sdk::types::ReadOnly>,",
        "r#type: sdk::types::Field<Sale, sdk::types::Option<SaleType>, sdk::types::NoFilter>,",
        "self_: sdk::types::Field<Sale, sdk::types::Option<sdk::types::String>>,",
    ] {
        assert!(text.contains(field), "{field} in {text}");
    }
    assert!(!text.contains("#[allow") && !text.contains("///"), "{text}");
}

#[test]
fn serde_writes_the_enums_of_a_model_where_it_is_asked_to() {
    let by_serde = |plan: &ModelPlan| {
        let text = model(plan, Place::files("::tryton_sdk").with_serde(true));
        text.contains("\n::tryton_sdk::selections_by_serde!(SaleType);\n")
    };
    assert!(by_serde(&sale()));
    assert!(!by_serde(&ModelPlan { selections: Vec::new(), ..sale() }));
    assert!(!model(&sale(), Place::files("::tryton_sdk")).contains("serde"));
}
