//! What is built for a library that depends on `tryton-sdk-core` alone.

use std::collections::BTreeSet;
use std::process::Command;

/// The names of the packages that cargo builds.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["tree", "--offline", "--locked", "--prefix", "none", "--format", "{p}"]).args(arguments);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn neither_the_network_nor_a_runtime_is_in_it() {
    let core = tree(&["-p", "tryton-sdk-core", "-e", "normal", "--all-features"]);
    let library_with_its_tests = tree(&["-p", "tryton-sdk-tests-offline", "-e", "normal,dev"]);
    let network = ["tryton-sdk", "reqwest", "hyper", "tokio", "redis", "rustls", "native-tls", "openssl", "mio"];
    for packages in [core, library_with_its_tests] {
        assert!(packages.contains("tryton-sdk-core") && packages.contains("serde_json"), "{packages:?}");
        let found: Vec<_> = network.iter().filter(|name| packages.contains(**name)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}
