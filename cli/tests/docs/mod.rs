//! `cargo tryton docs`: where the page goes, and what is in it. `.ci/browser` opens it.

use std::fs;

use serde_json::{Value, json};
use tryton_sdk::{Client, Id};

use super::generated::{IrLang, IrModel, report, wizard};
use super::{Outcome, Scratch, failure, failure_by, hostile, root, run, run_in};

/// The snapshot in a page.
fn snapshot(page: &str) -> Result<Value, Box<dyn std::error::Error>> {
    let (_, rest) = page.split_once("id=\"snapshot\">").ok_or("no snapshot")?;
    let (json, _) = rest.split_once("</script>").ok_or("no end")?;
    Ok(serde_json::from_str(json)?)
}

#[test]
fn the_page_is_written_beside_the_settings_and_replaced() -> Outcome {
    let scratch = Scratch::new();
    let folder = scratch.0.join("src");
    fs::create_dir_all(&folder)?;
    let schema = root().canonicalize()?.join("tests/snapshots/sale/8.2");
    fs::write(scratch.0.join("tryton.toml"), format!("schema = {schema:?}\nmodels = [\"party.party\"]"))?;
    for _ in 0..2 {
        let said = run_in(&folder, &["docs"])?;
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.starts_with("../target/tryton/index.html: written, "), "{}", said.out);
        assert!(said.err.contains("next: open file:///"), "{}", said.err);
        assert_eq!(fs::read_dir(scratch.0.join("target/tryton"))?.count(), 1, "nothing is left beside it");
    }
    let page = fs::read_to_string(scratch.0.join("target/tryton/index.html"))?;
    let snapshot = snapshot(&page)?;
    let selected: Vec<_> = snapshot["models"].as_array().ok_or("models")?.iter().map(|model| &model[3]).collect();
    assert_eq!(selected.iter().filter(|is| **is == 1).count(), 1, "{selected:?}");
    assert!(selected.len() > 1, "those that are not selected are listed too");
    assert_eq!(snapshot["select"], json!(["set `models = [\"party.party\", \"", "\"]` in tryton.toml"]));
    let remedy = json!(["set `models = [\"party.party\", \"", "\"]` in tryton.toml, and run `cargo tryton pull`"]);
    assert_eq!(snapshot["add"], remedy);
    let answer: Value = serde_json::from_str(&run_in(&folder, &["docs", "--json"])?.out)?;
    assert_eq!([&answer["out"], &answer["bytes"]], [&json!("../target/tryton/index.html"), &json!(page.len())]);
    assert_eq!(run_in(&folder, &["docs", "--out", "-"])?.out, page, "standard output gets the same");
    Ok(())
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() -> Outcome {
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0)?;
    let (file, folder) = (format!("{}/notes.html", scratch.path()), scratch.path());
    fs::write(&file, "<!DOCTYPE html>\nours")?;
    let docs = ["docs", "--schema", "cli/tests/awkward/schema", "--out"];
    for out in [&file, &folder] {
        let why = "was not written by this command, and is not overwritten: remove it, or name another file";
        assert_eq!(failure(&[&docs[..], &[out]].concat())?, format!("error: {out} {why}\n"));
    }
    assert_eq!(fs::read_to_string(&file)?, "<!DOCTYPE html>\nours");
    let below = failure_by(3, &[&docs[..], &[&format!("{file}/index.html")]].concat())?;
    assert!(below.starts_with("error: cannot "), "{below}");
    let both = failure(&[&docs[..], &["-", "--json"]].concat())?;
    assert!(both.contains("--out - and --json both write to standard output"), "{both}");
    Ok(())
}

#[test]
fn what_a_server_says_stays_text_in_the_page() -> Outcome {
    let scratch = Scratch::new();
    hostile(&scratch)?;
    let said = run(&["docs", "--schema", &scratch.path(), "--out", "-"])?;
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.out.contains(|c: char| c.is_control() && c != '\n'), "{}", said.out);
    let texts = &snapshot(&said.out)?["texts"];
    assert!(texts.as_array().is_some_and(|texts| texts.contains(&json!("\u{1b}[2Jgone\u{9b}1m"))), "{texts}");
    Ok(())
}

#[test]
fn a_model_without_a_name_in_rust_is_left_out_and_told() -> Outcome {
    let said = run(&["docs", "--schema", "cli/tests/awkward/schema", "--out", "-"])?;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let why = "note: the page leaves out `foo.bar`: the model `foo.bar` and the model `foo_bar` would both be called";
    assert!(said.err.starts_with(why), "{}", said.err);
    assert!(said.err.contains("`\"foo_bar\" = \"FooBarModel\"` below `[rename]`"), "{}", said.err);
    assert_eq!(snapshot(&said.out)?["models"].as_array().map(Vec::len), Some(3));
    Ok(())
}

/// Lines of the page, as they are copied from there.
async fn lines(tryton: Client, id: Id<IrModel>) -> tryton_sdk::Result<()> {
    IrModel::search().limit(20).records(&tryton).await?;
    report::IR_MODEL_GRAPH.execute(&tryton, &[id]).await?;
    wizard::IR_MODEL_PRINT_MODEL_GRAPH.start(&tryton, &[id]).await?;
    wizard::IR_LANG_CONFIG.start(&tryton).await?;
    let id: Id<IrLang> = id.cast();
    IrLang::load_translations(&tryton, &[id]).await?;
    Ok(())
}

#[test]
fn the_lines_to_copy_are_rust() -> Outcome {
    let _compiled = lines;
    let page = run(&["docs", "--schema", "schemas/8.2", "--out", "-"])?.out;
    let (_, function) = include_str!("mod.rs").split_once("async fn lines(").ok_or("the function")?;
    let (function, _) = function.split_once("\n}").ok_or("its end")?;
    let calls = function.lines().filter_map(|line| line.trim().strip_suffix(".await?;"));
    let mut count = 0;
    for call in calls {
        assert!(page.contains(&format!("\"{call}.await?\"")), "{call}");
        count += 1;
    }
    assert_eq!(count, 5);
    Ok(())
}
