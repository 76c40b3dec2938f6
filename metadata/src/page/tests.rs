use std::collections::BTreeMap;

use serde_json::Value;
use tryton_sdk_codegen::plan::{self, Request};
use tryton_sdk_codegen::snapshot::{Button, Field, Model, Server};

use super::{Contents, Listed, MARK, Remedy, html, in_script};
use crate::describe::{describe, of_no_model};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const HOSTILE: &str = "</script><img src=x onerror=alert(1)><!--<script>\u{2028}\u{202e}\u{9b}31m";

/// A model with `label` wherever a label can be.
fn model(label: &str) -> Model {
    let label = || label.to_owned();
    let selection = Some(vec![(Some("draft".to_owned()), label()), (Some(label()), label())]);
    let state = Field { label: label(), help: label(), selection, required: true, ..Field::new("selection") };
    let party = Field { label: label(), relation: Some("party.party".to_owned()), ..Field::new("many2one") };
    let button = Button { label: label(), help: label(), confirm: label() };
    Model {
        model: "sale.sale".to_owned(),
        label: label(),
        methods: ["search", "search_read", "read"].map(str::to_owned).into(),
        buttons: [("quote".to_owned(), button)].into(),
        reports: [("sale.sale".to_owned(), label())].into(),
        wizards: [("sale.return_sale".to_owned(), label())].into(),
        fields: [("state".to_owned(), state), ("type".to_owned(), party)].into(),
        ..Model::default()
    }
}

fn page(label: &str) -> Result<String, Box<dyn std::error::Error>> {
    let labels = || BTreeMap::from([("lone.one".to_owned(), label.to_owned())]);
    let server = Server {
        series: label.to_owned(),
        modules: [(label.to_owned(), label.to_owned())].into(),
        reports: labels(),
        wizards: labels(),
        other_models: ["ir.cron".to_owned(), label.to_owned()].into(),
        ..Server::default()
    };
    let model = model(label);
    let plan =
        plan::plan(&Request::new(&server, vec![model.clone()], |_| true)).map_err(|errors| errors[0].to_string())?;
    let (reports, wizards) = of_no_model(&plan);
    let models = vec![Listed { description: describe(&model, &plan.models[0]), is_selected: true }];
    let remedy = |word: &str| Remedy::new(|model| format!("{word} `{model}`{label}"));
    let (select, add) = (remedy("select"), remedy("add"));
    Ok(html(&Contents { server: &server, models, reports, wizards, select, add })?)
}

/// The text of the only element that begins so, as a browser finds its end.
fn inside<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let parts: Vec<&str> = page.split(begin).collect();
    assert_eq!(parts.len(), 2, "{begin}");
    parts[1].split(end).next().unwrap_or_default()
}

fn snapshot(page: &str) -> serde_json::Result<Value> {
    serde_json::from_str(inside(page, "<script type=\"application/json\" id=\"snapshot\">", "</script>"))
}

/// The texts at which a row points.
fn texts<'a>(snapshot: &'a Value, row: &Value) -> Vec<&'a str> {
    let places = row.as_array().into_iter().flatten().filter_map(Value::as_u64);
    places.map(|at| snapshot["texts"][usize::try_from(at).unwrap_or(usize::MAX)].as_str().unwrap_or_default()).collect()
}

#[test]
fn a_page_holds_the_names_of_describe() -> Outcome {
    let snapshot = snapshot(&page("Label")?)?;
    let model = &snapshot["models"][0];
    let [name, label, rust, _, line] = texts(&snapshot, model)[..] else { return Err("other places".into()) };
    assert_eq!([name, label, rust], ["sale.sale", "Label", "Sale"]);
    assert_eq!(line, "Sale::search().limit(20).records(&tryton).await?");
    let [id, state, party] = &model[5].as_array().ok_or("fields")?[..] else { return Err("other fields".into()) };
    assert_eq!(texts(&snapshot, id)[..3], ["id", "::F.id", "Id<Sale>"]);
    assert_eq!(texts(&snapshot, state)[..6], ["state", "::F.state", "SaleState", "selection", "Label", "Label"]);
    // Required, searchable, sortable.
    assert_eq!(state[6], 0b0_1101);
    assert_eq!(texts(&snapshot, &state[9][0]), ["draft", "SaleState::Draft", "Label"]);
    assert_eq!(texts(&snapshot, party)[..3], ["type", "::F.r#type", "Option<Id<Party>>"]);
    assert_eq!(texts(&snapshot, party)[7], "party.party");
    for (row, line) in [
        (&model[6][0], "Sale::quote(&tryton, &[id]).await?"),
        (&model[7][0], "report::SALE.execute(&tryton, &[id]).await?"),
        (&model[8][0], "wizard::SALE_RETURN_SALE.start(&tryton, &[id]).await?"),
        (&snapshot["reports"][0], "report::LONE_ONE.execute(&tryton).await?"),
        (&snapshot["wizards"][0], "wizard::LONE_ONE.start(&tryton).await?"),
    ] {
        assert_eq!(texts(&snapshot, row)[1..], ["Label", line]);
    }
    assert_eq!(texts(&snapshot, &snapshot["others"]), ["Label", "ir.cron"]);
    assert_eq!(snapshot["select"], serde_json::json!(["select `", "`Label"]));
    Ok(())
}

#[test]
fn hostile_words_end_no_element_and_come_back_as_they_were() -> Outcome {
    let (page, plain) = (page(HOSTILE)?, page("Label")?);
    for begin in ["<script", "</script", "<img", "<!--"] {
        assert_eq!(page.matches(begin).count(), plain.matches(begin).count(), "{begin}");
    }
    let is_odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{202e}');
    assert!(!page.contains(is_odd), "none moves a cursor or turns text round");
    let snapshot = snapshot(&page)?;
    assert_eq!(snapshot["series"], HOSTILE);
    assert_eq!(texts(&snapshot, &snapshot["models"][0])[1], HOSTILE);
    Ok(())
}

#[test]
fn json_stays_the_same_json() -> Outcome {
    let text = "a<b\u{7f}\u{2029}\u{2066}\\u003c";
    let json = in_script(&serde_json::to_string(text)?);
    assert_eq!(json, "\"a\\u003cb\\u007f\\u2029\\u2066\\\\u003c\"");
    assert_eq!(serde_json::from_str::<String>(&json)?, text);
    Ok(())
}

#[test]
fn a_page_loads_nothing_and_takes_no_text_for_html() -> Outcome {
    let page = page("Label")?;
    assert!(page.starts_with(MARK));
    for word in ["src=", "http:", "https:", "url(", "@import", "import(", "fetch(", "XMLHttpRequest", "<link", "<base"]
    {
        assert!(!page.contains(word), "{word}");
    }
    let script = inside(&page, "<script type=\"module\">", "</script>");
    for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc"] {
        assert!(!script.contains(word), "{word}");
    }
    Ok(())
}

#[test]
fn the_style_and_the_script_agree_on_the_height_of_a_row() {
    let (style, script) = (include_str!("page.css"), include_str!("script/list.js"));
    assert!(style.contains("height: 48px;") && script.contains("const ROW = 48;"));
}
