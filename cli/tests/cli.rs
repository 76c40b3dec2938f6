//! The commands as a user calls them, as far as they need no server.

#[path = "awkward/erp/mod.rs"]
mod awkward;
mod docs;
mod generated;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tryton_sdk::{Decode, Id, Projection, Selection};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What a command said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs `cargo-tryton` in the folder of the workspace, with no server in its environment.
fn run(arguments: &[&str]) -> std::io::Result<Said> {
    run_in(&root(), arguments)
}

fn run_in(folder: &Path, arguments: &[&str]) -> std::io::Result<Said> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-tryton"));
    for variable in ["RPC_URL", "DATABASE", "USER", "PASSWORD", "TIMEOUT", "REDIS_URL"] {
        command.env_remove(format!("TRYTON_{variable}"));
    }
    let output = command.args(arguments).current_dir(folder).output()?;
    Ok(Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// A command that fails with one sentence, because of what it was given.
fn failure(arguments: &[&str]) -> std::io::Result<String> {
    failure_by(2, arguments)
}

fn failure_by(code: i32, arguments: &[&str]) -> std::io::Result<String> {
    let said = run(arguments)?;
    assert_eq!((said.code, said.out.as_str()), (Some(code), ""), "{}", said.err);
    Ok(said.err)
}

/// A folder of its own for a test, which goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("cargo-tryton-{}-{next}", std::process::id())))
    }

    fn path(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn cargo_finds_the_subcommand() -> Outcome {
    let said = run(&["tryton", "--help"])?;
    assert_eq!(said.code, Some(0));
    for word in ["Usage: cargo tryton [OPTIONS] <COMMAND>", "pull ", "check ", "tryton.toml", "Exit codes:"] {
        assert!(said.out.contains(word), "{word} in {}", said.out);
    }
    assert_eq!(run(&["--help"])?.out, said.out);
    Ok(())
}

#[test]
fn what_is_missing_is_named_one_after_the_other() -> Outcome {
    let url = ["ping", "--url", "http://127.0.0.1:1/demo"];
    let user = [&url[..], &["--user", "admin"]].concat();
    assert_eq!(
        failure(&["ping"])?,
        "error: no server: set TRYTON_RPC_URL, give --url, or set `url` below `[server]` in tryton.toml\n"
    );
    assert_eq!(
        failure(&url)?,
        "error: no login: set TRYTON_USER, give --user, or set `user` below `[server]` in tryton.toml\n"
    );
    assert_eq!(
        failure(&user)?,
        "error: no password: set TRYTON_PASSWORD or TRYTON_PASSWORD_FILE, or pipe it in with --password-stdin\n"
    );
    Ok(())
}

#[test]
fn there_is_no_flag_for_the_password() -> Outcome {
    let said = run(&["ping", "--password", "hunter2"])?;
    assert_eq!(said.code, Some(2));
    assert!(!said.err.contains("hunter2"), "{}", said.err);
    Ok(())
}

/// Generates by `arguments` what the folder `golden` holds; again, and nothing changes.
fn makes(arguments: &[&str], golden: &str) -> Outcome {
    let scratch = Scratch::new();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(golden);
    let out = scratch.path();
    let arguments = [&["generate", "--out", &out], arguments].concat();
    let said = run(&arguments)?;
    let files = fs::read_dir(&golden)?.count();
    assert_eq!(said.out, format!("{out}: {files} files, {files} changed\n"), "{}", said.err);
    for entry in fs::read_dir(golden)? {
        let entry = entry?;
        let made = fs::read_to_string(scratch.0.join(entry.file_name()))?;
        assert_eq!(made, fs::read_to_string(entry.path())?, "{}", entry.path().display());
    }
    assert!(run(&arguments)?.out.ends_with(&format!(": {files} files, 0 changed\n")));
    Ok(())
}

#[test]
fn the_checked_in_files_are_what_generate_makes() -> Outcome {
    let models = "currency.currency,ir.lang*,ir.model";
    makes(&["--schema", "schemas/8.2", "--models", models], "tests/generated")
}

/// Models, reports and enums whose names collide, and fields that are called like something else.
const AWKWARD: [&str; 6] =
    ["--schema", "cli/tests/awkward/schema", "--rename", "foo_bar=FooBarAgain", "--rename", "report:foo_bar=FOO_AGAIN"];

#[derive(Projection)]
#[tryton(model = awkward::FooBar)]
struct Disguised {
    #[tryton(path = "self")]
    itself: Option<Id<awkward::FooBar>>,
    #[tryton(path = "2nd")]
    second: Option<String>,
    größe: Option<f64>,
    r#type: String,
}

#[test]
fn awkward_names_become_types() -> Outcome {
    use awkward::{FooBar, FooBarAgain, FooBarGear, NoSuchModel, SociétéVente, report, wizard, 販売};
    use tryton_sdk::Model;
    use tryton_sdk::action::{ReportOf, Several, WizardOf};

    makes(&AWKWARD, "tests/awkward/erp")?;
    let f = FooBar::F;
    let names = [f.F.name(), f.TIMESTAMP.name(), f._2nd.name(), f.größe.name(), f.search.name(), f.r#type.name()];
    assert_eq!(names, ["F", "TIMESTAMP", "2nd", "größe", "search", "type"]);
    assert_eq!((f.self_.name(), f.self__.name()), ("self", "self_"));
    assert_eq!(FooBar::TIMESTAMP.name(), "_timestamp");
    assert_eq!([SociétéVente::F.numéro.name(), 販売::F.番号.name()], ["numéro", "番号"]);
    let read = Disguised::decode(json!({"id": 1, "self": 2, "2nd": "3", "größe": 4.5, "type": "6"}))?;
    assert_eq!((read.itself, read.second.as_deref()), (Some(Id::new(2)), Some("3")));
    assert_eq!((read.größe, read.r#type.as_str()), (Some(4.5), "6"));
    let _: Option<(Id<NoSuchModel>, Id<FooBarAgain>)> = None;

    let shown = |value: &str| !matches!(<FooBarGear as Selection>::from_value(value), FooBarGear::Other(_));
    assert!(["+", "-", "-1", "1", "1st", "in", "Self", "Other", "other"].into_iter().all(shown));
    assert!(!shown("") && !shown("2"));

    let reports: [ReportOf<FooBar>; 2] = [report::FOO_BAR, report::FOO_AGAIN];
    assert_eq!(reports.map(|report| report.name()), ["foo.bar", "foo_bar"]);
    let (several, of_none): (WizardOf<Several>, WizardOf<()>) = (wizard::FOO_BAR, wizard::FOO_CONFIG);
    assert_eq!([several.name(), of_none.name()], ["foo.bar", "foo.config"]);
    Ok(())
}

#[test]
fn every_collision_is_told_with_the_rename_to_write() -> Outcome {
    let scratch = Scratch::new();
    let said = failure(&["generate", "--out", &scratch.path(), AWKWARD[0], AWKWARD[1]])?;
    let remedies = ["`--rename foo_bar=FooBarModel`", "rename = { \"report:foo_bar\" = \"FOO_BAR_REPORT\" }"];
    assert!(remedies.iter().all(|remedy| said.contains(remedy)), "{said}");
    Ok(())
}

#[test]
fn generated_files_are_types() {
    use generated::{Currency, IrLang, IrLangDirection, IrModel, ResUser, report, wizard};
    use tryton_sdk::action::{ReportOf, WizardOf};

    let _: Id<Currency> = Id::new(1);
    let _: Id<ResUser> = Id::new(1);
    assert_eq!(IrLang::F.direction.name(), "direction");
    assert_eq!(IrLangDirection::Rtl.as_str(), "rtl");
    assert_eq!(Selection::as_str(&IrLangDirection::Ltr), "ltr");
    let graph: ReportOf<IrModel> = report::IR_MODEL_GRAPH;
    let languages: WizardOf<()> = wizard::IR_LANG_CONFIG;
    assert_eq!([graph.name(), languages.name()], ["ir.model.graph", "ir.lang.config"]);
}

#[test]
fn generated_files_reach_the_sdk_by_another_path() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let generate = ["generate", "--schema", "schemas/8.2", "--models", "ir.lang*,ir.model", "--out", &out];
    run(&[&generate[..], &["--crate-path", "facade::sdk"]].concat())?;
    for entry in fs::read_dir(&scratch.0)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        assert!(text.contains("facade::sdk::") && !text.contains("tryton_sdk"), "{}: {text}", path.display());
    }
    for path in ["super::sdk", "facade::sdk<u8>", "2"] {
        let said = failure(&[&generate[..], &["--crate-path", path]].concat())?;
        let why = "is not valid in every module: write it like ::sdk, facade::tryton_sdk or crate::sdk";
        assert_eq!(said, format!("error: `--crate-path {path}` {why}\n"));
    }
    Ok(())
}

#[test]
fn files_of_models_that_are_gone_go() -> Outcome {
    let scratch = Scratch::new();
    let generate =
        |models: &str| run(&["generate", "--schema", "schemas/8.2", "--models", models, "--out", &scratch.path()]);
    generate("ir.lang,res.group")?;
    fs::write(scratch.0.join("extra.rs"), "// ours\n")?;
    assert!(generate("ir.lang")?.out.ends_with(": 2 files, 2 changed\n"));
    assert!(!scratch.0.join("res_group.rs").exists());
    assert!(scratch.0.join("extra.rs").exists());
    Ok(())
}

#[test]
fn files_of_others_are_not_overwritten() -> Outcome {
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0)?;
    fs::write(scratch.0.join("mod.rs"), "// ours\n")?;
    let said = failure(&["generate", "--schema", "schemas/8.2", "--out", &scratch.path()])?;
    let file = scratch.0.join("mod.rs");
    assert_eq!(
        said,
        format!(
            "error: {} was not generated, and is not overwritten: remove it, or name another \
             folder\n",
            file.display()
        )
    );
    assert_eq!(fs::read_dir(&scratch.0)?.count(), 1);
    Ok(())
}

#[test]
fn types_can_be_renamed() -> Outcome {
    let scratch = Scratch::new();
    let said = run(&[
        "generate",
        "--schema",
        "schemas/8.2",
        "--models",
        "sale.sale",
        "--rename",
        "sale.sale=Order",
        "--rename",
        "sale.sale,state=Progress",
        "--out",
        &scratch.path(),
    ])?;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let order = fs::read_to_string(scratch.0.join("order.rs"))?;
    assert!(order.contains("pub Order(OrderFields) = \"sale.sale\""));
    assert!(order.contains("    pub state: Field<Order, Progress, ReadOnly>,"));
    Ok(())
}

#[test]
fn models_can_be_excluded() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let schema = root().canonicalize()?.join("schemas/8.2").display().to_string();
    let generate = ["generate", "--schema", &schema, "--out", &out];
    let said = run(&[&generate[..], &["--models", "ir.lang*", "--models", "!*.config*"]].concat())?;
    assert_eq!(said.out, format!("{out}: 2 files, 2 changed\n"), "{}", said.err);
    let none = [&generate[..], &["--models", "!ir.*"]].concat();
    assert_eq!(
        failure(&none)?,
        format!("error: the patterns select no model of {schema}: add one that selects, such as '*'\n")
    );
    fs::write(scratch.0.join("tryton.toml"), "models = [\"ir.lang*\", \"!*.config*\", \"!no.such.model\"]\n")?;
    assert_eq!(run_in(&scratch.0, &[&generate[..], &["--check"]].concat())?.code, Some(0));
    Ok(())
}

