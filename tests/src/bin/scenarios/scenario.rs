//! The available scenarios, and the selection of those to run.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tryton_sandbox::Programs;

/// The scenarios of `--sample`, one per line, each with the reason after a `#`.
const SAMPLE: &str = include_str!("sample.txt");

/// The scenarios that cannot run without the internet, and whose results would change with its contents.
const NEED_THE_INTERNET: &[(&str, &str)] = &[
    ("country/country_import", "downloads countries and postal codes from GeoNames"),
    ("currency/currency_rate_update", "asks the European Central Bank for its rates"),
];

/// One run of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// The module and the file: `sale/sale_empty` is `scenario_sale_empty.rst` of the module `sale`.
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    /// The initial global names. A scenario with a JSON file of the same name runs once for each of its entries.
    pub(crate) globals: Map<String, Value>,
}

impl Scenario {
    /// Returns the scenario of a file that belongs to no module.
    ///
    /// # Errors
    ///
    /// Fails if there is no such file.
    pub(crate) fn at(file: &Path) -> Result<Self, Box<dyn Error>> {
        let whole = fs::canonicalize(file).map_err(|e| format!("cannot find {}: {e}", file.display()))?;
        Ok(Self { name: file.display().to_string(), file: whole, globals: Map::new() })
    }

    /// Returns why the scenario needs the internet, if it does.
    pub(crate) fn needs_the_internet(&self) -> Option<&'static str> {
        NEED_THE_INTERNET.iter().find(|(name, _)| *name == self.name).map(|(_, why)| *why)
    }

    /// Returns the name, with the values that distinguish the runs of one file.
    pub(crate) fn title(&self) -> String {
        let globals: Vec<String> = self.globals.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {}", self.name, globals.join(" ")).trim_end().to_owned()
    }
}

/// Finds the scenarios of these modules, in the order of their names.
pub(crate) fn find(programs: &Programs, modules: &[&str]) -> Result<Vec<Scenario>, Box<dyn Error>> {
    let folder = modules_folder(programs)?;
    let mut found = Vec::new();
    for module in modules {
        let tests = folder.join(module).join("tests");
        // Not every package of a module includes tests.
        for entry in fs::read_dir(tests).into_iter().flatten() {
            found.extend(runs(module, &entry?.path())?);
        }
    }
    found.sort_by_cached_key(Scenario::title);
    Ok(found)
}

/// Returns the folder in which Python finds Tryton's modules.
fn modules_folder(programs: &Programs) -> Result<PathBuf, Box<dyn Error>> {
    const FIND: &str = "import importlib.util; print(*importlib.util.find_spec('trytond').submodule_search_locations)";
    let output = programs.python().args(["-I", "-c", FIND]).output()?;
    Ok(Path::new(String::from_utf8(output.stdout)?.trim()).join("modules"))
}

/// Returns the runs of a file, or none if it is not a scenario.
fn runs(module: &str, file: &Path) -> Result<Vec<Scenario>, Box<dyn Error>> {
    let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let Some(name) = stem.strip_prefix("scenario_").filter(|_| file.extension() == Some(OsStr::new("rst"))) else {
        return Ok(Vec::new());
    };
    let beside = file.with_extension("json");
    let globals: Vec<Map<String, Value>> =
        if beside.exists() { serde_json::from_slice(&fs::read(beside)?)? } else { vec![Map::new()] };
    let scenario = |globals| Scenario { name: format!("{module}/{name}"), file: file.to_owned(), globals };
    Ok(globals.into_iter().map(scenario).collect())
}

/// The selection of scenarios to run.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) sample: bool,
    /// Parts of names; empty for all scenarios.
    pub(crate) patterns: Vec<String>,
}

impl Selection {
    /// Returns the selected scenarios.
    ///
    /// # Errors
    ///
    /// Fails if none is selected.
    pub(crate) fn of(&self, scenarios: Vec<Scenario>) -> Result<Vec<Scenario>, &'static str> {
        let taken: Vec<Scenario> = scenarios.into_iter().filter(|scenario| self.takes(scenario)).collect();
        if taken.is_empty() { Err("no scenario has such a name: try a shorter part of it") } else { Ok(taken) }
    }

    fn takes(&self, scenario: &Scenario) -> bool {
        let named = |pattern: &String| scenario.name.contains(pattern.as_str());
        let is_in_sample = || sample().any(|name| name == scenario.name);
        (self.patterns.is_empty() || self.patterns.iter().any(named)) && (!self.sample || is_in_sample())
    }
}

/// Returns the names of the sample.
fn sample() -> impl Iterator<Item = &'static str> {
    SAMPLE.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(name: &str) -> Scenario {
        Scenario { name: name.to_owned(), file: PathBuf::new(), globals: Map::new() }
    }

    fn selection(sample: bool, patterns: &[&str]) -> Selection {
        Selection { sample, patterns: patterns.iter().map(|&pattern| pattern.to_owned()).collect() }
    }

    #[test]
    fn a_pattern_is_part_of_a_name() {
        let purchases = selection(false, &["sale/", "party_replace"]);
        let taken = |name: &str| purchases.takes(&scenario(name));
        assert!(taken("sale/sale_empty") && taken("party/party_replace"));
        assert!(!taken("party/party_erase") && !taken("stock/stock_reporting_sale"));
        assert!(selection(false, &[]).takes(&scenario("stock/stock_reporting")));
    }

    #[test]
    fn the_sample_is_by_whole_names_and_can_be_narrowed() {
        let first = sample().next().expect("there is a sample");
        assert!(selection(true, &[]).takes(&scenario(first)));
        assert!(!selection(true, &[]).takes(&scenario(&format!("{first}_not"))));
        assert!(!selection(true, &["no such name"]).takes(&scenario(first)));
    }

    #[test]
    fn the_sample_needs_no_internet() {
        let needing: Vec<&str> = sample().filter(|name| scenario(name).needs_the_internet().is_some()).collect();
        assert_eq!(needing, Vec::<&str>::new());
    }

    #[test]
    fn the_runs_of_one_file_have_different_titles() {
        let mut run = scenario("stock/stock_average_cost_price");
        assert_eq!(run.title(), "stock/stock_average_cost_price");
        run.globals.insert("warehouse_quantity_cost".to_owned(), Value::Bool(true));
        assert_eq!(run.title(), "stock/stock_average_cost_price warehouse_quantity_cost=true");
    }
}
