//! The cost of a work.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use crate::Work;

/// The code that does a work.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Hand,
    Sdk,
}

/// The cost of a work.
pub(crate) struct Cost {
    /// The instructions for one more repetition.
    pub(crate) instructions: u64,
    /// The CPU-seconds of the whole process without valgrind.
    pub(crate) cpu: f64,
    /// The peak of the heap in bytes.
    pub(crate) heap: usize,
}

/// Runs the workers.
pub(crate) struct Measure<'a> {
    worker: PathBuf,
    server: String,
    redis: &'a str,
}

/// One run of a worker.
pub(crate) struct Run {
    cpu: f64,
    heap: usize,
    /// The seconds from the first request to the last.
    pub(crate) seconds: f64,
    /// The maximum growth of the process meanwhile, in bytes.
    pub(crate) grown: usize,
}

/// The output of a worker that has ended.
struct Written {
    output: String,
    report: String,
}

impl<'a> Measure<'a> {
    /// Builds the worker, optimised.
    pub(crate) fn new(server: String, redis: &'a str) -> Result<Self, Box<dyn Error>> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let build = ["build", "--quiet", "--release", "--package", "tryton-sdk-speed"];
        if !Command::new(cargo).args(build).current_dir(env!("CARGO_MANIFEST_DIR")).status()?.success() {
            return Err("the worker cannot be built".into());
        }
        let program = env::current_exe()?;
        let target = program.parent().and_then(|folder| folder.parent()).ok_or("there is no target folder")?;
        Ok(Self { worker: target.join("release/tryton-sdk-speed"), server, redis })
    }

    pub(crate) fn cost(&self, work: &Work, side: Side) -> Result<Cost, Box<dyn Error>> {
        let instructions = self.count(work, side)?;
        let (mut cpu, mut heap) = (f64::MAX, 0);
        for _ in 0..3 {
            let run = self.run_once(work.name, side, work.times.0 + work.times.1, &self.server)?;
            cpu = cpu.min(run.cpu);
            heap = run.heap;
        }
        Ok(Cost { instructions, cpu, heap })
    }

    /// Does a work this number of times with this server, without valgrind.
    pub(crate) fn run_once(&self, work: &str, side: Side, times: usize, server: &str) -> Result<Run, Box<dyn Error>> {
        let output = self.run(&mut Command::new(&self.worker), work, side, times, server)?.output;
        let [cpu, heap, seconds, grown] = output.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(format!("a worker says {output:?}").into());
        };
        Ok(Run { cpu: cpu.parse()?, heap: heap.parse()?, seconds: seconds.parse()?, grown: grown.parse()? })
    }

    /// Returns the instructions for one more repetition of the work.
    pub(crate) fn count(&self, work: &Work, side: Side) -> Result<u64, Box<dyn Error>> {
        let (few, more) = work.times;
        let all = |times| self.count_all(work, side, times);
        Ok(all(few + more)?.saturating_sub(all(few)?) / more as u64)
    }

    /// Returns the instructions of a whole process.
    fn count_all(&self, work: &Work, side: Side, times: usize) -> Result<u64, Box<dyn Error>> {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]).arg(&self.worker);
        let report = self.run(&mut valgrind, work.name, side, times, &self.server)?.report;
        let count = report.lines().find_map(|line| line.split_once("refs:"));
        let (_, count) = count.ok_or("valgrind does not say how many instructions there were")?;
        Ok(count.trim().replace(',', "").parse()?)
    }

    fn run(
        &self,
        worker: &mut Command,
        work: &str,
        side: Side,
        times: usize,
        server: &str,
    ) -> Result<Written, Box<dyn Error>> {
        let side = match side {
            Side::Hand => "hand",
            Side::Sdk => "sdk",
        };
        worker.args([work, side, &times.to_string(), server, self.redis]);
        let output = worker.output().map_err(|e| format!("{}: {e}", worker.get_program().display()))?;
        let (status, report) = (output.status, String::from_utf8(output.stderr)?);
        if status.success() {
            return Ok(Written { output: String::from_utf8(output.stdout)?, report });
        }
        Err(format!("{work} by {side} failed, {status}: {report}").into())
    }
}