#[test]
fn mistakes_of_generate_are_named() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let generate = |more: &[&str]| failure(&[&["generate", "--schema", "schemas/8.2", "--out", &out], more].concat());
    assert_eq!(
        generate(&["--models", "sale.sal"])?,
        "error: schemas/8.2 has no model `sale.sal`: did you mean `sale.sale`?\n"
    );
    assert_eq!(
        generate(&["--rename", "sale.sale"])?,
        "error: `--rename sale.sale` has no `=`: write it like sale.sale=Order or \
         sale.sale,state=OrderState\n"
    );
    assert_eq!(
        generate(&["--rename", "sale.sal=Order"])?,
        "error: the rename of `sale.sal` has no effect: no generated type has this key; did you mean \
         `sale.sale`?\n"
    );
    assert_eq!(
        generate(&["--rename", "party.party=Sale"])?,
        "error: the model `party.party` and the model `sale.sale` would both be called `Sale`: rename one of them, for \
         example with `rename = { \"sale.sale\" = \"SaleModel\" }`\n\
         In tryton.toml: `\"sale.sale\" = \"SaleModel\"` below `[rename]`; for `generate` also `--rename \
         sale.sale=SaleModel`.\n"
    );
    assert_eq!(
        failure_by(3, &["generate", "--schema", "schemas/none", "--out", &out])?,
        "error: there is no snapshot at schemas/none: create it with `cargo tryton pull --models \
         '…' --out schemas/none`\n"
    );
    assert!(!scratch.0.exists());
    Ok(())
}

