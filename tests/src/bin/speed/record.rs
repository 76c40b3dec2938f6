//! The counts of earlier runs, to detect increases.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;

/// Each record is a line `# why` and a line for each work; the last one counts.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/speed.txt");

/// The number of instructions of the SDK for each work.
#[derive(Default)]
pub(crate) struct Counts(BTreeMap<&'static str, u64>);

impl Counts {
    pub(crate) fn insert(&mut self, work: &'static str, count: u64) {
        self.0.insert(work, count);
    }

    /// Appends the counts to the existing ones.
    pub(crate) fn append(&self, why: &str) -> Result<(), Box<dyn Error>> {
        let mut file = fs::read_to_string(FILE).unwrap_or_default();
        write!(file, "\n# {why}\n")?;
        for (work, count) in &self.0 {
            writeln!(file, "{work} {count}")?;
        }
        Ok(fs::write(FILE, file)?)
    }

    /// Fails if a count is more than 3 % above the last recorded one.
    pub(crate) fn check(&self) -> Result<(), Box<dyn Error>> {
        let file = fs::read_to_string(FILE)?;
        let last = file.rsplit("\n# ").next().unwrap_or_default();
        let known = last.lines().skip(1).filter_map(|line| line.split_once(' '));
        let mut risen = String::new();
        for (work, known) in known {
            let known: u64 = known.parse()?;
            match self.0.get(work) {
                Some(count) if *count > known + known * 3 / 100 => {
                    write!(risen, "\n{work}: {count} instructions, {known} before")?;
                }
                _ => {}
            }
        }
        if risen.is_empty() {
            return Ok(());
        }
        Err(format!("the SDK takes more instructions than before:{risen}\nWhere it has to, write down why by `cargo speed --record WHY`").into())
    }
}
