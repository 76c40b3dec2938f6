//! Compiles one crate and measures the compiler's resources.

use std::error::Error;
use std::fmt;
use std::fs;
use std::path::Path;

use tryton_sdk_tests::build;

use super::crates::{NAME, folder};

/// The kind of build.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Check,
    Release,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check => "check",
            Self::Release => "release",
        })
    }
}

/// The resources that the compiler used.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) seconds: f64,
    pub(crate) megabytes: u64,
}

/// A wrapper around the compiler: for the measured crate, GNU time writes the used resources.
const WRAPPER: &str = "#!/bin/sh
case \" $* \" in
    *\" --crate-name \"$BUDGET_CRATE\" \"*) exec /usr/bin/time -q -o \"$BUDGET_OUT\" -f '%U %S %M' \"$@\" ;;
esac
exec \"$@\"
";

/// Returns the least resources that the compiler used for the crate in `dir` in several runs.
pub(crate) fn least(dir: &Path, profile: Profile, runs: u32) -> Result<Cost, Box<dyn Error>> {
    let wrapper = folder().join("rustc.sh");
    fs::write(&wrapper, WRAPPER)?;
    #[cfg(unix)]
    fs::set_permissions(&wrapper, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let mut least: Option<Cost> = None;
    for _ in 0..runs {
        let Cost { seconds, megabytes } = once(dir, profile, &wrapper)?;
        let so_far = least.unwrap_or(Cost { seconds, megabytes });
        least = Some(Cost { seconds: seconds.min(so_far.seconds), megabytes: megabytes.min(so_far.megabytes) });
    }
    least.ok_or_else(|| "nothing was measured".into())
}

fn once(dir: &Path, profile: Profile, wrapper: &Path) -> Result<Cost, Box<dyn Error>> {
    let out = folder().join("used");
    let lib = dir.join("src/lib.rs");
    // Write it again, so that it is compiled again.
    fs::write(&lib, fs::read(&lib)?)?;
    let mut cargo = build::cargo();
    cargo.args(match profile {
        Profile::Check => &["check", "--quiet"][..],
        Profile::Release => &["build", "--quiet", "--release"],
    });
    cargo.current_dir(dir).env("CARGO_TARGET_DIR", folder().join("target")).env("CARGO_INCREMENTAL", "0");
    cargo.env("RUSTC_WRAPPER", wrapper).env("BUDGET_CRATE", NAME).env("BUDGET_OUT", &out);
    if !cargo.status()?.success() {
        return Err(format!("{} does not compile", dir.display()).into());
    }
    let used = fs::read_to_string(&out)?;
    let numbers: Vec<f64> = used.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [user, system, kilobytes] = numbers[..] else {
        return Err(format!("GNU time has written {used:?}").into());
    };
    Ok(Cost { seconds: user + system, megabytes: (kilobytes / 1024.0).round() as u64 })
}