#[test]
fn generated_files_can_be_checked() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let models = "currency.currency,ir.lang";
    let arguments = ["generate", "--schema", "schemas/8.2", "--models", models, "--out", &out];
    let check = [&arguments[..], &["--check"]].concat();
    let missing = run(&check)?;
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("mod.rs is out of date"), "{}", missing.err);
    assert!(!scratch.0.exists());

    assert_eq!(run(&arguments)?.code, Some(0));
    assert_eq!(run(&check)?.code, Some(0));
    let stale = scratch.0.join("res_old.rs");
    fs::copy(scratch.0.join("ir_lang.rs"), &stale)?;
    fs::write(scratch.0.join("ir_lang.rs"), "// @generated by cargo-tryton from elsewhere. Do not edit.\n")?;
    let said = run(&[&check[..], &["--json"]].concat())?;
    assert_eq!(said.code, Some(1));
    let json: serde_json::Value = serde_json::from_str(&said.out)?;
    assert_eq!(json["changed"], serde_json::json!(["ir_lang.rs", "res_old.rs"]));
    assert!(stale.exists());
    Ok(())
}

#[test]
fn generated_files_may_have_the_line_ends_of_windows() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let arguments = ["generate", "--schema", "schemas/8.2", "--models", "ir.lang", "--out", &out];
    run(&arguments)?;
    let file = scratch.0.join("ir_lang.rs");
    let text = fs::read_to_string(&file)?.replace('\n', "\r\n");
    fs::write(&file, &text)?;
    assert_eq!(run(&[&arguments[..], &["--check"]].concat())?.code, Some(0));
    assert!(run(&arguments)?.out.ends_with(": 2 files, 0 changed\n"));
    assert_eq!(fs::read_to_string(&file)?, text);
    Ok(())
}

