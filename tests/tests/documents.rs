//! What the README, the guide and the pages promise. Documentation tests compile their code: those of this crate's library,
//! and those of `tests/guide`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use tryton_sdk_tests::build::workspace;

#[test]
fn the_program_in_the_readme_is_the_example() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let example = fs::read_to_string(workspace().join("sdk/examples/open_sales.rs")).expect("the example");
    let fence = "```rust,no_run\n";
    let begin = readme.find(fence).expect("a program") + fence.len();
    assert!(readme[begin..].starts_with(&example), "the program in README.md differs from sdk/examples/open_sales.rs");
    assert!(readme[begin + example.len()..].starts_with("```\n"));
    assert!(example.lines().count() <= 40);
    let first_line = readme[..begin].lines().count() + 1;
    assert!(first_line <= 40, "the program begins at line {first_line}");
}

#[test]
fn the_sale_in_the_guide_is_that_of_the_second_example() {
    let chapter = fs::read_to_string(workspace().join("docs/guide/src/forms.md")).expect("the chapter");
    let example = fs::read_to_string(workspace().join("sdk/examples/sell.rs")).expect("the example");
    let begin = example.find("async fn sell(").expect("a function");
    let end = example[begin..].find("\n}\n").expect("its end");
    let sell = &example[begin..begin + end + 3];
    assert!(
        sell.contains("Sale::form(tryton)") && chapter.contains(sell),
        "forms.md has another sale than sell.rs: {sell}"
    );
}

#[test]
fn the_code_of_every_chapter_is_compiled() {
    let compiled = fs::read_to_string(workspace().join("tests/guide/src/lib.rs")).expect("the list of chapters");
    let summary = fs::read_to_string(workspace().join("docs/guide/src/SUMMARY.md")).expect("the summary");
    let mut count = 0;
    for file in fs::read_dir(workspace().join("docs/guide/src")).expect("the chapters") {
        let path = file.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if path.is_dir() || name == "SUMMARY.md" {
            continue;
        }
        assert!(summary.contains(&format!("]({name})")), "SUMMARY.md leaves out {name}");
        let chapter = fs::read_to_string(&path).expect("text");
        if chapter.contains("```rust") {
            count += 1;
            assert!(compiled.contains(&format!("\"{name}\";")), "tests/guide/src/lib.rs leaves out {name}");
        }
    }
    assert!(count > 10, "{count} chapters with code");
}

#[test]
fn the_guide_states_the_models_of_its_examples() {
    let compiled = fs::read_to_string(workspace().join("tests/guide/src/lib.rs")).expect("the models");
    let chapter = fs::read_to_string(workspace().join("docs/guide/src/introduction.md")).expect("the introduction");
    let models = |text: &str| -> Vec<String> {
        let (_, list) = text.split_once("models = [").expect("a list");
        let (list, _) = list.split_once(']').expect("its end");
        list.split(',').map(|model| model.trim().to_owned()).filter(|model| !model.is_empty()).collect()
    };
    assert_eq!(models(&chapter), models(&compiled), "introduction.md has other models than tests/guide/src/lib.rs");
}

#[test]
fn the_readme_is_short_and_its_links_lead_somewhere() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README");
    assert!(readme.len() < 8_000, "{} bytes: the guide has room for more", readme.len());
    for link in readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
        assert!(link.starts_with("https://") || workspace().join(link).exists(), "{link}");
    }
}

/// Every name between these two in the text, once.
fn names<'t>(text: &'t str, before: &str, is_part: fn(char) -> bool) -> BTreeSet<&'t str> {
    let after = text.match_indices(before).map(|(at, _)| &text[at..]);
    after.map(|text| &text[..text.find(|c| !is_part(c)).unwrap_or(text.len())]).collect()
}

fn is_variable(c: char) -> bool {
    c.is_ascii_uppercase() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_ascii_lowercase() || c == '_'
}

/// All source text of a folder, without its unit tests.
fn sources(folder: &str) -> String {
    let files = fs::read_dir(workspace().join(folder)).expect("a folder");
    let files = files.map(|file| file.expect("a file").path()).filter(|path| path.is_file());
    let texts = files.map(|path| fs::read_to_string(path).expect("text"));
    texts.map(|text| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()).collect()
}

