//! The commands as a user calls them, as far as they need no server.

mod generated;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use tryton_sdk::{Id, Selection};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What a command said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs `cargo-tryton` in the folder of the workspace, with no server in its environment.
fn run(arguments: &[&str]) -> std::io::Result<Said> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-tryton"));
    for variable in ["RPC_URL", "DATABASE", "USER", "PASSWORD", "TIMEOUT"] {
        command.env_remove(format!("TRYTON_{variable}"));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = command.args(arguments).current_dir(root).output()?;
    Ok(Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// A command that fails with one sentence.
fn failure(arguments: &[&str]) -> std::io::Result<String> {
    let said = run(arguments)?;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{}", said.err);
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
    for word in ["Usage: cargo tryton <COMMAND>", "pull ", "generate ", "ping "] {
        assert!(said.out.contains(word), "{word} in {}", said.out);
    }
    assert_eq!(run(&["--help"])?.out, said.out);
    Ok(())
}

#[test]
fn what_is_missing_is_named_one_after_the_other() -> Outcome {
    let url = ["ping", "--url", "http://127.0.0.1:1/demo"];
    let user = [&url[..], &["--user", "admin"]].concat();
    assert_eq!(failure(&["ping"])?, "error: no server: set TRYTON_RPC_URL, or give --url\n");
    assert_eq!(failure(&url)?, "error: no login: set TRYTON_USER, or give --user\n");
    assert_eq!(failure(&user)?, "error: no password: set TRYTON_PASSWORD, or pipe it in with --password-stdin\n");
    Ok(())
}

#[test]
fn there_is_no_flag_for_the_password() -> Outcome {
    let said = run(&["ping", "--password", "hunter2"])?;
    assert_eq!(said.code, Some(2));
    assert!(!said.err.contains("hunter2"), "{}", said.err);
    Ok(())
}

#[test]
fn the_checked_in_files_are_what_generate_makes() -> Outcome {
    let scratch = Scratch::new();
    let models = "currency.currency,ir.lang";
    let arguments = ["generate", "--schema", "schemas/8.2", "--models", models, "--out", &scratch.path()];
    let said = run(&arguments)?;
    assert_eq!(said.out, format!("{}: 3 files, 3 changed\n", scratch.path()), "{}", said.err);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated");
    for entry in fs::read_dir(golden)? {
        let entry = entry?;
        let made = fs::read_to_string(scratch.0.join(entry.file_name()))?;
        assert_eq!(made, fs::read_to_string(entry.path())?, "{}", entry.path().display());
    }
    assert!(run(&arguments)?.out.ends_with(": 3 files, 0 changed\n"));
    Ok(())
}

#[test]
fn generated_files_are_types() {
    use generated::{Currency, IrLang, IrLangDirection, ResUser};

    let _: Id<Currency> = Id::new(1);
    let _: Id<ResUser> = Id::new(1);
    assert_eq!(IrLang::F.direction.name(), "direction");
    assert_eq!(IrLangDirection::Rtl.as_str(), "rtl");
    assert_eq!(Selection::as_str(&IrLangDirection::Ltr), "ltr");
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
    assert!(order.contains("    state: Progress as ReadOnly,"));
    Ok(())
}

#[test]
fn mistakes_of_generate_are_named() -> Outcome {
    let scratch = Scratch::new();
    let out = scratch.path();
    let generate = |more: &[&str]| failure(&[&["generate", "--schema", "schemas/8.2", "--out", &out], more].concat());
    assert_eq!(
        generate(&["--models", "sale.sal"])?,
        "error: no model `sale.sal` in schemas/8.2: did you mean `sale.sale`?\n"
    );
    assert_eq!(
        generate(&["--rename", "sale.sale"])?,
        "error: `--rename sale.sale` names no type: write it like sale.sale=Order or \
         sale.sale,state=OrderState\n"
    );
    assert_eq!(
        generate(&["--rename", "sale.sal=Order"])?,
        "error: nothing to rename: `sale.sal` is not among the generated types; did you mean \
         `sale.sale`?\n"
    );
    assert_eq!(
        generate(&["--rename", "party.party=Sale"])?,
        "error: the model `party.party` and the model `sale.sale` would both be called `Sale`: rename one of them, for \
         example with `rename = { \"sale.sale\" = \"SaleModel\" }`, here `--rename sale.sale=SaleModel`\n"
    );
    assert_eq!(
        failure(&["generate", "--schema", "schemas/none", "--out", &out])?,
        "error: there is no snapshot at schemas/none: make it with `cargo tryton pull --models \
         '…' --out schemas/none`\n"
    );
    assert!(!scratch.0.exists());
    Ok(())
}