#[test]
fn generated_files_are_replaced_as_a_whole() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let generate = |models: &str| run(&["generate", "--schema", "schemas/8.2", "--models", models, "--out", &out]);
    generate("ir.lang")?;
    // Whoever has opened the old file reads on in it.
    let file = scratch.0.join("mod.rs");
    let (old, text) = (fs::File::open(&file)?, fs::read_to_string(&file)?);
    assert_eq!(generate("ir.lang,res.group")?.code, Some(0));
    assert_eq!(std::io::read_to_string(old)?, text);
    let names = |folder: &Path| -> std::io::Result<Vec<_>> {
        let mut names: Vec<_> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<_>>()?;
        names.sort();
        Ok(names)
    };
    assert_eq!(names(&scratch.0)?, ["ir_lang.rs", "mod.rs", "res_group.rs"]);

    // Where one file cannot be replaced, none is written in part.
    fs::remove_file(scratch.0.join("ir_lang.rs"))?;
    fs::create_dir(scratch.0.join("ir_lang.rs"))?;
    fs::write(scratch.0.join("ir_lang.rs/ours"), "")?;
    let said = generate("ir.lang,res.group")?;
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert_eq!(names(&scratch.0)?, ["ir_lang.rs", "mod.rs", "res_group.rs"]);
    let long = format!("sale.sale=A{}", "b".repeat(300));
    let said =
        failure(&["generate", "--schema", "schemas/8.2", "--models", "sale.sale", "--rename", &long, "--out", &out])?;
    assert!(said.contains(".rs is too long for the name of a file: "), "{said}");
    Ok(())
}