/// Each variable in the rows of a table that has them in its first column, with its default, the last column.
fn defaults(table: &str) -> BTreeMap<&str, &str> {
    let rows = table.lines().filter_map(|row| row.strip_prefix("| `TRYTON_").map(|_| row.trim_end_matches([' ', '|'])));
    let cells = rows.filter_map(|row| row.split_once(" | ").zip(row.rsplit_once("| ")));
    let variables = |((first, _), (_, default))| {
        names(first, "TRYTON_", is_variable).into_iter().map(move |variable| (variable, default))
    };
    cells.flat_map(variables).collect()
}

#[test]
fn every_page_states_the_same_variables_and_the_code_reads_them() {
    let table = fs::read_to_string(workspace().join("sdk/src/client/environment.md")).expect("the table of `from_env`");
    let documented = defaults(&table);
    let chapter = fs::read_to_string(workspace().join("docs/guide/src/deploying.md")).expect("the chapter");
    assert!(chapter.contains("{{#include ../../../sdk/src/client/environment.md}}"), "the chapter has the table");
    let page = fs::read_to_string(workspace().join("docs/operations.md")).expect("the page");
    assert_eq!(defaults(&page), documented, "docs/operations.md and sdk/src/client/environment.md");

    let code = sources("sdk/src/client/builder");
    let is_whole = |text: &&str| text.starts_with("TRYTON_") && text.chars().all(is_variable);
    let read: BTreeSet<_> = code.split('"').filter(is_whole).collect();
    assert_eq!(read, documented.keys().copied().collect(), "what the builder reads");
    let command = sources("cli/src");
    let sandbox = sources("sandbox/src");
    let read: BTreeSet<_> = read.into_iter().chain(sandbox.split('"').filter(is_whole)).collect();
    let mut unknown = &names(&command, "TRYTON_", is_variable) - &read;
    // A secret may be in the file that such a variable names.
    unknown.retain(|name| name.strip_suffix("_FILE").is_none_or(|secret| !read.contains(secret)));
    assert!(unknown.is_empty(), "the command names {unknown:?}");
}

#[test]
fn the_page_on_operations_names_what_the_code_has() {
    let page = fs::read_to_string(workspace().join("docs/operations.md")).expect("the page");
    let builder = sources("sdk/src/client/builder");

    let settings: String = page.lines().filter(|line| line.starts_with('|')).collect();
    for method in names(&builder, "    pub fn ", |c| is_name(c) || c == ' ') {
        let method = method.trim_start_matches("    pub fn ");
        assert!(
            ["build", "environment"].contains(&method) || settings.contains(&format!("`{method}`")),
            "`{method}` is missing"
        );
    }

    let predicates = sources("core/src/error");
    let mut defined = names(&predicates, "is_", is_name);
    defined.retain(|name| {
        predicates.contains(&format!("pub fn {name}(")) || predicates.contains(&format!("    {name}, "))
    });
    assert!(defined.len() > 25, "{defined:?}");
    let quoted: BTreeSet<_> = page.split('`').filter(|word| word.starts_with("is_") && *word != "is_").collect();
    assert_eq!(quoted, defined, "the predicates of errors");

    let (_, categories) = page.split_once("| category |").expect("the table of categories");
    let categories = categories.split("\n\n").next().unwrap_or_default();
    for kind in defined.iter().filter_map(|name| name.strip_prefix("is_")) {
        let is_kind = !["retryable", "outcome_unknown"].contains(&kind);
        assert_eq!(categories.contains(&format!("`{kind}`")), is_kind, "the category of {kind}");
    }

    let metrics = fs::read_to_string(workspace().join("sdk/src/client/metrics.rs")).expect("the metrics");
    let named = names(&page, "tryton_", is_name);
    let foreign = BTreeSet::from(["tryton_sdk", "tryton_call"]);
    assert_eq!(&named - &foreign, names(&metrics, "tryton_", is_name), "the metrics");
    let span = fs::read_to_string(workspace().join("sdk/src/client/observe.rs")).expect("the span");
    let (_, span) = span.split_once("\"tryton_call\",").expect("the span");
    for field in span[..span.find("\n    )").expect("its end")].lines().filter_map(|line| line.trim().split_once(" = "))
    {
        assert!(page.contains(&format!("`{}`", field.0)), "the field {} of the span", field.0);
    }
}
