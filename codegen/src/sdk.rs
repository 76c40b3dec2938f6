//! The path by which a crate's code reaches the SDK.

use std::fs;
use std::path::Path;

use quote::format_ident;
use syn::LitStr;
use syn::parse::ParseStream;

/// The package, whatever name a crate gives it.
const PACKAGE: &str = "tryton-sdk";

/// Parses the value of `crate = …`: a path, in quotes or without.
pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<syn::Path> {
    if input.peek(LitStr) {
        return input.parse::<LitStr>()?.parse_with(syn::Path::parse_mod_style);
    }
    syn::Path::parse_mod_style(input)
}

/// Returns the SDK's path in the crate whose folder is `crate_dir`: `::tryton_sdk`, or the name that `Cargo.toml` gives
/// the dependency.
///
/// It searches the file for that name itself, because Cargo reads newer TOML than `basic-toml` does. If it does not
/// find the name, the application states it with `crate = …`.
pub(crate) fn of_crate(crate_dir: &Path) -> syn::Path {
    let name = renamed(crate_dir).unwrap_or_else(|| PACKAGE.to_owned());
    let name = format_ident!("{}", name.replace('-', "_"));
    syn::parse_quote! { ::#name }
}

/// Returns the other name of the dependency, from the crate's manifest or inherited from its workspace's.
fn renamed(crate_dir: &Path) -> Option<String> {
    let read = |dir: &Path| fs::read_to_string(dir.join("Cargo.toml")).ok();
    let own = read(crate_dir)?;
    if declares(&own, PACKAGE) {
        return None;
    }
    let inherited = || {
        let workspaces = crate_dir.ancestors().skip(1).filter_map(read);
        workspaces.filter_map(|workspace| rename(&workspace)).find(|name| declares(&own, name))
    };
    rename(&own).or_else(inherited)
}

fn declares(manifest: &str, name: &str) -> bool {
    dependencies(manifest).any(|(dependency, _)| dependency == name)
}

/// Returns the name of the dependency whose package is the SDK.
fn rename(manifest: &str) -> Option<String> {
    let package = [format!("package=\"{PACKAGE}\""), format!("package='{PACKAGE}'")];
    let is_sdk = |about: &str| {
        let about: String = about.split_whitespace().collect();
        package.iter().any(|package| about.contains(package))
    };
    let is_name = |name: &str| syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok();
    let (name, _) = dependencies(manifest).find(|(name, about)| is_sdk(about) && is_name(name))?;
    Some(name.to_owned())
}

/// Returns the lines about dependencies, each with the name of its dependency.
fn dependencies(manifest: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut table = "";
    manifest.lines().map(str::trim).filter_map(move |line| {
        if let Some(header) = line.strip_prefix('[') {
            table = header.split(']').next().unwrap_or(header).trim();
        }
        match table.rsplit_once('.') {
            _ if line.starts_with('#') => None,
            _ if table.ends_with("dependencies") => {
                let end = line.find(['.', '=', ' ', '\t'])?;
                Some((line[..end].trim_matches('"'), line[end..].trim_start_matches('.')))
            }
            Some((list, name)) if list.ends_with("dependencies") => Some((name.trim_matches('"'), line)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{declares, rename};

    #[test]
    fn the_name_of_a_renamed_dependency_is_found_however_it_is_written() {
        for manifest in [
            "[dependencies]\nserde = \"1\"\nerp-sdk = { version = \"0.1\", package = \"tryton-sdk\" }\n",
            "[dependencies]\nerp-sdk = {package='tryton-sdk',path='../sdk'} # the SDK",
            "[dependencies]\nerp-sdk.path = \"../sdk\"\nerp-sdk.package = \"tryton-sdk\"\n",
            "[package]\nname = \"a\"\n\n[dependencies.erp-sdk]\nversion = \"0.1\"\npackage = \"tryton-sdk\"\n",
            "[dev-dependencies]\n\"erp-sdk\" = { package = \"tryton-sdk\", version = \"0.1\" }\n",
            "[target.'cfg(unix)'.dependencies]\nerp-sdk = { package = \"tryton-sdk\", version = \"0.1\" }\n",
            "[workspace.dependencies]\nerp-sdk = { package = \"tryton-sdk\", version = \"0.1\" }\n",
        ] {
            assert_eq!(rename(manifest).as_deref(), Some("erp-sdk"), "{manifest}");
        }
    }

    #[test]
    fn other_dependencies_and_other_tables_are_left_alone() {
        for manifest in [
            "",
            "[dependencies]\ntryton-sdk = \"0.1\"\n",
            "[dependencies]\n# sdk = { package = \"tryton-sdk\" }\n",
            "[dependencies]\nsdk = { package = \"tryton-sdk-codegen\", version = \"0.1\" }\n",
            "[package.metadata.erp]\nsdk = { package = \"tryton-sdk\" }\n",
        ] {
            assert_eq!(rename(manifest), None, "{manifest}");
        }
    }

    #[test]
    fn an_inherited_dependency_is_declared_by_its_name() {
        for manifest in [
            "[dependencies]\nsdk.workspace = true\n",
            "[dependencies]\nsdk = { workspace = true }\n",
            "[dependencies.sdk]\nworkspace = true\n",
        ] {
            assert!(declares(manifest, "sdk"), "{manifest}");
            assert!(!declares(manifest, "tryton-sdk"), "{manifest}");
        }
    }
}