/// A snapshot of one model, which is described in ways that no honest server has.
fn hostile(scratch: &Scratch) -> Outcome {
    fs::create_dir_all(&scratch.0)?;
    let server = json!({"format": 1, "series": "8.2", "language": "en", "modules": {}, "user": {"login": "admin", "administrator": true},
        "models": ["bad.model"]});
    let model = json!({"format": 1, "model": "bad.model", "label": "\u{1b}[2Jgone\u{9b}1m", "fields": {
        "long": {"type": "char", "label": "Long", "help": "x".repeat(70_000)},
        "to": {"type": "many2one", "relation": "\"]; evil[\""},
    }});
    fs::write(scratch.0.join("server.json"), server.to_string())?;
    fs::write(scratch.0.join("bad.model.json"), model.to_string())?;
    Ok(())
}

#[test]
fn what_a_server_says_stays_text() -> Outcome {
    let scratch = Scratch::new();
    hostile(&scratch)?;
    let folder = scratch.path();
    let asked = |words: &[&str]| run(&[words, &["--schema", &folder]].concat());
    for words in
        [&["describe", "bad.model"][..], &["describe", "bad.model", "long"], &["models"], &["graph", "bad.model"]]
    {
        for more in [&[][..], &["--json"]] {
            let said = asked(&[words, more].concat())?;
            assert_eq!(said.code, Some(0), "{words:?}: {}", said.err);
            let controls = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
            assert!(!controls(&said.out) && !controls(&said.err), "{words:?}: {}{}", said.out, said.err);
        }
    }
    assert!(asked(&["models"])?.out.contains("\\u{1b}[2Jgone\\u{9b}1m"));
    let json: serde_json::Value = serde_json::from_str(&asked(&["models", "--json"])?.out)?;
    assert_eq!(json[0]["label"], "\u{1b}[2Jgone\u{9b}1m", "in JSON nothing is lost");
    let graph = |format: &str| asked(&["graph", "bad.model", "--format", format]).map(|said| said.out);
    assert!(graph("mermaid")?.contains("m0[\"#34;]#59; evil[#34;\"]"));
    assert!(graph("dot")?.contains("\n  \"\\\"]; evil[\\\"\"\n"));
    Ok(())
}

#[test]
fn whoever_reads_the_output_may_go_away() -> Outcome {
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0)?;
    for arguments in [
        "models --schema schemas/8.2",
        "describe sale.sale --schema schemas/8.2",
        "diff schemas/7.0 schemas/8.2",
        "completions bash",
        "docs --schema schemas/8.2 --out -",
        "help pull",
        "no-such-command",
        "ping",
        "generate --check --schema schemas/8.2 --out none",
    ] {
        let (program, code) = (env!("CARGO_BIN_EXE_cargo-tryton"), scratch.0.join("code"));
        // `true` ends at once, and reads nothing.
        let pipe = format!("{{ sleep 0.1; {program} {arguments}; echo $? >{}; }} 2>&1 | true", code.display());
        Command::new("bash").args(["-c", &pipe]).current_dir(root()).status()?;
        let code = fs::read_to_string(&code)?;
        assert!(["0", "1", "2"].contains(&code.trim()), "{arguments}: {code}");
    }
    Ok(())
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_the_server_is_asked() -> Outcome {
    let scratch = Scratch::new();
    let long = scratch.0.join("x".repeat(250)).to_string_lossy().into_owned();
    let pull = ["pull", "--models", "*", "--url", "http://127.0.0.1:1/demo", "--user", "admin", "--out"];
    let said = failure_by(3, &[&pull[..], &[&long]].concat())?;
    assert!(said.contains("cannot create ") && said.contains("name too long"), "{said}");
    Ok(())
}

#[test]
fn the_settings_are_found_in_a_folder_above() -> Outcome {
    let scratch = Scratch::new();
    let below = scratch.0.join("app/src");
    fs::create_dir_all(&below)?;
    let schema = root().canonicalize()?.join("schemas/8.2");
    let settings = format!(
        "schema = {:?}\nmodels = [\"ir.lang\"]\nout = \"app/src/erp\"\n[rename]\n\"ir.lang\" = \"Language\"\n",
        schema.display().to_string()
    );
    fs::write(scratch.0.join("tryton.toml"), &settings)?;
    let said = run_in(&below, &["generate"])?;
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(below.join("erp/language.rs").exists());
    assert!(run_in(&below, &["describe", "Language"])?.out.starts_with("ir.lang (Language): Language in Rust\n"));
    // A flag counts more.
    let other = scratch.0.join("other").to_string_lossy().into_owned();
    run_in(&below, &["generate", "--models", "ir.lang,res.group", "--out", &other])?;
    assert!(scratch.0.join("other/res_group.rs").exists());

    fs::write(scratch.0.join("tryton.toml"), settings + "[sever]\n")?;
    let said = run_in(&below, &["models"])?;
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "error: ../../tryton.toml:6: unknown key `sever`: did you mean `server`?\n");
    Ok(())
}

#[cfg(unix)]
#[test]
fn settings_that_others_may_write_get_no_password() -> Outcome {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new();
    fs::create_dir_all(scratch.0.join("below"))?;
    fs::write(
        scratch.0.join("tryton.toml"),
        "[server]\nurl = \"http://127.0.0.1:1\"\ndatabase = \"demo\"\nuser = \"admin\"\n",
    )?;
    let ping = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-tryton"));
        command.arg("ping").args(more).env_remove("TRYTON_RPC_URL").env_remove("TRYTON_REDIS_URL");
        command.env("TRYTON_PASSWORD", "hunter2").current_dir(scratch.0.join("below")).output()
    };
    let permit = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    let file = scratch.0.join("tryton.toml");
    permit(&scratch.0, 0o755)?;
    permit(&file, 0o644)?;
    assert_eq!(ping(&[])?.status.code(), Some(4), "the server is asked");
    for (path, mode) in [(&scratch.0, 0o777), (&file, 0o666)] {
        let before = fs::metadata(path)?.permissions();
        permit(path, mode)?;
        let refused = ping(&[])?;
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        let why = format!(
            "error: ../tryton.toml names the server, but everybody may write to {}: ",
            fs::canonicalize(path)?.display()
        );
        assert!(said.starts_with(&why), "{said}");
        assert_eq!(ping(&["--url", "http://127.0.0.1:1"])?.status.code(), Some(4), "the flag counts");
        fs::set_permissions(path, before)?;
    }
    // What needs no password needs no trust.
    permit(&scratch.0, 0o777)?;
    let schema = root().canonicalize()?.join("schemas/8.2").display().to_string();
    assert_eq!(run_in(&scratch.0, &["models", "--schema", &schema])?.code, Some(0));
    Ok(())
}

#[test]
fn the_settings_in_the_guide_are_read() -> Outcome {
    let chapter = fs::read_to_string(root().join("docs/guide/src/first-query.md"))?;
    let (_, settings) = chapter.split_once("```toml\nschema").ok_or("a file")?;
    let (settings, _) = settings.split_once("```").ok_or("its end")?;
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0)?;
    fs::write(scratch.0.join("tryton.toml"), format!("schema{settings}"))?;
    let said = run_in(&scratch.0, &["models"])?;
    assert!(said.err.starts_with("error: there is no snapshot at schemas/mine: "), "{}", said.err);
    Ok(())
}

#[test]
fn an_upgrade_is_a_page() -> Outcome {
    let text = run(&["diff", "schemas/8.0", "schemas/8.2"])?;
    assert_eq!(text.code, Some(0), "{}", text.err);
    assert!(text.out.starts_with("Tryton 8.0 → Tryton 8.2: "), "{}", text.out);
    let place = |word: &str| text.out.find(word).unwrap_or_else(|| panic!("{word} in {}", text.out));
    assert!(place("\nBreaking\n") < place("\nNew\n"));
    let markdown = run(&["diff", "schemas/8.0", "schemas/8.2", "--markdown"])?.out;
    assert!(markdown.contains("\n## Breaking\n\n### Models that are gone\n\n- `"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&run(&["diff", "schemas/8.0", "schemas/8.2", "--json"])?.out)?;
    let rows = json["differences"].as_array().ok_or("a list")?;
    let breaking = rows.iter().filter(|row| row["weight"] == "breaking").count();
    assert_eq!(json["breaking"].as_u64(), Some(breaking as u64));
    assert!(breaking > 0);
    assert!(failure_by(3, &["diff", "schemas/8.0", "schemas/9.9"])?.contains("there is no snapshot at schemas/9.9"));
    Ok(())
}

#[test]
fn an_upgrade_that_breaks_can_stop_a_script() -> Outcome {
    let diff = |more: &[&str]| run(&[&["diff", "schemas/7.0", "schemas/8.2"][..], more].concat());
    assert_eq!(diff(&["--exit-code"])?.code, Some(1));
    assert_eq!(run(&["diff", "schemas/8.2", "schemas/8.2", "--exit-code"])?.code, Some(0));

    let scratch = Scratch::new();
    fs::create_dir_all(scratch.0.join("tests"))?;
    let used = format!("--used={}", scratch.path());
    fs::write(scratch.0.join("main.rs"), "fn f() { Party::F.name; }")?;
    assert_eq!(diff(&[&used, "--exit-code"])?.code, Some(0), "the application uses nothing that is gone");
    // By what is gone in 8.2, in a test and in two lines of a source.
    fs::write(scratch.0.join("main.rs"), "fn f() {\n    PartyAddress::F.name;\n    PartyAddress::F.name;\n}")?;
    fs::write(scratch.0.join("tests/a.rs"), "fn f() { PartyAddress::F.name; }")?;
    let said = diff(&[&used, "--exit-code"])?;
    assert_eq!(said.code, Some(1));
    let folder = scratch.path();
    let places = format!("(used at {folder}/main.rs:2, {folder}/main.rs:3, {folder}/tests/a.rs:1)");
    assert!(said.out.contains(&format!("  breaking: party.address: field name is gone {places}\n")), "{}", said.out);
    let page = diff(&[&used, "--markdown"])?;
    assert_eq!(page.code, Some(0), "{}", page.err);
    let place = format!("\n### `party.address`\n\n- field `name` is gone (used at `{folder}/main.rs:2`, ");
    assert!(page.out.contains(&place), "{}", page.out);
    Ok(())
}

#[test]
fn a_model_is_described_with_its_names_in_rust() -> Outcome {
    let schema = ["--schema", "schemas/8.2"];
    let said = run(&[&["describe", "sale.sale"][..], &schema].concat())?.out;
    for words in [
        "  Sale::F.party  ",
        "  SaleState::Draft  ",
        "  Sale::quote  ",
        "  Sale::search\n",
        "\nReports\n",
        "\n  report::SALE  ",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let field = run(&[&["describe", "SaleLine", "type", "--json"][..], &schema].concat())?.out;
    let field: serde_json::Value = serde_json::from_str(&field)?;
    assert_eq!(field["rust"], "SaleLine::F.r#type");
    assert_eq!(field["values"][0]["rust"], "SaleLineType::Line");
    let wrong = |words: &[&str]| failure(&[words, &schema[..]].concat());
    // A model that the server has and the snapshot lacks is added for good in the settings.
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0)?;
    let snapshot = root().canonicalize()?.join("tests/snapshots/sale/8.2");
    let settings = |models: &str| fs::write(scratch.0.join("tryton.toml"), format!("schema = {snapshot:?}\n{models}"));
    settings("models = [\"sale.*\", \"party.party\"]\n")?;
    let said = run_in(&scratch.0, &["describe", "ir.cron"])?.err;
    let remedy =
        "set `models = [\"sale.*\", \"party.party\", \"ir.cron\"]` in tryton.toml, and run `cargo tryton pull`\n";
    assert!(said.ends_with(remedy), "{said}");
    settings("")?;
    let said = run_in(&scratch.0, &["describe", "ir.cron"])?.err;
    assert!(said.contains("`cargo tryton pull --models '…,ir.cron' --out "), "{said}");
    assert_eq!(
        wrong(&["describe", "sale.sael"])?,
        "error: no model `sale.sael` in schemas/8.2: did you mean `sale.sale`?\n"
    );
    assert_eq!(
        wrong(&["describe", "sale.sale", "numbr"])?,
        "error: `sale.sale` has no field `numbr`: did you mean `number`?\n"
    );
    Ok(())
}

#[test]
fn models_are_found_by_each_of_their_names() -> Outcome {
    let search = |text: &str| run(&["models", "--schema", "schemas/8.2", "--json", "--search", text]);
    for text in ["SALE.LINE", "saleline", "Sale Line"] {
        let found: serde_json::Value = serde_json::from_str(&search(text)?.out)?;
        let found = found.as_array().ok_or("a list")?;
        assert!(found.iter().any(|row| row["model"] == "sale.line" && row["rust"] == "SaleLine"), "{text}: {found:?}");
    }
    assert_eq!(search("no such model")?.out, "[]\n");
    // Those that could be added to the list are named.
    let others = search("user.session")?.err;
    assert!(others.contains("name it in `models` of tryton.toml, and pull again:\n  web.user.session\n"), "{others}");
    Ok(())
}

#[test]
fn relations_are_drawn() -> Outcome {
    let draw = |format: &str| run(&["graph", "sale.line", "--schema", "schemas/8.2", "--format", format]);
    let mermaid = draw("mermaid")?.out;
    assert!(mermaid.starts_with("graph LR\n") && mermaid.contains("[\"sale.sale\"]"), "{mermaid}");
    assert!(draw("dot")?.out.contains("\n  \"sale.line\" -> \"sale.sale\" [label=\"sale\"]\n"));
    let svg = draw("svg")?;
    match svg.code {
        Some(0) => assert!(svg.out.contains("<svg")),
        code => {
            let missing =
                "error: `dot`, which draws SVG, is not installed: install Graphviz, or use --format mermaid\n";
            assert_eq!((code, svg.err.as_str()), (Some(2), missing));
        }
    }
    Ok(())
}

#[test]
fn shells_learn_to_complete() -> Outcome {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell])?;
        assert_eq!(script.code, Some(0), "{}", script.err);
        assert!(script.out.contains("cargo-tryton") && script.out.contains("password-stdin"), "{shell}");
    }
    Ok(())
}

#[test]
fn no_command_advises_to_run_itself() -> Outcome {
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0)?;
    fs::write(scratch.0.join("notes.txt"), "ours")?;
    let (folder, none) = (scratch.path(), format!("{}/none", scratch.path()));
    let page = format!("{}/page.html", scratch.path());
    let generate = ["generate", "--schema", "schemas/8.2", "--models", "ir.lang", "--out", &none];
    let commands: &[&[&str]] = &[
        &["login"],
        &["ping"],
        &["pull", "--models", "*"],
        &["pull", "--models", "*", "--out", &folder],
        &["pull", "--models", "*", "--out", &none],
        &["check", "--schema", "schemas/8.2"],
        &["check", "--schema", &none],
        &[&generate[..], &["--check"]].concat(),
        &["generate", "--schema", &none, "--out", &none],
        &["diff", "schemas/8.2", &none],
        &["models", "--schema", "schemas/8.2", "--search", "no such model"],
        &["models", "--schema", &none],
        &["describe", "no.such.model", "--schema", "schemas/8.2"],
        &["describe", "sale.sale", "no_such_field_at_all", "--schema", "schemas/8.2"],
        &["graph", "no.such.model", "--schema", "schemas/8.2"],
        &["docs", "--schema", "tests/snapshots/sale/8.2", "--out", &page],
        &["docs", "--schema", &none],
    ];
    for words in commands {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-tryton"));
        command.args(*words).current_dir(root()).env("TRYTON_RPC_URL", "http://127.0.0.1:1/demo");
        command.env("TRYTON_USER", "admin").env("TRYTON_PASSWORD", "hunter2").env_remove("TRYTON_REDIS_URL");
        let output = command.output()?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        assert!(!said.contains(&format!("cargo tryton {}", words[0])), "{words:?}: {said}");
    }
    Ok(())
}

#[test]
fn a_server_that_is_not_there_has_its_exit_code() -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-tryton"));
    command.args(["login", "--url", "http://127.0.0.1:1/demo", "--user", "admin"]).env("TRYTON_PASSWORD", "hunter2");
    let output = command.env_remove("TRYTON_REDIS_URL").current_dir(root()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("`cargo tryton ping`") && !said.contains("hunter2"), "{said}");
    Ok(())
}
